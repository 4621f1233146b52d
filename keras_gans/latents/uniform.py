"""The uniform prior, over a cube."""

from keras_gans.latents.latents import Latents
from keras_gans.utils import random
from keras_gans.utils.numbers import check_finite_numbers


class Uniform(Latents):
    """Uniform latents, z ~ U[low, high) in every coordinate.

    Args:
        shape: Int or tuple, the shape of one latent. Default: 100.
        low: Float. Default: -1.
        high: Float. Default: 1.

    Raises:
        ValueError: if `low` is not below `high`; or from `sample`, if it gets a truncation, which this prior does not have.

    Example:

    ```python
    prior = keras_gans.latents.Uniform(6)
    gan = keras_gans.GAN(generator, discriminator, latents=prior)
    print(prior.sample(64, seed=(0, 1)).shape)  # (64, 6)
    ```
    """

    def __init__(self, shape=100, low=-1.0, high=1.0):
        super().__init__(shape)
        check_finite_numbers(low=low, high=high)
        if not low < high:
            raise ValueError(f"`low` must be below `high`. Received: low={low!r}, high={high!r}")
        self.low = low
        self.high = high

    def sample(self, batch_size, seed, truncation=None):
        if truncation is not None:
            raise ValueError(
                f"Uniform latents have no truncation. Received: truncation={truncation!r}. "
                "Leave it out, or use keras_gans.latents.Normal."
            )
        return random.uniform((batch_size, *self.shape), seed, self.low, self.high)
