"""LSGAN: the least-squares loss on DCGAN's networks."""

from keras_gans.models.dcgan import DCGAN
from keras_gans.models.paper import adam_for_both


class LSGAN(DCGAN):
    """LSGAN: the least-squares loss (0-1 coding) on DCGAN's networks, Adam(1e-3, beta_1=0.5), one step each.

    Args:
        generator, discriminator, image_shape, latents, ema, classes, name: As in `DCGAN`.

    Example:

    ```python
    gan = keras_gans.LSGAN(image_shape=(28, 28, 1))
    gan.compile()  # the least-squares loss, Adam(1e-3, beta_1=0.5)
    gan.fit(keras_gans.data.load("mnist_5k"), epochs=20)
    ```

    Differences: the paper's own networks for 112x112 images take 1024 uniform latents; its code sums the loss over the
    batch, where this is the mean (Adam does not see the factor).

    Reference:
        Mao et al., Least Squares Generative Adversarial Networks (2016), arXiv:1611.04076; the learning rate of
        xudonmao/LSGAN.
    """

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(1e-3, beta_1=0.5),
            "loss": "least_squares",
        }
