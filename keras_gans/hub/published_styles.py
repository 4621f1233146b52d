"""A generator with styles that was exported."""

import functools

import numpy as np

from keras_gans.export import Sampler
from keras_gans.hub.published_generator import PublishedGenerator
from keras_gans.latents import Normal
from keras_gans.utils.style_mixing import StyleMixing


class PublishedStyles(StyleMixing, PublishedGenerator):
    """A `PublishedGenerator` with the endpoints `map` and `synthesize`: an export of `keras_gans.StyleGAN` or `StyleGAN2`.

    `hub.load` makes it. Arguments are those of `PublishedGenerator`. It has `map`, `synthesize`, `named_layers` and `mix`, as the
    GAN that was exported, so that all of `keras_gans.evaluation` that is of styles takes it.
    """

    @functools.cached_property
    def _mapping(self):
        return self._half("map", self.latents)

    @functools.cached_property
    def _synthesis(self):
        shape = tuple(self._endpoints["synthesize"].network.input.shape[1:])
        return self._half("synthesize", Normal(shape, truncate_by=None))

    def _half(self, endpoint, latents):
        sampler = Sampler(self._endpoints[endpoint].network, latents, self.classes, self.image_range)
        sampler.chunk = self._sampler.chunk
        return sampler

    def map(self, latents, condition=None, truncation=None):
        """The styles of latents, `(n, layers, width)`, as `map` of the GAN that was exported."""
        return self._mapping.generate(condition=condition, latents=np.asarray(latents, "float32"), truncation=truncation)

    def synthesize(self, styles, noise="fixed"):
        """The images of styles, as `synthesize` of the GAN that was exported; all have the noise that the generator holds.

        Raises:
            ValueError: if the styles have another shape; for another noise, which exports draw for latents alone.
        """
        if noise != "fixed":
            raise ValueError(f'An export makes images of styles with noise="fixed" alone. Received: noise={noise!r}')
        return self._synthesis.generate(latents=np.asarray(styles, "float32"))
