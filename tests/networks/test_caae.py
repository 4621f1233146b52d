"""Section 7 of the facts: counts to the unit, where the labels enter and how often, what the layers compute."""

import keras
import numpy as np
import pytest

from keras_gans.networks import caae
from tests.networks import counting

RANDOM = np.random.default_rng(0)
SMALL = {"image_shape": (16, 16, 3), "filters": 4}


def labels(batch, classes):
    return 2 * np.eye(classes, dtype="float32")[np.arange(batch) % classes] - 1


def uniform(*shape):
    return RANDOM.uniform(-1, 1, shape).astype("float32")


def counts(network):
    return counting.trainable(network), counting.total(network)


def test_counts():
    with counting.without_weights():
        e, d_z = caae.encoder(), caae.code_discriminator()
        g, d = caae.generator(), caae.discriminator()
        g_age, d_age = caae.generator(genders=None), caae.discriminator(genders=None)
    assert counts(e) == (18_234_034, 18_234_034)
    assert counts(g) == (19_948_195, 19_948_195)
    assert counts(g_age) == (19_128_995, 19_128_995)
    assert counts(d_z) == (6_001, 6_001 + 224)
    assert counts(d) == (8_677_137, 8_677_137 + 480)
    assert counts(d_age) == (8_669_137, 8_669_137 + 480)


def test_the_layers():
    with counting.without_weights():
        e, g, d = caae.encoder(), caae.generator(), caae.discriminator()
        g_age = caae.generator(genders=None)
    convs = [f"conv_{k}" for k in range(1, 6)]
    assert counting.parts(e, *convs, "code") == [4_864, 204_928, 819_456, 3_277_312, 13_108_224, 819_250]
    assert [e.get_layer(name).output.shape[1] for name in convs] == [64, 32, 16, 8, 4]
    parts = ["stem", *(f"up_{k}" for k in range(1, 6)), "last_1", "to_rgb"]
    assert counting.parts(g, *parts) == [2_473_984, 13_107_712, 3_277_056, 819_328, 204_864, 51_232, 12_816, 1_203]
    assert counting.parts(g_age, "stem") == [1_654_784]
    assert [g.get_layer(f"up_{k}").output.shape[1:3] for k in range(1, 6)] == [(8, 8), (16, 16), (32, 32), (64, 64), (128, 128)]
    assert [g.get_layer(name).output.shape[1:] for name in ("last_1", "to_rgb")] == [(128, 128, 16), (128, 128, 3)]
    assert d.get_layer("conv_2").input.shape[1:] == (64, 64, 36)
    assert d.get_layer("hidden").input.shape[1] == 8 * 8 * 128
    for network in (e, g):  # they have none, which would blur identity
        assert not counting.norms(network)
    for network in (d, caae.code_discriminator()):
        norms = counting.layers_of(network, keras.layers.BatchNormalization)
        assert all((each.momentum, each.epsilon, each.scale, each.center) == (0.999, 1e-3, False, True) for each in norms)
    assert [each.negative_slope for each in counting.layers_of(d, keras.layers.LeakyReLU)] == [0.2]


@pytest.mark.slow
def test_inputs_and_outputs_have_names():
    g, d = caae.generator(**SMALL), caae.discriminator(**SMALL)
    assert [(x.name, x.shape[1:]) for x in g.inputs] == [("latents", (50,)), ("age", (10,)), ("gender", (2,))]
    assert [(x.name, x.shape[1:]) for x in d.inputs] == [("images", (16, 16, 3)), ("age", (10,)), ("gender", (2,))]
    assert [x.name for x in caae.generator(**SMALL, genders=None).inputs] == ["latents", "age"]
    assert [x.name for x in caae.discriminator(**SMALL, genders=None).inputs] == ["images", "age"]
    e, d_z = caae.encoder(**SMALL), caae.code_discriminator()
    assert (e.inputs[0].name, e.output["latents"].shape) == ("images", (None, 50))
    assert (d_z.inputs[0].name, d_z.output_shape) == ("latents", (None, 1))
    codes = e(10 * uniform(4, 16, 16, 3))["latents"].numpy()
    assert np.abs(codes).max() <= 1
    images = g([codes, labels(4, 10), labels(4, 2)]).numpy()
    assert images.shape == (4, 16, 16, 3)
    assert np.abs(images).max() < 1
    assert d([images, labels(4, 10), labels(4, 2)]).shape == d_z(codes).shape == (4, 1)
    for network in (e, g, d, d_z):
        assert all(each.dtype == "float32" for each in keras.tree.flatten(network.output))


@pytest.mark.parametrize(("latents", "ages", "tiled"), [(50, 10, (5, 25)), (8, 3, (2, 4)), (4, 9, (1, 2)), (1, 2, (1, 1))])
def test_labels_are_tiled_to_about_the_width_of_the_code(latents, ages, tiled):
    """The stem sees [z, age, age, ..., gender, gender, ...]."""
    g = caae.generator(**SMALL, latents=latents, ages=ages)
    z, age, gender = uniform(3, latents), labels(3, ages), labels(3, 2)
    joined = keras.Model(g.inputs, g.get_layer("stem").input)([z, age, gender])
    expected = np.concatenate([z, np.tile(age, (1, tiled[0])), np.tile(gender, (1, tiled[1]))], axis=1)
    np.testing.assert_array_equal(joined, expected)


