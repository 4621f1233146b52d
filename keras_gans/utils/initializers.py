"""Initializers that several weights share."""

import keras


def fresh(initializer):
    """An initializer of the same kind that draws other numbers: those of Keras draw the same numbers whenever they are called.

    Args:
        initializer: What `keras.initializers.get` takes. A seed that was given stays.
    """
    return initializer.clone() if isinstance(initializer, keras.initializers.Initializer) else keras.initializers.get(initializer)
