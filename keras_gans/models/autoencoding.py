"""The base of systems that encode and decode images, and whose codes are judged."""

import tensorflow as tf

from keras_gans.models.encoding import Encoding
from keras_gans.training.network_calls import run_network
from keras_gans.utils import random
from keras_gans.utils.network_inputs import NetworkInputs


class Autoencoding(Encoding):
    """A mixin for a `GAN` that is an autoencoder, with a game called "code": the encoder's codes against the prior's latents.

    In that game `real` comes from the prior and `fake` from the encoder, so that losses, terms and replays see codes. Its
    `outputs` are `latents` alone: a term of images refuses it.
    """

    paired = True  # metrics see reconstructions

    def autoencode(self, images, condition, seed, training):
        """Codes of images; what the generator makes of them; and what the layers of both passed to `add_loss`."""
        codes, _, losses = self.infer(images, seed, training)
        output, more = run_network(self.generator, "latents", codes, condition, training)
        return codes, output, [*losses, *more]

    def code_game(self, codes, condition, seed, training):
        """The minibatch of the game "code"."""
        prior = self.latents.sample(tf.shape(codes)[0], random.fold_in(seed, "latents"))
        minibatch = self.minibatch(prior, codes, codes, condition, seed, training, "code")
        minibatch.outputs = {"latents": codes}
        return minibatch

    def check_judge(self, role):
        """Raises a ValueError unless a discriminator takes the codes that the encoder makes."""
        taken = tuple(NetworkInputs(getattr(self, role), "images").main.shape[1:])
        made = self.code_shape
        if taken != made:
            raise ValueError(f"The {role} must take the encoder's codes {made}. Received: one that takes {taken}.")
