"""Networks that do not depend on Keras' global settings: channels-last images, and float32 where figures depend on it."""

import functools

import keras


def channels_last(build):
    """Decorates a function that builds a network: its layers take channels-last images.

    Keras' layers take their `data_format` from `keras.config.image_data_format()` when they are made. Images of this library
    are channels-last, whatever an old `keras.json` says.

    Example:

    ```python
    @keras_gans.utils.global_settings.channels_last
    def critic(image_shape):
        images = keras.Input(image_shape)
        x = keras.layers.Flatten()(keras.layers.Conv2D(8, 3)(images))
        return keras.Model(images, keras.layers.Dense(1)(x))
    ```
    """

    @functools.wraps(build)
    def build_channels_last(*args, **kwargs):
        before = keras.config.image_data_format()
        keras.config.set_image_data_format("channels_last")
        try:
            return build(*args, **kwargs)
        finally:
            keras.config.set_image_data_format(before)

    return build_channels_last


def float32(build):
    """Decorates a function that builds a network: its layers compute in float32.

    Features for metrics, and random numbers that must be reproduced, must not change with `keras.config.set_floatx` or a policy
    of mixed precision.
    """

    @functools.wraps(build)
    def build_float32(*args, **kwargs):
        policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
        try:
            return build(*args, **kwargs)
        finally:
            keras.config.set_floatx(floatx)
            keras.config.set_dtype_policy(policy)

    return build_float32
