"""What `compile` takes beside optimizers: losses, terms and rules, which may own state."""

from collections.abc import Callable

import keras

from keras_gans.utils.config import Serializable
from keras_gans.utils.declarations import check_declarations
from keras_gans.utils.lookup import snake_case


class Component(Serializable, keras.layers.Layer):
    """An adversarial loss, a term of an objective, or a rule that balances the players: something that a GAN is compiled with.

    A component is a Keras layer, though nothing calls it, so that state which it owns is tracked, saved and restored. Its
    configuration follows from its constructor's signature. It cannot have attributes called `losses`, `metrics`, `input`,
    `output`, `weights`, `path`, `dtype` or `variables`: Keras owns these names. A public name that is almost one of the base's
    methods or class attributes is taken for a misspelling, and refused where the class is made.

    Args:
        name: String, the name of its term in the logs. Default: the class's name in snake case.

    Example:

    ```python
    class Momentum(keras_gans.penalties.Penalty):
        def build_for(self, gan):
            self.mean = self.add_weight(shape=(), initializer="zeros", trainable=False, name="mean")

        def after_step(self, player, minibatch):
            self.mean.assign(0.9 * self.mean + 0.1 * tf.reduce_mean(minibatch.real_scores))

        def discriminator(self, minibatch):
            return (minibatch.real_scores - self.mean) ** 2
    ```
    """

    declares = {"build_for": (Callable,), "after_step": (Callable,)}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        check_declarations(cls)

    def __init__(self, name=None, dtype="float32", **kwargs):
        # Losses are float32, whatever Keras' global settings say.
        super().__init__(name=name or snake_case(type(self).__name__), dtype=dtype, **kwargs)

    def build_for(self, gan):
        """Creates the component's own weights with `self.add_weight(...)`, if it has any. `compile` calls it once."""

    def after_step(self, player, minibatch):
        """Updates the component's own weights. It is called after each update of `player`, "discriminator" or "generator"."""

    def fresh_copy(self):
        """A copy as it was made, without the state of a GAN. A frozen network that it was made with keeps its weights."""
        return self.from_config(self.get_config())
