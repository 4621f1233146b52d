"""Which input of a network takes what."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.network_inputs import check_main_inputs
from keras_gans.utils.network_inputs import shared_condition


def network(inputs):
    tensors = keras.tree.flatten(inputs)
    return keras.Model(inputs, layers.Concatenate()(tensors) if len(tensors) > 1 else layers.Dense(1)(tensors[0]))


def inputs_of(inputs, main="latents"):
    return NetworkInputs(network(inputs), main)


def named(width, name=None):
    return keras.Input((width,), name=name)


def test_the_first_of_a_list_without_names():
    found = inputs_of([named(4), named(3)])
    assert found.main.shape == (None, 4)
    assert found.condition.shape == (None, 3)
    assert inputs_of(named(4)).condition is None


@pytest.mark.parametrize("order", [("latents", "condition"), ("condition", "latents")])
@pytest.mark.parametrize("form", [dict, list])
def test_names_count_whatever_the_order(order, form):
    tensors = {"latents": named(4, "latents"), "condition": named(4, "condition")}
    given = {name: tensors[name] for name in order}
    found = inputs_of(given if form is dict else list(given.values()))
    assert found.main.name == "latents"
    assert found.condition.name == "condition"
    x, y = np.zeros((2, 4), "float32"), np.ones((2, 4), "float32")
    values = found.values(x, y)
    by_name = values if form is dict else dict(zip(order, values, strict=True))
    np.testing.assert_array_equal(by_name["latents"], x)
    np.testing.assert_array_equal(by_name["condition"], y)


def test_a_dict_with_one_other_name_than_condition():
    found = inputs_of({"pictures": named(4, "pictures"), "condition": named(3, "condition")}, "images")
    assert found.main.name == "pictures"


def test_what_cannot_be_told_is_refused():
    with pytest.raises(ValueError, match="one input must be called 'latents'"):
        inputs_of({"a": named(4, "a"), "b": named(3, "b")})
    with pytest.raises(ValueError, match="first input of .* is called 'condition'.*Name the other one 'latents'"):
        inputs_of([named(4, "condition"), named(3)])
    with pytest.raises(ValueError, match="several conditions, which are distinguished by their names"):
        inputs_of([named(4, "latents"), named(3), named(2)])


@pytest.mark.parametrize(("first", "second"), [("label", "noise"), ("source", "z"), ("label", None)])
def test_names_that_say_it_count_more_than_the_order(first, second):
    tensors = [named(4, first), named(4, second)]
    if second is None:
        with pytest.raises(ValueError, match="first input of .* is called 'label'"):
            inputs_of(tensors)
    else:
        assert inputs_of(tensors).main.name == second


@pytest.mark.parametrize("name", ["class_id", "y", None])
@pytest.mark.parametrize("form", [dict, list])
@pytest.mark.parametrize("main", ["latents", "images"])
def test_integers_are_not_what_a_network_computes_from(name, form, main):
    tensors = [keras.Input((1,), dtype="int32", name=name), named(4, "noise_vector")]
    found = inputs_of({tensor.name: tensor for tensor in tensors} if form is dict else tensors, main)
    assert found.main.name == "noise_vector"
    assert found.condition is tensors[0]


def test_the_first_of_floats_where_an_integer_stands_before_it():
    y, z, t = keras.Input((1,), dtype="int32", name="kind"), named(4, "a"), named(3, "b")
    found = inputs_of([y, z, t])
    assert (found.main.name, list(found.conditions)) == ("a", ["kind", "b"])


def test_a_main_input_of_which_the_other_network_has_a_condition_is_refused():
    discriminator = inputs_of([named(5), named(6, "text")], "images")
    with pytest.raises(ValueError, match=r"takes 'text', its first input, for its latents.*Name .* 'latents', such as 'rand'"):
        check_main_inputs(inputs_of([named(6, "text"), named(6, "rand")]), discriminator)
    with pytest.raises(ValueError, match="takes 'text', its first input, for its images"):
        check_main_inputs(inputs_of([named(5), named(6, "text")]), inputs_of([named(6, "text"), named(5, "x")], "images"))
    for fine in (
        inputs_of([named(6, "rand"), named(6, "text")]),
        inputs_of(named(6, "text")),  # the discriminator is shown the codes
        inputs_of([named(6), named(6, "text")]),
    ):
        check_main_inputs(fine, discriminator)
    codes = inputs_of([named(6, "codes"), named(2, "kind")])
    check_main_inputs(codes, inputs_of([named(5), named(6, "codes"), named(2, "kind")], "images"))


def test_several_conditions_go_by_name():
    found = inputs_of([named(4), named(3, "kind"), named(1, "size")])
    assert list(found.condition) == ["kind", "size"]
    x, kind, size = np.zeros((2, 4)), np.ones((2, 3)), np.full((2, 1), 2.0)
    for given, value in zip(found.values(x, {"size": size, "kind": kind, "other": x}), (x, kind, size), strict=True):
        assert given is value


def test_both_players_conditions():
    generator = inputs_of([named(4), named(3, "kind"), named(1, "size")])
    discriminator = inputs_of([named(5), named(3, "kind")], "images")
    assert list(shared_condition([generator], [discriminator])) == ["kind", "size"]
    unlike = inputs_of([named(4), named(3, "label")]), inputs_of([named(5), named(3, "condition")], "images")
    assert shared_condition([unlike[0]], [unlike[1]]).name == "label"
    assert shared_condition([inputs_of(named(4))], [inputs_of(named(5), "images")]) is None
    with pytest.raises(ValueError, match="and one without a name"):
        shared_condition([generator], [inputs_of([named(5), named(3)], "images")])


@pytest.mark.parametrize("form", [dict, list])
def test_a_truncation_is_not_a_condition(form):
    tensors = {"latents": named(4, "latents"), "condition": named(3, "condition"), "truncation": named(1, "truncation")}
    found = inputs_of(tensors if form is dict else list(tensors.values()))
    assert (found.condition.name, found.truncation.name) == ("condition", "truncation")
    x, y = np.zeros((2, 4), "float32"), np.ones((2, 3), "float32")
    for given, expected in ((None, 1.0), (0.25, 0.25)):
        values = found.values(x, y, given)
        values = values if form is dict else dict(zip(tensors, values, strict=True))
        np.testing.assert_array_equal(values["truncation"], np.full((2, 1), expected))
    alone = inputs_of([named(4), keras.Input((1,), name="truncation")])
    assert alone.condition is None
    with pytest.raises(ValueError, match=r'called "truncation" takes one float for each image.*Received: \(None, 3\)'):
        inputs_of([named(4), named(3, "truncation")])
