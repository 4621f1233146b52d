"""Pieces of a report as self-contained HTML: text, tables, pictures, matrices."""

import base64
import html
import io
import numbers

import numpy as np

from keras_gans.utils.image_files import image_grid
from keras_gans.utils.image_files import picture

_SIDE, _WIDTH = 96, 900  # pixels of the screen: about the size of one small image, and the maximum of a grid


def paragraph(text):
    """A paragraph of plain text."""
    return f"<p>{html.escape(str(text))}</p>"


def table(rows, header=None):
    """A table: lists of cells of plain text or numbers, which are shown with six digits."""
    head = "" if header is None else f"<tr>{''.join(f'<th>{_cell(cell)}</th>' for cell in header)}</tr>"
    body = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{head}{body}</table>"


def images(pictures, columns=None, rows=None, caption=None):
    """A grid of images in [-1, 1], `(n, height, width, 1 or 3 channels)`, as an embedded PNG."""
    canvas = image_grid(pictures, rows, columns, image_range=(-1, 1))
    scale = max(1, min(_SIDE // max(np.shape(pictures)[1:3]), _WIDTH // canvas.shape[1]))
    file = io.BytesIO()
    picture(canvas).save(file, format="PNG")
    data = base64.b64encode(file.getvalue()).decode()
    text = html.escape(caption or "images")
    below = f"<figcaption>{text}</figcaption>" if caption else ""
    return (
        f'<figure><img alt="{text}" width="{scale * canvas.shape[1]}" height="{scale * canvas.shape[0]}" '
        f'src="data:image/png;base64,{data}">{below}</figure>'
    )


def matrix(counts, rows="intended", columns="seen"):
    """A matrix of counts `(rows, columns)`, each cell shaded by its share of its row."""
    counts = np.asarray(counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    head = "".join(f"<th>{column}</th>" for column in range(counts.shape[1]))
    body = "".join(
        f"<tr><th>{row}</th>"
        + "".join(f'<td style="background:rgba(40,90,160,{share:.2f})">{count}</td>' for count, share in zip(*line, strict=True))
        + "</tr>"
        for row, line in enumerate(zip(counts, shares, strict=True))
    )
    corner = html.escape(f"{rows} \\ {columns}")
    return f'<table class="matrix"><tr><th>{corner}</th>{head}</tr>{body}</table>'


def number(value):
    """A number with six digits, anything else as text."""
    return f"{value:.6g}" if isinstance(value, numbers.Real) and not isinstance(value, (bool, numbers.Integral)) else str(value)


def _cell(value):
    return html.escape(number(value))
