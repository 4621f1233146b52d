"""SNGAN's networks without residuals: the "standard CNN" of the paper.

Reference:
    Miyato et al., Spectral Normalization for Generative Adversarial Networks (2018), arXiv:1802.05957, table 3.
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.class_norm import class_norm
from keras_gans.networks.blocks.kernels import Kernels
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints

_SIZES = (32, 48)


@channels_last
def generator(image_shape=(32, 32, 3), latents=128, classes=None, channels=64):
    """The generator: a dense stem, three transposed convolutions 4x4 with batch normalization and ReLU, tanh.

    Args:
        image_shape: Tuple (size, size, image channels), size 32 or 48. Default: (32, 32, 3).
        latents: Int, width of the latents. Default: 128.
        classes: Int for a conditional generator, whose second input is weights over the classes: gain and bias of each batch
            normalization then depend on them. Default: none.
        channels: Int, channels of the last hidden layer; the stem has 8 times as many. Default: 64.

    Returns:
        `keras.Model`, latents `(batch, latents)` (and condition `(batch, classes)`) to images `(batch, *image_shape)` in
        (-1, 1). 3,812,355 parameters at 32.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.sngan_cnn.generator(channels=8)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```

    Differences: the paper names no initializer, nor epsilon; these are DCGAN's normal of standard deviation 0.02, and 2e-5 as in
    the authors' residual networks. It has no conditional form.
    """
    ends.check_paper_size("SNGAN's standard CNN", image_shape, _SIZES)
    check_ints(1, latents=latents, channels=channels)
    z, y = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    norm = class_norm(y, {"momentum": 0.9, "epsilon": 2e-5})
    x = ends.stem(z, image_shape[0] // 8, 8 * channels, Kernels(small_normal()))
    for k, width in enumerate((4, 2, 1)):
        x = layers.Conv2DTranspose(width * channels, 4, 2, "same", kernel_initializer=small_normal(), name=f"conv_{k + 1}")(x)
        x = layers.ReLU()(norm(x, f"norm_{k + 1}"))
    images = ends.tanh_images(Kernels(small_normal()).conv(image_shape[-1], 3, "to_rgb")(x))
    return keras.Model(ends.present(z, y), images, name="sngan_cnn_generator")


@channels_last
def discriminator(image_shape=(32, 32, 3), classes=None, channels=64):
    """The discriminator: seven convolutions with LeakyReLU 0.1, a dense layer; spectral norms on all eight. No normalization.

    3x3 convolutions keep the size, 4x4 ones of stride 2 halve it.

    Args:
        image_shape: Tuple (size, size, image channels), size 32 or 48. Default: (32, 32, 3).
        classes: Int for a conditional discriminator, whose second input is weights over the classes, and whose score has the
            projection of the flattened last map on an embedding added. Default: none.
        channels: Int, channels of the first layer; the last has 8 times as many. Default: 64.

    Returns:
        `keras.Model`, images (and condition `(batch, classes)`) to scores `(batch, 1)`. 2,935,873 parameters at 32.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.sngan_cnn.discriminator(channels=8)
    print(discriminator.output_shape)  # (None, 1)
    ```

    Differences: as in `generator`.
    """
    ends.check_paper_size("SNGAN's standard CNN", image_shape, _SIZES)
    check_ints(1, channels=channels)
    kernels = Kernels(small_normal(), spectral_normalization={"update": "step"})
    images, y = keras.Input(image_shape, name="images"), ends.condition_input(classes)
    x = images
    for k, (width, stride) in enumerate([(1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1)]):
        conv = kernels.conv(width * channels, 4 if stride == 2 else 3, f"conv_{k + 1}", stride)
        x = layers.LeakyReLU(0.1)(conv(x))
    features = layers.Flatten(dtype="float32", name="features")(x)
    return keras.Model(ends.present(images, y), ends.scores_of_features(features, y, kernels), name="sngan_cnn_discriminator")
