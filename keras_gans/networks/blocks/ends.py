"""Where residual networks begin and end: their inputs, the stem, the images, the scores."""

import keras
from keras import layers

from keras_gans.layers import GlobalSumPooling2D
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.shapes import is_image_shape


def condition_input(classes):
    """The input of weights over the classes `(batch, classes)`: one-hot rows, or mixtures; None without classes."""
    if classes is None:
        return None
    check_ints(1, classes=classes)
    return keras.Input((classes,), dtype="float32", name="condition")


def present(*inputs):
    """The inputs that there are, as a functional model takes them: one, or a list."""
    found = [tensor for tensor in inputs if tensor is not None]
    return found[0] if len(found) == 1 else found


def stem(z, size, filters, kernels):
    """Latents to a map `(size, size, filters)` by a dense layer, in channels-last order."""
    return layers.Reshape((size, size, filters))(kernels.dense(size * size * filters, "stem")(z))


def tanh_images(x):
    """What a generator ends in: float32 in (-1, 1)."""
    return layers.Activation("tanh", dtype="float32", name="images")(x)


def projection_scores(x, condition, kernels):
    """Scores `(batch, 1)` in float32: psi(phi) + <V c, phi>, phi the sum over positions of relu(x), psi a dense layer.

    Args:
        x: The last map of a discriminator.
        condition: Weights over the classes, or None for psi(phi) alone.
        kernels: `Kernels`, which also makes the table V.
    """
    phi = GlobalSumPooling2D(dtype="float32", name="features")(layers.ReLU()(x))
    return scores_of_features(phi, condition, kernels)


def scores_of_features(phi, condition, kernels):
    """As `projection_scores`, of features `(batch, width)`."""
    if condition is None:
        return kernels.dense(1, "scores", dtype="float32")(phi)
    scores = kernels.dense(1, "linear", dtype="float32")(phi)
    embedded = kernels.embedding(condition.shape[-1], phi.shape[-1], "projection", dtype="float32")(condition)
    projection = layers.Dot(axes=1, dtype="float32")([phi, embedded])
    # The dense layer last: what comes into the last layer with weights is then phi, the features of `with_features`.
    return layers.Add(dtype="float32", name="scores")([projection, scores])


def check_paper_size(paper, image_shape, sizes):
    """Raises unless `image_shape` is (size, size, channels) of a size that a paper's networks have."""
    if not is_image_shape(image_shape) or image_shape[0] != image_shape[1] or image_shape[0] not in sizes:
        raise ValueError(
            f"{paper}'s networks make square images of size {', '.join(map(str, sizes))}, with any number of channels. "
            f"Received: image_shape={image_shape!r}. Resize the images, or pass networks of your own."
        )


def check_image_shape(image_shape, any_size=False):
    """Raises unless `image_shape` is three ints above 0; with `any_size`, height and width may both be None."""
    if is_image_shape(image_shape):
        unknown = any_size and tuple(image_shape[:2]) == (None, None)
        if all(is_int(size) and size > 0 for size in (image_shape[2:] if unknown else image_shape)):
            return
    raise ValueError(f"`image_shape` must be (height, width, channels), ints above 0. Received: image_shape={image_shape!r}")


def check_halvings(image_shape, times, any_size=False):
    """Raises unless images of `image_shape` can be halved so many times; with `any_size`, height and width may both be None."""
    check_image_shape(image_shape, any_size)
    if any(size is not None and size % 2**times for size in image_shape[:2]):
        raise ValueError(
            f"Images are halved {times} times, so height and width must be multiples of {2**times}. Received: "
            f"image_shape={image_shape!r}. Resize, pad or crop them."
        )


def halvings_to_4(paper, image_shape, least):
    """How many times a paper's networks halve square images, to 4x4. Raises unless the size is a power of two >= `least`."""
    check_image_shape(image_shape)
    size = image_shape[0]
    if size != image_shape[1] or size < least or size & (size - 1):
        sizes = ", ".join(str(2**k) for k in range(least.bit_length() - 1, 8))
        raise ValueError(
            f"{paper}'s networks halve square images to 4x4: their size is a power of two, one of {sizes}, ... Received: "
            f"image_shape={image_shape!r}. Resize the images."
        )
    return size.bit_length() - 3


def check_attention(attention, sizes):
    """Raises unless `attention` is None or one of the sizes of a network's maps."""
    if attention is not None and attention not in sizes:
        raise ValueError(
            f"`attention` must be the size of a map after a block, one of {sorted(set(sizes))}, or None. "
            f"Received: attention={attention!r}"
        )
