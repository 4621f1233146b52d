"""Statistics of real data that metrics compare with, computed once and kept in a file."""

import dataclasses
import hashlib
import json
import os
import zipfile

import numpy as np
import tensorflow as tf

from keras_gans.utils.endless import is_endless
from keras_gans.utils.files import warned_of
from keras_gans.utils.files import written_beside
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.paths import make_output_folder
from keras_gans.utils.paths import user_path
from keras_gans.utils.split_batch import split_batch

IMAGES_OF_A_FOLDER = "keras_gans.data.images(folder, size=..., shuffle=False)"


@dataclasses.dataclass(frozen=True)
class RealStatistics:
    """Statistics of the features of real data.

    Attributes:
        count: Int n, number of images.
        mean, covariance: Float64 arrays `(d,)`, `(d, d)`, the covariance with divisor n - 1.
        features: Float32 array, the features of the first images.
        labels: Int array, their labels; empty without any.
        protocol: Dict, of the extractor.
        data: String that identifies the data, independent of their order.

    Example:

    ```python
    statistics = keras_gans.metrics.real_statistics(extractor, dataset)
    print(isinstance(statistics, keras_gans.metrics.RealStatistics))  # True
    print(statistics.count, statistics.mean.shape)  # 20 (84,)
    ```
    """

    count: int
    mean: np.ndarray
    covariance: np.ndarray
    features: np.ndarray
    labels: np.ndarray
    protocol: dict
    data: str

    @property
    def width(self):
        return len(self.mean)

    def first_features(self, number):
        """The first `number` features, or all if there are fewer."""
        return self.features[:number]

    def has_features(self, number):
        """Whether `number` features are stored, or all of them where there are fewer images or `number` is None."""
        return len(self.features) >= (self.count if number is None else min(number, self.count))

    def moments_by_class(self, classes):
        """Count, mean and covariance of each class's features.

        Raises:
            ValueError: without labels, or if not all features were kept.
        """
        if not len(self.labels) or not self.has_features(None):
            raise ValueError(
                f"Statistics by class need labels and the features of all {self.count} images. Received: {len(self.labels)} "
                f"labels, {len(self.features)} features. Compute them from data with labels, with num_real_features={self.count}."
            )
        rows = [self.features[self.labels == label].astype("float64") for label in range(classes)]
        return [_moments(row) if len(row) > 1 else _no_moments(self.width) for row in rows]

    def save(self, path):
        """Writes everything as one `.npz` file."""
        values = dataclasses.asdict(self)
        text = {name: json.dumps(values.pop(name)) for name in ("protocol", "data")}
        with written_beside(path) as beside, open(beside, "wb") as file:
            np.savez(file, **values, **text)

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote.

        Raises:
            ValueError: if the file is incomplete, or something else.
        """
        path, found = user_path(path), None
        try:
            with open(path, "rb") as stream, np.load(stream) as file:
                found = set(file.files)
                values = {name: file[name] for name in file.files}
            text = {name: json.loads(str(values.pop(name))) for name in ("protocol", "data")}
            statistics = cls(count=int(values.pop("count")), **values, **text)
        except (zipfile.BadZipFile, ValueError, EOFError, KeyError, TypeError, AttributeError, OSError) as error:
            received, remedy = f"{type(error).__name__}: {error}", "Remove the file, and compute the statistics again."
            if found is not None and not found >= {field.name for field in dataclasses.fields(cls)}:
                received = f"the arrays {sorted(found)}, of another program (pytorch-fid's `mu` and `sigma` do not say of what)"
                remedy = "Choose another path, and compute the statistics there."
            raise ValueError(
                f"The file {path!r} is incomplete, or does not hold statistics of real images. Expected: what "
                f"metrics.real_statistics(extractor, data, path) wrote. Received: {received}. {remedy}"
            ) from error
        check_finite(statistics.mean, f"The mean of the features in {path!r}")
        return statistics


def real_statistics(extractor, data, path=None, num_real_features=10_000):
    """Statistics of the features of real data: computed, or read from `path` if they are there.

    A file is taken only if it belongs to the same images and labels (in any order), as many of them, and the same extractor,
    preprocessing and weights included.

    Args:
        extractor: `features.FeatureExtractor`, or None if `data` are features `(n, d)` already.
        data: `tf.data.Dataset` of batches of images, or of pairs with labels, finite; or one array of images.
        path: Where to read or write them, a `.npz` file. Default: nowhere.
        num_real_features: Int, how many features are kept for the metrics that need them one by one; None for all.
            Default: 10,000.

    Returns:
        `RealStatistics`, which a metric takes as `real`, like the path.

    Raises:
        ValueError: if the file belongs to something else; if there are fewer than two images; if the folder of `path` cannot be
            made, before anything is computed.

    Warns:
        RuntimeWarning: if the file cannot be written, on a full disk for example: the statistics are returned nevertheless.

    Example:

    ```python
    keras_gans.metrics.real_statistics(extractor, dataset, "real.npz")  # computes them once
    metric = keras_gans.metrics.FID(extractor, real="real.npz")
    metric.update_state(None, gan.generate(20))
    print(sorted(metric.protocol["samples"].items()))  # [('generated', 20), ('real', 20)]
    ```
    """
    path = None if path is None else user_path(path, remedy="Name a file, such as real.npz, or leave it out.")
    if num_real_features is not None:
        check_ints(0, num_real_features=num_real_features)
    if path is not None and os.path.isdir(path):
        raise ValueError(f"`path` must be a file. Received: path={path!r}, which is a folder. Name a file in it, real.npz.")
    if path is not None and os.path.exists(path):
        statistics = RealStatistics.load(path)
        _check_extractor(statistics, extractor, path)
        expected = _fingerprint(_batches(data))
        if statistics.data != expected:
            raise ValueError(
                f"The statistics in {path!r} are of other data. Expected: {expected}. Received: {statistics.data} "
                "(number of images, hash of them and their labels). Choose another path, or remove the file."
            )
        if statistics.has_features(num_real_features):
            return statistics
    elif path is not None:
        make_output_folder(os.path.dirname(path), "The folder of `path`")
    statistics = _compute(extractor, data, num_real_features)
    if path is not None:
        with warned_of(
            path, "The statistics are returned nevertheless: pass them to a metric as `real`, or `save` them elsewhere."
        ):
            statistics.save(path)
    return statistics


def resolve(real, extractor, num_real_features):
    """The `RealStatistics` that a metric's argument `real` stands for: themselves, their path, or data.

    They hold at least `num_real_features` features, or all for None.
    """
    if not isinstance(real, (str, os.PathLike, RealStatistics)):
        return _compute(extractor, real, num_real_features)
    source = "real"
    if isinstance(real, (str, os.PathLike)):
        real = user_path(real, "real")
        if os.path.isdir(real):
            raise ValueError(
                f"`real` must be data, or a file of statistics. Received: real={real!r}, which is a folder. Of a "
                f"folder of images: real={IMAGES_OF_A_FOLDER}, the same size for both sides."
            )
        if not os.path.exists(real):
            raise ValueError(
                f"There are no statistics at {real!r}. Write them with metrics.real_statistics(extractor, data, path)."
            )
        source, real = real, RealStatistics.load(real)
    _check_extractor(real, extractor, source)
    if not real.has_features(num_real_features):
        wanted = "those of all" if num_real_features is None else f"{num_real_features} of"
        raise ValueError(
            f"The statistics in {source!r} have too few features. Expected: {wanted} {real.count} images. Received: "
            f"{len(real.features)}. Compute them again, with metrics.real_statistics(..., num_real_features={num_real_features})."
        )
    return real


def _compute(extractor, data, num_real_features):
    count, total, products, features, labels = 0, 0.0, 0.0, [], []
    hashes = _Hashes()
    for images, label in _batches(data):
        rows = np.asarray(images if extractor is None else extractor(images)["features"])
        if extractor is None:
            check_finite(rows, "`data`, features of real images,")
        hashes.add(images, label)
        room = None if num_real_features is None else max(num_real_features - count, 0)
        features.append(rows[:room].astype("float32"))
        labels.append(np.ravel(label)[:room] if label is not None else np.zeros(0, int))
        count += len(rows)
        wide = rows.astype("float64")
        total, products = total + wide.sum(axis=0), products + wide.T @ wide
    if count < 2:
        raise ValueError(f"Statistics need at least two real images. Received: {count}.")
    mean = total / count
    covariance = (products - count * np.outer(mean, mean)) / (count - 1)
    return RealStatistics(
        count, mean, covariance, np.concatenate(features), np.concatenate(labels), _protocol(extractor), str(hashes)
    )


def _batches(data):
    """Pairs of NumPy images and labels (or None)."""
    if isinstance(data, (str, os.PathLike)):
        raise ValueError(
            f"`data` must be a tf.data.Dataset or an array. Received: data={os.fspath(data)!r}. Of a folder of images: "
            f"data={IMAGES_OF_A_FOLDER}. A file of statistics is the argument `path`."
        )
    if not isinstance(data, tf.data.Dataset):
        data = tf.data.Dataset.from_tensor_slices(data).batch(100)
    if is_endless(data):
        raise ValueError("The data never end. Leave out `repeat`, or `take` a number of batches.")
    return map(_images_and_labels, data.as_numpy_iterator())


def _images_and_labels(batch):
    images, labels = split_batch(batch)
    if labels is not None and np.ndim(labels) > 2:
        raise ValueError(
            f"Statistics need images, with or without labels. Received: pairs of images, {np.shape(images)} and "
            f"{np.shape(labels)}. From the data of translations, take the targets: data.map(lambda source, target: target)."
        )
    return images, labels


class _Hashes:
    """The number of images, and a hash of them, with their labels if there are any, that does not depend on their order."""

    def __init__(self):
        self.count = self.total = 0

    def add(self, images, labels):
        labels = [""] * len(images) if labels is None else np.ravel(labels)
        for image, label in zip(np.asarray(images), labels, strict=True):
            digest = hashlib.sha256(np.ascontiguousarray(image))
            digest.update(str(label).encode())
            self.total = (self.total + int.from_bytes(digest.digest()[:8], "big")) % 2**64
            self.count += 1

    def __str__(self):
        return f"{self.count} images {self.total:016x}"


def _fingerprint(batches):
    hashes = _Hashes()
    for images, labels in batches:
        hashes.add(images, labels)
    return str(hashes)


def _protocol(extractor):
    return {} if extractor is None else dict(extractor.protocol)


def _check_extractor(statistics, extractor, source):
    expected, received = _protocol(extractor), statistics.protocol
    if extractor is not None and expected != received:
        different = {
            key: (expected.get(key), received.get(key)) for key in expected | received if expected.get(key) != received.get(key)
        }
        raise ValueError(
            f"The statistics in {source!r} are of another extractor. Expected and received differ in {different}. "
            "Compute them again, with metrics.real_statistics and another path."
        )


def _moments(rows):
    return len(rows), rows.mean(axis=0), np.atleast_2d(np.cov(rows, rowvar=False))


def _no_moments(width):
    return 0, np.zeros(width), np.zeros((width, width))
