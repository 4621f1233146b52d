"""What callbacks take as real images: in what forms, and what is refused when."""

import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_gans
from keras_gans.callbacks import ModeCollapseMonitor
from keras_gans.callbacks import SampleGrid
from keras_gans.callbacks import spread
from tests import tiny

X, Y = tiny.images(), tiny.labels()


def gan():
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.compile(run_eagerly=True)
    return made


def drawn(folder, reals):
    grid = SampleGrid(folder, rows=2, columns=2, reals=reals)
    grid.set_model(gan())
    grid.on_train_begin()
    return np.asarray(Image.open(folder / "reals.png"))


def reference(reals, **arguments):
    """The images that a monitor takes for real ones."""
    seen = []
    watch = ModeCollapseMonitor(4, reals=reals, measure=lambda images: seen.append(images) or spread(images), **arguments)
    watch.set_model(gan())
    watch.on_train_begin()
    return seen[0]


FORMS = {
    "array": X,
    "tensor": tf.constant(X),
    "list": list(X),
    "list_of_tensors": [tf.constant(image) for image in X],
    "pair": (X, Y),
    "pair_of_lists": (list(X), list(Y)),
    "batches": [X[:3], X[3:]],
    "batches_of_pairs": [(X[:3], Y[:3]), (X[3:], Y[3:])],
    "dataset": tf.data.Dataset.from_tensor_slices(X).batch(3),
    "dataset_of_pairs": tf.data.Dataset.from_tensor_slices((X, Y)).batch(3),
    "dataset_of_dicts": tf.data.Dataset.from_tensor_slices({"image": X, "label": Y}).batch(3),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_first_images_of_every_form(tmp_path, form):
    np.testing.assert_array_equal(drawn(tmp_path, FORMS[form]), keras_gans.utils.image_grid(X[:4], 2, 2)[..., 0])
    np.testing.assert_array_equal(reference(FORMS[form]), X[:4])


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_pillow_images(mode):
    pictures = [Image.fromarray(image[..., 0]).convert(mode) for image in keras_gans.utils.to_uint8(X)]
    for reals in (pictures, (pictures, Y)):
        np.testing.assert_allclose(reference(reals), X[:4], atol=1 / 255 + 1e-6)
    with pytest.raises(ValueError, match="must be uint8, or floats.*int32"):
        reference([picture.convert("L").convert("I") for picture in pictures])


def test_transparent_pixels_of_pillow_images_are_white():
    pictures = [Image.new("RGBA", tiny.SHAPE[:2], (0, 0, 0, alpha)) for alpha in (0, 255, 0, 255)]
    np.testing.assert_array_equal(reference(pictures)[:, 0, 0, 0], [1, -1, 1, -1])


@pytest.mark.parametrize(
    "cls", [lambda reals: SampleGrid("nowhere", reals=reals), lambda reals: ModeCollapseMonitor(reals=reals)]
)
@pytest.mark.parametrize(
    ("reals", "message"),
    [
        ("faces/", r"Received: paths. Read them: keras_gans.data.images\(paths"),
        (pathlib.Path("faces"), "Received: paths"),
        (["a.png", "b.png"], "Received: paths"),
        ({"image": X}, r"Received: a dict of \['image'\]. Pass the images"),
        (5, "Received: 5"),
        ([], "Received: none of them"),
    ],
)
def test_what_has_no_images_is_refused_at_once(cls, reals, message):
    with pytest.raises(ValueError, match=f"`reals` must be an array or a list of images.*{message}"):
        cls(reals=reals)


@pytest.mark.parametrize(
    ("reals", "message"),
    [
        (np.zeros((4, 1, 8, 8)), r"Received: images of \(1, 8, 8\). The channels come first, .*: np.moveaxis\(x, 1, -1\)"),
        (np.zeros((4, 16, 16, 1)), r"must be images \(8, 8, 1\).*Received: images of \(16, 16, 1\). Resize them"),
        (np.zeros((4, 8, 8)), r"Received: images of \(8, 8\)"),
        ([np.zeros((8, 8, 1)), np.zeros((9, 8, 1))], r"Received: images of \[\(8, 8, 1\), \(9, 8, 1\)\]"),
        (tf.data.Dataset.from_tensor_slices(X).batch(3).take(0), "Received: none of them"),
    ],
)
def test_images_of_another_shape_than_the_generator_makes(tmp_path, reals, message):
    for take in (lambda: drawn(tmp_path, reals), lambda: reference(reals)):
        with pytest.raises(ValueError, match=message):
            take()


def test_a_reference_is_of_two_images_that_differ():
    with pytest.raises(ValueError, match="two images at least. Received: 1"):
        reference(tf.data.Dataset.from_tensor_slices(X[:1]).batch(1))
    with pytest.raises(ValueError, match="`reals` must be diverse.*Received: diversity is 0. Are they all alike?"):
        reference(np.zeros((4, 8, 8, 1)))
    with pytest.raises(ValueError, match=r"at least two images, \(n, ...\). Received: shape \(1, 8, 8, 1\)"):
        spread(X[:1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"threshold": "0.5"}, "`threshold` must be a finite number"),
        ({"measure": "spread"}, "`measure` must be a function.*measure='spread'"),
        ({"classifier": "x.keras"}, "`classifier` must be a keras.Model.*'x.keras'. Load one"),
        ({"seed": "a"}, "`seed` must be"),
    ],
)
def test_arguments_of_a_monitor(arguments, message):
    with pytest.raises(ValueError, match=message):
        ModeCollapseMonitor(**arguments)


def classifier(classes, bias=0.0):
    made = keras.Sequential([keras.Input(tiny.SHAPE), keras.layers.Flatten(), keras.layers.Dense(classes)])
    made.layers[-1].bias.assign(np.full(classes, bias))
    return made


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: classifier(1), r"scores \(batch, classes\) for at least two classes. Received: \(4, 1\)"),
        (lambda: classifier(3, np.nan), "`classifier` must give scores that are numbers. Received: NaN"),
    ],
)
def test_a_classifier_that_cannot_tell_classes(made, message):
    watch = ModeCollapseMonitor(4, classifier=made())
    watch.set_model(gan())
    with pytest.raises(ValueError, match=message):
        watch.on_train_begin()


def test_a_classifier_of_nan_counts_no_modes():
    figures = ModeCollapseMonitor(4, classifier=classifier(3, np.nan)).figures(X)
    assert np.isnan(figures["modes"])


def test_rows_of_zero_are_refused():
    with pytest.raises(ValueError, match="`rows` must be an int >= 1. Received: rows=0"):
        SampleGrid("nowhere", rows=0)
