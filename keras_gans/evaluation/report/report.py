"""One HTML file that shows what an evaluation found."""

import html

from keras_gans.utils.files import written_beside

# The browser itself refuses whatever is not in the file.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
body { font: 15px/1.5 sans-serif; color: #222; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { border-bottom: 1px solid #ccc; margin-top: 2.5rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { border: 1px solid #ddd; padding: .2rem .6rem; text-align: left; vertical-align: top }
.matrix td { text-align: right }
figure { margin: 1rem 0; overflow-x: auto }
img { image-rendering: pixelated; max-width: none }
figcaption { color: #666 }
svg text { font: 12px sans-serif; fill: #222 }
svg polyline, svg path { fill: none; stroke: #888 }
svg polyline { stroke: #285aa0; stroke-width: 2 }
svg circle { fill: #285aa0 }
"""


class Report:
    """A page of sections, in one file that needs no other, no network and no script.

    Args:
        title: String.

    Example:

    ```python
    report = keras_gans.evaluation.Report("DCGAN on digits")
    report.add("Remarks", "<p>Trained for 40 epochs.</p>")
    report.write("runs/report.html")
    ```
    """

    def __init__(self, title):
        self.title = title
        self.sections = []

    def add(self, title, *blocks):
        """Adds a section of blocks, strings of HTML as `html_blocks` and `svg_curve` make them."""
        self.sections.append((title, blocks))

    def html(self):
        """The page, a string."""
        sections = "".join(
            f"<section><h2>{html.escape(title)}</h2>{''.join(blocks)}</section>\n" for title, blocks in self.sections
        )
        title = html.escape(self.title)
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n{sections}</body></html>\n"
        )

    def write(self, path):
        """Writes the page, and makes its folder. A reader never finds a half-written page."""
        with written_beside(path) as beside, open(beside, "w", encoding="utf-8") as file:
            file.write(self.html())
