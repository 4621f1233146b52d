"""What the page computes: its code makes the same pixels, and every generator that fits can be explored."""

import io

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

import keras_gans
from keras_gans.explore import Explorer
from keras_gans.explore.explorer import gif
from keras_gans.explore.explorer import pictures
from keras_gans.explore.explorer import png
from keras_gans.explore.views import Path
from keras_gans.explore.views import View
from keras_gans.latents import Uniform
from tests import tiny
from tests.hub import stand_ins
from tests.models.test_codes_caae import AGES
from tests.models.test_codes_caae import GENDERS
from tests.models.test_codes_caae import caae


def explore(source, **options):
    return Explorer(source, **{"direction_samples": 40, "directions": 3, **options})


def plain(latents=None):
    return keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=latents)


def weighted(truncation=None):
    gan = (tiny.weighted_generator(truncation=truncation), tiny.weighted_discriminator())
    return keras_gans.GAN(*gan, classes=tiny.CLASSES)


@pytest.fixture(scope="module")
def explorer():
    return explore(weighted())


def executed(explorer, view, tmp_path, monkeypatch, gan=None):
    """The variables of the code that the page shows, after it ran in a folder with the files that it loads."""
    monkeypatch.chdir(tmp_path)
    for each in explorer.found_in(view):
        np.save(each.filename, each.array)
    names = {"gan": gan}
    exec(compile(explorer.code(view), "code of the page", "exec"), names)
    return names


def check_code(explorer, view, tmp_path, monkeypatch, gan=None):
    images = explorer.images(view)
    made = executed(explorer, view, tmp_path, monkeypatch, gan)
    if isinstance(view, View | Path):
        name = "latents" if view.styles is None else "styles"
        np.testing.assert_array_equal(made[name], getattr(explorer, name)(view))
    np.testing.assert_array_equal(made["images"], images)
    with Image.open(tmp_path / "samples.png") as saved:
        np.testing.assert_array_equal(np.asarray(saved), np.asarray(png(images, explorer.columns(view))))
    return images


def chain(explorer):
    """A view of everything at once: drawn, moved, picked, varied, moved, of two classes."""
    view = explorer.view(count=5, seed=3, truncation=0.7, amounts=(1.5, 0.0, -2.0), label=1, other=2, mix=0.3)
    recipe = explorer.vary(view, 4, count=6, strength=0.4, seed=11, truncation=0.7)
    return explorer.view(truncation=0.7, label=1, other=2, mix=0.3, amounts=(0.0, 0.5, 0.0), origin=recipe)


def test_the_code_of_a_gan(explorer, tmp_path, monkeypatch):
    images = check_code(explorer, chain(explorer), tmp_path, monkeypatch, explorer.generator.gan)
    assert images.shape == (6, *tiny.SHAPE)
    assert len(np.unique(images.reshape(6, -1), axis=0)) == 6


def test_the_code_of_a_path_between_classes(explorer, tmp_path, monkeypatch):
    start = chain(explorer).choose(2)
    end = explorer.view(count=4, seed=8, label=0).choose(3)
    path = explorer.path(start, end, steps=5)
    images = check_code(explorer, path, tmp_path, monkeypatch, explorer.generator.gan)
    np.testing.assert_allclose(images[0], explorer.images(start)[0], atol=1e-6)
    np.testing.assert_allclose(images[-1], explorer.images(end)[0], atol=1e-6)
    assert explorer.columns(path) == 5


@pytest.mark.slow
@pytest.mark.parametrize("make", [plain, lambda: plain(Uniform(tiny.LATENTS))], ids=["normal", "uniform"])
def test_the_code_of_a_saved_gan_without_classes(make, tmp_path, monkeypatch):
    make().save(tmp_path / "x.keras")
    explorer = explore(tmp_path / "x.keras")
    assert not explorer.takes_labels
    check_code(explorer, chain(explorer), tmp_path, monkeypatch)
    view = explorer.view(count=3)
    check_code(explorer, explorer.path(view.choose(0), view.choose(2)), tmp_path, monkeypatch)


