"""Networks that share layers, as one network, which can be saved, loaded and copied without losing the shared layers."""

import keras

from keras_gans.utils.private_keras import run_through_graph


def joined(networks, name=None):
    """One functional model made of several that share layers. It computes the same, with the same variables.

    Keras saves each functional model with layers of its own. If one model holds two models that share a layer, or that both call
    another model, Keras saves it, but cannot load the file. In one functional model, layers that are called twice are saved,
    loaded and copied once.

    Args:
        networks: Dict, the name of each to a functional `keras.Model` of one input.
        name: String, of the model. Default: Keras' automatic name.

    Returns:
        `keras.Model`. Its output is a dict by the names of the networks. So is its input; but networks that start at the same
        `keras.Input` keep it, and what they share is computed once.

    Raises:
        ValueError: if a network takes several inputs, different layers have one name, or a layer has that of a network.

    Example:

    ```python
    from keras_gans.utils.joined import joined

    shared = keras.layers.Dense(4)
    networks = {}
    for domain in ("photos", "sketches"):
        x = keras.Input((6,))
        networks[domain] = keras.Model(x, keras.layers.Dense(2, name=f"{domain}_head")(shared(x)))
    joint = joined(networks)
    print(len(joint.weights))  # 6; the shared kernel and bias count once
    ```
    """
    _check(networks)
    inputs = {key: network.inputs[0] for key, network in networks.items()}
    if len({id(tensor) for tensor in inputs.values()}) == 1:  # keys then name outputs only
        return keras.Model(next(iter(inputs.values())), {key: each.output for key, each in networks.items()}, name=name)
    for layer in (layer for network in networks.values() for layer in network.layers):
        if layer.name in networks:
            raise ValueError(f"A layer has the name of a network, {layer.name!r}. Give one of them another name.")
    inputs = {key: keras.Input(batch_shape=x.shape, dtype=x.dtype, name=key) for key, x in inputs.items()}
    outputs = {key: run_through_graph(network, inputs[key]) for key, network in networks.items()}
    return keras.Model(inputs, outputs, name=name)


def parts(joint, input_name=None):
    """The networks that a joint model was made of, with its layers: a dict by their names.

    Args:
        joint: What `joined` returned, or a loaded or copied one.
        input_name: String, the name of each network's input. Default: that of the joint model's input.

    Example:

    ```python
    from keras_gans.utils.joined import parts

    x = keras.Input((6,))
    hidden = keras.layers.Dense(4)(x)
    joint = keras.Model(x, {"photos": keras.layers.Dense(2)(hidden), "sketches": keras.layers.Dense(2)(hidden)})
    networks = parts(joint, input_name="latents")
    print(networks["photos"].input.name, len(networks["photos"].weights))  # latents 4
    ```
    """
    networks = {}
    for key, output in joint.output.items():
        inputs = joint.input[key] if isinstance(joint.input, dict) else joint.input
        network = keras.Model(inputs, output, name=f"{joint.name}_{key}")
        if input_name not in (None, inputs.name):
            renamed = keras.Input(batch_shape=inputs.shape, dtype=inputs.dtype, name=input_name)
            network = keras.Model(renamed, run_through_graph(network, renamed), name=network.name)
        networks[key] = network
    return networks


def _check(networks):
    owners = {}
    for key, network in networks.items():
        if len(network.inputs) != 1:
            raise ValueError(f"Networks that are joined must take one input each. Received: {key!r} with {len(network.inputs)}.")
        if isinstance(network.output, (dict, list, tuple)):
            raise ValueError(
                f"Networks that are joined must return one tensor each. Received: {key!r}, which returns {network.output}. Join "
                "models of one of these."
            )
        for layer in network.layers:
            other = owners.setdefault(layer.name, layer)
            if other is not layer and not isinstance(layer, keras.layers.InputLayer):
                raise ValueError(
                    f"Networks that are joined must not have different layers of one name. Received: two layers {layer.name!r}. "
                    "Name them, or share one."
                )
