"""Equalized learning rate: kernels of one scale, multiplied by a constant of the layer whenever they are used."""

import math

import keras

from keras_gans.layers.kernel_wrapper import KernelWrapper
from keras_gans.layers.kernel_wrapper import float32_value
from keras_gans.utils.numbers import check_positive

_SQRT2 = math.sqrt(2.0)
_INITIALIZERS = ("kernel_initializer", "depthwise_initializer")


class EqualizedLearningRate(KernelWrapper):
    """Scales the kernel of a layer by a constant whenever the layer is called, so that all layers learn at the same rate.

    y = layer(x) with the kernel c W and the bias lr_multiplier b

    c = gain lr_multiplier / sqrt(fan_in),   W ~ N(0, 1 / lr_multiplier^2) at first

    The layer starts as with He's initialization, with a kernel of standard deviation gain / sqrt(fan_in). But W has the same
    scale in every layer, so an optimizer such as Adam, whose steps do not depend on the scale of gradients, changes all kernels
    by the same share in a step. fan_in is the number of inputs of one output: k k times the input channels of a convolution, a
    transposed one too; k k of a depthwise one. A layer with `lr_multiplier=0.01` learns a hundred times slower than others. c is
    computed, and multiplied, in float32 under every precision policy.

    Args:
        layer: A `keras.layers.Dense` or convolution (transposed and depthwise ones too), or any other layer with a variable
            `kernel`, whose last axis is the output, and a `kernel_initializer`. It is not built yet. Its kernel initializer is
            replaced by that of W; its bias initializer stays.
        gain: Float, sqrt(2) for ReLU or LeakyReLU after the layer, 1 for none. Default: sqrt(2).
        lr_multiplier: Float, factor of the learning rate. Default: 1.0.

    Attributes:
        coefficient: Float c, once the layer is built.

    Shapes:
        Those of `layer`.

    Raises:
        ValueError: if `layer` is not a layer, has no such kernel, or is built; if a number is not positive.

    Example:

    ```python
    x = keras.random.normal((8, 16, 16, 512))
    layer = keras_gans.layers.EqualizedLearningRate(keras.layers.Conv2D(64, 3, padding="same"))
    y = layer(x)
    print(f"{layer.coefficient:.6f}", y.shape)  # 0.020833 (8, 16, 16, 64)
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2017), arXiv:1710.10196, and, for `lr_multiplier`, A Style-Based Generator
        Architecture for GANs (2018), arXiv:1812.04948; the authors' code (tkarras/progressive_growing_of_gans, NVlabs/stylegan).
    """

    def __init__(self, layer, gain=_SQRT2, lr_multiplier=1.0, **kwargs):
        super().__init__(layer, **kwargs)
        check_positive(gain=gain, lr_multiplier=lr_multiplier)
        self.gain = gain
        self.lr_multiplier = lr_multiplier
        self._set_initializer()

    def _set_initializer(self):
        layer, initializer = self.layer, keras.initializers.RandomNormal(0.0, 1.0 / self.lr_multiplier)
        names = [name for name in _INITIALIZERS if hasattr(layer, name)]
        if not names:
            raise ValueError(
                "EqualizedLearningRate needs a layer with a variable `kernel` and a `kernel_initializer`, such as Dense. "
                f"Received: {layer!r}. Wrap the layers inside it instead."
            )
        for name in names:
            # Keras builds a layer that comes out of a file before its wrapper is made.
            if not layer.built:
                setattr(layer, name, initializer)
            elif getattr(getattr(layer, name), "stddev", None) != initializer.stddev:
                raise ValueError(
                    "`layer` must not be built yet, because its kernel must be initialized with another scale. Received: "
                    f"{layer.name!r}, which has weights. Pass a new {type(layer).__name__}."
                )

    def build(self, input_shape=None):
        super().build(input_shape)
        self.coefficient = self.gain * self.lr_multiplier / math.sqrt(self.number_of_inputs())

    def call(self, inputs):
        others = {}
        if self.lr_multiplier != 1.0 and getattr(self.layer, "bias", None) is not None:
            others["bias"] = float32_value(self.layer.bias) * self.lr_multiplier
        return self.compute(inputs, float32_value(self.kernel) * self.coefficient, **others)