@pytest.mark.slow
def test_the_code_of_labels(tmp_path, monkeypatch):
    gan = keras_gans.ConditionalGAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES), classes=tiny.CLASSES)
    explorer = explore(gan)
    assert explorer.takes_labels
    assert not explorer.takes_mixtures
    view = chain(explorer)
    assert view.other is None
    check_code(explorer, view, tmp_path, monkeypatch, gan)
    other = explorer.view(count=2, label=0)
    path = explorer.path(view.choose(0), other.choose(0))
    check_code(explorer, path, tmp_path, monkeypatch, gan)
    assert path.condition(tiny.CLASSES) == 1


@pytest.mark.slow
def test_the_code_of_a_truncation_of_the_network(tmp_path, monkeypatch):
    gan = weighted(truncation=())
    explorer = explore(gan)
    view = chain(explorer)
    assert view.truncation == 0.7
    check_code(explorer, view, tmp_path, monkeypatch, gan)
    assert (explorer.images(view) != explorer.images(explorer.view(label=1, other=2, mix=0.3, origin=view.recipe))).any()


@pytest.mark.slow
def test_the_code_of_an_export(tmp_path, monkeypatch):
    weighted().export(tmp_path / "export")
    explorer = explore(tmp_path / "export")
    assert explorer.takes_mixtures
    assert explorer.directions.source == "images"
    check_code(explorer, chain(explorer), tmp_path, monkeypatch)


@pytest.mark.slow
def test_a_published_module(tmp_path, monkeypatch):
    stand_ins.write_module(tmp_path / "module", stand_ins.biggan())
    explorer = explore(tmp_path / "module", image_range=(-2, 2))
    assert explorer.classes == stand_ins.CLASSES
    view = chain(explorer)
    check_code(explorer, view, tmp_path, monkeypatch)
    target = explorer.images(view)[0]
    recipe, distance = explorer.find(target, view, steps=30)
    zero = explorer.generator.generate(1, view.condition(5), np.zeros((1, 6)), truncation=0.7)
    assert distance < 0.5 * np.sqrt(np.mean((zero - target) ** 2)) * 127.5
    found = explorer.view(truncation=0.7, label=1, other=2, mix=0.3, origin=recipe)
    check_code(explorer, found, tmp_path, monkeypatch)
    assert recipe.filename in explorer.code(found)


def test_a_condition_that_is_held(tmp_path, monkeypatch):
    def with_vector(shape, head):
        x, y = keras.Input(shape), keras.Input((2,), name="condition")
        return keras.Model([x, y], head(layers.Concatenate()([layers.Flatten()(x), y])))

    generator = with_vector((tiny.LATENTS,), lambda x: layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x)))
    gan = keras_gans.GAN(generator, with_vector(tiny.SHAPE, layers.Dense(1)), latents=tiny.LATENTS)
    with pytest.raises(ValueError, match=r"not a class: float32 of shape \(2,\). Hold one fixed"):
        explore(gan)
    explorer = explore(gan, condition=np.float32([[0.25, 0.5]]))
    check_code(explorer, chain(explorer), tmp_path, monkeypatch, gan)


@pytest.mark.slow
@pytest.mark.parametrize("gender", [False, True])
def test_conditions_that_are_held_by_name(gender, tmp_path, monkeypatch):
    gan = caae(gender)
    condition = {"age": AGES[0], "gender": GENDERS[1]} if gender else {"age": AGES[0]}
    explorer = explore(gan, condition=condition)
    view = explorer.view(count=2, amounts=(1.0,))
    check_code(explorer, view, tmp_path, monkeypatch, gan)
    np.testing.assert_array_equal(explorer.images(view), gan.generate(2, condition=condition, latents=explorer.latents(view)))


def test_variations():
    explorer = explore(plain())
    view = explorer.view(count=4, seed=1)
    for strength in (0.0, 0.6):
        recipe = explorer.vary(view, 2, count=5, strength=strength, seed=9)
        varied, picked = recipe.latents(explorer), explorer.latents(view)[2]
        noise = explorer.generator.draw_latents(4, 9)
        np.testing.assert_array_equal(varied[0], picked)
        np.testing.assert_allclose(varied[1:], np.sqrt(1 - strength**2) * picked + strength * noise, rtol=1e-6)
    uniform = explore(plain(Uniform(tiny.LATENTS)))
    recipe = uniform.vary(uniform.view(count=4), 2, count=40, strength=0.8)
    assert np.abs(recipe.latents(uniform)).max() <= 1


