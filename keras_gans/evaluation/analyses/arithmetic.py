"""Arithmetic with what latents stand for."""

import numpy as np

from keras_gans.evaluation.analyses.interpolation import generate_grid
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_not_negative

_NOTHING = 1e-6  # of a vector's length: what float32 latents leave of a vector that others explain


def arithmetic(a, b, c):
    """mean(a) - mean(b) + mean(c), over the first axis.

    "Smiling woman - neutral woman + neutral man". The paper averages three examples of each concept: single ones were unstable.
    For latents, the result is a latent. For images, it is a control, which shows what arithmetic of pixels would give.

    Args:
        a, b, c: Float arrays `(n, ...)`, examples of each concept; n may differ.

    Returns:
        Float32 NumPy array `(...)`.

    Raises:
        ValueError: if the shapes of examples differ.

    Example:

    ```python
    z = gan.latents.sample(9, seed=(0, 1))
    latent = keras_gans.evaluation.arithmetic(z[:3], z[3:6], z[6:])
    print(latent.shape)  # (6,)
    ```

    Reference:
        Radford et al., Unsupervised Representation Learning with Deep Convolutional GANs (2015), arXiv:1511.06434; matches
        arithmetic.lua in soumith/dcgan.torch.
    """
    _check("a", a, "b", b)
    _check("a", a, "c", c)
    mean_a, mean_b, mean_c = (np.mean(examples, axis=0, dtype="float64") for examples in (a, b, c))
    return (mean_a - mean_b + mean_c).astype("float32")


