"""The start of a pipeline: pictures from any source, one or two in each element, perhaps with a label."""

import mmap
import os

import numpy as np
import tensorflow as tf

from keras_gans.data.arrays import checked_labels
from keras_gans.data.arrays import images_and_labels
from keras_gans.data.decode import decoded
from keras_gans.data.elements import from_dataset
from keras_gans.data.image_files import are_files
from keras_gans.data.image_files import find_files
from keras_gans.data.transforms import change_channels
from keras_gans.data.transforms import on_image

_CHUNK = 64  # rows of arrays that are read at once, or fewer if they have more bytes than
_CHUNK_BYTES = 4_000_000


class TensorPictures:
    """Pictures of a data set.

    Args:
        dataset: `tf.data.Dataset` of elements.
        count: Int, the number of elements. Default: unknown.
        class_names: Strings. Default: none.
    """

    def __init__(self, dataset, count=None, class_names=None):
        self.dataset = dataset
        self.count = count
        self.class_names = class_names

    @property
    def sizes(self):
        """The size (height, width) of each picture of an element; None where it varies."""
        return [tuple(spec.shape[:2]) for spec in tf.nest.flatten(self.dataset.element_spec)]

    def prepared(self, prepare, cache, shuffle, seed):
        """A data set of elements that are prepared, kept in memory or not, and shuffled.

        Args:
            prepare: Function of the parts of an element; makes pictures of one size.
            cache: Bool.
            shuffle: Bool, or an int, the size of the buffer.
            seed: Int, or None.
        """
        dataset = self.dataset.map(prepare, tf.data.AUTOTUNE)
        return shuffled(dataset.cache() if cache else dataset, shuffle, self.count, seed)

    def mapped(self, function):
        """These pictures, each element changed by a function of its parts."""
        return TensorPictures(self.dataset.map(function, tf.data.AUTOTUNE), self.count, self.class_names)


