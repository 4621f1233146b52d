"""Path length regularization: equal steps in styles change images equally."""

import types

import tensorflow as tf

from keras_gans.penalties.penalty import Penalty
from keras_gans.utils import random
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.replicas import global_mean


class PathLength(Penalty):
    """Keeps the generator's images equally sensitive to styles everywhere.

    G: weight * (||J^T y|| - a)^2,   J^T y = grad of sum(images * y) with respect to w,   y ~ N(0, I) / sqrt(height width)
    ||J^T y|| = sqrt(mean over layers of sum over the numbers of a style of (J^T y)^2)
    a <- a + decay (mean of ||J^T y|| - a)

    `a` begins at 0, and is state of the model. The length is compared with what `a` is after the step's update, and the gradient
    passes through that, too, as in the authors' code.

    Args:
        weight: Float. Default: 2.
        every: Int, see `Term`. Default: 4.
        decay: Float in (0, 1], how fast the average of the lengths moves. Default: 0.01.
        shrink: Int >= 1: only every `shrink`-th example of a batch is used, because the term takes much memory. Default: 2.

    Raises:
        ValueError: if a number is out of range, or, in `compile`, if the GAN has no styles.

    Example:

    ```python
    penalty = keras_gans.penalties.PathLength()
    print(penalty.weight, penalty.every, penalty.applies_to("discriminator"))  # 2.0 4 False
    ```

    Reference:
        Karras et al., Analyzing and Improving the Image Quality of StyleGAN (2019), arXiv:1912.04958, section 3.2; matches
        NVlabs/stylegan2 (`training/loss.py`).

    Differences: the code draws latents for this term; here it is asked of the styles of the step's fakes.
    """

    couples_batch = True

    def __init__(self, weight=2.0, every=4, decay=0.01, shrink=2, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        check_finite_numbers(decay=decay)
        if not 0 < decay <= 1:
            raise ValueError(f"`decay` must be in (0, 1]. Received: decay={decay!r}")
        check_ints(1, shrink=shrink)
        self.decay = decay
        self.shrink = shrink

    def build_for(self, gan):
        if not hasattr(gan, "synthesize"):
            raise ValueError(
                f"PathLength needs a GAN with styles, such as keras_gans.StyleGAN2. Received: a {type(gan).__name__}. Leave the "
                "penalty out."
            )
        # A namespace: in a dict, Keras would take the counter for this penalty's own.
        self._counters = types.SimpleNamespace(generator=gan.counters["generator"])
        self.average = self.add_weight(shape=(), initializer="zeros", trainable=False, name="average")
        # The mean length of the last step that had this term.
        self.latest = self.add_weight(shape=(), initializer="zeros", trainable=False, name="latest")

    def generator(self, minibatch):
        lengths = self.lengths(minibatch)
        mean = global_mean(lengths)
        if minibatch.training:
            self.latest.assign(tf.where(self._is_due(0), tf.stop_gradient(mean), self.latest))
        return tf.square(lengths - self._moved(mean))

    def lengths(self, minibatch):
        """||J^T y|| of every `shrink`-th example, `(ceil(batch / shrink),)`, float32."""
        styles = minibatch.outputs["styles"][:: self.shrink]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(styles)
            images = tf.cast(minibatch.synthesize(styles), tf.float32)
            directions = random.normal(tf.shape(images), minibatch.seed_for(self.name))
            size = tf.cast(tf.reduce_prod(tf.shape(images)[1:3]), tf.float32)
            products = tf.reduce_sum(images * directions) * tf.math.rsqrt(size)
        gradients = tf.cast(tape.gradient(products, styles), tf.float32)
        return tf.sqrt(tf.reduce_mean(tf.reduce_sum(tf.square(gradients), axis=-1), axis=-1))

    def _moved(self, mean):
        return self.average + self.decay * (mean - self.average)

    def after_step(self, player, minibatch):
        if player == "generator":
            # This update is counted already.
            self.average.assign(tf.where(self._is_due(1), self._moved(self.latest), self.average))

    def _is_due(self, counted):
        """Whether the present update has the term. (Not all that compute it have: replicas compute it at each step.)"""
        return (self._counters.generator - counted) % self.every == 0
