"""Classifiers as feature extractors: which tensors are features and logits, exactly."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from keras_gans.features import ClassifierFeatures
from keras_gans.features import lenet

IMAGES = np.random.default_rng(0).uniform(-1, 1, (6, 8, 8, 1)).astype("float32")


def trunk(x):
    x = layers.Conv2D(3, 3, activation="relu", name="convolution")(x)
    x = layers.BatchNormalization()(x)
    return layers.Dense(5, activation="relu", name="hidden")(layers.Flatten()(x))


def functional(head):
    """A model that ends in `head`, and one of what that ends in before."""
    x = keras.Input((8, 8, 1))
    hidden = trunk(x)
    return keras.Model(x, head(hidden), name="tested"), keras.Model(x, hidden)


def of_model(model, images=IMAGES):
    return model.predict(images, verbose=0)


def shifted(model):
    """With other biases and batch statistics than the initial ones."""
    for weight in model.weights:
        weight.assign(weight + keras.random.uniform(weight.shape, 0.1, 0.3, seed=len(weight.shape)))
    return model


HEADS = {
    "linear": lambda x: layers.Dense(4, name="last")(x),
    "softmax": lambda x: layers.Dense(4, activation="softmax", name="last")(x),
    "activation": lambda x: layers.Activation("softmax")(layers.Dense(4, name="last")(x)),
    "layer": lambda x: layers.Softmax()(layers.Dense(4, name="last")(x)),
    "operation": lambda x: keras.ops.softmax(layers.Dense(4, name="last")(x)),
    "function": lambda x: keras.activations.softmax(layers.Dense(4, name="last")(x)),
    "nested": lambda x: keras.Sequential([layers.Dense(4, activation="softmax", name="last")], name="head")(x),
}


@pytest.mark.slow
@pytest.mark.parametrize("head", HEADS)
def test_heads(head):
    model, hidden = functional(HEADS[head])
    shifted(model)
    before = [layer.name for layer in model.layers], of_model(model)
    outputs = ClassifierFeatures(model, quantize=False)(IMAGES)
    features = of_model(hidden)
    inner = model.get_layer("head") if head == "nested" else model
    kernel, bias = inner.get_layer("last").get_weights()
    np.testing.assert_allclose(outputs["features"], features, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(outputs["logits"], features @ kernel + bias, rtol=1e-5, atol=1e-5)
    # The model itself is as it was.
    np.testing.assert_array_equal(of_model(model), before[1])
    assert [layer.name for layer in model.layers] == before[0]
    assert model.get_layer("hidden").output is hidden.output


def test_logits_that_a_softmax_rounds_off():
    model, _ = functional(HEADS["softmax"])
    last = model.get_layer("last")
    last.set_weights([np.zeros((5, 4)), np.float32([0, 300, -300, 1])])
    np.testing.assert_array_equal(ClassifierFeatures(model)(IMAGES)["logits"][0], [0, 300, -300, 1])


def nested():
    """Models inside a model, with equal names of layers, one of them used twice, and a residual."""
    inside = keras.Input((8, 8, 2))
    block = keras.Model(
        inside, layers.Add()([inside, layers.Conv2D(2, 3, padding="same", name="convolution")(inside)]), name="block"
    )
    x = keras.Input((8, 8, 1))
    y = block(block(layers.Conv2D(2, 1, name="convolution")(x)))
    head = keras.Sequential(
        [keras.Input((8, 8, 2)), layers.GlobalAveragePooling2D(), layers.Dense(7, name="wide"), layers.Dense(3, "softmax")],
        name="head",
    )
    return keras.Model(x, head(y * 2.0), name="outer"), keras.Model(x, y)


@pytest.mark.slow
def test_models_inside():
    model, until_block = nested()
    shifted(model)
    extractor = ClassifierFeatures(model, quantize=False)
    outputs = extractor(IMAGES)
    (wide, wide_bias), (kernel, bias) = (layer.get_weights() for layer in model.get_layer("head").layers[1:])
    pooled = (2 * of_model(until_block)).mean(axis=(1, 2))
    np.testing.assert_allclose(outputs["features"], pooled @ wide + wide_bias, rtol=1e-4)
    np.testing.assert_allclose(outputs["logits"], (pooled @ wide + wide_bias) @ kernel + bias, rtol=1e-4)
    np.testing.assert_allclose(tf.nn.softmax(outputs["logits"]), of_model(model), rtol=1e-4)
    assert (extractor.dimensions, extractor.classes) == (7, 3)
    block = ClassifierFeatures(model, features="block", quantize=False)
    np.testing.assert_allclose(block(IMAGES)["features"], of_model(until_block).reshape(6, -1), rtol=1e-5, atol=1e-5)
    assert ClassifierFeatures(model, features="wide").dimensions == 7


@pytest.mark.slow
def test_a_named_layer():
    model, _ = functional(HEADS["linear"])
    extractor = ClassifierFeatures(model, features="convolution", quantize=False)
    expected = of_model(keras.Model(model.inputs[0], model.get_layer("convolution").output))
    np.testing.assert_allclose(extractor(IMAGES)["features"], expected.reshape(6, -1), rtol=1e-5, atol=1e-6)
    assert (extractor.dimensions, extractor.classes) == (108, 4)


def test_sequential_and_range():
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(4), layers.Softmax()]
    )
    outputs = ClassifierFeatures(model, quantize=False, value_range=(0, 255))(IMAGES)
    np.testing.assert_allclose(outputs["features"], (IMAGES.reshape(6, -1) + 1) / 2, atol=1e-6)
    np.testing.assert_allclose(tf.nn.softmax(outputs["logits"]), of_model(model, (IMAGES + 1) * 127.5), rtol=1e-4)


@pytest.mark.slow
def test_protocol_and_a_frozen_copy():
    model, _ = functional(HEADS["softmax"])
    extractor = ClassifierFeatures(model)
    assert extractor.protocol | {"weights": ""} == {
        "extractor": "ClassifierFeatures",
        "quantized": True,
        "model": "tested",
        "features": "input of the last layer",
        "weights": "",
        "size": "8x8x1",
        "input": "[-1, 1]",
    }
    images, more = tf.constant(IMAGES), tf.constant(IMAGES)
    first = extractor(images)["features"]
    shifted(model)
    np.testing.assert_array_equal(extractor(more)["features"], first)
    assert ClassifierFeatures(model).protocol["weights"] != extractor.protocol["weights"]
    assert np.abs(ClassifierFeatures(model)(images)["features"] - first).max() > 0.01


def test_mixed_precision():
    x = keras.Input((8, 8, 1))
    hidden = layers.Dense(5, dtype="mixed_bfloat16")(layers.Flatten()(x))
    model = keras.Model(x, layers.Dense(4, "softmax", dtype="mixed_bfloat16")(hidden))
    outputs = ClassifierFeatures(model)(IMAGES)
    assert {value.dtype for value in outputs.values()} == {tf.float32}


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_in_a_function(jit_compile):
    extractor = ClassifierFeatures(functional(HEADS["softmax"])[0])
    compiled = tf.function(extractor, jit_compile=jit_compile)(tf.constant(IMAGES))
    for name, value in extractor(IMAGES).items():
        np.testing.assert_allclose(compiled[name], value, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("inside", [False, True])
def test_replicas(strategy, inside):
    extractor = None if inside else ClassifierFeatures(functional(HEADS["softmax"])[0])
    if inside:
        with strategy.scope():
            extractor = ClassifierFeatures(functional(HEADS["softmax"])[0])
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices(IMAGES).batch(6))

    @tf.function
    def step(batch):
        return strategy.run(lambda batch: extractor(batch)["logits"], args=(batch,))

    (parts,) = [strategy.experimental_local_results(step(batch)) for batch in data]
    np.testing.assert_allclose(np.concatenate(parts), extractor(IMAGES)["logits"], rtol=1e-5, atol=1e-6)


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, x):
        return self.dense(x)


def model_of(output, shape=(8, 8, 1)):
    x = keras.Input(shape)
    return keras.Model(x, output(x))


@pytest.mark.parametrize(
    ("model", "arguments", "message"),
    [
        (lambda: 3, {}, "must be a keras.Model"),
        (lambda: keras.Sequential([layers.Flatten(), layers.Dense(3)]), {}, "is built"),
        (Subclassed, {}, "functional or Sequential"),
        (lambda: model_of(layers.Dense(3), (8,)), {}, "must take images"),
        (lambda: model_of(layers.Dense(3)), {}, "must classify"),
        (lambda: model_of(lambda x: layers.Dense(1)(layers.Flatten()(x))), {}, "must classify"),
        (lambda: model_of(lambda x: [layers.Flatten()(x)] * 2), {}, "must classify"),
        (lambda: functional(lambda x: layers.Dense(3, "sigmoid")(x))[0], {}, "activation 'sigmoid'"),
        (lambda: functional(lambda x: layers.Reshape((3,))(layers.Dense(3, "softmax")(x)))[0], {}, "gives probabilities"),
        (lambda: model_of(layers.Flatten()), {}, "Name a layer"),
        (lambda: functional(HEADS["linear"])[0], {"features": "none"}, "no layer 'none'"),
        (lambda: functional(HEADS["linear"])[0], {"value_range": (1, 0)}, "`value_range` must be a pair"),
    ],
)
def test_errors(model, arguments, message):
    with pytest.raises(ValueError, match=message):
        ClassifierFeatures(model(), **arguments)


def test_images_that_do_not_fit():
    extractor = ClassifierFeatures(functional(HEADS["linear"])[0])
    with pytest.raises(ValueError, match=r"takes images \(8, 8, 1\)"):
        extractor(np.zeros((2, 8, 8, 3), "float32"))


@pytest.mark.slow
def test_names_that_keras_would_give_again():
    keras.utils.clear_session()
    model = lenet((28, 28, 1), 10)  # its layers are called conv2d, flatten, dense
    keras.utils.clear_session()  # as in a new process that loads the model
    extractor = ClassifierFeatures(model)
    assert extractor(np.zeros((2, 28, 28, 1), "float32"))["features"].shape == (2, 84)


def test_an_adapted_layer():
    normalization = layers.Normalization(axis=None)
    images = np.random.default_rng(0).uniform(-1, 1, (20, 4, 4, 1)).astype("float32")
    normalization.adapt(images - 3.0)
    model = keras.Sequential([keras.Input((4, 4, 1)), normalization, layers.Flatten(), layers.Dense(3)])
    np.testing.assert_allclose(ClassifierFeatures(model, quantize=False)(images)["logits"], model(images), rtol=1e-5, atol=1e-6)


def half_white(scaling):
    """A classifier of what is bright, and what is dark, in the lower half, of what `scaling` makes to be in [0, 1]."""
    model = keras.Sequential([keras.Input((8, 8, 1)), scaling, layers.Flatten(), layers.Dense(2)])
    lower = np.r_[np.zeros(32), np.ones(32)]
    model.layers[-1].set_weights([np.stack([lower, -lower], axis=1), np.array([-16.0, 16.0])])
    return model


@pytest.mark.parametrize(
    ("scaling", "value_range", "expected"),
    [
        (layers.Rescaling(1 / 255), None, "[0, 255]"),
        (layers.Rescaling(1 / 255), (0, 255), "[0, 255]"),
        (layers.Rescaling(0.5, 0.5), None, "[-1, 1]"),
        (layers.Rescaling(1.0), (0, 1), "[0, 1]"),
    ],
)
def test_a_classifier_gets_images_in_the_range_that_it_takes(scaling, value_range, expected):
    model = half_white(scaling)
    extractor = ClassifierFeatures(model, value_range=value_range)
    white, black = np.ones((1, 8, 8, 1), "float32"), -np.ones((1, 8, 8, 1), "float32")
    np.testing.assert_allclose(extractor(white)["logits"], [[16.0, -16.0]], atol=1e-4)
    np.testing.assert_allclose(extractor(black)["logits"], [[-16.0, 16.0]], atol=1e-4)
    assert extractor.protocol["input"] == expected


def test_a_classifier_whose_range_is_not_known_is_warned_of():
    with pytest.warns(UserWarning, match="does not tell what black and white are.*Pass `value_range`, such as"):
        ClassifierFeatures(half_white(layers.Rescaling(3.0)))
    assert ClassifierFeatures(half_white(layers.Rescaling(3.0)), value_range=(0, 1)).high == 1


def test_images_in_0_1_are_warned_of():
    with pytest.warns(UserWarning, match=r"The given images lie in \[0"):
        ClassifierFeatures(half_white(layers.Rescaling(0.5, 0.5)))((IMAGES + 1) / 2)
