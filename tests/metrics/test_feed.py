"""How metrics are fed: each extractor once a batch, and each metric what its contract says."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.metrics import FID
from keras_gans.metrics import KID
from keras_gans.metrics import MSSSIM
from keras_gans.metrics import GANMetric
from keras_gans.metrics import InceptionScore
from keras_gans.metrics import PrecisionRecall
from keras_gans.metrics import real_statistics
from keras_gans.metrics.feed import ImageBatch
from keras_gans.metrics.feed import feed
from keras_gans.metrics.feed import results_of
from tests import tiny
from tests.evaluation.pieces import Pieces


class CountsInGraphs(Pieces):
    """Counts images also where a graph runs."""

    def __init__(self):
        super().__init__()
        self.images = tf.Variable(0)

    def extract(self, images):
        self.images.assign_add(tf.shape(images)[0])
        means = tf.reshape(tf.nn.avg_pool2d(images, 4, 4, "VALID"), (-1, 4))
        return {"features": means, "logits": 20.0 * means[:, :3]}


class Sides(GANMetric):
    """Remembers the sizes that it was fed, and the condition."""

    def __init__(self, name="sides"):
        super().__init__(name=name)
        self.fed = []

    def update_state(self, real, generated, condition=None):
        sizes = [None if images is None else len(images) for images in (real, generated)]
        self.fed.append((*sizes, None if condition is None else list(np.asarray(condition))))


class GeneratedOnly(Sides):
    uses_real = False


class Separate(Sides):
    separate_sides = True


class SeparateOfClasses(Separate):
    needs_labels = True


def several(extractor):
    return [
        FID(extractor),
        KID(extractor, num_samples=30, subsets=2, subset_size=5),
        PrecisionRecall(extractor, num_samples=30),
        InceptionScore(extractor, splits=2),
        FID(extractor, name="again"),
    ]


@pytest.mark.slow
def test_each_image_goes_through_each_extractor_once_in_a_gan():
    first, second, known = CountsInGraphs(), CountsInGraphs(), CountsInGraphs()
    statistics = real_statistics(known, tiny.images(30))
    known.images.assign(0)
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(metrics=[*several(first), FID(second, name="second"), FID(known, real=statistics, name="known")])
    logs = gan.evaluate(tiny.dataset(tiny.images(20), batch_size=8), return_dict=True, verbose=0)
    assert [int(extractor.images) for extractor in (first, second, known)] == [20 + 20, 20 + 20, 20]
    assert logs["fid"] == logs["again"]
    assert logs["fid"] == pytest.approx(logs["second"], rel=1e-6)


@pytest.mark.slow
def test_each_image_goes_through_each_extractor_once_in_evaluate():
    first, second = Pieces(), Pieces()
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    metrics = [*several(first), FID(second, name="second")]
    evaluate(gan, tiny.images(30), metrics, num_samples=20, batch_size=8, analyses=["neighbors"], progress=False)
    assert (first.images, second.images) == (30 + 20, 30 + 20)


def test_what_each_metric_is_fed():
    metrics = [Sides(), GeneratedOnly(), Separate(), SeparateOfClasses()]
    real, generated = ImageBatch(tiny.images(5), np.arange(5)), ImageBatch(tiny.images(3), np.array([0, 1, 2]))
    feed(metrics, real, generated)
    labels, condition = [0, 1, 2, 3, 4], [0, 1, 2]
    assert [metric.fed for metric in metrics] == [
        [(3, 3, condition)],
        [(None, 3, condition)],
        [(None, 3, condition), (5, None, labels)],
        [(None, 3, condition), (5, None, labels)],
    ]


def test_what_each_metric_is_fed_without_labels_or_without_a_side():
    metrics = [Sides(), GeneratedOnly(), Separate(), SeparateOfClasses()]
    feed(metrics, ImageBatch(tiny.images(5)), ImageBatch(tiny.images(3), np.array([2, 1, 0])))
    feed(metrics, ImageBatch(tiny.images(4), np.arange(4)), ImageBatch(tiny.images(4), np.arange(4)[::-1]))
    feed(metrics, None, ImageBatch(tiny.images(2)))
    feed(metrics, ImageBatch(tiny.images(1)), None)
    assert metrics[0].fed == [(3, 3, None), (4, 4, None)]  # images of other classes are no pairs of a class
    assert metrics[1].fed == [(None, 3, [2, 1, 0]), (None, 4, [3, 2, 1, 0]), (None, 2, None)]
    assert [sizes[:2] for sizes in metrics[2].fed] == [(None, 3), (5, None), (None, 4), (4, None), (None, 2), (1, None)]
    assert [sizes[:2] for sizes in metrics[3].fed] == [(None, 3), (None, 4), (4, None), (None, 2)]


class Difference(keras.metrics.Mean):
    """A metric of Keras' kind, whose third argument is a weight."""

    def update_state(self, real, generated, sample_weight=None):
        assert sample_weight is None
        super().update_state(tf.reduce_mean(generated - real))


@pytest.mark.slow
def test_a_graph_feeds_the_same():
    def metrics():
        return [*several(CountsInGraphs()), MSSSIM(), Difference(name="difference")]

    real, generated = tiny.images(9), tiny.images(8, seed=1)
    eager, graph = metrics(), metrics()
    feed(eager, ImageBatch(tf.constant(real), np.arange(9)), ImageBatch(tf.constant(generated), np.arange(8)))

    def step(real, generated):
        feed(graph, ImageBatch(real), ImageBatch(generated))

    tf.function(step, input_signature=2 * [tf.TensorSpec((None, 8, 8, 1))])(real[:8], generated)
    feed(graph, ImageBatch(tf.constant(real[8:])), None)
    for one, other in zip(eager, graph, strict=True):
        found, expected = ({key: float(value) for key, value in results_of(m).items()} for m in (other, one))
        assert found == pytest.approx(expected, rel=1e-4)
