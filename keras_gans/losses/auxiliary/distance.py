"""The base of losses that compare pairs of images by a distance."""

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.utils.choices import check_choice

_FORMS = ("l1", "l2", "l1_sum", "l2_sum")


class DistanceLoss(AuxiliaryLoss):
    """The base of losses that minimize a `distance` between images.

    Args:
        weight, every, name: See `Term`.
        form: "l1" or "l2", means over pixels and channels; "l1_sum" or "l2_sum", sums.

    Raises:
        ValueError: for another `form`.
    """

    def __init__(self, weight, form, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        check_choice(_FORMS, form=form)
        self.form = form

    def distance(self, first, second):
        """The distance of each pair of images, float32 `(batch,)`.

        "l1"        the mean of |x - y| over pixels and channels
        "l2"        the mean of (x - y)^2
        "l1_sum"    the sum of |x - y|
        "l2_sum"    the sum of (x - y)^2
        """
        difference = tf.cast(first, tf.float32) - tf.cast(second, tf.float32)
        values = tf.abs(difference) if self.form.startswith("l1") else tf.square(difference)
        reduce = tf.reduce_sum if self.form.endswith("sum") else tf.reduce_mean
        return reduce(values, axis=range(1, len(values.shape)))
