"""Feature matching: generated images get the same mean of the discriminator's features as real ones."""

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.utils.replicas import global_mean


class FeatureMatching(AuxiliaryLoss):
    """The generator matches the mean of the discriminator's features on real data.

    G: weight * ||mean f(real) - mean f(fake)||^2

    form="squared":         the sum of squares over features, the paper's formula
    form="mean_squared":    their mean, the authors' code for MNIST
    form="mean_absolute":   the mean of absolute differences, the authors' code for CIFAR-10 and SVHN

    Several layers' features are matched by the sum of their terms: `form="mean_squared"` then is DiscoGAN's.

    The term is the generator's alone: the discriminator keeps its own loss. Means are over the whole batch, on all replicas.
    Alone, with the loss `DiscriminatorOnly`, it is Salimans' feature matching. `networks.with_features` makes a discriminator
    give its features.

    Args:
        weight: Float. Default: 1.
        form: "squared", "mean_squared" or "mean_absolute". Default: "squared".
        features: String, the key of the features in the discriminator's output, or several in a tuple. Default: "features".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: for another `form`, or if `features` are not keys; from `compile`, if the discriminator has no such output.

    Example:

    ```python
    gan = keras_gans.GAN(generator, keras_gans.networks.with_features(discriminator))
    gan.compile(loss="discriminator_only", auxiliary_losses=[keras_gans.losses.FeatureMatching()])
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498, section 3.1; openai/improved-gan. Of
        several layers: Kim et al. (2017), arXiv:1703.05192; SKTBrain/DiscoGAN.
    """

    couples_batch = True

    def __init__(self, weight=1.0, form="squared", features="features", every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        if form not in ("squared", "mean_squared", "mean_absolute"):
            raise ValueError(f'`form` must be "squared", "mean_squared" or "mean_absolute". Received: form={form!r}')
        self.form = form
        self.features = features
        self.heads = _keys(features)

    def generator(self, minibatch):
        return tf.add_n([self._distance(minibatch.real_output[head], minibatch.fake_output[head]) for head in self.heads])

    def _distance(self, real, fake):
        difference = self._mean(real) - self._mean(fake)
        if self.form == "mean_absolute":
            return tf.reduce_mean(tf.abs(difference))
        reduce = tf.reduce_sum if self.form == "squared" else tf.reduce_mean
        return reduce(tf.square(difference))

    def _mean(self, features):
        return global_mean(tf.cast(features, tf.float32), axis=0)


def _keys(features):
    keys = features if isinstance(features, (list, tuple)) else (features,)
    if not keys or not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
        raise ValueError(
            "`features` must be a key of the discriminator's output, a string, or a tuple of different ones. "
            f"Received: features={features!r}"
        )
    return tuple(keys)
