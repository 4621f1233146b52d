"""VGG19 with ImageNet weights, up to one of its convolutions, for perceptual losses."""

import os

import keras
from keras import layers

from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.global_settings import float32
from keras_gans.utils.paths import user_path

WEIGHTS = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
_MEAN_BGR = (103.939, 116.779, 123.68)  # of ImageNet


@channels_last
@float32
def vgg19(weights=None, layer="block5_conv4"):
    """The convolutions of VGG19, ReLU included, for images in [-1, 1].

    Images become 0..255 in the order blue, green, red, minus the mean of ImageNet, as the weights need them.

    Args:
        weights: Path of Keras' file of the weights without the dense layers. Default: the one in Keras' cache. Nothing is
            downloaded.
        layer: String, the last layer, in Keras' names. Default: "block5_conv4", phi 5,4 of SRGAN.

    Returns:
        `keras.Model`, images `(batch, height, width, 3)` to a map; with the default a sixteenth of the size, 512 channels.

    Raises:
        FileNotFoundError: if there is no such file, with what to do.
        ValueError: if the file holds other weights, or there is no such layer.
    """
    path = _find(weights)
    network = keras.applications.VGG19(include_top=False, weights=None, input_shape=(None, None, 3))
    names = [each.name for each in network.layers[1:]]
    if layer not in names:
        raise ValueError(f"VGG19 has no layer {layer!r}. It has {names}.")
    try:
        network.load_weights(path)
    except (ValueError, OSError) as error:
        raise ValueError(
            f"{path} does not hold the weights of VGG19 without its dense layers. Expected: Keras' file {WEIGHTS}. ({error})"
        ) from error
    images = keras.Input((None, None, 3), name="images")
    x = layers.Rescaling(127.5, [127.5 - mean for mean in _MEAN_BGR], name="preprocess")(images[..., ::-1])
    for each in network.layers[1 : names.index(layer) + 2]:
        x = each(x)
    return keras.Model(images, x, name="vgg19")


def _find(weights):
    home = os.environ.get("KERAS_HOME") or os.path.join("~", ".keras")
    path = user_path(os.path.join(home, "models", WEIGHTS) if weights is None else weights, "weights")
    if not os.path.isfile(path):
        raise FileNotFoundError(
            f"VGG19 needs its ImageNet weights, {WEIGHTS} (80 MB). There is no file {path}. Where there is a network, "
            "keras.applications.VGG19(include_top=False) downloads it once, to ~/.keras/models. Or fetch it from "
            "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/ and pass its path as `weights`. Or compare "
            "images with a network of your own."
        )
    return path
