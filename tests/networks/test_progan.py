"""Section 17 of the facts: two networks that hold those of all sizes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import EqualizedLearningRate
from keras_gans.layers import MinibatchStdDev
from keras_gans.networks import progan
from keras_gans.networks import with_augmentation
from keras_gans.utils.copies import clone
from keras_gans.utils.networks import final_operations
from tests.networks import counting

SMALL = {"image_shape": (16, 16, 2), "base_filters": 32, "max_filters": 6}


def small(classes=None):
    keras.utils.set_random_seed(0)
    return progan.generator(**SMALL, latents=5, classes=classes), progan.discriminator(**SMALL, classes=classes)


def latents(count=4):
    return np.random.default_rng(0).normal(size=(count, 5)).astype("float32")


def pictures(size=16, count=4):
    return np.random.default_rng(1).uniform(-1, 1, (count, size, size, 2)).astype("float32")


def enlarged(images, times=2):
    return np.repeat(np.repeat(images, times, axis=1), times, axis=2)


def halved(images):
    return tf.nn.avg_pool2d(images, 2, 2, "VALID").numpy()


def set_fades(network, **values):
    for size, layer in progan.fades(network).items():
        layer.fade.assign(values[f"at_{size}"])


@pytest.mark.parametrize(
    ("size", "filters", "generator", "discriminator"),
    [
        (1024, {}, 23_079_115, 23_087_249),
        (512, {}, 23_072_120, 23_080_225),
        (256, {}, 23_044_309, 23_052_353),
        (128, {}, 22_933_394, 22_941_313),
        (64, {}, 22_490_383, 22_498_049),
        (32, {}, 20_719_628, 20_726_785),
        (128, {"base_filters": 2048}, 13_629_810, 13_636_897),
        (32, {"base_filters": 4096, "max_filters": 128}, 1_296_908, 1_298_689),
    ],
)
def test_counts(size, filters, generator, discriminator):
    width = {"latents": 128} if "max_filters" in filters else {}
    with counting.without_weights():
        g, d = progan.generator((size, size, 3), **width, **filters), progan.discriminator((size, size, 3), **filters)
    assert (counting.trainable(g), counting.trainable(d)) == (generator, discriminator)
    assert list(progan.fades(g)) == list(progan.fades(d)) == [2**k for k in range(3, size.bit_length())]
    assert tuple(g.output["images"].shape) == (None, size, size, 3)


def test_the_parts():
    with counting.without_weights():
        g, d = progan.generator(growing=False), progan.discriminator(growing=False)
    assert (counting.trainable(g), counting.trainable(d)) == (23_071_507, 23_077_137)
    assert (g.output_shape, d.output_shape) == ((None, 1024, 1024, 3), (None, 1))
    assert progan.fades(g) == progan.fades(d) == {}
    sizes = [2**k for k in range(3, 11)]
    assert counting.parts(g, "stem") == [4_194_304 + 512]
    assert counting.parts(g, "conv_4", *(f"conv_{size}_" for size in sizes), "to_rgb_1024") == [
        *(2_359_808, 4_719_616, 4_719_616, 4_719_616, 1_769_984, 442_624, 110_720, 27_712, 6_944, 51)
    ]
    assert counting.parts(d, "head", *(f"block_{size}" for size in sizes), "from_rgb_1024") == [
        *(6_559_745, 4_719_616, 4_719_616, 4_719_616, 1_770_240, 442_752, 110_784, 27_744, 6_960, 64)
    ]
    assert [counting.trainable(d.get_layer("head").get_layer(name)) for name in ("conv", "features", "scores")] == [
        *(2_364_416, 4_194_816, 513)
    ]


def test_rgb_layers():
    with counting.without_weights():
        g, d = progan.generator(), progan.discriminator()
    sizes = [2**k for k in range(2, 11)]
    assert counting.parts(g, *(f"to_rgb_{size}" for size in sizes[:-1]), "to_rgb_1024")[:-1] == [
        *(1_539, 1_539, 1_539, 1_539, 771, 387, 195, 99)
    ]
    assert counting.parts(d, *(f"from_rgb_{size}" for size in sizes)) == [*(2_048,) * 4, 1_024, 512, 256, 128, 64]
    constants = {layer.name: round(layer.coefficient, 7) for layer in counting.layers_of(g, EqualizedLearningRate)}
    assert (constants["stem"], constants["conv_4"], constants["to_rgb_4"]) == (0.015625, 0.0208333, 0.0441942)
    head = {layer.name: round(layer.coefficient, 7) for layer in d.get_layer("head").layers if hasattr(layer, "coefficient")}
    assert head == {"conv": 0.020813, "features": 0.015625, "scores": 0.0441942}
    every = counting.layers_of(g, EqualizedLearningRate) + counting.layers_of(d, EqualizedLearningRate)
    linear = {layer.name for layer in every if layer.activation is keras.activations.linear}
    assert linear == {"scores", *(f"to_rgb_{size}" for size in sizes)}
    assert all(layer.gain == (1.0 if layer.name in linear else 2**0.5) for layer in every)
    assert float(keras.activations.get("leaky_relu")(tf.constant(-1.0))) == pytest.approx(-0.2)


def test_initial_weights():
    g = progan.generator((8, 8, 3), latents=64, base_filters=512, max_filters=64)
    d = progan.discriminator((8, 8, 3), base_filters=512, max_filters=64)
    for layer in counting.layers_of(g, EqualizedLearningRate) + counting.layers_of(d, EqualizedLearningRate):
        if layer.kernel.shape[-1] == 64 and len(layer.kernel.shape) == 4 and layer.kernel.shape[0] > 1:
            assert np.std(layer.kernel) == pytest.approx(1.0, abs=0.015), layer.name
        np.testing.assert_array_equal(layer.layer.bias, np.zeros(layer.layer.bias.shape))


@pytest.mark.slow
def test_the_images_of_each_size_are_faded_in():
    g, _ = small()
    z = latents()
    set_fades(g, at_8=0.0, at_16=0.0)
    images = {name: each.numpy() for name, each in g(z).items()}
    assert {name: each.shape for name, each in images.items()} == {
        name: (4, size, size, 2) for name, size in (("images_4", 4), ("images_8", 8), ("images", 16))
    }
    np.testing.assert_array_equal(images["images_8"], enlarged(images["images_4"]))
    np.testing.assert_array_equal(images["images"], enlarged(images["images_4"], 4))
    set_fades(g, at_8=1.0, at_16=0.0)
    new = g(z)["images_8"].numpy()
    np.testing.assert_array_equal(g(z)["images"], enlarged(new))
    rgb = keras.Model(g.input, g.get_layer("to_rgb_8").output)(z)
    np.testing.assert_array_equal(new, rgb)
    set_fades(g, at_8=0.25, at_16=0.0)
    np.testing.assert_allclose(g(z)["images_8"], 0.75 * images["images_8"] + 0.25 * new, atol=1e-6)


@pytest.mark.slow
def test_training_goes_on_without_a_jump_where_a_size_begins():
    """The network of size 8 with a share of 0 is the one of size 4; with a share near 0 it is near."""
    g, d = small()
    z, x = latents(), pictures(8)
    at_4, at_8 = progan.generator_at(g, 4), progan.generator_at(g, 8)
    set_fades(g, at_8=0.0, at_16=0.0)
    np.testing.assert_array_equal(at_8(z), enlarged(at_4(z).numpy()))
    set_fades(d, at_8=0.0, at_16=0.0)
    before = progan.discriminator_at(d, 4)(halved(x)).numpy()
    np.testing.assert_allclose(progan.discriminator_at(d, 8)(x), before, rtol=1e-6)
    set_fades(d, at_8=1e-4, at_16=0.0)
    after = progan.discriminator_at(d, 8)(x).numpy()
    assert not np.array_equal(after, before)
    np.testing.assert_allclose(after, before, atol=1e-2)


@pytest.mark.slow
def test_only_the_newest_size_of_the_discriminator_is_faded():
    _, d = small()
    x = pictures()
    set_fades(d, at_8=1.0, at_16=1.0)
    whole = d(x)["scores"].numpy()
    set_fades(d, at_8=0.5, at_16=1.0)
    np.testing.assert_array_equal(d(x)["scores"], whole)
    # With a share of 1 it begins with the largest map alone: the same layers, one after the other.
    y = d.get_layer("from_rgb_16")(x)
    for name in ("block_16", "block_8", "head"):
        y = d.get_layer(name)(y)
    np.testing.assert_allclose(whole, y, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("classes", [None, 3])
def test_the_networks_of_each_size_are_parts_of_the_whole(classes):
    g, d = small(classes)
    set_fades(g, at_8=0.5, at_16=0.25)
    set_fades(d, at_8=0.5, at_16=0.25)
    z, x = latents(), pictures()
    inputs = z if classes is None else [z, np.eye(3, dtype="float32")[[0, 1, 2, 0]]]
    images, scores = g(inputs), d(x)
    heads = ["scores"] if classes is None else ["scores", "classes"]
    assert set(scores) == {f"{head}{size}" for head in heads for size in ("", "_8", "_4")}
    for size in (16, 8, 4):
        end = "" if size == 16 else f"_{size}"
        at = progan.generator_at(g, size)
        assert (at.output_shape, at.inputs[0].name) == ((None, size, size, 2), "latents")
        np.testing.assert_allclose(at(inputs), images[f"images{end}"], atol=1e-6)
        at = progan.discriminator_at(d, size)
        assert [tensor.name for tensor in at.inputs] == ["images"]
        output = at(x)
        for head in heads:
            said = output if classes is None else output[head]
            np.testing.assert_allclose(said, scores[f"{head}{end}"], rtol=1e-4, atol=1e-6)
        x = halved(x)
    assert len(d.layers) == len({layer.name for layer in d.layers})
    for at, network in ((progan.generator_at, g), (progan.discriminator_at, d)):
        assert {id(variable) for variable in at(network, 8).trainable_variables} < {id(v) for v in network.trainable_variables}


@pytest.mark.slow
def test_gradients_reach_every_weight_of_a_size():
    g, d = small()
    set_fades(g, at_8=0.5, at_16=0.5)
    set_fades(d, at_8=0.5, at_16=0.5)
    for size in (4, 8, 16):
        at, judge = progan.generator_at(g, size), progan.discriminator_at(d, size)
        assert len(at.trainable_variables) == 2 * ((size.bit_length() - 3) * 3 + 3)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(judge(at(latents())))
        variables = at.trainable_variables + judge.trainable_variables
        for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
            assert np.any(gradient != 0), variable.path


@pytest.mark.slow
def test_the_length_of_latents_does_not_matter():
    g, _ = small()
    z = latents()
    np.testing.assert_allclose(g(z)["images"], g(7 * z)["images"], atol=1e-5)
    norm = keras.Model(g.input, g.get_layer("latents_norm").output)(z)
    np.testing.assert_allclose(np.mean(np.square(norm), axis=-1), 1.0, rtol=1e-5)


@pytest.mark.slow
def test_examples_of_a_group_are_judged_together():
    _, d = small()
    x = pictures(count=8)
    together = progan.discriminator_at(d, 16)(x).numpy()
    alone = progan.discriminator_at(d, 16)(x[:1]).numpy()
    assert not np.allclose(together[:1], alone, rtol=1e-6)
    layers = counting.layers_of(d, MinibatchStdDev)
    assert [layer.group_size for layer in layers] == [4]
    d = progan.discriminator((4, 4, 2), 32, 6, group_size=None)
    assert [layer.group_size for layer in counting.layers_of(d, MinibatchStdDev)] == [None]


@pytest.mark.slow
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_saved_loaded_and_copied(player, tmp_path):
    """A file holds the whole, also after parts of it are taken."""
    network = small()[player == "discriminator"]
    at, inputs, part = (
        (progan.generator_at, latents(), latents())
        if player == "generator"
        else (progan.discriminator_at, pictures(), pictures(8))
    )
    set_fades(network, at_8=0.5, at_16=0.25)
    output, of_8 = network(inputs), at(network, 8)(part)
    network.save(tmp_path / "network.keras")
    for copy in (keras.saving.load_model(tmp_path / "network.keras"), clone(network)):
        assert {size: float(layer.fade) for size, layer in progan.fades(copy).items()} == {8: 0.5, 16: 0.25}
        tf.nest.map_structure(np.testing.assert_array_equal, copy(inputs), output)
        np.testing.assert_array_equal(at(copy, 8)(part), of_8)


@pytest.mark.slow
def test_half_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        g, d = small()
    finally:
        keras.config.set_dtype_policy("float32")
    images = g(latents())
    assert {each.dtype for each in images.values()} == {tf.float32}
    assert {each.dtype for each in d(images["images"]).values()} == {tf.float32}
    assert {variable.dtype for variable in g.variables + d.variables} == {"float32"}


def test_the_smallest():
    g, d = progan.generator((4, 4, 1), 3, 8, 4), progan.discriminator((4, 4, 1), 8, 4)
    images = g(np.ones((2, 3), "float32"))
    assert {name: each.shape for name, each in images.items()} == {"images": (2, 4, 4, 1)}
    assert d(images["images"])["scores"].shape == (2, 1)
    assert progan.fades(g) == progan.fades(d) == {}
    assert progan.discriminator_at(d, 4).output_shape == (None, 1)
    assert final_operations(g.output["images"]) == ["linear"]
    plain = progan.discriminator((8, 8, 1), 8, 4, classes=2, growing=False)
    assert {name: tuple(head.shape) for name, head in plain.output.items()} == {"scores": (None, 1), "classes": (None, 2)}


def test_errors():
    for build in (progan.generator, progan.discriminator):
        with pytest.raises(ValueError, match="their size is a power of two, one of 4, 8"):
            build((24, 24, 3))
        with pytest.raises(ValueError, match="`base_filters` must be an int >= 8"):
            build((16, 16, 3), base_filters=7)
        with pytest.raises(ValueError, match="`max_filters` must be an int >= 1"):
            build((16, 16, 3), max_filters=0)
        with pytest.raises(ValueError, match="`classes` must be an int >= 1"):
            build(**SMALL, classes=0)
    with pytest.raises(ValueError, match="`latents` must be an int >= 1"):
        progan.generator(**SMALL, latents=0)
    g, d = progan.generator((8, 8, 1), 3, 8, 4), progan.discriminator((8, 8, 1), 8, 4)
    for at, network in ((progan.generator_at, g), (progan.discriminator_at, d)):
        with pytest.raises(ValueError, match=r"one of \[4, 8\]. Received: size=16"):
            at(network, 16)
    for at, build in ((progan.generator_at, progan.generator), (progan.discriminator_at, progan.discriminator)):
        with pytest.raises(ValueError, match="make it with `growing=True`"):
            at(build(**SMALL, growing=False), 16)


@pytest.mark.slow
@pytest.mark.parametrize("size", [4, 8, 16])
def test_each_size_has_what_stands_before_the_discriminator(size):
    class Shifted(keras.layers.Layer):
        def call(self, x, training=False):
            return x + 1.0 if training else x

    whole, x = small(classes=3)[1], pictures(size)
    plain, shifted = (progan.discriminator_at(network, size) for network in (whole, with_augmentation(whole, Shifted())))
    for name, expected in plain(x + 1.0).items():
        np.testing.assert_allclose(shifted(x, training=True)[name], expected, atol=1e-6)
        np.testing.assert_array_equal(shifted(x)[name], plain(x)[name])
