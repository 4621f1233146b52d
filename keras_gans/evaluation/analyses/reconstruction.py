"""Reconstructions: what a generator makes from an encoder's codes of real images."""

import dataclasses

import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analyses.extractor_outputs import outputs
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.report import html_blocks
from keras_gans.metrics import SSIM
from keras_gans.utils.pixels import to_pixels

_BLOCK = 256  # images whose windows are in memory at once
_LEAST = 11  # pixels of a side, the window of SSIM


@dataclasses.dataclass(frozen=True)
class ReconstructionErrors:
    """What `reconstruction_errors` found, for each image.

    l1                float64 `(n,)`: mean absolute difference of pixels, in grey levels of 0..255
    ssim              float64 `(n,)`: structural similarity, 1 for equal images; None for images smaller than 11 pixels
    feature_distance  float64 `(n,)`: Euclidean distance of features; None without an extractor
    """

    l1: np.ndarray
    ssim: np.ndarray | None = None
    feature_distance: np.ndarray | None = None

    @property
    def means(self):
        """The means over all images, a dict of floats; measures that were not computed are left out."""
        found = vars(self).items()
        return {name: float(np.mean(values)) for name, values in found if values is not None}


def reconstruction_errors(images, reconstructions, extractor=None):
    """Distances of reconstructions from their images: in pixels, in local structure, and in features of a network.

    l1 = mean |x - y| in grey levels;   ssim = `metrics.SSIM`;   feature_distance = ||f(x) - f(y)||

    Pixels are rounded to 0..255, as files store them. L1 and SSIM punish details that are shifted; features show whether the
    object is the same. A BiGAN's reconstructions are often another image of the same class: large L1, small distance.

    Args:
        images: Float array `(n, height, width, channels)` in [-1, 1].
        reconstructions: Float array of the same shape; number i belongs to image i.
        extractor: `keras_gans.metrics.features.FeatureExtractor`. Default: none, and no distance of features.

    Returns:
        `ReconstructionErrors`.

    Raises:
        ValueError: if the shapes differ, or are not those of images.
        tf.errors.InvalidArgumentError: if images hold NaN or infinite values, or those of 0..255.

    Example:

    ```python
    network = keras_gans.networks.bigan
    gan = keras_gans.BiGAN(*(build(units=16) for build in (network.generator, network.encoder, network.discriminator)))
    made = gan.reconstruct((images + 1) / 2)  # which are in [0, 1], as BiGAN's are
    errors = keras_gans.evaluation.reconstruction_errors(images, 2 * made - 1, extractor)
    print(errors.l1.shape, list(errors.means))  # (20,) ['l1', 'ssim', 'feature_distance']
    ```

    Reference:
        Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity (2004); distances in features as
        Larsen et al., Autoencoding beyond pixels using a learned similarity metric (2016), arXiv:1512.09300, argue for.
    """
    images, reconstructions = np.asarray(images), np.asarray(reconstructions)
    if images.shape != reconstructions.shape or images.ndim != 4 or not len(images):
        raise ValueError(
            "`images` and `reconstructions` must have one shape (n, height, width, channels), n >= 1. Received: "
            f"{images.shape} and {reconstructions.shape}"
        )
    features = None if extractor is None else [outputs(side, extractor) for side in (images, reconstructions)]
    return _errors(images, reconstructions, features)


def reconstruction_analysis(sample_set, count=1000, columns=5, rows=4):
    """Reconstructions of real images, and their distances from these; for comparison, distances from other images.

    Figures that end in "of_others" compare each image with the reconstruction of another one: the figures of a generator that
    makes good images, but ignores the codes.
    """
    sample_set.need_encoder()
    sample_set.need(real="real images")
    sample_set.need_images_of_latents()
    sample_set.need_pictures()
    real = sample_set.real[:count]
    made = sample_set.generated_of(sample_set.generator.encode(real), sample_set.conditions_of_real(len(real)))
    features = None
    if sample_set.extractor is not None:
        features = [sample_set.real_outputs["features"][: len(real)], outputs(made, sample_set.extractor)]
    result = _errors(real, made, features)
    figures = result.means
    if len(real) > 1:
        other = np.roll(np.arange(len(real)), len(real) // 2)
        others = _errors(real, made[other], features and [features[0], features[1][other]])
        figures |= {f"{name}_of_others": value for name, value in others.means.items()}
    pairs = np.stack([real, made], axis=1)[: columns * rows]
    caption = "Real images, each with its reconstruction to the right of it"
    block = html_blocks.images(pairs.reshape(-1, *real.shape[1:]), columns=2 * columns, caption=caption)
    protocol = sample_set.generator_protocol | {"samples": {"real": len(real)}} | sample_set.extractor_protocol
    protocol |= {"pixels": "0..255, rounded"}
    return AnalysisResult(figures, [block], result, protocol)


def _errors(images, reconstructions, features):
    """`ReconstructionErrors` of images whose features are known; without features (None), only those of pixels."""
    metric = SSIM() if min(images.shape[1:3]) >= _LEAST else None
    l1, ssim = [], []
    for start in range(0, len(images), _BLOCK):
        sides = [side[start : start + _BLOCK] for side in (images, reconstructions)]
        x, y = (to_pixels(side, "reconstruction_errors") for side in sides)
        l1.append(tf.reduce_mean(tf.cast(tf.abs(x - y), tf.float64), axis=(1, 2, 3)))
        if metric is not None:
            ssim.append(metric.measure(x, y))
    distances = None
    if features is not None:
        distances = np.linalg.norm(np.subtract(*features, dtype="float64"), axis=1)
    return ReconstructionErrors(np.concatenate(l1), np.concatenate(ssim) if ssim else None, distances)
