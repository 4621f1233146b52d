"""Reports are one file, with everything in it and nothing from outside."""

import base64
import html.parser
import io
import re

import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.evaluation import Report
from keras_gans.evaluation.report import html_blocks
from keras_gans.evaluation.report.svg_curve import curve
from tests import tiny


class Tags(html.parser.HTMLParser):
    """Checks that tags are closed in order, and collects them."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_a_page_is_whole_and_self_contained(tmp_path):
    report = Report("A <GAN> & more")
    report.add("Figures", html_blocks.table([["fid", 12.3456789, 7]], header=["metric", "value", "count"]))
    report.add("Pictures", html_blocks.images(tiny.images(4)), curve([(1, 2), (3, 4)], "FID", "IS"))
    report.write(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    tags = Tags(text).found
    assert "<title>A &lt;GAN&gt; &amp; more</title>" in text
    assert text.index("<h2>Figures") < text.index("<h2>Pictures")
    assert "script" not in [tag for tag, _ in tags]
    assert "default-src 'none'" in text
    links = [value for _, attributes in tags for key, value in attributes.items() if key in ("src", "href", "xlink:href")]
    assert links
    assert all(link.startswith("data:image/png;base64,") for link in links)
    assert not re.search(r"https?://|url\(|@import", text)


def test_pictures_are_the_images():
    images = tiny.images(4)
    block = html_blocks.images(images, columns=2, caption="two & two")
    ((_, attributes),) = [tag for tag in Tags(block).found if tag[0] == "img"]
    data = base64.b64decode(attributes["src"].removeprefix("data:image/png;base64,"))
    picture = np.asarray(Image.open(io.BytesIO(data)))
    np.testing.assert_array_equal(picture, keras_gans.utils.image_grid(images, columns=2)[..., 0])
    assert (attributes["width"], attributes["height"]) == (str(12 * 18), str(12 * 18))
    assert "<figcaption>two &amp; two</figcaption>" in block
    wide = html_blocks.images(tiny.images(16), columns=16)
    assert f'width="{5 * (16 * 10 - 2)}"' in wide
    large = html_blocks.images(np.zeros((1, 128, 128, 3), "float32"))
    assert 'width="128"' in large


def test_tables():
    block = html_blocks.table([["<fid>", 12.3456789], ["n", 1000], ["nan", float("nan")]])
    rows = re.findall(r"<tr>(.*?)</tr>", block)
    assert rows == ["<td>&lt;fid&gt;</td><td>12.3457</td>", "<td>n</td><td>1000</td>", "<td>nan</td><td>nan</td>"]
    assert html_blocks.paragraph("1 < 2") == "<p>1 &lt; 2</p>"


def test_a_matrix_is_shaded_by_shares_of_rows():
    block = html_blocks.matrix([[3, 1], [0, 0]])
    Tags(block)
    assert '0.75)">3</td>' in block
    assert '0.25)">1</td>' in block
    assert block.count('0.00)">0</td>') == 2


def test_a_curve_goes_through_its_points():
    block = curve([(0.0, 1.0), (10.0, 3.0), (5.0, 2.0)], "FID", "IS", names=["0.2", "1.0", "<0.5>"])
    Tags(block)
    points = np.float64([pair.split(",") for pair in re.search(r'points="([^"]+)"', block)[1].split()])
    assert points[:, 0].tolist() == [64, 456, 260]  # to the right
    assert points[:, 1].tolist() == [236, 32, 134]  # upwards, in pixels downwards
    assert block.count("<circle") == 3
    assert "&lt;0.5&gt;" in block
    assert ">10</text>" in block
    assert ">123.5</text>" in curve([(123.456, 1.0), (0.0, 2.0)], "FID", "IS")


@pytest.mark.parametrize(("points", "circles"), [([(1.0, 1.0)], 1), ([(1.0, float("nan")), (2.0, 1.0)], 1), ([], 0)])
def test_a_curve_of_hardly_anything(points, circles):
    block = curve(points, "x", "y")
    Tags(block)
    assert block.count("<circle") == circles
    assert "nan" not in block
