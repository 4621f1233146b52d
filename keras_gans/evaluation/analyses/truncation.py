"""Fidelity against variety, as latents are truncated."""

import numpy as np

from keras_gans.evaluation.generators.load_generator import load_generator
from keras_gans.metrics import FID
from keras_gans.metrics import InceptionScore
from keras_gans.metrics import PrecisionRecall
from keras_gans.metrics.feed import results_of
from keras_gans.metrics.real_statistics import resolve

VALUES = (0.2, 0.4, 0.6, 0.8, 1.0)


def truncation_curve(
    generator, extractor, real, values=VALUES, num_samples=10_000, batch_size=64, seed=0, condition=None, statistics=None
):
    """FID, precision, recall, and the inception score where there are logits, at each truncation of the latents.

    Smaller truncations give better and more uniform images: the inception score and precision rise, recall falls, and FID, which
    feels both, has its minimum between. Features of real images are computed once; precision and recall take as many real ones as
    generated. The moving averages of batch normalization do not follow the truncation; standing statistics do.

    Two distributions are called truncation:

    z ~ t * TN(-2, 2)       the form of the published BigGAN modules, and of `latents.Normal`: used here
    z ~ TN(-t, t)           the form of the BigGAN paper, values drawn again while |z| > t; flatter, at equal bounds 2 t = t'

    Args:
        generator: `GeneratorAdapter`, or what `load_generator` takes.
        extractor: `metrics.features.FeatureExtractor`.
        real: Real images, as `metrics.real_statistics` takes them, or the `RealStatistics` of this extractor, or their path.
        values: Floats t, >= 0. None in it: the prior as trained. Default: 0.2 to 1.
        num_samples: Int, generated images for each value. BigGAN: 50,000. Default: 10,000.
        batch_size: Int. Default: 64.
        seed: Int; every value gets the same seeds. Default: 0.
        condition: Array of length `num_samples`, or one for all; for a conditional generator.
        statistics: Of batch normalization, for a GAN: "moving", "batch", or "standing", made anew for each value, of 100 batches
            of 64 latents, and of classes alike often. See `with_batch_norm_statistics`. Default: those of the generator.

    Returns:
        List of dicts, one a value: `truncation`, `fid`, `precision`, `recall`, and `inception_score`; Python floats.

    Raises:
        ValueError: if the generator cannot be truncated, or lacks a condition; if a value is negative.

    Example:

    ```python
    for point in truncation_curve(gan, features.ClassifierFeatures(lenet), images, num_samples=2000):
        print(point["truncation"], point["fid"], point["inception_score"])
    ```

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096, figure 17.
    """
    generator = load_generator(generator)
    if not generator.truncatable:
        raise ValueError(f"{generator.name} has no truncation. A GAN with keras_gans.latents.Normal has.")
    if not len(values) or any(value is not None and value < 0 for value in values):
        raise ValueError(f"`values` must be numbers >= 0, or None. Received: values={values}")
    if num_samples < 4:
        raise ValueError(f"`num_samples` must be an int >= 4. Received: num_samples={num_samples!r}")
    generator.check(condition, None, None, None)
    if statistics is not None:
        generator.check_statistics(statistics)
    real = resolve(real, extractor, num_real_features=num_samples)
    metrics = [FID(extractor, real=real), PrecisionRecall(extractor, real=real, num_samples=num_samples)]
    if extractor.classes is not None:
        metrics.append(InceptionScore(extractor))
    curve = []
    for value in values:
        for metric in metrics:
            metric.reset_state()
        chosen = generator if statistics is None else generator.with_batch_norm_statistics(statistics, value, seed)
        for images in chosen.batches(num_samples, batch_size, condition, value, seed):
            outputs = extractor(images)
            for metric in metrics:
                metric.update_outputs(None, outputs)
        curve.append({"truncation": value, **_figures(metrics)})
    return curve


def _figures(metrics):
    figures = {}
    for metric in metrics:
        figures |= results_of(metric)
    return {name: float(np.asarray(value)) for name, value in figures.items() if not name.endswith("_std")}
