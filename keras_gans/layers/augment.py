"""The base of layers that augment a discriminator's images with a probability."""

import keras
import tensorflow as tf

from keras_gans.layers.augment_operations import STAGES
from keras_gans.layers.augment_operations import augment
from keras_gans.utils import random
from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_unit_interval

_OPERATIONS = [list(dict.fromkeys(operation.name for operation in stage.operations)) for stage in STAGES]
_MOVES, _COLORS, *_ = _OPERATIONS
_BLITS, _GEOMETRY = _MOVES[:3], _MOVES[3:]
# Names of several operations.
_GROUPS = {"bgc": _MOVES + _COLORS, "blit": _BLITS, "geometry": _GEOMETRY, "color": _COLORS}
_NAMES = [*_GROUPS, *(name for names in _OPERATIONS for name in names)]


class Augment(Serializable, keras.layers.Layer):
    """The base of layers that augment images with a probability. A subclass overrides `present_probability`.

    Args:
        policy: String, names of operations and of groups of them, with commas between; or a dict, from such names to shares of
            the probability.
        seed: Int, or None for one that follows `keras.utils.set_random_seed`.
    """

    more_settings = ("operations",)

    def __init__(self, policy, seed, **kwargs):
        super().__init__(**kwargs)
        self.policy = policy
        if isinstance(policy, str):
            policy = {name.strip(): 1.0 for name in policy.split(",")}
        chosen = policy if isinstance(policy, dict) and policy else [policy]
        unknown = [name for name in chosen if name not in _NAMES]
        if unknown:
            raise ValueError(
                f"`policy` must be names of {_NAMES} with commas between, or a dict from such names to shares. Received: "
                f"policy={self.policy!r}, where {unknown} are unknown."
            )
        check_unit_interval(**{f"policy[{name!r}]": share for name, share in policy.items()})
        self.operations = {name: share for each, share in policy.items() for name in _GROUPS.get(each, [each])}
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if len(input_shape) != 4 or None in input_shape[1:] or min(input_shape[1:3]) < 2:
            raise ValueError(
                f"{type(self).__name__} takes images (batch, height, width, channels) of a known size of at least 2x2. "
                f"Received: input shape {tuple(input_shape)}."
            )
        channels = input_shape[-1]
        if "hue" in self.operations and channels not in (1, 3):
            raise ValueError(
                f"{type(self).__name__} turns the hue of images of 1 or 3 channels. Received: input shape {tuple(input_shape)}. "
                'Name other operations, such as policy="blit,geometry,brightness,contrast".'
            )
        if channels == 1:
            self.operations = {name: share for name, share in self.operations.items() if name not in ("hue", "saturation")}

    def present_probability(self):
        """The probability with which each operation happens to an image: a float32 scalar."""
        raise NotImplementedError(f"{type(self).__name__} must override `present_probability()`.")

    def log_values(self):
        """The layer's logs in a GAN, a dict of scalars."""
        return {"augment_probability": self.present_probability()}

    def call(self, inputs, training=False):
        if not training:
            return inputs
        seed = random.next_seed(self.seed_generator)
        output = augment(tf.cast(inputs, tf.float32), self.operations, self.present_probability(), seed)
        return tf.ensure_shape(tf.cast(output, inputs.dtype), inputs.shape)

    def compute_output_shape(self, input_shape):
        return input_shape
