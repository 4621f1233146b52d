"""The networks of SimGAN: a refiner that keeps the size of a synthetic image, and a discriminator of patches.

Reference:
    Shrivastava, Pfister, Tuzel, Susskind, Wang, Webb, Learning from Simulated and Unsupervised Images through Adversarial
    Training (2017), arXiv:1612.07828, section 3 and appendix. There is no official code.
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.choices import check_choice
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints

# The refiner's first kernel and number of blocks.
_REFINERS = {"eyes": (3, 4), "hands": (7, 10)}


@channels_last
def generator(image_shape=(35, 55, 1), variant="eyes", kernel_size=None, blocks=None, filters=64):
    """The refiner: a convolution, residual blocks of two 3x3 convolutions, a 1x1 convolution, tanh. It keeps the size.

    A block is ReLU(x + conv(ReLU(conv(x)))). There is no normalization and no stride.

    Args:
        image_shape: Tuple (height, width, channels); height and width may both be None, for images of any size. Default:
            (35, 55, 1), the paper's eyes; its hands are (224, 224, 1).
        variant: "eyes" or "hands", which sets the next two. Default: "eyes".
        kernel_size: Int, of the first convolution. Default: 3 for eyes, 7 for hands.
        blocks: Int, number of residual blocks. Default: 4 for eyes, 10 for hands.
        filters: Int, channels of every map. Default: 64.

    Returns:
        `keras.Model`, source `(batch, *image_shape)` to images of the same shape in (-1, 1). 296,129 parameters for eyes, 741,825
        for hands. Each pixel sees 19x19 pixels of the source for eyes, 47x47 for hands.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    refiner = keras_gans.networks.simgan.generator(filters=8)
    print(refiner.output_shape)  # (None, 35, 55, 1)
    ```

    Differences: no initial weights are published that we know of; these are Keras' defaults, Glorot's uniform.
    """
    _check(image_shape, variant)
    kernel_size = _REFINERS[variant][0] if kernel_size is None else kernel_size
    blocks = _REFINERS[variant][1] if blocks is None else blocks
    check_ints(1, kernel_size=kernel_size, filters=filters)
    check_ints(0, blocks=blocks)
    source = keras.Input(image_shape, name="source")
    x = _conv(source, filters, kernel_size, "stem")
    for k in range(1, blocks + 1):
        h = _conv(x, filters, 3, f"block_{k}_conv_1")
        h = layers.Conv2D(filters, 3, padding="same", name=f"block_{k}_conv_2")(h)
        x = layers.ReLU()(layers.Add()([x, h]))
    images = ends.tanh_images(layers.Conv2D(image_shape[-1], 1, name="to_image")(x))
    return keras.Model(source, images, name="simgan_generator")


@channels_last
def discriminator(image_shape=(35, 55, 1), variant="eyes"):
    """The discriminator: five convolutions with ReLU and a pooling to two logits at each position, whose difference is the score.

    eyes: 3x3 stride 2, 96; 3x3 stride 2, 64; max-pooling 3x3; 3x3, 32; 1x1, 32; 1x1, 2
    hands: 7x7 stride 4, 96; 5x5 stride 2, 64; max-pooling 3x3 stride 2; 3x3 stride 2, 32; 1x1, 32; 1x1, 2

    score = logit(real) - logit(refined)

    The cross-entropy of a softmax over two logits is the logistic loss of their difference, so that `losses.NonSaturating`
    on these scores is the paper's local adversarial loss, but for the mean over positions where the paper has a sum.

    Args:
        image_shape: Tuple (height, width, channels); height and width may both be None, for images of any size. Default:
            (35, 55, 1).
        variant: "eyes" or "hands". Default: "eyes".

    Returns:
        `keras.Model`, images to a map of scores `(batch, rows, columns, 1)`: 9x14 for eyes of 35x55, 7x7 for hands of 224x224.
        75,906 parameters for eyes, 178,050 for hands. A score sees 23x23 pixels for eyes, 71x71 for hands.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.simgan.discriminator()
    print(discriminator.output_shape)  # (None, 9, 14, 1)
    ```

    Differences: the paper's D is the probability that an image is refined; here a high score says real, as everywhere in this
    library. Every layer is padded with zeros, as much as it needs, which decides how many positions there are. Initial weights
    as in `generator`.
    """
    _check(image_shape, variant)
    images = keras.Input(image_shape, name="images")
    if variant == "eyes":
        x = _conv(images, 96, 3, "conv_1", 2)
        x = _conv(x, 64, 3, "conv_2", 2)
        x = layers.MaxPooling2D(3, 1, "same")(x)
        x = _conv(x, 32, 3, "conv_3")
    else:
        x = _conv(images, 96, 7, "conv_1", 4)
        x = _conv(x, 64, 5, "conv_2", 2)
        x = layers.MaxPooling2D(3, 2, "same")(x)
        x = _conv(x, 32, 3, "conv_3", 2)
    x = _conv(x, 32, 1, "conv_4")
    logits = layers.Conv2D(2, 1, dtype="float32", name="logits")(x)
    scores = layers.Subtract(dtype="float32", name="scores")([logits[..., :1], logits[..., 1:]])
    return keras.Model(images, scores, name="simgan_discriminator")


def _check(image_shape, variant):
    ends.check_image_shape(image_shape, any_size=True)
    check_choice(_REFINERS, variant=variant)


def _conv(x, filters, size, name, strides=1):
    return layers.ReLU()(layers.Conv2D(filters, size, strides, "same", name=name)(x))
