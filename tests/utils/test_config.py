"""Configurations from signatures."""

import keras
import pytest

import keras_gans
from keras_gans.layers import ConditioningAugmentation
from keras_gans.utils import Serializable


class Pair(Serializable):
    def __init__(self, first, second=None, **rest):
        self.rest = rest


class Scaled(Serializable, keras.layers.Layer):
    def __init__(self, factor, initializer="ones", **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return self.factor * inputs


def test_arguments_defaults_and_keywords():
    assert Pair(1, extra="x").get_config() == {"first": 1, "second": None, "extra": "x"}


def test_nested_objects():
    pair = Pair(Pair(1, second=[2, 3]), second=[keras.layers.Dense(2, name="d")])
    config = keras.saving.serialize_keras_object(pair)
    copy = keras.saving.deserialize_keras_object(config)
    assert copy.get_config() == pair.get_config()
    first, second = (keras.saving.deserialize_keras_object(copy.get_config()[name]) for name in ("first", "second"))
    assert type(first) is Pair
    assert first.get_config()["second"] == [2, 3]
    assert second[0].name == "d"


def test_layers_keep_name_and_dtype():
    layer = Scaled(2.0, name="twice", dtype="mixed_bfloat16")
    copy = Scaled.from_config(layer.get_config())
    assert (copy.name, copy.factor, copy.dtype_policy.name) == ("twice", 2.0, "mixed_bfloat16")


def test_classes_are_registered():
    assert keras.saving.get_registered_name(Pair) == "Custom>Pair"
    from keras_gans.losses import Hinge

    assert keras.saving.get_registered_name(Hinge) == "keras_gans>Hinge"


def test_wrong_arguments_raise_as_in_any_class():
    with pytest.raises(TypeError, match="first"):
        Pair()


def test_a_frozen_layer_stays_frozen_with_the_layers_inside_it():
    layer = ConditioningAugmentation(4)
    layer.trainable = False
    copy = ConditioningAugmentation.from_config(layer.get_config())
    copy.build([(None, 3), (None, 4)])
    assert not copy.trainable
    assert not any(variable.trainable for variable in copy.weights)
    assert not ConditioningAugmentation.from_config(copy.get_config()).trainable


def test_an_argument_that_is_set_again_is_saved_as_it_is_now():
    penalty = keras_gans.penalties.R1(10.0)
    penalty.weight = keras_gans.schedules.Cosine(5.0, 1.0, stop=10)
    assert keras_gans.penalties.R1.from_config(penalty.get_config()).weight.first == 5.0
    layer = Scaled(2.0)
    layer.factor, layer.other = 3.0, 1
    assert Scaled.from_config(layer.get_config()).factor == 3.0
    assert "other" not in layer.get_config()
