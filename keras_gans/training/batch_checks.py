"""Errors and warnings about batches that do not fit the networks, and images in the wrong range."""

import warnings

import numpy as np
import tensorflow as tf

from keras_gans.training.network_checks import output_shape
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import check_classes
from keras_gans.utils.finite import check_examples
from keras_gans.utils.networks import final_operations
from keras_gans.utils.networks import images_of
from keras_gans.utils.networks import output_bounds
from keras_gans.utils.shapes import compatible
from keras_gans.utils.shapes import how_to_reshape
from keras_gans.utils.sources import how_to_scale


def check_batch(real, condition, generator, wanted, classes, of=""):
    """Raises or warns if a batch of data does not fit the networks.

    Args:
        real: Array or tensor, a batch of real data as the data set gave it.
        condition: Array, or several; None.
        generator: The generator.
        wanted: The Keras input that takes the condition, a dict of several, or None for an unconditional GAN.
        classes: Int, a dict of ints, or None.
        of: String that says in errors which part of the data `real` is, such as ' of "target"'. Default: all.
    """
    expected = output_shape(generator)
    if not compatible(tuple(real.shape)[1:], expected):
        if compatible(tuple(real.shape), expected):
            raise ValueError(
                f"The data{of} are not in batches. Received: single examples {tuple(real.shape)}. Use `dataset.batch(64)`."
            )
        remedy = "Resize or reshape the data (keras_gans.data.images does), or build other networks."
        raise ValueError(
            f"The data{of} do not have the shape that the generator makes. Expected: (batch, {', '.join(map(str, expected))}). "
            f"Received: {tuple(real.shape)}. {how_to_reshape(real.shape, expected, remedy)}"
        )
    if not len(real):
        raise ValueError(f"The data{of} contain an empty batch. Drop it: dataset.filter(lambda x: tf.shape(x)[0] > 0).")
    check_examples(real, f"The data{of} have")
    if wanted is not None and condition is None:
        raise ValueError(
            "This GAN is conditional, but the data have no labels. Expected batches of (data, condition) or of "
            '{"image": ..., "label": ...}. Pass labels: fit(images, labels), or a data set of pairs.'
        )
    if wanted is not None:
        check_classes(by_name(condition, wanted), wanted, classes)
    if len(expected) == 3:
        check_image_range(real, generator, of)


def check_image_range(real, generator, of=""):
    """Raises if images are not what a generator can make; warns if their range may be a mistake. `of`: see `check_batch`."""
    low_bound, high_bound = output_bounds(generator)
    values, wanted = np.asarray(real, "float32"), (0, 1) if low_bound >= 0 else (-1, 1)
    expected, remedy = f"in [{wanted[0]}, 1]", how_to_scale(real, wanted)
    if not tf.as_dtype(real.dtype).is_floating:
        raise ValueError(f"Images{of} must be floats {expected}. Received: dtype {tf.as_dtype(real.dtype).name}. {remedy}")
    low, high = float(values.min()), float(values.max())
    if max(-low, high) > 2:
        raise ValueError(f"Images{of} must be {expected}. Received: values from {low:g} to {high:g}. {remedy}")
    ending = " after ".join(final_operations(images_of(generator)))
    if low < low_bound - 0.01 and low_bound >= 0:
        raise ValueError(
            f"The images{of} have values down to {low:g}, and the generator makes none below {low_bound:g}: it ends in {ending}. "
            "End it in a tanh for images in [-1, 1], or scale the images to [0, 1]: (x + 1) / 2."
        )
    if low >= 0 and high <= 1 and high > low and low_bound < 0:
        warnings.warn(
            f"The images{of} lie in [{low:g}, {high:g}], but are taken to be in [-1, 1]: the generator ends in {ending}. If they "
            f"are scaled to [0, 1], scale them to [-1, 1]: 2 * x - 1; or {ending_in_sigmoid(generator)}.",
            stacklevel=2,
        )
    elif high > high_bound + 0.01 or low < low_bound - 0.01:
        warnings.warn(
            f"The images{of} have values from {low:g} to {high:g}, and the generator makes none outside [{low_bound:g}, "
            f"{high_bound:g}]: it ends in {ending}. Scale the images to that range.",
            stacklevel=2,
        )


def ending_in_sigmoid(generator):
    """Advice for errors, words that follow "or": how to end a generator so that its images are known to be in [0, 1]."""
    last = final_operations(images_of(generator))[-1]
    known = 'end the generator in a sigmoid: keras.layers.Activation("sigmoid")'
    if last in ("lambda", "<lambda>") or last != last.lower():  # a function or a layer of the user's
        return f"{known} in place of {last}, whose range is not known, even if it computes a sigmoid"
    return known
