"""Images with the styles of one seed in some layers, and of another in all others."""

import numpy as np

from keras_gans.utils import random
from keras_gans.utils.finite import finite_floats
from keras_gans.utils.integers import is_int

# The layers of maps of 4x4 and 8x8, of 16x16 and 32x32, and of larger ones.
_NAMED = {"coarse": slice(0, 4), "middle": slice(4, 8), "fine": slice(8, None)}


def latents_of_seeds(prior, seeds):
    """A row of latents for each seed, as `generate(1, seed=seed)` draws it."""
    return np.concatenate([prior.sample(1, random.make_seed(seed)) for seed in seeds])


class StyleMixing:
    """A mixin for what has a prior, `latents`, `map(latents, condition, truncation)`, `synthesize(styles, noise)`, and a
    `_synthesis`, a `Sampler` whose latents are the styles `(layers, width)`."""

    def named_layers(self):
        """The layers of the synthesis by the names that `mix` takes: a dict to lists. Small images lack some of them."""
        every = list(range(self._synthesis.latent_shape[0]))
        return {name: every[layers] for name, layers in _NAMED.items() if every[layers]}

    def mix(self, seeds_a, seeds_b, layers="coarse", condition=None, truncation=None):
        """Images with the styles of one seed, but in some layers with those of another.

        All images have the generator's fixed noise, so that an image with the styles of one seed is that of its latents.

        Args:
            seeds_a, seeds_b: Lists of seeds, ints or pairs of ints.
            layers: Where the styles are those of b: "coarse", maps of 4x4 and 8x8, the layers 0 to 3; "middle", maps of 16x16 and
                32x32, 4 to 7; "fine", larger ones; or a list of ints. Default: "coarse".
            condition: For a conditional GAN, one for all. Default: none.
            truncation: As for `map`.

        Returns:
            Float32 NumPy array `(len(seeds_a), len(seeds_b), height, width, channels)`.

        Raises:
            ValueError: if there are no seeds, or no such layers; if there are several conditions; and as `map`.
        """
        if not all(hasattr(seeds, "__len__") and len(seeds) and not isinstance(seeds, str) for seeds in (seeds_a, seeds_b)):
            raise ValueError(
                f"`seeds_a` and `seeds_b` must be lists of at least one seed, such as [1]. Received: {seeds_a!r} and {seeds_b!r}"
            )
        chosen = self._chosen(layers)
        self._mapping.checked_condition(condition, 1)
        first, second = (self.map(latents_of_seeds(self.latents, seeds), condition, truncation) for seeds in (seeds_a, seeds_b))
        styles = np.repeat(first[:, None], len(second), axis=1)
        styles[:, :, chosen] = second[None, :, chosen]
        images = self.synthesize(styles.reshape(-1, *styles.shape[2:]), "fixed")
        return images.reshape(len(first), len(second), *images.shape[1:])

    def checked_styles(self, styles):
        """Styles as a float32 array. Raises a ValueError if they have another shape than `map` returns, or hold NaN."""
        styles, wanted = finite_floats(styles, "styles"), self._synthesis.latent_shape
        if styles.shape[1:] != wanted or not len(styles):
            raise ValueError(
                f"`styles` must have shape (n, {wanted[0]}, {wanted[1]}), as `map` returns. Received: {styles.shape}"
            )
        return styles

    def _chosen(self, layers):
        """The numbers of layers that a user chose."""
        named, count = self.named_layers(), self._synthesis.latent_shape[0]
        chosen = named.get(layers, ()) if isinstance(layers, str) else layers
        fine = isinstance(chosen, (list, tuple, range, np.ndarray)) and len(chosen)
        if not fine or not all(is_int(layer) and 0 <= layer < count for layer in chosen):
            raise ValueError(
                f"`layers` must be one of {list(named)}, or a list of ints, of the {count} layers that the generator has. "
                f"Received: layers={layers!r}"
            )
        return list(chosen)


def check_noise(noise):
    """Raises a ValueError unless `noise` is of one of the two kinds."""
    if noise not in ("random", "fixed"):
        raise ValueError(f'`noise` must be "random" or "fixed". Received: noise={noise!r}')
