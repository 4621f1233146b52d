"""A loss that leaves the generator to other terms."""

from keras import ops

from keras_gans.losses.wrapper import LossWrapper
from keras_gans.utils.numbers import check_positive


class DiscriminatorOnly(LossWrapper):
    """The discriminator's half of another loss. The generator has none: an auxiliary loss such as `FeatureMatching` drives it.

    D: weight * base D
    G: 0

    Args:
        base: A name, a configuration or an `AdversarialLoss`. Default: "non_saturating".
        weight: Float > 0, of the discriminator's half. Default: 1.

    Raises:
        ValueError: if `weight` is not positive; from `compile`, if no auxiliary loss or penalty drives the generator.

    Example:

    ```python
    discriminator = keras_gans.networks.with_features(discriminator)
    gan = keras_gans.GAN(generator, discriminator)
    gan.compile(loss="discriminator_only", auxiliary_losses=[keras_gans.losses.FeatureMatching()])
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498, section 3.1.
    """

    drives_generator = False

    def __init__(self, base="non_saturating", weight=1.0, name=None, **kwargs):
        super().__init__(base, name=name, **kwargs)
        check_positive(weight=weight)
        self.weight = weight

    def discriminator(self, real, fake):
        return self.weight * self.base.discriminator(real, fake)

    def generator(self, real, fake):
        return ops.zeros_like(fake)
