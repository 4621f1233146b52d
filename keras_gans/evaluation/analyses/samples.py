"""A grid of samples."""

import numpy as np

from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.report import html_blocks

_ROWS = 20  # classes that a page shows


def samples_analysis(sample_set, columns=10, rows=6):
    """A grid; a row for each class, of the same latents, of a conditional generator."""
    sample_set.need_pictures()
    if sample_set.classes is None:
        images = sample_set.images[: rows * columns]
        caption = f"The first {len(images)} samples"
    else:
        rows, options = min(sample_set.classes, _ROWS), sample_set.options
        axes = () if sample_set.generator.takes_class_weights else sample_set.conditions.shape[1:]
        conditions = [np.full((columns, *axes), label) for label in range(rows)]
        generate, arguments = sample_set.generator.generate, {"truncation": options.truncation, "seed": options.seed}
        images = np.concatenate([generate(columns, condition=condition, **arguments) for condition in conditions])
        caption = f"A row for each of the classes 0 to {rows - 1}"
    block = html_blocks.images(images, columns=columns, caption=caption)
    return AnalysisResult({}, [block], images, dict(sample_set.protocol))