class ArrayPictures(TensorPictures):
    """Pictures of arrays. Where nothing is kept, a file that is mapped into memory is not copied, and stays on its disk.

    Args:
        arrays: Array, or a structure of arrays, one row an element.
        functions: Functions of the parts of an element, which change it, one after the other. Default: none.
    """

    def __init__(self, arrays, functions=()):
        self.arrays = arrays
        self.functions = functions
        self.count = len(tf.nest.flatten(arrays)[0])
        self.class_names = None

    @property
    def dataset(self):
        return self._changed(tf.data.Dataset.from_tensor_slices(self.arrays))

    @property
    def sizes(self):
        return [tuple(spec.shape[:2]) for spec in tf.nest.flatten(self._read(tf.data.Dataset.range(self.count)).element_spec)]

    def mapped(self, function):
        return ArrayPictures(self.arrays, (*self.functions, function))

    def prepared(self, prepare, cache, shuffle, seed):
        """As that of `TensorPictures`. Without `cache`, numbers of rows are shuffled, before anything is read."""
        if cache:
            return super().prepared(prepare, cache, shuffle, seed)
        rows = shuffled(tf.data.Dataset.range(self.count), shuffle, self.count, seed)
        return self._read(rows, mapped=any(map(_is_mapped, tf.nest.flatten(self.arrays)))).map(prepare, tf.data.AUTOTUNE)

    def _changed(self, dataset):
        for function in self.functions:
            dataset = dataset.map(function, tf.data.AUTOTUNE)
        return dataset

    def _read(self, rows, mapped=True):
        """A data set of the elements of a data set of numbers of rows. Iterators over what is not `mapped` can be saved."""
        arrays = tf.nest.flatten(self.arrays)
        with tf.device("CPU"):
            tensors = [] if mapped else [tf.convert_to_tensor(array) for array in arrays]

        def read(numbers):
            parts = [tf.gather(tensor, numbers) for tensor in tensors] or tf.numpy_function(
                lambda numbers: [np.asarray(array[numbers]) for array in arrays], [numbers], [array.dtype for array in arrays]
            )
            shaped = [tf.ensure_shape(part, (None, *array.shape[1:])) for part, array in zip(parts, arrays, strict=True)]
            return tf.nest.pack_sequence_as(self.arrays, shaped)

        row_bytes = max(1, sum(array[:1].nbytes for array in arrays))
        dataset = rows.batch(max(1, min(_CHUNK, _CHUNK_BYTES // row_bytes))).map(read).unbatch()
        return self._changed(dataset.apply(tf.data.experimental.assert_cardinality(self.count)))


class FilePictures:
    """Pictures of files.

    Args:
        columns: List of `ImageFiles` of one length, one for each picture of an element.
        channels: List of ints, 1 or 3, one for each picture.
        labels: Array, one row an element. Default: none.
        on_error: "raise" or "skip", for pixels that cannot be decoded. Default: "raise".
        class_names: Strings. Default: none.
    """

    def __init__(self, columns, channels, labels=None, on_error="raise", class_names=None):
        self.columns = columns
        self.channels = channels
        self.labels = labels
        self.on_error = on_error
        self.class_names = class_names
        self.count = len(columns[0].names)

    def with_rows(self, pictures):
        """These files, `pictures` times each, with their numbers as labels."""
        rows = np.arange(self.count, dtype="int64")
        return FilePictures(self.columns[:1] * pictures, self.channels[:1] * pictures, rows, self.on_error)

    def prepared(self, prepare, cache, shuffle, seed):
        """As that of `TensorPictures`. Without `cache`, names are shuffled, before anything is decoded."""
        if cache:
            return shuffled(self.decoded(prepare).cache(), shuffle, self.count, seed)
        return self.decoded(prepare, lambda rows: shuffled(rows, shuffle, self.count, seed))

    def decoded(self, prepare, arrange=None):
        """A data set of elements. `arrange` changes the data set of names, before anything is decoded."""
        return decoded(self.columns, self.channels, self.labels, prepare, self.on_error, arrange)


def find_pictures(source, size, channels, on_error, verbose, classes=True):
    """Pictures of an array, a data set, a folder, or a list of files, with their labels if `classes` is True.

    Args:
        source: As in `keras_gans.data.images`.
        size: Pair of ints that they will be resized to, or None.
        channels: 1, 3 or None.
        on_error: "raise" or "skip".
        verbose: What to say: True, False, or a string that comes before it.
        classes: Bool, whether elements are pairs with their labels where there are labels. Default: True.

    Returns:
        `FilePictures` or `TensorPictures`.

    Raises:
        ValueError: if the source is none of these; see `keras_gans.data.images`.
    """
    if isinstance(source, (FilePictures, TensorPictures)):  # found already
        return source
    source, labels = _split(source)
    if labels is not None and not classes:
        raise ValueError("Expected images without labels. Received: a tuple of images and labels. Pass the images only.")
    if isinstance(source, tf.data.Dataset):
        dataset = from_dataset(source, size, verbose)
        if isinstance(dataset.element_spec, tuple) and not classes:
            dataset = dataset.map(lambda image, label: image)
        dataset = dataset.map(on_image(lambda image: change_channels(image, channels)), tf.data.AUTOTUNE)
        return TensorPictures(dataset, class_names=getattr(source, "class_names", None))
    if not are_files(source):
        change = on_image(lambda image: change_channels(image, channels))
        return ArrayPictures(images_and_labels(source, labels, channels), (change,))
    if labels is not None:
        labels = checked_labels(labels, len(source))
    files = find_files(source, size, on_error, classes)
    if verbose:
        print((verbose if isinstance(verbose, str) else "") + files.described)
    if labels is not None:
        labels = tf.nest.map_structure(lambda values: values[files.rows], labels)
    elif files.labels is not None:
        labels = files.labels
    return FilePictures([files], [channels or files.channels], labels, on_error, files.class_names)


def _is_mapped(array):
    """Whether an array is a file that is mapped into memory, or a view of one."""
    while array is not None and not isinstance(array, (np.memmap, mmap.mmap)):
        array = getattr(array, "base", None)
    return array is not None


def shuffled(dataset, shuffle, count, seed):
    """A data set in another order in each epoch, if `shuffle` is not False; `count` is its length, or None."""
    return dataset.shuffle((count or 10_000) if shuffle is True else int(shuffle), seed=seed) if shuffle else dataset


def _split(source):
    """What makes images, and the labels, or None."""
    if not isinstance(source, tuple):
        return without_pandas(source), None
    if len(source) == 2 and all(_is_pair_with_labels(part) for part in source):
        raise ValueError(
            "Expected a tuple of images and labels. Received: two pairs, as `load_data` of Keras gives them. Pass one of them: "
            "train, test = load_data(); images(train)."
        )
    if len(source) == 2 and not isinstance(source[0], (str, bytes, os.PathLike, tf.data.Dataset)):
        return without_pandas(source[0]), source[1]
    raise ValueError(
        "Expected a tuple to have an array or a list of files, and labels. Received: a tuple of "
        f"{', '.join(type(part).__name__ for part in source[:3])}{', ...' if len(source) > 3 else ''}. Pass images without "
        "labels as an array or a list; a folder has the labels of its subfolders; a tf.data.Dataset is zipped with labels."
    )


def _is_pair_with_labels(part):
    return isinstance(part, tuple) and [getattr(each, "ndim", 0) > 2 for each in part] == [True, False]


def without_pandas(source):
    """The values of a column of pandas; anything else as it is."""
    return source.to_numpy() if hasattr(source, "to_numpy") else source
