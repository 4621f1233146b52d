"""The conditional GAN of 2014."""

import keras

from keras_gans import networks
from keras_gans.latents import Uniform
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.training.gan import GAN


class ConditionalGAN(GAN):
    """The first conditional GAN: perceptrons that see a label, SGD with momentum.

    Both players get the label with every image. The non-saturating loss, one step each; SGD with learning rate 0.1, divided
    by 1.00004 at each update, and momentum 0.5. The paper's batch size is 100.

    Args:
        generator, discriminator: Networks with a second input instead of the paper's, `keras_gans.networks.mlp` with
            `classes`.
        image_shape: Tuple, any. Default: (28, 28, 1).
        latents: Default: `Uniform(100, 0, 1)`, the unit hypercube.
        ema: As in `GAN`.
        classes: Int, number of labels. Default: that of the network given, else 10.
        name: String.

    Example:

    ```python
    gan = keras_gans.ConditionalGAN(classes=10)
    gan.compile()
    gan.fit(keras_gans.data.load("mnist_5k", batch_size=100), epochs=30)
    print(gan.generate(10, condition=np.arange(10)).shape)  # (10, 28, 28, 1); a digit of each class
    ```

    Differences: the paper raises the momentum to 0.7 over training, and stops the decay at 1e-6; early stopping on a
    likelihood estimate is left to the user.

    Reference:
        Mirza, Osindero, Conditional Generative Adversarial Nets (2014), arXiv:1411.1784, section 4.1.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(28, 28, 1),
        latents=None,
        ema=None,
        classes=None,
        name=None,
    ):
        classes = paper_classes(classes, generator, discriminator, default=10)
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(
            networks.mlp, *given, prior=Uniform(low=0.0, high=1.0), classes=classes
        )
        super().__init__(generator, discriminator, latents, ema, classes, name)

    def recipe(self):
        return {**super().recipe(), "generator_optimizer": _sgd(), "discriminator_optimizer": _sgd()}


def _sgd():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=1 / 1.00004)
    return keras.optimizers.SGD(schedule, momentum=0.5)
