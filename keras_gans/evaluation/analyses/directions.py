"""The directions of the latents along which a generator changes most."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from keras_gans.export.sampler import Sampler
from keras_gans.hub import SignatureLayer
from keras_gans.latents import Uniform
from keras_gans.utils import random
from keras_gans.utils.conditions import rows_of
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints

_CHUNK = 64
_SIDE = 16  # pixels of a side that features are made smaller to
_RANK = 1e-10  # of the largest variance: what is below is rounding


@dataclasses.dataclass(frozen=True, eq=False)
class PrincipalDirections:
    """What `principal_directions` and `generator_directions` found.

    directions  float32 `(k, *latent_shape)`, of unit length
    scales      float32 `(k,)`: the standard deviation of the latents along each
    explained   float32 `(k,)`: the fraction of the variance of the features along each principal component
    bounds      pair of floats that moved latents are clipped to, those of a uniform prior; None: they are not
    source      string, the origin of the features: the name of a layer, or "images"; None where they were given

    Example:

    ```python
    latents = np.random.default_rng(0).normal(size=(100, 2))
    found = keras_gans.evaluation.principal_directions(latents * [2.0, 1.0], latents)
    moved = found.move(latents, [1.5, 0.0])  # one and a half deviations along the first, none along the second
    print(moved.shape)  # (100, 2)
    ```
    """

    directions: np.ndarray
    scales: np.ndarray
    explained: np.ndarray
    bounds: tuple | None = None
    source: str | None = None

    def move(self, latents, amounts):
        """Latents moved along the first directions: z + sum of a_k scale_k u_k.

        Args:
            latents: Array `(n, *latent_shape)`.
            amounts: At most k floats, in scales. A prior reaches about -3 to 3.

        Returns:
            Float32 NumPy array of the shape of `latents`.

        Raises:
            ValueError: if there are more amounts than directions.
        """
        amounts = np.asarray(amounts, "float32")
        if amounts.ndim != 1 or len(amounts) > len(self.scales):
            raise ValueError(f"`amounts` must be at most {len(self.scales)} numbers, one a direction. Received: {amounts.size}")
        count = len(amounts)
        shift = np.tensordot(amounts * self.scales[:count], self.directions[:count], axes=1)
        moved = np.asarray(latents, "float32") + shift
        return moved if self.bounds is None else np.clip(moved, *np.float32(self.bounds))


def principal_directions(features, latents, count=10):
    """The directions of latents that belong to the principal components of features of a network (GANSpace).

    Y = features, centred;   x_k = Y v_k, the coordinates along the principal component k
    u_k = Z^T x_k / ||x_k||^2, by least squares from coordinates to latents;   directions are u_k / ||u_k||

    The largest entry of a direction is positive. For a linear layer y = W z + b of isotropic latents they are the right singular
    vectors of W, in order, which SeFa computes in closed form.

    Args:
        features: Array `(n, ...)`, of a layer, say.
        latents: Array `(n, *latent_shape)`, which they were made of. Some thousands are better than some hundreds: the error of
            a direction falls as sqrt(d / n).
        count: Int. Default: 10. It is limited by the dimensions of the latents, and by those in which the features vary.

    Returns:
        `PrincipalDirections` of at most `count` directions, computed in float64.

    Raises:
        ValueError: if there is not one row of features for each of the latents, or fewer than 2; if they are not finite, or do
            not vary.

    Example:

    ```python
    latents = np.random.default_rng(0).normal(size=(1000, 3))
    features = latents @ np.diag([3.0, 2.0, 1.0])
    found = keras_gans.evaluation.principal_directions(features, latents, count=2)
    print(found.directions.shape, found.scales.shape)  # (2, 3) (2,)
    ```

    Reference:
        Härkönen et al., GANSpace: Discovering Interpretable GAN Controls (2020), arXiv:2004.02546, with harskish/ganspace;
        Shen, Zhou, Closed-Form Factorization of Latent Semantics in GANs (2020), arXiv:2007.06600 (SeFa).

    Differences: all features at once, where the authors' code adds batches to an incremental PCA.
    """
    check_ints(1, count=count)
    features, latents = np.asarray(features, "float64"), np.asarray(latents, "float64")
    if len(features) != len(latents) or len(latents) < 2:
        raise ValueError(
            "Expected one row for each of the latents, at least 2 of them. Received: features of shape "
            f"{features.shape} and latents of shape {latents.shape}"
        )
    check_finite(features, "`features`")
    check_finite(latents, "`latents`")
    shape = latents.shape[1:]
    features, latents = (_centred(values.reshape(len(values), -1)) for values in (features, latents))
    coordinates, variances, total = _principal_components(features, min(count, latents.shape[1]))
    if not len(variances):
        raise ValueError("The features do not vary: they are the same for all latents. There is no direction to find.")
    directions = (latents.T @ coordinates / variances).T
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    largest = np.argmax(np.abs(directions), axis=1)
    directions *= np.sign(directions[np.arange(len(directions)), largest])[:, None]
    return PrincipalDirections(
        np.float32(directions.reshape(-1, *shape)),
        np.float32(np.std(latents @ directions.T, axis=0)),
        np.float32(variances / total),
    )


def generator_directions(generator, condition=None, truncation=None, count=10, num_samples=1000, seed=0):
    """The principal directions of a generator: `principal_directions` of its first layer, or of its images.

    The first layer is the first one with weights that depends on every coordinate of the latents; a batch in which each
    coordinate is changed in turn shows this. (BigGAN feeds only a part of the latents to each of its first layers.) If the layers
    are not accessible, as in an export or a module, the features are the images. Features of images and of layers like them are
    made smaller, to 16 x 16 at most.

    Args:
        generator: What `load_generator` returns.
        condition: One condition for all latents, or one for each of `num_samples`. Directions belong to one class, as in
            GANSpace, where they worked for other classes too.
        truncation: Float, as `generate` takes it. Default: None.
        count: Int. Default: 10.
        num_samples: Int. Default: 1000.
        seed: Int, or a pair of ints, of the latents. Default: 0.

    Returns:
        `PrincipalDirections`, whose `move` keeps the latents of a uniform prior in its cube.

    Raises:
        ValueError: as `principal_directions`; if the generator takes no latents; if a condition or truncation does not fit.

    Example:

    ```python
    generator = keras_gans.evaluation.load_generator(gan)
    found = keras_gans.evaluation.generator_directions(generator, count=3, num_samples=50)
    moved = found.move(generator.draw_latents(4, seed=1), [2.0])
    images = generator.generate(4, latents=moved)
    ```

    Reference:
        Härkönen et al. (2020), arXiv:2004.02546, section 2.2: BigGAN's directions are those of its first linear layer.
    """
    check_ints(1, count=count)
    random.make_seed(seed)
    check_ints(2, num_samples=num_samples)
    sampler = getattr(generator, "sampler", None)
    if not isinstance(sampler, Sampler):
        raise ValueError(
            f"{generator.name} takes no latents that could be drawn here. Expected what load_generator returns of a GAN, an "
            "export or a published generator."
        )
    if sampler.latent_shape is None:
        raise ValueError(
            f"Directions need latents, and {generator.name} has none: it makes images of a source. Take a generator of latents."
        )
    generator.check(condition, None, truncation, seed)
    latents = sampler.draw_latents(num_samples, seed, truncation)
    if condition is not None:
        condition = generator.condition_rows(condition, num_samples)
    layer = _first_layer(sampler, latents[:1], rows_of(condition, slice(0, 1)), truncation)
    run = tf.function(_runner(sampler, truncation, layer), reduce_retracing=True, autograph=False)
    chunks = [slice(start, start + _CHUNK) for start in range(0, num_samples, _CHUNK)]
    features = np.concatenate([_small(run(latents[chunk], rows_of(condition, chunk)).numpy()) for chunk in chunks])
    found = principal_directions(features, latents, count)
    prior = sampler.latents
    bounds = (prior.low, prior.high) if isinstance(prior, Uniform) else None
    return dataclasses.replace(found, bounds=bounds, source="images" if layer is None else layer.name)


def _centred(rows):
    return rows - rows.mean(axis=0)


def _principal_components(rows, count):
    """Coordinates `(n, k)` of centred rows along their first components, the sums of their squares, and that of all."""
    wide = rows.shape[1] > len(rows)
    values, vectors = np.linalg.eigh(rows @ rows.T if wide else rows.T @ rows)
    values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
    total = np.sum(rows**2)
    kept = values > _RANK * max(total, np.finfo("float64").tiny)
    values, vectors = values[kept], vectors[:, kept]
    return (vectors * np.sqrt(values) if wide else rows @ vectors), values, total


def _first_layer(sampler, latent, condition, truncation):
    """The first layer with weights that depends on every coordinate of the latents; None if no such layer is accessible."""
    size = int(np.prod(sampler.latent_shape))
    one_changed = np.concatenate([np.zeros((1, size)), np.eye(size)]).reshape(-1, *sampler.latent_shape)
    latents = latent + tf.constant(one_changed, tf.float32)
    condition = tf.nest.map_structure(lambda value: None if value is None else tf.repeat(value, len(latents), axis=0), condition)
    for layer in sampler.network.layers:
        if isinstance(layer, (SignatureLayer, keras.Model)):  # inner layers are not part of the network's own graph
            return None
        if not layer.weights or not _has_one_output(layer):
            continue
        made = _runner(sampler, truncation, layer)(latents, condition).numpy().reshape(len(latents), -1)
        if len(made) == len(latents) and (made[1:] != made[:1]).any(axis=1).all():
            return layer
    return None


def _has_one_output(layer):
    try:
        return isinstance(layer.output, keras.KerasTensor)
    except (AttributeError, ValueError):  # never called, or more than once
        return False


def _runner(sampler, truncation, layer):
    """A function of latents and conditions to the output of a layer, float32, or to images."""
    if layer is None:
        return lambda latents, condition: sampler.run(latents, condition, truncation)
    part = keras.Model(sampler.network.inputs, layer.output)

    def run(latents, condition):
        values = sampler.inputs.values(latents, condition, truncation)
        return tf.cast(part(keras.tree.flatten(values), training=False), tf.float32)

    return run


def _small(features):
    """Features `(n, height, width, channels)` as means over areas, 16 x 16 at most; any others as they are."""
    if features.ndim != 4 or max(features.shape[1:3]) <= _SIDE:
        return features
    size = [min(side, _SIDE) for side in features.shape[1:3]]
    return tf.image.resize(features, size, "area").numpy()
