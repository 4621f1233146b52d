"""Measures how smoothly images change with latents."""

import dataclasses
import warnings

import numpy as np

from keras_gans.evaluation.analyses.extractor_outputs import outputs
from keras_gans.evaluation.analyses.interpolation import path_method
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.style_space import StyleSpace
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive

# Root mean square differences of fewer units in the last place of float32 are mostly rounding.
_UNITS = 16


@dataclasses.dataclass(frozen=True)
class PathLengthResult:
    """What `perceptual_path_length` found.

    mean                 float: the mean of the lengths that are not outliers
    standard_deviation   float: of the same
    lengths              float64 `(n,)`: distance / epsilon^2 of each pair, outliers included
    """

    mean: float
    standard_deviation: float
    lengths: np.ndarray


def perceptual_path_length(
    generator,
    start,
    end,
    epsilon=1e-4,
    method="slerp",
    where="full",
    distance=None,
    extractor=None,
    percentiles=(1, 99),
    condition=None,
    seed=0,
    batch_size=64,
):
    """Perceptual path length: how much images change along paths between latents, for steps that go to 0.

    mean of d(G(p(t)), G(p(t + epsilon))) / epsilon^2,   p the path from a to b, t ~ U(0, 1)

    The images of a pair differ by about epsilon, and float32 has seven digits: at epsilon 1e-4 three are left for the difference.
    Latents and differences are computed in float64, but the generator's own rounding remains: it adds about (rounding error /
    epsilon)^2 per pixel. A warning says when it matters; then use a larger epsilon, such as 1e-2: where G is smooth, the result
    hardly depends on it. Images must not be rounded to 256 levels.

    Args:
        generator: Anything with `generate(batch_size, condition=None, latents=None)`, the same images for the same latents.
        start, end: Arrays `(n, *latent_shape)`: a and b of n paths; 50,000 or 100,000 in the papers.
        epsilon: Float. Default: 1e-4.
        method: "slerp", for z of a normal prior; "lerp", for w or a uniform prior. Default: "slerp".
        where: "full": t ~ U(0, 1). "end": t = 0. Default: "full".
        distance: Callable, two float32 arrays of images `(batch, ...)` to distances `(batch,)`: LPIPS, for the papers'
            figures. Default: squared Euclidean, of features or pixels.
        extractor: `keras_gans.metrics.features.FeatureExtractor` made with `quantize=False`, whose features are compared.
            Default: None: pixels.
        percentiles: Pair: lengths outside them are outliers. Default: (1, 99).
        condition: Array `(n, ...)`, a condition for each path. Default: None.
        seed: Int, of t. Default: 0.
        batch_size: Int, pairs at a time. Default: 64.

    Returns:
        `PathLengthResult`.

    Raises:
        ValueError: if shapes differ, an argument is none of the above, or images or distances are NaN or infinite.

    Example:

    ```python
    start, end = gan.latents.sample(100, seed=(0, 1)), gan.latents.sample(100, seed=(0, 2))
    found = keras_gans.evaluation.perceptual_path_length(gan, start, end, epsilon=1e-2)
    print(found.mean > 0, found.lengths.shape)  # True (100,)
    ```

    Reference:
        Karras et al., A Style-Based Generator Architecture for Generative Adversarial Networks (2018), arXiv:1812.04948;
        percentiles as metrics/perceptual_path_length.py in NVlabs/stylegan.

    Differences: distances are Euclidean, not LPIPS, unless one is passed; slerp keeps the norms of the ends instead of
    projecting to the unit sphere; images are neither cropped nor resized.
    """
    check_positive(epsilon=epsilon)
    check_ints(1, batch_size=batch_size)
    check_ints(0, seed=seed)
    if np.ndim(start) < 2 or np.shape(start)[1:] != np.shape(end)[1:]:
        raise ValueError(
            f"`start` and `end` must have one shape, (n, *latent_shape). Received: {np.shape(start)} and {np.shape(end)}"
        )
    if distance is not None and not callable(distance):
        raise ValueError(f"`distance` must be a function of two arrays of images, or None. Received: distance={distance!r}")
    path, t = path_method(method), _times(where, len(start), seed)
    is_pair = isinstance(percentiles, (tuple, list)) and len(percentiles) == 2
    if not is_pair or not 0 <= percentiles[0] <= percentiles[1] <= 100:
        raise ValueError(f"`percentiles` must be a pair, 0 <= low <= high <= 100. Received: percentiles={percentiles!r}")
    if distance is not None and extractor is not None:
        raise ValueError("Pass either `distance`, which compares images, or `extractor`, whose features are compared, not both.")
    if getattr(extractor, "quantize", False):
        raise ValueError(
            "The extractor rounds images to 256 levels, a larger step than their differences. Make it with `quantize=False`."
        )
    if condition is not None and len(condition) != len(start):
        raise ValueError(f"Expected {len(start)} conditions, one a path. Received: {len(condition)}")
    measure = _SquaredDistance(extractor) if distance is None else distance
    lengths = []
    for first in range(0, len(start), batch_size):
        part = slice(first, first + batch_size)
        a, b = np.asarray(start[part], "float64"), np.asarray(end[part], "float64")
        latents = np.concatenate([path(a, b, t[part]), path(a, b, t[part] + epsilon)]).astype("float32")
        conditions = None if condition is None else np.concatenate([condition[part]] * 2)
        images = np.asarray(generator.generate(len(latents), condition=conditions, latents=latents))
        check_finite(images, "The images of the generator")
        distances = np.asarray(measure(images[: len(a)], images[len(a) :]), "float64")
        if distances.shape not in ((len(a),), (len(a), 1)):
            raise ValueError(f"`distance` must return {len(a)} distances, one a pair. It returned: shape {distances.shape}")
        lengths.append(distances.ravel() / epsilon**2)
    if isinstance(measure, _SquaredDistance):
        measure.warn(epsilon)
    lengths = np.concatenate(lengths)
    check_finite(lengths, "Distances between images")
    return _summary(lengths, percentiles)


