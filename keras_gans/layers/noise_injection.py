"""Noise in the maps of a generator, with a learned strength."""

import keras
import tensorflow as tf
from keras import ops

from keras_gans.utils import random
from keras_gans.utils.choices import check_bools
from keras_gans.utils.config import Serializable


class NoiseInjection(Serializable, keras.layers.Layer):
    """Adds a map of noise to all channels, each with a learned strength, which is 0 at first.

    y[h, w, c] = x[h, w, c] + strength[c] n[h, w],    n ~ N(0, 1)

    This gives a generator random details, such as hairs, that it need not derive from its latents. Where the strength is 0, y is
    x to the bit.

    In training the noise is fresh: at each call, for each example, and on each replica. In inference it is one map, drawn when
    the layer is built and saved with it, so that images are a function of their latents. Passed noise replaces both: `layer([x,
    noise])`.

    Args:
        per_channel: Bool, whether each channel has its strength, as in StyleGAN; False for one of all channels, StyleGAN2's.
            Default: True.
        seed: Int, of the fresh noise, or None for one that follows `keras.utils.set_random_seed`. Default: None.

    Attributes:
        strength: The weight, `(channels,)`, or a scalar.
        noise: The map of inference, `(height, width, 1)`, a weight that is not trained.

    Shapes:
        Maps `(batch, height, width, channels)` of a known size, or a list [x, noise] of them and of `(batch, height, width, 1)`;
        a noise of one row serves the whole batch. The output has the shape of x.

    Raises:
        ValueError: if the input is not such maps.

    Example:

    ```python
    layer = keras_gans.layers.NoiseInjection()
    x = tf.zeros((2, 8, 8, 3))
    print(bool(tf.reduce_all(layer(x, training=True) == x)))  # True; the strength is 0 at first
    layer.strength.assign([1.0, 0.5, 0.0])
    print(np.std(layer(x, training=True), axis=(0, 1, 2)).round().tolist())  # [1.0, 0.0, 0.0]; about 1, 0.5 and 0
    ```

    Reference:
        Karras, Laine, Aila, A Style-Based Generator Architecture for GANs (2018), arXiv:1812.04948; matches NVlabs/stylegan
        (`apply_noise`), and with `per_channel=False` NVlabs/stylegan2.

    Differences: the code has a switch, `randomize_noise`, where this layer has training and inference, and noise that is passed.
    """

    def __init__(self, per_channel=True, seed=None, **kwargs):
        check_bools(per_channel=per_channel)
        super().__init__(**kwargs)
        self.per_channel = per_channel
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        shape = self._shape_of_x(input_shape)
        if len(shape) != 4 or None in shape[1:]:
            raise ValueError(
                "NoiseInjection takes maps (batch, height, width, channels) of a known size, or a list of them and of noise. "
                f"Received: shape {input_shape}."
            )
        _, height, width, channels = shape
        self.strength = self.add_weight(
            shape=(channels,) if self.per_channel else (), initializer="zeros", trainable=True, name="strength"
        )
        self.noise = self.add_weight(
            shape=(height, width, 1),
            initializer=keras.initializers.RandomNormal(0.0, 1.0),
            trainable=False,
            name="noise",
        )

    def call(self, inputs, training=False):
        if isinstance(inputs, (list, tuple)):
            x, noise = inputs
        elif training:
            x, shape = inputs, (tf.shape(inputs)[0], *self.noise.shape)
            noise = random.normal(shape, random.next_seed(self.seed_generator))
        else:
            x, noise = inputs, self.noise
        return x + ops.cast(self.strength, x.dtype) * ops.cast(noise, x.dtype)

    def compute_output_shape(self, input_shape):
        return self._shape_of_x(input_shape)

    @staticmethod
    def _shape_of_x(input_shape):
        return tuple(input_shape[0] if isinstance(input_shape[0], (tuple, list)) else input_shape)
