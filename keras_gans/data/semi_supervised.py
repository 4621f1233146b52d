"""A few labels, and many images without."""

import numpy as np
import tensorflow as tf

from keras_gans.data.arrays import image_array
from keras_gans.data.arrays import int_labels
from keras_gans.data.check_arguments import check_seed
from keras_gans.data.images import images as batches_of
from keras_gans.utils.integers import check_ints


def semi_supervised(images, labels, labelled_per_class=10, batch_size=100, labelled_per_batch=20, seed=None):
    """Hides all labels but a few, for `SemiSupervisedGAN.fit`.

    Each batch has `labelled_per_batch` rows of the labelled images, which are repeated as often as that takes, then rows of the
    others, with the label -1. An epoch is one pass over these others; its last batch may have fewer of them.

    Args:
        images: Array `(n, height, width, channels)` or `(n, height, width)`, uint8, or float in [-1, 1].
        labels: Ints `(n,)`. Negative ones are hidden already.
        labelled_per_class: Int, how many images of each class keep their label, drawn at random. Default: 10.
        batch_size: Int. Default: 100.
        labelled_per_batch: Int. Default: 20.
        seed: Int: which images keep their labels; with `keras.utils.set_random_seed`, it makes the order the same in every run.
            Default: none.

    Returns:
        `tf.data.Dataset` of pairs: float32 images `(batch, height, width, channels)` in [-1, 1], int64 labels `(batch,)`.

    Raises:
        ValueError: if images have values that are missing or out of range; if the labels are not ints `(n,)`, or a class has too
            few images, or a batch or the data have no room for unlabelled ones.

    Example:

    ```python
    images = np.random.default_rng(0).integers(0, 256, (60, 8, 8, 1)).astype("uint8")
    labels = np.arange(60) % 3
    dataset = keras_gans.data.semi_supervised(images, labels, labelled_per_class=5, batch_size=20, labelled_per_batch=6)
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498, section 5.
    """
    check_ints(1, labelled_per_class=labelled_per_class)
    check_ints(2, batch_size=batch_size)
    check_ints(0, labelled_per_batch=labelled_per_batch)
    check_seed(seed)
    images = image_array(images)
    labels = int_labels(labels, len(images), hidden=", negative ones hidden")
    if not 0 < labelled_per_batch < batch_size:
        raise ValueError(
            "A batch needs labelled and unlabelled rows. "
            f"Received: labelled_per_batch={labelled_per_batch!r}, batch_size={batch_size!r}."
        )
    keep = _labelled(labels, labelled_per_class, seed)
    hidden = np.full(np.sum(~keep), -1, "int64")
    if not len(hidden):
        raise ValueError(f"No image is left unlabelled. Received: labelled_per_class={labelled_per_class!r}. Keep fewer labels.")
    unlabelled = batches_of((images[~keep], hidden), batch_size=batch_size - labelled_per_batch, seed=seed)
    known = batches_of((images[keep], labels[keep].astype("int64")), batch_size=labelled_per_batch, seed=seed)
    dataset = tf.data.Dataset.zip(known.repeat().rebatch(labelled_per_batch), unlabelled).map(_join)
    return dataset.apply(tf.data.experimental.assert_cardinality(int(unlabelled.cardinality()))).prefetch(tf.data.AUTOTUNE)


def _labelled(labels, labelled_per_class, seed):
    """Which rows keep their label, bools."""
    keep = np.zeros(len(labels), bool)
    order = np.random.default_rng(seed).permutation(len(labels))
    for label in np.unique(labels[labels >= 0]):
        rows = order[labels[order] == label][:labelled_per_class]
        if len(rows) < labelled_per_class:
            raise ValueError(f"Class {label} has only {len(rows)} images. Received: labelled_per_class={labelled_per_class!r}.")
        keep[rows] = True
    return keep


def _join(labelled, unlabelled):
    return tuple(tf.concat(pair, axis=0) for pair in zip(labelled, unlabelled, strict=True))
