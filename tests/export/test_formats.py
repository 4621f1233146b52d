"""Other runtimes than TensorFlow make the same images."""

import sys

import keras
import numpy as np
import pytest

import keras_gans
from tests import tiny

# TensorFlow's and tf2onnx's exporters use names that Python, NumPy and TensorFlow are about to drop.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def model(classes=None):
    """A GAN that has never been sampled, latents and labels, and a function that samples it with these."""
    gan = keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), ema=0.9)
    z = np.asarray(gan.as_sampler().draw_latents(3, 4))
    labels = np.array([0, 2, 1]) if classes else None
    return gan, z, labels, lambda: gan.generate(3, labels, latents=z)


def of_openvino(path, inputs):
    openvino = pytest.importorskip("openvino")
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return next(iter(compiled(inputs).values()))


@pytest.mark.parametrize("classes", [None, tiny.CLASSES])
def test_a_saved_model_in_openvino(tmp_path, classes):
    gan, z, labels, expected = model(classes)
    inputs = {"latents": z} | ({} if labels is None else {"condition": labels.astype("int32")})
    np.testing.assert_allclose(of_openvino(gan.export(tmp_path / "1"), inputs), expected(), atol=1e-5)


def test_dcgan_in_openvino(tmp_path):
    gan = keras_gans.DCGAN(image_shape=(28, 28, 1), latents=8)
    z = np.asarray(gan.as_sampler().draw_latents(3, 4))
    images = of_openvino(gan.export(tmp_path / "1"), {"latents": z})
    np.testing.assert_allclose(images, gan.generate(3, latents=z), atol=1e-5)


@pytest.mark.parametrize("classes", [None, tiny.CLASSES])
def test_openvino(tmp_path, classes):
    pytest.importorskip("openvino")
    gan, z, labels, expected = model(classes)
    path = gan.export(tmp_path / "model.xml", format="openvino")
    inputs = [z] if labels is None else [z, labels.astype("int32")]
    np.testing.assert_allclose(of_openvino(path, inputs), expected(), atol=1e-5)


@pytest.mark.parametrize("classes", [None, tiny.CLASSES])
def test_onnx(tmp_path, classes):
    onnx, _ = pytest.importorskip("onnx"), pytest.importorskip("tf2onnx")
    from onnx.reference import ReferenceEvaluator

    gan, z, labels, expected = model(classes)
    path = gan.export(tmp_path / "model.onnx", format="onnx")
    onnx.checker.check_model(path)
    inputs = {"latents": z} | ({} if labels is None else {"condition": labels.astype("int32")})
    np.testing.assert_allclose(ReferenceEvaluator(path).run(None, inputs)[0], expected(), atol=1e-5)


@pytest.mark.parametrize("format", ["onnx", "tflite", "openvino"])
def test_a_sequential_generator_that_was_never_called(tmp_path, format):
    pytest.importorskip({"onnx": "tf2onnx", "tflite": "ai_edge_litert", "openvino": "openvino"}[format])
    generator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(64), keras.layers.Reshape((8, 8, 1))])
    path = tmp_path / f"model{'.xml' if format == 'openvino' else f'.{format}'}"
    keras_gans.GAN(generator, tiny.discriminator()).export(path, format=format)
    assert path.stat().st_size


@pytest.mark.parametrize("classes", [None, tiny.CLASSES])
def test_tflite(tmp_path, classes):
    litert = pytest.importorskip("ai_edge_litert.interpreter")
    gan, z, labels, expected = model(classes)
    interpreter = litert.Interpreter(gan.export(tmp_path / "model.tflite", format="tflite"))
    for detail in interpreter.get_input_details():
        interpreter.resize_tensor_input(detail["index"], [3, *detail["shape"][1:]])
    interpreter.allocate_tensors()
    for detail in interpreter.get_input_details():
        value = z if detail["dtype"] == np.float32 else labels.astype(detail["dtype"])
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    made = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    np.testing.assert_allclose(made, expected(), atol=1e-5)


@pytest.mark.parametrize("format", ["onnx", "openvino"])
def test_a_package_that_is_missing(tmp_path, format, monkeypatch):
    monkeypatch.setitem(sys.modules, format, None)
    gan, *_ = model()
    with pytest.raises(ImportError, match=rf'format={format!r} needs the package {format}.*pip install "keras_gans\[formats\]"'):
        gan.export(tmp_path / f"model{'.onnx' if format == 'onnx' else '.xml'}", format=format)
