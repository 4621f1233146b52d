"""Images with captions, for text to image."""

import numpy as np
import tensorflow as tf

from keras_gans.data.arrays import int_labels
from keras_gans.data.caption_vectors import CaptionVectors
from keras_gans.data.check_arguments import check_channels
from keras_gans.data.check_arguments import check_load_size
from keras_gans.data.check_arguments import check_pipeline
from keras_gans.data.check_arguments import check_size
from keras_gans.data.check_arguments import check_some_batch
from keras_gans.data.decode import file_rows
from keras_gans.data.mismatches import Mismatches
from keras_gans.data.pictures import FilePictures
from keras_gans.data.pictures import TensorPictures
from keras_gans.data.pictures import find_pictures
from keras_gans.data.pictures import shuffled
from keras_gans.data.transforms import batched
from keras_gans.data.transforms import crop_and_mirror
from keras_gans.data.transforms import resized
from keras_gans.data.transforms import scale_to_one
from keras_gans.data.transforms import with_seeds
from keras_gans.utils.integers import check_ints

_RATIO = 76 / 64


def captions(
    images,
    embeddings,
    labels=None,
    average=None,
    size=None,
    batch_size=64,
    load_size=None,
    augment=True,
    flip=True,
    shuffle=True,
    seed=None,
    channels=None,
    cache=True,
    drop_remainder=False,
    on_error="raise",
    verbose=True,
):
    """A pipeline of images, mismatched images, and vectors of their captions: StackGAN and its kin.

    The vector is the mean of the embeddings of `average` captions of the image, drawn without replacement, others in each epoch.
    The mismatched image is also drawn again in each epoch, uniformly from all images of other classes. It has its own crop and
    mirror.

    Args:
        images: An array, a list of images, a folder, or a list of files, as in `keras_gans.data.images`. They are in the order of
            the embeddings: files of a folder by class, then by name, "2" before "10".
        embeddings: Floats `(n, captions, dim)`; or a list, or `tf.RaggedTensor`, of `(captions, dim)` one an image, if not all
            have as many.
        labels: Ints `(n,)`, the classes. Default: those of the folder; without any, each image is a class of its own.
        average: Int. Default: 4, as in StackGAN's TensorFlow code; 1 if `augment` is False.
        size: Int or pair (height, width). Default: as the images are, which must then all have one size; files need it.
        batch_size: Int. Default: 64.
        load_size: Int or pair, what images are resized to before the random crop. Default: 76 for a size of 64, 304 for 256, in
            this ratio for others; without `size`, as the images are.
        augment: Bool. False, for a test: images are resized to `size`; no crops, no mirrors. Default: True.
        flip: Bool, whether to mirror each image left to right with probability 1/2, if `augment` is True. Default: True.
        shuffle, channels, drop_remainder, verbose: As in `keras_gans.data.images`.
        seed: Int: with `keras.utils.set_random_seed`, it makes all that is drawn the same in every run. Default: none.
        cache: Bool, whether to keep the decoded, resized images in memory as uint8: files are read at once. If it is False, both
            files of a row are read when they are needed. Default: True.
        on_error: "raise" or "skip": what to do about broken files. Their embeddings and labels are skipped too;
            without `cache`, also a row whose mismatched image proves to be broken. Default: "raise".

    Returns:
        `tf.data.Dataset` of dicts: "image" and "wrong_image", float32 `(batch, height, width, channels)` in [-1, 1], and
        "embedding", float32 `(batch, dim)`. Its attribute `class_names` has the names of the classes of a folder,
        if `labels` are not given; else None.

    Raises:
        ValueError: if the images are none of these; if there is not one row of embeddings, and one label, for each; if an image
            has too few captions; if all images are of one class; if files are broken.
        tf.errors.InvalidArgumentError: from the iteration, if the pixels of a file cannot be decoded.

    Example:

    ```python
    rng = np.random.default_rng(0)
    birds = rng.integers(0, 256, (12, 16, 16, 3)).astype("uint8")
    embeddings = rng.normal(size=(12, 10, 32))
    dataset = keras_gans.data.captions(birds, embeddings, labels=np.arange(12) % 3, batch_size=4)
    batch = next(iter(dataset))
    print(batch["image"].shape, batch["embedding"].shape)  # (4, 16, 16, 3) (4, 32)
    ```

    Reference:
        Zhang et al., StackGAN: Text to Photo-realistic Image Synthesis with Stacked Generative Adversarial Networks (2017),
        arXiv:1612.03242, section 4; hanzhanggit/StackGAN, misc/datasets.py. (Its PyTorch release draws one caption, and takes as
        the mismatched image the next one of the batch.)
    """
    size = check_size(size)
    check_channels(channels)
    check_pipeline(
        batch_size, shuffle, seed, on_error, verbose, augment=augment, flip=flip, cache=cache, drop_remainder=drop_remainder
    )
    average = (4 if augment else 1) if average is None else average
    check_ints(1, average=average)
    if isinstance(images, (tf.data.Dataset, tuple)):
        raise ValueError(
            f"Expected an array, a folder, or a list of files. Received: {type(images).__name__}. Pass the images alone, and "
            "`labels` apart; turn a data set into arrays."
        )
    pictures = find_pictures(images, size, channels, on_error, verbose)
    is_file = isinstance(pictures, FilePictures)
    found, rows = (pictures.columns[0].found, pictures.columns[0].rows) if is_file else (pictures.count, range(pictures.count))
    vectors = CaptionVectors(embeddings, found, average)
    rows, class_names = np.asarray(rows, "int64"), None
    if labels is not None:
        labels = int_labels(labels, found).astype("int64")[rows]
    elif pictures.class_names is not None:
        labels, class_names = pictures.labels, pictures.class_names
    else:
        labels = np.arange(len(rows))
    Mismatches(labels)  # says what is wrong before files are read
    as_they_are = size is None and load_size is None
    size = size or pictures.sizes[0]
    load = check_load_size(load_size, size, _RATIO) if augment and not as_they_are else size

    if is_file and not cache:
        dataset = _read_when_needed(pictures, Mismatches(labels), load, shuffle, seed)
    else:
        kept, which = _in_memory(pictures, load, batch_size)
        labels, rows = labels[which], rows[which]
        dataset = _from_memory(kept, Mismatches(labels), shuffle, seed)
    check_some_batch(len(rows), batch_size, drop_remainder)
    with tf.device("CPU:0"):
        rows = tf.constant(rows)

    def finish(element, seed):
        image, wrong_image, row = element
        seeds = tf.unstack(tf.random.split(seed, 3))
        pair = [image, wrong_image]
        if augment:
            pair = [crop_and_mirror([picture], [size], flip, own)[0] for picture, own in zip(pair, seeds[:2], strict=True)]
        image, wrong_image = (scale_to_one(picture) for picture in pair)
        return {"image": image, "wrong_image": wrong_image, "embedding": vectors.draw(rows[row], seeds[2])}

    dataset = with_seeds(dataset, seed).map(finish, tf.data.AUTOTUNE)
    dataset = batched(dataset, batch_size, drop_remainder)
    dataset.class_names = class_names
    return dataset


