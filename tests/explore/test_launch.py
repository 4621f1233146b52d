"""How the page is started, and what is said if it cannot be."""

import sys

import pytest

from keras_gans.explore import __main__ as command
from keras_gans.explore import explore


def test_without_gradio_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "gradio", None)
    with pytest.raises(ImportError, match=r'pip install "keras_gans\[explore\]"'):
        explore("x.keras")


def test_arguments(monkeypatch):
    given = {}
    monkeypatch.setattr(command, "explore", lambda **arguments: given.update(arguments))
    command.main(["x.keras", "--port", "8000", "--image-range", "0", "1", "--samples", "9"])
    defaults = {"host": "127.0.0.1", "title": None, "direction_samples": 1000}
    assert given == {"source": "x.keras", "port": 8000, "image_range": [0.0, 1.0], "samples": 9, **defaults}


def test_errors_are_a_line(monkeypatch):
    def refuse(**arguments):
        raise ValueError("There is no published generator 'x'.")

    monkeypatch.setattr(command, "explore", refuse)
    with pytest.raises(SystemExit, match="^python -m keras_gans.explore: There is no published generator 'x'.$"):
        command.main(["x"])
