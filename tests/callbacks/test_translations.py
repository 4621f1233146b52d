"""Callbacks of GANs that make images of images."""

import os

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_gans
from keras_gans.callbacks import ModeCollapseMonitor
from keras_gans.callbacks import SampleGrid
from keras_gans.callbacks import spread
from keras_gans.utils import to_uint8
from tests import tiny

SOURCES, TARGETS = tiny.images(10, seed=1), tiny.images(10, seed=2)


def drawn(gan, folder, **arguments):
    grid = SampleGrid(folder, **arguments)
    grid.set_model(gan)
    grid.on_train_begin()
    grid.on_epoch_begin(0)
    return np.asarray(Image.open(folder / "epoch_0000.png")), grid


def cells(picture, size=8):
    return [
        [picture[top : top + size, left : left + size] for left in range(0, picture.shape[1], size + 2)]
        for top in range(0, picture.shape[0], size + 2)
    ]


def assert_shows(row, *images):
    for cell, image in zip(row, images, strict=True):
        np.testing.assert_array_equal(cell, to_uint8(image, (-1, 1))[..., 0])


@pytest.mark.parametrize("form", ["arrays", "batches"])
def test_source_translation_and_target(pix2pix, tmp_path, form):
    """A row for each example, with a fixed seed, whatever batches they come in."""
    reals = (SOURCES, TARGETS) if form == "arrays" else tiny.dataset(SOURCES, TARGETS, batch_size=1)
    picture, grid = drawn(pix2pix, tmp_path, rows=4, reals=reals, seed=5)
    made = pix2pix.translate(SOURCES[:4], seed=5)
    np.testing.assert_array_equal(grid.images(), made)
    assert picture.shape == (4 * 10 - 2, 3 * 10 - 2)
    for row, *images in zip(cells(picture), SOURCES, made, TARGETS, strict=False):
        assert_shows(row, *images)
    assert os.listdir(tmp_path) == ["epoch_0000.png"]


def test_unpaired_without_targets(cyclegan, tmp_path):
    for reals in ((SOURCES, TARGETS), SOURCES):
        picture, grid = drawn(cyclegan, tmp_path, rows=2, columns=2, reals=reals)
        made = cyclegan.translate(SOURCES[:4])
        assert_shows(cells(picture)[1], SOURCES[2], made[2], SOURCES[3], made[3])
    assert (grid.rows, grid.columns) == (2, 2)


def test_both_ways(cyclegan, tmp_path):
    picture, _ = drawn(cyclegan, tmp_path, rows=2, reals=(SOURCES, TARGETS), both_ways=True)
    there, back = cyclegan.translate(SOURCES[:2]), cyclegan.translate_back(TARGETS[:2])
    again, forth = cyclegan.translate_back(there), cyclegan.translate(back)
    assert_shows(cells(picture)[1], *(column[1] for column in (SOURCES, there, again, TARGETS, back, forth)))
    for gan, reals in ((cyclegan, SOURCES), (tiny.pix2pix(), (SOURCES, TARGETS))):
        with pytest.raises(ValueError, match="`both_ways` needs a GAN that translates both ways, such as CycleGAN, and data"):
            drawn(gan, tmp_path, reals=reals, both_ways=True)
    with pytest.raises(ValueError, match="`both_ways` needs a GAN that translates. Received: GAN"):
        drawn(keras_gans.GAN(tiny.generator(), tiny.discriminator()), tmp_path, both_ways=True)


