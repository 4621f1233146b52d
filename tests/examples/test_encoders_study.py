"""The study of codes and encoders runs from end to end, one round a training."""

import numpy as np
import pytest

from tests.examples.conftest import EXAMPLES

pytestmark = pytest.mark.slow

FIGURES = {
    "codes": {"fid"},
    "features": {"nearest_neighbor", "linear"},
    "compare": {"fid", "precision", "recall", "sharpness"},
}


@pytest.fixture
def study(study_of):
    return study_of("encoders_study.py", FIGURES, samples=100)


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


@pytest.fixture
def parts(run):
    return run(EXAMPLES / "encoders_study.py", name="encoders_study")["PARTS"]


def test_all_that_are_compared_have_the_same_generator(parts):
    built = [parts["compare"].build(technique) for technique in parts["compare"].ARMS]
    assert len({tuple(tuple(weight.shape) for weight in gan.generator.weights) for gan in built}) == 1


def test_categories_are_matched_with_classes_and_codes_with_measures(parts):
    codes, classes = parts["codes"], np.arange(40) % 10
    assert codes.code_accuracy((classes + 3) % 10, classes).accuracy == 1
    assert codes.code_accuracy(np.where(np.arange(40) < 20, classes, 0), classes).accuracy == (20 + 2) / 40
    rng = np.random.default_rng(0)
    values, categories = rng.uniform(-1, 1, (400, 2)), rng.integers(0, 10, 400)
    np.testing.assert_allclose(codes.explained(3 * values[:, 1] + 5 * categories, values, categories), 1, atol=1e-6)
    assert codes.explained(rng.normal(size=400), values, categories) < 0.05
