"""The zero-centered gradient penalty on generated images."""

from keras_gans.penalties.penalty import Penalty


class R2(Penalty):
    """Penalizes the discriminator's gradient on generated images.

    D: weight / 2 * ||grad D(fake)||^2

    Of pairs, as BiGAN's, the gradient is with respect to image and latents together.

    Args:
        weight: Float, the paper's gamma, or a schedule of it. Default: 10.
        every: Int, see `Term`. Default: 1.

    Example:

    ```python
    gan.compile(penalties=[keras_gans.penalties.R1(10.0), keras_gans.penalties.R2(10.0)])
    print(list(gan.penalties))  # ['r1', 'r2']
    ```

    Reference:
        Mescheder, Geiger, Nowozin, Which Training Methods for GANs do actually Converge? (2018), arXiv:1801.04406,
        equation 10.
    """

    input_gradients = True

    def __init__(self, weight=10.0, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)

    def discriminator(self, minibatch):
        return 0.5 * minibatch.gradient_squared_norms(minibatch.fake, minibatch.fake_condition)
