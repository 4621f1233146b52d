"""Convolutions as PyTorch defines them, position by position in NumPy: what networks of its users are compared with."""

import numpy as np


def conv(x, kernel, stride=1, padding=0, bias=None, mode="constant"):
    """y[i] = sum over k of x[stride i + k - padding] kernel[k], beyond the border zeros, or reflections in `mode="reflect"`."""
    sides = (padding, padding)
    x = np.pad(x, [(0, 0), sides, sides, (0, 0)], mode=mode)
    size = kernel.shape[0]
    height, width = ((length - size) // stride + 1 for length in x.shape[1:3])
    windows = np.stack(
        [
            np.stack([x[:, stride * i : stride * i + size, stride * j : stride * j + size] for j in range(width)], 1)
            for i in range(height)
        ],
        1,
    )
    y = np.einsum("bijklc,klco->bijo", windows, kernel)
    return y if bias is None else y + bias


def transposed(x, kernel, stride=2, padding=1, output_padding=0, bias=None):
    """y[stride i + k - padding] sums x[i] kernel[k]; the kernel is laid out as Keras does, `(height, width, out, in)`."""
    batch, height, width, _ = x.shape
    size, sizes = kernel.shape[0], [stride * (n - 1) + kernel.shape[0] + output_padding for n in (height, width)]
    y = np.zeros((batch, *sizes, kernel.shape[2]))
    for i in range(height):
        for j in range(width):
            part = np.einsum("bc,kloc->bklo", x[:, i, j], kernel)
            y[:, stride * i : stride * i + size, stride * j : stride * j + size] += part
    y = y[:, padding : sizes[0] - padding, padding : sizes[1] - padding]
    return y if bias is None else y + bias


def instance_norm(x):
    return (x - x.mean((1, 2), keepdims=True)) / np.sqrt(x.var((1, 2), keepdims=True) + 1e-5)


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def relu(x):
    return np.maximum(x, 0)


def weights_of(network, name):
    """The kernel of a layer, and its bias or None, in float64."""
    layer = network.get_layer(name)
    return np.float64(layer.kernel), None if layer.bias is None else np.float64(layer.bias)
