"""Calls of a network in training."""

from keras_gans.utils.network_inputs import NetworkInputs


def run_network(network, main, x, condition, training):
    """Calls a network on `x`, and on the condition if it takes one.

    Args:
        network: Generator or discriminator.
        main: "latents" or "images", what `x` is; None where there are conditions only.
        x: Tensor, or None.
        condition: Tensor, dict of tensors by name, or None.
        training: Bool.

    Returns:
        Its output, and what its layers passed to `add_loss` in this call (the next call clears that).

    Example:

    ```python
    latents = gan.latents.sample(8, seed=(0, 1))
    output, losses = keras_gans.training.run_network(gan.generator, "latents", latents, None, training=True)
    print(output.shape, losses)  # (8, 28, 28, 1) []
    ```
    """
    return run_network_on(network, NetworkInputs(network, main).values(x, condition), training)


def run_network_on(network, inputs, training):
    """As `run_network`, for inputs that already have the structure of the network's own."""
    output = network(inputs, training=training)
    regularizers = sum(variable.regularizer is not None for variable in network.trainable_variables)
    losses = network.losses  # those of weights come last
    return output, losses[: len(losses) - regularizers]
