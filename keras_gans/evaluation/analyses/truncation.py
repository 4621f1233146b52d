"""Fidelity against variety, as latents are truncated."""

import dataclasses

import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.generators.load_generator import load_generator
from keras_gans.evaluation.report import html_blocks
from keras_gans.evaluation.report.svg_curve import curve
from keras_gans.evaluation.sampling_options import SamplingOptions
from keras_gans.metrics import FID
from keras_gans.metrics import InceptionScore
from keras_gans.metrics import PrecisionRecall
from keras_gans.metrics import real_statistics
from keras_gans.metrics.feed import ImageBatch
from keras_gans.metrics.feed import feed
from keras_gans.metrics.feed import results_of
from keras_gans.metrics.real_statistics import resolve
from keras_gans.utils.integers import check_ints

VALUES = (0.2, 0.4, 0.6, 0.8, 1.0)


def truncation_curve(
    generator, extractor, real, values=VALUES, num_samples=10_000, batch_size=64, seed=0, condition=None, statistics=None
):
    """FID, precision, recall, and the inception score if there are logits, at each truncation of the latents.

    Smaller truncations give better and more uniform images: the inception score and precision rise, recall falls, and FID, which
    measures both, has its minimum in between. Features of real images are computed once; precision and recall take as many real
    ones as generated. The moving averages of batch normalization do not follow the truncation; standing statistics do.

    Two distributions are called truncation, and the generator's prior says which it is:

    z ~ t * TN(-2, 2)       the form of the published BigGAN modules, and of `latents.Normal` by default
    z ~ TN(-t, t)           the form of the BigGAN paper, values drawn again while |z| > t; flatter, at equal bounds 2 t = t'.
                            Of a GAN with the other prior: `load_generator(gan, latents=Normal(shape, "resampling"))`

    Args:
        generator: `GeneratorAdapter`, or what `load_generator` takes.
        extractor: `metrics.features.FeatureExtractor`.
        real: Real images, as `metrics.real_statistics` takes them, or the `RealStatistics` of this extractor, or their path.
        values: Floats t >= 0; None stands for the prior as trained. For the paper's form, 2 to 0.04. Default: 0.2 to 1.
        num_samples: Int, generated images for each value. BigGAN: 50,000. Default: 10,000.
        batch_size: Int. Default: 64.
        seed: Int; every value gets the same seeds. Default: 0.
        condition: Array of length `num_samples`, or one for all; for a conditional generator.
        statistics: Of batch normalization, for a GAN: "moving", "batch", or "standing", computed for each value from 100 batches
            of 64 latents with uniformly random classes. See `with_batch_norm_statistics`. Default: those of the generator.

    Returns:
        List of dicts, one a value: `truncation`, `truncation_form`, which of the two it is, and the Python floats `fid`,
        `precision`, `recall`, and `inception_score`.

    Raises:
        ValueError: if the generator cannot be truncated, or lacks a condition; if a value is negative.

    Example:

    ```python
    for point in keras_gans.evaluation.truncation_curve(gan, extractor, images, values=(0.5, 1.0), num_samples=100):
        fid, precision = point["fid"], point["precision"]
    print(point["truncation_form"])  # t * TN(-2, 2)
    ```

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096, figure 17.
    """
    options = SamplingOptions(num_samples, batch_size, seed, statistics=statistics)
    generator = load_generator(generator)
    if condition is not None:
        options = dataclasses.replace(options, condition=generator.one_array(condition, num_samples))
    return _curve(generator, extractor, real, values, options)


def truncation_analysis(sample_set, values=VALUES):
    """Fidelity against variety."""
    if not sample_set.generator.truncatable:
        raise NotApplicable("The generator has no truncation.")
    if sample_set.generator.translates:
        raise NotApplicable("The generator makes images of sources, and a curve would need the sources again for each value.")
    sample_set.need(real_outputs="features of real images, which need an extractor")
    statistics = real_statistics(None, sample_set.real_outputs["features"])
    statistics = dataclasses.replace(statistics, protocol=dict(sample_set.extractor.protocol))
    options = dataclasses.replace(sample_set.options, condition=sample_set.conditions)
    points = _curve(sample_set.generator, sample_set.extractor, statistics, values, options)
    names = [str(point["truncation"]) for point in points]
    shown = [{name: value for name, value in point.items() if name != "truncation_form"} for point in points]
    blocks = [html_blocks.table([point.values() for point in shown], header=list(shown[0]))]
    if "inception_score" in points[0]:
        pairs = [(point["fid"], point["inception_score"]) for point in points]
        blocks.append(curve(pairs, "FID (lower is better)", "inception score (higher is better), by truncation", names))
    pairs = [(point["recall"], point["precision"]) for point in points]
    blocks.append(curve(pairs, "recall: variety", "precision: fidelity, by truncation", names))
    protocol = sample_set.protocol | {"truncation_form": points[0]["truncation_form"]} | sample_set.extractor_protocol
    del protocol["truncation"]
    protocol["samples"] = {"generated": options.num_samples, "real": statistics.count}
    return AnalysisResult({"curve": points}, blocks, points, protocol)


def _curve(generator, extractor, real, values, options):
    """`truncation_curve` of a `GeneratorAdapter`; each value takes the place of the options' truncation."""
    if not generator.truncatable:
        raise ValueError(f"{generator.name} has no truncation. Use a GAN with keras_gans.latents.Normal.")
    if not len(values) or any(value is not None and not value >= 0 for value in values):
        raise ValueError(f"`values` must be numbers >= 0, or None. Received: values={values!r}")
    check_ints(4, num_samples=options.num_samples)
    for value in values:
        generator.check(options.condition, None, value, None)
    if options.statistics is not None:
        generator.check_statistics(options.statistics)
    real = resolve(real, extractor, num_real_features=options.num_samples)
    metrics = [FID(extractor, real=real), PrecisionRecall(extractor, real=real, num_samples=options.num_samples)]
    if extractor.classes is not None:
        metrics.append(InceptionScore(extractor))
    return [
        {
            "truncation": value,
            "truncation_form": generator.truncation_form,
            **_point(generator, metrics, dataclasses.replace(options, truncation=value)),
        }
        for value in values
    ]


def _point(generator, metrics, options):
    """The figures at one truncation."""
    for metric in metrics:
        metric.reset_state()
    for images, condition in generator.prepared(options).batches(options):
        feed(metrics, None, ImageBatch(tf.constant(images), condition))
    figures = [pair for metric in metrics for pair in results_of(metric).items()]
    return {name: float(np.asarray(value)) for name, value in figures if not name.endswith("_std")}
