"""The base of systems that translate between two domains, there and back."""

import tensorflow as tf

from keras_gans.latents import NoLatents
from keras_gans.models.translation import TranslationBack
from keras_gans.models.translation import check_one_source
from keras_gans.training.gan import GAN
from keras_gans.training.minibatch import Cached
from keras_gans.training.minibatch import Minibatch
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import check_fit_together
from keras_gans.training.network_checks import check_network
from keras_gans.training.network_checks import output_shape
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.networks import images_alone
from keras_gans.utils.networks import images_in


class TwoWayTranslation(TranslationBack, GAN):
    """Two generators, G from domain a to domain b and F from b to a, and a discriminator of each domain: two games.

    Data are batches `(a, b)`. The game "forward" has the real b, G(a) and D_b; the game "backward" the real a, F(b) and D_a.

    Args:
        generator: Built `keras.Model`, G.
        backward_generator: F.
        discriminator: D_b, of the images that G makes.
        backward_discriminator: D_a.
        ema, name: As in `GAN`.
    """

    roles = {
        "discriminator": ("discriminator", "backward_discriminator"),
        "generator": ("generator", "backward_generator"),
    }
    games = {"forward": "discriminator", "backward": "backward_discriminator"}

    def __init__(
        self, generator=None, backward_generator=None, discriminator=None, backward_discriminator=None, ema=None, name=None
    ):
        super().__init__(generator, discriminator, NoLatents(), ema, None, name)
        self.set_networks(backward_generator=backward_generator, backward_discriminator=backward_discriminator)

    @property
    def source_range(self):
        """The values of black and white in domain a."""
        return image_range_of(self.backward_generator)

    def check_networks(self):
        super().check_networks()
        check_fit_together(self.backward_generator, self.backward_discriminator, "backward_")
        for source, generator, names in (
            (self.generator, self.backward_generator, ("generator", "backward_generator")),
            (self.backward_generator, self.generator, ("backward_generator", "generator")),
        ):
            condition = NetworkInputs(source, None).condition
            check_one_source(condition)
            taken = tuple(condition.shape[1:])
            if taken != output_shape(generator):
                raise ValueError(
                    f"Each generator must take what the other one makes. Received: a {names[0]} that takes {taken}, and a "
                    f"{names[1]} that makes {output_shape(generator)}."
                )

    def draw(self, real, condition, seed, training=True):
        def game(name, real, source, forward, backward):
            translated, losses = run_network(forward, None, None, source, training)
            minibatch = self.minibatch(real, translated, None, source, seed, training, name, TwoWayMinibatch)
            minibatch.generator_losses.extend(losses)
            minibatch.forward, minibatch.backward = forward, backward
            return minibatch

        minibatch = game("forward", real, condition, self.generator, self.backward_generator)
        minibatch.add_game("backward", game("backward", condition, real, self.backward_generator, self.generator))
        return minibatch

    def backward_network(self, generator, backward_generator):
        return images_alone(backward_generator)


class TwoWayMinibatch(Minibatch):
    """A minibatch of a translation that knows the translation back.

    Attributes:
        reconstruction: Float32 tensor, F(G(a)): the source, translated there and back.
        identity: Float32 tensor, G(b): real images of the target domain, as if they were sources.
    """

    forward = backward = None

    @Cached
    def reconstruction(self):
        return self._translated(self.backward, self.fake)

    @Cached
    def identity(self):
        return self._translated(self.forward, self.real)

    def _translated(self, network, images):
        output, losses = run_network(network, None, None, images, self.training)
        self.generator_losses.extend(losses)
        return tf.cast(images_in(output), tf.float32)


def paper_pairs(builders, given, image_shape):
    """The four networks of a paper that translates both ways, where the user brought none.

    Args:
        builders: Module with `generator(image_shape, source_channels)` and `discriminator(image_shape)`.
        given: The user's G, F, D_b and D_a, or None for each.
        image_shape: Tuple, the shape of both domains' images. Discriminators are for what the generators make, where these have
            one size.
    """
    generators = [builders.generator(image_shape, image_shape[-1]) if each is None else each for each in given[:2]]
    for generator, role in zip(generators, TwoWayTranslation.roles["generator"], strict=True):
        check_network(generator, role, judges=False)
    shapes = [image_shape if None in output_shape(generator) else output_shape(generator) for generator in generators]
    discriminators = [
        builders.discriminator(shape) if each is None else each for shape, each in zip(shapes, given[2:], strict=True)
    ]
    return generators + discriminators
