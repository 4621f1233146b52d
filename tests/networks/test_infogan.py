"""InfoGAN's networks: counts to the unit, what is shared, and what the layers compute."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.networks import infogan
from keras_gans.utils.networks import image_range_of
from tests.networks import counting
from tests.networks import torch_terms as torch

RANDOM = np.random.default_rng(0)
Q = ("code_dense", "code_norm", "category_logits", "continuous_mean", "continuous_log_scale")


def test_counts_of_the_generator():
    with counting.without_weights():
        network = infogan.generator()
    assert counting.trainable(network) == 6_652_481
    assert counting.total(network) == 6_652_481 + 14_720
    of = [counting.parts(network, f"dense_{k}", f"norm_{k}") for k in (1, 2)]
    assert [sum(pair) for pair in of] == [78_848, 6_441_344]
    assert sum(counting.parts(network, "up_1", "norm_3")) == 131_264
    assert counting.parts(network, "up_2") == [1_025]
    assert (network.inputs[0].name, network.input_shape, network.output_shape) == ("latents", (None, 74), (None, 28, 28, 1))
    assert image_range_of(network) == (0.0, 1.0)


@pytest.mark.parametrize(("fix_std", "of_q"), [(True, 133_004), (False, 133_262)])
def test_counts_of_the_discriminator(fix_std, of_q):
    with counting.without_weights():
        network = infogan.discriminator(fix_std=fix_std)
    assert counting.parts(network, "scores") == [1_025]
    assert sum(counting.parts(network, *Q)) == of_q
    assert counting.trainable(network) == 6_559_169 + of_q
    assert counting.total(network) - counting.trainable(network) == 2_304 + 256
    trunk = (("conv_1",), ("conv_2", "norm_2"), ("dense_3", "norm_3"))
    assert [sum(counting.parts(network, *names)) for names in trunk] == [1_088, 131_456, 6_425_600]
    shapes = {"scores": 1, "category_logits": 10, "continuous_mean": 2} | ({} if fix_std else {"continuous_log_scale": 2})
    assert {name: tensor.shape for name, tensor in network.output.items()} == {k: (None, n) for k, n in shapes.items()}
    assert network.inputs[0].name == "images"


def test_constants_of_the_layers():
    generator, discriminator = infogan.generator(filters=2), infogan.discriminator(filters=16)
    for network, norms in ((generator, 3), (discriminator, 3)):
        found = counting.layers_of(network, keras.layers.BatchNormalization)
        assert [(n.momentum, n.epsilon) for n in found] == [(0.9, 1e-5)] * norms
        assert all(layer.use_bias for layer in network.layers if hasattr(layer, "kernel"))
    slopes = [layer.negative_slope for layer in counting.layers_of(discriminator, keras.layers.LeakyReLU)]
    assert slopes == [0.01] * 4
    kernel = discriminator.get_layer("conv_2").kernel.numpy()
    assert np.abs(kernel).max() <= 0.04
    assert kernel.std() == pytest.approx(0.0176, abs=0.001)  # of a normal of 0.02, cut at twice that
    assert discriminator.get_layer("dense_3").kernel.numpy().std() == pytest.approx(0.02, abs=0.001)
    gamma = discriminator.get_layer("norm_3").gamma.numpy()
    assert (gamma.mean(), gamma.std()) == (pytest.approx(1, abs=0.01), pytest.approx(0.02, abs=0.005))


def norm(network, name, x):
    """At the beginning, the moving mean is 0 and the moving variance 1."""
    return x * np.float64(network.get_layer(name).gamma) / np.sqrt(1 + 1e-5)


def dense(network, name, x):
    kernel, bias = torch.weights_of(network, name)
    return x @ kernel + bias


def test_the_generator_computes_what_the_layers_say():
    network = infogan.generator((8, 12, 3), latents=5, filters=2)
    z = RANDOM.normal(size=(2, 5))
    x = torch.relu(norm(network, "norm_1", dense(network, "dense_1", z)))
    x = torch.relu(norm(network, "norm_2", dense(network, "dense_2", x))).reshape(2, 2, 3, 4)
    kernel, bias = torch.weights_of(network, "up_1")
    x = torch.relu(norm(network, "norm_3", torch.transposed(x, kernel, bias=bias)))
    kernel, bias = torch.weights_of(network, "up_2")
    expected = 1 / (1 + np.exp(-torch.transposed(x, kernel, bias=bias)))
    assert expected.shape == (2, 8, 12, 3)
    np.testing.assert_allclose(network(z.astype("float32")), expected, atol=1e-6)


def test_the_discriminator_computes_what_the_layers_say():
    network = infogan.discriminator((8, 12, 3), (3, 2), 1, fix_std=False, slope=0.1, filters=2)
    images = RANDOM.uniform(size=(2, 8, 12, 3))

    def leaky(x):
        return np.where(x > 0, x, 0.1 * x)

    kernel, bias = torch.weights_of(network, "conv_1")
    x = leaky(torch.conv(images, kernel, 2, 1, bias=bias))
    kernel, bias = torch.weights_of(network, "conv_2")
    x = leaky(norm(network, "norm_2", torch.conv(x, kernel, 2, 1, bias=bias)))
    features = leaky(norm(network, "norm_3", dense(network, "dense_3", x.reshape(2, -1))))
    code = leaky(norm(network, "code_norm", dense(network, "code_dense", features)))
    outputs = network(images.astype("float32"))
    np.testing.assert_allclose(outputs.pop("scores"), dense(network, "scores", features), atol=1e-6)
    assert {name: tuple(tensor.shape) for name, tensor in outputs.items()} == {
        "category_logits": (2, 5),
        "continuous_mean": (2, 1),
        "continuous_log_scale": (2, 1),
    }
    for name, output in outputs.items():
        np.testing.assert_allclose(output, dense(network, name, code), atol=1e-6)


def test_the_code_and_the_score_share_all_but_their_ends():
    network = infogan.discriminator((8, 8, 1), filters=2)
    images = RANDOM.uniform(size=(4, 8, 8, 1)).astype("float32")
    with tf.GradientTape(persistent=True) as tape:
        outputs = network(images, training=True)
        score = tf.reduce_sum(outputs.pop("scores"))
        code = tf.add_n([tf.reduce_sum(output) for output in outputs.values()])
    named = [(variable, variable.path.split("/")[0]) for variable in network.trainable_variables]
    for value, not_reached in ((score, Q), (code, ("scores",))):
        reached = [gradient is not None for gradient in tape.gradient(value, [variable.value for variable, _ in named])]
        assert reached == [layer not in not_reached for _, layer in named]


def test_codes_of_one_kind():
    only = infogan.discriminator((8, 8, 1), (), 3, filters=2)
    assert sorted(only.output) == ["continuous_mean", "scores"]
    only = infogan.discriminator((8, 8, 1), [4], 0, fix_std=False, filters=2)
    assert sorted(only.output) == ["category_logits", "scores"]


@pytest.mark.parametrize(
    ("build", "arguments", "message"),
    [
        (infogan.generator, {"image_shape": (30, 28, 1)}, "multiples of 4"),
        (infogan.discriminator, {"image_shape": (28, 28)}, "`image_shape`"),
        (infogan.generator, {"latents": 0}, "`latents`"),
        (infogan.generator, {"filters": 0}, "`filters`"),
        (infogan.discriminator, {"categories": (1,)}, r"`categories\[0\]`"),
        (infogan.discriminator, {"categories": 10}, r"pass \(10,\)"),
        (infogan.discriminator, {"continuous": -1}, "`continuous`"),
        (infogan.discriminator, {"categories": (), "continuous": 0}, "find at least one code"),
        (infogan.discriminator, {"slope": "steep"}, "`slope`"),
    ],
)
def test_what_is_refused(build, arguments, message):
    with pytest.raises(ValueError, match=message):
        build(**arguments)
