"""Generated images that lie near their targets: the L1 loss of pix2pix."""

from keras_gans.losses.auxiliary.distance import DistanceLoss


class Reconstruction(DistanceLoss):
    """The generator makes the target of its source.

    G: weight * distance(y, G(x))       y the real image, "l1": the mean of |y - G(x)|

    Args:
        weight: Float or schedule. Default: 100, that of pix2pix.
        form: "l1" or "l2", means over pixels and channels; "l1_sum" or "l2_sum", sums. Default: "l1".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: for another `form`.

    Example:

    ```python
    gan.compile(auxiliary_losses=[keras_gans.losses.Reconstruction(10.0, form="l2")])
    ```

    Reference:
        Isola, Zhu, Zhou, Efros, Image-to-Image Translation with Conditional Adversarial Networks (2017), arXiv:1611.07004,
        equation 3; matches phillipi/pix2pix.
    """

    def __init__(self, weight=100.0, form="l1", every=1, name=None, **kwargs):
        super().__init__(weight, form, every, name, **kwargs)

    def generator(self, minibatch):
        return self.distance(minibatch.target, minibatch.images)
