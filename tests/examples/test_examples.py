"""Every example runs from end to end, shortened. Warnings are errors."""

import functools
import os
import subprocess
import sys

import keras
import pytest

import keras_gans
from keras_gans.metrics import features
from tests.examples.conftest import EXAMPLES
from tests.examples.conftest import run_eagerly

pytestmark = pytest.mark.slow  # a training, or a process, each


# One script for each claim of the lectures; the others are what they share.
LECTURES = sorted(path.name for path in (EXAMPLES / "lectures").glob("[0-9]*.py"))

# Arguments that make it short, and what it must leave behind.
SHORT = {
    "compare_gans.py": (
        ["--data", "mnist_5k", "--models", "LSGAN", "--seeds", "1", "--seconds", "0", "--samples", "40"]
        + ["--classifier-steps", "5", "--workers", "0"],
        ["table.md", "results.jsonl", "LSGAN_mnist_5k_0.keras"],
    ),
    "dcgan.py": (
        ["--data", "digits", "--epochs", "1", "--filters", "8"],
        ["dcgan.keras", "served_samples.png", "samples/reals.png", "samples/epoch_0001.png", "serving/1/saved_model.pb"],
    ),
    "biggan.py": (
        ["--data", "digits", "--epochs", "1", "--channels", "2", "--truncations", "0.5"],
        ["biggan.keras", "backup", "samples/epoch_0001.png", "serving_0.5/1/saved_model.pb", "truncation_0.5.png"],
    ),
    "biggan_hub.py": (["--list"], []),  # tests/hub runs the rest
    "biggan_study.py": (
        ["--data", "mnist_5k", "--models", "real", "DCGAN", "--seconds", "1", "--samples", "40"]
        + ["--classifier-steps", "5", "--workers", "0"],
        ["compare.jsonl", "lenet.keras", "DCGAN_0_1.keras"],
    ),
    "infogan.py": (
        ["--data", "digits", "--size", "8", "--epochs", "1", "--filters", "4", "--noise", "4"],
        ["infogan.keras", "backup", "samples/epoch_0001.png", "serving/1/saved_model.pb", "categories.png", "continuous_2.png"],
    ),
    "bigan.py": (
        ["--data", "digits", "--epochs", "1", "--units", "8"],
        ["bigan.keras", "backup", "samples/epoch_0001.png", "serving/1/saved_model.pb", "reconstructions.png", "edits.png"],
    ),
    "conditional_gan.py": (
        ["--data", "digits", "--epochs", "1"],
        ["conditional_gan.keras", "samples/epoch_0001.png", "threes.png"],
    ),
    "wgan_gp.py": (
        ["--data", "digits", "--epochs", "1", "--filters", "4"],
        ["wgan_gp.keras", "log.csv", "samples/epoch_0000.png"],
    ),
    "progan.py": (
        ["--data", "digits", "--size", "8", "--base-filters", "16", "--max-filters", "4", "--hold", "600", "--fade", "600"],
        ["progan.keras", "backup", "samples/epoch_0001.png", "serving/1/saved_model.pb"],
    ),
    "stylegan.py": (
        [
            *("--data", "digits", "--size", "8", "--base-filters", "16", "--max-filters", "4", "--latents", "4"),
            *("--mapping-layers", "1", "--epochs", "1", "--augment"),
        ],
        ["stylegan.keras", "samples/epoch_0001.png", "serving/1/saved_model.pb", "mixing.png", "truncation.png", "walk.gif"],
    ),
    "custom_gan.py": (["--epochs", "1"], ["custom_gan.keras"]),
    "semi_supervised.py": (["--data", "digits", "--epochs", "1"], ["semi_supervised.keras", "samples.png"]),
    "lapgan.py": (
        [
            "--data",
            "digits",
            "--sizes",
            "4",
            "12",
            "--units",
            "8",
            "--filters",
            "2",
            "--epochs",
            "1",
            "--one-by-one",
            "--classes",
        ],
        [
            "lapgan.keras",
            "level_2/backup",
            "level_1/samples/epoch_0001.png",
            "serving/1/saved_model.pb",
            "served.png",
            "levels.png",
        ],
    ),
    "pix2pix.py": (
        ["--target", "digits", "--size", "16", "--filters", "2", "--epochs", "1"],
        ["pix2pix.keras", "backup", "samples/epoch_0001.png", "serving/1/saved_model.pb", "served.png"],
    ),
    "cyclegan.py": (
        ["--size", "16", "--filters", "2", "--blocks", "1", "--epochs", "1"],
        ["cyclegan.keras", "backup", "samples/epoch_0001.png", "serving/1/saved_model.pb", "served.png"],
    ),
    "srgan.py": (
        ["--crop", "32", "--filters", "2", "--blocks", "1", "--epochs", "1", "1"],
        ["srgan.keras", "backup/srresnet", "samples/epoch_0001.png", "serving/1/saved_model.pb", "enlarged.png"],
    ),
    "caae.py": (
        ["--filters", "4", "--epochs", "1"],
        ["caae.keras", "backup", "ages/epoch_0001.png", "ages.png", "serving/1/saved_model.pb"],
    ),
    "stackgan.py": (
        ["--filters", "4", "--blocks", "1", "--units", "4", "--epochs", "1", "1", "--encoder-steps", "5"],
        ["stackgan.keras", "stage_1/backup", "stage_2/samples/epoch_0001.png", "serving/1/saved_model.pb", "served.png"],
    ),
}


