"""The base of feature extractors."""

import hashlib

import keras
import tensorflow as tf

from keras_gans.utils.choices import check_bools
from keras_gans.utils.finite import finite
from keras_gans.utils.pixels import checked


class FeatureExtractor:
    """Turns images into features, and into logits where the network classifies: what metrics compare.

    A subclass says how in `extract`, and sets what metrics and reports need to know:

    dimensions    Int d, the length of a feature vector; None if it is not known before the first images.
    classes       Int K, the length of the logits; None if there are none.
    protocol      Dict of strings and numbers: everything that changes a figure, such as the network, its weights, how images
                  are resized and scaled. Two extractors of equal protocols give equal features.

    Metrics that share an extractor share its work, in `compile` and in `evaluate`: it runs once a batch.

    Args:
        quantize: Bool, whether images are rounded to 256 levels first, as they are when they go through files: the generated
            ones like the real ones. Default: True.

    Shapes:
        Images `(batch, height, width, channels)` in [-1, 1]; features `(batch, d)`, logits `(batch, K)`, float32.

    Raises:
        ValueError: if images are not floats, or not of four axes.
        tf.errors.InvalidArgumentError: if images, or features and logits, hold NaN or infinite values, or
            images those of 0..255; not under XLA.

    Example:

    ```python
    class MeanColor(keras_gans.metrics.features.FeatureExtractor):
        dimensions = 3

        def extract(self, images):
            return {"features": tf.reduce_mean(images, axis=[1, 2])}

    extractor = MeanColor()
    print(extractor(keras.random.uniform((16, 32, 32, 3), -1, 1))["features"].shape)  # (16, 3)
    ```
    """

    dimensions = None
    classes = None

    def __init__(self, quantize=True):
        check_bools(quantize=quantize)
        self.quantize = quantize
        self.protocol = {"extractor": type(self).__name__, "quantized": quantize}

    def extract(self, images):
        """A dict with `features`, and `logits` if there are any, of float32 images in [-1, 1]. Works in a graph."""
        raise NotImplementedError(f"{type(self).__name__} must implement extract(images).")

    def __call__(self, images):
        """The outputs of `extract`, as float32 matrices, for images that are checked and, by default, quantized."""
        images = tf.convert_to_tensor(images)
        self.check(images)
        x = checked(images, type(self).__name__)
        if self.quantize:
            x = tf.clip_by_value(tf.round((x + 1.0) * 127.5), 0.0, 255.0) / 127.5 - 1.0
        outputs = {name: tf.cast(value, tf.float32) for name, value in self.extract(x).items()}
        return {name: finite(rows, f"{type(self).__name__}: {name}", name == "logits") for name, rows in outputs.items()}

    def check(self, images):
        """Raises a ValueError if the network does not take such images."""
        if images.shape.rank != 4:
            raise ValueError(
                f"{type(self).__name__} takes images (batch, height, width, channels). Received: shape {tuple(images.shape)}. "
                "For features that are computed already, pass `extractor=None` to the metric."
            )


def to_rgb(images):
    """Repeats a single channel three times, for networks trained on color pictures.

    Raises:
        ValueError: if there are neither one nor three channels.
    """
    channels = images.shape[-1]
    if channels not in (1, 3):
        raise ValueError(f"Images must have 1 or 3 channels. Received: {channels}, shape {tuple(images.shape)}.")
    return tf.repeat(images, 3, axis=-1) if channels == 1 else images


def in_graph(network):
    """A Keras network of one input, for inference, that runs as a graph also where it is called eagerly, in half the time."""
    signature = [tf.TensorSpec(network.inputs[0].shape, network.inputs[0].dtype)]
    return tf.function(lambda x: network(x, training=False), input_signature=signature, autograph=False)


def fingerprint(arrays):
    """Twelve hexadecimal digits that identify arrays, such as weights or data."""
    digest = hashlib.sha256()
    for array in arrays:
        array = keras.ops.convert_to_numpy(array)
        digest.update(f"{array.shape}{array.dtype}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()[:12]
