"""What every exported class and function does with arguments of another kind: an error that names the argument.

Flags and numbers are found by their defaults. What must be given besides is that of `stand_ins.ARGUMENTS`, or nothing: an
argument of another kind is told before anything is made of the others.
"""

import inspect
import types

import keras
import numpy as np
import pytest

import keras_gans
from tests import tiny
from tests.conformance import stand_ins

# Arguments of functions that are looked at before their numbers, and sizes of networks that are looked at last.
SMALL = {"image_shape": (8, 8, 1), "base_filters": 64, "max_filters": 4}
NEEDED = {
    keras_gans.networks.progan.discriminator: SMALL,
    keras_gans.networks.stylegan.discriminator: SMALL,
    keras_gans.networks.stylegan2.discriminator: SMALL,
    keras_gans.utils.save_images: {"filepath": "a.png"},
    keras_gans.utils.save_video: {"filepath": "a.gif", "images": np.zeros((2, 4, 4, 1))},
}


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
    arguments = dict.fromkeys(p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD)
    if thing in (keras_gans.ProGAN, keras_gans.StyleGAN, keras_gans.StyleGAN2):  # in place of the papers' networks of 1024x1024
        arguments |= {role: network() for role, network in stand_ins.stand_in(thing).networks.items()}
    return thing(**{**arguments, **stand_ins.ARGUMENTS.get(thing, {}), **NEEDED.get(thing, {}), argument: value})


@pytest.mark.parametrize("thing, argument", cases(bool, without=("data.load-labels",)))  # a string is their key
def test_a_string_is_not_a_flag(thing, argument):
    with pytest.raises(ValueError, match=f"`{argument}`(.|\\n)*='False'"):
        call(thing, argument, "False")


# Numbers that are looked at after what they need, or that may be tensors: TF-GAN's, for example.
LATER = (
    "metrics.tfgan.",
    "utils.random.",
    "data.load-batch_size",
    "data.colorization-batch_size",
    "networks.sngan.Sizes",
)


@pytest.mark.parametrize("thing, argument", cases(int, float, without=LATER))
def test_what_is_not_a_number(thing, argument):
    for value in ("a", np.nan, [1, None]):
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


CLASSIFIER = keras.Sequential([keras.Input(tiny.SHAPE), keras.layers.Flatten(), keras.layers.Dense(3)])
GAN = keras_gans.GAN(tiny.generator(), tiny.discriminator())


# Arguments without a default, or with one of another kind.
@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: keras_gans.layers.Maxout("a", 2), "`units` must be an int >= 1"),
        (lambda: keras_gans.layers.Maxout(2, 1.5), "`pieces` must be an int >= 1"),
        (lambda: keras_gans.layers.MinibatchDiscrimination(1.5), "`kernels` must be an int >= 1"),
        (lambda: keras_gans.layers.DiffAugment(["color", "cutout"]), "`policy` must be names"),
        (lambda: keras_gans.losses.Symmetric(generator="a"), "`generator` must be a loss"),
        (lambda: keras_gans.losses.Perceptual(weights=1), "`weights` must be the path"),
        (lambda: keras_gans.metrics.ModeCoverage([[0.0, 0.0]], "a"), "`sigma` must be an array of numbers"),
        (lambda: keras_gans.metrics.ModeCoverage([[0.0, 0.0]], np.nan), "`sigma` must be finite"),
        (lambda: keras_gans.metrics.ModeCoverage(classifier=CLASSIFIER, modes="3"), "`modes` must be an int >= 1"),
        (lambda: keras_gans.metrics.IntraFID(None, "3"), "`classes` must be an int >= 1"),
        (lambda: keras_gans.metrics.InceptionScore(None, num_samples=1.5), "`num_samples` must be an int >= 1"),
        (lambda: GAN.generate(2, latents="a"), r"`latents` must be an array of shape \(2, .*Received: str"),
        (lambda: GAN.generate(2, latents=[[0.0] * tiny.LATENTS] * 2), r"Received: list. Make an array of a list"),
        (lambda: GAN.generate(2, seed=np.nan), "`seed` must be None, an int or a pair of ints.*seed=nan"),
        (lambda: GAN.generate(2, seed="a"), "`seed` must be None.*seed='a'"),
        (lambda: GAN.generate(2, seed=(0, None)), "`seed` must be None"),
        (lambda: GAN.generate(2, seed=np.inf), "`seed` must be None"),
    ],
)
def test_others_of_another_kind(make, message):
    with pytest.raises(ValueError, match=message):
        make()
