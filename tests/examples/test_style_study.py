"""The study of networks that grow and of styles runs from end to end, a few rounds a training."""

import pytest

pytestmark = pytest.mark.slow

SMALL = {"BATCH_SIZE": 8, "WIDTHS": {"base_filters": 32, "max_filters": 8}}
FIGURES = {
    "growing": {"fid", "sliced_wasserstein_32", "sliced_wasserstein_16"},
    "ablation": {"fid"},
    "today": {"fid", "precision", "recall"},
}


@pytest.fixture
def study(study_of):
    return study_of("style_study.py", "styles", FIGURES, samples=100)


def test_growing(study):
    lines = study("growing", "real", "growing", "full size", options=["--data", "mnist_5k"], **SMALL)
    for technique in ("growing", "full size"):
        line = lines[technique]
        assert line["images"] == SMALL["BATCH_SIZE"] and line["fid"] > lines["real"]["fid"]
        assert line["curve"][-1][0] == line["images"]


def test_ablation(study, tmp_path):
    lines = study("ablation", "StyleGAN", options=["--data", "mnist_5k"], PATHS=20, **SMALL)
    whole = lines["StyleGAN"]
    assert min(whole["path_z"], whole["path_w"], whole["noise"]) > 0
    assert [psi for psi, *_ in whole["truncation"]] == [0, 0.3, 0.5, 0.7, 0.85, 1]
    assert whole["truncation"][-1][1] == whole["fid"] != whole["fid_mixed"]
    assert whole["truncation"][0][3] < whole["truncation"][-1][3] + 0.01  # one image has no variety
    assert {"ablation.png", "truncation.png", "mixing.png"} <= {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize(("arms", "looks"), [(("DCGAN + DiffAugment",), 2), (("StyleGAN2 + ADA", "R3GAN + ADA"), 1)])
def test_today(study, arms, looks):
    sizes = {"LOOKS": looks, "BATCH_SIZES": dict.fromkeys(("DCGAN", "StyleGAN2", "R3GAN"), 8)}
    lines = study("today", "real", *arms, options=["--data", "mnist_5k"], **sizes)
    for arm in arms:
        assert lines[arm]["rounds"] == len(lines[arm]["curve"]) == looks
        assert lines[arm]["fid"] > lines["real"]["fid"]
    assert lines["real"]["fid"] > 0 and ("probability" in lines[arms[0]]) == (arms[0] == "StyleGAN2 + ADA")
    assert lines[arms[0]].get("probability", 0) >= 0
