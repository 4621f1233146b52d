"""Images that are left alone: the identity loss of two translations."""

from keras_gans.losses.auxiliary.distance import DistanceLoss


class Identity(DistanceLoss):
    """A translation leaves images of its target domain unchanged.

    G: weight * distance(G(b), b)       "l1": the mean of |G(b) - b|

    The minibatch has G(b) as `identity`. Both domains need the same number of channels.

    Args:
        weight: Float or schedule. Default: 5, that of CycleGAN: half of the weight of its cycle consistency.
        form: "l1" or "l2", means over pixels and channels; "l1_sum" or "l2_sum", sums. Default: "l1".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: for another `form`; in training, if the domains have different shapes, or the GAN does not translate.

    Example:

    ```python
    loss = keras_gans.losses.Identity(weight=0.5 * 10.0)
    print(loss.applies_to("generator"), loss.applies_to("discriminator"))  # True False
    ```

    Reference:
        Taigman, Polyak, Wolf, Unsupervised Cross-Domain Image Generation (2016), arXiv:1611.02200; Zhu et al., Unpaired
        Image-to-Image Translation using Cycle-Consistent Adversarial Networks (2017), arXiv:1703.10593, section 5.2; matches
        junyanz/pytorch-CycleGAN-and-pix2pix, where it is on by default.
    """

    def __init__(self, weight=5.0, form="l1", every=1, name=None, **kwargs):
        super().__init__(weight, form, every, name, **kwargs)

    def generator(self, minibatch):
        if "identity" not in dir(minibatch):  # `hasattr` would compute it
            raise ValueError(
                "Identity needs a GAN that translates between two domains. Received: one that does not. Train a "
                "keras_gans.CycleGAN, or leave the loss out."
            )
        source, target = (tuple(images.shape[1:]) for images in (minibatch.condition, minibatch.real))
        if source != target:
            raise ValueError(
                f"Identity needs domains of one shape. Received: {source} and {target}. Leave the loss out of `auxiliary_losses`."
            )
        return self.distance(minibatch.identity, minibatch.real)
