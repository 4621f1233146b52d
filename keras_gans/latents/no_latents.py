"""No prior: for generators that compute from a condition alone."""

from keras_gans.latents.latents import Latents


class NoLatents(Latents):
    """No latents: the generator has no noise as an input, and makes one image of each condition, such as a source image.

    For networks from image to image (pix2pix, CycleGAN, SRGAN): all inputs of the generator are conditions then, and the data are
    `(data, condition)`, that is (target, source) for `GAN` itself; the classes of translation systems take (source, target).

    Attributes:
        shape: None.

    Example:

    ```python
    source = keras.Input((8, 8, 1), name="source")
    refiner = keras.Model(source, keras.layers.Conv2D(1, 3, padding="same", activation="tanh")(source))
    gan = keras_gans.GAN(refiner, keras_gans.networks.pix2pix.discriminator((8, 8, 1), None, layers=1, filters=4),
                         latents=keras_gans.latents.NoLatents())
    print(gan.generate(condition=np.zeros((2, 8, 8, 1))).shape)  # (2, 8, 8, 1)
    ```
    """

    def __init__(self):
        self.shape = None

    def sample(self, batch_size, seed, truncation=None):
        if truncation is not None:
            raise ValueError(f"Without latents, nothing can be truncated. Received: truncation={truncation!r}. Leave it out.")
        return
