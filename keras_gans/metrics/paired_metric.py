"""The base of metrics of image pairs: the mean, over all pairs, of a measure of their likeness."""

import keras
import tensorflow as tf

from keras_gans.metrics.functions.luma import luma
from keras_gans.metrics.gan_metric import GANMetric
from keras_gans.metrics.gan_metric import check_sides
from keras_gans.utils.choices import check_bools
from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import is_int
from keras_gans.utils.pixels import to_pixels
from keras_gans.utils.shapes import compatible

# The error where samples from latents would be compared.
UNPAIRED = (
    "compares pairs, and here no real image belongs to a generated one. Leave it out. For a generator with an encoder, "
    'the analysis "reconstruction" of keras_gans.evaluation.evaluate compares images with their reconstructions. (If your '
    "class's `samples` are made from the examples, set the class attribute `paired = True`.)"
)


def compares_pairs(metric):
    """Whether a metric compares each generated image with its real counterpart: `PairedMetric`s and Keras' own metrics do."""
    return isinstance(metric, PairedMetric) or getattr(keras.metrics, type(metric).__name__, None) is type(metric)


class PairedMetric(Serializable, GANMetric):
    """Base of the metrics that compare each generated image with a real one, its ground truth.

    A subclass says how in `measure(real, generated)`: from pixels in 0..255 to a number a pair.

    Args:
        channel: "rgb", all channels as they are, gray ones too; or "y", the studio-range brightness of RGB images.
        border: Int, pixels cut off at each side before comparing; super-resolution papers cut off their scale, 4.
        quantize: Bool, whether pixels are rounded to 0..255 first.
        name: String.

    Raises:
        ValueError: if an argument is out of range; in `update_state` if images do not come in pairs of equal shapes, are not
            RGB for channel="y", or are not larger than what is cut off.
    """

    settings = ("channel", "border", "quantize")

    def __init__(self, channel, border, quantize, name):
        check_bools(quantize=quantize)
        super().__init__(name=name)
        if channel not in ("rgb", "y"):
            raise ValueError(f'`channel` must be "rgb" or "y". Received: channel={channel!r}')
        if not is_int(border) or border < 0:
            raise ValueError(f"`border` must be an int >= 0, in pixels. Received: border={border!r}")
        self.channel = channel
        self.border = border
        self.quantize = quantize
        self.total = self.add_weight(shape=(), dtype="float64", initializer="zeros", name="total")
        self.count = self.add_weight(shape=(), dtype="float64", initializer="zeros", name="count")

    def update_state(self, real, generated, condition=None):
        """Adds a batch of pairs: `generated[i]` should be `real[i]`. `condition` is ignored."""
        check_sides(self, real=real, generated=generated)
        real, generated = tf.convert_to_tensor(real), tf.convert_to_tensor(generated)
        if None in generated.shape[1:] and compatible(real.shape, generated.shape):  # of a generator of any size, in a graph
            generated = tf.ensure_shape(generated, (None, *real.shape[1:]))
        real, generated = (self.prepare(images) for images in (real, generated))
        if not compatible(real.shape, generated.shape):
            raise ValueError(
                f"{type(self).__name__} compares pairs of images of equal shapes. "
                f"Received: real {tuple(real.shape)}, generated {tuple(generated.shape)} (without the border)."
            )
        values = tf.cast(self.measure(real, generated), tf.float64)
        self.total.assign(self.total + tf.reduce_sum(values))
        self.count.assign(self.count + tf.cast(tf.size(values), tf.float64))

    def prepare(self, images):
        """Pixels of the channel that is compared, without the border."""
        pixels = to_pixels(images, type(self).__name__, self.quantize)
        if min(pixels.shape[1:3]) <= 2 * self.border:
            raise ValueError(
                f"Images must be larger than {2 * self.border} pixels, twice the `border`. Received: shape {tuple(pixels.shape)}."
            )
        if self.channel == "y":
            pixels = luma(pixels)
        height, width = pixels.shape[1:3]
        return pixels[:, self.border : height - self.border, self.border : width - self.border]

    def measure(self, real, generated):
        """A number for each pair, `(batch,)`, from float32 pixels in 0..255."""
        raise NotImplementedError(f"{type(self).__name__} must implement measure(real, generated).")

    def result(self):
        """The mean over all pairs, a float64 scalar. NaN before the first one."""
        return tf.convert_to_tensor(self.total.value) / tf.convert_to_tensor(self.count.value)

    @property
    def protocol(self):
        """Dict, everything that the figure depends on."""
        count = int(keras.ops.convert_to_numpy(self.count))
        return {**super().protocol, "samples": {"generated": count, "real": count}}