def test_small_gray_sources_of_another_range(tmp_path):
    """Enlarged, black is 0; three channels for all."""
    any_size = (None, None, 1)
    gan = keras_gans.SRGAN(tiny.translator((None, None, 3), any_size, scale=2), tiny.discriminator(shape=(16, 16, 3)))
    small = np.random.default_rng(0).uniform(0, 1, (3, 8, 8, 1)).astype("float32")
    large = tiny.images(3, (16, 16, 3))
    picture, _ = drawn(gan, tmp_path, rows=3, reals=(small, large))
    row = cells(picture, 16)[1]
    enlarged = np.repeat(np.repeat(to_uint8(small[1], (0, 1)), 2, axis=0), 2, axis=1)
    np.testing.assert_array_equal(row[0], np.broadcast_to(enlarged, (16, 16, 3)))
    np.testing.assert_array_equal(row[1], to_uint8(gan.translate(small))[1])
    np.testing.assert_array_equal(row[2], to_uint8(large)[1])
    pixels = (np.rint(small * 255).astype("uint8"), to_uint8(large))
    np.testing.assert_array_equal(drawn(gan, tmp_path, rows=3, reals=pixels)[0][:16, :16], picture[:16, :16])
    with pytest.raises(ValueError, match=r"`reals` must be uint8, or floats in \[0, 1\].*values from -"):
        drawn(gan, tmp_path, reals=(small - 1, large))


def test_sources_that_are_no_pictures_are_left_out(tmp_path):
    gan = keras_gans.Pix2Pix(tiny.translator(source=(8, 8, 5)), tiny.pair_discriminator(source=(8, 8, 5)), mode="inference")
    sources = tiny.images(2, (8, 8, 5))
    picture, _ = drawn(gan, tmp_path, rows=2, reals=(sources, TARGETS))
    assert_shows(cells(picture)[1], gan.translate(sources)[1], TARGETS[1])


def test_what_is_missing_is_said(cyclegan, tmp_path):
    for arguments, message in (
        ({}, "shows translations of given sources. Expected `reals`: an array of sources, a pair.*Received: none"),
        ({"classes": 3, "reals": SOURCES}, "no `classes`. Leave `classes` out"),
        (
            {"reals": tf.data.Dataset.from_tensors((SOURCES, TARGETS, TARGETS))},
            "Expected batches of .source, target.*more than two",
        ),
    ):
        with pytest.raises(ValueError, match=message):
            drawn(cyclegan, tmp_path, **arguments)


def test_nan_is_gray(tmp_path):
    gan = tiny.cyclegan()
    gan.generator.layers[-1].bias.assign([np.nan])
    with pytest.warns(UserWarning, match="After epoch 0 the generator makes NaN"):
        picture, _ = drawn(gan, tmp_path, rows=1, reals=(SOURCES, TARGETS), both_ways=True)
    assert (cells(picture)[0][1] == 128).all()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pix2pix", "cyclegan"])
def test_in_training(kind, tmp_path):
    gan = getattr(tiny, kind)()
    gan.compile(run_eagerly=True)
    data = tiny.dataset(SOURCES[:4], TARGETS[:4], batch_size=2)
    monitor = ModeCollapseMonitor(num_samples=6, sources=SOURCES[:3], seed=2)
    grid = SampleGrid(tmp_path, rows=2, reals=data, gif=True)
    history = gan.fit(data, epochs=2, verbose=0, callbacks=[grid, monitor]).history
    assert sorted(os.listdir(tmp_path)) == ["epoch_0000.png", "epoch_0001.png", "epoch_0002.png", "samples.gif"]
    images = gan.generate(6, condition=SOURCES[[0, 1, 2, 0, 1, 2]], seed=2)
    assert history["diversity"][-1] == pytest.approx(spread(images))


def test_a_monitor_needs_sources(cyclegan):
    for gan, arguments in (
        (cyclegan, {}),
        (cyclegan, {"sources": SOURCES, "classes": 3}),
        (keras_gans.GAN(tiny.generator(), tiny.discriminator()), {"sources": SOURCES}),
    ):
        monitor = ModeCollapseMonitor(num_samples=4, **arguments)
        monitor.set_model(gan)
        with pytest.raises(ValueError, match=r"needs sources, ModeCollapseMonitor\(sources=images\).*Received: "):
            monitor.on_train_begin()
