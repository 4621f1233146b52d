"""Section 19b of the facts: counts to the unit, blocks that are the identity at first, and what the kernels begin with."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from keras_gans import penalties
from keras_gans.layers import FIRDownSampling2D
from keras_gans.layers import FIRUpSampling2D
from keras_gans.layers import GroupedConv2D
from keras_gans.networks import r3gan
from keras_gans.utils.networks import image_range_of
from tests import tiny
from tests.networks import counting

TINY = {"widths": 4 * (48,), "cardinalities": 4 * (6,)}
SMALL = {"image_shape": (8, 8, 2), "widths": (16, 8), "cardinalities": (4, 2)}


def small(classes=None, **arguments):
    return r3gan.generator(**SMALL, latents=5, classes=classes), r3gan.discriminator(**SMALL, classes=classes, **arguments)


def latents(count=4):
    return np.random.default_rng(0).normal(size=(count, 5)).astype("float32")


def pictures(count=4):
    return np.random.default_rng(1).uniform(-1, 1, (count, 8, 8, 2)).astype("float32")


@pytest.mark.parametrize(
    ("arguments", "classes", "size", "generator", "discriminator"),
    [
        ({}, None, 32, 20_732_160, 20_683_776),
        ({"configuration": "cifar10"}, 10, 32, 20_781_952, 21_280_512),
        ({"configuration": "ffhq64"}, None, 64, 22_429_824, 22_381_440),
        ({"configuration": "ffhq256"}, None, 256, 23_057_952, 23_009_568),
        ({"configuration": "imagenet32"}, 1000, 32, 82_914_304, 86_548_992),
        ({"configuration": "imagenet64"}, 1000, 64, 103_570_432, 107_205_120),
        (TINY, None, 32, 189_840, 186_816),
        ({"widths": 4 * (48,)}, None, 32, 189_840, 186_816),
    ],
)
def test_counts(arguments, classes, size, generator, discriminator):
    with counting.without_weights():
        g, d = r3gan.generator(classes=classes, **arguments), r3gan.discriminator(classes=classes, **arguments)
    assert (counting.trainable(g), counting.trainable(d)) == (generator, discriminator)
    assert (counting.total(g), counting.total(d)) == (generator, discriminator)
    assert (g.output_shape, d.output_shape) == ((None, size, size, 3), (None, 1))
    assert not any("normalization" in layer.name for layer in (*g.layers, *d.layers))


def test_the_parts():
    """Blocks of width c and cardinality g: 4 c^2 + 36 c^2 / g + 4 c."""
    with counting.without_weights():
        g, d = r3gan.generator(configuration="ffhq256"), r3gan.discriminator(configuration="ffhq256")
    widths = [*4 * [768], 384, 192, 96]
    block = [4 * c**2 + 36 * c**2 // (c // 8) + 4 * c for c in widths for _ in range(2)]
    names = [f"block_{k}_" for k in range(1, 15)]
    assert counting.parts(g, *names) == block
    assert counting.parts(d, *names) == block[::-1]
    changes = [768 * 384, 384 * 192, 192 * 96]
    for network, ends in (
        (g, {"dense": 64 * 768, "basis": 16 * 768, "images": 3 * 96}),
        (d, {"from_rgb": 3 * 96, "scores": 768}),
    ):
        assert counting.parts(network, "width_4", "width_5", "width_6") == changes
        assert counting.parts(network, *ends) == list(ends.values())
    assert counting.parts(d, "basis") == [16 * 768]
    assert [layer.groups for layer in counting.layers_of(g, GroupedConv2D)] == [c // 8 for c in widths for _ in range(2)]
    order = [layer.name for layer in g.layers]
    assert order.index("width_4") < order.index("up_4")
    order = [layer.name for layer in d.layers]
    assert order.index("down_4") < order.index("width_4")
    assert len(counting.layers_of(g, FIRUpSampling2D)) == len(counting.layers_of(d, FIRDownSampling2D)) == 6


@pytest.mark.slow
def test_every_block_is_the_identity_at_first_bit_for_bit():
    for network, x in zip(small(), (latents(), pictures()), strict=True):
        blocks = [layer for layer in network.layers if isinstance(layer, keras.layers.Add)]
        assert [block.name for block in blocks] == [f"block_{k}" for k in (1, 2, 3, 4)]
        pairs = keras.Model(network.input, [[block.input[0], block.output] for block in blocks])
        for before, after in pairs(x):
            assert np.abs(before).max() > 0
            np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("classes", [None, 7])
def test_what_the_kernels_begin_with(classes):
    wide = {"image_shape": (8, 8, 3), "widths": (192, 96), "cardinalities": (12, 6), "classes": classes}
    g, d = r3gan.generator(**wide, latents=80), r3gan.discriminator(**wide)
    gain = np.sqrt(2 / 1.04) * 4**-0.25  # of four blocks

    def deviation(network, name):
        return float(np.std(network.get_layer(name).get_weights()[0]))

    for network in (g, d):
        for k in (1, 4):
            width = 192 if (k == 1) == (network is g) else 96
            assert deviation(network, f"block_{k}_conv_1") == pytest.approx(gain / np.sqrt(width), rel=0.05)
            assert deviation(network, f"block_{k}_conv_2") == pytest.approx(gain / np.sqrt(9 * 32), rel=0.05)  # 32 a group
            assert deviation(network, f"block_{k}_conv_3") == 0
            assert [np.abs(network.get_layer(f"block_{k}_conv_{n}").bias).max() for n in (1, 2)] == [0, 0]
        assert deviation(network, "width_1") == pytest.approx(1 / np.sqrt(192 if network is g else 96), rel=0.05)
    first, second = (g.get_layer(f"block_{k}_conv_1").kernel.numpy() for k in (1, 2))
    assert not np.allclose(first, second)
    assert deviation(g, "dense") == pytest.approx(1 / np.sqrt(80 if classes is None else 160), rel=0.05)
    assert deviation(g, "basis") == pytest.approx(1, rel=0.05)
    assert deviation(d, "basis") == pytest.approx(1 / 4, rel=0.05)
    assert deviation(g, "images") == pytest.approx(1 / np.sqrt(96), rel=0.15)
    assert deviation(d, "from_rgb") == pytest.approx(1 / np.sqrt(3), rel=0.15)
    assert deviation(d, "dense" if classes else "scores") == pytest.approx(1 / np.sqrt(192), rel=0.15)
    if classes:
        assert deviation(g, "embedding") == pytest.approx(1 / np.sqrt(7), rel=0.15)
        assert deviation(d, "embedding") == pytest.approx(1 / np.sqrt(7 * 192), rel=0.15)


def resampled(x, up):
    """Filters of the outer product of 1, 3, 3, 1."""
    layer = FIRUpSampling2D() if up else FIRDownSampling2D()
    return layer(x).numpy()


def conv(x, kernel, groups=1):
    """A convolution that keeps the size, in NumPy."""
    size, (height, width) = kernel.shape[0], x.shape[1:3]
    around = size // 2
    padded = np.pad(x, [(0, 0), (around, around), (around, around), (0, 0)])
    parts = []
    for of, to in zip(np.split(padded, groups, -1), np.split(kernel, groups, -1), strict=True):
        parts.append(sum(of[:, i : i + height, j : j + width] @ to[i, j] for i in range(size) for j in range(size)))
    return np.concatenate(parts, -1)


def block(x, weights, name, groups):
    y = x
    for n, cardinality in ((1, 1), (2, groups)):
        kernel, bias = weights(f"{name}_conv_{n}")
        y = conv(y, kernel, cardinality) + bias
        y = np.where(y > 0, y, 0.2 * y)
    return x + conv(y, weights(f"{name}_conv_3")[0])


@pytest.mark.slow
@pytest.mark.parametrize("classes", [None, 3])
def test_what_they_compute(classes):
    g, d = small(classes)
    random = np.random.default_rng(2)
    for network in (g, d):
        network.set_weights([random.normal(0, 0.3, weight.shape) for weight in network.get_weights()])
    labels = np.eye(3, dtype="float32")[[0, 2, 1, 1]]
    of_g, of_d = ((lambda name, network=network: network.get_layer(name).get_weights()) for network in (g, d))
    z, real = latents(), pictures()
    code = np.concatenate([z, labels @ of_g("embedding")[0]], -1) if classes else z
    x = (code @ of_g("dense")[0])[:, None, None] * of_g("basis")[0]
    for name in ("block_1", "block_2"):
        x = block(x, of_g, name, 4)
    x = resampled(conv(x, of_g("width_1")[0]), up=True)
    for name in ("block_3", "block_4"):
        x = block(x, of_g, name, 2)
    images = conv(x, of_g("images")[0])
    np.testing.assert_allclose(g([z, labels] if classes else z), images, rtol=1e-4, atol=1e-3)
    x = conv(real, of_d("from_rgb")[0])
    for name in ("block_1", "block_2"):
        x = block(x, of_d, name, 2)
    x = conv(resampled(x, up=False), of_d("width_1")[0])
    for name in ("block_3", "block_4"):
        x = block(x, of_d, name, 4)
    numbers = (x * of_d("basis")[0]).sum((1, 2))
    if classes:
        scores = ((numbers @ of_d("dense")[0]) * (labels @ of_d("embedding")[0])).sum(-1, keepdims=True)
    else:
        scores = numbers @ of_d("scores")[0]
    np.testing.assert_allclose(d([real, labels] if classes else real), scores, rtol=1e-4, atol=1e-3)


@pytest.mark.slow
def test_other_sizes():
    shape = {"image_shape": (28, 20, 1), "widths": (16, 8, 8)}
    g, d = r3gan.generator(**shape, latents=3, blocks=1), r3gan.discriminator(**shape, blocks=1)
    assert (g.output_shape, d.output_shape) == ((None, 28, 20, 1), (None, 1))
    assert g.get_layer("basis").kernel.shape == d.get_layer("basis").kernel.shape == (7, 5, 16)
    assert [layer.groups for layer in counting.layers_of(g, GroupedConv2D)] == [2, 1, 1]
    assert image_range_of(g) == (-1, 1)
    assert r3gan.generator(widths=(4, 4)).output_shape == (None, 8, 8, 3)
    embedded = r3gan.generator((8, 8, 1), latents=3, classes=2, widths=(4, 4), embedding_dim=9)
    assert (embedded.get_layer("embedding").dim, embedded.get_layer("dense").kernel.shape) == (9, (12, 4))


@pytest.mark.slow
def test_images_pass_what_augments_them_first():
    noise = keras_gans.layers.InstanceNoise(0.5)
    _, d = small(augment=noise)
    assert d.layers[1] is noise
    x = pictures()
    np.testing.assert_array_equal(d(x), d(x))
    assert not np.array_equal(d(x, training=True), d(x, training=True))


def test_a_constant_in_the_scores_changes_no_loss_and_swapped_scores_swap_the_players():
    real, fake = (np.random.default_rng(seed).normal(size=(8, 1)).astype("float32") for seed in (0, 1))
    loss = losses.Relativistic()
    np.testing.assert_array_equal(loss.generator(real, fake), loss.discriminator(fake, real))
    for half in (loss.discriminator, loss.generator):
        np.testing.assert_allclose(half(real + 3, fake + 3), half(real, fake), atol=1e-6)


@pytest.mark.slow
def test_the_penalties_of_a_linear_critic():
    """gamma / 2 ||a||^2 each."""
    images = keras.Input((8, 8, 2))
    critic = keras.Model(images, keras.layers.Dense(1, use_bias=False)(keras.layers.Flatten()(images)))
    gan = keras_gans.GAN(small()[0], critic)
    gan.compile(penalties=[penalties.R1(0.05), penalties.R2(0.005)])
    logs = gan.test_on_batch(pictures(), return_dict=True)
    squared = float(tf.reduce_sum(critic.get_weights()[0] ** 2))
    assert (logs["d_r1"], logs["d_r2"]) == pytest.approx((0.025 * squared, 0.0025 * squared), rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_ends_in_float32(policy):
    keras.config.set_dtype_policy(policy)
    try:
        g, d = small(3)
    finally:
        keras.config.set_dtype_policy("float32")
    labels = tf.one_hot([0, 1, 2, 0], 3)
    images = g([tf.constant(latents()), labels])
    scores = d([images, labels])
    assert images.dtype == scores.dtype == tf.float32
    assert g.get_layer("block_1_conv_2").compute_dtype == policy.removeprefix("mixed_")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"configuration": "celeba"}, "`configuration` must be one of"),
        ({"image_shape": (64, 64, 3)}, r'configuration="cifar10" make images of 32x32. Received: image_shape=\(64, 64, 3\)'),
        ({"image_shape": (30, 30, 3), "widths": (8, 8, 8)}, "multiples of 4"),
        ({"image_shape": (32, 32)}, "`image_shape` must be"),
        ({"widths": 64}, "`widths` must be a list or tuple of ints"),
        (
            {"widths": (8, 8), "cardinalities": (2,)},
            r"`cardinalities` must be one int for each stage.*Received: cardinalities=\(2,\)",
        ),
        ({"widths": (8, 8), "cardinalities": (2, 3)}, "must divide the channels"),
        ({"widths": (28, 28)}, "must divide the channels"),
        ({"blocks": 0}, "`blocks` must be an int >= 1"),
        ({"classes": 0, "widths": (4, 4)}, "`classes` must be an int >= 1"),
        ({"classes": 2, "widths": (4, 4), "embedding_dim": 0}, "`embedding_dim` must be an int >= 1"),
    ],
)
def test_bad_arguments(arguments, message):
    for build in (r3gan.generator, r3gan.discriminator):
        with pytest.raises(ValueError, match=message):
            build(**arguments)
    with pytest.raises(ValueError, match="`latents` must be an int >= 1"):
        r3gan.generator(latents=0)
    with pytest.raises(ValueError, match="`augment` must be a Keras layer"):
        r3gan.discriminator(widths=(4, 4), augment=tiny)
