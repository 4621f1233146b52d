"""Errors and warnings about networks that do not fit."""

import math
import warnings

import keras
import tensorflow as tf

from keras_gans.utils.assured import assured
from keras_gans.utils.integers import check_ints
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import final_operations
from keras_gans.utils.networks import images_of
from keras_gans.utils.networks import output_bounds
from keras_gans.utils.networks import output_of
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import is_called_once
from keras_gans.utils.replicas import replica_count
from keras_gans.utils.settings import comparable
from keras_gans.utils.shapes import compatible

_MOVE_AXES = ("Moveaxis", "Permute", "Swapaxes", "Transpose")


def check_network(network, role, judges=None, joint=False):
    """Raises unless `network` is a built Keras model whose output fits its role.

    Args:
        network: What the user passed.
        role: String, the argument's name.
        judges: Bool, whether it gives scores. Default: whether it is the discriminator.
        joint: Bool, whether it joins several networks, and returns a dict of their outputs. Default: False.
    """
    judges = role == "discriminator" if judges is None else judges
    if not isinstance(network, keras.Model):
        raise ValueError(f"`{role}` must be a keras.Model. Received: {network!r}")
    if not network.built or not getattr(network, "inputs", None):
        raise ValueError(
            f"`{role}` must be a functional or Sequential model that starts with keras.Input, so that its shapes are known. "
            f"Received: {network!r}. Start it with keras.Input(shape)."
        )
    output = output_of(network)
    # An encoder's class checks what it returns.
    key = None if joint else "scores" if judges else "images" if role.endswith("generator") else None
    if isinstance(output, (list, tuple)) or (isinstance(output, dict) and key and key not in output):
        wanted = f'one tensor, or a dict with the key "{key}"' if key else "one tensor, or a dict of them"
        received = sorted(output) if isinstance(output, dict) else f"{len(output)} outputs"
        raise ValueError(f"The {role} must return {wanted}. Received: {received}.")
    _check_channels_last(network, role)


def _check_channels_last(network, role):
    """Raises if layers of a network of images take channels first, and no layer permutes axes."""
    if not any(len(tensor.shape) == 4 for tensor in (*network.inputs, *network.outputs)):
        return
    inside = all_layers(network, include_self=True)
    operations = [operation for layer in inside for operation in getattr(layer, "operations", (layer,))]
    if any(type(operation).__name__ in _MOVE_AXES for operation in operations):
        return
    # `Flatten` gives the same numbers in either order.
    layers = [layer for layer in inside if not isinstance(layer, keras.layers.Flatten)]
    first = [layer.name for layer in layers if getattr(layer, "data_format", None) == "channels_first"]
    if first:
        raise ValueError(
            f"Images are channels-last here, (height, width, channels), but layers of the {role} take channels first: they "
            f"would treat rows of pixels as channels. Received: {first[:3]}, {len(first)} in all. Make them with "
            'data_format="channels_last", or call keras.config.set_image_data_format("channels_last") before the networks are '
            "built. If they are meant, move the axes inside the network, with keras.layers.Permute."
        )


def check_roles(roles):
    """Raises unless a class's `roles` name the networks of both players, each player's namesake first."""
    players = ("discriminator", "generator")
    fine = isinstance(roles, dict) and set(roles) == set(players) and all(isinstance(roles[p], (tuple, list)) for p in players)
    if not fine or any(not roles[player] or roles[player][0] != player for player in players):
        raise ValueError(
            "`roles` must be a dict of the two players, each with a tuple of the names of its networks, of which the first is "
            f'called as the player, such as {{"discriminator": ("discriminator",), "generator": ("generator", "encoder")}}. '
            f"Received: {roles!r}"
        )


def check_games(games, roles):
    """Raises unless a class's `games` name the discriminator of each game."""
    if not isinstance(games, dict) or not games or not set(games.values()) <= set(roles["discriminator"]):
        raise ValueError(
            "`games` must be a dict, the name of a game to that of the discriminator that judges it, one of "
            f"{roles['discriminator']}. Received: {games!r}"
        )


def check_game(game, games):
    """Raises unless `game` is one of a class's `games`."""
    if game not in games:
        raise ValueError(f"`game` must be one of {list(games)}, the games of the class. Received: game={game!r}")


