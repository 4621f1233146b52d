"""What the classes of published systems share."""

import keras

from keras_gans.losses import Saddle
from keras_gans.training.network_checks import check_network
from keras_gans.training.network_checks import output_shape


def latent_shape(generator, otherwise):
    """The shape of the latents that the user's generator takes; without a generator `otherwise`, the paper's shape."""
    if generator is None:
        return otherwise
    check_network(generator, "generator")
    return tuple(generator.inputs[0].shape[1:])


def paper_networks(builders, generator, discriminator, image_shape, latents, **arguments):
    """The networks of a paper, in place of those that the user did not pass.

    Args:
        builders: Module with `generator(image_shape, latents, ...)` and `discriminator(image_shape, ...)`.
        generator, discriminator: The user's networks, or None. One of them says the shape for both.
        image_shape: Tuple.
        latents: The prior.
        **arguments: More arguments of both builders.

    Returns:
        The generator and the discriminator.
    """
    if generator is not None:
        image_shape = output_shape(generator)
    elif discriminator is not None:
        check_network(discriminator, "discriminator")
        image_shape = tuple(discriminator.inputs[0].shape[1:])
    if generator is None:
        if len(latents.shape) != 1:
            raise ValueError(f"The paper's generator takes latents of one axis. Received: latents of shape {latents.shape}.")
        generator = builders.generator(image_shape, latents.shape[0], **arguments)
    if discriminator is None:
        discriminator = builders.discriminator(image_shape, **arguments)
    return generator, discriminator


def saddle_recipe():
    """How unrolled and locally stable GANs were published: the zero-sum game, alternating, Adam(1e-4, beta_1=0.5)."""
    return {
        "generator_optimizer": keras.optimizers.Adam(1e-4, beta_1=0.5, epsilon=1e-8),
        "discriminator_optimizer": keras.optimizers.Adam(1e-4, beta_1=0.5, epsilon=1e-8),
        "loss": Saddle("minimax"),
        "update_rule": "alternating",
    }
