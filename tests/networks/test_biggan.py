"""Sections 13 and 15 of the facts: counts to the unit, where latents and classes enter, what the blocks compute."""

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans import networks
from keras_gans.networks import biggan
from tests.networks import counting

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("size", "generator", "discriminator", "tensors", "conditional"),
    [
        (128, 70_433_988, 87_982_370, (41, 23), 10),
        (256, 82_097_604, 99_225_890, (48, 26), 12),
        (512, 82_296_804, 99_401_282, (55, 29), 14),
    ],
)
def test_counts(size, generator, discriminator, tensors, conditional):
    shape = (size, size, 3)
    with counting.without_weights():
        g, d = biggan.generator(shape, classes=1000), biggan.discriminator(shape, classes=1000)
    assert tuple(map(counting.trainable, (g, d))) == (generator, discriminator)
    assert tuple(map(counting.normalized_tensors, (g, d))) == tensors
    assert (counting.conditional_norms(g), counting.norms(g), counting.embeddings(g)) == (conditional, 1, 1)
    assert counting.norms(d) == 0
    assert type(g.get_layer("embedding")) is keras_gans.layers.ClassEmbedding  # no spectral norm
    assert (g.output_shape, d.output_shape) == ((None, *shape), (None, 1))
    assert [(tensor.name, tensor.shape[1]) for tensor in g.inputs] == [
        ("latents", {128: 120, 256: 140, 512: 128}[size]),
        ("condition", 1000),
    ]
    # Parts of the tables
    assert counting.trainable(g.get_layer("block_1_norm_1")) + counting.trainable(g.get_layer("block_1_norm_2")) == (
        884_736 if size == 512 else 909_312
    )
    attention = {128: (192, 96), 256: (192, 192), 512: (384, 192)}[size]
    for network, channels in zip((g, d), attention, strict=True):
        assert network.get_layer("attention").output.shape[-1] == channels
    assert g.get_layer("attention").output.shape[1] == {128: 64, 256: 128, 512: 64}[size]
    assert d.get_layer("attention").output.shape[1] == 64


def test_the_layers():
    with counting.without_weights():
        g, d = (build((512, 512, 3), classes=1000) for build in (biggan.generator, biggan.discriminator))
    convs, shortcuts, norms = (
        counting.parts(g, *(f"block_{k}_{part}" for k in range(1, 8))) for part in ("conv", "shortcut", "norm")
    )
    totals = [a + b for a, b in zip(convs, shortcuts, strict=True)]
    assert totals == [44_831_232, 17_107_200, 11_208_960, 4_277_376, 1_069_632, 267_552, 175_392]
    assert norms == [884_736, 663_552, 442_368, 331_776, 165_888, 82_944, 55_296]
    assert counting.parts(g, "stem", "embedding", "attention", "norm", "to_rgb") == [417_792, 128_000, 184_321, 192, 2_595]
    blocks = [86_112, 175_392, 516_672, 2_065_536, 8_259_840, 11_208_960, 33_034_752, 42_470_400]
    assert counting.parts(d, *(f"block_{k}_" for k in range(1, 9))) == blocks
    assert counting.parts(d, "attention", "linear", "projection") == [46_081, 1_537, 1_536_000]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ({"image_shape": (512, 512, 3), "latents": 160}, 82_468_068),
        ({"image_shape": (256, 256, 3), "attention": 64}, 82_235_844),
    ],
)
def test_counts_of_other_generators(arguments, count):
    with counting.without_weights():
        assert counting.trainable(biggan.generator(classes=1000, **arguments)) == count


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ({"latents": 128, "hierarchical": False, "shared_embedding": False}, 173_538_534),
        ({"latents": 128, "hierarchical": False}, 160_774_886),
        ({}, 158_416_358),
        ({"channels": 64}, 71_426_886),
    ],
)
def test_counts_of_the_ablation(arguments, count):
    """Generator and discriminator together."""
    with counting.without_weights():
        g = biggan.generator(classes=1000, **arguments)
        d = biggan.discriminator(classes=1000, channels=arguments.get("channels"))
    assert counting.trainable(g) + counting.trainable(d) == count


