"""Calls of the networks: which input takes the condition, and what layers pass to `add_loss`."""


def condition_input(networks):
    """The Keras input that takes the condition, of the first network that has one; None for an unconditional GAN."""
    return next((network.inputs[1] for network in networks if len(network.inputs) > 1), None)


def run(network, x, condition, training):
    """Calls a network, with the condition if it takes one.

    Returns:
        Its output, and what its layers passed to `add_loss` in this call (the next call clears that).
    """
    output = network([x, condition] if len(network.inputs) > 1 else x, training=training)
    regularizers = sum(variable.regularizer is not None for variable in network.trainable_variables)
    losses = network.losses  # those of weights come last
    return output, losses[: len(losses) - regularizers]
