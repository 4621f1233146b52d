"""Layers and classes of the user's that a file cannot make anew are told of when it is written."""

import types

import keras
import pytest
from keras import layers

import keras_gans
from tests import tiny


class Bare(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def call(self, x):
        return self.units * x


class Complete(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.inner = Bare(units)  # which the constructor makes

    def build(self, shape):
        self.inner.build(shape)

    def call(self, x):
        return self.inner(x)


class WithoutConfig(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def get_config(self):
        return super().get_config()

    def call(self, x):
        return self.units * x


class Wraps(layers.Wrapper):
    def __init__(self, inner, power=1, **kwargs):
        super().__init__(inner, **kwargs)
        self.power = power

    def call(self, x):
        return self.layer(x)


class Network(keras.Model):
    """A functional model of a class of the user's."""

    def __init__(self):
        z = keras.Input((tiny.LATENTS,), name="latents")
        super().__init__(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64)(z)))


class FunctionalAsKeras(keras.Model):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)


def network_with(layer):
    z = keras.Input((tiny.LATENTS,), name="latents")
    return keras.Model(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64)(layer(z))))


def nested(layer):
    return network_with(keras.Sequential([keras.Input((tiny.LATENTS,)), layer]))


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (lambda: network_with(Bare(2.0)), "while Bare is as it is: it got an unexpected keyword argument 'trainable'"),
        (lambda: nested(Bare(2.0)), "while Bare is"),
        (lambda: network_with(WithoutConfig(2.0)), "while WithoutConfig is as it is: it missing a required argument: 'units'"),
        (Network, "while Network is"),
        (lambda: network_with(Complete(2.0)), None),
        (lambda: network_with(Wraps(layers.Dense(tiny.LATENTS))), None),
        (lambda: network_with(layers.Lambda(keras.ops.tanh)), None),
        (lambda: (lambda network: FunctionalAsKeras(network.input, network.output))(tiny.generator()), None),
    ],
)
def test_layers_that_a_file_cannot_make_anew_are_warned_of(network, message, tmp_path):
    gan = keras_gans.GAN(network(), tiny.discriminator())
    path = tmp_path / "gan.keras"
    if message is None:
        gan.save(path)
        keras.saving.load_model(
            path, custom_objects={"Wraps": Wraps, "Complete": Complete, "FunctionalAsKeras": FunctionalAsKeras}
        )
        return
    with pytest.warns(UserWarning, match=message) as caught:
        gan.save(path)
    assert [each.filename for each in caught if each.category is UserWarning] == [__file__]
    classes = {kind.__name__: kind for kind in (Bare, WithoutConfig, Network)}
    with pytest.raises(TypeError):
        keras.saving.load_model(path, custom_objects=classes)


def test_a_gan_that_makes_its_own_networks_is_loaded_whatever_their_layers(tmp_path):
    class Own(keras_gans.GAN):
        def __init__(self, units=2.0, **kwargs):
            super().__init__(network_with(Bare(units)), tiny.discriminator(), **kwargs)

    Own().save(tmp_path / "gan.keras")
    keras.saving.load_model(tmp_path / "gan.keras")


def module_with(name, base):
    """A module of a user's, with a class `Blur`."""
    module = types.ModuleType(name)
    module.base = base
    exec("class Blur(base):\n    pass", vars(module))
    return module


class Scale(layers.Layer):
    def call(self, x):
        return 2 * x


def gan_of(generator=None, penalties=(), kind=keras_gans.GAN, **arguments):
    gan = kind(generator or tiny.generator(), tiny.discriminator(), **arguments)
    gan.compile(penalties=penalties)
    return gan


@pytest.mark.parametrize(
    ("base", "gan_with"),
    [
        (keras_gans.GAN, lambda kind: gan_of(kind=kind)),
        (keras_gans.EMA, lambda kind: gan_of(ema=kind(0.9))),
        (keras_gans.penalties.R1, lambda kind: gan_of(penalties=[kind()])),
        (Scale, lambda kind: gan_of(network_with(kind()))),
    ],
)
def test_two_classes_of_one_name(base, gan_with, tmp_path):
    def load():
        return keras.saving.load_model(tmp_path / "gan.keras")

    def register(kind, *package):
        return keras.saving.register_keras_serializable(*package)(kind) if base is Scale or package else kind

    first = register(module_with("first.module", base).Blur)
    again = register(module_with("first.module", base).Blur)  # as a cell of a notebook that is run twice
    gan_with(first).save(tmp_path / "gan.keras")
    load()
    second = register(module_with("second", base).Blur)
    gan_with(second).save(tmp_path / "gan.keras")
    gan = gan_with(again)
    with pytest.warns(UserWarning, match=r"'Custom>Blur', which has become that of Blur of second.*'first'\)") as told:
        gan.save(tmp_path / "gan.keras")
    assert [each.filename for each in told if each.category is UserWarning] == [__file__]
    register(again, "first")
    gan.save(tmp_path / "gan.keras")
    gan = load()
    kinds = {type(each) for each in [gan, gan.ema, *gan.generator.layers, *gan.penalties.values()]}
    assert again in kinds and second not in kinds
