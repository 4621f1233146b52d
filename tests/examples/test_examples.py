"""Every example runs from end to end, shortened."""

import os
import pathlib
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"

# One script for each claim of the lectures; the others are what they share.
LECTURES = sorted(path.name for path in (EXAMPLES / "lectures").glob("[0-9]*.py"))

# Arguments that make it short, and what it must leave behind.
SHORT = {
    "evaluate.py": ([], []),  # says how; tests/evaluation runs it
    "compare_gans.py": (
        ["--data", "mnist_5k", "--models", "LSGAN", "--seeds", "1", "--seconds", "1", "--samples", "100"]
        + ["--classifier-steps", "20", "--workers", "1"],
        ["table.md", "results.jsonl", "LSGAN_mnist_5k_0.keras"],
    ),
    "dcgan.py": (
        ["--dataset", "digits", "--epochs", "1"],
        ["dcgan.keras", "served_samples.png", "samples/reals.png", "samples/epoch_0001.png", "serving/1/saved_model.pb"],
    ),
    "conditional_gan.py": (
        ["--dataset", "digits", "--epochs", "1"],
        ["conditional_gan.keras", "samples/epoch_0001.png", "threes.png"],
    ),
    "wgan_gp.py": (
        ["--dataset", "digits", "--epochs", "1", "--filters", "4"],
        ["wgan_gp.keras", "log.csv", "samples/epoch_0000.png"],
    ),
    "custom_gan.py": (["--epochs", "1"], ["custom_gan.keras"]),
    "semi_supervised.py": (["--dataset", "digits", "--epochs", "1"], ["semi_supervised.keras", "samples.png"]),
}


def test_none_is_forgotten():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SHORT)


@pytest.mark.parametrize("name", SHORT)
def test_example(name, tmp_path):
    arguments, files = SHORT[name]
    run(EXAMPLES / name, *arguments, "--output", tmp_path / "out", cwd=tmp_path)
    assert [file for file in files if not (tmp_path / "out" / file).exists()] == []


def test_no_claim_is_forgotten():
    assert [name[:2] for name in LECTURES] == [f"{number:02}" for number in range(1, 13)]


@pytest.mark.parametrize("name", LECTURES)
def test_lecture(name, tmp_path):
    run(EXAMPLES / "lectures" / name, "--quick", "--output", tmp_path / "out", cwd=tmp_path)
    figure = tmp_path / "out" / f"{name.removesuffix('.py')}.png"
    assert figure.read_bytes()[:4] == b"\x89PNG"
    assert figure.stat().st_size <= 100_000


def run(script, *arguments, cwd):
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    command = [sys.executable, script, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd)
    assert result.returncode == 0, result.stderr[-3000:]
    assert "Warning" not in result.stderr.replace("DeprecationWarning: __array__ implementation", "")
