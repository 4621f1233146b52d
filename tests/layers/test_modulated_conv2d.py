import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import ModulatedConv2D

METHODS = ("inputs", "kernels")


def made(seed=0, channels=4, size=5, dim=6, **arguments):
    """A layer with a style that does something, and inputs."""
    random = np.random.default_rng(seed)
    layer = ModulatedConv2D(3, **arguments)
    x, w = random.normal(size=(2, size, size, channels)), random.normal(size=(2, dim))
    layer([x, w])
    layer.style.layer.bias.assign(random.normal(size=channels))
    return layer, x.astype("float32"), w.astype("float32")


def by_hand(layer, x, w):
    """The formula in float64, a kernel for each example."""
    kernel = np.asarray(layer.kernel, "float64") / np.sqrt(np.prod(layer.kernel.shape[:3]))
    dense = layer.style.layer
    style = w @ (np.asarray(dense.kernel, "float64") / np.sqrt(w.shape[1])) + dense.bias.numpy() + 1
    outputs = []
    for image, s in zip(x, style, strict=True):
        modulated = kernel * s[:, None]
        if layer.demodulate:
            modulated /= np.sqrt(np.sum(modulated**2, axis=(0, 1, 2)) + 1e-8)
        size, padding = layer.kernel_size, layer.kernel_size // 2
        if layer.upsample:
            stuffed = np.zeros((2 * len(image) - 1, 2 * len(image) - 1, image.shape[-1]))
            stuffed[::2, ::2] = image
            image, padding = stuffed, size - 1
        image = np.pad(image, [(padding, padding), (padding, padding), (0, 0)])
        windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(0, 1))
        outputs.append(np.einsum("hwcyx,yxco->hwo", windows, modulated))
    return np.stack(outputs)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "arguments", [{}, {"demodulate": False}, {"upsample": True}, {"kernel_size": 1, "demodulate": False}], ids=str
)
def test_it_is_a_convolution_with_a_kernel_for_each_example(method, arguments):
    layer, x, w = made(method=method, **arguments)
    expected = by_hand(layer, x, w)
    np.testing.assert_allclose(layer([x, w]), expected, atol=2e-6)
    assert layer.compute_output_shape([x.shape, w.shape]) == expected.shape


def test_as_many_weights_as_published():
    # 9 in out + 513 in, of which the bias and the strength of the noise, out + 1, are not of this layer.
    layer = ModulatedConv2D(256)
    layer.build([(None, 4, 4, 512), (None, 512)])
    assert layer.count_params() == 9 * 512 * 256 + 513 * 512
    assert layer.coefficient == pytest.approx(0.014731, rel=3e-5)


@pytest.mark.parametrize("method", METHODS)
def test_no_scale_of_a_style_changes_what_is_demodulated(method):
    for demodulate in (True, False):
        layer, x, w = made(method=method, demodulate=demodulate)
        layer.style.layer.bias.assign(tf.zeros(4))
        layer.style.layer.kernel.assign(tf.zeros((6, 4)))  # s = 1
        before = layer([x, w]).numpy()
        layer.style.layer.bias.assign(tf.fill((4,), 6.0))  # s = 7
        np.testing.assert_allclose(layer([x, w]), before if demodulate else 7 * before, rtol=1e-4, atol=1e-6)


def test_the_output_of_independent_inputs_has_variance_1():
    layer, *_ = made(channels=16)
    random = np.random.default_rng(1)
    x, w = random.normal(size=(2, 64, 64, 16)).astype("float32"), random.normal(size=(2, 6)).astype("float32")
    deviations = layer([x, w]).numpy()[:, 1:-1, 1:-1].std(axis=(1, 2))
    np.testing.assert_allclose(deviations, 1, atol=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("upsample", [False, True])
def test_both_methods_have_the_same_gradients_under_xla(upsample):
    """And the same gradients of the length of these, as the regularization of path lengths needs them."""
    layers = [made(method=method, upsample=upsample)[0] for method in METHODS]
    _, x, w = made()
    layers[1].set_weights(layers[0].get_weights())
    gradients = []
    for layer in layers:

        @tf.function(jit_compile=True)
        def gradient(x, w, layer=layer):
            variables = [x, w, *[variable.value for variable in layer.trainable_variables]]
            with tf.GradientTape() as outer:
                outer.watch([x, w])
                with tf.GradientTape() as tape:
                    tape.watch([x, w])
                    loss = tf.reduce_sum(layer([x, w]) ** 3)
                first = tape.gradient(loss, variables)
                length = tf.sqrt(tf.reduce_sum(first[1] ** 2))
            return first, outer.gradient(length, variables)

        gradients.append(gradient(tf.constant(x), tf.constant(w)))
    for one, other in zip(*(tf.nest.flatten(each) for each in gradients), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_styles_beyond_the_range_of_half_precision():
    layer = ModulatedConv2D(3, dtype="mixed_float16")
    x = tf.ones((1, 4, 4, 4))
    layer([x, tf.ones((1, 6))])
    layer.style.layer.bias.assign(tf.fill((4,), 1e6))
    assert np.isfinite(layer([x, tf.ones((1, 6))])).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"filters": 0}, "filters"), ({"filters": 2, "kernel_size": 0}, "kernel_size"), ({"filters": 2, "method": "?"}, "method")],
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=f"{message}.*Received"):
        ModulatedConv2D(**arguments)


def test_an_image_alone_says_what_is_missing():
    with pytest.raises(ValueError, match=r"\[x, w\].*Received: shape"):
        ModulatedConv2D(2)(keras.ops.zeros((1, 4, 4, 2)))
