"""Latents in parts: noise, categories and continuous codes, in one vector."""

import itertools

import numpy as np
import tensorflow as tf

from keras_gans.latents.latents import Latents
from keras_gans.latents.uniform import Uniform
from keras_gans.utils import random
from keras_gans.utils.integers import check_categories
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int


class Coded(Latents):
    """Structured latents: noise, then categories as one-hot rows, then continuous codes, joined in one vector.

    z = [noise | one-hot of c_1 | ... | one-hot of c_K | u],   c_k uniform over its categories,   u ~ U(-1, 1) each

    InfoGAN's generator computes from them, and its discriminator finds the codes, c and u, again in the images. `split` names
    the parts, and `join` makes latents of chosen codes, for `gan.generate(latents=...)`.

    Args:
        noise: Int, how many values of U(-1, 1) carry no code; or `keras_gans.latents.Latents` of shape `(n,)` that draws them,
            such as `Normal(62)`, which then takes the truncation; codes are never truncated. Default: 62.
        categories: Tuple of ints, how many categories each categorical code has. Default: (10,).
        continuous: Int, number of continuous codes. Default: 2.

    Attributes:
        shape: Tuple, `(width,)`: the sum of all parts, 74 with the defaults.

    Raises:
        ValueError: if a number is out of range, or the noise is not a vector.

    Example:

    ```python
    prior = keras_gans.latents.Coded(noise=62, categories=(10,), continuous=2)
    parts = prior.split(prior.sample(16, seed=(0, 1)))
    print(parts["noise"].shape, parts["categories"][0].shape, parts["continuous"].shape)  # (16, 62) (16, 10) (16, 2)
    z = prior.join(noise=parts["noise"][:1], categories=[range(10)], continuous=[0.0, 0.5], seed=0)
    print(z.shape)  # (10, 74); each category once, all else the same
    ```

    Reference:
        Chen et al., InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets (2016),
        arXiv:1606.03657, section 7.2 and the authors' code (openai/InfoGAN), whose latents for digits are the defaults.
    """

    def __init__(self, noise=62, categories=(10,), continuous=2):
        self.noise = Uniform(noise) if is_int(noise) and noise > 0 else noise
        if not isinstance(self.noise, Latents) or len(self.noise.shape or ()) != 1:
            raise ValueError(f"`noise` must be an int >= 1, or Latents of shape (n,). Received: noise={noise!r}")
        check_categories(categories)
        check_ints(0, continuous=continuous)
        self.categories = tuple(categories)
        self.continuous = continuous
        self.truncatable = self.noise.truncatable
        self.truncation_form = self.noise.truncation_form
        self._widths = (*self.noise.shape, *self.categories, continuous)
        super().__init__(sum(self._widths))

    def sample(self, batch_size, seed, truncation=None):
        parts = [self.noise.sample(batch_size, random.fold_in(seed, "noise"), truncation)]
        for k, count in enumerate(self.categories):
            chosen = random.uniform((batch_size,), random.fold_in(seed, "category", k), 0.0, float(count))
            parts.append(tf.one_hot(tf.cast(chosen, tf.int32), count))
        parts.append(random.uniform((batch_size, self.continuous), random.fold_in(seed, "continuous"), -1.0, 1.0))
        return tf.concat(parts, axis=-1)

    def split(self, z):
        """The parts of latents.

        Args:
            z: Tensor or array `(batch, width)`.

        Returns:
            Dict: "noise" `(batch, n)`; "categories", a list with one-hot rows `(batch, k)` for each categorical code;
            "continuous" `(batch, c)`.

        Raises:
            ValueError: if they have another width.
        """
        if tuple(z.shape[1:]) != self.shape:
            raise ValueError(f"Expected latents of shape (batch, {self.shape[0]}). Received: z of shape {tuple(z.shape)}")
        noise, *categories, continuous = self._parts(z)
        return {"noise": noise, "categories": categories, "continuous": continuous}

    def join(self, noise=None, categories=None, continuous=None, batch_size=None, seed=None):
        """Latents of chosen parts, the inverse of `split`. Parts that are left out are drawn.

        Args:
            noise: Array `(batch, n)`, or one row `(n,)`.
            categories: List with an entry for each categorical code: an int or ints `(batch,)`, the categories' numbers; weights
                over the categories `(batch, k)`, of which one-hot rows are one kind; or None.
            continuous: Array `(batch, c)`, or one row `(c,)`.
            batch_size: Int, how many latents. Default: as many as the longest part; what has one row is for all.
            seed: Int or pair of ints, of what is drawn. Default: a new one.

        Returns:
            Float32 tensor `(batch_size, width)`.

        Raises:
            ValueError: if a part has another width or number of rows, or a category is not one of its code's.
        """
        entries = [None] * len(self.categories) if categories is None else categories
        if not isinstance(entries, (list, tuple)) or len(entries) != len(self.categories):
            example = [[0, 1]] + [None] * (len(self.categories) - 1)
            raise ValueError(
                f"`categories` must be a list with one entry for each of {len(self.categories)} categorical codes. Received: "
                f"categories={categories!r}. For the categories 0 and 1 of the first code, pass {example}."
            )
        given = [
            _rows("noise", noise, self._widths[0]),
            *(_weights(f"categories[{k}]", *entry) for k, entry in enumerate(zip(entries, self.categories, strict=True))),
            _rows("continuous", continuous, self.continuous),
        ]
        lengths = [1 if part is None else len(part) for part in given]
        size = max(lengths) if batch_size is None else batch_size
        check_ints(1, batch_size=size)
        if not set(lengths) <= {1, size}:
            raise ValueError(
                f"Each part must have one row, or {size}, one for each of the latents. Received: {lengths} rows of noise, "
                "categories and continuous codes."
            )
        drawn = self._parts(self.sample(size, random.make_seed(seed)))
        parts = [draw if part is None else np.broadcast_to(part, draw.shape) for part, draw in zip(given, drawn, strict=True)]
        return tf.concat(parts, axis=-1)

    def _parts(self, z):
        ends = itertools.accumulate(self._widths)
        return [z[:, end - width : end] for width, end in zip(self._widths, ends, strict=True)]


def _rows(name, values, width):
    """Values for one part as float32 rows `(batch, width)`."""
    if values is None:
        return None
    rows = np.atleast_2d(np.asarray(values, "float32"))
    if rows.ndim != 2 or rows.shape[1] != width or not len(rows):
        raise ValueError(f"`{name}` must have the shape (batch, {width}), or ({width},). Received: shape {np.shape(values)}")
    return rows


def _weights(name, entry, count):
    """Categories for one code as rows of weights `(batch, count)`."""
    numbers = None if entry is None else np.asarray(entry)
    if numbers is None or numbers.ndim > 1 or not np.issubdtype(numbers.dtype, np.integer):
        return _rows(name, numbers, count)
    if numbers.size and (numbers.min() < 0 or numbers.max() >= count):
        raise ValueError(f"`{name}` must be categories from 0 to {count - 1}. Received: {name}={entry!r}")
    return _rows(name, np.eye(count)[numbers], count)
