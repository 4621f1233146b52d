"""Everything that the library exports, as GANs of tiny networks. A new class is in here by being exported."""

import inspect

import keras

import keras_gans
from keras_gans import latents
from keras_gans import losses
from keras_gans import penalties
from tests import tiny

# Arguments of classes that cannot be made without.
ARGUMENTS = {
    keras_gans.EMA: {"decay": 0.9},
    keras_gans.layers.Maxout: {"units": 3, "pieces": 2},
}


# Models whose networks take labels.
CONDITIONAL = {keras_gans.ConditionalGAN}


def exported(module, base):
    """The public classes of a module that derive from `base`, itself left out."""
    classes = [getattr(module, name) for name in module.__all__]
    return [cls for cls in classes if inspect.isclass(cls) and issubclass(cls, base) and cls is not base]


PARTS = exported(losses, losses.AdversarialLoss) + exported(penalties, penalties.Penalty)
PRIORS = exported(latents, latents.Latents)
MODELS = exported(keras_gans, keras.Model)
SERIALIZABLE = [
    cls
    for module in (keras_gans, *(getattr(keras_gans, name) for name in keras_gans.__all__ if name.isalpha() and name.islower()))
    for cls in exported(module, keras_gans.utils.Serializable)
]


def make(subject, **compile_arguments):
    """A compiled GAN of tiny networks around a part, a prior or a model class."""
    if subject in MODELS:
        conditional = subject in CONDITIONAL
        classes = {"classes": tiny.CLASSES} if conditional else {}
        gan = subject(
            tiny.generator(tiny.CLASSES if conditional else None),
            tiny.discriminator(tiny.CLASSES if conditional else None),
            latents=tiny.LATENTS,
            **classes,
        )
        gan.compile(**compile_arguments)
        return gan
    prior = subject(tiny.LATENTS) if subject in PRIORS else None
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=prior, ema=0.9)
    if subject in PARTS:
        key = "loss" if issubclass(subject, losses.AdversarialLoss) else "penalties"
        part = subject(**ARGUMENTS.get(subject, {}))
        compile_arguments[key] = part if key == "loss" else [part]
    gan.compile(**compile_arguments)
    return gan


def data(gan, count=8):
    """A batch for `gan`: images, and labels if it wants them."""
    return (tiny.images(count), tiny.labels(count)) if gan.condition_input is not None else (tiny.images(count), None)


SUBJECTS = [*PARTS, *PRIORS, *MODELS]
