"""The residual networks for 32x32 images of WGAN-GP.

Reference:
    Gulrajani et al., Improved Training of Wasserstein GANs (2017), arXiv:1704.00028, appendix; layers and initializers of
    the authors' gan_cifar_resnet.py (which upsamples before the first convolution of a block, not before the second).
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.class_norm import class_norm
from keras_gans.networks.blocks.kernels import Kernels
from keras_gans.networks.blocks.residual import down_block
from keras_gans.networks.blocks.residual import up_blocks
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import doubled_glorot
from keras_gans.utils.integers import check_ints
from keras_gans.utils.shapes import is_image_shape


@channels_last
def generator(image_shape=(32, 32, 3), latents=128, filters=128, classes=None):
    """The generator: a dense stem, three residual blocks that double the size, batch normalization, tanh.

    Args:
        image_shape: Tuple (32, 32, channels). Default: (32, 32, 3).
        latents: Int, width of the latents. Default: 128.
        filters: Int, filters of every layer. Default: 128.
        classes: Int for a conditional generator, whose second input is weights over the classes: the batch normalizations of the
            blocks then have a gain and a bias for each. Default: none.

    Returns:
        `keras.Model`, latents `(batch, latents)` (and condition `(batch, classes)`) to images `(batch, *image_shape)` in
        (-1, 1). 1,204,483 parameters with the defaults, 1,218,307 with 10 classes.

    Raises:
        ValueError: for any other size.

    Example:

    ```python
    generator = keras_gans.networks.wgan_gp.generator(filters=64)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```
    """
    check_ints(1, latents=latents, filters=filters)
    _check(image_shape)
    kernels = _kernels()
    z, y = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    x = ends.stem(z, 4, filters, kernels)
    x = up_blocks(x, [filters] * 3, [class_norm(y, _STATISTICS)] * 3, kernels)
    x = layers.ReLU()(layers.BatchNormalization(**_STATISTICS, name="norm")(x))
    x = kernels.conv(image_shape[-1], 3, "to_rgb")(x)
    images = ends.tanh_images(x)
    return keras.Model(ends.present(z, y), images, name="wgan_gp_generator")


@channels_last
def discriminator(image_shape=(32, 32, 3), filters=128, classes=None):
    """The critic: four residual blocks, two of which halve the size, mean over positions. No normalization.

    Args:
        image_shape: Tuple (32, 32, channels). Default: (32, 32, 3).
        filters: Int, filters of every layer. Default: 128.
        classes: Int for a critic that also names the class. Default: none.

    Returns:
        `keras.Model`, images to critic values `(batch, 1)`; with classes to a dict of these as `scores`, and logits `(batch,
        classes)` as `classes`. 1,053,825 parameters with the defaults, 1,055,115 with 10 classes.

    Raises:
        ValueError: for any other size.

    Example:

    ```python
    critic = keras_gans.networks.wgan_gp.discriminator(filters=64)
    print(critic.output_shape)  # (None, 1)
    ```
    """
    check_ints(1, filters=filters)
    _check(image_shape)
    kernels = _kernels()
    images = keras.Input(image_shape, name="images")
    x = down_block(images, filters, kernels, "block_1", first=True)
    for k, down in enumerate([True, False, False]):
        x = down_block(x, filters, kernels, f"block_{k + 2}", down=down)
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
    scores = kernels.dense(1, "scores", dtype="float32")(x)
    if classes is not None:
        check_ints(1, classes=classes)
        scores = {"scores": scores, "classes": kernels.dense(classes, "classes", dtype="float32")(x)}
    return keras.Model(images, scores, name="wgan_gp_discriminator")


_STATISTICS = {"momentum": 0.9, "epsilon": 1e-5}


def _kernels():
    return Kernels("glorot_uniform", doubled_glorot())


def _check(image_shape):
    if not is_image_shape(image_shape) or tuple(image_shape[:2]) != (32, 32):
        raise ValueError(
            "WGAN-GP's residual networks make images of size 32x32, with any number of channels. "
            f"Received: image_shape={image_shape!r}. Resize the images, or pass networks of your own."
        )