def _in_memory(pictures, load, batch_size):
    """All pictures that can be decoded, resized, as an array, and the row of each."""
    if isinstance(pictures, FilePictures):
        dataset = pictures.with_rows(1).decoded(lambda image, row: (resized(image, load), row))
    else:
        dataset = pictures.dataset.enumerate().map(lambda row, image: (resized(image, load), row), tf.data.AUTOTUNE)
    spec = dataset.element_spec[0]
    kept, which = np.empty((pictures.count, *spec.shape), spec.dtype.as_numpy_dtype), []
    for images, rows in dataset.batch(batch_size):
        kept[len(which) : len(which) + len(rows)] = images
        which += rows.numpy().tolist()
    return kept[: len(which)], which


def _from_memory(kept, mismatches, shuffle, seed):
    """A data set of images, mismatched images and rows."""
    with tf.device("CPU:0"):
        kept = tf.constant(kept)
    rows = TensorPictures(tf.data.Dataset.range(len(kept)), len(kept)).prepared(tf.identity, False, shuffle, seed)
    return with_seeds(rows, seed).map(lambda row, seed: (kept[row], kept[mismatches.draw(row, seed)], row), tf.data.AUTOTUNE)


def _read_when_needed(pictures, mismatches, load, shuffle, seed):
    """As `_from_memory`; both files of a row are decoded."""
    pictures = pictures.with_rows(2)
    with tf.device("CPU:0"):
        names, fast = (tf.constant(values) for values in file_rows(pictures.columns)[0])

    def choose(row, seed):
        files, number = row
        wrong = mismatches.draw(number, seed)
        return (files[0], (names[wrong], fast[wrong])), number

    def arrange(rows):
        return with_seeds(shuffled(rows, shuffle, pictures.count, seed), seed).map(choose)

    return pictures.decoded(lambda image, wrong_image, row: (resized(image, load), resized(wrong_image, load), row), arrange)
