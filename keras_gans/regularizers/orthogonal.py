"""Orthogonal regularization: a term that keeps the filters of a kernel at right angles."""

import keras
from keras import ops

from keras_gans.utils.choices import check_bools
from keras_gans.utils.choices import check_choice
from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_not_negative

_FORMS = ("off_diagonal", "full", "absolute")


class Orthogonal(Serializable, keras.regularizers.Regularizer):
    """Keeps the filters of a kernel orthogonal to each other.

    With W, the kernel as a matrix (inputs, outputs), and the sum over the entries of a matrix:

    - "off_diagonal": weight * sum (W'W * (1 - I))^2, which leaves the norms of filters free: BigGAN.
    - "full": weight * sum (W'W - I)^2
    - "absolute": weight * sum |W'W - I|, as it was first proposed.

    BigGAN has it on the generator, but not on embeddings, biases or gains. The term is computed in float32.

    Args:
        weight: Float. Default: 1e-4.
        form: "off_diagonal", "full" or "absolute". Default: "off_diagonal".
        transpose: Bool, True for kernels with the axis of outputs last but one: those of `keras.layers.Conv2DTranspose`.
            Default: False.

    Raises:
        ValueError: if an argument is out of range, or the variable has fewer than two axes.

    Example:

    ```python
    layer = keras.layers.Dense(64, kernel_regularizer=keras_gans.regularizers.Orthogonal())
    print(float(layer.kernel_regularizer(tf.eye(64))))  # 0.0; the filters are orthogonal already
    ```

    Reference:
        Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096;
        "absolute": Brock et al., Neural Photo Editing with Introspective Adversarial Networks (2016), arXiv:1609.07093.

    Differences: ajbrock/BigGAN-PyTorch adds half of this gradient: its 1e-4 is 0.5e-4 here.
    """

    def __init__(self, weight=1e-4, form="off_diagonal", transpose=False):
        check_bools(transpose=transpose)
        check_not_negative(weight=weight)
        check_choice(_FORMS, form=form)
        self.weight = weight
        self.form = form
        self.transpose = transpose

    def __call__(self, x):
        kernel = ops.cast(x, "float32")
        if len(kernel.shape) < 2:
            raise ValueError(
                "Orthogonal is for kernels, variables with two or more axes. Received: a variable of shape "
                f"{tuple(kernel.shape)}."
            )
        if self.transpose:
            kernel = ops.swapaxes(kernel, -1, -2)
        matrix = ops.reshape(kernel, (-1, kernel.shape[-1]))
        products, identity = ops.matmul(ops.transpose(matrix), matrix), ops.eye(matrix.shape[-1])
        excess = products * (1.0 - identity) if self.form == "off_diagonal" else products - identity
        return self.weight * ops.sum(ops.abs(excess) if self.form == "absolute" else ops.square(excess))
