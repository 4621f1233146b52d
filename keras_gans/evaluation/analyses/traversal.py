"""Images in which one thing changes from left to right: a code, a principal direction, an attribute."""

import numpy as np

from keras_gans.evaluation.analyses.arithmetic import attribute_vector
from keras_gans.evaluation.analyses.arithmetic import traverse
from keras_gans.evaluation.analyses.directions import generator_directions
from keras_gans.evaluation.analyses.interpolation import generate_grid
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.report import html_blocks
from keras_gans.export import Sampler
from keras_gans.latents import Coded
from keras_gans.utils.conditions import labels_of
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.numbers import check_unit_interval

_DEVIATIONS = 2.0  # how far a latent moves to either side along a principal direction
_ATTRIBUTES = 10  # that a page shows


def traverse_codes(generator, latents, prior, steps=9, reach=1.0, condition=None):
    """Images in which one code changes from left to right, and everything else in a row stays the same: InfoGAN's figure.

    A categorical code goes through its categories, a continuous one from -reach to reach in equal steps.

    Args:
        generator: Anything with `generate(batch_size, condition=None, latents=None)`.
        latents: Array `(n, width)`, one for each row.
        prior: `keras_gans.latents.Coded`, which says where in the latents the codes are.
        steps: Int >= 2, images of a continuous code. Default: 9.
        reach: Float. Training covers 1; the paper's figures go to 2. Default: 1.
        condition: Array `(n, ...)`, one for each row. Default: None.

    Returns:
        Dict: "category 1", "category 2", ..., float32 NumPy arrays `(n, categories, *image_shape)`; "continuous 1", ...,
        `(n, steps, *image_shape)`.

    Raises:
        ValueError: if the prior has no such latents, or an argument is none of the above.

    Example:

    ```python
    gan = keras_gans.InfoGAN()
    rows = keras_gans.evaluation.traverse_codes(gan, gan.latents.sample(2, seed=(0, 1)), gan.latents, steps=5)
    print(list(rows), rows["category 1"].shape)  # ['category 1', 'continuous 1', 'continuous 2'] (2, 10, 28, 28, 1)
    ```

    Reference:
        Chen et al., InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets (2016),
        arXiv:1606.03657, figure 2.
    """
    check_ints(2, steps=steps)
    check_finite_numbers(reach=reach)
    if not isinstance(prior, Coded):
        raise ValueError(f"`prior` must be keras_gans.latents.Coded, whose codes are known. Received: prior={prior!r}")
    parts = prior.split(np.asarray(latents, "float32"))

    def images(versions):
        """Images of latents whose parts are changed, one column for each version."""
        columns = [prior.join(**{**parts, **version}) for version in versions]
        return generate_grid(generator, np.stack(columns, axis=1), condition)

    rows = {}
    for number, count in enumerate(prior.categories):
        versions = [{"categories": _replaced(parts["categories"], number, category)} for category in range(count)]
        rows[f"category {number + 1}"] = images(versions)
    for number in range(prior.continuous):
        versions = []
        for value in np.linspace(-reach, reach, steps):
            codes = parts["continuous"].copy()
            codes[:, number] = value
            versions.append({"continuous": codes})
        rows[f"continuous {number + 1}"] = images(versions)
    return rows


