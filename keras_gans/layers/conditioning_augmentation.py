"""Conditioning augmentation: a code of a text that is drawn from a Gaussian about it."""

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints


class ConditioningAugmentation(Serializable, keras.layers.Layer):
    """Draws the code of an embedding, usually of a text, from a Gaussian whose mean and scale a dense layer computes.

    h = activation(W embedding + b),    [mean, s] = halves of h,    code = mean + exp(log_scale) * epsilon

    form="tensorflow":  LeakyReLU 0.2,    log_scale = s
    form="pytorch":     ReLU,             log_scale = s / 2: s is the log of the variance, and neither it nor the mean is negative

    A few texts then give many nearby codes, so that the generator is smooth between texts. The two forms are those of the
    authors' releases. `losses.GaussianKL` keeps the Gaussian near the standard one, of either form: it reads `log_scale`.

    Args:
        units: Int, the length of the code. Default: 128.
        form: "tensorflow" or "pytorch". Default: "tensorflow".
        kernel_initializer: Initializer of W. Default: normal, standard deviation 0.02.

    Shapes:
        Called on [embedding, epsilon]: embedding `(batch, width)`, epsilon `(batch, units)`, standard normal numbers. Returns a
        dict of `code`, `mean` and `log_scale`, each `(batch, units)`.

    Raises:
        ValueError: if `units` is not an int >= 1; for another form; if the input is not such a pair.

    Example:

    ```python
    layer = keras_gans.layers.ConditioningAugmentation(units=4)
    output = layer([tf.ones((2, 16)), tf.zeros((2, 4))])
    print(sorted(output), bool(tf.reduce_all(output["code"] == output["mean"])))  # ['code', 'log_scale', 'mean'] True
    ```

    Reference:
        Zhang et al., StackGAN: Text to Photo-realistic Image Synthesis with Stacked Generative Adversarial Networks (2017),
        arXiv:1612.03242, section 3.2; hanzhanggit/StackGAN and hanzhanggit/StackGAN-Pytorch.

    Differences: epsilon is an input, so that all noise comes from a GAN's prior, and the same latents give the same code. The
    TensorFlow release draws it from a normal that is truncated at 2.
    """

    def __init__(self, units=128, form="tensorflow", kernel_initializer=None, **kwargs):
        super().__init__(**kwargs)
        check_ints(1, units=units)
        if form not in ("tensorflow", "pytorch"):
            raise ValueError(f'`form` must be "tensorflow" or "pytorch". Received: form={form!r}')
        self.units = units
        self.form = form
        initializer = small_normal() if kernel_initializer is None else kernel_initializer
        self.dense = keras.layers.Dense(2 * units, kernel_initializer=initializer, dtype=self.dtype_policy, name="dense")

    def build(self, input_shape):
        pair = len(input_shape) == 2 and all(isinstance(shape, (tuple, list)) and len(shape) == 2 for shape in input_shape)
        if not pair or input_shape[1][-1] != self.units:
            raise ValueError(
                f"ConditioningAugmentation({self.units}) is called on [embedding, epsilon], of shapes (batch, width) and (batch, "
                f"{self.units}). Received: shapes {input_shape}."
            )
        self.dense.build(input_shape[0])

    def call(self, inputs):
        embedding, epsilon = inputs
        h = self.dense(embedding)
        h = ops.leaky_relu(h, 0.2) if self.form == "tensorflow" else ops.relu(h)
        mean, log_scale = h[:, : self.units], h[:, self.units :]
        log_scale = log_scale if self.form == "tensorflow" else log_scale / 2
        return {"code": mean + ops.exp(log_scale) * epsilon, "mean": mean, "log_scale": log_scale}

    def compute_output_shape(self, input_shape):
        return dict.fromkeys(("code", "mean", "log_scale"), (input_shape[0][0], self.units))