def path_length_analysis(sample_set, pairs=500, epsilon=1e-2):
    """Perceptual path length in pixels; also in W for a generator with styles and without conditions."""
    sample_set.need_images_of_latents()
    start, end = sample_set.latent_pairs(pairs)
    generator, options, conditions = sample_set.generator, sample_set.options, sample_set.conditions_for(pairs)
    method = "slerp" if generator.normal_latents else "lerp"
    shared = {"seed": options.seed, "batch_size": options.batch_size}
    result = perceptual_path_length(generator.at(options.truncation), start, end, epsilon, method, condition=conditions, **shared)
    figures = {"path_length": result.mean, "path_length_std": result.standard_deviation}
    gan = getattr(generator, "gan", None)
    if hasattr(gan, "synthesize") and conditions is None:
        styles = (gan.map(latents, truncation=options.truncation) for latents in (start, end))
        in_w = perceptual_path_length(StyleSpace(gan, "w+"), *styles, epsilon, "lerp", **shared)
        figures["path_length_w"] = in_w.mean
    settings = {"pairs": pairs, "epsilon": epsilon, "path": method, "distance": "squared Euclidean, of pixels in [-1, 1]"}
    return AnalysisResult(figures, [], result, sample_set.protocol | settings)


class _SquaredDistance:
    """||f(x) - f(y)||^2 of a pair's images; it keeps track of how many digits are left."""

    def __init__(self, extractor):
        self.extractor = extractor
        self.squares = np.zeros(2)  # of differences, of values

    def __call__(self, x, y):
        if self.extractor is not None:
            x, y = outputs(x, self.extractor), outputs(y, self.extractor)
        x, y = (np.reshape(values, (len(values), -1)).astype("float64") for values in (x, y))
        self.squares += [np.sum((x - y) ** 2), np.sum(x**2)]
        return np.sum((x - y) ** 2, axis=1)

    def warn(self, epsilon):
        difference, size = np.sqrt(self.squares)
        if difference < _UNITS * np.finfo("float32").eps * size:
            warnings.warn(
                f"Images {epsilon} apart on the path hardly differ in float32: the path length is mostly rounding. "
                f"Use a larger epsilon, such as {100 * epsilon:g}.",
                stacklevel=3,
            )


def _times(where, count, seed):
    if where not in ("full", "end"):
        raise ValueError(f'`where` must be "full" or "end". Received: where={where!r}')
    if not count:
        raise ValueError("`start` and `end` are empty. Expected (n, *latent_shape), n >= 1.")
    return np.zeros(count) if where == "end" else np.random.default_rng(seed).uniform(size=count)


def _summary(lengths, percentiles):
    low = np.percentile(lengths, percentiles[0], method="lower")
    high = np.percentile(lengths, percentiles[1], method="higher")
    kept = lengths[(lengths >= low) & (lengths <= high)]
    return PathLengthResult(float(kept.mean()), float(kept.std()), lengths)
