"""Every example runs from end to end, shortened."""

import os
import pathlib
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"

# Arguments that make it short, and what it must leave behind.
SHORT = {
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
}


def test_none_is_forgotten():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SHORT)


@pytest.mark.parametrize("name", SHORT)
def test_example(name, tmp_path):
    arguments, files = SHORT[name]
    command = [sys.executable, EXAMPLES / name, *arguments, "--output", tmp_path / "out"]
    result = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr[-3000:]
    assert [file for file in files if not (tmp_path / "out" / file).exists()] == []
    assert "Warning" not in result.stderr.replace("DeprecationWarning: __array__ implementation", "")