def check_drawn(drawn, games):
    """Raises unless `draw` made a minibatch for each game.

    Args:
        drawn: Names of the games in the main minibatch's `games`.
        games: List of all games' names, the main one first.
    """
    if set(drawn) != set(games[1:]):
        raise ValueError(
            f"`draw` must return the minibatch of the game {games[0]!r}, with those of {games[1:]} in its `games`. Received: "
            f"{sorted(drawn)} there. Add each: minibatch.add_game(name, self.minibatch(..., game=name))."
        )


def scores_of(discriminator):
    """The symbolic tensor of a discriminator's scores."""
    output = output_of(discriminator)
    return output["scores"] if isinstance(output, dict) else output


def check_fit_together(generator, discriminator, prefix=""):
    """Raises unless the discriminator takes what the generator makes, and gradients can flow back.

    Args:
        generator, discriminator: The networks.
        prefix: String, what their roles' names begin with.
    """
    whole = {
        f"The {prefix}generator makes": images_of(generator).dtype,
        f"The {prefix}discriminator takes": NetworkInputs(discriminator, "images").main.dtype,
    }
    for what, dtype in whole.items():
        if "int" in dtype or dtype == "bool":
            raise ValueError(
                f"{what} {dtype}, through which no gradient reaches the generator. Use floats: a number for each word or class "
                "(softmax in place of argmax, Dense in place of Embedding), with data that are one-hot."
            )
    low, high = output_bounds(generator)
    if len(output_shape(generator)) == 3 and 100 < high < math.inf:
        ending = " after ".join(final_operations(images_of(generator)))
        raise ValueError(
            f"The {prefix}generator must make images in [-1, 1], or in [0, 1]. Received: one that makes values from {low:g} to "
            f"{high:g}: it ends in {ending}. Leave out what scales to 0..255, such as Rescaling(255); keras_gans.utils.to_uint8 "
            "does that with samples."
        )
    made, taken = output_shape(generator), tuple(NetworkInputs(discriminator, "images").main.shape[1:])
    if not compatible(made, taken):
        raise ValueError(
            f"The {prefix}generator's output and the {prefix}discriminator's input differ in shape: {made} and {taken}, "
            "without the batch axis. (The generator is the first argument.)"
        )


def output_shape(generator):
    """The shape of what the generator makes, without the batch axis."""
    return tuple(images_of(generator).shape[1:])


def check_is_told_nothing(network, main, what, remedy=""):
    """Raises a ValueError if a network takes a condition, but its class has none to pass.

    Args:
        network: Keras model.
        main: "latents" or "images", the network's main input.
        what: String, the network's name in the error, such as "The encoder".
        remedy: String, another remedy, a sentence that begins with a space. Default: none.
    """
    told = list(NetworkInputs(network, main).conditions)
    if told:
        raise ValueError(f"{what} takes {main} alone. Received: one that takes also {told}. Leave that out.{remedy}")


def check_gradients(player, gradients, variables):
    """Raises if a variable of a player has no gradient."""
    missing = [variable.path for gradient, variable in zip(gradients, variables, strict=True) if gradient is None]
    if missing and len(missing) == len(variables):
        raise ValueError(
            f"No gradient reaches the {player}: its objective depends on none of its {len(missing)} variables. An operation "
            "without a gradient lies between: argmax, a rounding, a comparison, a cast to integers, an Embedding of what the "
            "generator makes, or tf.stop_gradient. Use a smooth one, such as softmax in place of argmax."
        )
    if missing:
        raise ValueError(
            f"The {player}'s objective does not depend on {missing[0]}. Every trainable variable must take part: "
            "remove the layer, or set its `trainable` to False before `compile`."
        )


def without_second_derivative(error, terms):
    """The error message for an operation that TensorFlow cannot differentiate twice.

    Args:
        error: TensorFlow's error.
        terms: Dict of the GAN's terms by name.
    """
    names = [name for name, term in terms.items() if term.input_gradients]
    if not names:
        return f"TensorFlow cannot differentiate an operation in the networks: {error}. Use another layer in its place."
    return (
        f"{names} take gradients of the discriminator's gradients, and TensorFlow cannot differentiate one of its operations "
        f"twice: {error}. "
        'Use another layer in its place (UpSampling2D(interpolation="nearest") for a resizing), or leave out the penalty.'
    )


