"""Section 14 of the facts: counts to the unit, and what the blocks compute."""

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans import networks
from keras_gans.networks import biggan_deep
from keras_gans.networks.blocks import bottleneck
from keras_gans.networks.blocks.kernels import Kernels
from tests.networks import counting

pytestmark = pytest.mark.slow

TINY = {"channels": 4, "classes": 3}


@pytest.mark.parametrize(
    ("size", "generator", "released", "discriminator", "tensors", "norms"),
    [
        (128, 50_244_484, 50_388_609, 34_590_210, (126, 51), 40),
        (256, 55_736_708, 55_880_833, 38_247_426, (150, 59), 48),
        (512, 56_019_780, 56_163_905, 38_301_122, (174, 67), 56),
    ],
)
def test_counts(size, generator, released, discriminator, tensors, norms):
    shape = (size, size, 3)
    with counting.without_weights():
        g, d = biggan_deep.generator(shape, classes=1000), biggan_deep.discriminator(shape, classes=1000)
        r = biggan_deep.generator(shape, classes=1000, rgb_channels=128, truncation_statistics=51)
    assert tuple(map(counting.trainable, (g, r, d))) == (generator, released, discriminator)
    assert tuple(map(counting.normalized_tensors, (g, d))) == tensors
    for network in (g, r):
        assert (counting.conditional_norms(network), counting.norms(network), counting.embeddings(network)) == (norms, 1, 1)
    assert (g.output_shape, d.output_shape) == ((None, *shape), (None, 1))
    assert [tensor.name for tensor in r.inputs] == ["latents", "condition", "truncation"]
    assert [tuple(tensor.shape) for tensor in r.inputs] == [(None, 128), (None, 1000), (None, 1)]
    assert [tensor.name for tensor in d.inputs] == ["images", "condition"]
    statistics = [np.prod(v.shape) for v in r.non_trainable_variables if "moving" in v.name]
    assert sum(statistics) == {128: 2_115_072, 256: 2_480_640, 512: 2_526_336}[size]
    assert len(statistics) == 2 * (norms + 1)
    vectors = [np.prod(v.shape) for v in r.non_trainable_variables if v.name in ("u", "v")]
    assert sum(vectors) == {128: 183_744, 256: 211_712, 512: 218_624}[size]


def test_the_layers():
    with counting.without_weights():
        g, d = biggan_deep.generator(classes=1000), biggan_deep.discriminator(classes=1000)
        released = biggan_deep.generator(classes=1000, rgb_channels=128)
    convs, norms = (counting.parts(g, *(f"block_{k}_{part}" for k in range(1, 11))) for part in ("conv", "norm"))
    assert convs == [*(6_819_328, 6_819_328, 6_819_328, 6_294_016, 1_705_728, 1_574_144, 426_880, 393_856, 106_944, 98_624)]
    assert norms == 4 * [1_835_008] + 2 * [917_504] + 2 * [458_752] + 2 * [229_376]
    assert counting.parts(g, "stem", "embedding", "attention", "norm", "to_rgb") == [8_421_376, 128_000, 81_921, 256, 3_459]
    assert counting.parts(released, "to_rgb") == [147_584]
    blocks = counting.parts(d, *(f"block_{k}_" for k in range(1, 11)))
    assert blocks == [*(115_264, 106_944, 459_904, 426_880, 1_837_312, 1_705_728, 7_344_640, 6_819_328, 6_819_328, 6_819_328)]
    assert counting.parts(d, "stem", "attention", "linear", "projection") == [3_584, 81_921, 2_049, 2_048_000]


@pytest.mark.parametrize(("size", "before", "channels"), [(128, "block_9", 256), (256, "block_9", 512), (512, "block_9", 512)])
def test_where_attention_stands(size, before, channels):
    with counting.without_weights():
        g, d = biggan_deep.generator((size, size, 3)), biggan_deep.discriminator((size, size, 3))
    names = [layer.name for layer in g.layers]
    assert names.index("block_8_conv_4") < names.index("attention") < names.index(f"{before}_norm_1")
    assert tuple(g.get_layer("attention").output.shape) == (None, 64, 64, channels)
    names = [layer.name for layer in d.layers]
    last = {128: 2, 256: 4, 512: 6}[size]
    assert names.index(f"block_{last}_conv_4") < names.index("attention") < names.index(f"block_{last + 1}_conv_1")
    assert tuple(d.get_layer("attention").output.shape) == (None, 64, 64, channels)


