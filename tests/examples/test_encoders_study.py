"""The study of codes and encoders runs from end to end, one round a training."""

import json
import pathlib

import keras
import numpy as np
import pytest

import keras_gans
from tests.examples.conftest import run_eagerly

pytestmark = pytest.mark.slow

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
FIGURES = {
    "codes": {"fid"},
    "features": {"nearest_neighbor", "linear"},
}


@pytest.fixture
def study(run, tmp_path, monkeypatch):
    """Runs a part, and returns its lines by technique."""
    for kind in (keras.Model, keras_gans.GAN):
        run_eagerly(monkeypatch, kind)

    def study(part, *techniques, options=()):
        shared = ["--seconds", 0, "--samples", 100, "--classifier-steps", 5, "--workers", 0, "--output", tmp_path / "out"]
        run(EXAMPLES / "encoders_study.py", "--part", part, "--techniques", *techniques, *options, *shared)
        lines = [json.loads(line) for line in (tmp_path / "out" / f"{part}.jsonl").read_text().splitlines()]
        assert [line["technique"] for line in lines] == list(techniques)
        assert all(FIGURES[part] <= set(line) for line in lines)
        assert [file.name for file in (tmp_path / "out").glob("*.png")]
        return {line["technique"]: line for line in lines}

    return study


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


@pytest.fixture
def codes(run):
    run(EXAMPLES / "encoders_study.py", name="encoders_study")
    from encoders import codes

    return codes


def test_categories_are_matched_with_classes_and_codes_with_measures(codes):
    classes = np.arange(40) % 10
    assert codes.matched((classes + 3) % 10, classes) == 1
    assert codes.matched(np.where(np.arange(40) < 20, classes, 0), classes) == (20 + 2) / 40
    rng = np.random.default_rng(0)
    values, categories = rng.uniform(-1, 1, (400, 2)), rng.integers(0, 10, 400)
    np.testing.assert_allclose(codes.explained(3 * values[:, 1] + 5 * categories, values, categories), 1, atol=1e-6)
    assert codes.explained(rng.normal(size=400), values, categories) < 0.05
