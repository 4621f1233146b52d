"""A generator with styles that was exported."""

import functools

from keras_gans.export import Sampler
from keras_gans.hub.published_generator import PublishedGenerator
from keras_gans.latents import Normal
from keras_gans.utils.finite import finite_floats
from keras_gans.utils.style_mixing import StyleMixing


class PublishedStyles(StyleMixing, PublishedGenerator):
    """A `PublishedGenerator` with the endpoints `map` and `synthesize`: an export of `keras_gans.StyleGAN` or `StyleGAN2`.

    `hub.load` makes it. Arguments are those of `PublishedGenerator`. It has `map`, `synthesize`, `named_layers` and `mix`, as the
    GAN that was exported, so that all of `keras_gans.evaluation` that is of styles takes it.

    Example:

    ```python
    small = {"base_filters": 64, "max_filters": 4, "mapping_layers": 2, "style_width": 4}
    generator = keras_gans.networks.stylegan2.generator((8, 8, 1), latents=4, **small)
    gan = keras_gans.StyleGAN2(generator, keras_gans.networks.stylegan2.discriminator((8, 8, 1), 64, 4))
    exported = keras_gans.hub.load(gan.export("serving/styles/1"))
    styles = exported.map(exported.latents.sample(2, seed=(0, 1)))
    print(styles.shape, exported.synthesize(styles).shape)  # (2, 4, 4) (2, 8, 8, 1)
    ```
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
        return self._mapping.generate(condition=condition, latents=finite_floats(latents, "latents"), truncation=truncation)

    def synthesize(self, styles, noise="fixed", seed=None):
        """The images of styles, as `synthesize` of the GAN that was exported; all have the noise that the generator holds.

        Raises:
            ValueError: if the styles have another shape, or hold NaN; for another noise, or a seed of it: exports draw noise for
                latents alone.
        """
        if noise != "fixed" or seed is not None:
            raise ValueError(
                'An export makes images from styles only with noise="fixed"; it draws noise in `generate`. Received: '
                f"noise={noise!r}, seed={seed!r}. Leave both out."
            )
        return self._synthesis.generate(latents=self.checked_styles(styles))
