"""Shapes whose sizes may be unknown."""


def compatible(first, second):
    """Whether two shapes have the same rank and agree in every size that both know (None: unknown)."""
    return len(first) == len(second) and all(
        a == b or a is None or b is None for a, b in zip(tuple(first), tuple(second), strict=True)
    )


def is_image_shape(shape):
    """Whether `shape` is (height, width, channels)."""
    return hasattr(shape, "__len__") and len(shape) == 3
