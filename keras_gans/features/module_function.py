"""Published SavedModels: how they are called, and what they contain."""

import os

import numpy as np
import tensorflow as tf

from keras_gans.features.feature_extractor import fingerprint
from keras_gans.utils.hub_modules import load


def load_saved_model(path):
    """A function of one batch of images, whatever form the SavedModel has: callable, TF-Hub's first one, or Keras' export."""
    loaded = load(path)
    if callable(loaded):
        return loaded
    names = [name for name in ("default", "serving_default") if name in loaded.signatures]
    if not names:
        raise ValueError(f"The SavedModel in {path} is not callable, and has no default signature.")
    signature = loaded.signatures[names[0]]
    (name,) = signature.structured_input_signature[1]

    def call(images):
        return signature(**{name: images})

    call.loaded = loaded  # owns the variables
    return call


def saved_model_fingerprint(path):
    """Twelve digits of the files that hold a SavedModel's graph and weights."""
    files = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
    wanted = [name for name in files if os.path.basename(name).startswith(("saved_model.pb", "variables."))]
    return fingerprint(np.fromfile(name, np.uint8) for name in sorted(wanted))


def weights_of(function):
    """All weights of a `tf.ConcreteFunction`, as NumPy arrays: variables, captured constants, and constants of a frozen graph."""
    found = [variable.numpy() for variable in function.graph.variables]
    found += [tensor.numpy() for tensor in function.captured_inputs if tensor.dtype.is_floating]
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(node for inner in graph.library.function for node in inner.node_def)]
    tensors = (node.attr["value"].tensor for node in nodes if node.op == "Const")
    return found + [tf.make_ndarray(tensor) for tensor in tensors if tf.as_dtype(tensor.dtype).is_floating]