def test_a_path_is_an_arc_or_a_line():
    for latents, method in ((None, "slerp"), (Uniform(tiny.LATENTS), "lerp")):
        explorer = explore(plain(latents))
        view = explorer.view(count=2)
        path = explorer.path(view.choose(0), view.choose(1), steps=3)
        middle = getattr(keras_gans.evaluation, method)(*explorer.latents(view), 0.5)
        np.testing.assert_allclose(explorer.latents(path)[1], middle, rtol=1e-6)
        assert f"evaluation.{method}(" in explorer.code(path)


def test_a_mixture_of_two_classes(explorer):
    half = explorer.view(label=0, other=2, mix=0.25)
    np.testing.assert_allclose(half.condition(3), [[0.75, 0, 0.25]])
    assert explorer.view(label=2, other=0).condition(3) == 2


def test_pictures_and_the_gif():
    images = np.stack([np.full((4, 6, 1), value, "float32") for value in (-1, 0, 1)])
    assert [picture.shape for picture in pictures(images)] == [(4, 6, 3)] * 3
    assert pictures(images)[2].max() == 255
    with Image.open(io.BytesIO(gif(images))) as made:
        assert made.n_frames == 4  # there and back
        assert made.size == (252, 168)
        assert made.info["loop"] == 0
        made.seek(2)
        assert np.asarray(made.convert("L")).min() == 255


def as_file(mode, path):
    image = Image.new("RGB", (40, 20), (200, 40, 40)) if mode != "I;16" else Image.new("I;16", (40, 20), 30000)
    if mode == "RGBA":
        image.putalpha(0)
    elif mode in ("CMYK", "L"):
        image = image.convert(mode)
    image.save(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    "mode, ending, red",
    [("RGB", "jpg", 200), ("RGBA", "png", 255), ("CMYK", "tiff", 200), ("I;16", "png", 117), ("L", "bmp", 88), ("RGB", "", 200)],
)
def test_images_are_read_as_data_reads_them(explorer, tmp_path, mode, ending, red):
    path = tmp_path / f"upload.{ending}" if ending else tmp_path / "upload"
    as_file(mode, path if ending else tmp_path / "upload.png")
    if not ending:
        (tmp_path / "upload.png").rename(path)
    image = explorer.read_image(path)
    assert image.shape == tiny.SHAPE
    gray = {200: 88}.get(red, red)
    assert abs(float(image.mean()) - (gray / 127.5 - 1)) < 0.03


def test_what_is_no_image(explorer, tmp_path):
    (tmp_path / "notes.png").write_text("no image")
    (tmp_path / "notes.txt").write_text("no image")
    for name in ("notes.png", "notes.txt"):
        with pytest.raises(ValueError, match=f"{name} cannot be read as an image. Take a PNG"):
            explorer.read_image(tmp_path / name)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"count": 65}, "Between 1 and 64 images"),
        ({"seed": 2**31}, "fits in 32 bits"),
        ({"label": 3}, "from 0 to 2. Received: 3"),
        ({"other": -1}, "from 0 to 2. Received: -1"),
    ],
)
def test_errors_of_a_view(explorer, options, message):
    with pytest.raises(ValueError, match=message):
        explorer.view(**options)


def test_errors(explorer, tmp_path):
    view = explorer.view(count=2)
    with pytest.raises(ValueError, match="between 2 and 32 images"):
        explorer.path(view.choose(0), view.choose(1), steps=33)
    with pytest.raises(ValueError, match="between 0 and 1"):
        explorer.vary(view, 0, strength=2.0)
    with pytest.raises(ValueError, match="1 or 3"):
        generator = tiny.generator(shape=(8, 8, 2))
        explore(keras_gans.GAN(generator, tiny.discriminator(shape=(8, 8, 2))))

    class Noise(keras_gans.evaluation.GeneratorAdapter):
        image_shape = tiny.SHAPE

    with pytest.raises(ValueError, match="whose latents are not known"):
        explore(Noise("noise"))
