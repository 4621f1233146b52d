"""Checks of truncations, and the value that a network gets."""

import math

import numpy as np
import tensorflow as tf


def check_truncations(inputs, latents):
    """Raises a ValueError if the truncation of a prior and that of a network, `NetworkInputs`, are not the same number."""
    if inputs.truncation is not None and getattr(latents, "truncate_by", None) == "resampling":
        raise ValueError(
            f'The input "truncation" of {inputs.network.name} takes the t of latents t * TN(-2, 2). Received: latents with '
            f'truncate_by="resampling", TN(-t, t), where t means something else. Use {type(latents).__name__}({latents.shape}, '
            'truncate_by="scaling"), or call the input otherwise.'
        )


def truncation_of_network(truncation):
    """The value of a network's truncation input in a graph, where a negative truncation stands for none: 1 for none."""
    truncation = tf.cast(truncation, tf.float32)
    return tf.where(truncation < 0, 1.0, truncation)


def decimal(truncation):
    """A truncation, or None, as a float of the six digits that float32 keeps."""
    return None if truncation is None else float(f"{truncation:.6g}")


def check_truncation(truncation, truncation_range=(0.0, math.inf)):
    """Raises a ValueError if a truncation, a number or None, lies outside its range."""
    if truncation is None:
        return
    low, high = truncation_range
    is_number = np.ndim(truncation) == 0 and not isinstance(truncation, str)
    if not is_number or not low <= truncation <= high or truncation == math.inf:
        expected = f">= {low:g}" if high == math.inf else f"in [{low:g}, {high:g}]"
        raise ValueError(f"`truncation` must be {expected}, or None. Received: truncation={truncation!r}")
