import types

import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.penalties import PathLength
from keras_gans.utils import random
from tests import tiny


class Styled:
    """What a minibatch has of a generator whose images are linear in the mean of the layers' styles."""

    training = True

    def __init__(self, styles, matrix):
        self.outputs, self.matrix = {"styles": tf.constant(styles)}, tf.constant(matrix)

    def synthesize(self, styles):
        images = tf.reduce_sum(tf.einsum("nld,pd->nlp", styles, self.matrix), axis=1)
        return tf.reshape(images, (-1, 2, 2, 1))

    def seed_for(self, name):
        return (0, 1)


def built(**arguments):
    penalty = PathLength(**arguments)
    gan = types.SimpleNamespace(synthesize=None, counters={"generator": tf.Variable(0, dtype="int64")})
    penalty.build_for(gan)
    return penalty, gan.counters["generator"]


@pytest.fixture
def directions(monkeypatch):
    """The y of the step, in place of random ones."""
    given = {}
    monkeypatch.setattr(random, "normal", lambda shape, seed: tf.broadcast_to(given["y"], shape))
    return given


def test_one_example_by_hand(directions):
    y = np.array([1, -1, 0.5, 2], "float32")
    directions["y"] = y.reshape(2, 2, 1)
    penalty, count = built(shrink=1)
    matrix = np.array([[1, 0], [0, 2], [1, 1], [0, 0]], "float32")
    minibatch = Styled(np.zeros((1, 1, 2), "float32"), matrix)
    assert penalty.lengths(minibatch).numpy() == pytest.approx(1.060660)
    assert 2 * penalty.generator(minibatch).numpy() == pytest.approx(2.205225)
    count.assign_add(1)
    penalty.after_step("generator", minibatch)
    assert float(penalty.average) == pytest.approx(0.010607, rel=1e-4)


def test_lengths_are_means_over_layers_and_the_average_moves(monkeypatch):
    penalty, count = built(shrink=1)
    penalty.average.assign(0.5)
    lengths = tf.constant([np.sqrt((5 + 4) / 2), np.sqrt((1 + 2) / 2)], "float32")
    np.testing.assert_allclose(lengths, [2.121320, 1.224745], rtol=1e-6)
    monkeypatch.setattr(penalty, "lengths", lambda minibatch: lengths)
    values = penalty.generator(types.SimpleNamespace(training=True)).numpy()
    np.testing.assert_allclose(values, [2.590780, 0.508390], rtol=1e-5)
    assert penalty.weight * values.mean() == pytest.approx(3.099170)
    count.assign_add(1)
    penalty.after_step("generator", None)
    assert float(penalty.average) == pytest.approx(0.511730)


def test_only_steps_that_have_the_term_move_the_average():
    penalty, count = built(every=4)
    penalty.latest.assign(1.0)
    averages = []
    for _ in range(6):
        count.assign_add(1)
        penalty.after_step("discriminator", None)
        penalty.after_step("generator", None)
        averages.append(round(float(penalty.average), 6))
    assert averages == [0.01, 0.01, 0.01, 0.01, 0.0199, 0.0199]


def test_every_second_example_is_asked(directions):
    directions["y"] = np.ones((2, 2, 1), "float32")
    penalty, _ = built()
    styles = np.zeros((5, 3, 2), "float32")
    assert penalty.lengths(Styled(styles, np.ones((4, 2), "float32"))).shape == (3,)


def test_evaluation_does_not_move_it(directions):
    directions["y"] = np.ones((2, 2, 1), "float32")
    penalty, _ = built()
    minibatch = Styled(np.zeros((2, 1, 2), "float32"), np.ones((4, 2), "float32"))
    minibatch.training = False
    penalty.generator(minibatch)
    assert float(penalty.latest) == 0


def test_a_gan_without_styles_says_so():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="PathLength needs a GAN with styles.*Received: a GAN"):
        gan.compile(penalties=[PathLength()])


@pytest.mark.parametrize("arguments", [{"decay": 0.0}, {"decay": 1.5}, {"shrink": 0}, {"every": 0}])
def test_wrong_arguments(arguments):
    with pytest.raises(ValueError, match="Received"):
        keras_gans.penalties.PathLength(**arguments)
