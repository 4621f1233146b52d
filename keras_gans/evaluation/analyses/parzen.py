"""The log-likelihood of the 2014 paper."""

import dataclasses
import warnings

import numpy as np
import tensorflow as tf

from keras_gans.metrics.functions.balls import squared_distances
from keras_gans.utils.finite import check_finite
from keras_gans.utils.numbers import checked_range

_DISTANCES = 5_000_000  # in memory at once: 40 MB


@dataclasses.dataclass(frozen=True)
class ParzenEstimate:
    """What `parzen_log_likelihood` found.

    mean             float, nats: mean log-likelihood of the test set
    standard_error   float, nats: the standard error of that mean, over the test set
    sigma            float: the width of the window
    """

    mean: float
    standard_error: float
    sigma: float


def parzen_log_likelihood(samples, test, sigma=None, validation=None, sigmas=None, image_range=(-1.0, 1.0)):
    """Mean log-likelihood of test data under a Gaussian Parzen window on generated samples.

    log p(x) = log mean_i exp(-||x - s_i||^2 / (2 sigma^2)) - d log(sigma sqrt(2 pi)),  standard error = std(log p) / sqrt(n)

    It is here because the first papers report it. Do not choose models by it: with any affordable number of samples it is far
    from the true log-likelihood in high dimensions, it ranks models wrongly, k-means centers of the training set score higher
    than the data themselves, and it says little about how samples look (Theis et al.). Its value depends on the number of
    samples, on sigma and on the scale of the pixels.

    Args:
        samples: Array `(n, ...)`, generated; the paper has 10,000.
        test: Array `(m, ...)`.
        sigma: Float, width of the window, in the scale of pixels below. None: the best of `sigmas` on `validation`.
        validation: Array, real images that are in neither training nor test set; the authors' code uses 1,000.
        sigmas: Floats to try. Default: ten from 0.1 to 1, equally spaced in the logarithm.
        image_range: Pair: the values that become 0 and 1 first, the scale of the paper's figures. Scaling by c changes the
            result by -d log c. None: values as they are. Default: (-1, 1).

    Returns:
        `ParzenEstimate`.

    Raises:
        ValueError: if shapes differ, images hold NaN or infinite values, or unless one of `sigma` and `validation` is given.

    Example:

    ```python
    found = keras_gans.evaluation.parzen_log_likelihood(gan.generate(100), test_images, validation=images)
    print(found.mean < 0)  # True; nats, with the width found.sigma
    ```

    Reference:
        Goodfellow et al., Generative Adversarial Networks (2014), arXiv:1406.2661, matches parzen_ll.py in
        goodfeli/adversarial; the objections: Theis, van den Oord, Bethge, A note on the evaluation of generative models (2015),
        arXiv:1511.01844.

    Differences: computed in float64, and distances once for all sigmas.
    """
    if (sigma is None) == (validation is None):
        raise ValueError("Give either `sigma`, or `validation` data to choose it on.")
    if sigma is None and sigmas is None:
        sigmas = np.logspace(-1, 0, 10)
    sigmas = np.atleast_1d(np.asarray(sigmas if sigma is None else sigma, "float64"))
    if not sigmas.size or not (sigmas > 0).all():
        raise ValueError(f"Widths of the window must be positive. Received: {sigmas}")
    for name, images in (("test", test), ("validation", validation)):
        if images is not None and np.shape(images)[1:] != np.shape(samples)[1:]:
            raise ValueError(f"`{name}` must be like `samples`, (n, *{np.shape(samples)[1:]}). Received: {np.shape(images)}")
    for name, images in (("samples", samples), ("test", test), ("validation", validation)):
        if images is not None:
            check_finite(images, f"`{name}`")
    samples, test, validation = (None if images is None else _rows(images, image_range) for images in (samples, test, validation))
    if sigma is None:
        sigma = _best(sigmas, _log_likelihoods(samples, validation, sigmas).mean(axis=0))
    values = _log_likelihoods(samples, test, np.array([sigma], "float64"))[:, 0]
    return ParzenEstimate(float(values.mean()), float(values.std() / np.sqrt(len(values))), float(sigma))


def _rows(images, image_range):
    rows = np.reshape(images, (len(images), -1)).astype("float64")
    if image_range is None:
        return rows
    low, high = checked_range(image_range)
    return (rows - low) / (high - low)


def _best(sigmas, values):
    best = int(np.argmax(values))
    if len(sigmas) > 1 and sigmas[best] in (sigmas.min(), sigmas.max()):
        warnings.warn(f"The best sigma, {sigmas[best]:.4g}, is the first or last of those tried: try others.", stacklevel=3)
    return sigmas[best]


def _log_likelihoods(samples, data, sigmas):
    """Log-likelihoods `(data, sigmas)`."""
    block, blocks = max(1, _DISTANCES // len(samples)), []
    constants = np.log(len(samples)) + samples.shape[1] * np.log(sigmas * np.sqrt(2 * np.pi))
    for start in range(0, len(data), block):
        squares = squared_distances(tf.constant(data[start : start + block]), tf.constant(samples))
        sums = [tf.reduce_logsumexp(-squares / (2 * width**2), axis=1) for width in sigmas]
        blocks.append(np.stack(sums, axis=1) - constants)
    return np.concatenate(blocks)
