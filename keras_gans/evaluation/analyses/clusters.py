"""Groups of generated samples that look alike."""

import dataclasses

import numpy as np

from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.report import html_blocks
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.optional import require


@dataclasses.dataclass(frozen=True)
class Clusters:
    """What `clusters` found, the largest cluster first.

    centers          float64 `(k, d)`
    assignments      int `(n,)`: the cluster of each sample
    sizes            int `(k,)`
    nearest          list of k int arrays: the samples of each cluster that are nearest to its center, the nearest first
    purity           float: share of the samples that have the most frequent label of their cluster; None without labels
    """

    centers: np.ndarray
    assignments: np.ndarray
    sizes: np.ndarray
    nearest: list
    purity: float | None = None


def clusters(features, k=10, seed=0, labels=None, nearest=8):
    """Clusters of samples by k-means in feature space, which show what a generator makes, and how often.

    Args:
        features: Float array `(n, d)`, of generated samples.
        k: Int, number of clusters. Default: 10.
        seed: Int, of the ten initializations of which the best is kept. Default: 0.
        labels: Int array `(n,)`, classes of the samples (intended, or a classifier's), for the purity. Default: None.
        nearest: Int, how many samples to name for each center. Default: 8.

    Returns:
        `Clusters`.

    Raises:
        ValueError: if shapes do not agree, or there are fewer than k samples.
        ImportError: without scikit-learn.

    Example:

    ```python
    features = extractor(gan.generate(100))["features"]
    found = keras_gans.evaluation.clusters(features, k=3)
    print(found.sizes.sum())  # 100; the largest cluster comes first
    ```

    Reference:
        scikit-learn's `KMeans(n_init=10)`.
    """
    check_ints(1, k=k)
    check_ints(0, seed=seed, nearest=nearest)
    features = np.asarray(features, "float64")
    if features.ndim != 2 or not 1 <= k <= len(features):
        raise ValueError(f"Expected features (n, d), and k from 1 to n. Received: shape {features.shape}, k={k!r}")
    check_finite(features, "`features`")
    if labels is not None and np.shape(labels) != (len(features),):
        raise ValueError(f"`labels` must have shape ({len(features)},). Received: {np.shape(labels)}")
    cluster = require("sklearn.cluster", "examples", "Clusters")
    means = cluster.KMeans(k, n_init=10, random_state=seed).fit(features)
    order = np.argsort(-np.bincount(means.labels_, minlength=k), kind="stable")
    centers, assignments = means.cluster_centers_[order], np.argsort(order)[means.labels_]
    distances = np.linalg.norm(features - centers[assignments], axis=1)
    ascending = np.argsort(distances, kind="stable")
    named = [ascending[assignments[ascending] == index][:nearest] for index in range(k)]
    purity = None if labels is None else _purity(assignments, np.asarray(labels))
    return Clusters(centers, assignments, np.bincount(assignments, minlength=k), named, purity)


def clusters_analysis(sample_set, k=10, columns=8):
    """Groups of samples that look alike."""
    sample_set.need(outputs="features, which need an extractor")
    features = sample_set.outputs["features"]
    labels = None if sample_set.classes is None else sample_set.requested_classes[: len(features)]
    result = clusters(features, k, sample_set.options.seed, labels, nearest=columns)
    figures = {"largest": float(result.sizes[0] / len(features)), "smallest": float(result.sizes[-1] / len(features))}
    if result.purity is not None:
        figures["purity"] = result.purity
    blocks = [
        html_blocks.images(
            sample_set.images[near], columns=columns, caption=f"Cluster {number}: {size} of {len(features)} samples"
        )
        for number, (near, size) in enumerate(zip(result.nearest, result.sizes, strict=True))
        if sample_set.picturable and size  # with fewer different samples than clusters, some are empty
    ]
    protocol = sample_set.protocol | {"clusters": k, "samples": {"generated": len(features)}} | sample_set.extractor_protocol
    return AnalysisResult(figures, blocks, result, protocol)


def _purity(assignments, labels):
    hits = [np.unique(labels[assignments == index], return_counts=True)[1].max() for index in np.unique(assignments)]
    return float(sum(hits) / len(labels))