def check_nothing_shared(networks):
    """Raises if two networks hold a variable: the file that is saved would not load; and both players would train theirs.

    One network may have two roles of the same player: it is saved once.

    Args:
        networks: Dict, player to a dict of its networks by role.
    """
    owners = {}
    for player, owned in networks.items():
        for role, network in owned.items():
            for variable in network.weights:
                other_player, other_role, other = owners.setdefault(id(variable), (player, role, network))
                if other_player != player:
                    raise ValueError(
                        f"The {other_role} and the {role} share {variable.path}: both optimizers would move it, in opposite "
                        "directions, and a saved file would not load. Give each network layers of its own."
                    )
                if other is not network:
                    raise ValueError(
                        f"The {other_role} and the {role} share {variable.path}: Keras saves layers for each network, and the "
                        "file would not load. Give each network layers of its own, or pass one network as both. (Of networks "
                        "that share layers, CoGAN and UNIT make one, with keras_gans.utils.joined.joined.)"
                    )


def checked_classes(generator, discriminator, given):
    """The numbers of classes of the labels: those that the generator takes, and those in the data.

    Args:
        generator, discriminator: `NetworkInputs`.
        given: The user's `classes`: an int, a dict for several conditions, or None for the sizes of the tables that the
            generator's conditions feed, or else the discriminator's.

    Returns:
        Pair of ints, or of dicts of ints by name for several conditions; None where the number is not known. Data may have a
        condition that only the discriminator takes. Where the networks' tables differ, the smaller one limits the data.

    Raises:
        ValueError: if `given` is something else, or is given though neither network takes a condition.
    """
    if given is not None and not (generator.conditions or discriminator.conditions):
        raise ValueError(
            f"Networks that take no condition have no classes. Received: classes={given!r}, and generator and discriminator "
            "without a second input. Leave `classes` out, or make the networks with classes."
        )
    several = len(generator.conditions) > 1
    if several and given is not None and (not isinstance(given, dict) or not set(given) <= set(generator.conditions)):
        raise ValueError(
            f"The generator takes the conditions {list(generator.conditions)}. `classes` must be a dict of ints by these names. "
            f"Received: classes={given!r}"
        )
    if given is not None and not several:
        check_ints(1, classes=given)
        _check_takes_classes(generator.condition, given)
    for name, size in (given if several and given else {}).items():
        check_ints(1, **{f"classes[{name!r}]": size})
        _check_takes_classes(generator.conditions[name], size)
    # A single condition is the same for both, whatever its name.
    by_name = several or len(discriminator.conditions) > 1
    made, judged = ({name if by_name else None: size for name, size in table_sizes(each)} for each in (generator, discriminator))
    said = given if several else dict.fromkeys(made, given)
    own = {name: (said or {}).get(name) or size or judged.get(name) for name, size in made.items()}
    data = {name: min(filter(None, (own.get(name), judged.get(name))), default=None) for name in {**made, **judged}}
    own, data = ({name: size for name, size in sizes.items() if size} for sizes in (own, data))
    return own if several else given or next(iter(own.values()), None), data if by_name else data.get(None, given)


def table_sizes(inputs):
    """For each condition in `NetworkInputs`, a pair of its name and its `table_size`."""
    return [(name, table_size(inputs.network, tensor)) for name, tensor in inputs.conditions.items()]


def _check_takes_classes(condition, classes):
    """Raises if the Keras input `condition`, None for none, takes floats that are neither labels nor weights over the classes."""
    if condition is None or "int" in condition.dtype or tuple(condition.shape[1:]) in ((), (1,), (classes,), (None,)):
        return
    shape = tuple(condition.shape[1:])
    raise ValueError(
        f"`classes={classes!r}` fits an integer condition, or a condition of {classes} floats, one for each class. Received: "
        f"the condition {condition.name!r}, floats {('batch', *shape)}. Leave `classes` out if it does not hold classes; else "
        f"give the input {classes} floats, or integers and an Embedding."
    )


def number_of_classes(network, main="latents"):
    """The number of classes of a network's one integer condition: the size of the table that it feeds. None if unknown."""
    condition = NetworkInputs(network, main).condition
    return None if condition is None or isinstance(condition, dict) else table_size(network, condition)


