"""Stand-ins for published modules: TF Hub's first format and their signatures, random weights."""

import pathlib

import numpy as np
import tensorflow as tf

LATENTS, CLASSES, SIZE = 6, 5, 8


def write_module(folder, make_signatures):
    """Writes a TF1 Hub module with two graphs, without tags and for training.

    Args:
        folder: Path that does not exist.
        make_signatures: Function that builds the graph, and returns a dict of names to pairs (inputs, outputs), dicts of tensors.
    """
    builder = tf.compat.v1.saved_model.Builder(str(folder))
    for tags in ([], ["train"]):
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            signatures = {name: _signature(*sides) for name, sides in make_signatures().items()}
            session.run(tf.compat.v1.global_variables_initializer())
            if tags:
                builder.add_meta_graph(tags, signature_def_map=signatures)
            else:
                builder.add_meta_graph_and_variables(session, tags, signature_def_map=signatures)
    builder.save()
    (pathlib.Path(folder) / "tfhub_module.pb").write_bytes(b"\x08\x03")


def _signature(inputs, outputs):
    info = tf.compat.v1.saved_model.build_tensor_info
    inputs, outputs = ({name: info(value) for name, value in side.items()} for side in (inputs, outputs))
    return tf.compat.v1.saved_model.build_signature_def(inputs=inputs, outputs=outputs, method_name="")


def placeholder(name, shape, dtype=tf.float32):
    return tf.compat.v1.placeholder(dtype, shape, name)


def weights(name, *shape):
    values = np.random.default_rng(sum(map(ord, name))).normal(size=shape).astype("float32")
    return tf.compat.v1.get_variable(name, initializer=values)


def images_of(z, size=SIZE, name="of_z"):
    return tf.reshape(tf.tanh(z @ weights(name, z.shape[1], size * size * 3)), [-1, size, size, 3])


def biggan(latents=LATENTS, classes=CLASSES, size=SIZE, late=False):
    """One signature of z, one-hot y and truncation. `late`: a call uses the truncation of the call before."""

    def make():
        z, y = placeholder("z", [None, latents]), placeholder("y", [None, classes])
        given = used = placeholder("truncation", [])
        if late:
            last = tf.compat.v1.get_variable("last", initializer=tf.constant(0.0), use_resource=True)
            used = tf.identity(last.read_value())
            with tf.control_dependencies([used]), tf.control_dependencies([last.assign(given)]):
                used = tf.identity(used)
        pixels = tf.tanh(z @ weights("of_z", latents, size * size * 3) + y @ weights("of_y", classes, size * size * 3) + used)
        return {"default": ({"z": z, "y": y, "truncation": given}, {"default": tf.reshape(pixels, [-1, size, size, 3])})}

    return make


def bigbigan():
    """Three signatures, of a generator, an encoder and a discriminator."""
    z, x = placeholder("z", [None, 120]), placeholder("x", [None, 16, 16, 3])
    half, pair = placeholder("half", [None, 8, 8, 3]), placeholder("pair", [None, 120])
    images = images_of(z)
    mean = tf.reshape(x, [-1, 768]) @ weights("mean", 768, 120)
    of_x = tf.reduce_sum(tf.reshape(half, [-1, 192]) @ weights("score_x", 192, 1), axis=1)
    of_z = tf.reduce_sum(pair @ weights("score_z", 120, 1), axis=1)
    upsampled = tf.image.resize(images, (16, 16), "nearest")
    return {
        "generate": ({"z": z}, {"default": images, "upsampled": upsampled}),
        "encode": ({"x": x}, {"default": mean, "z_mean": mean, "z_sample": mean + 1.0}),
        "discriminate": ({"x": half, "z": pair}, {"score_xz": of_x + of_z, "score_x": of_x, "score_z": of_z}),
    }


def progan():
    """One signature with an input without a name of its own; images in [0, 1]."""
    z = placeholder("z", [None, 512])
    return {"default": ({"default": z}, {"default": (images_of(z) + 1.0) / 2.0})}


def compare_gan():
    """A generator and a discriminator of 64 rows, no more and no fewer."""
    z, images = placeholder("z", [64, 128]), placeholder("images", [64, SIZE, SIZE, 3])
    scores = tf.reduce_mean(images, axis=[1, 2, 3])
    return {
        "generator": ({"z": z}, {"default": images_of(z)}),
        "discriminator": ({"images": images}, {"default": scores}),
    }


def s3gan():
    """z and integer labels."""
    z, labels = placeholder("z", [None, 120]), placeholder("labels", [None], tf.int32)
    return {
        "default": ({"z": z, "labels": labels}, {"default": images_of(z) * tf.gather(weights("of_label", 1000, 1, 1, 1), labels)})
    }
