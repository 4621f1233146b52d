"""The client of examples/serve against both dialects of TensorFlow Serving."""

import contextlib
import io
import os
import pathlib
import runpy
import sys

import numpy as np
import pytest
from PIL import Image

import keras_gans
from tests import tiny
from tests.export import tensorflow_serving

pytestmark = pytest.mark.slow

CLIENT = pathlib.Path(__file__).parents[2] / "examples" / "serve" / "client.py"
client = runpy.run_path(str(CLIENT))
Generator, ServerError = client["Generator"], client["ServerError"]


@contextlib.contextmanager
def clients(folder, way, version=None):
    """A client of a server of the newest version in a folder."""
    if way == "rest":
        with tensorflow_serving.rest("digits", folder) as url:
            yield client["RestClient"](url, "digits", version)
        return
    pytest.importorskip("tensorflow_serving")
    with tensorflow_serving.grpc_server("digits", folder) as address:
        made = client["GrpcClient"](address, "digits", version)
        yield made
        made.close()


def a_gan(kind):
    if kind == "weights":
        return keras_gans.GAN(tiny.weighted_generator(), tiny.weighted_discriminator(), classes=tiny.CLASSES)
    classes = tiny.CLASSES if kind == "labels" else None
    latents = keras_gans.latents.Uniform(tiny.LATENTS) if kind == "uniform" else None
    return keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), latents)


@pytest.mark.parametrize("way", ["rest", "grpc"])
@pytest.mark.parametrize("kind", ["plain", "uniform", "labels", "weights"])
def test_the_images_of_a_seed(tmp_path, way, kind):
    gan = a_gan(kind)
    gan.export(tmp_path, version="auto")
    condition = 1 if kind in ("labels", "weights") else None
    truncation = None if kind == "uniform" else 0.5
    with clients(tmp_path, way) as made:
        generator = Generator(made)
        images = generator.images(70, seed=7, condition=condition, truncation=truncation)
        files = generator.png(70, seed=7, condition=condition, truncation=truncation)
        pair = generator.images(2, seed=(3, 4), condition=None if condition is None else [0, 2])
    expected = gan.generate(70, condition, truncation=truncation, seed=7)
    np.testing.assert_allclose(images, expected, atol=1e-5)
    pixels = np.stack([np.asarray(Image.open(io.BytesIO(file))) for file in files])
    assert np.abs(pixels - (expected[..., 0] + 1) * 127.5).max() <= 0.501
    np.testing.assert_allclose(pair, gan.generate(2, None if condition is None else [0, 2], seed=(3, 4)), atol=1e-5)


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_errors(tmp_path, way):
    gan = a_gan("labels")
    gan.export(tmp_path, version="auto", max_batch_size=8)
    with clients(tmp_path, way) as made:
        generator = Generator(made)
        for arguments, message in (
            ({"count": 9, "condition": 0}, "`batch_size` must be from 1 to 8"),
            ({"count": 2, "condition": 3}, "`condition` must be a class from 0 to 2"),
        ):
            with pytest.raises(ServerError, match=message):
                generator.images(**arguments)
        with pytest.raises(ServerError, match="encode"):
            made.inputs("encode")
        with pytest.raises(ServerError, match="signature"):
            made.predict("encode", {})
        with pytest.raises(ValueError, match="takes .*'condition'.*Received"):
            generator.images(2)
    with clients(tmp_path, way, version=5) as made, pytest.raises(ServerError, match="Servable not found"):
        Generator(made)


def test_no_truncation_for_uniform_latents(tmp_path):
    a_gan("uniform").export(tmp_path, version="auto")
    with clients(tmp_path, "rest") as made, pytest.raises(ValueError, match="takes no truncation"):
        Generator(made).images(2, truncation=0.5)


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_the_command(tmp_path, way, monkeypatch, capsys):
    gan = a_gan("labels")
    gan.export(tmp_path / "digits", version="auto")
    if way == "grpc":
        pytest.importorskip("tensorflow_serving")
    server = tensorflow_serving.rest if way == "rest" else tensorflow_serving.grpc_server
    with server("digits", tmp_path / "digits") as address:
        options = ["--model", "digits", "--count", "3", "--class", "2", "--seed", "5", "--truncation", "0.5"]
        monkeypatch.setattr(sys, "argv", ["client.py", f"--{way}", address, *options, "--output", str(tmp_path / "images")])
        runpy.run_path(str(CLIENT), run_name="__main__")
    assert "3 images in" in capsys.readouterr().out
    assert sorted(os.listdir(tmp_path / "images")) == [f"digits_5_000{number}.png" for number in range(3)]
    first = np.asarray(Image.open(tmp_path / "images" / "digits_5_0000.png"))
    assert np.abs(first - (gan.generate(3, 2, truncation=0.5, seed=5)[0, ..., 0] + 1) * 127.5).max() <= 0.501


@pytest.mark.parametrize("kind", ["pix2pix", "cyclegan"])
def test_translations(tmp_path, kind):
    gan, sources = getattr(tiny, kind)(), tiny.images(3)
    gan.export(tmp_path, version="auto")
    with clients(tmp_path, "rest") as made:
        generator = Generator(made)
        np.testing.assert_allclose(generator.translate(sources), gan.translate(sources, seed=0), atol=1e-5)
        if kind == "pix2pix":
            sampled = generator.images(3, seed=7, condition=sources)
            np.testing.assert_allclose(sampled, gan.translate(sources, seed=7), atol=1e-5)