def test_labels_are_planes_after_the_first_convolution_of_the_discriminator():
    d = caae.discriminator(**SMALL, ages=4)
    age, gender = labels(3, 4), labels(3, 2)
    joined = keras.Model(d.inputs, d.get_layer("conv_2").input)([uniform(3, 16, 16, 3), age, gender]).numpy()
    assert joined.shape == (3, 8, 8, 4 // 4 + 4 + 2 * 2)
    np.testing.assert_array_equal(joined[..., 1:5], np.broadcast_to(age[:, None, None], (3, 8, 8, 4)))
    np.testing.assert_array_equal(joined[..., 5:], np.broadcast_to(np.tile(gender, 2)[:, None, None], (3, 8, 8, 4)))


@pytest.mark.slow
@pytest.mark.parametrize("size", [8, 32, 64])
def test_other_sizes(size):
    shape, filters = (size, size, 1), 4
    levels = int(np.log2(size)) - 2
    e, g = caae.encoder(shape, filters=filters, latents=6), caae.generator(shape, latents=6, ages=3, filters=filters)
    d = caae.discriminator(shape, ages=3, filters=filters)
    assert len(counting.layers_of(e, keras.layers.Conv2D)) == levels
    assert len(counting.layers_of(g, keras.layers.Conv2DTranspose)) == levels + 2
    assert (
        g.get_layer("stem_map").output.shape[1:]
        == (4, 4, filters * 2 ** (levels - 1))
        == e.get_layer(f"conv_{levels}").output.shape[1:]
    )
    assert g.get_layer(f"up_{levels}").output.shape[1:] == (size, size, filters // 2)
    assert len(counting.layers_of(d, keras.layers.Conv2D)) == 4
    image = g([e(uniform(2, *shape))["latents"].numpy(), labels(2, 3), labels(2, 2)]).numpy()
    assert d([image, labels(2, 3), labels(2, 2)]).shape == (2, 1)


def test_the_same_code_with_another_label_is_another_image():
    e, g = caae.encoder(**SMALL), caae.generator(**SMALL, genders=None)
    for variable in g.trainable_variables:
        variable.assign(5 * variable)
    images = uniform(1, 16, 16, 3)
    codes = np.repeat(e(images)["latents"], 10, axis=0)
    made = g([codes, labels(10, 10)]).numpy()
    distances = np.abs(made[:, None] - made[None]).max(axis=(2, 3, 4))
    assert (distances[~np.eye(10, dtype=bool)] > 1e-6).all()
    np.testing.assert_array_equal(e(images)["latents"], codes[:1])


def test_initial_weights():
    e, d = caae.encoder((16, 16, 3), filters=64), caae.discriminator((16, 16, 3))
    kernel, dense = e.get_layer("conv_2").kernel.numpy(), e.get_layer("code").kernel.numpy()
    assert np.abs(kernel).max() <= 0.04 + 1e-7  # truncated at two standard deviations
    assert kernel.std() == pytest.approx(0.02 * 0.8796, rel=0.05)
    assert dense.std() == pytest.approx(0.02, rel=0.05)
    assert np.abs(dense).max() > 0.06
    assert d.get_layer("hidden").kernel.numpy().std() == pytest.approx(0.02, rel=0.05)
    assert not any(np.any(variable) for variable in e.trainable_variables if variable.name == "bias")


@pytest.mark.slow
def test_saved_and_loaded(tmp_path):
    networks = {
        caae.generator(**SMALL): [uniform(2, 50), labels(2, 10), labels(2, 2)],
        caae.discriminator(**SMALL): [uniform(2, 16, 16, 3), labels(2, 10), labels(2, 2)],
    }
    for network, inputs in networks.items():
        network.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        np.testing.assert_array_equal(loaded(inputs), network(inputs))


def test_what_is_refused():
    for build in (caae.encoder, caae.generator, caae.discriminator):
        for shape in ((48, 48, 3), (64, 32, 3), (4, 4, 3), (64, 64)):
            with pytest.raises(ValueError, match=r"a power of two, one of 8, 16|\(height, width, channels\)"):
                build(shape)
    for build in (caae.generator, caae.discriminator):
        with pytest.raises(ValueError, match="`ages` must be an int >= 2"):
            build(ages=1)
        with pytest.raises(ValueError, match="`genders` must be an int >= 2"):
            build(genders=0)
        with pytest.raises(ValueError, match="`filters` must be an int >= 4"):
            build(filters=3)
    for build in (caae.encoder, caae.generator, caae.code_discriminator):
        with pytest.raises(ValueError, match="`latents`"):
            build(latents=0)
    with pytest.raises(ValueError, match="`units`"):
        caae.code_discriminator(units=())
