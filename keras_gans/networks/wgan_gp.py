"""The residual networks for 32x32 images of WGAN-GP.

Reference:
    Gulrajani et al., Improved Training of Wasserstein GANs (2017), arXiv:1704.00028, appendix; layers and initializers of
    the authors' gan_cifar_resnet.py (which upsamples before the first convolution of a block, not before the second).
"""

import keras
from keras import layers

from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.shapes import is_image_shape


@channels_last
def generator(image_shape=(32, 32, 3), latents=128, filters=128):
    """The generator: a dense stem, three residual blocks that double the size, batch normalization, tanh.

    Args:
        image_shape: Tuple (32, 32, channels). Default: (32, 32, 3).
        latents: Int, width of the latents. Default: 128.
        filters: Int, filters of every layer. Default: 128.

    Returns:
        `keras.Model`, latents `(batch, latents)` to images `(batch, *image_shape)` in (-1, 1). 1,204,483 parameters with
        the defaults.

    Raises:
        ValueError: for any other size.

    Example:

    ```python
    generator = keras_gans.networks.wgan_gp.generator(filters=64)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```
    """
    _check(image_shape)
    z = keras.Input((latents,), name="latents")
    x = layers.Reshape((4, 4, filters))(layers.Dense(4 * 4 * filters)(z))
    for _ in range(3):
        x = _up_block(x, filters)
    x = layers.ReLU()(_norm()(x))
    x = layers.Conv2D(image_shape[-1], 3, padding="same")(x)
    images = layers.Activation("tanh", dtype="float32", name="images")(x)
    return keras.Model(z, images, name="wgan_gp_generator")


@channels_last
def discriminator(image_shape=(32, 32, 3), filters=128):
    """The critic: four residual blocks, two of which halve the size, mean over positions. No normalization.

    Args:
        image_shape: Tuple (32, 32, channels). Default: (32, 32, 3).
        filters: Int, filters of every layer. Default: 128.

    Returns:
        `keras.Model`, images to critic values `(batch, 1)`. 1,053,825 parameters with the defaults.

    Raises:
        ValueError: for any other size.

    Example:

    ```python
    critic = keras_gans.networks.wgan_gp.discriminator(filters=64)
    print(critic.output_shape)  # (None, 1)
    ```
    """
    _check(image_shape)
    images = keras.Input(image_shape, name="images")
    x = layers.AveragePooling2D(2)(_conv3(filters)(layers.ReLU()(_conv3(filters)(images))))
    x = layers.Add()([x, layers.Conv2D(filters, 1)(layers.AveragePooling2D(2)(images))])
    x = _down_block(x, filters, down=True)
    x = _down_block(x, filters, down=False)
    x = _down_block(x, filters, down=False)
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
    scores = layers.Dense(1, dtype="float32", name="scores")(x)
    return keras.Model(images, scores, name="wgan_gp_discriminator")


def _up_block(x, filters):
    shortcut = layers.Conv2D(filters, 1)(layers.UpSampling2D()(x))
    x = layers.UpSampling2D()(layers.ReLU()(_norm()(x)))
    x = _conv3(filters)(x)
    x = _conv3(filters)(layers.ReLU()(_norm()(x)))
    return layers.Add()([x, shortcut])


def _down_block(x, filters, down):
    shortcut = layers.AveragePooling2D(2)(layers.Conv2D(filters, 1)(x)) if down else x
    x = _conv3(filters)(layers.ReLU()(x))
    x = _conv3(filters)(layers.ReLU()(x))
    return layers.Add()([layers.AveragePooling2D(2)(x) if down else x, shortcut])


def _norm():
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)


def _conv3(filters):
    # The authors' "He" initializer: uniform, with variance 4 / (fan_in + fan_out).
    he = keras.initializers.VarianceScaling(2.0, mode="fan_avg", distribution="uniform")
    return layers.Conv2D(filters, 3, padding="same", kernel_initializer=he)


def _check(image_shape):
    if not is_image_shape(image_shape) or tuple(image_shape[:2]) != (32, 32):
        raise ValueError(
            "WGAN-GP's residual networks make images of size 32x32, with any number of channels. "
            f"Received: image_shape={image_shape}. Resize the images, or pass networks of your own."
        )
