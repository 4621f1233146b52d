"""Everything that a paper reports about a generator, in one call."""

import contextlib
import dataclasses
import warnings

import numpy as np

from keras_gans.evaluation import evaluate_checks as checks
from keras_gans.evaluation.analyses.clusters import clusters_analysis
from keras_gans.evaluation.analyses.codes import codes_analysis
from keras_gans.evaluation.analyses.encoder_probe import encoder_probe_analysis
from keras_gans.evaluation.analyses.interpolation import interpolation_analysis
from keras_gans.evaluation.analyses.inversion import inversion_analysis
from keras_gans.evaluation.analyses.leakage import leakage_analysis
from keras_gans.evaluation.analyses.linear_probe import linear_probe_analysis
from keras_gans.evaluation.analyses.neighbors import neighbors_analysis
from keras_gans.evaluation.analyses.path_length import path_length_analysis
from keras_gans.evaluation.analyses.reconstruction import reconstruction_analysis
from keras_gans.evaluation.analyses.samples import samples_analysis
from keras_gans.evaluation.analyses.style_mixing import style_mixing_analysis
from keras_gans.evaluation.analyses.traversal import traversal_analysis
from keras_gans.evaluation.analyses.truncation import truncation_analysis
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.collect_samples import collect_samples
from keras_gans.evaluation.evaluation_result import EvaluationResult
from keras_gans.evaluation.generators.load_generator import load_generator
from keras_gans.evaluation.real_data import RealData
from keras_gans.evaluation.sampling_options import SamplingOptions
from keras_gans.metrics import FeatureMetric
from keras_gans.metrics.feed import results_of
from keras_gans.metrics.gan_metric import contract_of
from keras_gans.utils.choices import check_bools

