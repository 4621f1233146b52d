"""Analyses that draw images of their own: samples, interpolation, path length, truncation."""

import dataclasses

import numpy as np

from keras_gans.evaluation.analyses.interpolation import interpolate
from keras_gans.evaluation.analyses.path_length import perceptual_path_length
from keras_gans.evaluation.analyses.truncation import VALUES
from keras_gans.evaluation.analyses.truncation import truncation_curve
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.report import html_blocks
from keras_gans.evaluation.report.svg_curve import curve
from keras_gans.metrics import real_statistics

_ROWS = 20  # classes that a page shows


def samples(sampled, columns=10, rows=6):
    """A grid; a row for each class, of the same latents, of a conditional generator."""
    if not sampled.picturable:
        raise NotApplicable(f"Samples of shape {sampled.generator.image_shape} are no pictures.")
    if sampled.classes is None:
        images = sampled.images[: rows * columns]
        caption = f"The first {len(images)} samples"
    else:
        rows = min(sampled.classes, _ROWS)
        arguments = {"truncation": sampled.truncation, "seed": sampled.seed}
        conditions = [np.full((columns, *sampled.conditions.shape[1:]), label) for label in range(rows)]
        images = np.concatenate([sampled.generator.generate(columns, condition=each, **arguments) for each in conditions])
        caption = f"A row for each of the classes 0 to {rows - 1}"
    block = html_blocks.images(images, columns=columns, caption=caption)
    return AnalysisResult({}, [block], images, sampled.sampling())


def interpolation(sampled, rows=4, steps=9):
    """Rows of images between pairs of latents, on straight lines and on arcs."""
    _refuse_batch_statistics(sampled)
    if not sampled.picturable:
        raise NotApplicable(f"Samples of shape {sampled.generator.image_shape} are no pictures.")
    start, end = _pairs(sampled, rows)
    generator, conditions = sampled.generator.at(sampled.truncation), _conditions(sampled, rows)
    found = {method: interpolate(generator, start, end, steps, method, conditions) for method in ("lerp", "slerp")}
    blocks = [
        html_blocks.images(images.reshape(-1, *images.shape[2:]), columns=steps, caption=method)
        for method, images in found.items()
    ]
    return AnalysisResult({}, blocks, found, sampled.sampling(steps=steps))


def path_length(sampled, pairs=500, epsilon=1e-2):
    """Perceptual path length in pixels."""
    _refuse_batch_statistics(sampled)
    start, end = _pairs(sampled, pairs)
    method = "slerp" if sampled.generator.truncatable else "lerp"
    found = perceptual_path_length(
        sampled.generator.at(sampled.truncation),
        start,
        end,
        epsilon,
        method,
        condition=_conditions(sampled, pairs),
        seed=sampled.seed,
        batch_size=sampled.batch_size,
    )
    figures = {"path_length": found.mean, "path_length_std": found.standard_deviation}
    protocol = sampled.sampling(pairs=pairs, epsilon=epsilon, path=method, distance="squared Euclidean, of pixels in [-1, 1]")
    return AnalysisResult(figures, [], found, protocol)


def truncation(sampled, values=VALUES):
    """Fidelity against variety."""
    if not sampled.generator.truncatable:
        raise NotApplicable("The generator has no truncation.")
    sampled.need(real_outputs="features of real images, which need an extractor")
    statistics = real_statistics(None, sampled.real_outputs["features"])
    points = truncation_curve(
        sampled.generator,
        sampled.extractor,
        dataclasses.replace(statistics, protocol=dict(sampled.extractor.protocol)),
        values,
        sampled.num_samples,
        sampled.batch_size,
        sampled.seed,
        sampled.conditions,
        sampled.statistics,
    )
    names = [str(point["truncation"]) for point in points]
    blocks = [html_blocks.table([point.values() for point in points], header=list(points[0]))]
    if "inception_score" in points[0]:
        pairs = [(point["fid"], point["inception_score"]) for point in points]
        blocks.append(curve(pairs, "FID (lower is better)", "inception score (higher is better), by truncation", names))
    pairs = [(point["recall"], point["precision"]) for point in points]
    blocks.append(curve(pairs, "recall: variety", "precision: fidelity, by truncation", names))
    protocol = sampled.sampling(form="t * TN(-2, 2)") | sampled.extractor.protocol
    del protocol["truncation"]
    protocol["samples"] = {"generated": sampled.num_samples, "real": statistics.count}
    return AnalysisResult({"curve": points}, blocks, points, protocol)


def _refuse_batch_statistics(sampled):
    if sampled.generator.protocol.get("statistics") == "batch":
        raise NotApplicable("With the statistics of batches an image is no function of its latents alone.")


def _pairs(sampled, count):
    """Start and end latents."""
    sides = [sampled.generator.draw_latents(count, (sampled.seed, number), sampled.truncation) for number in (1, 2)]
    if sides[0] is None:
        raise NotApplicable("The prior of the generator's latents is not known from outside.")
    return sides


def _conditions(sampled, count):
    """Conditions for `count` images, those of the samples again and again."""
    if sampled.conditions is None:
        return None
    return sampled.conditions[np.arange(count) % len(sampled.conditions)]
