"""Everything that a paper reports of a generator, in one call."""

import os
import warnings

import numpy as np

from keras_gans.evaluation import evaluate_checks as checks
from keras_gans.evaluation.analyses import feature_analyses
from keras_gans.evaluation.analyses import latent_analyses
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.collect_samples import OnePass
from keras_gans.evaluation.evaluation_result import EvaluationResult
from keras_gans.evaluation.generators.load_generator import load_generator
from keras_gans.evaluation.real_data import RealData
from keras_gans.metrics import FeatureMetric
from keras_gans.metrics.feed import results_of
from keras_gans.metrics.gan_metric import contract_of

_FUNCTIONS = {
    "samples": latent_analyses.samples,
    "neighbors": feature_analyses.neighbors,
    "leakage": feature_analyses.leakage,
    "clusters": feature_analyses.clusters,
    "interpolation": latent_analyses.interpolation,
    "path_length": latent_analyses.path_length,
    "truncation": latent_analyses.truncation,
    "linear_probe": feature_analyses.linear_probe,
}
ANALYSES = tuple(_FUNCTIONS)


def evaluate(
    generator,
    real,
    metrics=(),
    *,
    num_samples=10_000,
    batch_size=64,
    seed=0,
    truncation=None,
    condition="real",
    statistics=None,
    output=None,
    analyses=("samples",),
    extractor=None,
    progress=True,
):
    """Runs metrics and analyses of a generator, and writes what they found with the protocol of each figure.

    Real and generated images go through each extractor once, for all its metrics and analyses. All real images count, and
    `num_samples` generated ones; metrics of two batches (`SlicedWasserstein`, those of Keras) see as many of both. Batch i is
    drawn with the seed (seed, i): figures of a GAN and of its export are the same, at an equal `batch_size` of at most 64.

    Analyses, each of a function of `keras_gans.evaluation`, look at the first 2,000 samples and 10,000 real images:

    samples         a grid of pictures, a row for each class
    neighbors       the real images nearest to samples, and the share of near-duplicates; `k`, `rows`, `held_out`
    leakage         the confusion matrix of asked and seen classes, and the most confused pairs; `pairs`, `columns`
    clusters        groups of samples that look alike, by k-means; `k`, `columns` (needs scikit-learn)
    interpolation   rows of images between samples, on lines and arcs; `rows`, `steps`
    path_length     perceptual path length, in pixels; `pairs`, `epsilon`
    truncation      FID, inception score, precision and recall at some truncations; `values`
    linear_probe    accuracy on features of the discriminator; `classifier`, `penalty` (needs scikit-learn)

    One that does not apply is skipped, with the reason in the results. One that fails, and a metric whose result fails, costs
    only itself: the others are computed and written, and a warning says which failed.

    Args:
        generator: A GAN, the path of a saved or exported one, a hub module: what `load_generator` takes.
        real: Array of images in [-1, 1], a pair of it and labels, or a finite `tf.data.Dataset` of batches, with or without
            labels. None, if all metrics know their real side.
        metrics: List of metrics of `keras_gans.metrics`, with extractors, of different names. They are reset first.
        num_samples: Int, generated images. Papers: 50,000. Default: 10,000.
        batch_size: Int. Default: 64.
        seed: Int. Default: 0.
        truncation: Float, for priors that have it. Default: none.
        condition: For a conditional generator, "real": the labels of the real images, in their order, which should be a shuffled
            one, again and again; or one condition for all, or an array of length `num_samples`. Default: "real".
        statistics: Of batch normalization, for a GAN: "moving" averages of training, those of each "batch" of at most 64
            (dropout is then on), or "standing" ones, of 100 batches of 64 latents at this truncation, and of classes alike often.
            See `with_batch_norm_statistics`. Default: those of the generator, as a rule the moving ones.
        output: Folder for `results.jsonl`, to which a line is added for each metric and analysis, and `report.html`, which
            shows everything and needs no other file. Default: none.
        analyses: Names, as above, or a dict of names and their options: `{"neighbors": {"k": 3}}`. Default: samples.
        extractor: `FeatureExtractor` for the analyses. Default: the first of the metrics' that classifies, or else the first.
        progress: Bool, whether to show a progress bar. Default: True.

    Returns:
        `EvaluationResult`: `figures`, `records` with protocols, `findings`, `skipped`, `failed`.

    Raises:
        ValueError: if an argument does not fit, before anything is computed; a metric's own, while it is fed.

    Example:

    ```python
    extractor = features.ClassifierFeatures(features.train_classifier(images, labels)[0])
    found = evaluation.evaluate(
        gan, (images, labels), [FID(extractor), PrecisionRecall(extractor)], output="runs/evaluation",
        analyses=["samples", "neighbors", "truncation"],
    )
    print(found.figures["fid"], found.records[0]["protocol"])
    ```
    """
    generator = load_generator(generator)
    analyses = checks.checked_analyses(analyses, _FUNCTIONS)
    checks.check_numbers(num_samples, batch_size, seed)
    metrics = checks.checked_metrics(metrics, num_samples)
    checks.check_extractor(extractor)
    data = RealData(real, batch_size)
    checks.check_real(data, generator, metrics)
    condition = checks.checked_condition(condition, generator, data, metrics, num_samples)
    generator.check(0 if generator.conditional else None, None, truncation, None)
    if output is not None and os.path.exists(output) and not os.path.isdir(output):
        raise ValueError(f"`output` must be a folder. Received: output={os.fspath(output)!r}, which is a file.")

    if statistics is not None:
        generator = generator.with_batch_norm_statistics(statistics, truncation, seed)
    for size in {min(batch_size, num_samples), num_samples % batch_size}:
        generator.check_batch_size(size)

    sampling = {"num_samples": num_samples, "batch_size": batch_size, "seed": seed, "truncation": truncation}
    extractor = _extractor(metrics) if extractor is None else extractor
    for metric in metrics:
        metric.reset_state()
    protocol = {**sampling, "condition": _described(condition, generator), **generator.protocol}
    drawn = {**sampling, "condition": condition, "statistics": statistics, "protocol": protocol}
    sampled = OnePass(generator, data, metrics, extractor, bool(analyses), **drawn).run(progress)

    found = EvaluationResult(generator.name, output)
    for metric in metrics:
        _attempt(found, "metric", metric.name, lambda metric=metric: _add_result(found, metric, protocol))
    for name, options in analyses.items():
        _attempt(
            found,
            "analysis",
            name,
            lambda name=name, options=options: found.add_finding(name, _FUNCTIONS[name](sampled, **options)),
        )
    found.write_report()
    return found


def _attempt(found, kind, name, action):
    """Does `action`; what goes wrong is recorded, and the report so far is written."""
    try:
        action()
    except NotApplicable as reason:
        found.add_skipped(name, reason)
    except Exception as error:
        found.add_failed(kind, name, error)
        warnings.warn(f"The {kind} {name} failed, the others go on. {found.failed[name]}", RuntimeWarning, stacklevel=3)
    found.write_report()


def _add_result(found, metric, sampling):
    figures = {name: float(np.asarray(value)) for name, value in results_of(metric).items()}
    found.add_metric(metric.name, figures, {**contract_of(metric).protocol, "sampling": sampling})


def _extractor(metrics):
    extractors = [metric.extractor for metric in metrics if isinstance(metric, FeatureMetric)]
    return next((extractor for extractor in extractors if extractor.classes is not None), extractors[0] if extractors else None)


def _described(condition, generator):
    if not generator.conditional:
        return None
    return "labels of the real images" if condition is None else condition.tolist() if len(condition) == 1 else "given"
