"""Networks that share layers survive saving, loading and copying as one network, and only so."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from keras_gans.utils.copies import clone
from keras_gans.utils.joined import joined
from keras_gans.utils.joined import parts

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
DOMAINS = ("a", "b")


def by_layers():
    shared = [layers.Dense(5), layers.BatchNormalization(), layers.PReLU()]
    networks = {}
    for domain in DOMAINS:
        x = inputs = keras.Input((4,), name="latents")
        for layer in shared:
            x = layer(x)
        networks[domain] = keras.Model(inputs, layers.Dense(3, name=f"own_{domain}")(x))
    return networks


def by_a_model():
    x = keras.Input((4,))
    trunk = keras.Model(x, layers.PReLU()(layers.BatchNormalization()(layers.Dense(5)(x))), name="trunk")
    networks = {}
    for domain in DOMAINS:
        inputs = keras.Input((4,), name="latents")
        networks[domain] = keras.Model(inputs, layers.Dense(3, name=f"own_{domain}")(trunk(inputs)))
    return networks


def from_one_input():
    inputs = keras.Input((4,), name="latents")
    x = layers.PReLU()(layers.BatchNormalization()(layers.Dense(5)(inputs)))
    return {domain: keras.Model(inputs, layers.Dense(3, name=f"own_{domain}")(x)) for domain in DOMAINS}


@keras.saving.register_keras_serializable("tests")
class Holder(keras_gans.utils.Serializable, keras.Model):
    """As a GAN holds its networks."""

    def __init__(self, first, second=None, name=None):
        super().__init__(name=name)
        self.first = first
        self.second = second
        self.built = True

    def build(self, input_shape=None):
        pass

    def call(self, x):
        return self.first(x)


def shared(networks):
    a, b = ({id(variable) for variable in networks[domain].weights} for domain in DOMAINS)
    return len(a & b)


every_way = pytest.mark.parametrize("make", [by_layers, by_a_model, from_one_input])


@every_way
def test_joined_networks_compute_the_same_with_the_same_weights(make):
    networks = make()
    joint = joined(networks)
    assert {id(v) for v in joint.weights} == {id(v) for network in networks.values() for v in network.weights}
    assert len(joint.weights) == 7 + 2 * 2
    again = parts(joint, input_name="images")
    assert shared(again) == shared(networks) == 7
    for domain in DOMAINS:
        np.testing.assert_array_equal(again[domain](X), networks[domain](X))
        assert again[domain].input.name == "images"
    assert parts(joint)["a"].input.name == ("latents" if make is from_one_input else "a")


@pytest.mark.slow
@every_way
def test_joined_networks_are_saved_loaded_and_copied(make, tmp_path):
    networks = make()
    networks["a"](X, training=True)
    holder = Holder(joined(networks))
    for number in range(2):  # also what was loaded
        parts(holder.first, input_name="images")  # leaves calls of the layers behind
        holder.save(tmp_path / f"{number}.keras")
        holder = keras.saving.load_model(tmp_path / f"{number}.keras")
        loaded = parts(holder.first)
        assert shared(loaded) == 7
        for domain in DOMAINS:
            np.testing.assert_array_equal(loaded[domain](X), networks[domain](X))
    copied = parts(clone(holder.first))
    assert shared(copied) == 7
    np.testing.assert_array_equal(copied["b"](X), networks["b"](X))


def test_a_generator_of_pairs_returns_images_as_a_gan_wants_them():
    first, second = from_one_input().values()
    joint = joined({"images": first, "own_b": second})
    assert joint.input.name == "latents"
    assert sorted(joint.output) == ["images", "own_b"]
    np.testing.assert_array_equal(joint(X)["images"], first(X))


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize("make", [by_layers, by_a_model])
def test_a_pair_is_lost_by_keras(make, tmp_path):
    """The reason for `joined`: where this fails, Keras has learned it."""
    networks = make()
    Holder(networks["a"], networks["b"]).save(tmp_path / "pair.keras")
    with pytest.raises(ValueError, match="could not be loaded"):
        keras.saving.load_model(tmp_path / "pair.keras")


def test_what_is_refused():
    networks = by_layers()
    twice = {"a": networks["a"], "b": by_layers()["a"]}
    with pytest.raises(ValueError, match="two layers 'own_a'"):
        joined(twice)
    a, b = keras.Input((2,)), keras.Input((2,))
    pair = keras.Model([a, b], layers.Concatenate()([a, b]))
    with pytest.raises(ValueError, match="one input each. Received: 'a' with 2"):
        joined({"a": pair})
    with pytest.raises(ValueError, match="A layer has the name of a network, 'own_a'"):
        joined({"own_a": networks["a"], "b": networks["b"]})
    several = keras.Model(a, {"more": layers.Dense(1)(a), "images": a})
    with pytest.raises(ValueError, match="one tensor each. Received: 'a', which returns {'more'"):
        joined({"a": several, "b": networks["b"]})
