"""The base of wrappers that make a layer compute with another kernel than its variable."""

import contextlib
import math

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.private_keras import autocast_scope
from keras_gans.utils.private_keras import without_rematerialization

_TRANSPOSED = (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose, keras.layers.Conv3DTranspose)
_DEPTHWISE = (keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D)


class KernelWrapper(Serializable, keras.layers.Wrapper):
    """The base of wrappers that compute a layer's kernel from its variable, in float32, whenever the layer is called.

    The variable is still what is trained, and what a regularizer sees.

    Args:
        layer: Keras layer.

    Class attributes:
        kernels: Tuple of the attributes of a layer, one of which is its kernel, in order of preference.

    Raises:
        ValueError: if `layer` is not a layer, or has no such variable.
    """

    kernels = ("kernel",)

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, keras.layers.Layer):
            raise ValueError(f"`layer` must be a Keras layer, an object. Received: layer={layer!r}")
        # This layer may be recomputed as a whole, never the one inside, whose kernel in a call is a tensor.
        without_rematerialization(layer)
        # Its own variables and arithmetic stay in float32; the wrapped layer casts what it is given.
        super().__init__(layer, autocast=False, **{"dtype": layer.dtype_policy, **kwargs})

    @property
    def activation(self):
        """The activation of the wrapped layer; None where it has none."""
        return getattr(self.layer, "activation", None)

    def build(self, input_shape=None):
        super().build(input_shape)
        found = (getattr(self.layer, name, None) for name in self.kernels)
        kernel = next((value for value in found if value is not None), None)
        self._attribute = next((name for name, value in vars(self.layer).items() if value is kernel), None)
        if kernel is None or self._attribute is None:
            raise ValueError(
                f"{type(self).__name__} needs a layer with a variable {' or '.join(f'`{name}`' for name in self.kernels)}, such "
                f"as Dense or Conv2D. Received: {self.layer!r}. Wrap the layers inside it instead."
            )

    @property
    def kernel(self):
        """The variable that is trained."""
        return vars(self.layer)[self._attribute]

    def number_of_outputs(self):
        """The number of columns of the kernel as a matrix (inputs, outputs)."""
        shape = self.kernel.shape
        if isinstance(self.layer, _DEPTHWISE):
            return shape[-1] * shape[-2]
        return shape[-2] if isinstance(self.layer, _TRANSPOSED) else shape[-1]

    def number_of_inputs(self):
        """The number of rows of that matrix."""
        return math.prod(self.kernel.shape) // self.number_of_outputs()

    def kernel_matrix(self):
        """The variable in float32 as a matrix (inputs, outputs)."""
        kernel = float32_value(self.kernel)
        if isinstance(self.layer, _TRANSPOSED):
            kernel = ops.swapaxes(kernel, -1, -2)
        return ops.reshape(kernel, (-1, self.number_of_outputs()))

    def compute(self, inputs, kernel, **others):
        """Runs the wrapped layer with another kernel, a tensor.

        Args:
            kernel: Float tensor of the kernel's shape.
            **others: Tensors by the names of other variables of the layer, in place of these.
        """
        tensors = {self._attribute: kernel, **others}
        with _replaced(self.layer, {name: ops.cast(tensor, self.layer.compute_dtype) for name, tensor in tensors.items()}):
            return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


def float32_value(variable):
    """The value of a variable, not rounded to the type that a layer of mixed precision computes with.

    (`autocast=False` says so to a layer inside a network, but not where the layer alone is called.)
    """
    with autocast_scope(None):
        return ops.cast(variable, "float32")


@contextlib.contextmanager
def _replaced(layer, tensors):
    variables = {name: vars(layer)[name] for name in tensors}
    for name, tensor in tensors.items():
        object.__setattr__(layer, name, tensor)
    try:
        yield
    finally:
        for name, variable in variables.items():
            object.__setattr__(layer, name, variable)
