"""A grid of samples."""

import numpy as np

from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.report import html_blocks
from keras_gans.utils.side_by_side import is_picture
from keras_gans.utils.side_by_side import side_by_side

_ROWS = 20  # classes that a page shows


def samples_analysis(sample_set, columns=10, rows=6):
    """A grid of samples: a row for each class, with equal latents, if there are classes; translations beside their sources."""
    sample_set.need_pictures()
    if sample_set.generator.translates:
        return _translations(sample_set, columns, rows)
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


def _translations(sample_set, columns, rows):
    """Examples beside each other: the source, its translation, and its target, if it has one."""
    generator, shown = sample_set.generator, {}
    if is_picture(generator.source_shape):
        shown["source"] = sample_set.conditions, generator.source_range
    shown["translation"] = sample_set.images, (-1, 1)
    if sample_set.paired and sample_set.real is not None:
        shown["target"] = sample_set.real, (-1, 1)
    in_a_row = max(columns // len(shown), 1)
    count = min(in_a_row * rows, *(len(images) for images, _ in shown.values()))
    pictures = side_by_side([images[:count] for images, _ in shown.values()], [image_range for _, image_range in shown.values()])
    caption = f"{count} examples, each: {', '.join(shown)}"
    block = html_blocks.images(pictures, columns=in_a_row * len(shown), caption=caption)
    return AnalysisResult({}, [block], sample_set.images[:count], dict(sample_set.protocol))
