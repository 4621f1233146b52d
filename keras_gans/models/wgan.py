"""The Wasserstein GAN, whose critic's weights are clipped."""

import keras

from keras_gans.constraints import Clip
from keras_gans.models.dcgan import DCGAN
from keras_gans.utils.numbers import check_positive


class WGAN(DCGAN):
    """The Wasserstein GAN with weight clipping, on DCGAN's networks: RMSprop(5e-5), five critic steps a round.

    Every trainable variable of the critic, normalization's included, is clipped to [-clip, clip] after each of its updates.

    Args:
        generator, discriminator, image_shape, latents, ema, classes, name: As in `DCGAN`.
        clip: Float > 0, the paper's c. Default: 0.01.

    Example:

    ```python
    gan = keras_gans.WGAN(image_shape=(28, 28, 1))
    gan.compile()  # the Wasserstein loss, RMSprop(5e-5)
    gan.fit(keras_gans.data.load("mnist_5k"), epochs=20)
    print(gan.discriminator_steps)  # 5
    ```

    Differences: the authors' code takes 100 critic steps a round in the first 25 rounds and in every 500th, clips before a
    step, and averages the critic over the batch; RMSprop's epsilon stands inside the square root in Keras.

    Reference:
        Arjovsky, Chintala, Bottou, Wasserstein GAN (2017), arXiv:1701.07875, Algorithm 1; rho of martinarjovsky/WassersteinGAN.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(64, 64, 3),
        latents=None,
        ema=None,
        classes=None,
        clip=0.01,
        name=None,
    ):
        check_positive(clip=clip)
        super().__init__(generator, discriminator, image_shape, latents, ema, classes, name)
        for variable in self.discriminator.trainable_variables:
            variable.constraint = Clip(clip)

    def recipe(self):
        return {
            **super().recipe(),
            "generator_optimizer": keras.optimizers.RMSprop(5e-5, rho=0.99, epsilon=1e-8),
            "discriminator_optimizer": keras.optimizers.RMSprop(5e-5, rho=0.99, epsilon=1e-8),
            "loss": "wasserstein",
            "discriminator_steps": 5,
        }
