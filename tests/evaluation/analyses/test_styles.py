"""W of a generator with styles: as a space, for path lengths, projection and mixing."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import evaluation
from keras_gans import networks
from keras_gans.evaluation import StyleSpace
from tests import tiny


@pytest.fixture(scope="module")
def gan():
    keras.utils.set_random_seed(0)
    network, small = networks.stylegan2, {"image_shape": (8, 8, 1), "base_filters": 64, "max_filters": 4}
    generator = network.generator(**small, latents=4, mapping_layers=2, style_width=3)
    for name in ("up_8", "conv_8", "conv_4"):
        generator.get_layer(f"noise_{name}").strength.assign(0.2)
    return keras_gans.StyleGAN2(generator, network.discriminator(**small), ema=None)


@pytest.mark.slow
def test_a_space_of_styles(gan):
    space = StyleSpace(gan)
    styles = space.sample(5, seed=1)
    assert space.latent_shape == (3,) and styles.shape == (5, 3)
    images = space.generate(5, latents=styles)
    np.testing.assert_allclose(images, gan.generate(latents=gan.latents.sample(5, (0, 1))), atol=1e-5)
    np.testing.assert_allclose(space.run(styles), images, atol=1e-5)
    each = StyleSpace(gan, "w+")
    assert each.latent_shape == (4, 3) and each.sample(2).shape == (2, 4, 3)
    np.testing.assert_allclose(each.run(np.repeat(styles[:, None], 4, axis=1)), images, atol=1e-5)


@pytest.mark.slow
def test_the_mean_and_the_deviation(gan):
    space = StyleSpace(gan)
    mean, deviation = space.mean_and_deviation(2000)
    w = space.sample(2000, seed=0)
    np.testing.assert_allclose(mean, w.mean(axis=0), rtol=1e-5)
    assert deviation == pytest.approx(np.sqrt(w.var(axis=0).sum()), rel=1e-5)


def test_the_directions_of_w_are_its_principal_components(gan):
    space = StyleSpace(gan)
    found = space.directions(2, num_samples=500)
    w = space.sample(500).astype("float64")
    values, vectors = np.linalg.eigh(np.cov(w.T, bias=True))
    np.testing.assert_allclose(np.abs(np.sum(found.directions * vectors.T[:0:-1], axis=1)), 1, rtol=1e-4)
    np.testing.assert_allclose(found.scales, np.sqrt(values[:0:-1]), rtol=1e-4)
    np.testing.assert_allclose(found.explained, values[:0:-1] / values.sum(), rtol=1e-4)
    styles = gan.map(gan.latents.sample(2, (0, 5)))
    moved = found.move(styles[:, 1:3], [0.0, 1.5])
    np.testing.assert_allclose(moved, styles[:, 1:3] + 1.5 * found.scales[1] * found.directions[1], rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_path_length_in_w(gan):
    space = StyleSpace(gan)
    start, end = space.sample(8, seed=1), space.sample(8, seed=2)
    found = evaluation.perceptual_path_length(space, start, end, epsilon=1e-2, method="lerp", where="end")
    images = [space.run(start + t * (end - start)).numpy().astype("float64") for t in (0, 1e-2)]
    expected = np.sum((images[1] - images[0]) ** 2, axis=(1, 2, 3)) / 1e-4
    np.testing.assert_allclose(found.lengths, expected, rtol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("space", ["w", "w+"])
def test_an_image_of_its_own_is_found_again(gan, space):
    weights = [variable.numpy() for variable in gan.generator.weights]
    latents = gan.latents.sample(2, (0, 5))
    images = gan.generate(latents=latents)
    first = StyleSpace(gan, space)
    start = np.sum((first.run(np.broadcast_to(first.mean_and_deviation()[0], (2, *first.latent_shape))) - images) ** 2, (1, 2, 3))
    found = evaluation.project(gan, images, space, steps=200)
    assert found.latents.shape == (2, *first.latent_shape)
    assert (found.losses < 0.05 * start).all()
    np.testing.assert_allclose(found.losses, np.sum((found.images - images) ** 2, axis=(1, 2, 3)), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(first.run(found.latents), found.images, atol=1e-5)
    for before, after in zip(weights, gan.generator.weights, strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.slow
def test_w_plus_comes_nearer_to_what_no_latents_make(gan):
    images = tiny.images(2, (8, 8, 1))
    one = evaluation.project(gan, images, "w", steps=100)
    each = evaluation.project(gan, images, "w+", steps=100, initial=np.repeat(one.latents[:, None], 4, axis=1))
    assert (each.losses < one.losses).all()


@pytest.mark.slow
def test_the_distance_is_the_callers(gan):
    seen = []

    def absolute(generated, images):
        seen.append(generated.shape)
        return tf.reduce_sum(abs(generated - images), axis=[1, 2, 3])

    found = evaluation.project(gan, gan.generate(2, seed=0), steps=3, distance=absolute)
    assert seen and found.losses.shape == (2,)


@pytest.mark.slow
def test_the_table(gan):
    table = evaluation.style_mixing_table(gan, [1, 2], [3, 4, 5], [2, 3])
    assert table.shape == (3, 4, 8, 8, 1)
    assert (table[0, 0] == 1).all()
    np.testing.assert_allclose(table[1:, 0], [gan.generate(1, seed=seed, noise="fixed")[0] for seed in (1, 2)], atol=1e-6)
    np.testing.assert_allclose(table[0, 1:], [gan.generate(1, seed=seed, noise="fixed")[0] for seed in (3, 4, 5)], atol=1e-6)
    np.testing.assert_allclose(table[1:, 1:], gan.mix([1, 2], [3, 4, 5], [2, 3]), atol=1e-6)
    assert np.abs(table[1, 1] - table[1, 0]).max() > 1e-4


@pytest.mark.slow
def test_in_a_report(gan, tmp_path):
    found = evaluation.evaluate(
        gan,
        tiny.images(16, (8, 8, 1)),
        num_samples=16,
        analyses={"style_mixing": {"count": 2}, "path_length": {"pairs": 4}},
        output=tmp_path,
        progress=False,
    )
    assert list(found.analyses["style_mixing"].value) == ["coarse"]
    assert found.analyses["style_mixing"].value["coarse"].shape == (3, 3, 8, 8, 1)
    figures = found.analyses["path_length"].figures
    assert figures["path_length_w"] > 0 and figures["path_length"] > 0


@pytest.mark.slow
def test_truncation_shortens_paths_in_both_spaces(gan):
    """A path of styles half as far from their mean is half as long, its images' squared differences about a quarter."""
    whole, half = (
        evaluation.evaluate(
            gan,
            tiny.images(16, (8, 8, 1)),
            num_samples=16,
            analyses={"path_length": {"pairs": 4}},
            truncation=truncation,
            progress=False,
        )
        .analyses["path_length"]
        .figures
        for truncation in (None, 0.5)
    )
    for figure in ("path_length", "path_length_w"):
        assert 0 < half[figure] < 0.5 * whole[figure]


