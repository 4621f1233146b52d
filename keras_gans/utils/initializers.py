"""Initializers that several weights share."""

import keras


def small_normal():
    """Normal with mean 0 and standard deviation 0.02: DCGAN's, which many papers use."""
    return keras.initializers.RandomNormal(0.0, 0.02)


def doubled_glorot():
    """Uniform with variance 4 / (fan_in + fan_out), twice Glorot's: of the blocks of WGAN-GP ("He") and of SNGAN."""
    return keras.initializers.VarianceScaling(2.0, mode="fan_avg", distribution="uniform")


def torch_uniform(mode="fan_in"):
    """Uniform within 1 / sqrt(n), with n inputs for each output: Torch's default.

    Args:
        mode: "fan_in", or "fan_out" for transposed convolutions, where Keras swaps inputs and outputs. Default: "fan_in".
    """
    return keras.initializers.VarianceScaling(1 / 3, mode, "uniform")


def fresh(initializer):
    """An initializer of the same kind that draws other numbers: one of Keras' draws the same numbers at each call.

    Args:
        initializer: What `keras.initializers.get` takes. A seed that was given stays.
    """
    return initializer.clone() if isinstance(initializer, keras.initializers.Initializer) else keras.initializers.get(initializer)
