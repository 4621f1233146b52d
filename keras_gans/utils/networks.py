"""Functional models: copies of them, tensors inside them."""

import keras


def clone(network):
    """A network of the same layers and weights, and none in common."""
    copy = keras.models.clone_model(network)
    take_weights(copy, network)
    return copy


def take_weights(copy, layer):
    """Gives a copy of a layer or network the weights of the original."""
    copy.set_weights(layer.get_weights())
    for inner in copy._flatten_layers():
        if hasattr(inner, "finalize_state"):  # adapted layers compute with what they derive from their weights
            inner.finalize_state()


def output_of_layer(network, name):
    """The symbolic output of the layer called `name`.

    Raises:
        ValueError: if there is none.
    """
    names = [layer.name for layer in network.layers]
    if name not in names:
        raise ValueError(f"{network.name} has no layer {name!r}. It has {names}.")
    # In this network: a layer that is a model, or is used twice, has other outputs elsewhere.
    layer = network.get_layer(name)
    found = (tensor for output in network.outputs for tensor in path(output) if tensor._keras_history[0] is layer)
    return next(found)


def input_of_last_layer(tensor):
    """What the last layer with weights on the path to `tensor` takes in; None if there is no such layer."""
    for current in reversed(path(tensor)):
        operation, node, _ = current._keras_history
        if getattr(operation, "weights", None):
            return operation._inbound_nodes[node].input_tensors[0]
    return None


def path(tensor):
    """The symbolic tensors that `tensor` is computed from, itself and the model's inputs included, in order of computation."""
    found, waiting = [], [tensor]
    while waiting:
        current = waiting.pop()
        if any(current is other for other in found):
            continue
        found.append(current)
        operation, node, _ = current._keras_history
        waiting.extend(operation._inbound_nodes[node].input_tensors)
    return found[::-1]


def inputs_of(network):
    """The symbolic inputs of a network, as a new functional model takes them: one tensor, or a list."""
    return network.inputs[0] if len(network.inputs) == 1 else network.inputs
