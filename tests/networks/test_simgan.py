"""Section 4 of the facts: counts to the unit, receptive fields, maps, and what the scores are of the two logits."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.networks import simgan
from tests.networks import counting
from tests.networks import receptive_field
from tests.networks import torch_terms as numpy_terms

HANDS = (224, 224, 1)


@pytest.mark.parametrize(
    ("variant", "shape", "counts", "fields", "scores"),
    [
        ("eyes", (35, 55, 1), (296_129, 75_906), (19, 23), (9, 14)),
        ("hands", HANDS, (741_825, 178_050), (47, 71), (7, 7)),
    ],
)
def test_counts_and_receptive_fields(variant, shape, counts, fields, scores):
    with counting.without_weights():
        r, d = simgan.generator(shape, variant), simgan.discriminator(shape, variant)
    for count in (counting.trainable, counting.total):
        assert (count(r), count(d)) == counts
    assert (receptive_field.computed(r), receptive_field.computed(d)) == fields
    assert r.output_shape == (None, *shape)
    assert d.output_shape == (None, *scores, 1)
    assert [(x.name, x.shape[1:]) for x in r.inputs + d.inputs] == [("source", shape), ("images", shape)]
    assert d.get_layer("logits").filters == 2


@pytest.mark.parametrize(("kernel_size", "blocks", "channels"), [(3, 4, 1), (7, 10, 3), (5, 0, 2)])
def test_closed_form(kernel_size, blocks, channels):
    with counting.without_weights():
        r = simgan.generator((8, 8, channels), kernel_size=kernel_size, blocks=blocks)
    assert counting.trainable(r) == kernel_size**2 * channels * 64 + 64 + blocks * 73_856 + 65 * channels


def test_the_tables_of_the_discriminators():
    with counting.without_weights():
        eyes, hands = simgan.discriminator(), simgan.discriminator(HANDS, "hands")
    assert [counting.trainable(layer) for layer in eyes.layers if layer.weights] == [960, 55_360, 18_464, 1_056, 66]
    assert [counting.trainable(layer) for layer in hands.layers if layer.weights] == [4_800, 153_664, 18_464, 1_056, 66]


def test_the_refiner_computes_residual_blocks_on_any_size():
    r = simgan.generator((None, None, 1), blocks=2, filters=3)
    for variable in r.trainable_variables:  # biases are zero at the start
        variable.assign(np.random.default_rng(variable.shape.num_elements()).normal(0, 0.3, variable.shape))
    for shape in ((2, 5, 8, 1), (1, 9, 4, 1)):
        source = np.random.default_rng(1).normal(size=shape).astype("float32")

        def conv(x, name):
            kernel, bias = numpy_terms.weights_of(r, name)
            return numpy_terms.conv(x, kernel, 1, kernel.shape[0] // 2, bias)

        x = numpy_terms.relu(conv(np.float64(source), "stem"))
        for k in (1, 2):
            h = conv(numpy_terms.relu(conv(x, f"block_{k}_conv_1")), f"block_{k}_conv_2")
            x = numpy_terms.relu(x + h)
        images = r(source)
        np.testing.assert_allclose(images, np.tanh(conv(x, "to_image")), atol=1e-5)
        assert images.dtype == "float32"


def test_the_logistic_loss_of_the_scores_is_the_cross_entropy_of_the_two_logits():
    d = simgan.discriminator((12, 16, 1))
    logits = keras.Model(d.input, d.get_layer("logits").output)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 12, 16, 1)).astype("float32") * 20
    scores, real_refined = d(images), logits(images)
    assert scores.dtype == "float32"
    np.testing.assert_allclose(scores[..., 0], real_refined[..., 0] - real_refined[..., 1], atol=1e-6)
    real, refined = (-tf.nn.log_softmax(real_refined)[..., k : k + 1] for k in (0, 1))
    loss = keras_gans.losses.NonSaturating()
    np.testing.assert_allclose(loss.discriminator(scores, scores), real + refined, rtol=1e-5)
    np.testing.assert_allclose(loss.generator(scores, scores), real, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["eyes", "hands"])
def test_saved_and_loaded(variant, tmp_path):
    images = np.random.default_rng(0).uniform(-1, 1, (2, 35, 55, 1)).astype("float32")
    for network in (simgan.generator(variant=variant, blocks=1, filters=2), simgan.discriminator(variant=variant)):
        network.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        np.testing.assert_array_equal(loaded(images), network(images))
        assert loaded.output_names == network.output_names


def test_errors():
    for build in (simgan.generator, simgan.discriminator):
        with pytest.raises(ValueError, match=r"`variant` must be one of \['eyes', 'hands'\]"):
            build(variant="faces")
        for shape in ((35, 55), (35, None, 1), (35, 55, None), (35, 55, 0)):
            with pytest.raises(ValueError, match=r"`image_shape` must be \(height, width, channels\)"):
                build(shape)
    for arguments in ({"kernel_size": 0}, {"blocks": -1}, {"filters": 0}):
        with pytest.raises(ValueError, match=next(iter(arguments))):
            simgan.generator(**arguments)
