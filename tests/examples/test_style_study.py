"""The study of networks that grow and of styles runs from end to end, a few rounds a training."""

import pytest

pytestmark = pytest.mark.slow

FIGURES = {"growing": {"fid", "sliced_wasserstein_32", "sliced_wasserstein_16"}, "today": {"fid", "precision", "recall"}}


@pytest.fixture
def study(study_of):
    return study_of("style_study.py", FIGURES, samples=100)


def test_growing(study):
    lines = study("growing", "real", "growing", "full size", options=["--data", "mnist_5k"])
    for technique in ("growing", "full size"):
        line = lines[technique]
        assert line["images"] == 32 and line["fid"] > lines["real"]["fid"]
        assert line["curve"][-1][0] == line["images"]


def test_today(study):
    arms = ("DCGAN + DiffAugment", "StyleGAN2 + ADA", "R3GAN + ADA")
    lines = study("today", "real", *arms, options=["--data", "mnist_5k"])
    for arm in arms:
        assert lines[arm]["rounds"] == len(lines[arm]["curve"]) == 4
        assert lines[arm]["fid"] > lines["real"]["fid"]
    assert lines["StyleGAN2 + ADA"]["probability"] >= 0