def noise_panel(latent, noise=0.25, count=9, seed=0):
    """A latent and others around it, itself plus uniform noise in (-noise, noise), with the latent in the middle.

    Args:
        latent: Array `(*latent_shape)`.
        noise: Float. Default: 0.25, the paper's.
        count: Int, odd; 9 make the paper's 3x3 panel. Default: 9.
        seed: Int. Default: 0.

    Returns:
        Float32 NumPy array `(count, *latent_shape)`; the one in the middle is the latent itself.

    Raises:
        ValueError: if `count` is even.

    Example:

    ```python
    latents = keras_gans.evaluation.noise_panel(np.zeros(6))
    images = gan.generate(9, latents=latents)
    print(latents.shape, latents[4])  # (9, 6) [0. 0. 0. 0. 0. 0.]
    ```
    """
    check_ints(1, count=count)
    check_not_negative(noise=noise)
    check_ints(0, seed=seed)
    if count % 2 != 1:
        raise ValueError(f"`count` must be odd, to have a middle. Received: count={count!r}")
    latent = np.asarray(latent, "float32")
    offsets = np.random.default_rng(seed).uniform(-noise, noise, (count, *latent.shape))
    offsets[count // 2] = 0.0
    return latent + offsets.astype("float32")


def arithmetic_panel(generator, a, b, c, noise=0.25, seed=0, condition=None):
    """The paper's figure of arithmetic: a panel of nine images around the result, and the control in pixels.

    Args:
        generator: Anything with `generate(batch_size, condition=None, latents=None)`.
        a, b, c: Arrays `(n, *latent_shape)`, latents of each concept; three each in the paper.
        noise: Float, of the eight images around the middle. Default: 0.25.
        seed: Int, of the noise. Default: 0.
        condition: One condition, for all images. Default: None.

    Returns:
        Two float32 NumPy arrays: `(9, *image_shape)`, and the control `(*image_shape)`, clipped to [-1, 1].

    Raises:
        ValueError: if the shapes of latents differ.

    Example:

    ```python
    z = gan.latents.sample(9, seed=(0, 1))  # smiling women, neutral women, neutral men
    panel, control = keras_gans.evaluation.arithmetic_panel(gan, z[:3], z[3:6], z[6:])
    keras_gans.utils.save_images("panel.png", panel)
    print(panel.shape, control.shape)  # (9, 28, 28, 1) (28, 28, 1)
    ```

    Reference:
        Radford et al. (2015), arXiv:1511.06434, section 6.3.2.
    """
    check_not_negative(noise=noise)
    check_ints(0, seed=seed)
    latents = noise_panel(arithmetic(a, b, c), noise, 9, seed)
    examples = [_generate(generator, np.asarray(part, "float32"), condition) for part in (a, b, c)]
    return _generate(generator, latents, condition), np.clip(arithmetic(*examples), -1.0, 1.0)


def attribute_vector(present, absent, others=()):
    """mean(present) - mean(absent): the direction of an attribute in latent space; DCGAN's "turn" vector, of four examples each.

    v - P v, where P projects on the span of `others`: moving along it does not change these attributes.

    Args:
        present, absent: Arrays `(n, ...)`, latents of images with and without the attribute (turned right, turned left).
        others: Vectors `(...)` of attributes that correlate with this one in the data, such as beards with being male: the
            direction is made orthogonal to all of them. Leave out uncorrelated attributes: as many as latents have dimensions
            leave nothing of it. Default: none.

    Returns:
        Float32 NumPy array `(...)`.

    Raises:
        ValueError: if the shapes of latents differ, or nothing of the vector is left: less than 1e-6 of its length.

    Example:

    ```python
    z = gan.latents.sample(8, seed=(0, 1))  # turned to the right, turned to the left
    turn = keras_gans.evaluation.attribute_vector(z[:4], z[4:])
    print(turn.shape)  # (6,)
    ```

    Reference:
        Radford et al. (2015), arXiv:1511.06434; Larsen et al., Autoencoding beyond pixels using a learned similarity metric
        (2016), arXiv:1512.09300.
    """
    _check("present", present, "absent", absent)
    vector = np.mean(present, axis=0, dtype="float64") - np.mean(absent, axis=0, dtype="float64")
    if len(others):
        span = np.stack([np.ravel(other) for other in others], axis=1).astype("float64")
        length = np.linalg.norm(vector)
        vector -= (span @ np.linalg.lstsq(span, vector.ravel(), rcond=_NOTHING)[0]).reshape(vector.shape)
        if np.linalg.norm(vector) < _NOTHING * length:
            raise ValueError(
                f"The {len(others)} others explain the vector: less than {_NOTHING} of its length is left. Latents have "
                f"{vector.size} dimensions. Leave out vectors that are unrelated to the attribute, and any that means the same "
                "or its opposite."
            )
    return vector.astype("float32")


def traverse(generator, latents, vector, amounts=(-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0), condition=None):
    """Images of z + amount * vector: an attribute is added to random samples, and removed from them.

    Args:
        generator: Anything with `generate(batch_size, condition=None, latents=None)`.
        latents: Array `(n, *latent_shape)`.
        vector: Array `(*latent_shape)`, as from `attribute_vector`.
        amounts: Floats. Default: nine from -1 to 1.
        condition: Array `(n, ...)`. Default: None.

    Returns:
        Float32 NumPy array `(n, len(amounts), *image_shape)`.

    Raises:
        ValueError: if the vector does not have the shape of a latent.

    Example:

    ```python
    z = gan.latents.sample(8, seed=(0, 1))
    turn = keras_gans.evaluation.attribute_vector(z[:4], z[4:])
    images = keras_gans.evaluation.traverse(gan, z[:2], turn, amounts=(-1.0, 0.0, 1.0))
    print(images.shape)  # (2, 3, 28, 28, 1)
    ```
    """
    latents, vector = np.asarray(latents, "float32"), np.asarray(vector, "float32")
    if latents.shape[1:] != vector.shape:
        raise ValueError(f"`vector` must have the shape of a latent, {latents.shape[1:]}. Received: {vector.shape}")
    return generate_grid(generator, np.stack([latents + np.float32(amount) * vector for amount in amounts], axis=1), condition)


def _generate(generator, latents, condition):
    return np.asarray(generator.generate(len(latents), condition=condition, latents=latents))


def _check(name, examples, other_name, others):
    if not len(examples) or not len(others) or np.shape(examples)[1:] != np.shape(others)[1:]:
        raise ValueError(
            f"`{name}` and `{other_name}` must be (n, ...) of one shape of examples, n >= 1. "
            f"Received: {np.shape(examples)} and {np.shape(others)}"
        )
