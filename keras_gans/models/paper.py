"""What the classes of published systems share."""

import keras

from keras_gans.latents import Latents
from keras_gans.losses import Saddle
from keras_gans.training.ema import EMA
from keras_gans.training.network_checks import check_network
from keras_gans.training.network_checks import number_of_classes
from keras_gans.training.network_checks import output_shape
from keras_gans.training.players import as_latents
from keras_gans.training.players import latent_shape
from keras_gans.utils.network_inputs import NetworkInputs


def paper_networks(builders, generator, discriminator, image_shape, latents, prior, generator_arguments=None, **arguments):
    """The networks and the prior of a paper, where the user brought none.

    Args:
        builders: Module with `generator(image_shape, latents, ...)` and `discriminator(image_shape, ...)`.
        generator, discriminator: The user's networks, or None. One of them says the shape for both.
        image_shape: Tuple.
        latents: What the user passed: a prior, the shape of a normal one, or None for the paper's.
        prior: The paper's `Latents`, or a function of the image shape that gives them. They take the shape of the latents of the
            user's generator.
        generator_arguments: Function of the image shape to a dict, more arguments of the generator's builder.
        **arguments: More arguments of both builders.

    Returns:
        The generator, the discriminator and the prior.

    Raises:
        ValueError: if one of the user's is not a network, or the paper's generator cannot take the latents.
    """
    for role, network in (("generator", generator), ("discriminator", discriminator)):
        if network is not None:
            check_network(network, role)
    if generator is not None:
        image_shape = output_shape(generator)
    elif discriminator is not None:
        image_shape = tuple(NetworkInputs(discriminator, "images").main.shape[1:])
    prior = prior if isinstance(prior, Latents) else prior(image_shape)
    if generator is not None:
        prior = type(prior).from_config({**prior.get_config(), "shape": latent_shape(generator, latents)})
    latents = as_latents(latents, default=prior)
    if generator is None:
        if len(latents.shape) != 1:
            raise ValueError(f"The paper's generator takes latents of one axis. Received: latents of shape {latents.shape}.")
        more = generator_arguments(image_shape) if generator_arguments else {}
        generator = builders.generator(image_shape, latents.shape[0], **more, **arguments)
    if discriminator is None:
        discriminator = builders.discriminator(image_shape, **arguments)
    return generator, discriminator, latents


def classes_of(generator, discriminator, default):
    """How many classes the network that the user brought is for, so that the other one is made for as many.

    That is the size of the table that its condition feeds, or the width of a condition that is a vector; None if it takes none.
    The generator says it where there are both. Without either network, `default`.
    """
    for network, role, main in ((generator, "generator", "latents"), (discriminator, "discriminator", "images")):
        if network is not None:
            check_network(network, role)
            condition = NetworkInputs(network, main).condition
            is_vector = condition is not None and not isinstance(condition, dict) and len(condition.shape) == 2
            return number_of_classes(network, main) or (condition.shape[1] if is_vector else None)
    return default


def published_average(ema, start):
    """BigGAN's average of the generator where `ema` is "published"; else what the user passed."""
    return EMA(0.9999, start=start) if isinstance(ema, str) and ema == "published" else ema


def saddle_recipe():
    """How unrolled and locally stable GANs were published: the zero-sum game, alternating, Adam(1e-4, beta_1=0.5)."""
    return {
        "generator_optimizer": keras.optimizers.Adam(1e-4, beta_1=0.5, epsilon=1e-8),
        "discriminator_optimizer": keras.optimizers.Adam(1e-4, beta_1=0.5, epsilon=1e-8),
        "loss": Saddle("minimax"),
        "update_rule": "alternating",
    }
