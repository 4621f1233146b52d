"""Diversity in the logs, and one warning a collapse."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from keras_gans.callbacks.mode_collapse_monitor import ModeCollapseMonitor
from keras_gans.callbacks.mode_collapse_monitor import spread
from tests import tiny


def compiled(classes=None):
    gan = keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes))
    gan.compile(**tiny.sgd(), run_eagerly=True)
    return gan


def test_spread_is_the_distance_of_pairs():
    images = tiny.images(7).astype("float64")
    squares = [np.mean((images[i] - images[j]) ** 2) for i in range(7) for j in range(7) if i != j]
    assert spread(images) == pytest.approx(np.sqrt(np.mean(squares)), rel=1e-12)
    assert spread(np.float32([[0, 0], [3, 4]])) == pytest.approx(np.sqrt(25 / 2))
    assert spread(np.ones((5, 8, 8, 1))) == 0
    assert spread(np.stack([np.full((8, 8, 1), -1.0), np.full((8, 8, 1), 1.0)])) == 2


@pytest.mark.slow
def test_diversity_of_every_epoch_is_logged():
    gan, watch = compiled(), ModeCollapseMonitor(num_samples=10, seed=3)
    history = gan.fit(tiny.images(), epochs=3, batch_size=8, verbose=0, callbacks=[watch]).history
    assert len(history["diversity"]) == 3
    assert history["diversity"][-1] == pytest.approx(spread(gan.generate(10, seed=3)))
    assert [point["step"] for point in watch.history] == [2, 4, 6]
    gan, watch = compiled(), ModeCollapseMonitor(num_samples=10, every=2)
    gan.fit(tiny.images(), epochs=3, batch_size=8, verbose=0, callbacks=[watch])
    assert [point["step"] for point in watch.history] == [4]


@pytest.mark.slow
def test_every_so_many_steps():
    gan, watch = compiled(), ModeCollapseMonitor(num_samples=10, steps=3)
    history = gan.fit(tiny.images(), epochs=4, batch_size=8, verbose=0, callbacks=[watch]).history
    assert [point["step"] for point in watch.history] == [3, 6]
    assert history["diversity"] == [watch.history[index]["diversity"] for index in (0, 1, 1)]


@pytest.mark.slow
def test_training_is_the_same_with_and_without():
    runs = []
    for callbacks in ([], [ModeCollapseMonitor(steps=1)]):
        keras.backend.clear_session()
        keras.utils.set_random_seed(0)
        gan = compiled()
        gan.fit(tiny.images(), epochs=2, shuffle=False, verbose=0, callbacks=callbacks)
        runs.append(tiny.weights(gan))
    np.testing.assert_array_equal(*runs)


def looks(watch, values):
    """Warnings at each look, the measure giving these values."""
    values, messages = iter(values), []
    watch.measure = lambda images: next(values)
    watch.set_model(compiled())
    watch.on_train_begin()
    watch.on_epoch_begin(0)
    for batch in range(watch.count):
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            watch.on_train_batch_end(batch)
        messages.append([str(warning.message) for warning in warned])
    return messages


def test_conditions_that_are_missing_or_wrong_fail_before_training():
    for classes, message in ((None, r"conditional.*Pass ModeCollapseMonitor\(classes=n\)"), (tiny.CLASSES + 1, "classes 0 to 2")):
        gan = compiled(tiny.CLASSES)
        gan.classes = None if classes is None else gan.classes
        with pytest.raises(ValueError, match=message):
            gan.fit(tiny.images(), tiny.labels(), verbose=0, callbacks=[ModeCollapseMonitor(8, classes=classes)])
        assert int(gan.counters["generator"].numpy()) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "classes",
    [
        [{"kind": 0, "size": [0.5]}, {"kind": 2, "size": [1.0]}],
        {"kind": [0, 2], "size": [[0.5], [1.0]]},
    ],
    ids=["list", "dict"],
)
def test_several_conditions_take_turns(classes):
    def network(width, outputs):
        x, kind, size = keras.Input((width,)), keras.Input((), dtype="int32", name="kind"), keras.Input((1,), name="size")
        h = layers.Concatenate()([x, layers.Embedding(3, 4)(kind), size])
        return keras.Model([x, kind, size], layers.Dense(outputs)(h))

    gan = keras_gans.GAN(network(6, 4), network(4, 1))
    gan.compile(**tiny.sgd(), run_eagerly=True)
    watch = ModeCollapseMonitor(3, classes=classes)
    points = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
    condition = {"kind": np.arange(8) % 3, "size": np.ones((8, 1))}
    logs = gan.fit(points, condition, verbose=0, callbacks=[watch]).history
    expected = gan.generate(3, condition={"kind": [0, 2, 0], "size": [[0.5], [1.0], [0.5]]}, seed=0)
    assert logs["diversity"] == [pytest.approx(spread(expected), rel=1e-5)]


def watch_of(count, **arguments):
    watch = ModeCollapseMonitor(num_samples=2, steps=1, **arguments)
    watch.count = count
    return watch


def test_one_warning_a_collapse_with_the_step():
    messages = looks(watch_of(8), [1.0, 2.0, 1.1, 0.9, 0.5, 1.0, 0.7, 0.6])
    assert [len(each) for each in messages] == [0, 0, 0, 1, 0, 0, 1, 0]
    assert "by step 4: diversity is 0.9, less than 0.5 of the 2 that it had" in messages[3][0]
    assert "by step 7: diversity is 0.7" in messages[6][0]


def test_a_figure_that_is_no_number_is_a_collapse():
    messages = looks(watch_of(5), [1.0, np.nan, np.nan, 1.0, 0.4])
    assert [len(each) for each in messages] == [0, 1, 0, 0, 1]
    assert "by step 2: diversity is nan" in messages[1][0]
    assert "less than 0.5 of the 1 that it had" in messages[4][0]
    assert [len(each) for each in looks(watch_of(3), [np.nan, 1.0, 0.4])] == [1, 0, 1]


def test_a_generator_that_makes_nan():
    def fails(images):
        raise AssertionError("not asked of images that are no numbers")

    gan, watch = compiled(), ModeCollapseMonitor(4, measure=fails, classifier=brightness())
    gan.generator.set_weights([np.full_like(value, np.nan) for value in gan.generator.get_weights()])
    watch.set_model(gan)
    watch.on_train_begin()
    with pytest.warns(RuntimeWarning, match="step 0: .* is nan") as warned:
        watch.on_epoch_end(0, {})
    assert len(warned) == 2
    assert np.isnan([watch.history[0]["diversity"], watch.history[0]["modes"]]).all()


def reference(reals, activation="tanh", **arguments):
    """The diversity of real images that a monitor compares with, the generator ending in `activation`."""
    found = []

    def measure(images):
        found.append(spread(images))
        return found[-1]

    generator = keras.Sequential(
        [keras.Input((tiny.LATENTS,)), layers.Dense(64, activation), layers.Reshape(tiny.SHAPE, dtype="float32")]
    )
    gan = keras_gans.GAN(generator, tiny.discriminator())
    watch = ModeCollapseMonitor(16, reals=reals, measure=measure, **arguments)
    watch.set_model(gan)
    watch.on_train_begin()
    return found[0]


@pytest.mark.slow
def test_reals_of_every_range():
    whole = np.random.default_rng(0).integers(0, 256, (16, *tiny.SHAPE)).astype("uint8")
    truth = spread(whole / 127.5 - 1)
    for activation, scaled in (("tanh", whole / 127.5 - 1), ("sigmoid", whole / 255)):
        assert reference(whole, activation) == pytest.approx(truth, rel=1e-5)
        assert reference(scaled.astype("float32"), activation) == pytest.approx(truth, rel=1e-5)
        with pytest.raises(ValueError, match=r"values from 0 to 255. Scale images of 0..255: x / (127.5 - 1|255)\."):
            reference(whole.astype("float32"), activation)
        with pytest.raises(ValueError, match="`reals` must be finite"):
            reference(np.where(whole == whole.max(), np.nan, scaled), activation)
        with pytest.raises(ValueError, match="Received: dtype int64"):
            reference(whole.astype("int64"), activation)
    with pytest.raises(ValueError, match=r"floats in \[0, 1\].*values from -1 to 1. Scale images of \[-1, 1\]: \(x \+ 1\) / 2"):
        reference(whole / 127.5 - 1, "sigmoid")
    with pytest.warns(UserWarning, match=r"`reals` lie in \[0, 1\].* range over \[-1, 1\]"):
        reference(whole / 255)


def test_a_measure_that_fails_on_reals():
    with pytest.raises(ValueError, match="`measure` must return a finite number for `reals`. Received: diversity is nan"):
        looks(watch_of(1, reals=tiny.images(4)), [np.nan])


def test_against_real_images():
    messages = looks(watch_of(3, reals=tiny.images(4), threshold=0.25), [4.0, 0.9, 8.0, 1.0])  # the first is that of the reals
    assert [len(each) for each in messages] == [1, 0, 0]
    assert "by step 1: diversity is 0.9, less than 0.25 of the 4 of real images" in messages[0][0]


def brightness(classes=3):
    """A classifier of an image's mean."""
    x = keras.Input(tiny.SHAPE)
    mean = layers.GlobalAveragePooling2D()(x)
    return keras.Model(x, -((mean - keras.ops.linspace(-1.0, 1.0, classes)) ** 2))


