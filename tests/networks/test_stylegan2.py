"""Section 19 of the facts."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import ModulatedConv2D
from keras_gans.layers import NoiseInjection
from keras_gans.networks import stylegan2
from keras_gans.utils.copies import clone
from keras_gans.utils.private_keras import all_layers
from tests.networks import counting

pytestmark = pytest.mark.slow

SMALL = {"image_shape": (16, 16, 2), "base_filters": 32, "max_filters": 6}


def small(**arguments):
    keras.utils.set_random_seed(0)
    return stylegan2.generator(**SMALL, latents=5, style_width=4, mapping_layers=2, **arguments)


def latents(count=3):
    return np.random.default_rng(0).normal(size=(count, 5)).astype("float32")


def psi(value, count=3):
    return np.full((count, 1), value, "float32")


@pytest.mark.parametrize(
    ("size", "base_filters", "generator", "discriminator"),
    [
        (1024, 16384, 30_370_060, 29_012_513),
        (512, 16384, 30_276_583, 28_982_849),
        (256, 16384, 30_034_338, 28_864_129),
        (128, 16384, 29_328_669, 28_389_121),
        (64, 16384, 27_032_600, 26_488_833),
        (1024, 8192, 24_900_764, 24_038_161),
        (512, 8192, 24_860_935, 24_030_753),
        (256, 8192, 24_767_458, 24_001_089),
        (128, 8192, 24_525_213, 23_882_369),
        (64, 8192, 23_819_544, 23_407_361),
    ],
)
def test_counts(size, base_filters, generator, discriminator):
    with counting.without_weights():
        g = stylegan2.generator((size, size, 3), base_filters=base_filters)
        d = stylegan2.discriminator((size, size, 3), base_filters=base_filters)
    assert (counting.trainable(g), counting.trainable(d)) == (generator, discriminator)
    assert g.output_shape == (None, size, size, 3) and d.output_shape == (None, 1)


def test_the_parts():
    with counting.without_weights():
        synthesis, mapping = stylegan2.synthesis(), stylegan2.mapping()
        successor = stylegan2.generator(mapping_layers=2)
    assert synthesis.input_shape == (None, 18, 512)
    assert counting.trainable(synthesis) == 28_268_812
    assert counting.trainable(mapping) == 2_101_248
    assert counting.trainable(successor) == 28_794_124
    noise = [layer for layer in all_layers(synthesis) if isinstance(layer, NoiseInjection)]
    assert [layer.strength.shape for layer in noise] == [()] * 17
    assert sum(int(np.prod(layer.noise.shape)) for layer in noise) == 2_796_176


def test_images_of_a_size_share_the_style_of_the_next_convolution():
    network = stylegan2.synthesis(**SMALL, style_width=4)
    for layer in all_layers(network):
        if isinstance(layer, NoiseInjection):
            layer.strength.assign(0.1)
    styles = tf.random.normal((1, 6, 4), seed=1)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(styles)
        maps = {
            name: network.get_layer(name) for name in ("to_rgb_4", "up_8", "conv_8", "to_rgb_8", "up_16", "conv_16", "to_rgb_16")
        }
        model = keras.Model(network.input, {name: layer.output for name, layer in maps.items()})
        outputs = {name: tf.reduce_sum(output**2) for name, output in model(styles).items()}
    used = {name: int(np.flatnonzero(np.abs(tape.gradient(outputs[name], styles)[0]).sum(axis=-1) > 0).max()) for name in maps}
    assert used == {"to_rgb_4": 1, "up_8": 1, "conv_8": 2, "to_rgb_8": 3, "up_16": 3, "conv_16": 4, "to_rgb_16": 5}


def test_at_first_noise_changes_nothing():
    network = small()
    x = [latents(), psi(1.0)]
    np.testing.assert_array_equal(network(x, training=False), network(x, training=True))
    for layer in all_layers(network):
        if isinstance(layer, NoiseInjection):
            assert float(layer.strength) == 0
            layer.strength.assign(1.0)
    assert np.abs(network(x, training=False) - network(x, training=True)).max() > 0.01
    np.testing.assert_array_equal(network(x, training=False), network(x, training=False))
    plain = small(noise=False)
    assert not [layer for layer in all_layers(plain) if isinstance(layer, NoiseInjection)]


def test_maps_keep_their_variance():
    keras.utils.set_random_seed(0)
    network = stylegan2.synthesis((32, 32, 3), style_width=32, base_filters=1024, max_filters=64)
    maps = keras.Model(network.input, [network.get_layer(name).output for name in ("conv_4", "conv_16", "conv_32")])
    # Modulated convolutions of maps whose channels are not independent: only the order of magnitude is theirs.
    for output in maps(tf.random.normal((4, 8, 32))):
        assert 0.2 < np.std(output) < 3


def test_truncation_acts_on_every_layer():
    network = small()
    mapping = stylegan2.mapping_of(network)
    mapping.get_layer("styles").average.assign([1.0, -1.0, 0.5, 0.0])
    w = mapping([latents(), psi(1.0)])
    average = mapping.get_layer("styles").average.value
    np.testing.assert_allclose(mapping([latents(), psi(0.5)]), average + 0.5 * (w - average), rtol=1e-5, atol=1e-6)
    images = network([latents(), psi(0.0)])
    np.testing.assert_allclose(images[1:], images[:-1], rtol=1e-5, atol=1e-5)
    assert np.abs(network([latents(), psi(1.0)])[0] - images[0]).max() > 1e-3


def test_both_methods_of_modulation_make_the_same_images():
    one, other = small(), small(method="kernels")
    other.set_weights(one.get_weights())
    np.testing.assert_allclose(one([latents(), psi(1.0)]), other([latents(), psi(1.0)]), rtol=1e-4, atol=1e-5)


def test_the_halves():
    network = small()
    w = stylegan2.mapping_of(network)([latents(), psi(1.0)])
    np.testing.assert_array_equal(stylegan2.synthesis_of(network)(w), network([latents(), psi(1.0)]))
    assert small(classes=3).count_params() > network.count_params()
    assert stylegan2.generator(**SMALL, latents=5, mapping_layers=0).get_layer("styles").output.shape == (None, 6, 5)


def test_classes():
    g = small(classes=3)
    assert [tensor.name for tensor in g.inputs] == ["latents", "condition", "truncation"]
    d = stylegan2.discriminator(**SMALL, classes=3)
    images, classes = np.random.default_rng(0).normal(size=(4, 16, 16, 2)).astype("float32"), np.eye(3, dtype="float32")
    scores = keras.Model(d.inputs, d.get_layer("scores").output)([images, classes[[0, 1, 2, 0]]]).numpy()
    np.testing.assert_allclose(d([images, classes[[0, 1, 2, 0]]])[:, 0], scores[range(4), [0, 1, 2, 0]], rtol=1e-5)


def test_a_block_of_the_discriminator_by_hand():
    keras.utils.set_random_seed(0)
    d = stylegan2.discriminator((8, 8, 2), base_filters=16, max_filters=4)
    parts = keras.Model(d.input, [d.get_layer("from_rgb").output, d.get_layer("block_8").output])
    images = np.random.default_rng(0).normal(size=(4, 8, 8, 2)).astype("float32")
    x, y = (tensor.numpy().astype("float64") for tensor in parts(images))
    x *= np.sqrt(2)
    first, second, shortcut = (d.get_layer(name) for name in ("conv_8", "down_8", "shortcut_8"))

    def filtered(x, padding):
        kernel = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64
        padded = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
        return np.einsum("nhwcyx,yx->nhwc", np.lib.stride_tricks.sliding_window_view(padded, (4, 4), axis=(1, 2)), kernel)

    def convolved(x, layer, stride):
        kernel = layer.layer.kernel.numpy() * layer.coefficient
        windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
        bias = 0 if layer.layer.bias is None else layer.layer.bias.numpy()
        return np.einsum("nhwcyx,yxco->nhwo", windows, kernel) + bias

    def activated(x):
        return np.sqrt(2) * np.where(x > 0, x, 0.2 * x)

    branch = activated(convolved(np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)]), first, 1))
    branch = activated(convolved(filtered(branch, 2), second, 2))
    expected = (branch + convolved(filtered(x, 1), shortcut, 2)) / np.sqrt(2)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)
    assert second.coefficient == pytest.approx(1 / np.sqrt(9 * 4)) and y.shape == (4, 4, 4, 4)


def test_copies():
    g = small(classes=2)
    x = [latents(), np.eye(2, dtype="float32")[[0, 1, 0]], psi(0.7)]
    np.testing.assert_array_equal(clone(g)(x), g(x))
    loaded = keras.Model.from_config(g.get_config())
    loaded.set_weights(g.get_weights())
    np.testing.assert_array_equal(loaded(x), g(x))


def test_upsampling_is_the_published_filter():
    # One pixel, through the transposed convolution with a kernel that keeps it, is the kernel of four times the weight.
    layer = ModulatedConv2D(1, demodulate=False, upsample=True)
    network = stylegan2.synthesis((8, 8, 1), style_width=2, base_filters=8, max_filters=1)
    x = np.zeros((1, 4, 4, 1), "float32")
    x[0, 1, 1] = 1
    layer([x, tf.zeros((1, 2))])
    kernel = np.zeros((3, 3, 1, 1))
    kernel[1, 1] = 1 / layer.coefficient
    layer.kernel.assign(kernel)
    y = network.get_layer("filter_up_8")(layer([x, tf.zeros((1, 2))]))[0, :, :, 0]
    expected = np.zeros((8, 8))
    expected[1:5, 1:5] = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 16
    np.testing.assert_allclose(y, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: stylegan2.generator((10, 10, 3)), "power of two"),
        (lambda: stylegan2.generator((16, 16, 3), style_width=0), "style_width"),
        (lambda: stylegan2.generator((16, 16, 3), mapping_layers=-1), "mapping_layers"),
        (lambda: stylegan2.discriminator((16, 16, 3), classes=0), "classes"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=f"{message}"):
        make()
