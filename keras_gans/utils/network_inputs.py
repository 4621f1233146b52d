"""The roles of a network's inputs: by name if inputs have names, by order if they have none."""

import re

import keras
import tensorflow as tf

_UNNAMED = re.compile(r"(keras_tensor|input|input_layer)(_\d+)?")  # Keras' automatic names
_TRUNCATION = "truncation"
_CONDITIONS = ("class", "classes", "condition", "conditions", "label", "labels", _TRUNCATION, "y")
_MAIN = {"latents": ("latents", "latent", "noise", "z"), "images": ("images",)}


class NetworkInputs:
    """The inputs of a generator or a discriminator: the main input, conditions, and perhaps a truncation.

    The main input is the one that is called `main` (for a generator also "z" or "noise"); where none is, the only one of floats,
    or the first one of floats in a list, unless it is called "condition" or "label". A network with a dict of inputs has no first
    one, so its main input must have that name, unless only one of its inputs is not called "condition" or "label". An input
    called "truncation" is not a condition: it takes the truncation of the latents, or 1 where there is none, as in training.

    Args:
        network: Built functional or Sequential `keras.Model`.
        main: "latents" for a generator, "images" for a discriminator or an encoder; None for a generator without latents, all of
            whose inputs are conditions.

    Attributes:
        main: Symbolic tensor, the main input; None without one.
        is_named: Bool, whether the main input has this name, and was not only taken for it.
        conditions: Dict of the other inputs, symbolic tensors by name, in the network's order.
        truncation: Symbolic tensor, the input called "truncation", `(batch,)` or `(batch, 1)`; None without one.

    Raises:
        ValueError: if the main input cannot be identified; if there are several conditions without names; if a truncation has
            another shape.

    Example:

    ```python
    z, y = keras.Input((8,), name="latents"), keras.Input((3,), name="condition")
    network = keras.Model({"latents": z, "condition": y}, keras.layers.Concatenate()([z, y]))
    inputs = keras_gans.utils.network_inputs.NetworkInputs(network, "latents")
    inputs.main.shape  # (None, 8)
    list(inputs.conditions)  # ["condition"]
    ```
    """

    def __init__(self, network, main):
        self.network = network
        structure = network.inputs[0] if isinstance(network, keras.Sequential) else network.input
        if isinstance(structure, dict):
            named = {name: tensor for name, tensor in structure.items() if not isinstance(tensor, (dict, list, tuple))}
            if len(named) < len(structure):
                raise ValueError(f"The inputs of {network.name} are nested. Received: {structure}. Use one dict, or one list.")
        else:
            named = {tensor.name: tensor for tensor in network.inputs}
        self.structure = structure
        name = None if main is None else self._main_name(named, main)
        self.main = named.pop(name, None)
        self.is_named = name is not None and name in _MAIN[main]
        self.truncation = named.pop(_TRUNCATION, None)
        if self.truncation is not None and tuple(self.truncation.shape[1:]) not in ((), (1,)):
            raise ValueError(
                f'The input of {network.name} called "truncation" takes one float for each image, (batch,) or (batch, 1). '
                f"Received: {tuple(self.truncation.shape)}. Give it that shape, or another name."
            )
        self.conditions = named
        if len(named) > 1 and not all(map(is_named, named)):
            raise ValueError(
                f"{network.name} takes several conditions, which are distinguished by their names. Received: inputs without "
                "names. "
                'Name each: keras.Input((), dtype="int32", name="kind").'
            )

    def _main_name(self, named, main):
        others = [name for name in named if name not in _CONDITIONS]
        called_so = [name for name in _MAIN[main] if name in named]
        if main in named or len(called_so) == 1:
            return main if main in named else called_so[0]
        floats = [name for name, tensor in named.items() if "float" in tensor.dtype and name != _TRUNCATION]
        if len(floats) == 1 and floats[0] in others:
            return floats[0]  # integers are classes
        if isinstance(self.structure, dict) and len(others) != 1:
            raise ValueError(
                f"{self.network.name} takes a dict, in which one input must be called {main!r}. Received: {sorted(named)}. "
                f"Name that input {main!r}."
            )
        first = others[0] if isinstance(self.structure, dict) else next(iter(named))
        if first in _CONDITIONS:
            raise ValueError(
                f"The first input of {self.network.name} is called {first!r}, and none is called {main!r}. Received: inputs "
                f"{list(named)}. Name the other one {main!r}, or put it first."
            )
        return next((name for name in floats if name in others), first)

    @property
    def condition(self):
        """The one condition, a symbolic tensor; a dict of several by name; None without any."""
        if len(self.conditions) > 1:
            return self.conditions
        return next(iter(self.conditions.values()), None)

    def chosen(self, condition):
        """The part of a condition that the network takes: a dict by the names of its own inputs.

        Args:
            condition: Tensor, or dict of tensors by name, of which the network takes those that it has inputs for.
        """
        if not self.conditions or not isinstance(condition, dict):
            return dict.fromkeys(self.conditions, condition)
        if len(condition) == len(self.conditions) == 1:
            return dict(zip(self.conditions, condition.values(), strict=True))
        return {name: condition[name] for name in self.conditions}

    def values(self, x, condition, truncation=None):
        """The arguments of the network's call: `x`, its conditions and its truncation, in its own structure.

        Args:
            x: Tensor for the main input; None without one.
            condition: As for `chosen`.
            truncation: Float or scalar tensor, for networks that take it; None stands for 1.
        """
        chosen = self.chosen(condition)
        by_input = {id(self.main): x, **{id(tensor): chosen[name] for name, tensor in self.conditions.items()}}
        if self.truncation is not None:
            value = tf.cast(1.0 if truncation is None else truncation, self.truncation.dtype)
            rows = tf.shape(next(iter(chosen.values())) if self.main is None else x)[0]
            by_input[id(self.truncation)] = tf.fill((rows, *self.truncation.shape[1:]), value)
        return keras.tree.map_structure(lambda tensor: by_input[id(tensor)], self.structure)