def test_a_gan_without_styles():
    plain = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    for call in (
        lambda: StyleSpace(plain),
        lambda: evaluation.project(plain, tiny.images(2)),
        lambda: evaluation.style_mixing_table(plain, [1], [2]),
    ):
        with pytest.raises(ValueError, match="needs a GAN with styles.*Received"):
            call()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"space": "z"}, "`space`"),
        ({"steps": 0}, "steps"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"noise": -1}, "`noise`"),
        ({"noise": "x"}, "`noise` must be a finite number"),
        ({"distance": "lpips"}, "`distance` must be a function"),
        ({"condition": 1}, "The generator takes no condition"),
        ({"images": np.full((2, 8, 8, 1), 255.0)}, "^`images` must be uint8, or floats that range over .*x / 127.5 - 1"),
        ({"images": "file.png"}, "`images` must be an array of numbers"),
        (
            {"distance": lambda made, images: tf.reduce_sum(made - images)},
            r"`distance` must return a distance for each image, of shape \(2,\). It returned: \(\)",
        ),
        ({"initial": np.zeros((2, 4))}, "`initial`"),
        ({"images": np.zeros((2, 9, 9, 1))}, r"^`images` must have shape \(n, 8, 8, 1\). Received: \(2, 9, 9, 1\)"),
        ({"images": np.zeros((8, 8, 1))}, r"^`images` must have shape \(n, 8, 8, 1\)"),
        ({"images": np.zeros((0, 8, 8, 1))}, r"^`images` must have shape \(n, 8, 8, 1\)"),
        ({"images": np.full((2, 8, 8, 1), np.nan)}, "`images`"),
        ({"initial": np.full((2, 3), np.nan)}, "`initial` must be finite. Received: 6 of 6 values"),
    ],
)
def test_wrong_arguments(gan, arguments, message):
    with pytest.raises(ValueError, match=message):
        evaluation.project(gan, **{"images": np.zeros((2, 8, 8, 1)), **arguments})


@pytest.mark.slow
def test_whole_numbers_are_pixels(gan):
    pixels = keras_gans.utils.to_uint8(gan.generate(2, seed=0))
    shown, floats = (evaluation.project(gan, images, steps=2) for images in (pixels, pixels.astype("float32") / 127.5 - 1))
    np.testing.assert_allclose(shown.latents, floats.latents, atol=1e-5)
