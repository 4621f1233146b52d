"""The real images nearest to generated ones, which show whether a generator memorizes."""

import dataclasses

import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analyses.extractor_outputs import computed
from keras_gans.evaluation.analyses.extractor_outputs import outputs
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.report import html_blocks
from keras_gans.metrics.functions.balls import squared_distances
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.pixels import checked

_BLOCK = 1000  # queries, and references, whose distances are in memory at once


@dataclasses.dataclass(frozen=True)
class Neighbors:
    """What `nearest_neighbors` found.

    indices          int `(n, k)`: the nearest references of each query, the nearest first
    distances        float64 `(n, k)`: Euclidean distances to them
    tolerance        float: a query no farther from a reference is a near-duplicate
    held_out         float64 `(m,)`: distance of each held-out real image to its nearest reference; None without any
    """

    indices: np.ndarray
    distances: np.ndarray
    tolerance: float
    held_out: np.ndarray | None = None

    @property
    def near_duplicates(self):
        """Share of the queries within `tolerance` of a reference."""
        return float(np.mean(self.distances[:, 0] <= self.tolerance))

    @property
    def held_out_near_duplicates(self):
        """The same share for the held-out images, the baseline. None without any."""
        return None if self.held_out is None else float(np.mean(self.held_out <= self.tolerance))

    @property
    def rank(self):
        """Probability that a query is nearer to the references than a held-out image is, ties counted half.

        0.5: as near as new real images. Near 1: memorized. Near 0: far from the data. None without held-out images.
        """
        if self.held_out is None:
            return None
        held_out, nearest = np.sort(self.held_out), self.distances[:, 0]
        farther = len(held_out) - np.searchsorted(held_out, nearest, "right")
        not_nearer = len(held_out) - np.searchsorted(held_out, nearest, "left")
        return float(np.mean(farther + not_nearer) / (2 * len(held_out)))


def nearest_neighbors(queries, references, k=5, extractor=None, held_out=None, tolerance=None):
    """The real images nearest to each generated one, in pixel or feature space: a check for memorization.

    The search is exact, in float64, and uses constant memory: references come in blocks, and the k best so far are kept. The
    candidates are found with ||x||^2 + ||y||^2 - 2 x.y; the distances of the k found are computed from x - y.

    Args:
        queries: Array, generated images `(n, height, width, channels)` in [-1, 1], or their features `(n, d)`.
        references: Array, the training images, or their features.
        k: Int, neighbors of each query. Default: 5.
        extractor: `keras_gans.metrics.features.FeatureExtractor`, which makes features of images. None: rows as they are: pixels.
        held_out: Array, real images that the generator was not trained on. They are the baseline: how near new images are to the
            training images. Default: None.
        tolerance: Float, the largest distance of near-duplicates. Default: without extractor half a grey level a pixel,
            sqrt(number of pixels) / 255; with one a thousandth of the root mean square norm of the references' features, which is
            about the rounding error between duplicates.

    Returns:
        `Neighbors`.

    Raises:
        ValueError: if shapes differ, there are fewer than k references, images are not floats, or features are NaN or infinite.
        tf.errors.InvalidArgumentError: if images hold NaN or infinite values, or those of 0..255.

    Example:

    ```python
    result = keras_gans.evaluation.nearest_neighbors(gan.generate(100), images, held_out=test_images)
    pictures = images[result.indices[0]]
    print(pictures.shape, result.near_duplicates)  # (5, 28, 28, 1) 0.0
    ```

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096, appendix;
        distances as scikit-learn's `NearestNeighbors(algorithm="brute")`.
    """
    check_ints(1, k=k)
    queries, references = np.asarray(queries), np.asarray(references)
    held_out = None if held_out is None else np.asarray(held_out)
    for name, images in (("queries", queries), ("held_out", held_out)):
        if images is not None and (images.shape[1:] != references.shape[1:] or not len(images)):
            raise ValueError(f"`{name}` must be (n, *{references.shape[1:]}), like `references`. Received: {images.shape}")
    if not 1 <= k <= len(references):
        raise ValueError(f"`k` must be between 1 and the number of references, {len(references)}. Received: k={k!r}")
    queries, references, held_out = (_rows(images, extractor) for images in (queries, references, held_out))
    if tolerance is None:
        tolerance = np.sqrt(references.shape[1]) / 255 if extractor is None else 1e-3 * _norm(references)
    indices, distances = _search(queries, references, k)
    baseline = None if held_out is None else _search(held_out, references, 1)[1][:, 0]
    return Neighbors(indices, distances, float(tolerance), baseline)


