"""Counts the modes that a generator covers, for data whose modes are known."""

import tensorflow as tf

from keras_gans.features.feature_extractor import fingerprint
from keras_gans.metrics.gan_metric import GANMetric
from keras_gans.metrics.gan_metric import check_sides
from keras_gans.utils.config import Serializable
from keras_gans.utils.finite import finite
from keras_gans.utils.finite import finite_floats
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.pixels import check_floats
from keras_gans.utils.pixels import checked


class ModeCoverage(Serializable, GANMetric):
    """Counts the modes that generated samples cover, for data whose modes are known.

    Each sample belongs to one of K modes, and is of high quality or not:

    - of a mixture of Gaussians, to the center nearest in ||x - center|| / sigma; of high quality if that is < `threshold`;
    - of images with a digit in each channel, to the number that a classifier reads from the channels, the first one first;
      all are of high quality.

    With n_k high-quality samples of mode k, n = sum of n_k, N samples in all, the results are

    modes          the number of modes with n_k >= minimum, or n_k / N >= minimum for a share
    high_quality   n / N                          at most 0.98889 on average in the plane, for 3 sigma
    reverse_kl     sum p_k log(K p_k), p_k = n_k / n, 0 log 0 = 0       about (K - 1) / (2 n) for a perfect generator

    All are NaN before the first sample; `reverse_kl` is NaN without a high-quality one. Only `generated` counts. The papers
    evaluate 2,500 points, and 26,000 stacked digits.

    Args:
        centers: Array `(modes, dimensions)`, of a mixture: `data.ring_centers()`, `data.grid_centers()`.
        sigma: Float, or one a mode: standard deviation of the mixture's components.
        classifier: `keras.Model`, one-channel images to `(batch, classes)` scores, in place of `centers` and `sigma`. It is
            not saved with the model that is evaluated.
        modes: Int, the number of modes that a classifier distinguishes, classes ** channels. Default: that for three channels.
        threshold: Float, in sigmas. Default: 3.
        minimum: High-quality samples that a mode must have: an int >= 1, or a float in (0, 1), a share of all samples.
            Default: 0.01 with `centers`, 1 with a classifier.
        name: String. Default: "mode_coverage".

    Shapes:
        Points `(batch, dimensions)`, or images `(batch, height, width, channels)`.

    Raises:
        ValueError: without either `centers` and `sigma`, or `classifier`; if a value is out of range; if samples are not floats,
            or do not have the dimensions of the centers, or a number of channels that fits `modes`.
        tf.errors.InvalidArgumentError: if samples, or a classifier's scores, hold NaN or infinite values.

    Example:

    ```python
    metric = keras_gans.metrics.ModeCoverage(keras_gans.data.ring_centers(), sigma=0.02)
    metric.update_state(None, keras_gans.data.ring(2500, seed=0))
    print(float(metric.result()["modes"]))  # 8.0
    ```

    Reference:
        Srivastava et al., VEEGAN (2017), arXiv:1705.07761; Lin et al., PacGAN (2017), arXiv:1712.04086, matches
        fjxmlzn/PacGAN with `minimum=1`; Metz et al., Unrolled Generative Adversarial Networks (2016), arXiv:1611.02163.

    Differences: by default a mode of a mixture needs 1% of the samples, not one: one stray point does not cover a mode.
    """

    uses_real = False
    default_name = "mode_coverage"

    def __init__(
        self,
        centers=None,
        sigma=None,
        classifier=None,
        modes=None,
        threshold=3.0,
        minimum=None,
        name="mode_coverage",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if (centers is None) == (classifier is None) or (centers is None) != (sigma is None):
            raise ValueError("ModeCoverage needs either `centers` and `sigma` of a mixture, or a `classifier`.")
        if centers is not None:
            self.centers, self.sigma = _checked_mixture(centers, sigma, modes)
            modes = len(self.centers)
        elif modes is not None:
            check_ints(1, modes=modes)
        self.classifier = classifier
        self.minimum = _checked_minimum(0.01 if minimum is None and classifier is None else 1 if minimum is None else minimum)
        check_positive(threshold=threshold)
        self.threshold = threshold
        self.modes = modes or classifier.output_shape[-1] ** 3
        # Floats: exact up to 2^24 samples, and summed over replicas.
        self.counts = self.add_weight(shape=(self.modes,), initializer="zeros", name="counts", dtype="float32")
        self.total = self.add_weight(shape=(), initializer="zeros", name="total", dtype="float32")

    def update_state(self, real, generated, condition=None):
        """Counts `generated`, a batch of samples; `real` and `condition` are ignored."""
        check_sides(self, generated=generated)
        generated = tf.convert_to_tensor(generated)
        check_floats(generated, "ModeCoverage takes points, or images in [-1, 1], as floats")
        assign = self._nearest_center if self.classifier is None else self._read_digits
        mode, good = assign(tf.cast(generated, tf.float32))
        hits = tf.one_hot(mode, self.modes) * tf.cast(good, tf.float32)[:, None]
        self.counts.assign(self.counts + tf.reduce_sum(hits, axis=0))
        self.total.assign(self.total + tf.cast(tf.shape(generated)[0], tf.float32))

    def _nearest_center(self, points):
        if points.shape.rank != 2 or points.shape[1] != self.centers.shape[1]:
            raise ValueError(
                f"Samples must have the dimensions of the centers. Expected: (batch, {self.centers.shape[1]}). "
                f"Received: {tuple(points.shape)}."
            )
        points = finite(points, "ModeCoverage: points")
        distances = tf.norm(points[:, None] - self.centers, axis=-1) / self.sigma
        return tf.argmin(distances, axis=-1), tf.reduce_min(distances, axis=-1) < self.threshold

    def _read_digits(self, images):
        classes, channels = self.classifier.output_shape[-1], images.shape[-1]
        if classes**channels != self.modes:
            raise ValueError(
                f"{channels} channels of {classes} classes are {classes**channels} modes. Received: modes={self.modes!r}. "
                f"Pass modes={classes**channels}."
            )
        images = checked(images, "ModeCoverage")
        scores = [self.classifier(images[..., channel, None], training=False) for channel in range(channels)]
        scores = [finite(score, "ModeCoverage: scores of the classifier", minus_infinity=True) for score in scores]
        number = tf.zeros(tf.shape(images)[0], tf.int64)
        for score in scores:
            number = number * classes + tf.argmax(score, axis=-1)
        return number, tf.ones_like(number, tf.bool)

    def result(self):
        """A dict of scalars: `modes`, `high_quality`, `reverse_kl`; after the metric's name if that is not the default."""
        counts, total = (tf.convert_to_tensor(weight.value) for weight in (self.counts, self.total))
        good = tf.reduce_sum(counts)
        shares = counts / good
        enough = counts >= self.minimum if is_int(self.minimum) else counts / total >= self.minimum
        captured = tf.reduce_sum(tf.cast(enough, tf.float32))
        figures = {
            "modes": tf.where(total > 0, captured, float("nan")),
            "high_quality": good / total,
            "reverse_kl": tf.reduce_sum(tf.math.xlogy(shares, self.modes * shares)),
        }
        return self.named(figures)

    @property
    def protocol(self):
        """Dict, everything that the figures depend on."""
        if self.classifier is None:
            kind = {"mixture": fingerprint([self.centers, self.sigma]), "threshold": self.threshold}
        else:
            kind = {"classifier": self.classifier.name, "weights": fingerprint(self.classifier.get_weights())}
        samples = {"generated": int(self.total.numpy())}
        return {**super().protocol, **kind, "modes": self.modes, "minimum": self.minimum, "samples": samples}


def _checked_mixture(centers, sigma, modes):
    centers, sigma = finite_floats(centers, "centers"), finite_floats(sigma, "sigma")
    if centers.ndim != 2 or not len(centers):
        raise ValueError(f"`centers` must be an array (modes, dimensions). Received: shape {centers.shape}")
    if sigma.shape not in ((), (len(centers),)) or not (sigma > 0).all():
        raise ValueError(f"`sigma` must be a positive float, or one for each of {len(centers)} centers. Received: sigma={sigma}")
    if modes not in (None, len(centers)):
        raise ValueError(f"`modes` is the number of centers, {len(centers)}. Received: modes={modes!r}. Leave it out.")
    return centers, sigma


def _checked_minimum(minimum):
    count = is_int(minimum) and minimum >= 1
    if not count and not (isinstance(minimum, float) and 0 < minimum < 1):
        raise ValueError(f"`minimum` must be an int >= 1, or a float in (0, 1). Received: minimum={minimum!r}")
    return minimum
