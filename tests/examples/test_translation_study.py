"""The study of translation systems runs from end to end, one round a training."""

import keras
import numpy as np
import pytest

import keras_gans
from tests.examples.conftest import EXAMPLES

pytestmark = pytest.mark.slow

FIGURES = {
    "edges": {"accuracy", "l1", "ssim", "fid"},
    "digits": {"a_to_b_accuracy", "a_to_b_renamed", "a_to_b_fid"},
    "photographs": {"psnr", "ssim", "distance", "sharpness"},
    "texts": {"digit", "width", "slant", "all", "fid", "variety"},
}


@pytest.fixture
def study(study_of):
    return study_of("translation_study.py", "translation", FIGURES, samples=20)


def test_edges(study):
    lines = study("edges", "real", "edges", "L1", "L1 + GAN", options=["--data", "mnist_5k"])
    assert lines["real"]["l1"] == 0 and lines["real"]["ssim"] == 1
    assert lines["L1"]["rounds"] == lines["L1 + GAN"]["rounds"] == 1


def test_digits(study):
    lines = study("digits", "real", "untranslated", "DiscoGAN", "SimGAN", "UNIT")
    assert lines["DiscoGAN"]["cycle_a"] > 0 and "b_to_a_fid" in lines["DiscoGAN"]
    assert "cycle_a" not in lines["SimGAN"] and "b_to_a_fid" not in lines["SimGAN"]


def test_photographs(study, tmp_path):
    rng = np.random.default_rng(0)
    for number in range(11):
        photograph = keras_gans.utils.image_grid(rng.uniform(-1, 1, (36, 18, 18, 3)), 6)
        keras_gans.utils.save_images(tmp_path / "photos" / f"{number:02}.png", photograph[None], 1, padding=0)
    techniques = "photographs", "bicubic", "SRResNet at first", "perceptual", "SRGAN"
    lines = study("photographs", *techniques, options=["--data", tmp_path / "photos"])
    assert lines["photographs"]["psnr"] == 100 and lines["photographs"]["distance"] == 0
    assert lines["bicubic"]["distance"] > 0 and lines["SRGAN"]["rounds"] == 1


def test_texts(study):
    lines = study("texts", "real", "without augmentation", "without mismatch", every=4)
    assert lines["real"]["width"] == lines["real"]["slant"] == 1 and lines["real"]["variety"] > 0
    assert {"stage_1_all", "stage_2_all", "new_phrasing_all"} <= set(lines["without augmentation"])
    assert lines["without mismatch"]["rounds"] == 2


@pytest.fixture
def digits(run):
    run(EXAMPLES / "translation_study.py", name="translation_study")
    from translation import digits

    return digits


def test_translation_through_shared_latents(digits):
    """Both generators show the latents, the second one with black and white exchanged."""
    z = keras.Input((4,), name="latents")
    images = keras.layers.Reshape((2, 2, 1))(z)
    source, target = keras.Model(z, images), keras.Model(z, -1.0 * images)
    given = np.random.default_rng(0).uniform(-1, 1, (3, 2, 2, 1)).astype("float32")
    np.testing.assert_allclose(digits.through_latents(source, target, 4)(given), -given, atol=1e-2)


def test_a_system_of_smaller_images_from_zero(digits):
    system = digits.System(None, 1, None, low=0.0, size=28)
    images, _ = digits.load("b", "test")
    taken = system.taken(images)
    assert taken.shape[1:] == (28, 28, 1) and taken.min() == 0
    np.testing.assert_allclose(system.given(taken), images, atol=1e-6)


@pytest.fixture
def captions(run):
    run(EXAMPLES / "translation_study.py", name="translation_study")
    from translation import captions

    return captions


def bars(*widths, shear=0.0, size=32):
    """Images with an upright bar of each width, 20 pixels high, whose rows are moved right by `shear` for each row up."""
    images = np.full((len(widths), size, size, 1), -1.0, "float32")
    for image, width in zip(images, widths, strict=True):
        for row in range(6, 26):
            start = size // 2 - width // 2 + round(shear * (16 - row))
            image[row, start : start + width] = 1.0
    return images


def test_width_and_slant_are_measured(captions):
    """Twice the area by the outline: 2 * 20 w / (40 + 2 w), less where rows and columns end at one pixel."""
    np.testing.assert_allclose(32 * captions.widths(bars(2, 4, 6)), [40 * w / (40 + 2 * w) for w in (2, 4, 6)], rtol=0.03)
    for shear in (-0.5, 0.0, 0.5):
        np.testing.assert_allclose(captions.slants(bars(3, shear=shear)), shear, atol=0.02)


def test_images_obey_their_own_captions(captions):
    images, digits = captions.load(16, "train")
    attributes = captions.Attributes.of(images)
    rows = attributes.read(images, digits)
    for part in (1, 2):
        np.testing.assert_allclose(np.bincount(rows[:, part]) / len(rows), 1 / 3, atol=0.01)

    class Judge:  # knows the digits
        def predict(self, images, **options):
            return np.eye(10)[digits[: len(images)]]

    assert set(attributes.obeyed(images[:50], rows[:50], Judge()).values()) == {1.0}
    others = (rows[:50] + [0, 1, 0]) % [10, 3, 3]
    assert attributes.obeyed(images[:50], others, Judge()) == {"digit": 1.0, "width": 0.0, "slant": 1.0, "all": 0.0}
    assert len(set(captions.classes(rows))) <= 90 and captions.classes([[9, 2, 2]]) == 89


def test_the_encoder_reads_phrasings_that_it_has_not_seen(captions):
    encoder = captions.train_encoder(steps=300)
    rows = np.array([[7, 2, 0], [0, 0, 1], [3, 1, 2], [9, 2, 2]])
    texts = captions.captions(rows, 5, captions.UNSEEN_PHRASINGS)
    assert encoder.embed(texts).shape == (4, 5, 64)
    for column in texts.T:
        np.testing.assert_array_equal(encoder.read(column), rows)
