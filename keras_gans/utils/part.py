"""The base of everything that adds to a player's objective."""

import re

import keras

from keras_gans.utils.config import Serializable


class Part(Serializable, keras.layers.Layer):
    """A piece of a training objective: an adversarial loss or a penalty.

    A part is a Keras layer, though nothing calls it, so that state which it owns is tracked, saved and restored. Its
    configuration follows from its constructor's signature. It cannot have attributes called `losses`, `metrics`, `input`,
    `output`, `weights`, `path`, `dtype` or `variables`: Keras owns these names.

    Args:
        name: String, the name of its term in the logs. Default: the class's name in snake case.
    """

    def __init__(self, name=None, **kwargs):
        super().__init__(name=name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self).__name__).lower(), **kwargs)

    def build_for(self, gan):
        """Creates the part's own weights with `self.add_weight(...)`, if it has any. Called once, in `compile`."""

    def after_step(self, player, minibatch):
        """Updates the part's own weights. Called after each update of `player`: "generator" or "discriminator"."""
