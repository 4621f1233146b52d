"""Reading a batch of data: real data and condition, from an array, a pair or a dict."""

import keras


def split_batch(batch, conditions=()):
    """Real data and condition (or None) of a batch: `x`, `(x, condition)`, or a dict with `image`, and `label` or conditions.

    Args:
        batch: What a data set yields.
        conditions: Names of the conditions that the networks take: keys of a dict batch.

    Raises:
        ValueError: if the batch is something else, or a dict with keys that nothing takes, or without a condition.
    """
    real, condition, sample_weight = keras.utils.unpack_x_y_sample_weight(batch)
    if sample_weight is not None:
        raise ValueError(
            "Expected batches of data, or of (data, condition). Received a third element: a GAN has no sample weights. Drop it "
            "from the data set; or put several conditions into one tuple or dict: (data, (kind, size))."
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
    names = set(real) - {"image"}
    if names and names == set(conditions):
        return real["image"], {name: real[name] for name in conditions}
    if names - {"label"}:
        unused, missing = sorted(names - {"label", *conditions}), [name for name in conditions if name not in names]
        if not missing:
            unused = sorted(names - set(conditions))
        if not unused:
            raise ValueError(
                f'Expected a dict with "image", and the conditions {list(conditions)}. Received: keys {sorted(real)}, without '
                f"{missing}. Add them to the data set."
            )
        wanted = f"the conditions {list(conditions)}" if conditions else '"label" for a condition'
        raise ValueError(
            f'Expected a dict with "image", and {wanted}. Received also the keys {unused}, which '
            'nothing takes. Drop them: dataset.map(lambda batch: (batch["image"], batch["label"])).'
        )
    return real["image"], real.get("label", condition)


def split_pair(batch, unused=()):
    """Source and target of a batch of translations: `(source, target)`, or a dict with these keys.

    Args:
        batch: What a data set yields.
        unused: Keys of a dict batch that are left alone, such as annotations of the source.

    Raises:
        ValueError: if the batch is something else.
    """
    first, second, third = keras.utils.unpack_x_y_sample_weight(batch)
    if isinstance(first, dict) and second is None:
        unknown = set(first) - {"source", "target", *unused}
        if unknown or not {"source", "target"} <= set(first):
            raise ValueError(
                f'Expected batches of (source, target), or a dict with "source" and "target". Received: a dict of '
                f"{sorted(first)}."
            )
        return first["source"], first["target"]
    several = any(isinstance(part, (dict, list, tuple)) for part in (first, second))
    if second is None or third is not None or several:
        received = "several in one, not a pair" if several else "images alone" if second is None else "more than two"
        raise ValueError(
            f"Expected batches of (source, target), the images to translate and those to make. Received: {received}. "
            "keras_gans.data.paired and keras_gans.data.unpaired make such batches."
        )
    return first, second
