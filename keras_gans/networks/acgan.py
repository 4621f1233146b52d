"""The networks of AC-GAN: the discriminator also names the class.

Reference:
    Odena, Olah, Shlens, Conditional Image Synthesis with Auxiliary Classifier GANs (2016), arXiv:1610.09585, appendix: the tables
    for CIFAR-10 and ImageNet. There is no official code.
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.kernels import Kernels
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints

# Size of the image: channels of the stem and of the transposed convolutions but the last.
_WIDTHS = {32: (384, 192, 96), 128: (768, 384, 256, 192, 64)}


@channels_last
def generator(image_shape=(32, 32, 3), latents=100, classes=10, channels=None):
    """The generator: latents and the class joined, a dense stem with ReLU, transposed convolutions 5x5, tanh.

    Batch normalization and ReLU follow each transposed convolution but the last; the stem has ReLU alone.

    Args:
        image_shape: Tuple (size, size, image channels), size 32 or 128. Default: (32, 32, 3).
        latents: Int, width of the latents. Default: 100.
        classes: Int, width of the condition, weights over the classes. Default: 10.
        channels: Int, channels of the stem; those of the other layers are in proportion. Default: 384 at 32, 768 at 128.

    Returns:
        `keras.Model`, latents `(batch, latents)` and condition `(batch, classes)` to images `(batch, *image_shape)` in (-1, 1).
        2,994,051 parameters at 32, 12,737,859 at 128.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.acgan.generator(channels=24)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```

    Differences: the paper's tables say 384 or 768 for the stem, which are channels of its 4x4 map here; an early table for
    ImageNet lacks the layer of 64 channels. Epsilon and momentum of batch normalization, which the paper leaves open, are 1e-5
    and 0.9.
    """
    ends.check_paper_size("AC-GAN", image_shape, _WIDTHS)
    published = _WIDTHS[image_shape[0]]
    channels = published[0] if channels is None else channels
    check_ints(1, latents=latents, classes=classes, channels=channels)
    z, y = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    first, *widths = (max(1, width * channels // published[0]) for width in published)
    x = layers.ReLU()(ends.stem(layers.Concatenate()([z, y]), 4, first, Kernels(small_normal())))
    for k, width in enumerate(widths):
        x = layers.ReLU()(_norm(f"norm_{k + 1}")(_up(width, f"conv_{k + 1}")(x)))
    images = ends.tanh_images(_up(image_shape[-1], "to_rgb")(x))
    return keras.Model([z, y], images, name="acgan_generator")


@channels_last
def discriminator(image_shape=(32, 32, 3), classes=10, channels=16):
    """The discriminator: six convolutions 3x3 with LeakyReLU 0.2 and dropout 0.5, a score and logits of the classes.

    Every other convolution, from the first on, halves the size; all but the first have batch normalization.

    Args:
        image_shape: Tuple (size, size, image channels), size 32 or 128. Default: (32, 32, 3).
        classes: Int, number of classes. Default: 10.
        channels: Int, channels of the first layer; each after it has twice as many. Default: 16.

    Returns:
        `keras.Model`, images to a dict of `scores` `(batch, 1)` and `classes` `(batch, classes)`, logits. 1,664,875 parameters at
        32, 3,016,555 at 128.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.acgan.discriminator(channels=4)
    outputs = discriminator(keras.random.uniform((8, 32, 32, 3), -1, 1))
    print(outputs["scores"].shape, outputs["classes"].shape)  # (8, 1) (8, 10)
    ```

    Differences: the paper's one dense layer is two, of the same weights; its noise on activations, of a standard deviation that
    may be 0, is left out.
    """
    ends.check_paper_size("AC-GAN", image_shape, _WIDTHS)
    check_ints(1, classes=classes, channels=channels)
    images = keras.Input(image_shape, name="images")
    x = images
    for k in range(6):
        kernel = {"padding": "same", "kernel_initializer": small_normal(), "name": f"conv_{k + 1}"}
        x = layers.Conv2D(channels * 2**k, 3, 1 if k % 2 else 2, **kernel)(x)
        x = _norm(f"norm_{k + 1}")(x) if k else x
        x = layers.Dropout(0.5)(layers.LeakyReLU(0.2)(x))
    features = layers.Flatten(name="features")(x)
    heads = {"scores": 1, "classes": classes}
    outputs = {name: Kernels(small_normal()).dense(units, name, "float32")(features) for name, units in heads.items()}
    return keras.Model(images, outputs, name="acgan_discriminator")


def _up(filters, name):
    return layers.Conv2DTranspose(filters, 5, 2, "same", kernel_initializer=small_normal(), name=name)


def _norm(name):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)
