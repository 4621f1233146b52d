"""Which range images have: the data, the generator, and whatever turns numbers into pixels."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

import keras_gans
from keras_gans.training.batch_checks import check_image_range
from keras_gans.utils.networks import output_bounds
from tests import tiny

UNIT = (np.random.default_rng(0).random((16, *tiny.SHAPE)) > 0.8).astype("float32")  # black and white, as MNIST / 255
GRAYS = np.linspace(0, 1, 16 * 64).reshape(16, *tiny.SHAPE).astype("float32")


def generator(*ending):
    network = [keras.Input((4,)), layers.Dense(64), *ending, layers.Reshape(tiny.SHAPE)]
    return keras.Sequential(network)


def gan(*ending, **arguments):
    made = keras_gans.GAN(generator(*ending), tiny.discriminator())
    made.compile(**{"run_eagerly": True, **arguments})
    return made


@pytest.mark.parametrize(
    ("ending", "bounds"),
    [
        ([layers.Activation("sigmoid")], (0, 1)),
        ([layers.Activation("tanh")], (-1, 1)),
        ([layers.Activation("sigmoid"), layers.Rescaling(2.0, -1.0)], (-1, 1)),
        ([layers.Activation("tanh"), layers.Rescaling(-0.5, 0.5)], (0, 1)),
        ([layers.ReLU()], (0, np.inf)),
        ([layers.ReLU(max_value=1.0)], (0, 1)),
        ([layers.ReLU(negative_slope=0.2)], (-np.inf, np.inf)),
        ([layers.Activation("sigmoid"), layers.Dropout(0.1)], (0, 1)),
        ([], (-np.inf, np.inf)),
        ([layers.Activation("tanh"), layers.Dense(64, name="last")], (-np.inf, np.inf)),
    ],
)
def test_bounds_of_a_network(ending, bounds):
    assert output_bounds(generator(*ending)) == bounds


@pytest.mark.parametrize(
    ("function", "bounds"),
    [
        (lambda x: (keras.ops.tanh(x) + 1.0) / 2.0, (0, 1)),
        (lambda x: 2.0 * keras.ops.sigmoid(x) - 1.0, (-1, 1)),
        (lambda x: 1.0 - keras.ops.sigmoid(x), (0, 1)),
        (lambda x: keras.ops.clip(x, 0.0, 1.0), (0, 1)),
        (lambda x: keras.ops.hard_sigmoid(x), (0, 1)),
        (lambda x: keras.ops.abs(x), (0, np.inf)),
        (lambda x: layers.Concatenate()([keras.ops.sigmoid(x), keras.ops.tanh(x)]), (-1, 1)),
        (lambda x: keras.ops.transpose(keras.ops.sigmoid(x), (0, 1)), (0, 1)),
        (lambda x: keras.ops.sigmoid(x) + keras.ops.sigmoid(x), (-np.inf, np.inf)),
    ],
)
def test_bounds_of_arithmetic(function, bounds):
    x = keras.Input((4,))
    assert output_bounds(keras.Model(x, function(layers.Dense(4)(x)))) == bounds


def test_a_users_layer_says_nothing_of_its_bounds():
    class Sigmoid(layers.Layer):
        def call(self, x):
            return 2.0 * keras.ops.sigmoid(x) - 1.0

    class Body(keras.Model):
        def call(self, x):
            return keras.ops.sigmoid(x)

    for layer in (Sigmoid(), Body()):
        network = keras.Sequential([keras.Input((4,)), layers.Dense(4), layer])
        assert output_bounds(network) == (-np.inf, np.inf)
        keras_gans.GAN(network, keras.Sequential([keras.Input((4,)), layers.Dense(1)])).compile()


@pytest.mark.parametrize(
    ("ending", "expected"), [("sigmoid", (0.0, 1.0)), ("relu", (0.0, 1.0)), ("tanh", (-1.0, 1.0)), ("linear", (-1.0, 1.0))]
)
def test_the_range_of_a_gan(ending, expected):
    assert gan(layers.Activation(ending)).image_range == expected


@pytest.mark.parametrize("ending", ["sigmoid", "relu"])
def test_data_of_negative_values_and_a_generator_without_are_refused(ending):
    with pytest.raises(ValueError, match=f"values down to -1, and the generator makes none below 0: it ends in.*{ending}.*tanh"):
        gan(layers.Activation(ending)).fit(2 * UNIT - 1, verbose=0)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["tanh", "linear"])
def test_data_in_0_1_and_a_generator_that_is_taken_to_make_more_are_warned_of(ending):
    with pytest.warns(UserWarning, match=r"The images lie in \[0, 1\], but are taken to be in \[-1, 1\].*2 \* x - 1"):
        gan(layers.Activation(ending)).fit(UNIT, verbose=0)


def test_the_advice_for_a_sigmoid_in_a_lambda_is_true():
    advice = "end the generator in a sigmoid: keras.layers.Activation.*in place of lambda, whose range is not known"
    with pytest.warns(UserWarning, match=advice):
        check_image_range(UNIT, generator(layers.Lambda(lambda x: keras.ops.sigmoid(x))))
    with pytest.warns(UserWarning, match=r"Activation\(.sigmoid.\)\.$"):
        check_image_range(UNIT, generator(layers.Activation("tanh")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_image_range(UNIT, generator(layers.Activation("sigmoid")))


@pytest.mark.parametrize(
    ("ending", "images", "message"),
    [
        ("tanh", GRAYS - 1, r"lie in \[-1, 0\], but are taken to be in \[-1, 1\]: the generator ends in.*tanh.*2 \* x \+ 1"),
        ("tanh", GRAYS - 0.5, r"\[-0.5, 0.5\].*2 \* x\."),
        ("tanh", UNIT / 127.5 - 1, "less than 1/8 of the range.*scaled twice"),
        ("sigmoid", UNIT / 255, r"are taken to be in \[0, 1\]: the generator ends in.*sigmoid.*scaled twice.*x / 255"),
    ],
)
def test_data_of_another_scale_are_warned_of(ending, images, message):
    with pytest.warns(UserWarning, match=message):
        check_image_range(images, generator(layers.Activation(ending)))


@pytest.mark.parametrize(
    "ending",
    [
        [layers.Activation("sigmoid"), layers.Rescaling(255.0)],
        [layers.Activation("tanh"), layers.Rescaling(127.5, 127.5)],
        [layers.Activation("sigmoid"), layers.Rescaling(65535.0)],
    ],
)
def test_a_generator_of_0_to_255_is_refused(ending):
    with pytest.raises(ValueError, match=r"makes values from 0 to (255|65535).*rescaling.*Leave out.*Rescaling\(255\)"):
        gan(*ending)


def test_generators_of_other_bounds_are_taken():
    gan(layers.ReLU(max_value=6.0))
    gan(layers.ReLU())


@pytest.mark.slow
def test_data_beyond_what_a_generator_can_make_are_warned_of():
    with pytest.warns(UserWarning, match=r"values from -1.5 to 1.5, and the generator makes none outside \[-1, 1\]"):
        gan(layers.Activation("tanh")).fit(3 * UNIT - 1.5, verbose=0)


@pytest.mark.slow
@pytest.mark.parametrize(("ending", "data"), [("sigmoid", UNIT), ("tanh", 2 * UNIT - 1)])
def test_pictures_and_metrics_of_both_ranges_are_the_same(ending, data, tmp_path):
    seen = []

    class Sees(keras.metrics.Mean):
        def update_state(self, real, generated):
            seen.append((float(keras.ops.min(real)), float(keras.ops.max(real)), float(keras.ops.min(generated))))

    made = gan(layers.Activation(ending), metrics=[Sees(name="sees")])
    made.generator.layers[0].set_weights([np.zeros((4, 64)), np.full(64, -50.0)])  # black
    grid = keras_gans.callbacks.SampleGrid(tmp_path, rows=2, columns=2, reals=data)
    made.fit(data, validation_data=(data, None), verbose=0, callbacks=[grid])
    for name in ("reals.png", "epoch_0000.png"):
        pixels = np.asarray(Image.open(tmp_path / name))
        assert pixels.min() == 0, name
    assert np.asarray(Image.open(tmp_path / "epoch_0000.png"))[:8, :8].max() == 0
    assert seen[0] == (-1.0, 1.0, pytest.approx(-1.0, abs=1e-4))


@pytest.mark.slow
def test_a_monitor_measures_in_the_range_that_it_promises():
    ranges = []

    def measure(images):
        ranges.append((float(images.min()), float(images.max())))
        return 1.0

    made = gan(layers.Activation("sigmoid"))
    made.generator.layers[0].set_weights([np.zeros((4, 64)), np.full(64, -50.0)])
    monitor = keras_gans.callbacks.ModeCollapseMonitor(num_samples=4, reals=UNIT, measure=measure)
    made.fit(UNIT, verbose=0, callbacks=[monitor])
    assert ranges[0] == (-1.0, 1.0)
    assert ranges[1] == (pytest.approx(-1.0, abs=1e-4), pytest.approx(-1.0, abs=1e-4))


def test_pictures_of_arrays_in_0_1(tmp_path):
    np.testing.assert_array_equal(keras_gans.utils.to_uint8(UNIT, image_range=(0, 1)), UNIT * 255)
    with pytest.warns(UserWarning, match=r"lie in \[0, 1\].*image_range=\(0, 1\)"):
        keras_gans.utils.to_uint8(UNIT)
    keras_gans.utils.save_images(tmp_path / "a.png", UNIT[:4], image_range=(0, 1))
    assert np.asarray(Image.open(tmp_path / "a.png")).min() == 0
    with pytest.raises(ValueError, match="NaN"):
        keras_gans.utils.to_uint8(np.full((1, 2, 2, 1), np.nan))
