"""Trains a small classifier on the user's data; metrics compare its features."""

import keras
import numpy as np
import tensorflow as tf

from keras_gans.features.lenet import lenet
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers


def train_classifier(images, labels=None, model=None, steps=1500, batch_size=128, held_out=0.1, seed=0):
    """Trains a classifier on a labelled set, by default a LeNet: within a minute for grey images of 28 x 28.

    Adam, its learning rate falling from 2e-3 to 0 as a half cosine; cross entropy of logits.

    Args:
        images: Array `(n, height, width, channels)` or `(n, height, width)`, uint8, or floats in [-1, 1]; or a finite data set
            of batches `(images, labels)`, as `data.load` and `data.images` give them, which is held in memory.
        labels: Ints `(n,)`, from 0, if `images` is an array.
        model: `keras.Model`, from images in [-1, 1] to logits, which is trained in place. Default: `lenet`.
        steps: Int, batches to train on. Default: 1500.
        batch_size: Int. Default: 128.
        held_out: Float in (0, 1), the share of images that accuracy is measured on. Default: 0.1.
        seed: Int, for the choice of these and the order of the others. `keras.utils.set_random_seed` before makes the initial
            weights repeat too. Default: 0.

    Returns:
        Pair of the model, and its accuracy on the images held out, a float in [0, 1].

    Raises:
        ValueError: if images or labels are none of these, or do not fit each other.

    Example:

    ```python
    model, accuracy = keras_gans.metrics.features.train_classifier(keras_gans.data.load("mnist_5k"))
    extractor = keras_gans.metrics.features.ClassifierFeatures(model)
    ```
    """
    check_ints(1, steps=steps, batch_size=batch_size)
    check_ints(0, seed=seed)
    check_finite_numbers(held_out=held_out)
    images, labels = _arrays(images, labels)
    order = np.random.default_rng(seed).permutation(len(images))
    count = round(held_out * len(images))
    if not 0 < count < len(images):
        raise ValueError(f"`held_out` must leave images on both sides. Received: held_out={held_out!r}, {len(images)} images.")
    test, train = order[:count], order[count:]
    model = lenet(images.shape[1:], int(labels.max()) + 1) if model is None else model
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    batches = tf.data.Dataset.from_tensor_slices((images[train], labels[train])).shuffle(len(train), seed=seed)
    batches = batches.repeat().batch(batch_size).map(lambda x, y: (_scaled(x), y)).prefetch(2)
    model.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
    logits = model.predict(_scaled(images[test]), batch_size=batch_size, verbose=0)
    return model, float(np.mean(np.argmax(logits, axis=-1) == labels[test]))


def _scaled(images):
    """uint8 to [-1, 1]."""
    return tf.cast(images, tf.float32) / 127.5 - 1.0 if images.dtype == "uint8" else tf.cast(images, tf.float32)


def _arrays(images, labels):
    if isinstance(images, tuple):
        raise ValueError(
            f"Expected images and labels apart. Received: a tuple of {len(images)}, as the pair (images, labels) is. Pass "
            "train_classifier(images, labels)."
        )
    if isinstance(images, tf.data.Dataset):
        if not isinstance(images.element_spec, tuple) or len(images.element_spec) != 2 or labels is not None:
            raise ValueError(f"A data set must have batches of images and labels. Received: {images.element_spec}")
        images, labels = (np.concatenate(parts) for parts in zip(*images.as_numpy_iterator(), strict=True))
    images, labels = np.asarray(images), np.asarray(labels)
    images = images[..., None] if images.ndim == 3 else images
    if images.ndim != 4 or (images.dtype != np.uint8 and (images.dtype.kind != "f" or np.abs(images).max() > 1)):
        raise ValueError(
            "Images must be (n, height, width, channels) or (n, height, width), uint8, or floats in [-1, 1]. "
            f"Received: shape {images.shape}, dtype {images.dtype}."
        )
    if labels.shape != images.shape[:1] or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() < 1:
        raise ValueError(
            f"Labels must be {len(images)} ints, one for each image, counted from 0, of at least two classes. Received: shape "
            f"{labels.shape}, dtype {labels.dtype}."
        )
    return images, labels