def traversal_analysis(
    sample_set, rows=4, steps=9, reach=1.0, directions=3, direction_samples=1000, correlation=0.3, vectors=None
):
    """Rows of images along each code, the first principal directions, the vectors that are given, and attributes.

    Attributes come from the real images' labels, if there is an encoder: the vector of each class is its mean latent minus that
    of all others. With labels `(n, attributes)`, which are positive where an attribute is present, the vectors of other
    attributes are projected out if the absolute correlation of their labels is at least `correlation`. An attribute of which
    nothing is left is skipped, and the report says why. Rows begin with real images, as the encoder sees them.
    """
    check_unit_interval(correlation=correlation)
    sample_set.need_images_of_latents()
    sample_set.need_pictures()
    start, conditions = sample_set.latent_pairs(rows)[0], sample_set.conditions_for(rows)
    adapter, options = sample_set.generator, sample_set.options
    generator, figures, result = adapter.at(options.truncation), {}, {}
    if adapter.coded_latents is not None:
        for name, images in traverse_codes(generator, start, adapter.coded_latents, steps, reach, conditions).items():
            result[name if name.startswith("category") else f"{name}, from {-reach:g} to {reach:g}"] = images
    if directions and isinstance(getattr(adapter, "sampler", None), Sampler):
        condition = None if conditions is None else conditions[:1]
        arguments = {"num_samples": direction_samples, "seed": options.seed}
        found = generator_directions(adapter, condition, options.truncation, directions, **arguments)
        for number, explained in enumerate(found.explained):
            amounts = np.linspace(-_DEVIATIONS, _DEVIATIONS, steps)
            moved = np.stack([found.move(start, [0.0] * number + [amount]) for amount in amounts], axis=1)
            name = f"principal direction {number + 1} of {found.source}, from {-_DEVIATIONS:g} to {_DEVIATIONS:g} deviations"
            result[f"{name}, {explained:.1%} of the variance"] = generate_grid(generator, moved, conditions)
            figures[f"explained_{number + 1}"] = float(explained)
    amounts = np.linspace(-1.0, 1.0, steps)
    for name, vector in (vectors or {}).items():
        result[f"{name}, from -1 to 1 times the vector"] = traverse(generator, start, vector, amounts, conditions)
    codes, attributes, left_out = _attributes(sample_set, correlation)
    for name, vector in attributes.items():
        result[f"{name}, real images from -1 to 1 times the vector"] = traverse(generator, codes[:rows], vector, amounts)
    reasons = [f"{name}: {reason}" for name, reason in left_out.items()]
    if not result and not reasons:
        raise NotApplicable("The generator's codes and network are not accessible, and no `vectors` are given.")
    if not result:
        raise NotApplicable(" ".join(reasons))
    blocks = [
        html_blocks.images(images.reshape(-1, *images.shape[2:]), columns=images.shape[1], caption=name.capitalize())
        for name, images in result.items()
    ]
    blocks += [html_blocks.paragraph(f"Left out: {reason}") for reason in reasons]
    chosen = {"steps": steps, "reach": reach, "direction_samples": direction_samples, "correlation": correlation}
    protocol = sample_set.protocol | chosen
    return AnalysisResult(figures, blocks, result, protocol)


def _replaced(categories, number, category):
    return [category if place == number else part for place, part in enumerate(categories)]


def _attributes(sample_set, correlation):
    """The latents of real images, the vectors of attributes by name, and the reasons why others have none; empty without any."""
    unconditional = not sample_set.generator.conditional
    if not (unconditional and sample_set.finds_latents and sample_set.real is not None and sample_set.labels is not None):
        return None, {}, {}
    codes = sample_set.generator.encode(sample_set.real)
    labels = sample_set.labels[: len(codes)]
    labels = labels_of(labels, labels.shape[1] if labels.ndim == 2 else None)
    if labels.ndim > 2:
        return codes, {}, {}
    if labels.ndim == 2:
        present = {f"attribute {number}": column > 0 for number, column in enumerate(labels.T)}
    else:
        present = {f"class {label} against the others": labels == label for label in np.unique(labels)}
    present = {name: mask for name, mask in present.items() if mask.any() and not mask.all()}
    vectors = {name: attribute_vector(codes[mask], codes[~mask]) for name, mask in present.items()}
    shown = list(vectors)[:_ATTRIBUTES]
    if labels.ndim == 1:
        return codes, {name: vectors[name] for name in shown}, {}
    projected, left_out = {}, {}
    for name in shown:
        mask = present[name]
        others = [vectors[other] for other in vectors if other != name and _correlated(mask, present[other], correlation)]
        try:
            projected[name] = attribute_vector(codes[mask], codes[~mask], others)
        except ValueError as error:
            left_out[name] = str(error)
    return codes, projected, left_out


def _correlated(first, second, least):
    """Whether two columns of booleans, neither of which is constant, correlate by `least` or more, in either direction."""
    return abs(np.corrcoef(first, second)[0, 1]) >= least
