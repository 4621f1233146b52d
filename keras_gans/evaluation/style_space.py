"""The styles of a generator, used as its latents."""

import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analyses.directions import principal_directions
from keras_gans.utils import random
from keras_gans.utils.choices import check_choice

_SPACES = ("w", "w+")
_SAMPLES = 10_000


class StyleSpace:
    """W of a StyleGAN, used in place of z: for path lengths, interpolation, projection.

    The generator is only the synthesis, with its fixed noise, so that images are a function of their styles.

    Args:
        gan: `keras_gans.StyleGAN`, `StyleGAN2`, or another GAN with `map` and `synthesize`; or what `hub.load` returns of its
            export.
        space: "w": one style for all layers; "w+": a style for each layer. Default: "w".
        condition: For a conditional GAN, one for all: w depends on it. Default: none.

    Attributes:
        latent_shape: Tuple, `(width,)`, or `(layers, width)` of W+.
        image_shape: Tuple (height, width, channels).

    Raises:
        ValueError: if the GAN has no styles, the space is unknown, or the condition is missing or not a single one.

    Example:

    ```python
    small = {"base_filters": 64, "max_filters": 4, "mapping_layers": 2, "style_width": 4}
    generator = keras_gans.networks.stylegan2.generator((8, 8, 1), latents=4, **small)
    gan = keras_gans.StyleGAN2(generator, keras_gans.networks.stylegan2.discriminator((8, 8, 1), 64, 4))
    space = keras_gans.evaluation.StyleSpace(gan)
    start, end = space.sample(20, seed=1), space.sample(20, seed=2)
    found = keras_gans.evaluation.perceptual_path_length(space, start, end, epsilon=1e-2, method="lerp")
    print(space.latent_shape, found.lengths.shape)  # (4,) (20,)
    ```
    """

    def __init__(self, gan, space="w", condition=None):
        if not hasattr(gan, "synthesize"):
            raise ValueError(
                f"W needs a GAN with styles, such as keras_gans.StyleGAN2. Received: {gan!r}. For paths between latents, pass "
                "the GAN itself; keras_gans.evaluation.invert finds the latents of images."
            )
        check_choice(_SPACES, space=space)
        gan.as_sampler().checked_condition(condition, 1)
        self.gan = gan
        self.space = space
        self.condition = condition
        self._network = gan.as_sampler().endpoints["synthesize"].network
        self.layers, width = self._network.input.shape[1:]
        self.latent_shape = (width,) if space == "w" else (self.layers, width)
        self.image_shape = tuple(self._network.output.shape[1:])

    def sample(self, count, seed=0):
        """Styles of random latents, float32 `(count, *latent_shape)`."""
        styles = self._mapped(count, seed)
        return styles[:, -1] if self.space == "w" else styles

    def mean_and_deviation(self, count=_SAMPLES, seed=0):
        """The mean of w, `(width,)`, and the root of the mean squared distance to it, a float, estimated from `count` samples."""
        styles = self._mapped(count, seed)[:, -1]
        mean = styles.mean(axis=0)
        return mean, float(np.sqrt(np.mean(np.sum((styles - mean) ** 2, axis=1))))

    def directions(self, count=10, num_samples=_SAMPLES, seed=0):
        """The principal directions of the styles in this space, as in GANSpace for StyleGAN.

        Args:
            count: Int. Default: 10.
            num_samples: Int, how many latents are mapped. Default: 10,000.
            seed: Int, or a pair of ints. Default: 0.

        Returns:
            `PrincipalDirections`. Those of W also move styles `(n, layers, width)`, all layers that they are given alike:
            `styles[:, 4:8] = found.move(styles[:, 4:8], [2.0])`.

        Reference:
            Härkönen et al., GANSpace: Discovering Interpretable GAN Controls (2020), arXiv:2004.02546, section 2.2.
        """
        latents = self.sample(num_samples, seed)
        return principal_directions(latents, latents, count)

    def _mapped(self, count, seed):
        return self.gan.map(self.gan.latents.sample(count, random.make_seed(seed)), self.condition)

    def styles(self, latents):
        """A tensor of styles `(n, layers, width)` of latents of this space."""
        latents = tf.convert_to_tensor(latents, tf.float32)
        return tf.repeat(latents[:, None], self.layers, axis=1) if self.space == "w" else latents

    def run(self, latents):
        """Images of latents of this space, a float32 tensor, differentiable."""
        return tf.cast(self._network(self.styles(latents), training=False), tf.float32)

    def generate(self, batch_size=None, condition=None, latents=None):
        """Images of latents of this space, a float32 array; for what asks a generator.

        Raises:
            ValueError: if there are no latents, or there is a condition, which is the space's.
        """
        if latents is None or condition is not None:
            raise ValueError("A StyleSpace needs `latents`, and takes its condition in the constructor.")
        return self.gan.synthesize(self.styles(latents).numpy(), noise="fixed")
