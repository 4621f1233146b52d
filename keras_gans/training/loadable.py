"""Whether a file gives a model back: Keras finds classes by their names, and makes layers of their configurations."""

import inspect
import warnings

import keras


def warn_of_unloadable(model, stacklevel):
    """Warns of classes that another one replaces when the file is loaded, and of layers that are not made anew there.

    Args:
        model: A `Serializable` model, whose file holds the networks among its arguments.
        stacklevel: Int, of the warnings.
    """
    _warn_of_replaced_classes(model, stacklevel + 1)
    _warn_of_unloadable_layers(model, stacklevel + 1)


def _warn_of_replaced_classes(model, stacklevel):
    """Warns of each class whose registered name belongs to one of another module by now: Keras keeps the last of a name.

    A class that is defined once more in its module, as in a notebook, replaces the first on purpose.
    """
    with warnings.catch_warnings(action="ignore"):  # what Keras says of lambdas, it says when it saves
        config = keras.saving.serialize_keras_object(model)
    saved = {(each["registered_name"], each["module"] or "__main__") for each in _objects(config)}
    for name, module in sorted(saved):
        loaded = keras.saving.get_registered_object(name)
        if loaded is not None and loaded.__module__ != module:
            short = name.rpartition(">")[2]
            warnings.warn(
                f"The file cannot be loaded as it was saved: it holds {short} of {module} by the name {name!r}, which has become "
                f"that of {short} of {loaded.__module__}. Give the first another name, or register it under a package of your "
                f"own, with the decorator @keras.saving.register_keras_serializable({module.split('.')[0]!r}).",
                stacklevel=stacklevel + 1,
            )


def _objects(config):
    """The configurations, within one, of objects of registered classes."""
    if isinstance(config, dict):
        if ">" in str(config.get("registered_name")):
            yield config
        config = list(config.values())
    if isinstance(config, (list, tuple)):
        for each in config:
            yield from _objects(each)


def _warn_of_unloadable_layers(model, stacklevel):
    """Warns of layers whose class cannot be called with the configuration that a file holds."""
    arguments = keras.tree.flatten(list(vars(model._arguments).values()))
    layers = [layer for network in arguments if isinstance(network, keras.Model) for layer in _configured(network)]
    for kind, error in {type(layer): _error_of_class(layer) for layer in layers}.items():
        if error:
            warnings.warn(
                f"The file cannot be loaded while {kind.__name__} is as it is: it {error}, of the configuration that it has in "
                "the file. Let the constructor take **kwargs, hand them on, super().__init__(**kwargs), and `get_config` return "
                "its other arguments. Until then, `save_weights` writes a file for networks that are built anew.",
                stacklevel=stacklevel + 1,
            )


def _configured(network):
    """A network, and the layers whose configurations are part of its own."""
    yield network
    if not _is_ours(type(network)):
        return  # made by its constructor
    for layer in network.layers:
        yield from _configured(layer) if isinstance(layer, keras.Model) else [layer]


def _is_ours(kind):
    return kind.__module__.split(".")[0] in ("keras", "keras_gans")


def _error_of_class(layer):
    """Python's error where a layer's class does not take its configuration; None where it does, or that is not known."""
    kind = type(layer)
    makers = [each.from_config.__func__ for each in (keras.layers.Layer, keras.Model)]
    if _is_ours(kind) or getattr(kind.from_config, "__func__", None) not in makers:
        return None  # RNN's and Wrapper's, too, are others: they hand something on by its place
    try:
        config = layer.get_config()
    except NotImplementedError:  # with which `save` fails
        return None
    if "input_layers" in config:  # of a functional model, which Keras makes without the constructor
        return None
    try:
        inspect.signature(kind.__init__).bind(layer, **config)
    except TypeError as error:
        return str(error)
    return None