def test_a_classifier_that_scales_its_input():
    classifier = keras.Sequential([keras.Input(tiny.SHAPE), layers.Rescaling(1 / 127.5, -1.0), brightness()])
    images = np.repeat(np.float32([-1, -0.9, 0, 0.1, 1.0]), 64).reshape(5, *tiny.SHAPE)
    assert ModeCollapseMonitor(classifier=classifier).figures(images)["modes"] == 3.0
    with pytest.warns(UserWarning, match="does not tell what black and white are.*keras.layers.Rescaling"):
        ModeCollapseMonitor(classifier=keras.Sequential([keras.Input(tiny.SHAPE), layers.Rescaling(3.0), brightness()]))


@pytest.mark.slow
def test_modes_that_a_classifier_sees():
    watch = ModeCollapseMonitor(classifier=brightness(), reals=tiny.images())
    images = np.repeat(np.float32([-1, -0.9, 0, 0.1]), 64).reshape(4, *tiny.SHAPE)
    assert watch.figures(images) == {"diversity": pytest.approx(spread(images)), "modes": 2.0}
    gan = compiled(tiny.CLASSES)
    reals = np.repeat(np.float32([-1, 0, 1]), 64).reshape(3, *tiny.SHAPE)
    watch = ModeCollapseMonitor(6, classifier=brightness(), reals=reals, classes=tiny.CLASSES, measure=lambda images: 1.0)
    with pytest.warns(RuntimeWarning, match="by step 2: modes is 1, less than 0.5 of the 3 of real images"):
        logs = gan.fit(tiny.images(), tiny.labels(), batch_size=8, verbose=0, callbacks=[watch]).history
    assert logs["modes"] == [1.0]
    np.testing.assert_array_equal(watch.condition, [0, 1, 2, 0, 1, 2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_samples": 1}, "`num_samples` must be an int >= 2"),
        ({"every": 0}, "`every` must be an int >= 1"),
        ({"steps": 0}, "`steps` must be an int >= 1"),
        ({"threshold": 1.5}, r"`threshold` must be in \(0, 1\)"),
        ({"reals": np.zeros((1, 8, 8, 1))}, "two images at least"),
        ({"classes": 0}, "`classes` must be an int >= 1"),
        ({"classes": 2.5}, "`classes` must be an int, a list"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        ModeCollapseMonitor(**arguments)


@pytest.mark.slow
def test_all_classes_of_the_gan_take_turns():
    gan = compiled(tiny.CLASSES)
    watch = ModeCollapseMonitor(4)
    logs = gan.fit(tiny.images(), tiny.labels(), verbose=0, callbacks=[watch]).history
    np.testing.assert_array_equal(watch.condition, [0, 1, 2, 0])
    expected = spread(gan.generate(4, condition=[0, 1, 2, 0], seed=0))
    assert logs["diversity"] == pytest.approx([expected], rel=1e-5)