def test_names_and_what_is_said_explicitly():
    with counting.without_weights():
        g = biggan_deep.generator(classes=1000, truncation_statistics=51)
    names = {layer.name for layer in g.layers}
    expected = {"embedding", "stem", "attention", "norm", "to_rgb", "images"}
    expected |= {f"block_{k}_{kind}_{j}" for k in range(1, 11) for kind in ("norm", "conv") for j in range(1, 5)}
    assert names >= expected
    norms = [layer for layer in g.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert all((each.epsilon, each.momentum, each.synchronized) == (1e-4, 0.9, True) for each in norms)
    spectral = counting.layers_of(g, keras_gans.layers.SpectralNormalization)
    assert all((each.epsilon, each.update) == (1e-4, "step") for each in spectral)
    assert all(layer.interpolation == "nearest" for layer in counting.layers_of(g, keras.layers.UpSampling2D))


@pytest.fixture(scope="module")
def tiny_generator():
    keras.utils.set_random_seed(7)
    return biggan_deep.generator(**TINY, latents=8, embedding_dim=6, rgb_channels=4, truncation_statistics=51)


def condition(labels):
    return np.eye(TINY["classes"], dtype="float32")[labels]


def inputs(count=2, truncation=1.0):
    z = np.random.default_rng(0).normal(size=(count, 8)).astype("float32")
    return [z, condition(np.arange(count) % 3), np.full((count, 1), truncation, "float32")]


def part(network, name):
    return keras.Model(network.inputs, network.get_layer(name).output)


def test_a_tiny_generator(tiny_generator):
    images = tiny_generator(inputs()).numpy()
    assert images.shape == (2, 128, 128, 3)
    assert images.dtype == "float32"
    assert np.abs(images).max() < 1
    z, y, t = inputs()
    first = part(tiny_generator, "block_1_norm_1")
    for k in range(8):  # every part of the latents reaches the first normalization
        other = z.copy()
        other[:, k] += 1
        assert not np.allclose(first([other, y, t]), first([z, y, t]))
    assert not np.allclose(first([z, y[::-1], t]), first([z, y, t]))
    mixture = tiny_generator([z, np.full((2, 3), 1 / 3, "float32"), t])
    assert np.isfinite(mixture).all()


def test_only_the_first_channels_of_the_last_convolution_count(tiny_generator):
    before = tiny_generator(inputs()).numpy()
    conv = tiny_generator.get_layer("to_rgb").layer
    kernel, bias = conv.kernel.numpy(), conv.bias.numpy()
    changed, shift = kernel.copy(), bias.copy()
    changed[..., 3:] *= -1  # of the same spectral norm
    shift[3:] += 1
    conv.kernel.assign(changed)
    conv.bias.assign(shift)
    u = tiny_generator.get_layer("to_rgb").u
    kept = u.numpy()
    u.assign(kept * [1, 1, 1, -1])
    np.testing.assert_allclose(tiny_generator(inputs()), before, atol=1e-5)
    for variable, value in ((conv.kernel, kernel), (conv.bias, bias), (u, kept)):
        variable.assign(value)


def test_saved_and_loaded(tiny_generator, tmp_path):
    tiny_generator.save(tmp_path / "generator.keras")
    loaded = keras.saving.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(loaded(inputs(truncation=0.4)), tiny_generator(inputs(truncation=0.4)))


def test_a_tiny_discriminator():
    d = biggan_deep.discriminator((128, 128, 1), **TINY)
    x = np.random.default_rng(0).normal(size=(2, 128, 128, 1)).astype("float32")
    scores = d([x, condition([0, 1])]).numpy()
    assert scores.shape == (2, 1)
    phi = part(d, "features")([x, condition([0, 1])]).numpy()
    projection = d.get_layer("projection")
    table = projection.layer.embeddings.numpy() / float(projection.spectral_norm())
    difference = scores - d([x, condition([2, 2])]).numpy()
    np.testing.assert_allclose(difference[:, 0], ((table[[0, 1]] - table[2]) * phi).sum(axis=1), rtol=1e-3, atol=1e-5)
    features = networks.with_features(d).output["features"]
    assert tuple(features.shape) == (None, 64)


def block(make):
    x = keras.Input((8, 8, 16))
    return keras.Model(x, make(x, Kernels("orthogonal", spectral_normalization={"update": "step"})))


def norm(x, name):
    return keras.layers.BatchNormalization(epsilon=1e-4, name=name)(x)


def zero_last(model):
    conv = model.get_layer("block_conv_4").layer
    conv.kernel.assign(0 * conv.kernel.value)


@pytest.mark.parametrize("up", [False, True])
def test_the_shortcut_of_a_generators_block_drops_channels_and_repeats_pixels(up):
    model = block(lambda x, kernels: bottleneck.up_bottleneck(x, 8, kernels, norm, "block", up))
    zero_last(model)
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 16)).astype("float32")
    expected = x[..., :8]
    if up:
        expected = expected.repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_array_equal(model(x), expected)
    assert [model.get_layer(f"block_conv_{k}").layer.filters for k in (1, 2, 3, 4)] == [4, 4, 4, 8]
    assert model.get_layer("block_conv_2").output.shape[1] == (16 if up else 8)


