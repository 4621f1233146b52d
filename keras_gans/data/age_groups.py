"""Groups of ages, and labels as CAAE's networks take them."""

import numbers

import numpy as np

from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.signed_rows import signed_rows

LIMITS = (5, 10, 15, 20, 30, 40, 50, 60, 70)


def age_to_group(ages, limits=LIMITS):
    """The group of an age: how many of the limits it is above.

    The published groups are 0-5, 6-10, 11-15, 16-20, 21-30, 31-40, 41-50, 51-60, 61-70, and above 70.

    Args:
        ages: Int >= 0, or an array or list of such ints.
        limits: Increasing ints >= 0, the last age of each group but the last. Default: those of the ten published groups.

    Returns:
        Int of an int, else int array of the shape of `ages`; from 0 to `len(limits)`.

    Raises:
        ValueError: if ages are not such ints, or the limits do not increase.

    Example:

    ```python
    print(keras_gans.data.age_to_group([5, 6, 70, 71]))  # [0 1 8 9]
    print(keras_gans.data.age_to_group(33, limits=(17, 65)))  # 1
    ```

    Reference:
        Zhang, Song, Qi, Age Progression/Regression by Conditional Adversarial Autoencoder (2017), arXiv:1702.08423;
        ZZUTK/Face-Aging-CAAE, FaceAging.py.
    """
    check_limits(limits)
    given = np.asarray(ages)
    if given.dtype.kind not in "iu" or (given < 0).any():
        raise ValueError(f"`ages` must be ints >= 0. Received: ages={ages!r}")
    groups = np.searchsorted(limits, given, side="left")
    return int(groups) if isinstance(ages, numbers.Integral) else groups


def signed_one_hot(labels, classes):
    """One-hot rows in {-1, 1}: 1 where a label is, -1 elsewhere.

    Args:
        labels: Int in 0..classes - 1, or an array or list of such ints.
        classes: Int, the length of a row.

    Returns:
        Float32 array of the shape of `labels`, with `classes` more.

    Raises:
        ValueError: if `labels` are not such ints, or `classes` is not an int >= 1.

    Example:

    ```python
    print(keras_gans.data.signed_one_hot([0, 2], 3).tolist())  # [[1.0, -1.0, -1.0], [-1.0, -1.0, 1.0]]
    ```
    """
    check_ints(1, classes=classes)
    return signed_rows(labels, classes, "labels")


def check_limits(limits):
    """Raises a ValueError unless `limits` are ints >= 0, one at least, that increase."""
    good = isinstance(limits, (list, tuple, np.ndarray)) and len(limits) > 0
    good = good and all(is_int(limit) and limit >= 0 for limit in limits)
    if not good or any(limit >= following for limit, following in zip(limits, limits[1:], strict=False)):
        raise ValueError(f"`limits` must be one or more increasing ints >= 0. Received: limits={limits!r}")
