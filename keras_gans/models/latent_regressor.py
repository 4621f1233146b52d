"""The latent regressor, BiGAN's baseline."""

import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import Uniform
from keras_gans.losses import LatentRegression
from keras_gans.models.encoding import Encoding
from keras_gans.models.encoding import inverse_networks
from keras_gans.models.paper import adam_for_both
from keras_gans.training.gan import GAN
from keras_gans.training.network_checks import output_shape
from keras_gans.utils.choices import check_bools
from keras_gans.utils.network_inputs import NetworkInputs


class LatentRegressor(Encoding, GAN):
    """A GAN, and an encoder that finds the latents of generated images: what BiGAN was compared with.

    D: as of any GAN, of images alone
    G: as of any GAN; of a joint regressor plus 0.25 * R
    E: R; of a joint regressor 0.25 * R

    R = mean over dimensions of -(p log q + (1 - p) log(1 - q)),    p = (z + 1) / 2,    q = (E(G(z)) + 1) / 2

    for latents uniform in (-1, 1), likewise for other ranges; of other priors R = mean (z - E(G(z)))^2 / 2. Both are
    `losses.LatentRegression`, the cross-entropy for an encoder that ends in a tanh or a sigmoid, as the default one.

    The encoder sees no real image. All networks move at once; Adam(2e-4, beta_1=0.5), as in `BiGAN`: the factor 0.25 changes
    nothing for the encoder, whose objective is R alone. It says how much the generator cares. Images are in [0, 1]. The authors'
    batches have 128 images.

    Args:
        generator, encoder, discriminator: Networks instead of the defaults, those of `keras_gans.networks.bigan`, where the
            discriminator sees images alone. Those that are not given are made for the generator's shapes.
        joint: Bool, whether the generator minimizes the error too. Default: False.
        image_shape: Tuple (height, width, channels). Default: (28, 28, 1).
        latents: A prior, or the width of a `Uniform` one. Default: `Uniform`, of the generator's width, or 50.
        ema, name: As in `GAN`.

    Raises:
        ValueError: if the networks do not fit together; from `compile`, if uniform latents have an encoder whose codes may lie
            outside of their range (see `losses.LatentRegression`).

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

    Differences: no weight decay (the release has 2.5e-5). The rate stays (there it falls to a hundredth in the second half of the
    training, 200 of 400 epochs). The encoder's last layer begins with small random weights, there with zeros.

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782, section 4; matches
        jeffdonahue/bigan (`train_mnist.sh`, the objectives LR and Joint LR).
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
        check_bools(joint=joint)
        network = networks.bigan
        generator, encoder, latents = inverse_networks(network, generator, encoder, image_shape, latents, prior=Uniform)
        if discriminator is None:
            discriminator = network.discriminator(output_shape(generator), latents=None)
        super().__init__(generator, discriminator, latents, ema, None, name)
        self.joint = joint
        self.set_networks(encoder=encoder)

    def check_networks(self):
        super().check_networks()
        if "latents" in NetworkInputs(self.discriminator, "images").conditions:
            raise ValueError(
                "The discriminator of a LatentRegressor judges images, not pairs with their latents. Received: one that takes "
                "latents, as BiGAN's. Make it with latents=None."
            )

    def recipe(self):
        form = "cross_entropy" if isinstance(self.latents, Uniform) else "squared"
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, epsilon=1e-8),
            "auxiliary_losses": [LatentRegression(0.25 if self.joint else 1.0, form)],
        }

    def draw(self, real, condition, seed, training=True):
        minibatch = super().draw(real, condition, seed, training)
        seen = minibatch.fake if self.joint else tf.stop_gradient(minibatch.fake)
        latents, _, losses = self.infer(seen, seed, training)
        minibatch.outputs["latents_again"] = latents
        minibatch.generator_losses.extend(losses)
        return minibatch