# These take long to trace, and run eagerly: so many rounds an epoch, or, if None, until their own clock ends them.
EAGER = {
    "bigan.py": 1,
    "biggan.py": 1,
    "biggan_study.py": None,
    "caae.py": 1,
    "compare_gans.py": None,
    "conditional_gan.py": 2,
    "cyclegan.py": 1,
    "infogan.py": 1,
    "lapgan.py": 1,
    "pix2pix.py": 1,
    "progan.py": 1,
    "stylegan.py": 1,
    "semi_supervised.py": 2,
    "srgan.py": 1,
    "stackgan.py": 1,
    "wgan_gp.py": 2,
}


class FewFeatures(features.EfficientNetLite0):
    """The first of the features: the Frechet distance of all 1,280 takes seconds."""

    dimensions = 64

    def extract(self, images):
        outputs = super().extract(images)
        return outputs | {"features": outputs["features"][:, : self.dimensions]}


def test_none_is_forgotten():
    elsewhere = {"encoders_study.py", "evaluate.py", "style_study.py", "translation_study.py"}  # tests of their own
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SHORT) | elsewhere


@pytest.mark.parametrize("name", SHORT)
def test_example(name, tmp_path, run, few_digits, monkeypatch):
    arguments, files = SHORT[name]
    if "mnist_5k" in arguments:
        few_digits(every=10)
    # It is traced anew wherever a script makes one.
    monkeypatch.setattr(features, "EfficientNetLite0", functools.cache(FewFeatures))
    if name in EAGER:
        for kind in (keras_gans.GAN, keras.Model) if name == "srgan.py" else (keras_gans.GAN,):
            run_eagerly(monkeypatch, kind, EAGER[name])
        if '"--batch-size"' in (EXAMPLES / name).read_text():
            arguments = [*arguments, "--batch-size", "8"]
    run(EXAMPLES / name, *arguments, "--output", tmp_path / "out")
    assert [file for file in files if not (tmp_path / "out" / file).exists()] == []


RESUMING = sorted(path.name for path in EXAMPLES.glob("*.py") if '"--resume"' in path.read_text())


@pytest.mark.parametrize("name", RESUMING)
def test_nothing_to_go_on_from_is_said(name, tmp_path, run, capsys):
    with pytest.raises(SystemExit):
        run(EXAMPLES / name, "--resume", "--output", tmp_path / "nowhere")
    assert f"there is no {tmp_path / 'nowhere'}" in capsys.readouterr().err


def test_no_claim_is_forgotten():
    assert [name[:2] for name in LECTURES] == [f"{number:02}" for number in range(1, 13)]


@pytest.mark.parametrize("name", LECTURES)
def test_lecture(name, tmp_path, run):
    run(EXAMPLES / "lectures" / name, "--quick", "--output", tmp_path / "out")
    assert_small_png(tmp_path / "out" / f"{name.removesuffix('.py')}.png")


def test_every_stabilizer_can_be_built(run):
    """--quick trains two of them."""
    script = run(EXAMPLES / "lectures" / "12_stabilizers.py", name="stabilizers")
    for technique, make in script["TECHNIQUES"].items():
        assert make().compiled, technique


def test_a_script_runs_by_itself(tmp_path):
    """In a process of its own, with one thread, which must be said before TensorFlow starts."""
    script = EXAMPLES / "lectures" / "03_vanishing_gradients.py"
    command = [sys.executable, script, "--quick", "--output", tmp_path]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0, result.stderr[-3000:]
    assert "Warning" not in result.stderr.replace("DeprecationWarning: __array__ implementation", "")
    assert_small_png(tmp_path / "03_vanishing_gradients.png")


SWEEP = """
import os, sys
import sweep

def work(technique, data, seed, factor):
    return {"product": factor * seed, "threads": os.environ["TF_NUM_INTRAOP_THREADS"], "process": os.getpid()}

if __name__ == "__main__":
    jobs = [{"technique": "t", "data": "d", "seed": seed, "factor": 3} for seed in range(3)]
    first = sweep.run(work, jobs[:2], sys.argv[1], workers=2, fresh=True)
    with open(sys.argv[1], "a") as file:
        file.write('{"technique": "t", "data"')  # as of a run that was killed
    lines = sweep.run(work, jobs, sys.argv[1], workers=1)
    assert sweep.run(work, jobs, sys.argv[1], workers=1) == lines
    assert lines[:2] == first
    assert [line["product"] for line in lines] == [0, 3, 6]
    assert {line["threads"] for line in lines} == {"1"}
    assert len({line["process"] for line in lines} - {os.getpid()}) == 3
    assert len(open(sys.argv[1]).readlines()) == 4
"""


def test_a_sweep_has_processes_of_its_own_and_computes_no_line_twice(tmp_path):
    (tmp_path / "script.py").write_text(SWEEP)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLES / "lectures"), str(EXAMPLES.parent)])}
    command = [sys.executable, tmp_path / "script.py", tmp_path / "results.jsonl"]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert result.returncode == 0, result.stderr[-3000:]
    assert result.stdout.count("Line 3 of ") == 2 and "is not a result, or half of one" in result.stdout


def assert_small_png(path):
    assert path.read_bytes()[:4] == b"\x89PNG"
    assert path.stat().st_size <= 100_000
