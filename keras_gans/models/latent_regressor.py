"""The latent regressor, BiGAN's baseline."""

import keras
import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import Uniform
from keras_gans.losses import LatentRegression
from keras_gans.models.encoding import Encoding
from keras_gans.models.encoding import inverse_networks
from keras_gans.training.gan import GAN
from keras_gans.training.network_checks import output_shape


class LatentRegressor(Encoding, GAN):
    """A GAN, and an encoder that finds the latents of generated images: what BiGAN was compared with.

    D: as of any GAN, of images alone
    G: as of any GAN; of a joint regressor plus 0.25 * mean (z - E(G(z)))^2
    E: mean (z - E(G(z)))^2

    The encoder sees no real image. All networks move at once; Adam(2e-4, beta_1=0.5), as in `BiGAN`.

    Args:
        generator, encoder, discriminator: Networks instead of the defaults, those of `keras_gans.networks.bigan`, where the
            discriminator sees images alone. Those that are not given are made for the generator's shapes.
        joint: Bool, whether the generator minimizes the error too. Default: False.
        image_shape: Tuple (height, width, channels). Default: (28, 28, 1).
        latents: A prior, or the width of a `Uniform` one. Default: `Uniform`, of the generator's width, or 50.
        ema, name: As in `GAN`.

    Example:

    ```python
    network = keras_gans.networks.bigan
    networks = network.generator(units=16), network.encoder(units=16), network.discriminator(latents=None, units=16)
    gan = keras_gans.LatentRegressor(*networks, joint=True)
    gan.compile()
    images = np.random.default_rng(0).uniform(0, 1, (8, 28, 28, 1)).astype("float32")
    gan.fit(images, batch_size=4)
    print(gan.encode(images).shape)  # (8, 50)
    ```

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782, section 4; jeffdonahue/bigan.
    """

    roles = {"discriminator": ("discriminator",), "generator": ("generator", "encoder")}

    def __init__(
        self,
        generator=None,
        encoder=None,
        discriminator=None,
        joint=False,
        image_shape=(28, 28, 1),
        latents=None,
        ema=None,
        name=None,
    ):
        network = networks.bigan
        generator, encoder, latents = inverse_networks(network, generator, encoder, image_shape, latents, prior=Uniform)
        if discriminator is None:
            discriminator = network.discriminator(output_shape(generator), latents=None)
        super().__init__(generator, discriminator, latents, ema, None, name)
        self.joint = joint
        self.set_networks(encoder=encoder)

    def recipe(self):
        return {
            **super().recipe(),
            "generator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5, epsilon=1e-8),
            "discriminator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5, epsilon=1e-8),
            "auxiliary_losses": [LatentRegression(0.25 if self.joint else 1.0)],
        }

    def draw(self, real, condition, seed, training=True):
        minibatch = super().draw(real, condition, seed, training)
        seen = minibatch.fake if self.joint else tf.stop_gradient(minibatch.fake)
        latents, _, losses = self.infer(seen, seed, training)
        minibatch.outputs["latents_again"] = latents
        minibatch.generator_losses.extend(losses)
        return minibatch
