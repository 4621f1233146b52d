"""A mixin that derives a class's Keras configuration from the signature of its constructor."""

import inspect
import types

import keras


class Serializable:
    """Mixin that derives `get_config` from the constructor's signature and registers the class with Keras.

    The arguments of the constructor are remembered when an object is made, so a subclass saves and loads without writing
    `get_config`, `from_config` or a registration decorator. Arguments may be anything that
    `keras.saving.serialize_keras_object` understands: numbers, strings, lists, layers, models, initializers, other
    `Serializable`s. What is saved is what the constructor was given, or what an attribute of that name was set to afterwards.

    Classes of this library are registered as `keras_gans>Name`, all others as `Custom>Name` (Keras' own default).

    Example:

    ```python
    class Scale(keras_gans.utils.Serializable, keras.layers.Layer):
        def __init__(self, factor, **kwargs):
            super().__init__(**kwargs)
            self.factor = factor

        def call(self, x):
            return self.factor * x

    copy = Scale.from_config(Scale(2.0).get_config())
    print(copy.factor)  # 2.0
    ```
    """

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        package = "keras_gans" if cls.__module__.split(".")[0] == "keras_gans" else "Custom"
        keras.saving.register_keras_serializable(package=package)(cls)

    def __new__(cls, *args, **kwargs):
        parent_new = super().__new__
        self = parent_new(cls) if parent_new is object.__new__ else parent_new(cls, *args, **kwargs)
        # A namespace, not a dict: Keras' saver walks into dicts, and would write the networks twice.
        object.__setattr__(self, "_arguments", types.SimpleNamespace(**_bound_arguments(cls, args, kwargs)))
        return self

    def __setattr__(self, name, value):
        arguments = vars(self).get("_arguments")
        if name in vars(self) and hasattr(arguments, name):  # set again: the first time was in the constructor
            setattr(arguments, name, value)
        super().__setattr__(name, value)

    def get_config(self):
        config = {key: keras.saving.serialize_keras_object(value) for key, value in vars(self._arguments).items()}
        if isinstance(self, keras.layers.Layer):
            config.update(self._keras_config())
        return config

    def _keras_config(self):
        """The entries that Keras adds to a layer's configuration, if this class's constructor takes them."""
        parameters = inspect.signature(type(self).__init__).parameters
        takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        wanted = ["name"] if isinstance(self, keras.Model) else ["name", "trainable", "dtype"]
        config = super().get_config()
        return {key: config[key] for key in wanted if key in parameters or takes_any}

    @classmethod
    def from_config(cls, config):
        arguments = {key: keras.saving.deserialize_keras_object(value) for key, value in config.items()}
        if not issubclass(cls, keras.layers.Layer) or arguments.get("trainable", True):
            return cls(**arguments)
        # Passed as an argument, it would not reach the layers inside.
        layer = cls(**{key: value for key, value in arguments.items() if key != "trainable"})
        layer.trainable = False
        return layer


def _bound_arguments(cls, args, kwargs):
    """The constructor's arguments by name, defaults included; empty where they do not fit (the constructor will say so)."""
    signature = inspect.signature(cls.__init__)
    try:
        bound = signature.bind(None, *args, **kwargs)
    except TypeError:
        return {}
    bound.apply_defaults()
    arguments = dict(list(bound.arguments.items())[1:])
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            arguments.update(arguments.pop(parameter.name, {}))
    return arguments
