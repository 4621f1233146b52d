"""Helpers for the classes of published systems."""

import keras

from keras_gans.losses import Saddle
from keras_gans.training.ema import EMA
from keras_gans.training.network_checks import check_network
from keras_gans.training.network_checks import number_of_classes
from keras_gans.training.network_checks import output_shape
from keras_gans.training.players import as_latents
from keras_gans.training.players import latent_shape
from keras_gans.utils.network_inputs import NetworkInputs


def paper_networks(
    builders,
    generator,
    discriminator,
    image_shape,
    latents,
    prior,
    generator_arguments=None,
    discriminator_arguments=None,
    **arguments,
):
    """The networks and the prior of a paper, where the user brought none.

    Args:
        builders: Module with `generator(image_shape, latents, ...)` and `discriminator(image_shape, ...)`.
        generator, discriminator: The user's networks, or None. One of them says the shape for both.
        image_shape: Tuple.
        latents: What the user passed: a prior, the shape of a normal one, or None for the paper's.
        prior: The paper's `Latents`, of any shape: they take that of the generator's latents.
        generator_arguments: Function of the image shape to a dict, more arguments of the generator's builder.
        discriminator_arguments: Dict, more arguments of the discriminator's builder.
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
    if generator is None:
        more = generator_arguments(image_shape) if generator_arguments else {}
        if latents is not None:
            latents = as_latents(latents, default=None)
            more["latents"] = paper_width(latents)
        generator = builders.generator(image_shape, **more, **arguments)
    if discriminator is None:
        discriminator = builders.discriminator(image_shape, **(discriminator_arguments or {}), **arguments)
    prior = type(prior).from_config({**prior.get_config(), "shape": latent_shape(generator, latents)})
    return generator, discriminator, as_latents(latents, default=prior)


def paper_width(latents):
    """The width of a prior's latents, for a paper's networks. Raises a ValueError if these are not vectors."""
    if latents.shape is None or len(latents.shape) != 1:
        raise ValueError(
            f"The paper's networks take latents with one axis. Received: {type(latents).__name__} of shape {latents.shape}. "
            "Pass a prior with one axis, or your own networks for this prior."
        )
    return latents.shape[0]


def paper_classes(classes, generator, discriminator, default):
    """The number of classes that the paper's networks are made for: `classes`, if the user said it.

    Else that of the network that the user brought: the size of the table that its condition feeds, or the width of a condition
    that is a vector; None if it takes none. The generator says it where there are both. Without either network, `default`.
    """
    if classes is not None:
        return classes
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


def adam_for_both(learning_rate, **arguments):
    """The optimizers of a recipe whose players have the same one: a `keras.optimizers.Adam` of these arguments each."""
    players = ("generator", "discriminator")
    return {f"{player}_optimizer": keras.optimizers.Adam(learning_rate, **arguments) for player in players}


def hinge_recipe(generator_rate, discriminator_rate, discriminator_steps):
    """How SAGAN and BigGAN were published: the hinge loss, Adam with beta_1=0 and beta_2=0.999, a learning rate a player."""
    generator, discriminator = (
        keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.999, epsilon=1e-8) for rate in (generator_rate, discriminator_rate)
    )
    return {
        "generator_optimizer": generator,
        "discriminator_optimizer": discriminator,
        "loss": "hinge",
        "discriminator_steps": discriminator_steps,
    }


def image_size(gan):
    """The height of the images that a GAN makes: where a paper's recipe depends on it."""
    return gan.generator.outputs[0].shape[1]


def saddle_recipe():
    """How unrolled and locally stable GANs were published: the zero-sum game, alternating, Adam(1e-4, beta_1=0.5)."""
    return {
        **adam_for_both(1e-4, beta_1=0.5, epsilon=1e-8),
        "loss": Saddle("minimax"),
        "update_rule": "alternating",
    }
