"""Refined images that stay near their originals."""

from keras_gans.losses.auxiliary.distance import DistanceLoss


class SelfRegularization(DistanceLoss):
    """A refined image stays near the synthetic one, so that its annotations stay true.

    R: weight * distance(R(x), x)       "l1_sum": the sum of |R(x) - x| over pixels

    Args:
        weight: Float or schedule. The paper gives none, and published ones differ widely; with the sum, it goes with the size
            of the images. Default: 0.01, what its authors told re-implementers.
        form: "l1_sum" or "l2_sum", sums over pixels; "l1" or "l2", means. Default: "l1_sum".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: for another `form`.

    Example:

    ```python
    network = keras_gans.networks.simgan
    gan = keras_gans.SimGAN(network.generator((16, 16, 1), filters=4, blocks=1), network.discriminator((16, 16, 1)))
    gan.compile(auxiliary_losses=[keras_gans.losses.SelfRegularization(0.1)])
    ```

    Reference:
        Shrivastava et al., Learning from Simulated and Unsupervised Images through Adversarial Training (2016), arXiv:1612.07828,
        section 2.1.
    """

    def __init__(self, weight=0.01, form="l1_sum", every=1, name=None, **kwargs):
        super().__init__(weight, form, every, name, **kwargs)

    def generator(self, minibatch):
        return self.distance(minibatch.fake, minibatch.condition)
