"""Pictures while training."""

import importlib.util
import os

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_gans
from tests import tiny


def compiled(classes=None):
    gan = keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes))
    gan.compile(run_eagerly=True)
    return gan


@pytest.mark.slow
def test_a_grid_each_epoch_of_the_same_latents(tmp_path):
    grid = keras_gans.callbacks.SampleGrid(tmp_path / "a" / "b", rows=2, columns=3, reals=tiny.images(), gif=True)
    gan = compiled()
    gan.fit(tiny.images(), epochs=2, verbose=0, callbacks=[grid])
    folder = tmp_path / "a" / "b"
    assert sorted(os.listdir(folder)) == ["epoch_0000.png", "epoch_0001.png", "epoch_0002.png", "reals.png", "samples.gif"]
    picture = np.asarray(Image.open(folder / "epoch_0002.png"))
    assert picture.shape == (2 * 10 - 2, 3 * 10 - 2)
    expected = keras_gans.utils.to_uint8(gan.generate(6, seed=0))[4, :, :, 0]
    np.testing.assert_array_equal(picture[10:18, 10:18], expected)
    reals = np.asarray(Image.open(folder / "reals.png"))
    np.testing.assert_array_equal(reals[:8, :8], keras_gans.utils.to_uint8(tiny.images())[0, :, :, 0])
    with Image.open(folder / "samples.gif") as animation:
        assert animation.n_frames == 3


@pytest.fixture
def without_model(monkeypatch):
    """A function that makes a grid whose images are drawn by nobody."""

    def make(directory, **arguments):
        grid = keras_gans.callbacks.SampleGrid(directory, rows=1, columns=1, **arguments)
        monkeypatch.setattr(grid, "images", lambda: np.zeros((1, *tiny.SHAPE), "float32"))
        grid.set_model(keras_gans.GAN(tiny.generator(), tiny.discriminator()))
        return grid

    return make


def train(grid, epochs, initial_epoch=0):
    grid.on_train_begin()
    for epoch in range(initial_epoch, epochs):
        grid.on_epoch_begin(epoch)
        grid.on_epoch_end(epoch)
    grid.on_train_end()


def test_a_training_that_goes_on_has_all_frames(tmp_path, without_model):
    train(without_model(tmp_path, gif=True), 2)
    (tmp_path / "epoch_0001.png").write_bytes(b"half")
    Image.new("L", (3, 3)).save(tmp_path / "epoch_0002.png")  # of another grid
    grid = without_model(tmp_path, gif=True, seed=1)
    made = iter([-1.0, 0.0, 1.0])
    grid.images = lambda: np.full((1, *tiny.SHAPE), next(made), "float32")
    train(grid, 6, initial_epoch=3)
    with Image.open(tmp_path / "samples.gif") as animation:
        assert animation.n_frames == 4


def test_a_full_disk_does_not_end_the_training(tmp_path, without_model, full_disk):
    grid = without_model(tmp_path / "grid", reals=tiny.images(1), gif=True)
    full_disk(20)
    with pytest.warns(RuntimeWarning) as caught:
        train(grid, 2)
    names = ["reals.png", "epoch_0000.png", "epoch_0001.png", "epoch_0002.png", "samples.gif"]
    expected = [f"{str(tmp_path / 'grid' / name)!r} could not be written: File too large. Training goes on." for name in names]
    assert [str(warning.message) for warning in caught] == expected


def test_summaries_on_a_full_disk_do_not_end_the_training(tmp_path, without_model):
    pytest.importorskip("tensorboard")
    grid = without_model(tmp_path / "grid", tensorboard=tmp_path / "events")
    (tmp_path / "events").write_text("a file")
    with pytest.warns(RuntimeWarning, match="/events' could not be written: .*Training goes on"):
        train(grid, 1)
    assert (tmp_path / "grid" / "epoch_0001.png").exists()