@pytest.mark.parametrize("down", [False, True])
def test_the_shortcut_of_a_discriminators_block_keeps_the_old_channels(down):
    model = block(lambda x, kernels: bottleneck.down_bottleneck(x, 24, kernels, "block", down))
    zero_last(model)
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 16)).astype("float32")
    y = model(x).numpy()
    kept = x.reshape(2, 4, 2, 4, 2, 16).mean(axis=(2, 4)) if down else x
    np.testing.assert_allclose(y[..., :16], kept, atol=1e-6)
    assert np.abs(y[..., 16:]).max() > 0.1
    assert y.shape[-1] == 24
    assert model.get_layer("block_conv_3").output.shape[1] == 8  # the pooling comes before the last convolution


def test_the_regularizer_is_of_kernels_only():
    regularizer = keras_gans.regularizers.Orthogonal()
    with counting.without_weights():
        g = biggan_deep.generator(**TINY, kernel_regularizer=regularizer)
    for variable in g.trainable_variables:
        assert (variable.regularizer is regularizer) == (variable.name == "kernel"), variable.path


def test_without_classes_the_latents_are_the_condition():
    with counting.without_weights():
        g, d = biggan_deep.generator(channels=4), biggan_deep.discriminator(channels=4)
    assert [tensor.name for tensor in g.inputs] == ["latents"]
    assert [tensor.name for tensor in d.inputs] == ["images"]
    assert counting.embeddings(g) == counting.embeddings(d) == 0


def test_one_channel():
    with counting.without_weights():
        g, d = (build(channels=1, classes=2) for build in (biggan_deep.generator, biggan_deep.discriminator))
    assert [network.get_layer("attention").output.shape[1:] for network in (g, d)] == [(64, 64, 2), (64, 64, 2)]


def test_errors():
    for build in (biggan_deep.generator, biggan_deep.discriminator):
        with pytest.raises(ValueError, match="128, 256, 512"):
            build((64, 64, 3))
        with pytest.raises(ValueError, match="`attention` must be the size"):
            build(attention=60)
        with pytest.raises(ValueError, match="`classes` must be an int"):
            build(classes=0)
        for wrong in ({"channels": 0}, {"epsilon": 0}):
            with pytest.raises(ValueError, match=f"`{next(iter(wrong))}` must be"):
                build(**wrong)
    for rgb_channels in (0, 2):
        with pytest.raises(ValueError, match=f"`rgb_channels` must be an int >= 3. Received: rgb_channels={rgb_channels}"):
            biggan_deep.generator(rgb_channels=rgb_channels)
