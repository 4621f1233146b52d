"""The operations of adaptive augmentation, with their order and strength.

An operation draws numbers for each image. Where it does not happen, it gets the numbers that change nothing. A stage takes the
numbers of its operations, and does all of them at once.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from keras_gans.layers.affine_resampling import copy_pixels
from keras_gans.layers.affine_resampling import resample
from keras_gans.layers.band_filters import BANDS
from keras_gans.layers.band_filters import amplify_bands
from keras_gans.utils import random


class Operation(NamedTuple):
    """One operation, or a part of it: parts with the same name happen independently.

    Attributes:
        name: String.
        uniform: Tuple of floats, for each of its uniform numbers in [0, 1) the value that changes nothing.
        normal: Int, how many standard normal numbers it draws, of which 0 changes nothing.
    """

    name: str
    uniform: tuple = ()
    normal: int = 0


class Drawing(NamedTuple):
    """The numbers drawn for one operation.

    Attributes:
        name: String, the operation's.
        happens: Bool tensor `(batch,)`.
        numbers: List of float32 tensors `(batch,)`, its uniform numbers, then its normal ones.
    """

    name: str
    happens: tf.Tensor
    numbers: list


class Stage(NamedTuple):
    """Operations that are done at once.

    Attributes:
        operations: List of `Operation`, in their order.
        apply: Function of images, of a list of `Drawing`, and of a seed, to images.
    """

    operations: list
    apply: Callable


def augment(images, shares, probability, seed):
    """Applies each operation to each image independently, with its share of a probability.

    Args:
        images: Float32 tensor `(batch, height, width, channels)`, of a known size.
        shares: Dict, from names of operations to floats in [0, 1].
        probability: Float32 scalar.
        seed: Int tensor of shape (2,).

    Returns:
        Float32 tensor of the shape of `images`.
    """
    stages = [[operation for operation in stage.operations if operation.name in shares] for stage in STAGES]
    chosen = [operation for stage in stages for operation in stage]
    probabilities = probability * tf.constant([shares[operation.name] for operation in chosen], tf.float32)
    drawn = iter(draw(chosen, probabilities, tf.shape(images)[0], seed))
    for stage, operations in zip(STAGES, stages, strict=True):
        if operations:
            images = stage.apply(images, [next(drawn) for _ in operations], seed)
    return images


def draw(operations, probability, batch, seed):
    """A list of `Drawing`, for each of `operations`; the probability is a scalar, or one for each of them."""
    count = len(operations)
    # Of a rotation there are two, of which one or both happen with the probability.
    twice = np.array([operation.name == "rotation" for operation in operations])
    chances = tf.where(twice, 1.0 - tf.sqrt(tf.maximum(1.0 - probability, 0.0)), probability)
    neutral = [value for operation in operations for value in operation.uniform]
    # One draw, and few tensors, for all operations: XLA takes long to compile each draw, and TensorFlow to trace many operations.
    counts = [count, len(neutral), sum(operation.normal for operation in operations)]
    happens, uniform, normal = tf.split(random.uniform((batch, sum(counts)), seed), counts, axis=1)
    happens = happens < chances
    # Odd multiples of 2^-23, exact in float32: symmetric, and never -1 or 1.
    normal = 2.0**0.5 * tf.math.erfinv(2.0 * normal - (1.0 - 2.0**-23))
    of_uniform, of_normal = (
        np.repeat(np.arange(count), numbers).astype("int32")
        for numbers in ([len(operation.uniform) for operation in operations], [operation.normal for operation in operations])
    )
    uniform = tf.where(tf.gather(happens, of_uniform, axis=1), uniform, tf.constant(neutral, tf.float32))
    normal = tf.where(tf.gather(happens, of_normal, axis=1), normal, 0.0)
    uniform, normal = iter(tf.unstack(uniform, axis=1)), iter(tf.unstack(normal, axis=1))
    return [
        Drawing(name, each, [next(uniform) for _ in neutral] + [next(normal) for _ in range(normals)])
        for (name, neutral, normals), each in zip(operations, tf.unstack(happens, axis=1), strict=True)
    ]


def _along(numbers, x):
    """One number for each image, `(batch,)`, with the axes of `x`."""
    return tf.reshape(numbers, (-1, *[1] * (len(x.shape) - 1)))


def _sign(uniform):
    """1 or -1."""
    return 1.0 - 2.0 * tf.floor(2.0 * uniform)


def _angle(uniform):
    """Up to half a turn each way."""
    return math.pi * (2.0 * uniform - 1.0)


# Moves: matrices that take (x, y, 1) of a pixel, from the image's centre, to that of its source. They get the image's size first.


def _flip(size, uniform):
    return _matrices((_sign(uniform), 0, 0), (0, 1, 0), (0, 0, 1))


def _quarter_turn(size, uniform):
    return _turned(0.5 * math.pi * tf.floor(4.0 * uniform))


def _shift(size, down, right):
    return _moved(
        *(tf.round(0.125 * length * (2.0 * uniform - 1.0)) for length, uniform in zip(size, (down, right), strict=True))
    )


def _scale(size, normal):
    return _zoomed(-0.2 * normal, -0.2 * normal)


def _rotation(size, uniform):
    return _turned(_angle(uniform))


def _stretch(size, normal):
    return _zoomed(-0.2 * normal, 0.2 * normal)


def _translation(size, down, right):
    return _moved(*(0.125 * length * normal for length, normal in zip(size, (down, right), strict=True)))


def _turned(angle):
    sine, cosine = tf.sin(angle), tf.cos(angle)
    return _matrices((cosine, -sine, 0), (sine, cosine, 0), (0, 0, 1))


def _zoomed(x, y):
    return _matrices((2.0**x, 0, 0), (0, 2.0**y, 0), (0, 0, 1))


def _moved(down, right):
    return _matrices((1, 0, -right), (0, 1, -down), (0, 0, 1))


def _matrices(*rows):
    """Matrices `(batch, 3, 3)` of their rows, whose elements are tensors `(batch,)`, 0 or 1."""
    elements = [element for row in rows for element in row]
    some = next(element for element in elements if tf.is_tensor(element))
    numbers = {0: tf.zeros_like(some), 1: tf.ones_like(some)}
    elements = [element if tf.is_tensor(element) else numbers[element] for element in elements]
    return tf.reshape(tf.stack(elements, axis=-1), (-1, 3, 3))


def _product(first, second):
    """Products of matrices in full float32, which `tf.matmul` leaves on some GPUs."""
    return tf.reduce_sum(tf.expand_dims(first, 3) * tf.expand_dims(second, 1), axis=2)


MATRICES = {
    "flip": _flip,
    "quarter_turn": _quarter_turn,
    "shift": _shift,
    "scale": _scale,
    "rotation": _rotation,
    "stretch": _stretch,
    "translation": _translation,
}
_OF_WHOLE_PIXELS = {"flip", "quarter_turn", "shift"}


def move(images, drawn, seed):
    """Moves pixels: copies them if all moves are by whole pixels, else resamples the image, once for all moves."""
    moves = functools.reduce(_product, [MATRICES[each.name](images.shape[1:3], *each.numbers) for each in drawn])
    copied = copy_pixels(images, moves)
    filtered = [each.happens for each in drawn if each.name not in _OF_WHOLE_PIXELS]
    if not filtered:
        return copied
    return tf.where(_along(tf.reduce_any(filtered, axis=0), images), resample(images, moves), copied)


def recolor(images, drawn, seed):
    """Changes colors, once for all operations: each changes either the gray part or the color part, and none mixes them.

    gray(x) = mean(x),   color(x) = x - gray(x);   turned(x), a color after a quarter turn of its hue
    brightness:  x + a            contrast:    c x                            luma flip:  -gray(x) + color(x)
    saturation:  gray(x) + s color(x)          hue:  gray(x) + cos(h) color(x) + sin(h) turned(x)
    """
    (more,), (contrast,), (flip,), (hue,), (saturation,) = (
        next((each.numbers for each in drawn if each.name == operation.name), operation.uniform or (0.0,)) for operation in COLORS
    )
    contrast = 2.0 ** (0.5 * contrast)
    gray, color, angle = contrast * _sign(flip), contrast * 2.0**saturation, _angle(hue)
    of_image, of_gray, of_turned, added = (
        tf.reshape(share, (-1, 1, 1, 1))
        for share in (color * tf.cos(angle), gray - color * tf.cos(angle), color * tf.sin(angle), 0.2 * gray * more)
    )
    changed = of_image * images + (of_gray * tf.reduce_mean(images, axis=-1, keepdims=True) + added)
    if not any(each.name == "hue" for each in drawn):
        return changed
    red, green, blue = tf.split(images, 3, axis=-1)
    return changed + of_turned * (tf.concat([blue - green, red - blue, green - red], axis=-1) / 3**0.5)


_POWER = np.array([10, 1, 1, 1]) / 13  # of each band, in a spectrum of 1/f


def filter_bands(images, drawn, seed):
    """Amplifies each band of frequencies separately, then scales all of them to the original power."""
    gains = 1.0
    for band, each in enumerate(drawn):
        gain = tf.where(np.arange(BANDS) == band, 2.0 ** each.numbers[0][:, None], 1.0)
        gains *= gain / tf.sqrt(tf.reduce_sum(_POWER.astype("float32") * tf.square(gain), axis=1, keepdims=True))
    happens = tf.reduce_any([each.happens for each in drawn], axis=0)
    return tf.where(_along(happens, images), amplify_bands(images, gains), images)


def add_noise(images, drawn, seed):
    """Adds noise, its own to each channel."""
    ((normal,),) = (each.numbers for each in drawn)
    noise = random.normal(tf.shape(images), random.fold_in(seed, "noise"))
    return images + _along(0.1 * tf.abs(normal), images) * noise


def cut_out(images, drawn, seed):
    """Zeros in a rectangle of half the height and half the width, which may overhang."""
    ((down, right),) = (each.numbers for each in drawn)
    rows, columns = (tf.constant((np.arange(size) + 0.5) / size, tf.float32) for size in images.shape[1:3])
    inside = (tf.abs(rows - down[:, None]) < 0.25)[:, :, None] & (tf.abs(columns - right[:, None]) < 0.25)[:, None]
    return tf.where(inside[..., None], 0.0, images)


MOVES = [
    Operation("flip", (0.0,)),
    Operation("quarter_turn", (0.0,)),
    Operation("shift", (0.5, 0.5)),
    Operation("scale", normal=1),
    Operation("rotation", (0.5,)),
    Operation("stretch", normal=1),
    Operation("rotation", (0.5,)),
    Operation("translation", normal=2),
]
COLORS = [
    Operation("brightness", normal=1),
    Operation("contrast", normal=1),
    Operation("luma_flip", (0.0,)),
    Operation("hue", (0.5,)),
    Operation("saturation", normal=1),
]
STAGES = [
    Stage(MOVES, move),
    Stage(COLORS, recolor),
    Stage([Operation("bands", normal=1)] * BANDS, filter_bands),
    Stage([Operation("noise", normal=1)], add_noise),
    Stage([Operation("cutout", (-1.0, -1.0))], cut_out),  # beside the image
]