def test_folders_stay_where_they_are(tmp_path, without_model, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    grid = without_model("grid", tensorboard="~/events" if importlib.util.find_spec("tensorboard") else None)
    grid.on_epoch_end(0)
    monkeypatch.chdir(tmp_path / "other")
    grid.on_epoch_end(1)
    assert sorted(os.listdir(tmp_path / "grid")) == ["epoch_0001.png", "epoch_0002.png"]
    assert os.listdir(tmp_path / "other") == []
    assert grid.tensorboard in (None, str(tmp_path / "home" / "events"))


@pytest.mark.parametrize(
    ("directory", "message"),
    [
        (5, "`directory` must be a path.* of type int"),
        ("", "`directory` must be a path. Received: directory=''"),
        ("file", "`directory` must be a folder.*/file': it is a file. Choose another"),
        ("file/below/it", "`directory` must be a folder.*/file/below/it': '.*/file' is a file"),
    ],
)
def test_what_is_not_a_folder(directory, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=message):
        keras_gans.callbacks.SampleGrid(directory)


@pytest.mark.slow
def test_a_row_for_each_class(tmp_path):
    gan = compiled(tiny.CLASSES)
    grid = keras_gans.callbacks.SampleGrid(tmp_path, columns=2, classes=tiny.CLASSES)
    gan.fit(tiny.images(), tiny.labels(), verbose=0, callbacks=[grid])
    images = grid.images()
    z = gan.latents.sample(2, tf.constant([0, 0]))
    for label in range(tiny.CLASSES):
        expected = gan.generate(2, latents=z, condition=[label])
        np.testing.assert_allclose(images[2 * label : 2 * label + 2], expected, atol=1e-6)
    assert np.asarray(Image.open(tmp_path / "epoch_0001.png")).shape == (3 * 10 - 2, 2 * 10 - 2)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["labels", "weights"])
def test_the_classes_of_the_gan_are_the_rows(tmp_path, kind):
    gan = compiled(tiny.CLASSES)
    if kind == "weights":
        gan = keras_gans.GAN(tiny.weighted_generator(), tiny.weighted_discriminator(), classes=tiny.CLASSES)
        gan.compile()
    grid = keras_gans.callbacks.SampleGrid(tmp_path, columns=2)
    for _ in range(2):
        grid.set_model(gan)
        assert grid.rows == tiny.CLASSES
        z = gan.latents.sample(2, tf.constant([0, 0]))
        for label in range(tiny.CLASSES):
            expected = gan.generate(2, latents=z, condition=label)
            np.testing.assert_allclose(grid.images()[2 * label : 2 * label + 2], expected, atol=1e-6)
        grid.set_model(compiled())  # another GAN without classes
        assert grid.rows == 8
    grid = keras_gans.callbacks.SampleGrid(tmp_path, columns=2, rows=2)
    grid.set_model(gan)
    np.testing.assert_array_equal(grid.conditions, [0, 1])
    many = compiled(50)
    grid = keras_gans.callbacks.SampleGrid(tmp_path)
    grid.set_model(many)
    assert (grid.rows, len(grid.images())) == (20, 160)
    with pytest.raises(ValueError, match="There is a row for each of 3 classes. Received: rows=4"):
        keras_gans.callbacks.SampleGrid(tmp_path, rows=4).set_model(gan)
    gan.classes = None
    grid = keras_gans.callbacks.SampleGrid(tmp_path)
    with pytest.raises(ValueError, match="The generator is conditional. Pass `condition`.*SampleGrid"):
        gan.fit(tiny.images(), tiny.labels(), verbose=0, callbacks=[grid])


def test_names_of_classes_stand_left_of_the_rows(tmp_path):
    gan = compiled(tiny.CLASSES)
    names = ["cats", "dogs", "emus"]
    assert len(names) == tiny.CLASSES
    pictures = []
    for classes in (tiny.CLASSES, names, ["", "", "emus"]):
        grid = keras_gans.callbacks.SampleGrid(tmp_path, columns=2, classes=classes, gif=True)
        grid.set_model(gan)
        grid.on_train_begin()
        grid.on_epoch_begin(0)
        pictures.append(np.asarray(Image.open(tmp_path / "epoch_0000.png")))
        np.testing.assert_array_equal(grid.conditions, [0, 1, 2])
    plain, named, partly = pictures
    assert grid.class_names == ["", "", "emus"]
    assert named.shape[0] == plain.shape[0]
    np.testing.assert_array_equal(named[:, -plain.shape[1] :], plain)
    inked = (named[:, : -plain.shape[1]] < 128).any(axis=1)
    rows = [inked[row * 10 : row * 10 + 8].any() for row in range(3)]
    assert rows == [True, True, True]
    blank = partly[:, : -plain.shape[1]]
    assert (blank[:18] == 255).all()
    assert (blank[18:] < 128).any()


