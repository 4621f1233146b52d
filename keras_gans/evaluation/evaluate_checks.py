"""Checks of the arguments of `evaluate`, before anything is computed."""

import inspect

import keras
import numpy as np

from keras_gans.features import FeatureExtractor
from keras_gans.metrics import FeatureMetric
from keras_gans.metrics.gan_metric import as_list_of_metrics
from keras_gans.metrics.gan_metric import check_names
from keras_gans.metrics.gan_metric import contract_of
from keras_gans.metrics.paired_metric import UNPAIRED
from keras_gans.metrics.paired_metric import compares_pairs
from keras_gans.utils.optional import require
from keras_gans.utils.shapes import compatible


def checked_analyses(analyses, functions):
    """The analyses as a dict of names and options, checked against the functions' arguments."""
    if not isinstance(analyses, (dict, list, tuple)):
        remedy = f" Pass [{analyses!r}]." if isinstance(analyses, str) else ""
        raise ValueError(
            f"`analyses` must be a list of names, or a dict of names and their options; () for none. Received: "
            f"analyses={analyses!r}.{remedy}"
        )
    analyses = dict(analyses) if isinstance(analyses, dict) else {name: {} for name in analyses}
    unknown = [name for name in analyses if name not in functions]
    if unknown:
        raise ValueError(f"`analyses` must be names from {tuple(functions)}. Received: {unknown}")
    for name, options in analyses.items():
        if not isinstance(options, dict):
            raise ValueError(f"The options of an analysis are a dict of names and values. Received: {{{name!r}: {options!r}}}")
        known = list(inspect.signature(functions[name]).parameters)[1:]
        if not set(options) <= set(known):
            raise ValueError(f"The analysis {name} has the options {known}. Received: {options}")
        if name in ("clusters", "linear_probe", "encoder_probe"):
            require("sklearn", "examples", f"The analysis {name}")
        if name == "codes":
            require("scipy.optimize", "examples", f"The analysis {name}")
    return analyses


def checked_metrics(metrics, num_samples, generator, paired):
    """The metrics as a list, checked: none needs a target for each image unless there are pairs, and `num_samples` suffice."""
    metrics = as_list_of_metrics(metrics)
    for metric in metrics:
        if not isinstance(metric, keras.metrics.Metric):
            raise ValueError(f"`metrics` must be a list of metrics, such as keras_gans.metrics.FID. Received: {metric!r}")
        if compares_pairs(metric) and not paired:
            _refuse_pairs(type(metric).__name__, generator)
        if isinstance(metric, FeatureMetric) and metric.extractor is None:
            raise ValueError(f"{metric.name} has no extractor, and there are images, not features. Make it with an extractor.")
        min_samples = contract_of(metric).min_samples
        if num_samples < min_samples:
            raise ValueError(f"{metric.name} needs {min_samples} samples. Received: num_samples={num_samples!r}")
    check_names(metrics)
    return metrics


def _refuse_pairs(metric, generator):
    if not generator.translates:
        raise ValueError(f"{metric} {UNPAIRED}")
    raise ValueError(
        f"{metric} compares each image with the target of its source, and {generator.name} has not learnt from pairs. Leave it "
        "out; or pass paired=True, if the sources and targets of `real` belong together."
    )


def check_extractor(extractor):
    """Raises if this is neither an extractor nor None."""
    if extractor is not None and not isinstance(extractor, FeatureExtractor):
        raise ValueError(
            f"`extractor` must be a keras_gans.metrics.features.FeatureExtractor. Received: {extractor!r}. "
            "A Keras classifier becomes one with features.ClassifierFeatures(model)."
        )


def check_real(data, generator, metrics):
    """Raises if real images do not fit the generated ones, or are missing, or too few."""
    wanted = tuple(generator.image_shape)
    if data.batch_shape is not None and not compatible(data.image_shape, wanted):
        if compatible(data.batch_shape, wanted):
            raise ValueError(
                f"`real` is not in batches. Received: single examples {data.batch_shape}. Use `dataset.batch(64)`; for an "
                "array, image[None]."
            )
        raise ValueError(
            f"Real images must have the shape of generated ones, {wanted}. Received: {data.image_shape}. "
            "Resize them with keras_gans.data.images(real, size=...)."
        )
    missing = [m.name for m in metrics if _needs_real(m)]
    if data.image_shape is None and missing:
        raise ValueError(f"{missing} need real images. Pass `real`, or make them with `real`.")
    for metric in metrics if data.count is not None else ():
        if isinstance(metric, FeatureMetric) and _needs_real(metric) and data.count < metric.min_samples:
            raise ValueError(f"{metric.name} needs {metric.min_samples} real images. Received: {data.count} in `real`.")


def _needs_real(metric):
    """Whether a metric has no figures unless `evaluate` feeds it real images."""
    contract = contract_of(metric)
    return contract.uses_real and not contract.knows_real and not contract.separate_sides


def checked_condition(condition, generator, data, metrics, num_samples):
    """The condition as an array, one for all samples or one for each; None for the labels of real images, or for no condition."""
    from_labels = isinstance(condition, str) and condition == "real"
    if generator.translates:
        return _checked_sources(None if from_labels else condition, generator, data, metrics)
    for metric in metrics:
        if contract_of(metric).needs_labels and generator.several:
            raise ValueError(f"{metric.name} needs one label for each image, and {generator.name} takes several. Leave it out.")
        unlabeled = data.image_shape is not None and not data.labeled and _needs_real(metric)
        if contract_of(metric).needs_labels and (unlabeled or not generator.conditional):
            raise ValueError(f"{metric.name} needs a conditional generator, and real images with labels.")
    if not generator.conditional:
        if condition is not None and not from_labels:
            raise ValueError(f"{generator.name} takes no condition. Leave `condition` out.")
        return None
    if from_labels:
        if not data.labeled:
            raise ValueError(f"{generator.name} is conditional. Pass real images with labels, or `condition`.")
        return None
    if condition is None:
        raise ValueError(f'{generator.name} is conditional. `condition` must be "real", or an array. Received: None')
    return generator.one_array(condition, num_samples)


def _checked_sources(sources, generator, data, metrics):
    """Sources that are given, `(n, ...)`; None for those of the data."""
    for metric in metrics:
        if contract_of(metric).needs_labels:
            raise ValueError(f"{metric.name} needs labels, and {generator.name} makes images of sources. Leave it out.")
    if sources is None:
        if not data.labeled:
            raise ValueError(
                f"{generator.name} makes images of sources. Pass `real` with them: batches of (source, target), or a pair of "
                "arrays. Received: images alone. Or pass the sources as `condition`."
            )
        return None
    sources = np.asarray(sources)
    generator.check_sources(sources)
    return sources[None] if sources.ndim == len(generator.source_shape) else sources
