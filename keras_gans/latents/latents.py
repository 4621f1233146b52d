"""The base of the priors."""

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import is_int


class Latents(Serializable):
    """A prior over the generator's input. Subclass it and override `sample`.

    Args:
        shape: Int or tuple, the shape of one latent without the batch axis. An int n stands for `(n,)`.

    Attributes:
        truncatable: Bool, whether `sample` takes a `truncation`.
        truncation_form: String, the distribution of truncated latents, for the protocols of figures. Default: none.

    Example:

    ```python
    class Sphere(keras_gans.latents.Latents):
        def sample(self, batch_size, seed, truncation=None):
            z = keras_gans.utils.random.normal((batch_size, *self.shape), seed)
            return z / tf.norm(z, axis=-1, keepdims=True)

    z = Sphere(100).sample(16, seed=(0, 1))
    print(z.shape)  # (16, 100); each row has length 1
    ```
    """

    truncatable = False
    truncation_form = None

    def __init__(self, shape=100):
        self.shape = (int(shape),) if is_int(shape) else tuple(shape) if hasattr(shape, "__len__") else ()
        if not self.shape or not all(is_int(size) and size > 0 for size in self.shape):
            raise ValueError(f"`shape` must be a positive int, or a tuple of them. Received: shape={shape!r}")

    def sample(self, batch_size, seed, truncation=None):
        """Draws latents of shape `(batch_size, *shape)`, float32.

        Args:
            batch_size: Int or scalar int tensor.
            seed: Integer tensor of shape (2,). The same seed gives the same latents.
            truncation: None, or a float.
        """
        raise NotImplementedError(f"{type(self).__name__} must override `sample(batch_size, seed, truncation=None)`.")
