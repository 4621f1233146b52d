"""The networks of pix2pix: a U-Net from image to image, and the PatchGAN that judges pairs.

Reference:
    Isola, Zhu, Zhou, Efros, Image-to-Image Translation with Conditional Adversarial Networks (2017), arXiv:1611.07004; layers,
    dropout and initial weights as in the authors' Torch code (phillipi/pix2pix, junyanz/CycleGAN), biases as in their PyTorch
    code (junyanz/pytorch-CycleGAN-and-pix2pix).
"""

import keras

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.image_norm import image_norm
from keras_gans.networks.blocks.patch import check_patches
from keras_gans.networks.blocks.patch import patch_scores
from keras_gans.networks.blocks.unet import unet
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers


@channels_last
def generator(
    image_shape=(256, 256, 3),
    source_channels=3,
    filters=64,
    skip_connections=True,
    norm="batch",
    dropout=0.5,
    use_bias=None,
):
    """The U-Net: 4x4 convolutions halve the source to one position, transposed ones double it; maps of a size are joined.

    down: LeakyReLU 0.2 (but for the first), convolution, normalization (but for the first, and the last at 1x1)
    up: ReLU on the joined maps, transposed convolution, normalization, dropout (in the innermost three); the last: tanh

    There are as many levels as halve the size to 1: eight for 256. Their widths are 1, 2, 4, 8, 8, ... times `filters`, and
    those of the way up mirror them.

    The noise of pix2pix is its dropout, and its batch normalization uses the statistics of the batch at hand, when it is
    used as when it is trained: call the generator with `training=True`. `predict` calls it without.

    Args:
        image_shape: Tuple (size, size, channels) of the images that are made; size a power of two, 4 or more. Default:
            (256, 256, 3).
        source_channels: Int, channels of the source, which has the same size. Default: 3.
        filters: Int, channels of the first map. Default: 64.
        skip_connections: Bool, whether each map of the way down is joined to that of its size on the way up. Default: True. False
            makes the encoder-decoder of the paper's ablation.
        norm: "batch" or "instance", the latter without gain and bias. Default: "batch".
        dropout: Float, rate in [0, 1) of dropout in the innermost three levels of the way up. Default: 0.5.
        use_bias: Bool, whether the convolutions before the last have biases. Default: with instance normalization, as in the
            PyTorch code; in the Torch code they have in any case.

    Returns:
        `keras.Model`, source `(batch, size, size, source_channels)` to images `(batch, *image_shape)` in (-1, 1). 54,413,955
        parameters with the defaults (54,419,459 with `use_bias=True`, 54,409,603 with instance normalization), 41,828,995 at
        128, 39,075,459 without skip connections.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.pix2pix.generator((32, 32, 2), source_channels=1, filters=8)
    images = generator(tf.zeros((1, 32, 32, 1)), training=True)
    print(images.shape)  # (1, 32, 32, 2)
    ```

    Differences: the paper, and the first version of the Torch code, normalize the innermost map too; the authors found that
    this sets it to zero where a batch is one image, and took it out. The authors' PyTorch code has dropout elsewhere: not in
    the innermost level of the way up, but in the next three.
    """
    check_bools(skip_connections=skip_connections)
    ends.check_image_shape(image_shape)
    size = image_shape[0]
    if size != image_shape[1] or size < 4 or size & (size - 1):
        raise ValueError(
            "pix2pix's U-Net halves square images to one position: their size is a power of two, one of 4, 8, 16, 32, 64, 128, "
            f"256, 512, ... Received: image_shape={image_shape!r}. Resize the images."
        )
    check_ints(1, source_channels=source_channels, filters=filters)
    check_finite_numbers(dropout=dropout)
    if not 0 <= dropout < 1:
        raise ValueError(f"`dropout` must be in [0, 1). Received: dropout={dropout!r}")
    use_bias = norm == "instance" if use_bias is None else use_bias
    check_bools(use_bias=use_bias)
    source = keras.Input((size, size, source_channels), name="source")
    images = unet(source, image_shape[-1], filters, image_norm(norm), use_bias, dropout, skip_connections)
    return keras.Model(source, images, name="pix2pix_generator")


@channels_last
def discriminator(image_shape=(256, 256, 3), source_channels=3, layers=3, filters=64, norm="batch", use_bias=None):
    """The PatchGAN: 4x4 convolutions with LeakyReLU 0.2 to a map of scores, each of one patch of the image and its source.

    `layers` of stride 2, then two of stride 1, the last to one channel, all padded by one row of zeros at each side. The
    first and the last are not normalized. For images of 256:

    layers            0            1         2         3          4          5           6
    size of a patch   1            16        34        70         142        286         574
    map of scores     256          126       62        30         14         6           2
    parameters        9,025        139,585   666,433   2,768,705  6,964,033  11,159,361  15,354,689
    in the paper      PixelGAN     16x16               70x70                 ImageGAN

    Args:
        image_shape: Tuple (height, width, channels). Default: (256, 256, 3).
        source_channels: Int, channels of the source, or None for a discriminator that does not see it (the paper's ablation).
            Default: 3.
        layers: Int, convolutions of stride 2. Default: 3. With 0, three 1x1 convolutions judge each pixel.
        filters: Int, channels of the first map; each after it has twice as many, 8 times `filters` at most. Default: 64.
        norm: "batch" or "instance", the latter without gain and bias. Default: "batch".
        use_bias: Bool, whether convolutions before a normalization have biases. Default: with instance normalization, as in
            the PyTorch code; in the Torch code they have in any case.

    Returns:
        `keras.Model`, images `(batch, *image_shape)` and source `(batch, height, width, source_channels)` to a map of logits
        `(batch, rows, columns, 1)`. 2,768,705 parameters with the defaults; 2,769,601 with `use_bias=True`, 2,765,633 without a
        source.

    Raises:
        ValueError: if an argument is out of range, or the images are too small for so many layers.

    Example:

    ```python
    discriminator = keras_gans.networks.pix2pix.discriminator((64, 64, 3), filters=8)
    print(discriminator.output_shape)  # (None, 6, 6, 1)
    ```

    Differences: ends in logits, not in sigmoids. Where an image's size cannot be halved, convolutions drop a row, as in Torch.
    The 1x1 convolution that ends the PixelGAN has a bias, which the PyTorch code leaves out.
    """
    check_patches(image_shape, layers)
    check_ints(1, filters=filters)
    images = keras.Input(image_shape, name="images")
    source, x = None, images
    if source_channels is not None:
        check_ints(1, source_channels=source_channels)
        source = keras.Input((*image_shape[:2], source_channels), name="source")
        x = keras.layers.Concatenate()([source, images])
    use_bias = norm == "instance" if use_bias is None else use_bias
    check_bools(use_bias=use_bias)
    scores = patch_scores(x, layers, filters, image_norm(norm), use_bias)
    return keras.Model(ends.present(images, source), scores, name="pix2pix_discriminator")
