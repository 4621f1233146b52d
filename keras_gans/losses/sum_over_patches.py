"""A loss of patches, summed over an image."""

import tensorflow as tf

from keras_gans.losses.wrapper import LossWrapper


class SumOverPatches(LossWrapper):
    """Another loss, summed over the positions of a patch map, where losses are otherwise averaged over all scores.

    D, G: sum over the positions of base D, base G

    Args:
        base: A name, a configuration or an `AdversarialLoss`. Default: "non_saturating", the local adversarial loss of SimGAN.

    Shapes: scores `(batch, height, width, 1)`.

    Example:

    ```python
    loss = keras_gans.losses.SumOverPatches("least_squares")
    scores = tf.zeros((2, 3, 3, 1))
    print(loss.generator(None, scores).numpy())  # [4.5 4.5]; nine times 1/2
    ```

    Reference:
        Shrivastava et al., Learning from Simulated and Unsupervised Images through Adversarial Training (2016), arXiv:1612.07828,
        section 2.2.
    """

    def __init__(self, base="non_saturating", name=None, **kwargs):
        super().__init__(base, name=name, **kwargs)

    @property
    def uses_real(self):
        return self.base.uses_real

    def discriminator(self, real, fake):
        return _sums(self.base.discriminator(real, fake))

    def generator(self, real, fake):
        return _sums(self.base.generator(real, fake))


def _sums(values):
    return tf.reduce_sum(values, axis=range(1, len(values.shape)))
