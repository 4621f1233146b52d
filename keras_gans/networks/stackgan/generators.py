"""The generators of StackGAN."""

import keras
from keras import layers

from keras_gans.layers import ConditioningAugmentation
from keras_gans.networks.blocks import ends
from keras_gans.networks.stackgan.layouts import LayoutParts
from keras_gans.networks.stackgan.layouts import levels_of
from keras_gans.networks.stackgan.layouts import norm
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import output_of


@channels_last
def stage_one_generator(image_shape=(64, 64, 3), noise=100, embedding_dim=1024, units=128, filters=128, layout="tensorflow"):
    """The first generator: noise and a code of the text to a small image; a dense stem, then upsampling and 3x3 convolutions.

    The code is drawn by conditioning augmentation, whose epsilon is the end of the latents. The stem has 4x4 positions; the map
    of 8x8, and those after it, have half the channels of the one before.

    layout="tensorflow":  residual branches of 1x1, 3x3, 3x3 convolutions at 4x4 and 8x8; `filters` channels at half the size
    layout="pytorch":     no branches; one level more, with `filters / 2` channels at the full size

    Args:
        image_shape: Tuple (size, size, channels), size 16, 32, 64, ... Default: (64, 64, 3).
        noise: Int, width of the noise z. Default: 100.
        embedding_dim: Int, width of the text's embedding. Default: 1024.
        units: Int, width of the code. Default: 128.
        filters: Int, channels at half the size, at least 4. Default: 128; 192 for COCO.
        layout: "tensorflow" or "pytorch", the release. Default: "tensorflow".

    Returns:
        `keras.Model`, `latents` `(batch, noise + units)`, [z, epsilon], and `embedding` `(batch, embedding_dim)` to a dict:
        `images` `(batch, *image_shape)` in (-1, 1), `mean` and `log_scale` `(batch, units)` of the code. 14,264,192 parameters
        with the defaults, 10,301,248 in PyTorch's layout.

    Raises:
        ValueError: for any other size or layout, or if a number is out of range.

    Example:

    ```python
    generator = keras_gans.networks.stackgan.stage_one_generator((16, 16, 3), noise=10, embedding_dim=32, units=8, filters=8)
    output = generator([tf.zeros((2, 18)), tf.zeros((2, 32))])
    print(output["images"].shape, output["mean"].shape)  # (2, 16, 16, 3) (2, 8)
    ```

    Differences: epsilon is part of the latents, and is not drawn inside; see `ConditioningAugmentation`. The releases have a size
    of 64 only.
    """
    levels = levels_of(image_shape)
    check_ints(1, noise=noise, embedding_dim=embedding_dim, units=units)
    check_ints(4, filters=filters)
    parts = LayoutParts(layout, layers.ReLU)
    latents, embedding = keras.Input((noise + units,), name="latents"), keras.Input((embedding_dim,), name="embedding")
    z, epsilon = latents[:, :noise], latents[:, noise:]
    text = ConditioningAugmentation(units, layout, name="augmentation")([embedding, epsilon])
    width = filters * 2 ** (levels - 1)
    x = layers.Concatenate()([text["code"], z] if parts.is_tensorflow else [z, text["code"]])
    stem = layers.Dense(16 * width, use_bias=parts.is_tensorflow, kernel_initializer=small_normal(), name="stem_dense")
    x = layers.Reshape((4, 4, width))(norm("stem_norm")(stem(x)))
    if parts.is_tensorflow:
        x = parts.branch(x, width // 4, "stem_branch")
        x = parts.branch(parts.up(x, width // 2, "up_1", activate=False), width // 8, "up_1_branch")
        for level in range(2, levels):
            x = parts.up(x, width // 2**level, f"up_{level}")
        x = layers.UpSampling2D()(x)
    else:
        x = layers.ReLU()(x)
        for level in range(1, levels + 1):
            x = parts.up(x, width // 2**level, f"up_{level}")
    images = ends.tanh_images(parts.conv(x, image_shape[-1], 3, "to_rgb"))
    return keras.Model([latents, embedding], _with_gaussian(images, text), name="stackgan_stage_one_generator")


@channels_last
def stage_two_generator(stage_one, image_shape=(256, 256, 3), units=128, filters=128, blocks=4, layout="tensorflow"):
    """The second generator: the image of the first, and the text once more, to a larger image.

    4x4 convolutions of stride 2 bring the small image to a quarter of its size; there it is joined with a code of the text of its
    own, and goes through residual blocks; upsampling and 3x3 convolutions make it large. All randomness is that of the first
    stage and of the two codes.

    The first generator becomes a part of this one, and is frozen: `stage_one.trainable` is False from here on. Pass a copy to go
    on training it.

    Args:
        stage_one: `keras.Model`, a trained `stage_one_generator`, or one of the same inputs and of images (size, size, channels).
        image_shape: Tuple (size, size, channels), the size of `stage_one` times 2, 4, ... Default: (256, 256, 3).
        units: Int, width of the code. Default: 128.
        filters: Int, channels of the first map; at a quarter of the size there are 4 times as many. A multiple of the factor
            of enlargement. Default: 128; 192 for COCO.
        blocks: Int, residual blocks. Default: 4; 2 for COCO.
        layout: "tensorflow" or "pytorch", the release: they differ in the code and in initial weights. Default: "tensorflow".

    Returns:
        `keras.Model`, `latents` `(batch, noise + units + units)`, that is [z, epsilon of the first stage, epsilon of the second],
        and `embedding` to a dict: `images` `(batch, *image_shape)` in (-1, 1), `mean` and `log_scale` of the second code.
        26,290,080 parameters of its own with the defaults, in both layouts.

    Raises:
        ValueError: if `stage_one` is not such a generator, or another argument is out of range.

    Example:

    ```python
    networks = keras_gans.networks.stackgan
    small = {"units": 8, "filters": 8}
    stage_one = networks.stage_one_generator((16, 16, 3), noise=10, embedding_dim=32, **small)
    generator = networks.stage_two_generator(stage_one, (32, 32, 3), blocks=1, **small)
    print(generator.output["images"].shape, generator.inputs[0].shape)  # (None, 32, 32, 3) (None, 26)
    ```

    Differences: epsilon is part of the latents. The first stage runs in inference mode, with the moving averages of its batch
    normalization; in both releases it runs on the statistics of the batch while the second stage trains. The releases have a
    factor of 4 only.
    """
    levels_of(image_shape)
    check_ints(1, filters=filters, units=units)
    check_ints(0, blocks=blocks)
    parts = LayoutParts(layout, layers.ReLU)
    first_latents, embedding_dim, small = _check_stage_one(stage_one)
    enlargements = _enlargements(small, image_shape, filters)
    stage_one.trainable = False
    latents = keras.Input((first_latents + units,), name="latents")
    embedding = keras.Input((embedding_dim,), name="embedding")
    # In the order of its inputs: in a functional model, Keras hands a dict over in the order of the alphabet.
    x = stage_one(NetworkInputs(stage_one, "latents").values(latents[:, :first_latents], embedding))["images"]
    text = ConditioningAugmentation(units, layout, name="augmentation")([embedding, latents[:, first_latents:]])
    x = layers.ReLU()(parts.conv(x, filters, 3, "down_0_conv"))
    for k in (1, 2):
        x = parts.conv_norm(x, filters * 2**k, 4, f"down_{k}", strides=2)
    code = layers.UpSampling2D(small[0] // 4)(layers.Reshape((1, 1, units))(text["code"]))
    x = parts.conv_norm(layers.Concatenate()([x, code]), 4 * filters, 3, "joint")
    for k in range(1, blocks + 1):
        h = parts.conv_norm(x, 4 * filters, 3, f"block_{k}_1")
        h = parts.conv_norm(h, 4 * filters, 3, f"block_{k}_2", activate=False)
        x = layers.ReLU()(layers.Add()([x, h]))
    for k in range(1, enlargements + 3):
        x = parts.up(x, 4 * filters // 2**k, f"up_{k}")
    images = ends.tanh_images(parts.conv(x, image_shape[-1], 3, "to_rgb"))
    return keras.Model([latents, embedding], _with_gaussian(images, text), name="stackgan_stage_two_generator")


def _with_gaussian(images, text):
    return {"images": images, "mean": text["mean"], "log_scale": text["log_scale"]}


def _check_stage_one(stage_one):
    """The width of its latents and of its embedding, and the shape of its images."""
    is_functional = isinstance(stage_one, keras.Model) and bool(getattr(stage_one, "inputs", None))
    inputs = {tensor.name: tensor.shape[1:] for tensor in stage_one.inputs} if is_functional else {}
    output = output_of(stage_one) if is_functional else None
    if set(inputs) != {"latents", "embedding"} or not isinstance(output, dict) or "images" not in output:
        received = f"inputs {list(inputs)}" if is_functional else repr(stage_one)
        raise ValueError(
            "`stage_one` must be a keras.Model with the inputs `latents` and `embedding`, and `images` in a dict of outputs, as "
            f"`stage_one_generator` makes it. Received: {received}."
        )
    return inputs["latents"][0], inputs["embedding"][0], tuple(output["images"].shape[1:])


def _enlargements(small, image_shape, filters):
    """How often the second stage doubles the size of the first."""
    factor = image_shape[0] // small[0]
    if small[0] != small[1] or factor < 2 or factor & (factor - 1) or factor * small[0] != image_shape[0]:
        raise ValueError(
            f"The second stage makes images 2, 4, ... times as large as the first, whose images are {small}. "
            f"Received: image_shape={image_shape!r}."
        )
    check_ints(factor, filters=filters)
    if filters % factor:
        raise ValueError(f"`filters` must be a multiple of {factor}, the factor of enlargement. Received: filters={filters!r}")
    return factor.bit_length() - 1
