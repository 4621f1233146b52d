"""The discriminators of StackGAN: whether an image is real, and whether it is what the text says."""

import keras
from keras import layers

from keras_gans.networks.stackgan.layouts import LayoutParts
from keras_gans.networks.stackgan.layouts import levels_of
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints


@channels_last
def stage_one_discriminator(image_shape=(64, 64, 3), embedding_dim=1024, units=128, filters=64, layout="tensorflow"):
    """The first discriminator: 4x4 convolutions halve the image to 4x4, where the text joins it. LeakyReLU 0.2.

    layout="tensorflow":  takes the text's embedding, through a dense layer of its own; a residual branch of 1x1, 3x3, 3x3
                          convolutions at 4x4; the text is joined by a 1x1 convolution
    layout="pytorch":     takes as `embedding` the mean of the generator's code, `(batch, units)`, through which the release
                          sends no gradient; no branch; the text is joined by a 3x3 convolution

    Args:
        image_shape: Tuple (size, size, channels), size 16, 32, 64, ... Default: (64, 64, 3).
        embedding_dim: Int, width of the text's embedding in TensorFlow's layout. Default: 1024.
        units: Int, width of the text where it is joined. Default: 128.
        filters: Int, channels of the first map; each after it has twice as many. Default: 64; 96 for COCO.
        layout: "tensorflow" or "pytorch", the release. Default: "tensorflow".

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` and `embedding` `(batch, embedding_dim)`, `(batch, units)` in PyTorch's
        layout, to logits `(batch, 1)`. 4,029,824 parameters with the defaults, 5,715,713 in PyTorch's layout.

    Raises:
        ValueError: for any other size or layout, or if a number is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.stackgan.stage_one_discriminator((16, 16, 3), embedding_dim=32, units=8, filters=8)
    print(discriminator([tf.zeros((2, 16, 16, 3)), tf.zeros((2, 32))]).shape)  # (2, 1)
    ```

    Differences: ends in a logit, not in a sigmoid. The releases have a size of 64 only.
    """
    images, embedding, text, parts = _begin(image_shape, embedding_dim, units, filters, layout)
    levels = levels_of(image_shape)
    x = _down(images, filters, parts)
    for k in range(2, levels + 1):
        # TensorFlow's release has no activation between the last two convolutions, and none before the branch.
        x = parts.conv_norm(x, filters * 2 ** (k - 1), 4, f"conv_{k}", 2, activate=not parts.is_tensorflow or k < levels - 1)
    scores = _conditional_scores(_branch(x, x.shape[-1] // 4, parts), text, parts)
    return keras.Model([images, embedding], scores, name="stackgan_stage_one_discriminator")


@channels_last
def stage_two_discriminator(image_shape=(256, 256, 3), embedding_dim=1024, units=128, filters=64, layout="tensorflow"):
    """The second discriminator: as the first, with more levels, and convolutions at 4x4 that bring the channels back to 8 times.

    In TensorFlow's layout these are 1x1, in PyTorch's 3x3. PyTorch's has a second head, which judges the image without the text.

    Args:
        image_shape: Tuple (size, size, channels), size 16, 32, 64, ... Default: (256, 256, 3).
        embedding_dim, units, filters, layout: As in `stage_one_discriminator`.

    Returns:
        `keras.Model`, as `stage_one_discriminator`. In PyTorch's layout it returns a dict: `scores` and, without the text,
        `unconditional_scores`, logits `(batch, 1)`. 48,603,520 parameters with the defaults, 71,269,122 in PyTorch's layout.

    Raises:
        ValueError: for any other size or layout, or if a number is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.stackgan.stage_two_discriminator((32, 32, 3), units=8, filters=8, layout="pytorch")
    output = discriminator([tf.zeros((2, 32, 32, 3)), tf.zeros((2, 8))])
    print(sorted(output))  # ['scores', 'unconditional_scores']
    ```

    Differences: ends in logits, not in sigmoids. The releases have a size of 256 only.
    """
    images, embedding, text, parts = _begin(image_shape, embedding_dim, units, filters, layout)
    levels = levels_of(image_shape)
    x = _down(images, filters, parts)
    widths = [filters * 2**k for k in range(1, levels)]
    reductions = [filters * 2**k for k in range(levels - 2, 2, -1)]
    for k, width in enumerate(widths, 2):
        x = parts.conv_norm(
            x, width, 4, f"conv_{k}", 2, activate=not parts.is_tensorflow or bool(reductions) or width != widths[-1]
        )
    for k, width in enumerate(reductions, 1):
        last = width == reductions[-1]
        x = parts.conv_norm(
            x, width, 1 if parts.is_tensorflow else 3, f"reduce_{k}", activate=not parts.is_tensorflow or not last
        )
    x = _branch(x, x.shape[-1] // 4, parts)
    scores = _conditional_scores(x, text, parts)
    if not parts.is_tensorflow:
        scores = {"scores": scores, "unconditional_scores": _scores(x, parts, "unconditional_scores")}
    return keras.Model([images, embedding], scores, name="stackgan_stage_two_discriminator")


def _begin(image_shape, embedding_dim, units, filters, layout):
    """The inputs, the text as it is joined, and the maker of layers."""
    levels_of(image_shape)
    check_ints(1, embedding_dim=embedding_dim, units=units, filters=filters)
    parts = LayoutParts(layout, lambda: layers.LeakyReLU(0.2))
    images = keras.Input(image_shape, name="images")
    embedding = keras.Input((embedding_dim if parts.is_tensorflow else units,), name="embedding")
    text = embedding
    if parts.is_tensorflow:
        text = layers.LeakyReLU(0.2)(layers.Dense(units, kernel_initializer=small_normal(), name="text")(embedding))
    return images, embedding, text, parts


def _down(images, filters, parts):
    """The first convolution, which has no batch normalization."""
    return layers.LeakyReLU(0.2)(parts.conv(images, filters, 4, "conv_1_conv", 2))


def _branch(x, hidden, parts):
    return parts.branch(x, hidden, "branch") if parts.is_tensorflow else x


def _conditional_scores(x, text, parts):
    text = layers.UpSampling2D(4)(layers.Reshape((1, 1, text.shape[-1]))(text))
    x = parts.conv_norm(layers.Concatenate()([x, text]), x.shape[-1], 1 if parts.is_tensorflow else 3, "joint")
    return _scores(x, parts, "scores")


def _scores(x, parts, name):
    """A logit of the whole 4x4 map. PyTorch's release has a bias."""
    score = layers.Conv2D(
        1, 4, use_bias=not parts.is_tensorflow, kernel_initializer=small_normal(), dtype="float32", name=f"{name}_conv"
    )
    return layers.Flatten(dtype="float32", name=name)(score(x))
