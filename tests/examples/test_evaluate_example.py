"""The example on a saved GAN; without a model it says how."""

import json

import pytest

import keras_gans
from tests import tiny
from tests.examples.conftest import EXAMPLES

pytestmark = pytest.mark.slow

EXAMPLE = EXAMPLES / "evaluate.py"


def test_on_a_saved_gan(tmp_path, run, capsys):
    keras_gans.GAN(tiny.generator(10), tiny.discriminator(10)).save(tmp_path / "gan.keras")
    short = ["--data", "digits", "--num-samples", "100", "--classifier-steps", "20"]
    chosen = ["--metrics", "fid", "is", "ms_ssim", "--analyses", "samples", "leakage", "linear_probe"]
    run(EXAMPLE, "gan.keras", *short, *chosen, "--output", "out")
    text = capsys.readouterr().out
    lines = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    assert [line.get("metric", line.get("analysis")) for line in lines] == [
        "fid",
        "inception_score",
        "ms_ssim",
        "samples",
        "leakage",
        "linear_probe",
    ]
    assert [line["analysis"] for line in lines if "figures" not in line] == ["linear_probe"]
    assert f"linear_probe skipped: {lines[5]['skipped']}" in text
    assert lines[0]["protocol"]["samples"] == {"generated": 100, "real": 1797}
    assert f"{lines[0]['figures']['fid']:.6g}" in text
    assert (tmp_path / "out" / "report.html").exists()
    leakage = next(iter(lines[4]["figures"]))
    assert f"leakage: {leakage}" in text


def test_without_a_model_it_says_how(tmp_path, run, capsys):
    run(EXAMPLE)
    text = capsys.readouterr().out
    assert "evaluate.py runs/dcgan/dcgan.keras" in text
    assert "precision_recall" in text
    assert list(tmp_path.iterdir()) == []
