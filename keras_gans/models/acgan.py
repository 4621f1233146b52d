"""The auxiliary classifier GAN."""

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.losses import AuxiliaryClassifier
from keras_gans.models.paper import adam_for_both
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.training.gan import GAN
from keras_gans.training.network_checks import check_network
from keras_gans.utils.networks import output_of


class ACGAN(GAN):
    """The auxiliary classifier GAN: the discriminator also names the class of each image, real or generated.

    The discriminator sees no label; it gives a score and K class logits. Both players minimize the cross-entropy of the class,
    `AuxiliaryClassifier`, beside the non-saturating loss; one step each, alternating; Adam(2e-4, beta_1=0.5). The paper's batch
    size is 100.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.acgan`. The discriminator returns a dict
            with `scores` and `classes`.
        image_shape: Tuple (size, size, channels), size 32 or 128. Default: (32, 32, 3), CIFAR-10.
        latents: Default: `Normal(100)`.
        ema: As in `GAN`.
        classes: Int, number of labels. Default: that of the network given, of a discriminator its logits, else 10.
        name: String.

    Example:

    ```python
    gan = keras_gans.ACGAN(image_shape=(32, 32, 1))
    gan.compile()
    gan.fit(keras_gans.data.load("mnist_5k", size=32, batch_size=100), epochs=20)
    print(gan.generate(10, condition=np.arange(10)).shape)  # (10, 32, 32, 1); a digit of each class
    ```

    Differences: the paper tries learning rates 1e-4, 2e-4 and 3e-4; it trains 100 models of 10 ImageNet classes each. The
    generator's half is -log of the score of a generated image, where the paper's formula has log of one minus it.

    Reference:
        Odena, Olah, Shlens, Conditional Image Synthesis with Auxiliary Classifier GANs (2016), arXiv:1610.09585, section 4 and
        appendix A. The authors released no code.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(32, 32, 3),
        latents=None,
        ema=None,
        classes=None,
        name=None,
    ):
        classes = _number_of_classes(classes, generator, discriminator)
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(networks.acgan, *given, prior=Normal(), classes=classes)
        super().__init__(generator, discriminator, latents, ema, classes, name)

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, epsilon=1e-8),
            "auxiliary_losses": [AuxiliaryClassifier()],
            "update_rule": "alternating",
        }


def _number_of_classes(classes, generator, discriminator):
    if classes is None and discriminator is not None:
        check_network(discriminator, "discriminator")
        heads = output_of(discriminator)
        if isinstance(heads, dict) and "classes" in heads:
            return heads["classes"].shape[-1]
    return paper_classes(classes, generator, None, default=10)
