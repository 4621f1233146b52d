"""A stand-in for BigGAN on TF Hub: its format and signature, random weights."""

import pathlib

import numpy as np
import tensorflow as tf

LATENTS, CLASSES, SIZE = 6, 5, 8


def build_hub_module(folder):
    """Writes a TF1 Hub module with two graphs, without tags and for training; images depend on z, y and truncation."""
    builder = tf.compat.v1.saved_model.Builder(str(folder))
    for tags in ([], ["train"]):
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            signature = {"default": _signature()}
            session.run(tf.compat.v1.global_variables_initializer())
            if tags:
                builder.add_meta_graph(tags, signature_def_map=signature)
            else:
                builder.add_meta_graph_and_variables(session, tags, signature_def_map=signature)
    builder.save()
    (pathlib.Path(folder) / "tfhub_module.pb").write_bytes(b"\x08\x03")


def _signature():
    placeholder = tf.compat.v1.placeholder
    inputs = {
        "z": placeholder(tf.float32, [None, LATENTS], "z"),
        "y": placeholder(tf.float32, [None, CLASSES], "y"),
        "truncation": placeholder(tf.float32, [], "truncation"),
    }
    random = np.random.default_rng(0)
    of_z, of_y = (
        tf.compat.v1.get_variable(name, initializer=random.normal(size=(rows, SIZE * SIZE * 3)).astype("float32"))
        for name, rows in (("of_z", LATENTS), ("of_y", CLASSES))
    )
    pixels = tf.tanh(inputs["z"] @ of_z + inputs["y"] @ of_y + inputs["truncation"])
    output = {"default": tf.reshape(pixels, [-1, SIZE, SIZE, 3])}
    info = tf.compat.v1.saved_model.build_tensor_info
    return tf.compat.v1.saved_model.build_signature_def(
        inputs={name: info(value) for name, value in inputs.items()},
        outputs={name: info(value) for name, value in output.items()},
        method_name="",
    )
