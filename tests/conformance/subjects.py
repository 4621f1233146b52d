"""Everything that the library exports, as GANs of tiny networks. A new class is in here by being exported."""

import inspect

import keras
import numpy as np

import keras_gans
from keras_gans import balance
from keras_gans import latents
from keras_gans import losses
from keras_gans import penalties
from tests import tiny

# Arguments of classes that cannot be made without.
ARGUMENTS = {
    keras_gans.EMA: {"decay": 0.9},
    keras_gans.layers.Maxout: {"units": 3, "pieces": 2},
    keras_gans.layers.SpectralNormalization: {"layer": keras.layers.Conv2D(3, 2)},
    keras_gans.layers.VirtualBatchNormalization: {"reference_size": 2},
    keras_gans.UnrolledGAN: {"unroll_steps": 2},
    keras_gans.metrics.ModeCoverage: {"centers": [[0.0, 0.0]], "sigma": 1.0},
}


# Models whose networks take labels.
CONDITIONAL = {keras_gans.ConditionalGAN}
# Models whose discriminator is a classifier.
CLASSIFIERS = {keras_gans.SemiSupervisedGAN}
# Parts that only some model can use.
AT_HOME_IN = {losses.Classification: keras_gans.SemiSupervisedGAN}


def exported(module, base):
    """The public classes of a module that derive from `base`, itself left out."""
    classes = [getattr(module, name) for name in module.__all__]
    return [cls for cls in classes if inspect.isclass(cls) and issubclass(cls, base) and cls is not base]


PARTS = exported(losses, losses.AdversarialLoss) + exported(penalties, penalties.Penalty)
RULES = exported(balance, balance.Balance)
# Penalties that read features of the discriminator.
HEADS = {losses.FeatureMatching, penalties.PullingAway}
PRIORS = exported(latents, latents.Latents)
MODELS = exported(keras_gans, keras.Model)
SERIALIZABLE = [
    cls
    for module in (keras_gans, *(getattr(keras_gans, name) for name in keras_gans.__all__ if name.isalpha() and name.islower()))
    for cls in exported(module, keras_gans.utils.Serializable)
]


def make(subject, **compile_arguments):
    """A compiled GAN of tiny networks around a part, a prior or a model class."""
    subject = AT_HOME_IN.get(subject, subject)
    if subject in MODELS:
        conditional = subject in CONDITIONAL
        classes = {"classes": tiny.CLASSES} if conditional else {}
        gan = subject(
            tiny.generator(tiny.CLASSES if conditional else None),
            tiny.discriminator(tiny.CLASSES if conditional else None, scores=tiny.CLASSES if subject in CLASSIFIERS else 1),
            latents=tiny.LATENTS,
            **classes,
            **ARGUMENTS.get(subject, {}),
        )
        gan.compile(**compile_arguments)
        return gan
    prior = subject(tiny.LATENTS) if subject in PRIORS else None
    discriminator = tiny.discriminator()
    if subject is losses.DiscriminatorOnly:  # something must drive the generator
        compile_arguments["auxiliary_losses"] = [losses.FeatureMatching()]
    if subject is losses.DiscriminatorOnly or subject in HEADS:
        discriminator = keras_gans.networks.with_features(discriminator)
    gan = keras_gans.GAN(tiny.generator(), discriminator, latents=prior, ema=0.9)
    if subject in RULES:
        # A warm-up of 100 steps would take 100 batches.
        rule = subject(2, 3, 1) if subject is balance.WarmUp else subject()
        compile_arguments = {**compile_arguments, "balance": rule, "update_rule": "alternating"}
    if subject in PARTS:
        key = "loss" if issubclass(subject, losses.AdversarialLoss) else "penalties"
        part = subject(**ARGUMENTS.get(subject, {}))
        compile_arguments[key] = part if key == "loss" else [part]
    gan.compile(**compile_arguments)
    return gan


def data(gan, count=8):
    """A batch for `gan`: images, and labels if it wants them."""
    if type(gan) in CLASSIFIERS:  # unevenly labelled: two replicas get different numbers of labels
        return tiny.images(count), np.where(np.arange(count) % 8 < 3, tiny.labels(count), -1)
    return (tiny.images(count), tiny.labels(count)) if gan.condition_input is not None else (tiny.images(count), None)


SUBJECTS = [*PARTS, *RULES, *PRIORS, *MODELS]
