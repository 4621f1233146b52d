"""Images that are encoded and decoded in their own domain."""

from keras_gans.losses.auxiliary.distance import DistanceLoss


class SelfReconstruction(DistanceLoss):
    """An image that is encoded, and decoded in its own domain, is the image: the autoencoders inside a translation.

    G: weight * distance(G_a(E_a(a)), a)        "l1": the mean of |G_a(E_a(a)) - a|

    The minibatch has G_a(E_a(a)) among its `outputs`, as `self_reconstruction`, and a as `condition`.

    Args:
        weight: Float or schedule. Default: 100, that of UNIT.
        form: "l1" or "l2", means over pixels and channels; "l1_sum" or "l2_sum", sums. Default: "l1".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: for another `form`; in training, if the GAN does not encode its sources.

    Example:

    ```python
    import types

    minibatch = types.SimpleNamespace(condition=tf.zeros((2, 8, 8, 1)), outputs={"self_reconstruction": tf.ones((2, 8, 8, 1))})
    print(keras_gans.losses.SelfReconstruction().generator(minibatch).numpy())  # [1. 1.]; the weight comes later
    ```

    Reference:
        Liu, Breuel, Kautz, Unsupervised Image-to-Image Translation Networks (2017), arXiv:1703.00848, equation 3; matches
        mingyuliutw/UNIT, where the likelihood is a mean of absolute differences.
    """

    def __init__(self, weight=100.0, form="l1", every=1, name=None, **kwargs):
        super().__init__(weight, form, every, name, **kwargs)

    def generator(self, minibatch):
        if "self_reconstruction" not in minibatch.outputs:
            raise ValueError(
                "SelfReconstruction needs a GAN that encodes the sources it translates. Received: one that does not. Train a "
                "keras_gans.UNIT, or leave the loss out."
            )
        return self.distance(minibatch.outputs["self_reconstruction"], minibatch.condition)
