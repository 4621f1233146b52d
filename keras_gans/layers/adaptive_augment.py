"""Adaptive discriminator augmentation: its probability follows the discriminator's overfitting."""

import keras
import tensorflow as tf

from keras_gans.layers.augment import Augment
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.numbers import check_unit_interval
from keras_gans.utils.replicas import cross_replica_sum


class AdaptiveAugment(Augment):
    """Augments a discriminator's images in training, more strongly the more it memorizes real ones.

    r = mean sign(D(real) - threshold)          over `interval` updates of the discriminator
    p <- p + sign(r - target) * images in these updates / `images`,   kept in [0, 1]

    Put the layer first in a discriminator, or before one that there is: `networks.with_augmentation(discriminator, layer)`. Each
    operation happens with the probability p; see `ProbabilisticAugment` for the operations. Real images are augmented wherever
    they are scored, in penalties too, whose gradients are with respect to the images before.

    `GAN` calls `observe` after each update of the discriminator, with the scores of (augmented) real images from before it; if
    one network judges several games, with those of the first. A discriminator that has learned nothing has r = 0, one that
    recognizes all real images r = 1. The threshold is the loss's: 0 for "non_saturating", "hinge" or "minimax", 1/2 for
    "least_squares". Scores of a critic ("wasserstein"), or "relativistic" ones, have none: `compile` refuses the layer with these
    losses; use `ProbabilisticAugment`.

    A GAN logs `augment_probability`, which is p, and `r_t`, the last r. Both are state: saved with the model, and the same on
    all replicas.

    Args:
        probability: Float in [0, 1], p at the start. Default: 0.
        target: Float, the r that is held. Default: 0.6.
        policy: String, see `ProbabilisticAugment`. Default: "bgc".
        interval: Int, updates of the discriminator between two moves of p. Default: 4.
        images: Int, images in which p can rise from 0 to 1. Default: 500_000.
        seed: Int, or None for one that follows `keras.utils.set_random_seed`. Default: None.

    Shapes:
        See `ProbabilisticAugment`.

    Raises:
        ValueError: if a number is out of range, `policy` has an unknown name, or the input does not fit.

    Example:

    ```python
    augment = keras_gans.layers.AdaptiveAugment(images=100_000)
    gan = keras_gans.GAN(generator, keras_gans.networks.with_augmentation(discriminator, augment))
    gan.compile(penalties=[keras_gans.penalties.R1(1.0, every=16)])
    logs = gan.fit(dataset, epochs=2).history
    print("augment_probability" in logs, "r_t" in logs)  # True True
    ```

    Differences: those of `ProbabilisticAugment`; and p ends at 1, where the release lets it rise further, with no effect but
    that it takes as long to fall.

    Reference:
        Karras et al., Training Generative Adversarial Networks with Limited Data (2020), arXiv:2006.06676; matches
        NVlabs/stylegan2-ada-pytorch, training/training_loop.py.
    """

    def __init__(self, probability=0.0, target=0.6, policy="bgc", interval=4, images=500_000, seed=None, **kwargs):
        super().__init__(policy, seed, **kwargs)
        check_unit_interval(probability=probability)
        check_finite_numbers(target=target)
        if not -1 < target < 1:
            raise ValueError(f"`target` must be between -1 and 1, as a mean of signs is. Received: target={target!r}")
        check_ints(1, interval=interval, images=images)
        self.target = target
        self.interval = interval
        self.images = images
        state = {"dtype": "float32", "trainable": False, "autocast": False}
        start = keras.initializers.Constant(probability)
        self.probability = self.add_weight(shape=(), initializer=start, name="probability", **state)
        self.r_t = self.add_weight(shape=(), initializer="zeros", name="r_t", **state)
        # Sums since the last move: of signs, of scores, of images.
        self.sums = self.add_weight(shape=(3,), initializer="zeros", name="sums", **state)
        self.updates = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="updates")

    def present_probability(self):
        return self.probability.value

    def log_values(self):
        return {**super().log_values(), "r_t": self.r_t.value}

    def observe(self, minibatch, threshold=0.0):
        """Adds the scores of real images of a discriminator's update, and moves p when it is due.

        Args:
            minibatch: `keras_gans.training.Minibatch`, with `real_scores`.
            threshold: Float, the score above which an image is taken for real. Default: 0.
        """
        scores = minibatch.real_scores - threshold
        seen = tf.stack(
            [
                # Not `tf.sign`, which makes NaN of NaN, for ever.
                tf.math.count_nonzero(scores > 0) - tf.math.count_nonzero(scores < 0),
                tf.size(scores, tf.int64),
                tf.shape(minibatch.real, tf.int64)[0],
            ]
        )
        sums = self.sums + cross_replica_sum(tf.cast(seen, tf.float32))
        self.updates.assign_add(1)
        due = self.updates % self.interval == 0
        r_t = sums[0] / tf.maximum(sums[1], 1.0)
        moved = self.probability + tf.sign(r_t - self.target) * sums[2] / self.images
        self.r_t.assign(tf.where(due, r_t, self.r_t))
        self.probability.assign(tf.where(due, tf.clip_by_value(moved, 0.0, 1.0), self.probability))
        self.sums.assign(tf.where(due, tf.zeros_like(sums), sums))
