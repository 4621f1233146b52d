"""Shapes whose sizes may be unknown."""

MOVE_CHANNELS = "The channels come first, as in PyTorch. Move them: np.moveaxis(x, 1, -1)."


def compatible(first, second):
    """Whether two shapes have the same rank and agree in every size that both know (None: unknown)."""
    return len(first) == len(second) and all(
        a == b or a is None or b is None for a, b in zip(tuple(first), tuple(second), strict=True)
    )


def is_image_shape(shape):
    """Whether `shape` is (height, width, channels)."""
    return hasattr(shape, "__len__") and len(shape) == 3


def looks_channels_first(shape):
    """Whether the shape of an image looks like (channels, height, width), as PyTorch has it: 1 or 3, and two sides."""
    first, *sides = shape
    return first in (1, 3) and len(sides) == 2 and None not in sides and min(sides) > 4 and max(sides) <= 4 * min(sides)


def how_to_reshape(received, wanted, otherwise):
    """What to do about images `(batch, ...)` of another shape than `wanted`, (height, width, channels): a sentence for errors.

    Args:
        received: Tuple.
        wanted: Tuple, without the batch.
        otherwise: String, what to say where the channels are not where PyTorch has them.
    """
    if len(wanted) == 3 and compatible(tuple(received)[1:], (wanted[2], *wanted[:2])):
        return MOVE_CHANNELS
    return otherwise
