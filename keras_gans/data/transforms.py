"""The steps of a pipeline, applied to one element at a time."""

import keras
import tensorflow as tf

ROUNDING = 1e-4  # by which floats may lie outside [-1, 1]


def on_image(function):
    """A map over elements that changes the image and leaves the label."""
    return lambda image, *label: (function(image), *label) if label else function(image)


def resized(image, size):
    """Cropped to the aspect ratio, then resized with antialiasing; uint8 stays uint8, rounded."""
    if image.shape[:2] == tuple(size):
        return image
    result = keras.ops.image.resize(
        tf.cast(image, tf.float32)[None],
        size,
        interpolation="bilinear",
        antialias=True,
        crop_to_aspect_ratio=True,
        data_format="channels_last",
    )[0]
    result = tf.ensure_shape(result, (*size, image.shape[-1]))
    return tf.cast(tf.clip_by_value(tf.round(result), 0, 255), tf.uint8) if image.dtype == tf.uint8 else result


def scale_to_one(image):
    """Float32 in [-1, 1] of uint8; floats are there already."""
    return tf.cast(image, tf.float32) / 127.5 - 1.0 if image.dtype == tf.uint8 else tf.cast(image, tf.float32)


def change_channels(image, channels):
    """Converts gray images to color, or color images to gray; None leaves them.

    Raises:
        ValueError: if the images have a number of channels other than 1 or 3, and another one is wanted.
    """
    given = image.shape[-1]
    if channels is None or channels == given:
        return image
    if (given, channels) == (1, 3):
        return tf.image.grayscale_to_rgb(image)
    if (given, channels) == (3, 1):
        return tf.image.rgb_to_grayscale(image)
    raise ValueError(
        f"Images of 1 or 3 channels can be made gray or colored. Received: {given} channels, channels={channels!r}. First "
        "select channels, or blend transparency into the others."
    )


def crop(image, offset, size):
    """The rectangle of an image at an offset.

    Args:
        image: Tensor `(height, width, channels)`.
        offset: Int tensor `(2,)`, of the first row and column.
        size: Pair of ints.
    """
    return tf.ensure_shape(tf.slice(image, [*tf.unstack(offset), 0], [*size, -1]), (*size, image.shape[-1]))


def crop_and_mirror(pictures, sizes, flip, seed):
    """One random crop, and one mirror, for all pictures of an element.

    The offset is drawn in whole pixels of the first picture. A picture that is k times larger has k times that offset.

    Args:
        pictures: List of tensors `(height, width, channels)`.
        sizes: Pair of ints (height, width) for each picture: what is left of it.
        flip: Bool, whether to mirror them left to right with probability 1/2.
        seed: Int tensor `(2,)`.

    Returns:
        List of tensors.
    """
    drawn = tf.random.stateless_uniform((3,), seed)
    room = tf.shape(pictures[0])[:2] - tf.constant(sizes[0])
    offset = tf.cast(drawn[:2] * tf.cast(room + 1, tf.float32), tf.int32)
    pictures = [
        crop(picture, offset * (size[0] // sizes[0][0]), size) if picture.shape[:2] != tuple(size) else picture
        for picture, size in zip(pictures, sizes, strict=True)
    ]
    if not flip:
        return pictures
    # Of the ways to do it, the fastest by far.
    return tf.cond(drawn[2] < 0.5, lambda: [tf.reverse(picture, axis=[1]) for picture in pictures], lambda: pictures)


def with_seeds(dataset, seed):
    """Pairs of an element and a seed, an int64 tensor `(2,)`, which is another one in each epoch."""
    seeds = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True).batch(2)
    return tf.data.Dataset.zip(dataset, seeds)


def augmented(dataset, sizes, flip, seed):
    """One random crop, and one mirror, for each element, a tuple of pictures; see `crop_and_mirror`."""

    def augment(pictures, seed):
        return tuple(crop_and_mirror(list(pictures), sizes, flip, seed))

    return with_seeds(dataset, seed).map(augment, tf.data.AUTOTUNE)


def batched(dataset, batch_size, drop_remainder):
    """Batches, prefetched while others are used."""
    return dataset.batch(batch_size, drop_remainder=bool(drop_remainder)).prefetch(tf.data.AUTOTUNE)