_FUNCTIONS = {
    "samples": samples_analysis,
    "neighbors": neighbors_analysis,
    "leakage": leakage_analysis,
    "clusters": clusters_analysis,
    "interpolation": interpolation_analysis,
    "path_length": path_length_analysis,
    "truncation": truncation_analysis,
    "linear_probe": linear_probe_analysis,
    "encoder_probe": encoder_probe_analysis,
    "reconstruction": reconstruction_analysis,
    "inversion": inversion_analysis,
    "traversal": traversal_analysis,
    "codes": codes_analysis,
    "style_mixing": style_mixing_analysis,
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
    paired=None,
    statistics=None,
    output=None,
    analyses=("samples",),
    extractor=None,
    progress=True,
):
    """Runs metrics and analyses of a generator, and writes their results with the protocol of each figure.

    Real and generated images go through each extractor once, for all its metrics and analyses. All real images and `num_samples`
    generated ones are used; metrics that compare two batches (`SlicedWasserstein`, those of pairs) see equal numbers of both.
    Batch i is drawn with the seed (seed, i): figures of a GAN and of its export are the same, at an equal `batch_size`.

    Analyses, each of a function of `keras_gans.evaluation`, look at the first 2,000 samples and 10,000 real images:

    samples         a grid of pictures, a row for each class; of translations, sources, images, and targets where they are paired
    neighbors       the real images nearest to samples, and the share of near-duplicates; `k`, `rows`, `held_out`
    leakage         the confusion matrix of intended and seen classes, and the most confused pairs; `pairs`, `columns`
    clusters        groups of samples that look alike, by k-means; `k`, `columns` (needs scikit-learn)
    interpolation   rows of images between samples, on lines and arcs, and between classes where the generator takes weights over
                    them; `rows`, `steps`
    path_length     perceptual path length, in pixels, and in W where there are styles; `pairs`, `epsilon`
    truncation      FID, inception score, precision and recall at some truncations; `values`
    linear_probe    accuracy on features of the discriminator; `classifier`, `penalty` (needs scikit-learn)
    encoder_probe   accuracy of a linear classifier, and of the nearest neighbor, on features of the encoder; `classifier`,
                    `penalty` (needs scikit-learn)
    reconstruction  real images beside what the generator makes of the encoder's latents of them; L1 in grey levels, SSIM,
                    distance of features; `count`, `columns`, `rows`
    inversion       real images beside those of latents that a search finds, from the encoder's and from random ones; `count`,
                    `steps`, `starts`
    traversal       rows in which one code changes, to `reach` (training has seen 1), one of the first principal `directions`, one
                    of the `vectors` that are given, or of the labels' attributes where there is an encoder, those projected out
                    whose labels correlate by `correlation` or more; `rows`, `steps`, `direction_samples`
    codes           of categorical codes, as InfoGAN's: the mutual information of code and image, its bound and an estimate; the
                    accuracy as classes of real images, after matching; `count` (needs SciPy)
    style_mixing    tables of images with the coarse, middle or fine styles of others; `count`

    An analysis that does not apply is skipped, with the reason in the results. If an analysis or a metric fails, the others are
    still computed and written, and a warning says which one failed.

    Args:
        generator: A GAN, the path of a saved or exported one, a hub module: what `load_generator` takes.
        real: Array of images in [-1, 1], a pair of it and labels, or a finite `tf.data.Dataset` of batches, with or without
            labels; in [0, 1] if they have no negative values and the generator's `image_range` is (0, 1). None, if all metrics
            know their real side. Several conditions are labels in a dict, as for `fit`. For a generator that translates, batches
            of (source, target), as for `fit`; sources range over its `source_range`.
        metrics: List of metrics of `keras_gans.metrics`, with extractors, of different names. They are reset first. Keras' own
            compare pairs, as `PSNR` does.
        num_samples: Int, generated images. Papers: 50,000. For translations, this is the maximum: there is one for each source.
            Default: 10,000.
        batch_size: Int. Default: 64.
        seed: Int. Default: 0.
        truncation: Float, for priors that have it. Default: none.
        condition: For a conditional generator, "real": the labels of the real images, in their order, repeated as needed, so the
            images should be shuffled; or one condition for all, or an array of length `num_samples`. A generator that takes
            weights over classes takes labels or weights in all these forms, one mixture for all as (1, classes). Several
            conditions are a dict of arrays, each with one row for all, or all of one length. For a generator that translates,
            "real": the sources of the data; or an array of sources, with `real` the targets alone. Default: "real".
        paired: Bool, for a generator that translates, whether each source and its target in `real` belong together: then metrics
            of pairs (`PSNR`, `SSIM`) compare each image with its target; else they are refused. Default: what the GAN says,
            `gan.paired`; False for exports.
        statistics: Of batch normalization, for a GAN: "moving" averages of training, those of each "batch" of at most 64 (dropout
            is then on), or "standing" ones, from 100 batches of 64 latents at this truncation with uniformly random classes. See
            `with_batch_norm_statistics`. Default: the generator's own, usually the moving ones.
        output: Folder for `results.jsonl`, to which a line is added for each metric and analysis, and `report.html`, which shows
            everything and needs no other file. It is made first. If a file cannot be written later, a warning names it, and the
            result still has everything. Default: none.
        analyses: Names, as above, or a dict of names and their options: `{"neighbors": {"k": 3}}`. Default: samples.
        extractor: `FeatureExtractor` for the analyses. Default: the first of the metrics' extractors that classifies, or else the
            first.
        progress: Bool, whether to show a progress bar. Default: True.

    Returns:
        `EvaluationResult`: `figures`, `records` with protocols, `analyses`, `skipped`, `failed`.

    Raises:
        ValueError: before anything is computed, if an argument does not fit, or `output` cannot be made; later, if a metric
            raises it.

    Example:

    ```python
    metrics = [keras_gans.metrics.FID(extractor), keras_gans.metrics.PrecisionRecall(extractor)]
    result = keras_gans.evaluation.evaluate(
        gan, images, metrics, num_samples=100, analyses=["samples", "neighbors"], output="runs/evaluation"
    )
    print(list(result.figures))  # ['fid', 'precision', 'recall']
    ```
    """
    check_bools(progress=progress)
    options = SamplingOptions(num_samples, batch_size, seed, truncation, statistics=statistics)
    generator = load_generator(generator)
    analyses = checks.checked_analyses(analyses, _FUNCTIONS)
    paired = _paired(paired, generator)
    metrics = checks.checked_metrics(metrics, num_samples, generator, paired)
    checks.check_extractor(extractor)
    real = RealData(real, batch_size, generator)
    checks.check_real(real, generator, metrics)
    condition = checks.checked_condition(condition, generator, real, metrics, num_samples)
    if generator.translates and condition is not None and len(condition) > 1:
        num_samples, condition = min(num_samples, len(condition)), condition[:num_samples]
    options = dataclasses.replace(options, num_samples=num_samples, condition=condition)
    generator.check(0 if generator.conditional else None, None, truncation, None)
    generator = generator.prepared(options)
    for size in set(options.batch_sizes):
        generator.check_batch_size(size)

    extractor = _default_extractor(metrics) if extractor is None else extractor
    result = EvaluationResult(generator.name, output)  # makes the folder, before anything is computed
    for metric in metrics:
        metric.reset_state()
    kept = extractor if analyses else None
    sample_set = collect_samples(generator, real, metrics, options, kept, bool(analyses), progress, paired)
    try:
        for metric in metrics:
            with _recorded(result, "metric", metric.name):
                _add_metric(result, metric, sample_set.protocol)
        for name, arguments in analyses.items():
            with _recorded(result, "analysis", name):
                result.add_analysis(name, _FUNCTIONS[name](sample_set, **arguments))
    finally:
        result.write_report()
    return result


def _paired(paired, generator):
    """Whether sources and targets belong together."""
    if paired is None:
        return generator.paired
    if paired and not generator.translates:
        raise ValueError(
            f"`paired` needs a generator that translates. Received: paired={paired!r} for {generator.name}. Leave it out."
        )
    return bool(paired)


@contextlib.contextmanager
def _recorded(result, kind, name):
    """Records the failure of a metric or an analysis, and warns of it, so that the others go on."""
    try:
        yield
    except NotApplicable as reason:
        result.add_skipped(name, reason)
    except Exception as error:
        result.add_failed(kind, name, error)
        warnings.warn(f"The {kind} {name} failed; the others go on. {result.failed[name]}", RuntimeWarning, stacklevel=4)


def _add_metric(result, metric, sampling):
    figures = {name: float(np.asarray(value)) for name, value in results_of(metric).items()}
    result.add_metric(metric.name, figures, {**contract_of(metric).protocol, "sampling": sampling})


def _default_extractor(metrics):
    extractors = [metric.extractor for metric in metrics if isinstance(metric, FeatureMetric)]
    return next((extractor for extractor in extractors if extractor.classes is not None), extractors[0] if extractors else None)
