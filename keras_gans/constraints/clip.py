"""Weight clipping: a constraint that holds the weights of a critic in an interval."""

import keras

from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_positive


class Clip(Serializable, keras.constraints.Constraint):
    """Clips a variable to [-bound, bound] after each update, as the critic of the first Wasserstein GAN.

    w <- min(max(w, -bound), bound)

    Args:
        bound: Float > 0. Default: 0.01.

    Raises:
        ValueError: if `bound` is not positive.

    Example:

    ```python
    layer = keras.layers.Dense(1, kernel_constraint=keras_gans.constraints.Clip(0.01))
    print(layer.kernel_constraint(tf.constant([0.5, -0.002])).numpy())  # [ 0.01  -0.002]
    ```

    Reference:
        Arjovsky, Chintala, Bottou, Wasserstein GAN (2017), arXiv:1701.07875, Algorithm 1 (after the update; the authors'
        code clips before it).
    """

    def __init__(self, bound=0.01):
        check_positive(bound=bound)
        self.bound = bound

    def __call__(self, w):
        return keras.ops.clip(w, -self.bound, self.bound)
