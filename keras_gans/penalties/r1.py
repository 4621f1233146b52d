"""The zero-centered gradient penalty on real images."""

from keras_gans.penalties.penalty import Penalty


class R1(Penalty):
    """Penalizes the discriminator's gradient on real images.

    D: weight / 2 * ||grad D(real)||^2

    Of pairs, as BiGAN's, the gradient is with respect to image and latents together.

    Args:
        weight: Float, the paper's gamma, or a schedule of it. Default: 10.
        every: Int, see `Term`; StyleGAN2 uses 16. Default: 1.

    Example:

    ```python
    gan.compile(penalties=[keras_gans.penalties.R1(10.0, every=16)])
    print(gan.penalties["r1"].every)  # 16; each 16th update of the discriminator has the term, 16 times as large
    ```

    Reference:
        Mescheder, Geiger, Nowozin, Which Training Methods for GANs do actually Converge? (2018), arXiv:1801.04406,
        equation 9, and NVIDIA's StyleGAN code. (LMescheder/GAN_stability leaves the 1/2 out: its 10 is 20 here.)
    """

    input_gradients = True

    def __init__(self, weight=10.0, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)

    def discriminator(self, minibatch):
        return 0.5 * minibatch.gradient_squared_norms(minibatch.real, minibatch.real_condition)
