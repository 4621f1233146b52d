"""The page in Chromium: it asks nothing of a network, controls change pictures, errors are shown.

Needs the program `chromium` and the extra `dev`. Runs only with `-m browser`.
"""

import contextlib
import io
import os
import pathlib
import queue
import shutil
import socket
import subprocess
import sys
import threading
import urllib.parse

import numpy as np
import pytest
from PIL import Image

import keras_gans
from tests import tiny
from tests.explore.test_explored_styles import stylegan

pytestmark = pytest.mark.browser

ROOT = pathlib.Path(__file__).parent.parent.parent
SHAPE = (28, 28, 1)
SECONDS = 120  # of waiting, where the machine has much else to do


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("explore") / "tiny.keras"
    networks = tiny.weighted_generator(shape=SHAPE), tiny.weighted_discriminator(shape=SHAPE)
    keras_gans.GAN(*networks, classes=tiny.CLASSES).save(path)
    return path


@contextlib.contextmanager
def served(saved):
    """The address of the page of a saved GAN."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "keras_gans.explore", str(saved), "--port", str(port), "--direction-samples", "50"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GRADIO_TEMP_DIR": str(saved.parent / "gradio")}
    server = subprocess.Popen(
        command, env=environment, cwd=saved.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines = queue.Queue()
    reader = threading.Thread(target=lambda: [lines.put(line) for line in server.stdout], daemon=True)
    reader.start()
    try:
        said = []
        while not said or not said[-1].startswith("Explore "):
            said.append(lines.get(timeout=SECONDS))
        yield said[-1].split(": ")[1].split()[0]
    finally:
        server.terminate()
        server.wait(20)
        reader.join(20)
        server.stdout.close()


@pytest.fixture(scope="module")
def url(saved):
    with served(saved) as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "This test needs Chromium: apt-get install chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser.new_context()  # one for all visits: what the page is made of is fetched once
        browser.close()


class Visit:
    """A page that is open, the hosts that it asked, and the errors that its console has."""

    def __init__(self, browser, url, width=1280, height=800, scheme="light"):
        self.page = browser.new_page()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_default_timeout(1000 * SECONDS)
        self.asked = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.goto(url)
        self.page.wait_for_selector("#samples img")

    def outside(self):
        addresses = [urllib.parse.urlsplit(address) for address in self.asked]
        return [address for address in addresses if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1"]

    def sources(self):
        return self.page.eval_on_selector_all("#samples img", "images => images.map(image => image.src)")

    def after(self, action):
        """The pictures after an action has changed the first of them, when they do not change any more."""
        before = self.sources()
        action()
        changed = "before => { const image = document.querySelector('#samples img'); return image && image.src != before; }"
        self.page.wait_for_function(changed, arg=before[0])
        while before != self.sources():
            before = self.sources()
            self.page.wait_for_timeout(400)
        return before

    def pick(self, number):
        self.page.locator("#samples button.thumbnail-item").nth(number).click()
        self.page.get_by_text(f"Picked: image {number + 1}.").wait_for()

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()

    def width_of(self, selector):
        self.page.wait_for_function("selector => document.querySelector(selector)?.naturalWidth > 0", arg=selector)
        return self.page.eval_on_selector(selector, "image => image.naturalWidth")

    def fill(self, selector, text):
        self.page.fill(f"{selector} :is(input, textarea)", text)
        self.page.keyboard.press("Enter")

    def downloaded(self, selector):
        with self.page.expect_download() as download:
            self.page.click(selector)
        return pathlib.Path(download.value.path()).read_bytes()


@pytest.fixture
def visit(browser, url):
    visit = Visit(browser, url)
    yield visit
    assert visit.outside() == []
    assert visit.errors == []
    visit.page.close()


@pytest.mark.parametrize("width, height", [(390, 844), (1280, 800)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_looks_as_it_should_and_asks_nothing_of_a_network(browser, url, scheme, width, height):
    visit = Visit(browser, url, width, height, scheme)
    pixels = np.asarray(Image.open(io.BytesIO(visit.page.screenshot())).convert("L"))
    assert pixels.std() > 10
    assert (np.median(pixels) > 128) == (scheme == "light")
    for name in ("Samples", "Path", "Find", "Code"):
        visit.tab(name)
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    assert visit.outside() == []
    visit.page.close()


def test_a_slider_moved_with_the_keyboard_changes_the_pictures(visit):
    first = visit.sources()
    assert len(first) == 16
    visit.page.focus("#direction-1 input[type=range]")
    moved = visit.after(lambda: [visit.page.keyboard.press("ArrowRight") for _ in range(3)])
    assert not set(first) & set(moved)
    assert visit.after(lambda: visit.page.click("#reset")) == first
    visit.page.fill("#mix input[type=number]", "0.5")
    visit.page.click("#second-class input")
    visit.after(lambda: visit.page.get_by_role("option", name="2").click())
    visit.after(lambda: visit.page.click("#new-seed"))


def test_a_pick_is_varied(visit):
    first = visit.sources()
    visit.pick(3)
    varied = visit.after(lambda: visit.page.click("#vary"))
    assert varied[0] == first[3]
    assert len(set(varied)) == 16
    assert visit.after(lambda: visit.page.click("#back")) == first


def test_a_path_between_picks(visit):
    visit.pick(0)
    visit.page.click("#as-start")
    visit.page.get_by_text("Image 1 is the start of a path. Pick its end.").wait_for()
    visit.pick(5)
    visit.page.click("#as-end")
    visit.page.get_by_role("tab", name="Path", selected=True).wait_for()
    assert visit.width_of("#strip img") == 8 * 30 - 2
    assert visit.width_of("#gif img") == 252
    source = visit.page.get_attribute("#gif img", "src")
    visit.page.fill("#steps input[type=number]", "3")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_function("source => document.querySelector('#gif img')?.src != source", arg=source)
    assert visit.width_of("#strip img") == 3 * 30 - 2


def test_an_uploaded_image_is_found_and_picked(visit, tmp_path):
    Image.new("RGB", (50, 40), (90, 90, 90)).save(tmp_path / "gray.png")
    visit.tab("Find")
    visit.page.set_input_files("#upload input[type=file]", tmp_path / "gray.png")
    visit.page.get_by_text("gray.png").wait_for()
    visit.page.click("#search")
    assert visit.width_of("#found img") == 28
    assert "of 255" in visit.page.inner_text("#distance")
    assert len(visit.after(lambda: visit.page.click("#use"))) == 1
    visit.pick(0)


def test_errors_are_shown_in_a_sentence(visit, tmp_path):
    (tmp_path / "notes.txt").write_text("no image")
    visit.tab("Find")
    visit.page.click("#search")
    visit.page.get_by_text("Choose an image first.").wait_for()
    visit.page.set_input_files("#upload input[type=file]", tmp_path / "notes.txt")
    visit.page.get_by_text("notes.txt").wait_for()
    visit.page.click("#search")
    visit.page.get_by_text("notes.txt cannot be read as an image.").wait_for()
    assert "Traceback" not in visit.page.content()


def test_the_code_makes_what_is_downloaded(visit, saved, tmp_path, monkeypatch):
    visit.page.focus("#direction-2 input[type=range]")
    visit.after(lambda: [visit.page.keyboard.press("ArrowLeft") for _ in range(3)])
    visit.tab("Code")
    code = "\n".join(visit.page.locator("#code .cm-line").all_inner_texts())
    assert "directions.move" in code
    picture, latents = visit.downloaded("#download-png"), np.load(io.BytesIO(visit.downloaded("#download-latents")))
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(code, names)
    np.testing.assert_allclose(names["latents"], latents, atol=1e-6)
    with Image.open(io.BytesIO(picture)) as downloaded, Image.open("samples.png") as made:
        np.testing.assert_allclose(np.asarray(made, "float32"), np.asarray(downloaded, "float32"), atol=1)


def test_styles_are_moved_and_mixed(browser, tmp_path, monkeypatch):
    stylegan().save(tmp_path / "styles.keras")
    monkeypatch.chdir(tmp_path)
    with served(tmp_path / "styles.keras") as url:
        visit = Visit(browser, url)
        first = visit.sources()
        visit.page.focus("#style-direction-1 input[type=range]")
        moved = visit.after(lambda: [visit.page.keyboard.press("ArrowRight") for _ in range(3)])
        assert not set(first) & set(moved)
        visit.after(lambda: visit.fill("#moved-layers", "4-5"))
        mixed = visit.after(lambda: visit.fill("#mixed-seed", "9"))
        visit.tab("Code")
        code = "\n".join(visit.page.locator("#code .cm-line").all_inner_texts())
        assert "[4, 5]] = style_directions.move(" in code and "draw_latents(1, seed=9)" in code
        exec(code, {})
        with Image.open(io.BytesIO(visit.downloaded("#download-png"))) as downloaded, Image.open("samples.png") as made:
            np.testing.assert_allclose(np.asarray(made, "float32"), np.asarray(downloaded, "float32"), atol=1)
        visit.tab("Samples")
        assert visit.after(lambda: visit.page.click("#reset-styles")) == first != mixed

        visit.tab("Mix")
        visit.fill("#table-layers", "middle")
        visit.page.click("#make-table")
        pictures = visit.page.locator("#table img")
        pictures.nth(19).wait_for()
        assert pictures.count() == 20
        source = pictures.nth(7).get_attribute("src")
        visit.page.locator("#table button.thumbnail-item").nth(7).click()
        visit.page.get_by_text("Picked: seed 0, with the styles of seed 4 in the layers middle.").wait_for()
        assert visit.after(lambda: visit.page.click("#use-mixture")) == [source]
        assert visit.page.input_value("#mixed-seed :is(input, textarea)") == "4"

        visit.page.set_viewport_size({"width": 390, "height": 844})
        visit.tab("Mix")
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
        visit.fill("#mixed-layers", "7-9")
        visit.page.get_by_text("of 0 to 5. Received: 7-9").wait_for()
        assert visit.outside() == visit.errors == []
        visit.page.close()
