"""BiGAN's networks for digits: counts to the unit, what the layers compute, and what each score sees."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.networks import bigan
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.networks import output_bounds
from tests.networks import counting

RANDOM = np.random.default_rng(0)
SMALL = {"image_shape": (3, 4, 2), "latents": 5, "units": 6}


def test_counts():
    with counting.without_weights():
        generator, encoder, discriminator = bigan.generator(), bigan.encoder(), bigan.discriminator()
    tables = {
        generator: {"dense_1": 51_200, "dense_2": 1_048_576, "latents_2": 51_200, "to_image": 802_816},
        encoder: {"dense_1": 802_816, "dense_2": 1_048_576, "to_latents": 51_200},
        discriminator: {"dense_1": 802_816, "dense_2": 1_048_576, "latents_2": 51_200, "scores": 1_024},
    }
    for network, table in tables.items():
        assert counting.parts(network, *table) == list(table.values())
        assert counting.trainable(network) == sum(table.values())
        norms = counting.layers_of(network, keras.layers.BatchNormalization)
        assert all((n.center, n.scale, n.epsilon) == (False, False, 1e-8) for n in norms)
    assert [counting.trainable(network) for network in tables] == [1_953_792, 1_902_592, 1_903_616]
    assert [counting.total(network) - counting.trainable(network) for network in tables] == [4_096, 2_048, 2_048]


def test_counts_with_unary_scores():
    """One weight more for each unit of either half: 2 x 1,024."""
    with counting.without_weights():
        network = bigan.discriminator(unary_scores=True)
    assert counting.trainable(network) == 1_903_616 + 2 * 1_024
    shapes = {name: tensor.shape for name, tensor in network.output.items()}
    assert shapes == dict.fromkeys(("scores", "image_scores", "code_scores"), (None, 1))


def test_inputs_and_outputs():
    generator, encoder, discriminator = bigan.generator(**SMALL), bigan.encoder(**SMALL), bigan.discriminator(**SMALL)
    assert [tensor.name for tensor in generator.inputs] == ["latents"]
    assert [tensor.name for tensor in encoder.inputs] == ["images"]
    assert [tensor.name for tensor in discriminator.inputs] == ["images", "latents"]
    assert (generator.output_shape, encoder.output_shape, discriminator.output_shape) == ((None, 3, 4, 2), (None, 5), (None, 1))
    assert image_range_of(generator) == (0.0, 1.0)
    assert output_bounds(encoder) == (-1.0, 1.0)
    assert encoder.get_layer("features").output.shape == (None, 6)


def weights(network, *names):
    return [np.float64(network.get_layer(name).kernel) for name in names]


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def normalized(x):
    return (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-8)


def test_the_layers_compute_what_the_tables_say():
    """In training mode, so that what comes before a normalization, and what after it, is seen."""
    x, z = RANDOM.uniform(size=(7, 3, 4, 2)), RANDOM.uniform(-1, 1, (7, 5))
    inputs = x.astype("float32"), z.astype("float32")
    flat = x.reshape(7, -1)

    network = bigan.generator(**SMALL)
    first, second, again, last = weights(network, "dense_1", "dense_2", "latents_2", "to_image")
    h = np.maximum(normalized(np.maximum(normalized(z @ first), 0) @ second + z @ again), 0)
    np.testing.assert_allclose(network(inputs[1], training=True), sigmoid(h @ last).reshape(x.shape), atol=1e-4)

    network = bigan.encoder(**SMALL)
    first, second, last = weights(network, "dense_1", "dense_2", "to_latents")
    h = leaky(normalized(leaky(flat @ first) @ second))
    np.testing.assert_allclose(network(inputs[0], training=True), 2 * sigmoid(h @ last) - 1, atol=1e-4)

    network = bigan.discriminator(**SMALL, unary_scores=True)
    first, second, of_code, last = weights(network, "dense_1", "dense_2", "latents_2", "scores")
    h = leaky(flat @ first)
    scores = network(list(inputs), training=True)
    np.testing.assert_allclose(scores["scores"], leaky(normalized(h @ second + z @ of_code)) @ last, atol=1e-4)
    np.testing.assert_allclose(scores["image_scores"], h @ weights(network, "image_scores")[0], atol=1e-5)
    np.testing.assert_allclose(scores["code_scores"], leaky(z @ of_code) @ weights(network, "code_scores")[0], atol=1e-5)


def test_what_each_score_sees():
    network = bigan.discriminator(**SMALL, unary_scores=True)
    x, z = tf.constant(RANDOM.uniform(size=(2, 3, 4, 2)), tf.float32), tf.constant(RANDOM.uniform(size=(2, 5)), tf.float32)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x, z])
        outputs = {name: tf.reduce_sum(output) for name, output in network([x, z]).items()}
    seen = {name: [gradient is not None for gradient in tape.gradient(value, [x, z])] for name, value in outputs.items()}
    assert seen == {"scores": [True, True], "image_scores": [True, False], "code_scores": [False, True]}


def test_initial_weights():
    for network in (bigan.generator(units=64), bigan.encoder(units=64), bigan.discriminator(units=64)):
        for variable in network.trainable_variables:
            assert np.std(variable) == pytest.approx(0.02, rel=0.4 if variable.shape[-1] == 1 else 0.1)


@pytest.mark.parametrize("build", [bigan.generator, bigan.encoder, bigan.discriminator])
@pytest.mark.parametrize("arguments", [{"image_shape": (28, 28)}, {"latents": 0}, {"units": 2.5}])
def test_what_is_refused(build, arguments):
    with pytest.raises(ValueError, match=f"`{next(iter(arguments))}`"):
        build(**arguments)
