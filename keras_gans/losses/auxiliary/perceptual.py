"""The perceptual loss: generated images get the same features of a frozen network as their targets."""

import os

import keras
import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.utils.copies import clone
from keras_gans.utils.copies import take_weights
from keras_gans.utils.networks import images_of
from keras_gans.utils.networks import output_of_layer
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.paths import user_path
from keras_gans.utils.pixels import as_metrics_take
from keras_gans.utils.shapes import compatible
from keras_gans.utils.vgg19 import vgg19


class Perceptual(AuxiliaryLoss):
    """The distance of generated images from their targets in the features of a frozen network. For pairs only.

    G: weight * sum over channels of mean over positions of (scale * phi(real) - scale * phi(fake))^2

    the mean over the batch. SRGAN's content loss has phi = VGG19 up to the ReLU of block5_conv4, where it divides by width and
    height only: the mean over channels as well would be 512 times smaller. The scale is on the features: 1/12.75 multiplies the
    squares by 1/12.75^2 = 0.00615. Many implementations multiply the squares by 1/12.75, 12.75 times as much.

    The network belongs to the term: it is a copy, frozen, in inference mode, and saved with the GAN, VGG19 with 80 MB. A GAN that
    is loaded does not need the file of its weights again.

    Args:
        features: A built functional or Sequential `keras.Model` from images in [-1, 1] to a map or to vectors; or "vgg19", with
            ImageNet weights and its own preprocessing. Default: "vgg19".
        layer: String, the layer whose output is taken. Default: the network's last, "block5_conv4" of VGG19.
        weight: Float. Default: 1.
        scale: Float, by which features are multiplied. Default: 1/12.75.
        weights: Path of the weights of VGG19 without its dense layers. Default: that in Keras' cache.
        every: Int, see `Term`. Default: 1.

    Shapes: real and generated images `(batch, height, width, channels)`, alike; features `(batch, h, w, channels)`, or
        `(batch, channels)`, of which the squares are summed.

    Raises:
        FileNotFoundError: for "vgg19" without its weights, from `compile` where they are those of Keras' cache; the message says
            how to get them. Nothing is downloaded.
        ValueError: if `features` is none of the above, or has no such layer; from `compile`, if it does not take the images.

    Example:

    ```python
    phi = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(4, 3, activation="relu")])
    gan.compile(auxiliary_losses=[keras_gans.losses.Perceptual(phi, scale=1.0)])
    logs = gan.evaluate(images, return_dict=True, verbose=0)
    print("g_perceptual" in logs)  # True
    ```

    Reference:
        Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network (2017),
        arXiv:1609.04802, equation 5; Johnson, Alahi, Fei-Fei, Perceptual Losses for Real-Time Style Transfer and
        Super-Resolution (2016), arXiv:1603.08155.
    """

    def __init__(self, features="vgg19", layer=None, weight=1.0, scale=1 / 12.75, weights=None, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        check_finite_numbers(scale=scale)
        self.scale = scale
        self.image_range = (-1.0, 1.0)
        self.network = None
        if features != "vgg19" or weights is not None:
            self._take(_network(features, layer, weights))
        if weights is not None:
            self._arguments.weights = user_path(weights)

    def _take(self, network):
        network.trainable = False
        self.network = network
        # The network itself is saved, not its origin.
        vars(self._arguments).update(features=network, layer=None, weights=None)

    def build_for(self, gan):
        if self.network is None:  # VGG19 of Keras' cache is read only when it is needed
            self._take(_network("vgg19", self._arguments.layer, None))
        self.image_range = gan.image_range
        made, taken = tuple(images_of(gan.generator).shape[1:]), tuple(self.network.inputs[0].shape[1:])
        if not compatible(made, taken):
            raise ValueError(
                f"{type(self).__name__} compares images by a network that takes {taken}. Received: a generator of {made}. Pass "
                "`features` that accept these images."
            )

    def fresh_copy(self):
        copy = super().fresh_copy()
        if self.network is not None:
            take_weights(copy.network, self.network)
        return copy

    def generator(self, minibatch):
        return self.distance(minibatch.target, minibatch.images)

    def distance(self, real, fake):
        """The distance of each pair of images, float32 `(batch,)`."""
        real, fake = (self._features(images) for images in (real, fake))
        squares = tf.square(self.scale * (real - fake))
        return tf.reduce_sum(tf.reduce_mean(squares, axis=(1, 2)) if squares.shape.rank == 4 else squares, axis=-1)

    def _features(self, images):
        x = tf.cast(as_metrics_take(images, self.image_range), self.network.inputs[0].dtype)
        return tf.cast(self.network(x, training=False), tf.float32)


def _network(features, layer, weights):
    """The network from images to the features that are compared, with variables of its own."""
    if weights is not None and not isinstance(weights, (str, os.PathLike)):
        raise ValueError(f"`weights` must be the path of VGG19's weights. Received: weights={weights!r}")
    if features == "vgg19":
        return vgg19(weights) if layer is None else vgg19(weights, layer)
    if not isinstance(features, keras.Model) or not features.built or not getattr(features, "inputs", None):
        raise ValueError(
            '`features` must be "vgg19", or a functional or Sequential keras.Model that starts with keras.Input. Received: '
            f"features={features!r}. For an extractor of `metrics.features`, pass a model of its network that takes images in "
            "[-1, 1]."
        )
    if weights is not None:
        raise ValueError(f"`weights` are those of VGG19; a model brings its own. Received: weights={weights!r}")
    if layer is not None:
        features = keras.Model(features.inputs, output_of_layer(features, layer), name=features.name)
    if len(features.inputs) != 1 or len(features.outputs) != 1 or len(features.outputs[0].shape) not in (2, 4):
        raise ValueError(
            f"{features.name} must take images, and give a map (batch, h, w, channels) or vectors (batch, channels). Received: "
            f"{[tuple(tensor.shape) for tensor in features.outputs]}. Name a `layer`."
        )
    return clone(features)
