"""Section 18 of the facts: a mapping, styles, a synthesis that grows, and a discriminator that blurs."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import AdaptiveInstanceNormalization
from keras_gans.layers import EqualizedLearningRate
from keras_gans.layers import MinibatchStdDev
from keras_gans.layers import NoiseInjection
from keras_gans.networks import progan
from keras_gans.networks import stylegan
from keras_gans.networks.blocks.styles import with_noise_input
from keras_gans.utils.copies import clone
from tests.networks import counting

WIDTHS = {"base_filters": 32, "max_filters": 6}
SMALL = {"image_shape": (16, 16, 2), **WIDTHS}
SIZES = [2**k for k in range(2, 11)]


def generator(seed=0, **arguments):
    keras.utils.set_random_seed(seed)
    return stylegan.generator(**{**SMALL, "latents": 5, "mapping_layers": 2, "style_width": 7, **arguments})


def inputs(truncation=1.0, count=4, classes=None, seed=0):
    random = np.random.default_rng(seed)
    z, psi = random.normal(size=(count, 5)).astype("float32"), np.full((count, 1), truncation, "float32")
    return [z, psi] if classes is None else [z, np.eye(classes, dtype="float32")[np.arange(count) % classes], psi]


def pictures(size=16, count=4):
    return np.random.default_rng(1).uniform(-1, 1, (count, size, size, 2)).astype("float32")


def noisy(network, strength=0.5):
    """The network, whose noise is no longer of strength 0."""
    for layer in counting.layers_of(network, NoiseInjection):
        layer.strength.assign(np.full(layer.strength.shape, strength))
    return network


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "count"),
    [(1024, 26_219_627), (512, 26_179_768), (256, 26_086_229), (128, 25_843_858), (64, 25_137_935)],
)
def test_counts(size, count):
    with counting.without_weights():
        g, d = stylegan.generator((size, size, 3)), stylegan.discriminator((size, size, 3))
        reference = progan.discriminator((size, size, 3))
    assert counting.trainable(g) == count
    assert (
        counting.trainable(d)
        == counting.trainable(reference)
        == {1024: 23_087_249, 64: 22_498_049}.get(size, counting.trainable(d))
    )
    layers = 2 * size.bit_length() - 4
    assert tuple(g.get_layer("styles").output.shape) == (None, layers, 512)
    assert len(counting.layers_of(g, AdaptiveInstanceNormalization)) == layers
    assert list(stylegan.fades(g)) == list(stylegan.fades(d)) == [2**k for k in range(3, size.bit_length())]
    assert tuple(g.output["images"].shape) == (None, size, size, 3)


@pytest.mark.slow
def test_the_parts_of_the_generator():
    with counting.without_weights():
        g, mapping, synthesis = stylegan.generator(), stylegan.mapping(), stylegan.synthesis()
        alone, judge = stylegan.generator(growing=False), stylegan.discriminator(growing=False)
    assert (counting.trainable(mapping), counting.trainable(synthesis)) == (2_101_248, 24_118_379)
    assert len(mapping.trainable_variables) == 16
    assert (counting.trainable(alone), counting.trainable(judge)) == (26_212_019, 23_077_137)
    assert (alone.output_shape, judge.output_shape) == ((None, 1024, 1024, 3), (None, 1))
    assert counting.trainable(g) == 2_101_248 + 24_118_379
    # What is not trained: maps of noise, the average of w, and the shares of eight sizes.
    assert counting.total(g) - counting.trainable(g) == 2_796_192 + 512 + 8
    epilogue = {
        f"{size}_{k}": sum(counting.parts(g, f"noise_{size}_{k}", f"bias_{size}_{k}", f"style_{size}_{k}"))
        for size in SIZES
        for k in (1, 2)
    }
    assert counting.parts(g, "constant") == [8_192]
    assert epilogue["4_1"] == 526_336
    layers = {size: [counting.parts(g, f"conv_{size}_{k}")[0] + epilogue[f"{size}_{k}"] for k in (1, 2)] for size in SIZES}
    assert [second for _, second in layers.values()] == [
        *(2_885_632, 2_885_632, 2_885_632, 2_885_632, 852_992, 279_040, 102_656, 42_112, 18_752)
    ]
    assert [first for first, _ in layers.values()][1:] == [
        *(2_885_632, 2_885_632, 2_885_632, 1_442_816, 426_496, 139_520, 51_328, 21_056)
    ]
    assert [counting.trainable(g.get_layer(f"to_rgb_{size}")) for size in SIZES] == [
        *(1_539, 1_539, 1_539, 1_539, 771, 387, 195, 99, 51)
    ]


def test_the_constants():
    with counting.without_weights():
        g = stylegan.generator()
    found = {layer.name: (round(layer.coefficient, 7), layer.gain) for layer in counting.layers_of(g, EqualizedLearningRate)}
    assert {found[f"mapping_{k}"] for k in range(1, 9)} == {(0.000625, 2**0.5)}
    assert found["style"] == (0.0441942, 1.0)
    assert (found["conv_4_2"], found["to_rgb_4"]) == ((0.0208333, 2**0.5), (0.0441942, 1.0))
    assert g.get_layer("styles").get_config()["cutoff"] == 8
    assert all(layer.epsilon == 1e-8 for layer in counting.layers_of(g, AdaptiveInstanceNormalization))
    activations = [layer for layer in g.layers if layer.name.startswith("act_")]
    assert len(activations) == 18 and {layer.negative_slope for layer in activations} == {0.2}


def test_initial_weights():
    g = stylegan.generator((8, 8, 3), latents=64, base_filters=512, max_filters=64, style_width=64, mapping_layers=3)
    for layer in counting.layers_of(g, EqualizedLearningRate):
        std = 100.0 if layer.name.startswith("mapping") else 1.0
        if layer.kernel.shape[-1] == 64:
            tolerance = 0.01 if len(layer.kernel.shape) == 4 else 0.03
            assert np.std(layer.kernel) == pytest.approx(std, rel=tolerance), layer.name
        if layer.layer.bias is not None:
            np.testing.assert_array_equal(layer.layer.bias, np.zeros(layer.layer.bias.shape))
    np.testing.assert_array_equal(g.get_layer("constant").constant, np.ones((4, 4, 64)))
    assert not any(np.any(layer.strength) for layer in counting.layers_of(g, NoiseInjection))


def by_hand(g, w, size=8):
    """The images of a generator of one size, in NumPy: w `(batch, layers, width)`."""

    def kernel(name):
        layer = g.get_layer(name)
        return layer.coefficient * layer.layer.kernel.numpy()

    def convolved(x, kernel):
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        height, width = x.shape[1:3]
        return sum(padded[:, i : i + height, j : j + width] @ kernel[i, j] for i in range(3) for j in range(3))

    def styled(x, name, w):
        noise, bias, style = (g.get_layer(f"{kind}_{name}") for kind in ("noise", "bias", "style"))
        x = x + noise.strength.numpy() * noise.noise.numpy() + bias.bias.numpy()
        x = np.where(x > 0, x, 0.2 * x)
        x = (x - x.mean(axis=(1, 2), keepdims=True)) / np.sqrt(x.var(axis=(1, 2), keepdims=True) + 1e-8)
        style = w @ (style.style.coefficient * style.style.layer.kernel.numpy()) + style.style.layer.bias.numpy()
        scale, bias = np.split(style[:, None, None], 2, axis=-1)
        return x * (scale + 1) + bias

    constant = g.get_layer("constant").constant.numpy()
    x = styled(np.repeat(constant[None], len(w), axis=0), "4_1", w[:, 0])
    x = styled(convolved(x, kernel("conv_4_2")), "4_2", w[:, 1])
    x = convolved(np.repeat(np.repeat(x, 2, axis=1), 2, axis=2), kernel("conv_8_1"))
    taps = np.outer([1, 2, 1], [1, 2, 1])[:, :, None, None] / 16 * np.eye(x.shape[-1])
    x = styled(convolved(x, taps), "8_1", w[:, 2])
    x = styled(convolved(x, kernel("conv_8_2")), "8_2", w[:, 3])
    return x @ kernel(f"to_rgb_{size}")[0, 0] + g.get_layer(f"to_rgb_{size}").layer.bias.numpy()


def test_the_images_by_hand():
    g = noisy(generator(image_shape=(8, 8, 2), growing=False))
    random = np.random.default_rng(2)
    for variable in g.trainable_variables:
        if "bias" in variable.path:
            variable.assign(0.3 * random.normal(size=variable.shape))
    w = random.normal(size=(3, 4, 7)).astype("float32")
    np.testing.assert_allclose(stylegan.synthesis_of(g)(w), by_hand(g, w), rtol=1e-3, atol=1e-4)


def test_the_mapping_by_hand():
    g = generator()
    z, psi = inputs()
    x = z / np.sqrt(np.mean(z**2, axis=1, keepdims=True) + 1e-8)
    for name in ("mapping_1", "mapping_2"):
        layer = g.get_layer(name)
        layer.layer.bias.assign(np.arange(7.0))
        x = x @ layer.layer.kernel.numpy() * layer.coefficient + 0.01 * np.arange(7.0)
        x = np.where(x > 0, x, 0.2 * x)
    styles = stylegan.mapping_of(g)([z, psi])
    np.testing.assert_allclose(styles, np.repeat(x[:, None], 6, axis=1), rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_the_halves_are_the_whole():
    g = noisy(generator())
    mapping, synthesis = stylegan.mapping_of(g), stylegan.synthesis_of(g)
    styles, images = mapping(inputs()), g(inputs())
    assert styles.shape == (4, 6, 7)
    assert (mapping.input_shape, synthesis.input_shape) == ([(None, 5), (None, 1)], (None, 6, 7))
    tf.nest.map_structure(np.testing.assert_array_equal, synthesis(styles), images)
    np.testing.assert_array_equal(stylegan.generator_at(synthesis, 8)(styles), images["images_8"])
    trained = [{id(variable) for variable in half.trainable_variables} for half in (mapping, synthesis)]
    assert not trained[0] & trained[1]
    assert trained[0] | trained[1] == {id(variable) for variable in g.trainable_variables}
    at_8 = stylegan.generator_at(g, 8)
    np.testing.assert_array_equal(stylegan.synthesis_of(at_8)(stylegan.mapping_of(at_8)(inputs())), images["images_8"])


@pytest.mark.slow
def test_each_layer_has_its_style():
    """A style of layer k changes what comes from layer k on: the images of 4x4 are those of layers 0 and 1."""
    g = generator(image_shape=(8, 8, 2))
    synthesis = stylegan.synthesis_of(g)
    first, second = (np.random.default_rng(seed).normal(size=(2, 4, 7)).astype("float32") for seed in (0, 1))
    before = synthesis(first)
    for k, changes in enumerate(({"images_4", "images"}, {"images_4", "images"}, {"images"}, {"images"})):
        mixed = first.copy()
        mixed[:, k] = second[:, k]
        after = synthesis(mixed)
        assert {name for name in after if np.abs(after[name] - before[name]).max() > 1e-4} == changes


@pytest.mark.slow
def test_the_instance_norms():
    """Before its style, each channel of each layer has mean 0 and variance 1; the constant, which is the same everywhere, 0."""
    g = noisy(generator())
    for layer in counting.layers_of(g, AdaptiveInstanceNormalization):
        layer.style.layer.kernel.assign(np.zeros(layer.style.layer.kernel.shape))
    tensors = {layer.name: layer.output for layer in g.layers if layer.name.startswith("style_")}
    outputs = keras.Model(g.input, tensors)(inputs())
    assert len(outputs) == 6
    for name, x in outputs.items():
        np.testing.assert_allclose(np.mean(x, axis=(1, 2)), 0.0, atol=1e-4, err_msg=name)
        np.testing.assert_allclose(np.var(x, axis=(1, 2)), 1.0, rtol=1e-3, err_msg=name)


@pytest.mark.slow
def test_truncation():
    g = generator(image_shape=(64, 64, 1), base_filters=64)
    average = np.random.default_rng(3).normal(size=7)
    g.get_layer("styles").average.assign(average)
    mapping = stylegan.mapping_of(g)
    styles = mapping(inputs()).numpy()
    assert styles.shape[1] == 10
    truncated = mapping(inputs(0.7)).numpy()
    np.testing.assert_allclose(truncated[:, :8], average + 0.7 * (styles[:, :8] - average), atol=1e-5)
    np.testing.assert_array_equal(truncated[:, 8:], styles[:, 8:])
    np.testing.assert_array_equal(mapping(inputs(0.0))[:, :8], np.broadcast_to(average.astype("float32"), (4, 8, 7)))


@pytest.mark.slow
@pytest.mark.parametrize("cutoff", [8, None])
def test_without_variety_all_images_are_one(cutoff):
    g = generator(truncation_cutoff=cutoff)
    images = g(inputs(0.0))["images"].numpy()
    np.testing.assert_allclose(images, images[:1].repeat(4, axis=0), atol=1e-5)
    assert np.ptp(g(inputs(1.0))["images"], axis=0).max() > 1e-2


@pytest.mark.slow
def test_calls_in_training_move_the_average():
    g = generator(average_decay=0.75)
    w = keras.Model(g.inputs, g.get_layer("mapping_2").output)(inputs()).numpy()
    g(inputs())
    np.testing.assert_array_equal(g.get_layer("styles").average, np.zeros(7))
    g(inputs(), training=True)
    np.testing.assert_allclose(g.get_layer("styles").average, 0.25 * w.mean(axis=0), rtol=1e-4, atol=1e-6)


@pytest.mark.slow
def test_noise():
    g = generator()
    other = generator()
    for layer in counting.layers_of(other, NoiseInjection):
        layer.noise.assign(np.random.default_rng(0).normal(size=layer.noise.shape))
    tf.nest.map_structure(np.testing.assert_array_equal, g(inputs()), other(inputs()))  # of strength 0
    np.testing.assert_array_equal(g(inputs(), training=True)["images"], g(inputs())["images"])
    noisy(g), noisy(other)
    assert np.abs(g(inputs())["images"] - other(inputs())["images"]).max() > 1e-2
    assert len(counting.layers_of(g, NoiseInjection)) == 6
    assert counting.layers_of(generator(noise=False), NoiseInjection) == []
    fresh = [g(inputs(), training=True)["images"] for _ in range(2)]
    assert np.abs(fresh[0] - fresh[1]).max() > 1e-2


@pytest.mark.slow
def test_noise_as_an_input():
    g = noisy(generator())
    whole, synthesis = with_noise_input(g), with_noise_input(stylegan.synthesis_of(g))
    assert {name: tuple(tensor.shape) for name, tensor in whole.input.items()} == {
        "latents": (None, 5),
        "truncation": (None, 1),
        "noise_maps": (None, 2 * (16 + 64 + 256)),
    }
    maps = np.concatenate([np.ravel(layer.noise) for layer in g.layers if isinstance(layer, NoiseInjection)])
    given = dict(zip(("latents", "truncation"), inputs(), strict=True))
    own, images = {"noise_maps": np.tile(maps, (4, 1))}, g(inputs())
    tf.nest.map_structure(np.testing.assert_array_equal, whole({**given, **own}), images)
    tf.nest.map_structure(np.testing.assert_array_equal, whole({**given, **own}, training=True), images)
    styles = stylegan.mapping_of(g)(inputs()).numpy()
    tf.nest.map_structure(np.testing.assert_array_equal, synthesis({"styles": styles, **own}), images)
    first = with_noise_input(stylegan.synthesis_of(stylegan.generator_at(g, 8)))
    assert first.input["noise_maps"].shape == (None, 2 * (16 + 64))
    other = {"noise_maps": np.concatenate([own["noise_maps"][:2], -own["noise_maps"][2:]])}
    changed = synthesis({"styles": styles, **other})["images"].numpy()
    np.testing.assert_allclose(changed[:2], images["images"][:2], atol=1e-5)
    assert np.abs(changed[2:] - images["images"][2:]).min(axis=(1, 2, 3)).max() > 0
    assert list(with_noise_input(generator(noise=False)).input) == ["latents", "truncation"]


@pytest.mark.slow
def test_networks_of_each_size_fade_in_as_progressive_gans():
    g, d = generator(), stylegan.discriminator(**SMALL)
    for network in (g, d):
        for size, layer in stylegan.fades(network).items():
            layer.fade.assign({8: 0.5, 16: 0.0}[size])
    images = g(inputs())
    enlarged = np.repeat(np.repeat(images["images_8"], 2, axis=1), 2, axis=2)
    np.testing.assert_array_equal(images["images"], enlarged)
    np.testing.assert_allclose(stylegan.generator_at(g, 8)(inputs()), images["images_8"], atol=1e-6)
    x = pictures()
    halved = tf.nn.avg_pool2d(x, 2, 2, "VALID")
    scores = d(x)
    np.testing.assert_allclose(stylegan.discriminator_at(d, 16)(x), scores["scores"], rtol=1e-5)
    np.testing.assert_allclose(stylegan.discriminator_at(d, 8)(halved), scores["scores_8"], rtol=1e-5)
    assert [layer.group_size for layer in counting.layers_of(d, MinibatchStdDev)] == [4]


def test_the_discriminator_averages_before_its_activation():
    d = stylegan.discriminator(**SMALL)
    block = d.get_layer("block_8")
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 6)).astype("float32")
    blurred = keras.Model(block.input, block.get_layer("blur").output)(x)
    y = tf.nn.avg_pool2d(block.get_layer("conv_2")(blurred), 2, 2, "VALID")
    np.testing.assert_allclose(block(x), tf.where(y > 0, y, 0.2 * y), atol=1e-6)
    assert [layer.name for layer in block.layers[1:]] == ["conv_1", "blur", "conv_2", "average", "act"]


@pytest.mark.slow
def test_classes():
    g, d = generator(classes=3), stylegan.discriminator(**SMALL, classes=3)
    assert [tensor.name for tensor in g.inputs] == ["latents", "condition", "truncation"]
    z, rows, psi = inputs(classes=3)
    embedding = g.get_layer("embedding").embeddings.numpy()
    assert embedding.shape == (3, 5)
    joined = np.concatenate([z, rows @ embedding], axis=1)
    normalized = joined / np.sqrt(np.mean(joined**2, axis=1, keepdims=True) + 1e-8)
    found = keras.Model(g.inputs, g.get_layer("latents_norm").output)([z, rows, psi])
    np.testing.assert_allclose(found, normalized, atol=1e-5)
    assert np.abs(g([z, rows, psi])["images"] - g([z, rows[::-1], psi])["images"]).max() > 1e-3
    # The score of the class.
    x = pictures()
    head = d.get_layer("head")
    every = keras.Model(head.inputs, head.get_layer("scores").output)
    features = d.get_layer("block_8")(d.get_layer("block_16")(d.get_layer("from_rgb_16")(x))).numpy()
    np.testing.assert_allclose(d([x, rows])["scores"][:, 0], np.sum(every([features, rows]) * rows, axis=1), rtol=1e-4, atol=1e-6)
    assert stylegan.discriminator_at(d, 4).output_shape == (None, 1)
    with counting.without_weights():
        counts = counting.trainable(stylegan.mapping(classes=10)), counting.trainable(stylegan.discriminator(classes=10))
    assert counts == (2_101_248 + 10 * 512 + 512 * 512, 23_087_249 + 9 * 513)


@pytest.mark.parametrize(("classes", "width"), [(None, 5), (3, 10)])
def test_without_a_mapping_the_styles_are_the_normalized_latents(classes, width):
    g = generator(mapping_layers=0, classes=classes)
    styles = stylegan.mapping_of(g)(inputs(classes=classes)).numpy()
    assert styles.shape == (4, 6, width)
    np.testing.assert_allclose(np.mean(styles**2, axis=-1), 1.0, rtol=1e-5)
    if classes is None:
        z = inputs()[0]
        np.testing.assert_allclose(styles[:, 0], z / np.sqrt(np.mean(z**2, axis=1, keepdims=True) + 1e-8), rtol=1e-5)


@pytest.mark.slow
def test_gradients_reach_every_weight_of_a_size():
    g, d = generator(), stylegan.discriminator(**SMALL)
    for network in (g, d):
        for layer in stylegan.fades(network).values():
            layer.fade.assign(0.5)
    for size in (4, 8, 16):
        at, judge = stylegan.generator_at(g, size), stylegan.discriminator_at(d, size)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(judge(at(inputs(), training=True)))
        variables = at.trainable_variables + judge.trainable_variables
        assert len(at.trainable_variables) == 4 + 1 + (2 * 5 - 1) + 2 + (2 * 5 + 2) * (size.bit_length() - 3)
        for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
            # A constant map has no variance to change: what is added everywhere is taken away.
            assert np.any(gradient != 0) or variable.path in ("bias_4_1/bias",), variable.path


@pytest.mark.slow
def test_saved_loaded_and_copied(tmp_path):
    """A file holds the whole, also after halves of it are taken."""
    g = noisy(generator(classes=2))
    stylegan.synthesis_of(g), with_noise_input(g), stylegan.mapping_of(g)
    g(inputs(classes=2), training=True)
    images = g(inputs(0.5, classes=2))
    g.save(tmp_path / "network.keras")
    for copy in (keras.saving.load_model(tmp_path / "network.keras"), clone(g)):
        tf.nest.map_structure(np.testing.assert_array_equal, copy(inputs(0.5, classes=2)), images)
        styles = stylegan.mapping_of(copy)(inputs(0.5, classes=2))
        tf.nest.map_structure(np.testing.assert_array_equal, stylegan.synthesis_of(copy)(styles), images)


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision(policy):
    full = generator()
    keras.config.set_dtype_policy(policy)
    try:
        g, d = generator(), stylegan.discriminator(**SMALL)
    finally:
        keras.config.set_dtype_policy("float32")
    images = g(inputs())
    assert {each.dtype for each in images.values()} == {tf.float32}
    assert {each.dtype for each in d(images["images"]).values()} == {tf.float32}
    assert {variable.dtype for variable in g.weights + d.weights} == {"float32"}
    # The mapping and the styles are computed in float32, whatever the policy.
    np.testing.assert_array_equal(stylegan.mapping_of(g)(inputs()), stylegan.mapping_of(full)(inputs()))
    assert {layer.compute_dtype for layer in g.layers if layer.name.startswith(("conv", "blur", "act", "bias"))} == {
        policy.removeprefix("mixed_")
    }
    assert np.corrcoef(np.ravel(images["images"]), np.ravel(full(inputs())["images"]))[0, 1] > 0.999


def test_errors():
    for build in (stylegan.generator, stylegan.synthesis, stylegan.discriminator):
        with pytest.raises(ValueError, match="StyleGAN's networks.*their size is a power of two, one of 4, 8"):
            build((24, 24, 3))
        with pytest.raises(ValueError, match="`max_filters` must be an int >= 1"):
            build((16, 16, 3), max_filters=0)
    for arguments, message in (
        ({"latents": 0}, "`latents` must be an int >= 1"),
        ({"mapping_layers": -1}, "`mapping_layers` must be an int >= 0"),
        ({"style_width": 0}, "`style_width` must be an int >= 1"),
        ({"classes": 0}, "`classes` must be an int >= 1"),
    ):
        with pytest.raises(ValueError, match=message):
            stylegan.mapping(**arguments)
    with pytest.raises(ValueError, match="`truncation_cutoff` must be an int >= 0"):
        generator(truncation_cutoff=-1)
    for half in (stylegan.mapping_of, stylegan.synthesis_of):
        with pytest.raises(
            ValueError, match="must have styles, from one layer StyleTruncation. Received: progan_generator, with 0"
        ):
            half(progan.generator(**SMALL, latents=5))
