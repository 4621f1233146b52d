"""The base of systems that also map images back to latents."""

import functools

import keras
import tensorflow as tf

from keras_gans.latents import NoLatents
from keras_gans.models.paper import paper_width
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import check_is_told_nothing
from keras_gans.training.network_checks import check_network
from keras_gans.training.network_checks import output_shape
from keras_gans.training.players import as_latents
from keras_gans.training.players import latent_shape
from keras_gans.utils import random
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import output_of
from keras_gans.utils.shapes import compatible
from keras_gans.utils.sources import checked_source


class Encoding:
    """A mixin for a `GAN` with a network `encoder` among those of the generator: images to latents.

    The encoder returns latents, or a dict with `latents`; or, of a Gaussian that they are drawn from, a dict with `mean` and
    `log_scale`. What is encoded is then the mean.
    """

    def encode(self, images, batch_size=None):
        """The latents of images, or their means for a stochastic encoder.

        Args:
            images: Float array `(batch, height, width, channels)`, or a list of images, in `image_range`.
            batch_size: Int, how many at a time. Default: 32.

        Returns:
            Float32 NumPy array `(batch, *latents.shape)`.

        Raises:
            ValueError: if the images have another shape or range.
        """
        network = self._encoding
        images = checked_source(images, network.inputs[0], self.image_range, "encoder takes")
        self.follow_loaded_weights()
        return network.predict(images, batch_size=batch_size, verbose=0)

    def reconstruct(self, images, condition=None):
        """Reconstructions: what the generator makes from the latents of images.

        Args:
            images: As for `encode`.
            condition: As for `generate`, of a conditional GAN.

        Returns:
            Float32 NumPy array, images.
        """
        return self.generate(condition=condition, latents=self.encode(images))

    def encoding_network(self, *networks):
        """The functional model from images to latents, made of the generator's networks, or of their averages."""
        return encoding_of(networks[self.roles["generator"].index("encoder")])

    @property
    def code_shape(self):
        """The shape of the encoder's output for one image."""
        return tuple(self.encoding_network(*self.networks("generator")).outputs[0].shape[1:])

    @functools.cached_property
    def _encoding(self):
        return self.encoding_network(*self.sampled_networks())

    def endpoints(self, *networks):
        encode = self.encoding_network(*networks), "images", "latents", self.image_range
        return {**super().endpoints(*networks), "encode": encode}

    def infer(self, images, seed, training, name="encoder"):
        """Latents of images, in training: sampled, if the encoder is stochastic.

        Args:
            images: Float tensor.
            seed: Of the step.
            training: Bool.
            name: String, which makes the drawn numbers differ from others in the same step.

        Returns:
            The latents; a dict of what the encoder returned; and what its layers passed to `add_loss`.
        """
        return infer(self.encoder, images, seed, training, name)

    def check_networks(self):
        super().check_networks()
        self.check_encoder()

    def check_encoder(self):
        """Raises a ValueError unless the encoder returns the latents that the generator takes, of the images that it makes."""
        check_encoder(self.encoder, self.generator)


def inverse_networks(builders, generator, encoder, image_shape, latents, prior, **arguments):
    """A paper's networks that are each other's inverse, where the user brought none, and the prior.

    Args:
        builders: Module with `generator(image_shape, latents)` and `encoder(image_shape, latents)`.
        generator, encoder: The user's networks, or None. One of them says the shapes for both.
        image_shape: Tuple.
        latents: What the user passed: a prior, the width of the paper's, or None for the paper's of the generator's width.
        prior: The class of the paper's prior.
        **arguments: More arguments of the generator's builder.

    Returns:
        The generator, the encoder and the prior.

    Raises:
        ValueError: if one of the user's is not a network, or the paper's cannot take the latents.
    """
    given, width = as_latents(latents, None, prior), {}
    if isinstance(given, NoLatents):
        raise ValueError("A generator with an encoder must take latents. Received: latents=NoLatents(). Leave it out.")
    if encoder is not None:
        check_network(encoder, "encoder")
        check_encoding(encoder)
        image_shape = tuple(NetworkInputs(encoder, "images").main.shape[1:])
        width["latents"] = encoding_of(encoder).outputs[0].shape[-1]
    elif given is not None and generator is None:
        width["latents"] = paper_width(given)
    if generator is None:
        generator = builders.generator(image_shape, **width, **arguments)
    check_network(generator, "generator")
    latents = prior(latent_shape(generator, given)) if given is None else given
    if encoder is None:
        encoder = builders.encoder(output_shape(generator), paper_width(latents))
    return generator, encoder, latents


def encoding_of(encoder):
    """The functional model from images to an encoder's latents, or to the means of a stochastic encoder."""
    output = output_of(encoder)
    if not isinstance(output, dict):
        return encoder
    return keras.Model(encoder.input, output["mean" if "mean" in output else "latents"], name=encoder.name)


def infer(encoder, images, seed, training, name="encoder"):
    """Latents of images; see `Encoding.infer`."""
    output, losses = run_network(encoder, "images", images, None, training)
    output = output if isinstance(output, dict) else {"latents": output}
    output = {key: tf.cast(value, tf.float32) for key, value in output.items()}
    if "latents" in output:
        return output["latents"], output, losses
    noise = random.normal(tf.shape(output["mean"]), random.fold_in(seed, name))
    return output["mean"] + tf.exp(output["log_scale"]) * noise, output, losses


def check_stochastic(encoder, what):
    """Raises a ValueError unless the encoder of `what`, such as "a VAE", returns a Gaussian."""
    output = output_of(encoder)
    if not isinstance(output, dict) or not {"mean", "log_scale"} <= set(output):
        raise ValueError(
            f"The encoder of {what} returns a dict with `mean` and `log_scale`. Received: "
            f"{sorted(output) if isinstance(output, dict) else 'one tensor'}."
        )


def check_decodes_latents_alone(generator, what):
    """Raises a ValueError if the generator of `what`, the name of a class that has no condition to give, takes one."""
    remedy = " Or use a class that may tell its generator a label, such as AAE."
    check_is_told_nothing(generator, "latents", f"The generator of {what}", remedy)


def check_encoding(encoder):
    """Raises a ValueError unless an encoder takes images alone, and returns latents, or a Gaussian of them."""
    check_is_told_nothing(encoder, "images", "The encoder")
    output = output_of(encoder)
    keys = set(output) if isinstance(output, dict) else {"latents"}
    if not ({"latents"} <= keys or {"mean", "log_scale"} <= keys):
        raise ValueError(
            "The encoder must return latents, or a dict with `latents`, or with `mean` and `log_scale`. Received: "
            f"{sorted(keys)}."
        )


def check_encoder(encoder, generator):
    """Raises a ValueError unless an encoder returns latents, or a Gaussian of them, and takes and makes what the generator
    makes and takes."""
    check_encoding(encoder)
    for made, taken, names in (
        (output_shape(generator), NetworkInputs(encoder, "images").main.shape, ("generator", "encoder")),
        (encoding_of(encoder).outputs[0].shape[1:], NetworkInputs(generator, "latents").main.shape, ("encoder", "generator")),
    ):
        if not compatible(tuple(made), tuple(taken[1:])):
            raise ValueError(
                f"The {names[1]} must take what the {names[0]} makes. Received: the {names[0]} makes {tuple(made)}, and the "
                f"{names[1]} takes {tuple(taken[1:])}, without the batch axis."
            )
