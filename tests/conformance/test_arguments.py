"""What every exported class and function does with arguments of another kind: an error that names the argument.

Flags and numbers are found by their defaults. What must be given besides is that of `stand_ins.ARGUMENTS`, or nothing: an
argument of another kind is told before anything is made of the others.
"""

import inspect
import types

import numpy as np
import pytest

import keras_gans
from tests.conformance import stand_ins


def exported(module=keras_gans, found=None):
    """All exported classes and functions, by the name that users write."""
    found = {} if found is None else found
    for name in getattr(module, "__all__", vars(module)):
        thing = getattr(module, name)
        if isinstance(thing, types.ModuleType) and hasattr(module, "__all__"):
            exported(thing, found)
        elif callable(thing) and not name.startswith("_") and (hasattr(module, "__all__") or thing.__module__ == module.__name__):
            found.setdefault(thing, f"{module.__name__.removeprefix('keras_gans.')}.{name}")
    return found


def cases(*kinds, without=()):
    """Each argument whose default is of some kinds."""
    return [
        pytest.param(thing, argument, id=f"{name}-{argument}")
        for thing, name in exported().items()
        if not name.startswith(without)
        for argument, parameter in inspect.signature(thing).parameters.items()
        if type(parameter.default) in kinds and f"{name}-{argument}" not in without
    ]


def call(thing, argument, value):
    parameters = inspect.signature(thing).parameters.values()
    needed = [p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    return thing(**{**dict.fromkeys(needed), **stand_ins.ARGUMENTS.get(thing, {}), argument: value})


@pytest.mark.parametrize("thing, argument", cases(bool, without=("data.load-labels",)))  # a string is their key
def test_a_string_is_not_a_flag(thing, argument):
    with pytest.raises(ValueError, match=f"`{argument}`(.|\\n)*='False'"):
        call(thing, argument, "False")


# TF-GAN's functions, and random numbers, which take tensors.
OF_TENSORS = ("metrics.tfgan.", "utils.random.")


@pytest.mark.parametrize("thing, argument", cases(int, float, without=OF_TENSORS))
@pytest.mark.parametrize("value", ["a", np.nan, [1, None]], ids=["string", "nan", "list"])
def test_what_is_not_a_number(thing, argument, value):
    with pytest.raises(ValueError, match=f"`{argument}"):
        call(thing, argument, value)


# Flags whose default follows from other arguments.
@pytest.mark.parametrize(
    "thing, argument",
    [
        (keras_gans.layers.ConditionalBatchNormalization, "residual_gain"),
        (keras_gans.networks.biggan.generator, "hierarchical"),
        (keras_gans.networks.biggan.generator, "shared_embedding"),
        (keras_gans.networks.pix2pix.generator, "use_bias"),
        (keras_gans.networks.pix2pix.discriminator, "use_bias"),
    ],
)
def test_a_string_is_not_an_optional_flag(thing, argument):
    with pytest.raises(ValueError, match=f"`{argument}`(.|\n)*='False'"):
        call(thing, argument, "False")


def test_flags_of_numpy_are_flags():
    assert keras_gans.EMA(0.9, ramp_up=np.True_).ramp_up
    layer = keras_gans.layers.SelfAttention(spectral_normalization=np.False_)
    layer.build((None, 4, 4, 8))
    assert not isinstance(layer.theta, keras_gans.layers.SpectralNormalization)
