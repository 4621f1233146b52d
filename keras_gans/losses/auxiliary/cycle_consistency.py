"""Images that come back: the cycle consistency of two translations."""

from keras_gans.losses.auxiliary.distance import DistanceLoss


class CycleConsistency(DistanceLoss):
    """An image that is translated, and translated back, is the image.

    G: weight * distance(F(G(a)), a)        "l1": the mean of |F(G(a)) - a|

    G is the translation of the loss's own game, and F that of the other game. The minibatch has F(G(a)) as `reconstruction`, and
    a as `condition`.

    Args:
        weight: Float or schedule. Default: 10, that of CycleGAN.
        form: "l1" or "l2", means over pixels and channels; "l1_sum" or "l2_sum", sums. Default: "l1".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: for another `form`; in training, if the GAN translates only one way.

    Example:

    ```python
    network = keras_gans.networks.cyclegan
    generators = [network.generator((32, 32, 1), 1, filters=4, blocks=1) for _ in range(2)]
    discriminators = [network.discriminator((32, 32, 1), layers=1, filters=4) for _ in range(2)]
    gan = keras_gans.CycleGAN(*generators, *discriminators)
    gan.compile(auxiliary_losses=[keras_gans.losses.CycleConsistency(10.0)])  # without the identity loss
    ```

    Reference:
        Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks (2017), arXiv:1703.10593,
        equation 2; matches junyanz/pytorch-CycleGAN-and-pix2pix. With "l2": Kim et al., DiscoGAN (2017), arXiv:1703.05192.
    """

    def __init__(self, weight=10.0, form="l1", every=1, name=None, **kwargs):
        super().__init__(weight, form, every, name, **kwargs)

    def generator(self, minibatch):
        if "reconstruction" not in dir(minibatch):  # `hasattr` would compute it
            raise ValueError(
                "CycleConsistency needs a GAN that translates both ways. Received: another GAN. Train a keras_gans.CycleGAN, "
                "or leave the loss out."
            )
        return self.distance(minibatch.reconstruction, minibatch.condition)
