"""Reading a batch of data: real data and condition, from an array, a pair or a dict."""

import keras


def split_batch(batch):
    """Real data and condition (or None) of a batch: `x`, `(x, condition)`, or a dict with `image` and `label`."""
    real, condition, sample_weight = keras.utils.unpack_x_y_sample_weight(batch)
    if sample_weight is not None:
        raise ValueError(
            "Expected batches of data, or of (data, condition). Received a third element: a GAN has no sample weights. "
            "Drop it from the data set."
        )
    if isinstance(real, (tuple, list)):
        raise ValueError(
            f"Expected real data as one array or tensor. Received: {len(real)} of them. "
            "Pass data and condition apart, fit(data, condition), or as a data set of pairs."
        )
    if not isinstance(real, dict):
        return real, condition
    if "image" not in real:
        raise ValueError(f'Expected a dict with "image", and "label" for a condition. Received keys: {sorted(real)}')
    return real["image"], real.get("label", condition)