def test_conditions_that_are_no_names(tmp_path):
    grid = keras_gans.callbacks.SampleGrid(tmp_path, classes=[2, 0])
    assert (grid.rows, grid.class_names, grid.conditions.tolist()) == (2, None, [2, 0])
    assert keras_gans.callbacks.SampleGrid(tmp_path, classes=np.int64(3)).rows == 3
    with pytest.raises(ValueError, match="list of names.*Received: classes='cats'"):
        keras_gans.callbacks.SampleGrid(tmp_path, classes="cats")


@pytest.mark.slow
@pytest.mark.parametrize(
    "reals",
    [
        lambda: tf.data.Dataset.from_tensor_slices((tiny.images(), tiny.labels())).batch(3),
        lambda: tf.data.Dataset.from_tensor_slices({"image": tiny.images(), "label": tiny.labels()}).batch(3),
        lambda: tf.data.Dataset.from_tensor_slices(tiny.images()).batch(16),
    ],
)
def test_reals_of_a_data_set(tmp_path, reals):
    grid = keras_gans.callbacks.SampleGrid(tmp_path, rows=2, columns=2, every=5, reals=reals())
    compiled().fit(tiny.images(), verbose=0, callbacks=[grid])
    picture = np.asarray(Image.open(tmp_path / "reals.png"))
    np.testing.assert_array_equal(picture[10:, 10:], keras_gans.utils.to_uint8(tiny.images())[3, :, :, 0])
    assert "epoch_0001.png" not in os.listdir(tmp_path)


@pytest.mark.slow
def test_training_is_the_same_with_and_without(tmp_path):
    import keras

    runs = []
    for callbacks in ([], [keras_gans.callbacks.SampleGrid(tmp_path)]):
        keras.backend.clear_session()
        keras.utils.set_random_seed(0)
        gan = compiled()
        gan.fit(tiny.images(), epochs=2, shuffle=False, verbose=0, callbacks=callbacks)
        runs.append(tiny.weights(gan))
    np.testing.assert_array_equal(*runs)


@pytest.mark.slow
def test_tensorboard_images(tmp_path):
    grid = keras_gans.callbacks.SampleGrid(tmp_path / "png", rows=1, columns=2, tensorboard=tmp_path / "logs")
    compiled().fit(tiny.images(), epochs=2, verbose=0, callbacks=[grid])
    events = [
        event
        for name in os.listdir(tmp_path / "logs")
        for event in tf.compat.v1.train.summary_iterator(str(tmp_path / "logs" / name))
    ]
    steps = [event.step for event in events for value in event.summary.value if value.tag == "samples"]
    assert sorted(steps) == [0, 1, 2]


@pytest.mark.parametrize(
    "arguments", [{"every": 0}, {"columns": 0}, {"rows": -1}, {"rows": 2, "classes": 3}, {"rows": 3, "classes": ["a", "b"]}]
)
def test_bad_arguments(arguments):
    with pytest.raises(ValueError, match="Received"):
        keras_gans.callbacks.SampleGrid("nowhere", **arguments)


@pytest.mark.slow
def test_reals_of_every_range(tmp_path):
    whole = np.random.default_rng(0).integers(0, 256, (4, *tiny.SHAPE)).astype("uint8")

    def drawn(reals):
        grid = keras_gans.callbacks.SampleGrid(tmp_path, rows=2, columns=2, reals=reals)
        grid.set_model(compiled())
        grid.on_train_begin()
        return np.asarray(Image.open(tmp_path / "reals.png"))

    expected = keras_gans.utils.image_grid(whole, 2, 2)[..., 0]
    for reals in (whole, whole / 127.5 - 1, tf.data.Dataset.from_tensor_slices(whole).batch(3)):
        np.testing.assert_array_equal(drawn(reals), expected)
    with pytest.raises(ValueError, match=r"floats in \[-1, 1\].*values from 0 to 255. Scale images of 0..255: x / 127.5 - 1"):
        drawn(whole.astype("float32"))
    with pytest.raises(ValueError, match="`reals` must be finite"):
        drawn(np.full((4, *tiny.SHAPE), np.nan))
    with pytest.warns(UserWarning, match=r"`reals` lie in \[0, 1\]"):
        drawn(whole / 255)