def neighbors_analysis(sample_set, k=5, rows=8, held_out=None):
    """The real images nearest to generated ones, in pixels and in features."""
    sample_set.need(real="real images")
    held_out = None if held_out is None else sample_set.rescale_real(np.asarray(held_out))
    spaces = {"pixels": nearest_neighbors(sample_set.images, sample_set.real, k, held_out=held_out)}
    if sample_set.outputs is not None:
        sides = sample_set.outputs["features"], sample_set.real_outputs["features"]
        others = None if held_out is None else outputs(held_out, sample_set.extractor)
        spaces["features"] = nearest_neighbors(*sides, k, extractor=computed("features"), held_out=others)
    figures, blocks = {}, []
    for space, result in spaces.items():
        figures[f"near_duplicates_{space}"] = result.near_duplicates
        figures[f"nearest_distance_{space}"] = float(np.median(result.distances[:, 0]))
        if held_out is not None:
            figures[f"held_out_near_duplicates_{space}"] = result.held_out_near_duplicates
            figures[f"nearer_than_held_out_{space}"] = result.rank
        if sample_set.picturable:
            nearest = sample_set.real[result.indices[:rows]]
            lines = np.concatenate([sample_set.images[:rows, None], nearest], axis=1)
            caption = f"In {space}: a sample in the first column, beside it its {k} nearest real images"
            blocks.append(html_blocks.images(lines.reshape(-1, *lines.shape[2:]), columns=k + 1, caption=caption))
    counts = {"generated": len(sample_set.images), "real": len(sample_set.real)}
    protocol = sample_set.protocol | {"samples": counts} | sample_set.extractor_protocol
    return AnalysisResult(figures, blocks, spaces, protocol)


def _rows(images, extractor):
    if images is None:
        return None
    if extractor is not None:
        return outputs(images, extractor)
    if images.ndim != 4:
        check_finite(images, "The features of nearest_neighbors")
    for start in range(0, len(images) if images.ndim == 4 else 0, _BLOCK):
        checked(tf.convert_to_tensor(images[start : start + _BLOCK]), "nearest_neighbors")
    return images.reshape(len(images), -1)


def _norm(rows):
    return np.sqrt(np.mean(np.sum(np.square(rows, dtype="float64"), axis=1)))


def _search(queries, references, k):
    blocks = [queries[start : start + _BLOCK].astype("float64") for start in range(0, len(queries), _BLOCK)]
    nearest = [_nearest(block, references, k) for block in blocks]
    return tuple(np.concatenate(parts) for parts in zip(*nearest, strict=True))


def _nearest(queries, references, k):
    squares, indices = np.zeros((len(queries), 0)), np.zeros((len(queries), 0), int)
    for start in range(0, len(references), _BLOCK):
        block = references[start : start + _BLOCK].astype("float64")
        squares = np.concatenate([squares, squared_distances(tf.constant(queries), tf.constant(block))], axis=1)
        indices = np.concatenate([indices, np.tile(np.arange(start, start + len(block)), (len(queries), 1))], axis=1)
        _, best = tf.math.top_k(-squares, min(k, squares.shape[1]))  # for equal distances, the lower index
        squares, indices = np.take_along_axis(squares, best.numpy(), 1), np.take_along_axis(indices, best.numpy(), 1)
    distances = np.stack([np.linalg.norm(queries - references[column], axis=1) for column in indices.T], axis=1)
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(indices, order, 1), np.take_along_axis(distances, order, 1)
