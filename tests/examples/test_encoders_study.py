"""The study of codes and encoders runs from end to end, one round a training."""

import numpy as np
import pytest

from tests.examples.conftest import EXAMPLES

pytestmark = pytest.mark.slow

FIGURES = {
    "codes": {"fid"},
    "features": {"nearest_neighbor", "linear"},
    "compare": {"fid", "precision", "recall", "sharpness"},
    "ages": {"groups_off", "rank_correlation", "same_class", "slant", "l1", "fid"},
    "pyramid": {"fid", "log_likelihood", "coarse_log_likelihood", "variety", "coarse_variety"},
}


@pytest.fixture
def study(study_of):
    return study_of("encoders_study.py", "encoders", FIGURES, samples=100)


def test_codes(study):
    lines = study("codes", "real", "InfoGAN", "without mutual information")
    assert lines["real"]["fid"] > 0
    assert {"generated", "slant", "width"} <= set(lines["without mutual information"])
    assert 0.1 <= lines["InfoGAN"]["real"] <= 1 and lines["InfoGAN"]["information"] < 2.4


def test_features(study):
    lines = study("features", "pixels", "BiGAN", "joint latent regressor", "autoencoder, l1")
    assert 0.5 < lines["pixels"]["nearest_neighbor"] < 1
    assert lines["BiGAN"]["rounds"] == lines["autoencoder, l1"]["rounds"] == 1
    assert lines["BiGAN"]["reconstruction"] > 0


def test_compare(study):
    lines = study("compare", "real", "VAE", "DCGAN", "BiGAN", options=["--data", "mnist_5k"])
    assert lines["real"]["sharpness"] == 1
    for technique in ("VAE", "BiGAN"):
        assert lines[technique]["reconstruction"] > 0 and lines[technique]["ssim"] < 1
    assert "reconstruction" not in lines["DCGAN"]


def test_ages(study):
    lines = study("ages", "unchanged", "CAAE", "neither", every=4)
    unchanged = lines["unchanged"]
    assert unchanged["l1"] == 0 and unchanged["slant"] == 1 and abs(unchanged["rank_correlation"]) < 1e-6
    assert 2.5 < unchanged["groups_off"] < 4.5  # 3.3 where all groups are as frequent
    assert lines["CAAE"]["prior_fid"] > 0


def test_pyramid(study):
    lines = study("pyramid", "real", "LAPGAN", "same generator, one GAN", "dense GAN", options=["--data", "mnist_5k"])
    assert lines["LAPGAN"]["rounds"] == 3 and lines["dense GAN"]["rounds"] == 1
    assert lines["real"]["log_likelihood"] > lines["LAPGAN"]["log_likelihood"]
    assert lines["real"]["coarse_variety"] > lines["LAPGAN"]["coarse_variety"]


@pytest.fixture
def parts(run):
    return run(EXAMPLES / "encoders_study.py", name="encoders_study")["PARTS"]


def test_all_that_are_compared_have_the_same_generator(parts):
    built = [parts["compare"].build(technique) for technique in parts["compare"].ARMS]
    assert len({tuple(tuple(weight.shape) for weight in gan.generator.weights) for gan in built}) == 1


def test_groups_of_ages_are_those_of_widths(parts):
    ages = parts["ages"]
    images, _ = ages.load("train")
    assert list(np.bincount(ages.groups(images))) == [len(images) // ages.AGES] * ages.AGES
    by_group = np.argsort(ages.groups(images), kind="stable")[:: len(images) // ages.AGES]
    found = ages.figures(np.repeat(images[by_group][None], 3, axis=0), images[:3])
    assert found["groups_off"] == 0 and found["rank_correlation"] > 0.99


def test_levels_of_images_end_in_the_images(parts):
    images = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 1)).astype("float32")
    coarse, _, whole = parts["pyramid"].pyramid(images)
    np.testing.assert_allclose(whole, images, atol=1e-6)
    again, _, _ = parts["pyramid"].pyramid(coarse)
    assert np.abs(coarse - whole).mean() > np.abs(coarse - again).mean()


def test_techniques_of_a_pyramid_are_as_large(parts):
    built = [parts["pyramid"].build(technique)[0] for technique in parts["pyramid"].ARMS]
    sizes = [gan.generator.count_params() + gan.discriminator.count_params() for gan in built]
    assert max(sizes) < 1.05 * min(sizes)


def test_categories_are_matched_with_classes_and_codes_with_measures(parts):
    codes, classes = parts["codes"], np.arange(40) % 10
    assert codes.code_accuracy((classes + 3) % 10, classes).accuracy == 1
    assert codes.code_accuracy(np.where(np.arange(40) < 20, classes, 0), classes).accuracy == (20 + 2) / 40
    rng = np.random.default_rng(0)
    values, categories = rng.uniform(-1, 1, (400, 2)), rng.integers(0, 10, 400)
    np.testing.assert_allclose(codes.explained(3 * values[:, 1] + 5 * categories, values, categories), 1, atol=1e-6)
    assert codes.explained(rng.normal(size=400), values, categories) < 0.05
