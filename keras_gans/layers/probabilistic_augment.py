"""Augmentation of a discriminator's images, with a given probability."""

import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.layers.augment import Augment
from keras_gans.utils.numbers import check_unit_interval


class ProbabilisticAugment(Augment):
    """Augments a discriminator's images in training, real and generated ones: each operation happens with a given probability.

    Put the layer first in a discriminator, or before an existing one: `networks.with_augmentation(discriminator, layer)`. The
    generator is trained through it: every operation has a gradient, of any order. As an operation leaves an image alone with
    probability 1 - p, the generator does not learn to make augmented images, as long as p is below about 0.8.

    Each operation happens, or not, to each image at each call independently, with numbers of its own. In this order, where
    N(0, s) is normal with the standard deviation s, and the size that of the image:

    - "flip": left to right, for half of those to which it happens.
    - "quarter_turn": by 0, 90, 180 or 270 degrees.
    - "shift": by whole pixels, up to 1/8 of the size each way.
    - "scale": by 2^N(0, 0.2).
    - "rotation": by up to half a turn each way, before or after the next one, or both; either happens with the probability.
    - "stretch": the width by 2^N(0, 0.2), the height by the inverse.
    - "translation": by N(0, 0.125) of the size each way.
    - "brightness": N(0, 0.2) is added.
    - "contrast": times 2^N(0, 0.5).
    - "luma_flip": what is light becomes dark, and colors stay, for half of those to which it happens. One channel is negated.
    - "hue": turned by up to half a turn each way.
    - "saturation": colors times 2^N(0, 1).
    - "bands": each of four bands of frequencies separately, times 2^N(0, 1); then all are scaled to the original power.
    - "noise": its standard deviation is |N(0, 0.1)|.
    - "cutout": zeros in a rectangle of half the height and half the width, whose centre is anywhere.

    "blit" is the first three, "geometry" the next four, "color" the next five, and "bgc" all of these. All moves are one
    resampling, at twice the size, between two filters (the symlet of six vanishing moments, 12 taps); beyond its edges, an image
    is mirrored. All colors are one matrix. An unchanged image stays the same, bit for bit.

    Without `training` the layer does nothing. It computes in float32 under every precision policy.

    Args:
        probability: Float in [0, 1], or a Keras learning-rate schedule: a function of the number of updates of the player that
            has the layer. `GAN` calls `after_step` for that. The count is saved.
        policy: String, names with commas between; or a dict, from names to the shares in [0, 1] of the probability with which
            they happen. Default: "bgc".
        seed: Int, or None for one that follows `keras.utils.set_random_seed`. Default: None.

    Shapes:
        Images `(batch, height, width, channels)` in [-1, 1], of a known size of at least 2x2; of 1 or 3 channels where
        colors change. "hue" and "saturation" do nothing to one channel. The output has the same shape, and is not clipped.

    Raises:
        ValueError: if `probability` or a share is out of range, `policy` has an unknown name, or the input does not fit.

    Example:

    ```python
    images = keras.Input((32, 32, 3), name="images")
    x = keras_gans.layers.ProbabilisticAugment(0.3, "bgc,cutout")(images)
    x = keras.layers.Conv2D(64, 4, 2, "same")(x)  # and the rest of the discriminator
    print(x.shape)  # (None, 16, 16, 64)
    ```

    Differences: images of which only whole pixels move ("blit") are copied exactly; the release filters them too. Farther than
    three pixels beyond its edges, an image is mirrored with its filter, in the release without, and as often as need be, where
    the release is black beyond one mirror.

    Reference:
        Karras et al., Training Generative Adversarial Networks with Limited Data (2020), arXiv:2006.06676, appendix B; operations
        and strengths of NVlabs/stylegan2-ada-pytorch, training/augment.py. With a schedule: Huang et al., The GAN is dead; long
        live the GAN! A Modern GAN Baseline (2024), arXiv:2501.05441.
    """

    def __init__(self, probability, policy="bgc", seed=None, **kwargs):
        super().__init__(policy, seed, **kwargs)
        if not isinstance(probability, LearningRateSchedule):
            check_unit_interval(probability=probability)
        self.probability = probability
        self.updates = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="updates")

    def probability_at(self, updates):
        """The probability after so many updates, as a float32 scalar."""
        return tf.cast(self.probability(updates) if callable(self.probability) else self.probability, tf.float32)

    def present_probability(self):
        return self.probability_at(self.updates.value)

    def after_step(self):
        """Counts an update of the player that has the layer."""
        self.updates.assign_add(1)
