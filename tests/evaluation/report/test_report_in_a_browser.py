"""A report opened in Chromium: it is shown whole, its pictures decode, and nothing is asked of a network.

Needs the program `chromium`; without it the test fails. `-m "not browser"` leaves it out.
"""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.metrics import FID
from keras_gans.metrics import InceptionScore
from tests import tiny
from tests.evaluation.pieces import Pieces

pytestmark = pytest.mark.browser

# Asks of each picture in a frame how wide it is once decoded. The report itself has no script.
PROBE = """<!DOCTYPE html><title>probe</title><div></div><script>
const page = new DOMParser().parseFromString(REPORT, "text/html");
Promise.all([...page.images].map(async (image) => {
  const copy = new Image();
  copy.src = image.src;
  await copy.decode();
  return copy.naturalWidth;
})).then((widths) => { document.querySelector("div").textContent = JSON.stringify(widths); });
</script>"""


def chromium(tmp_path, *arguments):
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "This test needs Chromium: apt-get install chromium"
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    options += ["--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command = [program, *options, "--virtual-time-budget=5000", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    extractor = Pieces()
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES), name="tiny <gan>")
    evaluate(
        gan,
        (tiny.images(30), tiny.labels(30)),
        [FID(extractor), InceptionScore(extractor)],
        num_samples=20,
        analyses=["samples", "neighbors", "leakage", "interpolation", "truncation"],
        output=folder,
        progress=False,
    )
    return folder


def test_everything_is_in_the_page(folder, tmp_path):
    page = chromium(tmp_path, "--dump-dom", f"file://{folder / 'report.html'}")
    assert "<h1>Evaluation of tiny &lt;gan&gt;</h1>" in page
    titles = re.findall(r"<h2>(.*?)</h2>", page)
    assert titles == ["Figures", "Samples", "Neighbors", "Leakage", "Interpolation", "Truncation"]
    lines = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    for line in lines:
        for name, value in line.get("figures", {}).items() if "metric" in line else ():
            assert f"<td>{name}</td><td>{value:.6g}</td>" in page
    assert page.count("<circle") == 2 * 5
    assert page.count("<img") == (folder / "report.html").read_text().count("<img")


def test_pictures_decode(folder, tmp_path):
    report = (folder / "report.html").read_text()
    (tmp_path / "probe.html").write_text(PROBE.replace("REPORT", json.dumps(report)))
    widths = json.loads(re.search(r"<div>(.*?)</div>", chromium(tmp_path, "--dump-dom", f"file://{tmp_path / 'probe.html'}"))[1])
    assert len(widths) == report.count("<img")
    assert widths[0] == 10 * 10 - 2  # ten samples a row
    assert min(widths) >= 8


def requests_of_page(page, tmp_path):
    """How many requests the page itself made (Chromium's own come from no origin), and a screenshot, in grey."""
    log, screenshot = tmp_path / "net.json", tmp_path / "page.png"
    shot = [f"--screenshot={screenshot}", "--window-size=1000,3000", f"--log-net-log={log}"]
    chromium(tmp_path, *shot, f"file://{page}")
    origins = re.findall(r'"initiator":"([^"]+)"', log.read_text())
    return len([origin for origin in origins if origin != "not an origin"]), np.asarray(Image.open(screenshot).convert("L"))


def test_it_is_not_blank_and_asks_nothing_of_a_network(folder, tmp_path):
    requests, pixels = requests_of_page(folder / "report.html", tmp_path)
    assert requests == 0
    assert pixels.shape == (3000, 1000)
    assert (pixels < 128).mean() > 0.01


def test_that_requests_would_be_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<html><body><img src="http://images.invalid/x.png"></body></html>')
    assert requests_of_page(page, tmp_path)[0] == 1