def shared_condition(generator, discriminator):
    """The condition of both networks together: one symbolic tensor, a dict of several by name, or None.

    Args:
        generator, discriminator: Lists of `NetworkInputs`. Where both players take one condition, it is the same, whatever its
            names, and the generator's input says its type.

    Raises:
        ValueError: if one takes several conditions, and another one a condition of another name.
    """
    inputs = [*generator, *discriminator]
    most = max((len(each.conditions) for each in inputs), default=0)
    if most <= 1:
        return next((each.condition for each in inputs if each.conditions), None)
    merged = {}
    for each in inputs:
        merged |= {name: tensor for name, tensor in each.conditions.items() if name not in merged}
    unnamed = [name for name in merged if not is_named(name)]
    if unnamed:
        raise ValueError(
            f"The networks take the conditions {sorted(set(merged) - set(unnamed))}, and one without a name. Conditions are "
            'distinguished by their names. Name each: keras.Input((), dtype="int32", name="kind").'
        )
    return merged


def check_main_inputs(generator, discriminator):
    """Raises a ValueError if what one network takes by its place for its main input is the other's condition, by its name.

    Args:
        generator, discriminator: `NetworkInputs`.
    """
    for own, other, main in ((generator, discriminator, "latents"), (discriminator, generator, "images")):
        if own.main is None or own.is_named or own.main.name not in other.conditions or not is_named(own.main.name):
            continue
        # Where one network knows all the other's conditions, and more, that is what the other computes from: its code.
        unknown = [name for name in own.conditions if name not in other.conditions]
        if unknown:
            raise ValueError(
                f"{own.network.name} takes {own.main.name!r}, its first input, for its {main}, and {other.network.name} takes a "
                f"condition of that name. Received: inputs {[own.main.name, *own.conditions]}. Name the input for the {main} "
                f"{main!r}, such as {unknown[0]!r}, or put it first."
            )


def is_named(name):
    """Whether an input's name is the user's: Keras' automatic names are like "keras_tensor_3"."""
    return not _UNNAMED.fullmatch(name)
