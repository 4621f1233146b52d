"""The study of networks that grow and of styles runs from end to end, a few rounds a training."""

import pytest

from tests.examples.conftest import EXAMPLES

pytestmark = pytest.mark.slow

FIGURES = {
    "growing": {"fid", "sliced_wasserstein_32", "sliced_wasserstein_16"},
    "ablation": {"fid"},
    "today": {"fid", "precision", "recall"},
}


@pytest.fixture
def study(study_of):
    return study_of("style_study.py", FIGURES, samples=100)


def test_growing(study):
    lines = study("growing", "real", "growing", "full size", options=["--data", "mnist_5k"])
    for technique in ("growing", "full size"):
        line = lines[technique]
        assert line["images"] == 32 and line["fid"] > lines["real"]["fid"]
        assert line["curve"][-1][0] == line["images"]


def test_ablation(study, tmp_path):
    lines = study("ablation", "StyleGAN", options=["--data", "mnist_5k"])
    whole = lines["StyleGAN"]
    assert min(whole["path_z"], whole["path_w"], whole["noise"]) > 0
    assert [psi for psi, *_ in whole["truncation"]] == [0, 0.3, 0.5, 0.7, 0.85, 1]
    assert whole["truncation"][-1][1] == whole["fid"] != whole["fid_mixed"]
    assert whole["truncation"][0][3] < whole["truncation"][-1][3] + 0.01  # one image has no variety
    assert {"ablation.png", "truncation.png", "mixing.png"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_today(study, monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.setattr("styles.today.LOOKS", 2)
    arms = ("DCGAN + DiffAugment", "StyleGAN2 + ADA", "R3GAN + ADA")
    lines = study("today", "real", *arms, options=["--data", "mnist_5k"])
    for arm in arms:
        assert lines[arm]["rounds"] == len(lines[arm]["curve"]) == 2
        assert lines[arm]["fid"] > lines["real"]["fid"]
    assert lines["StyleGAN2 + ADA"]["probability"] >= 0