def table_size(network, tensor):
    """The size of the table that an input feeds, of integers or of weights over the classes; None if it feeds none."""
    for layer in all_layers(network):
        if is_called_once(layer) and any(each is tensor for each in keras.tree.flatten(layer.input)):
            layer = getattr(layer, "layer", layer)  # inside a wrapper, such as spectral normalization
            size = getattr(layer, "input_dim", None) or getattr(layer, "num_tokens", None)
            if size and ("int" in tensor.dtype or tuple(tensor.shape[1:]) == (size,)):
                return size
    return None


def check_trains(player, networks, variables, stacklevel=4):
    """Warns of networks that are frozen, or hold what does nothing, and raises if weights cannot be trained well.

    Args:
        player: "generator" or "discriminator", or another name for what one optimizer trains.
        networks: Dict of its networks by the names of the arguments.
        variables: List of its trainable variables.
        stacklevel: Int, so that warnings point to the line that called `compile`. Default: 4, for two functions in between.
    """
    for name, network in networks.items():
        if network.weights and not network.trainable_variables:
            warnings.warn(
                f"The {name} has no trainable variable, so it never learns. If this is not intended, set its `trainable` to "
                "True and call `compile` again. (Each player trains only its own networks: you never need to freeze one.)",
                stacklevel=stacklevel,
            )
        foreign = [layer.name for layer in all_layers(network, include_self=True) if _has_foreign_weights(layer)]
        if foreign:
            warnings.warn(
                f"The {name} holds tf.Variables, which Keras neither trains nor saves, in {foreign[:3]}. Make them with "
                "self.add_weight(...), or, if they are not meant to be trained, with trainable=False.",
                stacklevel=stacklevel,
            )
        late = [what for layer in all_layers(network, include_self=True) for what in _set_too_late(layer)]
        if late:
            kind = late[0].rpartition("_")[2]
            warnings.warn(
                f"The {name} has a {kind} that is not its weight's: {late[0]}, {len(late)} in all. It was set when the layer was "
                "built already, and does nothing; a file of the model would have it. Pass it to the layer's constructor, or set "
                f"the weight's own too, such as layer.kernel.{kind}.",
                stacklevel=stacklevel,
            )
    narrow = sorted({str(variable.dtype) for variable in variables} & {"float16", "bfloat16"})
    if narrow:
        raise ValueError(
            f"The weights of the {player} are {narrow[0]}, in which small updates are lost. Keep weights in float32 and compute "
            f"in half precision: keras.config.set_dtype_policy('mixed_{narrow[0]}') before the networks are built, in place of "
            "keras.config.set_floatx."
        )


def _has_foreign_weights(layer):
    """Whether a layer holds trainable tf.Variables in place of Keras weights."""
    return any(isinstance(v, tf.Variable) and v.trainable and v.dtype.is_floating for v in vars(layer).values())


def _set_too_late(layer):
    """The names of a layer's regularizers and constraints that are not those of its variables, which were made before."""
    if type(layer).build.__module__.split(".")[0] not in ("keras", "keras_gans"):
        return  # what it does with its own is not known
    for attribute, value in vars(layer).items():
        weight, _, kind = attribute.rpartition("_")
        for name in (weight, f"{weight}_kernel") if kind in ("regularizer", "constraint") else ():
            variable = None if value is None else getattr(layer, name, None)
            if isinstance(variable, keras.Variable) and comparable(getattr(variable, kind)) != comparable(value):
                yield f"{layer.name}.{attribute}"


def has_regularizer(network):
    """Whether a network has its own losses: regularizers of weights or of activities."""
    return any(variable.regularizer is not None for variable in network.trainable_variables) or any(
        getattr(layer, "activity_regularizer", None) is not None for layer in all_layers(network)
    )


def has_batch_statistics(layer):
    """Whether a layer normalizes a batch by its own statistics in training."""
    return isinstance(layer, keras.layers.BatchNormalization) and layer.trainable  # frozen, it runs in inference mode


def with_examples(real, networks):
    """`real`, asserted to have examples on each replica: without any, a layer's statistics would become NaN for good."""
    if replica_count() == 1:
        return real
    layers = [layer for network in networks for layer in all_layers(network) if has_batch_statistics(layer)]
    alone = [layer.name for layer in layers if not layer.synchronized]
    if not alone:
        return real
    return assured(
        real,
        tf.shape(real)[0] > 0,
        f"A batch had no example for one of {replica_count()} replicas, but {alone[0]} normalizes each replica's batch. Drop "
        "the last, small batch: dataset.batch(64, drop_remainder=True). Or normalize together: synchronized=True.",
    )
