"""Paths between latents and between classes, and the images on them."""

import numpy as np

from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.report import html_blocks
from keras_gans.utils.choices import check_choice
from keras_gans.utils.conditions import class_weights
from keras_gans.utils.integers import check_ints

_PARALLEL = 1e-7  # sines below it: the direction of the arc is lost in rounding


def lerp(start, end, t):
    """The point (1 - t) a + t b of the straight line from a to b.

    Right for uniform priors and for StyleGAN's w. For normal latents of d dimensions its middle has norm sqrt(d / 2), not
    sqrt(d): smaller than in training.

    Args:
        start, end: Arrays `(n, ...)`, a batch of latents, or vectors `(d,)`.
        t: Float, or floats `(n,)`, one a row.

    Returns:
        NumPy array of their shape and float type, computed in float64.

    Raises:
        ValueError: if the shapes differ, or `t` does not fit.

    Example:

    ```python
    print(keras_gans.evaluation.lerp(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5))  # [0.5 0.5]
    ```
    """
    a, b, t, dtype = _prepared(start, end, t)
    return ((1.0 - t) * a + t * b).reshape(np.shape(start)).astype(dtype)


def slerp(start, end, t):
    """The point sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b of the arc from a to b, w the angle between them.

    Weights are those of unit vectors, and the end points keep their norms: for normal latents every point has about the norm
    of the ends. Where sin(w) < 1e-7, it is `lerp`. It leaves the cube of a uniform prior.

    Args:
        start, end, t: As in `lerp`. A latent of several axes is one vector.

    Returns:
        NumPy array of their shape and float type, computed in float64.

    Raises:
        ValueError: if the shapes differ, or `t` does not fit.

    Example:

    ```python
    middle = keras_gans.evaluation.slerp(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5)
    print(f"{np.linalg.norm(middle):.3f}")  # 1.000; as long as the ends
    ```

    Reference:
        Shoemake, Animating Rotation with Quaternion Curves (1985); White, Sampling Generative Networks (2016),
        arXiv:1609.04468.
    """
    a, b, t, dtype = _prepared(start, end, t)
    norms = np.linalg.norm(a, axis=1, keepdims=True) * np.linalg.norm(b, axis=1, keepdims=True)
    cosine = np.sum(a * b, axis=1, keepdims=True) / np.where(norms > 0, norms, 1.0)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    sine = np.sin(angle)
    straight = sine < _PARALLEL
    sine = np.where(straight, 1.0, sine)
    weight_a = np.where(straight, 1.0 - t, np.sin((1.0 - t) * angle) / sine)
    weight_b = np.where(straight, t, np.sin(t * angle) / sine)
    return (weight_a * a + weight_b * b).reshape(np.shape(start)).astype(dtype)


_METHODS = {"lerp": lerp, "slerp": slerp}
_CAPTIONS = {
    "class": "From the class of a sample to the next class, the latents held",
    "class and latents": "From the class of a sample to the next class, the latents on an arc",
}


def path_method(name):
    """The function called "lerp" or "slerp".

    Raises:
        ValueError: for any other name.
    """
    check_choice(_METHODS, method=name)
    return _METHODS[name]


