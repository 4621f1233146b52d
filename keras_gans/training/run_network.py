"""One call of a network in training."""

from keras_gans.utils.network_inputs import NetworkInputs


def run(network, main, x, condition, training):
    """Calls a network on `x`, and on the condition if it takes one.

    Args:
        network: Generator or discriminator.
        main: "latents" or "images", what `x` is; None where there are conditions only.
        x: Tensor, or None.
        condition: Tensor, dict of tensors by name, or None.
        training: Bool.

    Returns:
        Its output, and what its layers passed to `add_loss` in this call (the next call clears that).
    """
    return run_on(network, NetworkInputs(network, main).values(x, condition), training)


def run_on(network, inputs, training):
    """As `run`, of inputs in the network's own structure."""
    output = network(inputs, training=training)
    regularizers = sum(variable.regularizer is not None for variable in network.trainable_variables)
    losses = network.losses  # those of weights come last
    return output, losses[: len(losses) - regularizers]
