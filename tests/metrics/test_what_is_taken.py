"""What metrics, extractors and statistics take for images, and what they say of the rest."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_gans
from keras_gans import evaluation
from keras_gans import metrics
from tests import tiny
from tests.evaluation.pieces import Pieces

IMAGES = tiny.images(4)
LABELS = np.arange(4)


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return IMAGES


OTHERS = [
    (tf.data.Dataset.from_tensors(IMAGES), "Dataset. Pass one batch after the other: for batch in dataset"),
    (tf.data.Dataset.from_tensors((IMAGES, LABELS)), r"for images, \*_ in dataset"),
    ((IMAGES, LABELS), r"a tuple of 2, as the pair \(images, labels\) is. Pass the images alone"),
    ({"image": IMAGES}, "a dict of"),
    ([Image.new("RGB", (8, 8))], r"images of Pillow. Pass an array of floats: np.stack\(images\) / 127.5 - 1"),
    (["a.png"], r"paths. Pass the batches that keras_gans.data.images\(paths, size=..., shuffle=False\) makes"),
    ("a.png", "the path 'a.png'"),
    ((image for image in IMAGES), "generator. Pass such an array"),
    (Batches(), "Batches. Pass such an array"),
]


@pytest.mark.parametrize(("given", "message"), OTHERS)
def test_what_is_not_an_array_is_refused(given, message):
    for metric in (metrics.FID(Pieces()), metrics.PSNR(), metrics.MSSSIM(), metrics.SlicedWasserstein(resolution_min=8)):
        with pytest.raises(ValueError, match=f"{type(metric).__name__}.update_state takes arrays. Received: real is .*{message}"):
            metric.update_state(given, IMAGES)
        with pytest.raises(ValueError, match=f"Received: generated is .*{message}"):
            metric.update_state(IMAGES, given)
    with pytest.raises(ValueError, match=f"Pieces takes images.*Received: .*{message}"):
        Pieces()(given)


@pytest.mark.parametrize(("given", "message"), OTHERS[4:5] + OTHERS[7:])
def test_what_is_not_real_data_is_refused(given, message):
    for call in (
        lambda: metrics.FID(Pieces(), real=given),
        lambda: metrics.real_statistics(Pieces(), given),
        lambda: evaluation.evaluate(keras_gans.GAN(tiny.generator(), tiny.discriminator()), given),
    ):
        with pytest.raises(ValueError, match=f"tf.data.Dataset of batches, an array, or a pair.*Received: .*{message}"):
            call()


@pytest.mark.slow
def test_the_recipe_for_two_folders_works_with_and_without_classes(tmp_path):
    with_classes, without = tmp_path / "a", tmp_path / "b"
    for number in range(4):
        for path in (with_classes / str(number % 2) / f"{number}.png", without / f"{number}.png"):
            path.parent.mkdir(parents=True, exist_ok=True)
            keras_gans.utils.save_images(path, IMAGES[number : number + 1], padding=0)
    for real_folder, folder in ((with_classes, without), (without, with_classes)):
        with pytest.raises(ValueError, match="is a folder of images, not a generator") as error:
            evaluation.load_generator(folder)
        recipe = "\n".join(line[4:] for line in str(error.value).splitlines() if line.startswith("    "))
        names = {"keras_gans": keras_gans, "real_folder": real_folder, "folder": folder, "extractor": Pieces()}
        exec(recipe.replace("size=...", "size=8, verbose=False"), names)
        assert abs(float(names["fid"].result())) < 1e-6
