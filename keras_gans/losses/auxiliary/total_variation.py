"""Generated images that are smooth: the total-variation loss."""

from keras_gans.losses.auxiliary.distance import DistanceLoss


class TotalVariation(DistanceLoss):
    """The change of generated images from each pixel to the next, down and across.

    G: weight * (distance(x[1:, :], x[:-1, :]) + distance(x[:, 1:], x[:, :-1]))       x = G(z), rows first

    "l2"        the mean of squared differences in each direction
    "l1"        the mean of their absolute values
    "l2_sum"    the sums; half of it by the size is that of CAAE's code: a weight of 1 / (2 * size) gives it
    "l1_sum"    the sums of absolute values, `tf.image.total_variation`

    Args:
        weight: Float or schedule. Default: 10, that of CAAE.
        form: One of the above. Default: "l2".
        every: Int, see `Term`. Default: 1.

    Shapes: generated images `(batch, height, width, channels)`, two pixels or more in each direction.

    Raises:
        ValueError: for another `form`; in training, if the data are not images.

    Example:

    ```python
    gan.compile(auxiliary_losses=[keras_gans.losses.TotalVariation(0.1)])
    logs = gan.evaluate(images, return_dict=True, verbose=0)
    print("g_total_variation" in logs)  # True
    ```

    Reference:
        Rudin, Osher, Fatemi, Nonlinear Total Variation Based Noise Removal Algorithms (1992), with the absolute values;
        Mahendran, Vedaldi, Understanding Deep Image Representations by Inverting Them (2015), arXiv:1412.0035, with the
        squares; in a GAN: Zhang, Song, Qi (2017), arXiv:1702.08423, and ZZUTK/Face-Aging-CAAE.
    """

    def __init__(self, weight=10.0, form="l2", every=1, name=None, **kwargs):
        super().__init__(weight, form, every, name, **kwargs)

    def generator(self, minibatch):
        x = minibatch.images
        if x.shape.rank != 4:
            raise ValueError(f"TotalVariation needs images (batch, height, width, channels). Received: {tuple(x.shape)}.")
        return self.distance(x[:, 1:], x[:, :-1]) + self.distance(x[:, :, 1:], x[:, :, :-1])