def test_the_32_variant():
    shape = (32, 32, 3)
    g, d = biggan.generator(shape, classes=10), biggan.discriminator(shape, classes=10)
    assert (counting.trainable(g), counting.trainable(d)) == (4_304_387, 4_207_361)
    assert (counting.normalized_tensors(g), counting.normalized_tensors(d)) == (11, 12)
    assert (counting.conditional_norms(g), counting.norms(g), counting.embeddings(g)) == (6, 1, 0)
    z, y = np.random.default_rng(0).normal(size=(2, 128)).astype("float32"), np.eye(10, dtype="float32")
    images = g([z, y[[3, 5]]]).numpy()
    assert images.shape == (2, *shape)
    assert np.abs(images).max() < 1
    difference = np.abs(images - g([z, y[[4, 6]]]).numpy()).max()
    assert 0 < difference < 0.3  # the tables are near zero
    norms = [layer for layer in g.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert all((each.epsilon, each.momentum, each.synchronized) == (1e-5, 0.9, True) for each in norms)
    assert all(each.epsilon == 1e-8 for each in counting.layers_of(g, keras_gans.layers.SpectralNormalization))
    kernels = [v.numpy() for v in g.trainable_variables if v.name in ("kernel", "embeddings") and np.prod(v.shape) > 2000]
    assert all(kernel.std() == pytest.approx(0.02, rel=0.05) for kernel in kernels)
    assert not np.array_equal(*[g.get_layer(f"block_1_conv_{k}").layer.kernel for k in (1, 2)])


def test_64():
    with counting.without_weights():
        g, d = biggan.generator((64, 64, 3), classes=1000), biggan.discriminator((64, 64, 3), classes=1000)
    assert g.inputs[0].shape[1] == 125
    assert g.get_layer("block_1_norm_1").gain.layer.kernel.shape == (153, 1536)
    widths = [g.get_layer(f"block_{k}_conv_2").layer.filters // 96 for k in range(1, 5)]
    assert widths == [16, 8, 4, 2]
    widths = [d.get_layer(f"block_{k}_conv_2").layer.filters // 96 for k in range(1, 6)]
    assert widths == [1, 2, 4, 8, 16]
    assert counting.normalized_tensors(g) == 1 + 4 * (3 + 4) + 1
    assert counting.normalized_tensors(d) == 4 * 3 + 3 + 2


def tiny(**arguments):
    return biggan.generator((32, 32, 1), **{"latents": 8, "classes": 3, "channels": 2, "embedding_dim": 4, **arguments})


def inputs(count=2):
    z = np.random.default_rng(0).normal(size=(count, 8)).astype("float32")
    return [z, np.eye(3, dtype="float32")[np.arange(count) % 3]]


@pytest.mark.parametrize("classes", [3, None])
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("hierarchical", [False, True])
def test_each_trick_can_be_switched_at_32(hierarchical, shared, classes):
    g = tiny(hierarchical=hierarchical, shared_embedding=shared, classes=classes, attention=16)
    images = g(inputs() if classes else inputs()[0])
    assert images.shape == (2, 32, 32, 1)
    assert counting.embeddings(g) == (1 if shared and classes else 0)
    assert g.get_layer("stem").layer.kernel.shape == (2 if hierarchical else 8, 4 * 4 * 8)
    norm = g.get_layer("block_2_norm_1")
    if hierarchical:
        assert norm.gain.layer.kernel.shape == (2 + (0 if not classes else 4 if shared else 3), 8)
    elif classes:
        assert (norm.gain.layer.kernel.shape == (4, 8)) if shared else (norm.gain.embeddings.shape == (3, 8))
    else:
        assert type(norm) is keras.layers.BatchNormalization
    assert g.get_layer("attention").output.shape[1] == 16


def test_a_chunk_enters_at_its_block():
    g = tiny(hierarchical=True, shared_embedding=True)
    names = ["stem", *(f"block_{k}_conv_{j}" for k in (1, 2, 3) for j in (1, 2))]
    parts = keras.Model(g.inputs, [g.get_layer(name).output for name in names])
    z, y = inputs()
    before = parts([z, y])
    for chunk in range(4):
        other = z.copy()
        other[:, 2 * chunk : 2 * chunk + 2] += 1.0
        same = [np.array_equal(a, b) for a, b in zip(before, parts([other, y]), strict=True)]
        first = 0 if chunk == 0 else 2 * chunk - 1
        assert same == [True] * first + [False] * (len(names) - first), chunk


@pytest.mark.parametrize("class_first", [False, True])
def test_the_order_of_the_condition(class_first):
    g = tiny(hierarchical=True, shared_embedding=True, class_first=class_first)
    z, y = inputs()
    vector = keras.Model(g.inputs, g.get_layer("block_1_norm_1").input[1])([z, y]).numpy()
    embedded = g.get_layer("embedding").embeddings.numpy()[[0, 1]]
    np.testing.assert_allclose(vector, np.hstack([embedded, z[:, 2:4]] if class_first else [z[:, 2:4], embedded]), atol=1e-6)


def test_zero_maps_are_plain_normalization():
    g = tiny(hierarchical=True, shared_embedding=True)
    norm = g.get_layer("block_1_norm_1")
    for each in (norm.gain, norm.bias):
        each.layer.kernel.assign(0 * each.layer.kernel.value)
    x = keras.Model(g.inputs, norm.input[0])(inputs()).numpy()
    y = keras.Model(g.inputs, norm.output)(inputs(), training=True)
    np.testing.assert_allclose(y, (x - x.mean(axis=(0, 1, 2))) / np.sqrt(x.var(axis=(0, 1, 2)) + 1e-5), atol=1e-4)


def test_orthogonal_kernels_cost_nothing_and_only_kernels_are_regularized():
    regularizer = keras_gans.regularizers.Orthogonal()
    g = tiny(hierarchical=True, shared_embedding=True, kernel_initializer="orthogonal", kernel_regularizer=regularizer)
    conv = g.get_layer("block_2_conv_1").layer.kernel.numpy().reshape(-1, 8)
    np.testing.assert_allclose(conv.T @ conv, np.eye(8), atol=1e-5)
    assert float(regularizer(conv)) == pytest.approx(0.0, abs=1e-10)
    for variable in g.trainable_variables:
        assert (variable.regularizer is regularizer) == (variable.name == "kernel"), variable.path


def test_latents_of_another_length_are_refused():
    with pytest.raises(ValueError, match="expected shape|incompatible"):
        tiny()([np.zeros((2, 9), "float32"), inputs()[1]])
    with pytest.raises(ValueError, match=r"6 equal chunks.*latents=128.*multiple of 6, such as 126"):
        biggan.generator(latents=128)
    with pytest.raises(ValueError, match=r"5 equal chunks.*hierarchical=False"):
        biggan.generator((64, 64, 3), latents=128)


def test_a_tiny_discriminator():
    d = biggan.discriminator((32, 32, 1), classes=3, channels=2, attention=16)
    x = np.random.default_rng(0).normal(size=(2, 32, 32, 1)).astype("float32")
    y = np.eye(3, dtype="float32")
    scores = d([x, y[[0, 1]]]).numpy()
    phi = keras.Model(d.inputs, d.get_layer("features").output)([x, y[[0, 1]]]).numpy()
    table = d.get_layer("projection")
    table = table.layer.embeddings.numpy() / float(table.spectral_norm())
    expected = ((table[[0, 1]] - table[[2, 2]]) * phi).sum(axis=1)
    np.testing.assert_allclose((scores - d([x, y[[2, 2]]]).numpy())[:, 0], expected, rtol=1e-3, atol=1e-5)
    assert tuple(networks.with_features(d).output["features"].shape) == (None, 8)
    shortcuts = {layer.name for layer in d.layers if "shortcut" in layer.name}
    assert shortcuts == {"block_1_shortcut", "block_2_shortcut"}  # identities in the last two


def test_saved_and_loaded(tmp_path):
    g = tiny(hierarchical=True, shared_embedding=True, attention=16)
    g.save(tmp_path / "generator.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "generator.keras")(inputs()), g(inputs()))


def test_in_half_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        g = tiny(hierarchical=True, shared_embedding=True, attention=16)
        d = biggan.discriminator((32, 32, 1), classes=3, channels=2, attention=16)
    finally:
        keras.config.set_dtype_policy("float32")
    images = g(inputs(), training=True)
    scores = d([images, keras.ops.convert_to_tensor(inputs()[1])], training=True)
    assert images.dtype == scores.dtype == "float32"
    assert g.get_layer("block_1_conv_1").compute_dtype == "bfloat16"


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_any_number_of_channels(channels):
    with counting.without_weights():
        g, d = biggan.generator(channels=channels, classes=2), biggan.discriminator(channels=channels, classes=2)
    for network, width in ((g, 2 * channels), (d, channels)):  # after the block that makes maps of 64x64
        assert network.get_layer("attention").output.shape[1:] == (64, 64, width)
        assert network.get_layer("attention").theta.layer.filters == 1


def test_errors():
    for build in (biggan.generator, biggan.discriminator):
        with pytest.raises(ValueError, match="32, 64, 128, 256, 512"):
            build((96, 96, 3))
        with pytest.raises(ValueError, match="`attention` must be the size"):
            build(attention=100)
        for published in ({"channels": 0}, {"spectral_epsilon": 0}, {"spectral_epsilon": -1.0}):
            with pytest.raises(ValueError, match=f"`{next(iter(published))}` must be"):
                build((32, 32, 3), **published)
    for published in ({"latents": 0}, {"norm_epsilon": 0.0}, {"embedding_dim": 0}):
        with pytest.raises(ValueError, match=f"`{next(iter(published))}` must be"):
            biggan.generator((32, 32, 3), **published)
    with pytest.raises(ValueError, match="`channels` must be an int"):
        biggan.generator(channels=1.5)
