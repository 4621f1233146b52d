"""What adaptive augmentation does to images: its operations, in their order and strength.

An operation draws numbers for each image, and makes of them what its stage takes: a matrix that moves pixels, one that mixes
colors, gains of bands, the strength of noise, a rectangle. A stage combines those of its operations, and does all at once.
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
    """One operation.

    Attributes:
        name: String; two of one name are parts of one operation.
        make: Function of uniform numbers in [0, 1) `(batch, uniforms)`, of standard normal ones `(batch, normals)`, and of the
            pair (height, width), to what the stage takes, `(batch, ...)`.
        uniforms, normals: Ints, how many such numbers an image takes.
    """

    name: str
    make: Callable
    uniforms: int = 0
    normals: int = 0


class Drawn(NamedTuple):
    """What was drawn for one operation.

    Attributes:
        name: String, the operation's.
        happens: Bool tensor `(batch,)`.
        value: Float32 tensor `(batch, ...)`, what the stage takes; where it does not happen, what changes nothing.
    """

    name: str
    happens: tf.Tensor
    value: tf.Tensor


class Stage(NamedTuple):
    """Operations that are done at once.

    Attributes:
        operations: List of `Operation`, in their order.
        nothing: Array, the value of an operation that does not happen.
        apply: Function of images, of a list of `Drawn`, and of a seed, to images.
    """

    operations: list
    nothing: np.ndarray
    apply: Callable


def augment(images, names, probability, seed):
    """Images, to each of which each operation happens, independently, with a probability.

    Args:
        images: Float32 tensor `(batch, height, width, channels)`, of a known size.
        names: Set of strings, the names of operations.
        probability: Float32 scalar.
        seed: Int tensor of shape (2,).

    Returns:
        Float32 tensor of the shape of `images`.
    """
    stages = [stage._replace(operations=[each for each in stage.operations if each.name in names]) for stage in STAGES]
    # Two draws for all operations, because XLA takes long to compile each draw.
    operations = [operation for stage in stages for operation in stage.operations]
    batch, size = tf.shape(images)[0], images.shape[1:3]
    uniforms = [1 + operation.uniforms for operation in operations]
    uniform = random.uniform((batch, sum(uniforms)), random.fold_in(seed, "uniform"))
    normals = [operation.normals for operation in operations]
    normal = random.normal((batch, sum(normals)), random.fold_in(seed, "normal"))
    numbers = zip(tf.split(uniform, uniforms, axis=1), tf.split(normal, normals, axis=1), strict=True)
    for stage in stages:
        drawn = [_drawn(operation, stage.nothing, probability, *next(numbers), size) for operation in stage.operations]
        images = stage.apply(images, drawn, seed) if drawn else images
    return images


def _drawn(operation, nothing, probability, uniform, normal, size):
    if operation.name == "rotation":  # twice: one of them, or both, with the probability
        probability = 1.0 - tf.sqrt(tf.maximum(1.0 - probability, 0.0))
    happens = uniform[:, 0] < probability
    value = operation.make(uniform[:, 1:], normal, size)
    return Drawn(operation.name, happens, tf.where(_along(happens, value), value, tf.constant(nothing, tf.float32)))


def _along(numbers, x):
    """One number for each image, `(batch,)`, with the axes of `x`."""
    return tf.reshape(numbers, (-1, *[1] * (len(x.shape) - 1)))


def _matrices(*rows):
    """Matrices `(batch, n, n)` of their rows, whose elements are floats, or tensors `(batch,)`."""
    batch = tf.shape(next(element for row in rows for element in row if tf.is_tensor(element)))
    return tf.stack([tf.stack([tf.broadcast_to(element, batch) for element in row], axis=-1) for row in rows], axis=-2)


def _product(first, second):
    """The products of matrices, in full float32, which `tf.matmul` leaves on some GPUs."""
    return tf.reduce_sum(first[:, :, :, None] * second[:, None], axis=2)


# Moves: matrices `(batch, 3, 3)` that take (x, y, 1) of a pixel, from the image's centre, to that of its source.


def _flip(uniform, normal, size):
    return _matrices((_sign(uniform), 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def _quarter_turn(uniform, normal, size):
    return _turn(0.5 * math.pi * tf.floor(4.0 * uniform[:, 0]))


def _shift(uniform, normal, size):
    return _moved(tf.round(0.125 * np.float32(size) * (2.0 * uniform - 1.0)))


def _scale(uniform, normal, size):
    return _zoom(-0.2 * normal[:, 0], -0.2 * normal[:, 0])


def _rotation(uniform, normal, size):
    return _turn(_angle(uniform))


def _stretch(uniform, normal, size):
    return _zoom(-0.2 * normal[:, 0], 0.2 * normal[:, 0])


def _translation(uniform, normal, size):
    return _moved(0.125 * np.float32(size) * normal)


def _sign(uniform):
    """1 or -1."""
    return 1.0 - 2.0 * tf.floor(2.0 * uniform[:, 0])


def _angle(uniform):
    """Up to half a turn each way."""
    return math.pi * (2.0 * uniform[:, 0] - 1.0)


def _turn(angle):
    sine, cosine = tf.sin(angle), tf.cos(angle)
    return _matrices((cosine, -sine, 0.0), (sine, cosine, 0.0), (0.0, 0.0, 1.0))


def _zoom(x, y):
    return _matrices((2.0**x, 0.0, 0.0), (0.0, 2.0**y, 0.0), (0.0, 0.0, 1.0))


def _moved(pixels):
    """By so many pixels down and to the right, `(batch, 2)`."""
    return _matrices((1.0, 0.0, -pixels[:, 1]), (0.0, 1.0, -pixels[:, 0]), (0.0, 0.0, 1.0))


MOVES = [
    Operation("flip", _flip, uniforms=1),
    Operation("quarter_turn", _quarter_turn, uniforms=1),
    Operation("shift", _shift, uniforms=2),
    Operation("scale", _scale, normals=1),
    Operation("rotation", _rotation, uniforms=1),
    Operation("stretch", _stretch, normals=1),
    Operation("rotation", _rotation, uniforms=1),
    Operation("translation", _translation, normals=2),
]
OF_WHOLE_PIXELS = {"flip", "quarter_turn", "shift"}


def move(images, drawn, seed):
    """Moves pixels: copies them where only moves of whole pixels happen, and else resamples the image, once for all moves."""
    filtered = [each.happens for each in drawn if each.name not in OF_WHOLE_PIXELS]
    moves = functools.reduce(_product, [each.value for each in drawn])
    copied = copy_pixels(images, moves)
    if not filtered:
        return copied
    return tf.where(_along(tf.reduce_any(filtered, axis=0), images), resample(images, moves), copied)


# Colors: matrices `(batch, 4, 4)` of (red, green, blue, 1).

_GRAY = np.pad(np.full((3, 3), 1 / 3), (0, 1))  # the nearest gray
_COLOR = np.diag([1, 1, 1, 0]) - _GRAY  # what there is beside it
_TURNED = np.pad(np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / 3**0.5, (0, 1))  # that, a quarter turn of hue further
_ONE = np.diag([0, 0, 0, 1])


def _brightness(uniform, normal, size):
    more = 0.2 * normal[:, 0]
    return _matrices((1.0, 0.0, 0.0, more), (0.0, 1.0, 0.0, more), (0.0, 0.0, 1.0, more), (0.0, 0.0, 0.0, 1.0))


def _contrast(uniform, normal, size):
    return _mixture((2.0 ** (0.5 * normal[:, 0]), _GRAY + _COLOR), (1.0, _ONE))


def _luma_flip(uniform, normal, size):
    return _mixture((_sign(uniform), _GRAY), (1.0, _COLOR + _ONE))


def _hue(uniform, normal, size):
    angle = _angle(uniform)
    return _mixture((tf.cos(angle), _COLOR), (tf.sin(angle), _TURNED), (1.0, _GRAY + _ONE))


def _saturation(uniform, normal, size):
    return _mixture((2.0 ** normal[:, 0], _COLOR), (1.0, _GRAY + _ONE))


def _mixture(*parts):
    """The sum of matrices, each times a float, or a tensor `(batch,)`."""
    return sum(tf.reshape(share, (-1, 1, 1)) * tf.constant(matrix, tf.float32) for share, matrix in parts)


COLORS = [
    Operation("brightness", _brightness, normals=1),
    Operation("contrast", _contrast, normals=1),
    Operation("luma_flip", _luma_flip, uniforms=1),
    Operation("hue", _hue, uniforms=1),
    Operation("saturation", _saturation, normals=1),
]
OF_COLORED_PIXELS = {"hue", "saturation"}  # which do nothing to gray ones


def recolor(images, drawn, seed):
    """Mixes colors, once for all operations. A single channel is what all three of a gray image become."""
    matrices = functools.reduce(lambda done, matrix: _product(matrix, done), [each.value for each in drawn])[:, None, None, :3]
    if images.shape[-1] == 1:
        matrices = tf.reduce_mean(matrices, axis=-2, keepdims=True)
        matrices = tf.stack([tf.reduce_sum(matrices[..., :3], axis=-1), matrices[..., 3]], axis=-1)
    *mixed, added = tf.unstack(matrices, axis=-1)
    return sum(images[..., k, None] * column for k, column in enumerate(mixed)) + added


# Bands of frequencies: gains `(batch, 4)`.

_POWER = np.array([10, 1, 1, 1]) / 13  # the share of each band in a spectrum of 1/f


def _band(band, uniform, normal, size):
    """One band louder or softer, and all of them then as loud as before."""
    gains = tf.where(np.arange(BANDS) == band, 2.0**normal, 1.0)
    return gains / tf.sqrt(tf.reduce_sum(np.float32(_POWER) * tf.square(gains), axis=1, keepdims=True))


def filter_bands(images, drawn, seed):
    """Amplifies bands of frequencies."""
    gains = functools.reduce(tf.multiply, [each.value for each in drawn])
    happens = tf.reduce_any([each.happens for each in drawn], axis=0)
    return tf.where(_along(happens, images), amplify_bands(images, gains), images)


# Noise: standard deviations `(batch,)`. Cutout: rectangles `(batch, 4)`, the centre and the size, of height and of width.


def _noise(uniform, normal, size):
    return 0.1 * tf.abs(normal[:, 0])


def add_noise(images, drawn, seed):
    """Adds noise, its own to each channel."""
    noise = random.normal(tf.shape(images), random.fold_in(seed, "noise"))
    return images + _along(drawn[0].value, images) * noise


def _cutout(uniform, normal, size):
    return tf.concat([uniform, tf.fill(tf.shape(uniform), 0.5)], axis=1)


def cut_out(images, drawn, seed):
    """Zeros in a rectangle, which may overhang."""
    inside = True
    for axis, size in enumerate(images.shape[1:3]):
        middles = tf.constant((np.arange(size) + 0.5) / size, tf.float32)
        center, extent = drawn[0].value[:, axis, None], drawn[0].value[:, axis + 2, None]
        covered = tf.abs(middles - center) < 0.5 * extent
        inside &= covered[:, :, None, None] if axis == 0 else covered[:, None, :, None]
    return tf.where(inside, 0.0, images)


STAGES = [
    Stage(MOVES, np.eye(3), move),
    Stage(COLORS, np.eye(4), recolor),
    Stage([Operation("bands", functools.partial(_band, k), normals=1) for k in range(BANDS)], np.ones(BANDS), filter_bands),
    Stage([Operation("noise", _noise, normals=1)], np.zeros(()), add_noise),
    Stage([Operation("cutout", _cutout, uniforms=2)], np.zeros(4), cut_out),
]
