"""The divergence of a Gaussian that the generator's network computes from the standard one."""

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss


class GaussianKL(AuxiliaryLoss):
    """Keeps a Gaussian N(mu, sigma^2) that the generator's network computes near the standard one, N(0, 1).

    G: weight * mean over dimensions of (-log sigma + (mu^2 + sigma^2 - 1) / 2)

    the mean over the batch. With v = log sigma^2, the same is -(1 + v - mu^2 - e^v) / 2. StackGAN's conditioning augmentation has
    the mean over dimensions and a weight of 2; variational autoencoders have the sum and a weight of 1.

    Args:
        weight: Float. Default: 2.
        reduction: "mean" or "sum", over the dimensions. Default: "mean".
        mean: String, the key of mu in the generator's outputs. Default: "mean".
        log_scale: String, the key of log sigma; or None, for sigma = 1. Default: "log_scale".
        log_variance: String, the key of log sigma^2, in place of `log_scale`. Default: none.
        every: Int, see `Term`. Default: 1.

    Shapes: both `(batch, ...)`, alike.

    Raises:
        ValueError: for another `reduction`; in training, if the generator has no such outputs.

    Example:

    ```python
    import types

    outputs = {"mean": tf.ones((4, 128)), "log_scale": tf.zeros((4, 128))}
    kl = keras_gans.losses.GaussianKL().generator(types.SimpleNamespace(outputs=outputs))
    print(kl.numpy().tolist())  # [0.5, 0.5, 0.5, 0.5]
    ```

    Reference:
        Zhang et al., StackGAN: Text to Photo-realistic Image Synthesis with Stacked Generative Adversarial Networks (2017),
        arXiv:1612.03242, equation 4, with the mean and the weight of hanzhanggit/StackGAN and hanzhanggit/StackGAN-Pytorch (the
        paper has a weight of 1); Kingma, Welling, Auto-Encoding Variational Bayes (2013), arXiv:1312.6114, appendix B.
    """

    def __init__(
        self,
        weight=2.0,
        reduction="mean",
        mean="mean",
        log_scale="log_scale",
        log_variance=None,
        every=1,
        name=None,
        **kwargs,
    ):
        super().__init__(weight, every, name, **kwargs)
        if reduction not in ("mean", "sum"):
            raise ValueError(f'`reduction` must be "mean" or "sum". Received: reduction={reduction!r}')
        self.reduction = reduction
        self.mean = mean
        self.log_scale = log_scale
        self.log_variance = log_variance

    def generator(self, minibatch):
        mean = self._output(minibatch, self.mean)
        log_variance = None
        if self.log_variance or self.log_scale:
            log_variance = (
                self._output(minibatch, self.log_variance) if self.log_variance else 2.0 * self._output(minibatch, self.log_scale)
            )
        divergence = gaussian_kl(mean, log_variance)
        reduce = tf.reduce_mean if self.reduction == "mean" else tf.reduce_sum
        return reduce(divergence, axis=tuple(range(1, divergence.shape.rank)))

    def _output(self, minibatch, key):
        if key not in minibatch.outputs:
            raise ValueError(
                f"GaussianKL reads the output {key!r} of the generator. Received: outputs {sorted(minibatch.outputs)}. Let the "
                "network return a dict with this key, as `networks.stackgan` does, or pass another key."
            )
        return tf.cast(minibatch.outputs[key], tf.float32)


def gaussian_kl(mean, log_variance=None):
    """KL(N(mean, variance) || N(0, 1)) of each dimension; without a variance, it is 1."""
    divergence = 0.5 * tf.square(mean)
    return divergence if log_variance is None else divergence + 0.5 * (tf.exp(log_variance) - 1.0 - log_variance)
