import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import SelfAttention
from keras_gans.layers import SpectralNormalization
from keras_gans.utils.private_keras import all_layers


def images(shape=(2, 6, 4, 16)):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def parameters(layer):
    return sum(int(np.prod(variable.shape)) for variable in layer.trainable_variables)


@pytest.mark.parametrize(
    ("channels", "count"),
    [(64, 5_121), (96, 11_521), (128, 20_481), (192, 46_081), (256, 81_921), (384, 184_321), (512, 327_681)],
)
def test_parameters(channels, count):
    layer = SelfAttention()
    layer.build((None, 4, 4, channels))
    assert parameters(layer) == count == 5 * channels**2 // 4 + 1
    assert not any(variable.name == "bias" for variable in layer.weights)


def test_it_starts_as_the_identity_and_only_gamma_has_a_gradient():
    layer, x = SelfAttention(), tf.constant(images())
    with tf.GradientTape() as tape:
        y = layer(x)
        loss = tf.reduce_sum(y**3)
    np.testing.assert_array_equal(y, x)
    gradients = dict(
        zip(
            [v.path.split("/")[-2:] and v.path for v in layer.trainable_variables],
            tape.gradient(loss, [v.value for v in layer.trainable_variables]),
            strict=True,
        )
    )
    for path, gradient in gradients.items():
        assert (np.abs(gradient).max() > 0) == path.endswith("gamma"), path


def test_against_loops():
    layer, x = SelfAttention(), images((1, 4, 2, 8))
    layer(x)
    layer.gamma.assign(0.5)
    theta, phi, g, out = (conv.kernel.numpy()[0, 0] for conv in (layer.theta, layer.phi, layer.g, layer.out))

    def pooled(values):  # (4, 2, channels) to (2, channels)
        return values.reshape(2, 2, 2, -1).max(axis=(1, 2))

    query, key, value = (x[0] @ theta).reshape(8, -1), pooled(x[0] @ phi), pooled(x[0] @ g)
    products = np.exp(query @ key.T)
    attention = products / products.sum(axis=1, keepdims=True)
    expected = x[0] + 0.5 * (attention @ value @ out).reshape(4, 2, 8)
    np.testing.assert_allclose(layer(x)[0], expected, atol=1e-5)


def test_the_seed_values():
    """Two queries, two keys, each of one number: theta picks channel 0, phi channel 1, g channels 2 to 5."""
    layer = SelfAttention()
    layer.build((None, 2, 4, 8))
    kernels = {name: np.zeros(getattr(layer, name).kernel.shape, "float32") for name in ("theta", "phi", "g", "out")}
    kernels["theta"][0, 0, 0, 0] = kernels["phi"][0, 0, 1, 0] = 1.0
    kernels["g"][0, 0, 2, 0] = kernels["out"][0, 0, 0, 7] = 1.0
    for name, kernel in kernels.items():
        getattr(layer, name).kernel.assign(kernel)
    layer.gamma.assign(0.5)
    x = np.full((1, 2, 4, 8), -9.0, "float32")
    x[0, 0, 0, 0], x[0, 0, 1, 0] = 1.0, 2.0  # queries
    x[0, 0, 0, 1], x[0, 0, 2, 1] = 0.5, -1.0  # keys, greatest of their 2x2
    x[0, 0, 0, 2], x[0, 0, 2, 2] = 1.0, 3.0  # values
    x[..., 7] = 10.0
    y = layer(x).numpy()
    assert y[0, 0, 0, 7] == pytest.approx(10 + 0.5 * 1.364851, abs=1e-5)
    assert y[0, 0, 1, 7] == pytest.approx(10 + 0.5 * 1.094852, abs=1e-5)


def test_one_key_has_all_the_attention():
    layer, x = SelfAttention(), images((1, 2, 2, 8))
    layer(x)
    layer.gamma.assign(1.0)
    value = (x[0] @ layer.g.kernel.numpy()[0, 0]).max(axis=(0, 1)) @ layer.out.kernel.numpy()[0, 0]
    np.testing.assert_allclose(layer(x)[0] - x[0], np.broadcast_to(value, (2, 2, 8)), atol=1e-5)


@pytest.mark.parametrize(("channels", "keys", "values"), [(1, 1, 1), (3, 1, 1), (7, 1, 3), (8, 1, 4), (23, 2, 11)])
def test_any_number_of_channels(channels, keys, values):
    layer, x = SelfAttention(spectral_normalization={"update": "step"}), images((1, 2, 2, channels))
    layer(x)
    layer.gamma.assign(1.0)
    kernels = [conv.layer.kernel.numpy()[0, 0] for conv in (layer.theta, layer.phi, layer.g, layer.out)]
    shapes = [(channels, keys), (channels, keys), (channels, values), (values, channels)]
    assert [kernel.shape for kernel in kernels] == shapes
    # Of one pooled position, the attention is 1.
    g, out = (kernel / float(conv.spectral_norm()) for kernel, conv in zip(kernels[2:], (layer.g, layer.out), strict=True))
    np.testing.assert_allclose(layer(x)[0] - x[0], np.broadcast_to((x[0] @ g).max(axis=(0, 1)) @ out, x[0].shape), atol=1e-5)


def test_what_is_constant_in_space_stays_so():
    layer, x = SelfAttention(), np.broadcast_to(images((2, 1, 1, 16)), (2, 4, 4, 16))
    layer(x)
    layer.gamma.assign(0.7)
    y = layer(x).numpy()
    np.testing.assert_allclose(y, np.broadcast_to(y[:, :1, :1], y.shape), atol=1e-5)


def test_the_softmax_is_float32_in_half_precision():
    layer, x = SelfAttention(dtype="mixed_bfloat16"), images()
    reference = SelfAttention()
    reference(x)
    layer(x)
    layer.set_weights(reference.get_weights())
    for each in (layer, reference):
        each.gamma.assign(1.0)
    assert layer(x).dtype == "bfloat16"
    np.testing.assert_allclose(tf.cast(layer(x), tf.float32), reference(x), atol=0.1)


def test_unknown_sizes():
    x = keras.Input((None, None, 16))
    layer = SelfAttention()
    model = keras.Model(x, layer(x))
    layer.gamma.assign(1.0)
    np.testing.assert_allclose(model(images()), layer(images()), atol=1e-6)


def test_spectral_normalization_of_all_four():
    layer = SelfAttention(spectral_normalization={"epsilon": 1e-4, "update": "step"})
    layer.build((None, 4, 4, 16))
    found = [each for each in all_layers(layer) if isinstance(each, SpectralNormalization)]
    assert len(found) == 4
    assert all(each.epsilon == 1e-4 and each.update == "step" for each in found)
    assert {each.name for each in found} == {"theta", "phi", "g", "out"}


def test_an_initializer_that_is_an_object_draws_other_numbers_for_each():
    layer = SelfAttention(kernel_initializer=keras.initializers.Orthogonal())
    layer.build((None, 4, 4, 16))
    assert not np.array_equal(layer.theta.kernel, layer.phi.kernel)


def test_regularizers_and_initializers():
    layer = SelfAttention(kernel_initializer="zeros", kernel_regularizer=keras.regularizers.L2(1.0))
    layer.build((None, 4, 4, 16))
    assert len(layer.losses) == 4
    assert not np.any(layer.theta.kernel.numpy())


@pytest.mark.parametrize("shape", [(None, 5, 4, 16), (None, 4, 5, 16), (None, 4, 4, None), (None, 4, 16)])
def test_errors(shape):
    with pytest.raises(ValueError, match="height and width even"):
        SelfAttention().build(shape)
