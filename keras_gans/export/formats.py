"""Files for runtimes other than TensorFlow: only the network, from latents (and a condition) to images."""

import os

from keras_gans.utils.networks import input_structure
from keras_gans.utils.optional import require

# Keras' name of each format, the ending of its files, and the packages that write it.
FORMATS = {
    "tflite": ("litert", ".tflite", ()),
    "onnx": ("onnx", ".onnx", ("onnx", "tf2onnx")),
    "openvino": ("openvino", ".xml", ("openvino",)),
}


def check_format(format, filepath):
    """Raises a ValueError if the file's name has not the ending of its format, an ImportError if a package is missing."""
    _, ending, packages = FORMATS[format]
    if not os.fspath(filepath).endswith(ending):
        raise ValueError(f"A file of format={format!r} must end in {ending!r}. Received: filepath={os.fspath(filepath)!r}")
    for package in packages:
        require(package, "formats", f"format={format!r}")


def write_network(network, filepath, format, verbose):
    """Writes a network by Keras' own exporter."""
    # Without a signature Keras asks that the network was called before, which one that was just made or loaded was not.
    network.export(filepath, format=FORMATS[format][0], verbose=verbose, input_signature=[input_structure(network)])
