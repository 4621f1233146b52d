"""The drift term: a critic's scores of real data stay near 0."""

import tensorflow as tf

from keras_gans.penalties.penalty import Penalty


class Drift(Penalty):
    """Keeps a critic's scores of real data near 0: the Wasserstein loss does not depend on their level.

    D: weight * real^2

    Args:
        weight: Float. Default: 0.001.
        every: Int, see `Term`. Default: 1.

    Example:

    ```python
    gan.compile(loss="wasserstein", penalties=[keras_gans.penalties.GradientPenalty(), keras_gans.penalties.Drift()])
    print(list(gan.penalties))  # ['gradient_penalty', 'drift']
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2017), arXiv:1710.10196, appendix A.1; matches
        tkarras/progressive_growing_of_gans.
    """

    def __init__(self, weight=1e-3, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)

    def discriminator(self, minibatch):
        return tf.square(minibatch.real_scores)