def interpolate(generator, start, end, steps=9, method="slerp", condition=None, truncation=None, end_condition=None):
    """Images on paths between latents, and perhaps between classes, both ends included.

    p(t) of `method` from start to end, and (1 - t) c + t e of the weights over classes, at t = 0, ..., 1

    Args:
        generator: Anything with `generate(batch_size, condition=None, latents=None)`.
        start, end: Arrays `(n, *latent_shape)`, the ends of n paths; equal ends hold the latents while the class changes.
        steps: Int >= 2, images on each path. Default: 9.
        method: "slerp", for normal priors, or "lerp", for uniform ones; DCGAN's figure is "lerp". Default: "slerp".
        condition: Array `(n, ...)`, a condition for each path. Default: None.
        truncation: Float, for generators that take one along with given latents. Default: None.
        end_condition: Array `(n, classes)` of floats, weights over classes at the end of each path, for generators that take
            weights; `condition` has those at the start. Default: None: one condition a path.

    Returns:
        Float32 NumPy array `(n, steps, *image_shape)`.

    Raises:
        ValueError: if the shapes differ, or an argument is none of the above.

    Example:

    ```python
    start, end = gan.latents.sample(4, seed=(0, 1)), gan.latents.sample(4, seed=(0, 2))
    images = keras_gans.evaluation.interpolate(gan, start, end, steps=9)
    print(images.shape)  # (4, 9, 28, 28, 1)
    ```

    Reference:
        Radford et al., Unsupervised Representation Learning with Deep Convolutional GANs (2015), arXiv:1511.06434; of classes
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096.
    """
    check_ints(2, steps=steps)
    path = path_method(method)
    places = np.linspace(0.0, 1.0, steps)
    latents = np.stack([path(start, end, t) for t in places], axis=1)
    if end_condition is None:
        return generate_grid(generator, latents, condition, truncation)
    ends = [np.asarray(weights) for weights in (condition, end_condition)]
    if any(weights.ndim != 2 or weights.dtype.kind != "f" or len(weights) != len(latents) for weights in ends):
        raise ValueError(
            f"With `end_condition`, both conditions are weights over classes, floats ({len(latents)}, classes). Received: "
            f"{[(str(weights.dtype), weights.shape) for weights in ends]}. Convert labels: np.eye(classes)[labels]."
        )
    return _images(generator, latents, np.stack([lerp(*ends, t) for t in places], axis=1), truncation)


def generate_grid(generator, latents, condition=None, truncation=None):
    """Images `(n, steps, *image_shape)` from latents `(n, steps, *latent_shape)`, with one condition for each of the n rows.

    Raises:
        ValueError: if there is another number of conditions.
    """
    count, steps = latents.shape[:2]
    if condition is not None:
        condition = np.asarray(condition)
        if condition.shape[:1] != (count,):
            raise ValueError(f"Expected {count} conditions, one a row of images. Received: shape {condition.shape}")
        condition = np.repeat(condition[:, None], steps, axis=1)
    return _images(generator, latents, condition, truncation)


def _images(generator, latents, condition, truncation):
    """Images of latents and conditions `(n, steps, ...)`."""
    count, steps = latents.shape[:2]
    flat = latents.reshape(count * steps, *latents.shape[2:]).astype("float32")
    condition = None if condition is None else condition.reshape(count * steps, *condition.shape[2:])
    truncated = {} if truncation is None else {"truncation": truncation}
    images = np.asarray(generator.generate(count * steps, condition=condition, latents=flat, **truncated))
    return images.reshape(count, steps, *images.shape[1:])


def interpolation_analysis(sample_set, rows=4, steps=9):
    """Rows of images between pairs of latents, on straight lines and on arcs; and from classes to the next ones.

    Between classes, which takes a generator of weights over classes, the latents are held, or move along arcs.
    """
    sample_set.need_images_of_latents()
    sample_set.need_pictures()
    start, end = sample_set.latent_pairs(rows)
    generator, conditions = sample_set.generator.at(sample_set.options.truncation), sample_set.conditions_for(rows)
    result = {method: interpolate(generator, start, end, steps, method, conditions) for method in ("lerp", "slerp")}
    if sample_set.generator.takes_class_weights and sample_set.generator.classes > 1:
        weights = class_weights(conditions, sample_set.generator.classes)
        classes = {"condition": weights, "end_condition": np.roll(weights, 1, axis=1)}
        result["class"] = interpolate(generator, start, start, steps, **classes)
        result["class and latents"] = interpolate(generator, start, end, steps, **classes)
    blocks = [
        html_blocks.images(images.reshape(-1, *images.shape[2:]), columns=steps, caption=_CAPTIONS.get(name, name))
        for name, images in result.items()
    ]
    return AnalysisResult({}, blocks, result, sample_set.protocol | {"steps": steps})


def _prepared(start, end, t):
    """Float64 matrices of vectors, and `t` as a column."""
    a, b, t = np.asarray(start), np.asarray(end), np.asarray(t, "float64")
    if a.shape != b.shape or not a.ndim:
        raise ValueError(f"`start` and `end` must have one shape, (d,) or (n, ...). Received: {a.shape} and {b.shape}")
    dtype = np.result_type(a, b, np.float16)
    a, b = (x.reshape(1 if x.ndim == 1 else len(x), -1).astype("float64") for x in (a, b))
    if t.shape not in ((), (len(a),)):
        raise ValueError(f"`t` must be a float, or {len(a)} of them. Received: shape {t.shape}")
    return a, b, t.reshape(-1, 1), dtype
