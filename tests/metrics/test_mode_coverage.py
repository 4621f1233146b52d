"""Mode coverage against values by hand, alone, compiled, and on two replicas."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.metrics import ModeCoverage

POINTS = np.float32([[2, 0], [2.01, 0.03], [1.4142, 1.4142], [0, 2.05], [0, 2.07], [0, 0], [-2, 0.005]])


def ring_coverage(**arguments):
    return ModeCoverage(keras_gans.data.ring_centers(), sigma=0.02, **arguments)


def results(metric):
    return {name: float(value) for name, value in metric.result().items()}


def nan(**values):
    return pytest.approx(values, abs=1e-6, nan_ok=True)


def test_points_on_the_ring():
    metric = ring_coverage(minimum=1)
    metric.update_state(None, POINTS)
    # 2, 1, 1 and 1 of eight modes
    kl = np.log(8) + 0.4 * np.log(0.4) + 0.6 * np.log(0.2)
    assert results(metric) == nan(modes=4.0, high_quality=5 / 7, reverse_kl=kl)


@pytest.mark.parametrize(("minimum", "modes"), [(None, 4), (1, 4), (2, 1), (3, 0), (1 / 7, 4), (0.15, 1)])
def test_minimum(minimum, modes):
    metric = ring_coverage(minimum=minimum)
    metric.update_state(POINTS, POINTS)
    assert results(metric)["modes"] == modes


def test_a_share_is_met_exactly():
    centers = np.arange(4.0)[:, None]
    metric = ModeCoverage(centers, sigma=0.1)
    samples = np.repeat(np.float32([0, 1, 2, 2.5]), [25, 24, 2000, 451])[:, None]
    for batch in np.array_split(samples, 7):
        metric.update_state(batch, batch)
    assert results(metric)["modes"] == 2
    assert results(metric)["high_quality"] == pytest.approx(2049 / 2500)


def test_the_threshold_is_strict():
    metric = ModeCoverage([[0.0, 0.0], [100.0, 0.0]], sigma=1.0, minimum=1)
    metric.update_state(None, np.float32([[3, 0], [2.999, 0], [97, 0]]))
    assert results(metric)["high_quality"] == pytest.approx(1 / 3)
    metric = ModeCoverage([[0.0, 0.0], [100.0, 0.0]], sigma=1.0, threshold=3.5, minimum=1)
    metric.update_state(None, np.float32([[3, 0], [2.999, 0], [97, 0]]))
    assert results(metric) == nan(modes=2.0, high_quality=1.0, reverse_kl=np.log(2) + 2 / 3 * np.log(2 / 3) - np.log(3) / 3)


def test_a_sigma_for_each_mode_is_a_mahalanobis_distance():
    metric = ModeCoverage([[0.0], [10.0]], sigma=[0.1, 3.0], minimum=1)
    metric.update_state(None, np.float32([[4.0]]))
    assert metric.counts.numpy().tolist() == [0, 1]


def repeated(counts):
    return np.repeat(np.arange(len(counts)), counts).astype("float32")[:, None]


@pytest.mark.parametrize(
    ("counts", "modes", "kl"),
    [([5, 3, 2, 0], 3, 0.3566413471), ([2] * 250 + [1] * 250 + [0] * 500, 500, 0.7497801929), ([4] * 4, 4, 0.0)],
)
def test_reverse_kl(counts, modes, kl):
    metric = ModeCoverage(np.arange(len(counts))[:, None], sigma=0.1, minimum=1)
    samples = repeated(counts)
    metric.update_state(samples, samples)
    assert results(metric) == pytest.approx({"modes": modes, "high_quality": 1.0, "reverse_kl": kl}, abs=2e-6)


def test_true_samples():
    metric = ring_coverage()
    metric.update_state(None, keras_gans.data.ring(50_000, seed=0))
    values = results(metric)
    assert values["modes"] == 8
    assert values["high_quality"] == pytest.approx(0.9888910035, abs=2e-3)
    assert values["reverse_kl"] < 1e-3


def test_nothing_seen_and_nothing_good():
    metric = ring_coverage()
    nothing = float("nan")
    assert results(metric) == nan(modes=nothing, high_quality=nothing, reverse_kl=nothing)
    metric.update_state(None, np.float32([[0, 0], [9, 2]]))
    assert results(metric) == nan(modes=0.0, high_quality=0.0, reverse_kl=nothing)
    metric.reset_state()
    assert np.isnan(results(metric)["modes"])


def brightness_classifier():
    """Reads the class k of three from an image of the constant brightness k."""
    x = keras.Input((4, 4, 1))
    mean = layers.GlobalAveragePooling2D()(x)
    return keras.Model(x, -((mean - keras.ops.arange(3, dtype="float32")) ** 2))


def test_classifier():
    metric = ModeCoverage(classifier=brightness_classifier())
    digits = np.float32([[0, 1, 2], [2, 0, 0], [2, 0, 0], [1, 1, 1]])
    metric.update_state(None, np.broadcast_to(digits[:, None, None], (4, 4, 4, 3)))
    assert metric.counts.shape == (27,)
    assert {int(mode): int(count) for mode, count in enumerate(metric.counts.numpy()) if count} == {5: 1, 18: 2, 13: 1}
    assert results(metric) == nan(modes=3.0, high_quality=1.0, reverse_kl=np.log(27) - 1.5 * np.log(2))


def test_a_classifier_that_scales_its_input():
    classifier = keras.Sequential([keras.Input((4, 4, 1)), layers.Rescaling(1 / 255), brightness_classifier()])
    metric = ModeCoverage(classifier=classifier)
    digits = np.float32([[-1, 1, 1], [-1, -1, 1]])  # of 0 and 1, after scaling
    metric.update_state(None, np.broadcast_to(digits[:, None, None], (2, 4, 4, 3)))
    assert {int(mode) for mode, count in enumerate(metric.counts.numpy()) if count} == {4, 1}
    with pytest.warns(UserWarning, match="does not tell what black and white are.*keras.layers.Rescaling"):
        ModeCoverage(classifier=keras.Sequential([keras.Input((4, 4, 1)), layers.Rescaling(3.0), brightness_classifier()]))


def test_classifier_of_two_channels():
    metric = ModeCoverage(classifier=brightness_classifier(), modes=9)
    metric.update_state(None, tf.ones((5, 4, 4, 2)))
    assert metric.counts.numpy().tolist() == [0] * 4 + [5] + [0] * 4


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_in_a_function(jit_compile):
    metric = ring_coverage(minimum=1)

    @tf.function(jit_compile=jit_compile)
    def step(points):
        metric.update_state(points, points)
        return metric.result()

    values = step(tf.constant(POINTS))
    assert float(values["modes"]) == 4
    assert float(step(tf.constant(POINTS))["high_quality"]) == pytest.approx(5 / 7)
    assert float(metric.total.value) == 14


def gan(strategy=None):
    z, x = keras.Input((2,)), keras.Input((2,))
    return keras_gans.GAN(
        keras.Model(z, layers.Dense(2, kernel_initializer="identity")(z)), keras.Model(x, layers.Dense(1)(x)), latents=2
    )


@pytest.mark.slow
def test_in_a_gan():
    model = gan()
    model.compile(metrics=[ModeCoverage([[0.0, 0.0]], sigma=1.0)])
    x = keras_gans.data.ring(500, seed=0)
    history = model.fit(x, validation_data=x, batch_size=100, verbose=0).history
    assert history["val_modes"] == [1.0]
    assert history["val_high_quality"][0] == pytest.approx(1 - np.exp(-4.5), abs=0.02)
    assert history["val_reverse_kl"] == [0.0]
    assert model.evaluate(x, return_dict=True, verbose=0)["modes"] == 1.0


def test_replicas_are_summed(strategy):
    with strategy.scope():
        metric = ring_coverage(minimum=1)
    points = tf.data.Dataset.from_tensor_slices(np.concatenate([POINTS, POINTS[:1]])).batch(8)

    @tf.function
    def step(batch):
        strategy.run(metric.update_state, args=(batch, batch))

    for batch in strategy.experimental_distribute_dataset(points):
        step(batch)
    values = {name: float(value) for name, value in metric.result().items()}
    assert values["modes"] == 4
    assert values["high_quality"] == pytest.approx(6 / 8)

    with strategy.scope():
        model = gan()
        model.compile(metrics=[ModeCoverage([[0.0, 0.0]], sigma=1.0)])
    logs = model.evaluate(keras_gans.data.ring(400, seed=0), batch_size=100, return_dict=True, verbose=0)
    assert logs["modes"] == 1.0
    assert logs["high_quality"] == pytest.approx(1 - np.exp(-4.5), abs=0.02)


def test_names_and_protocol():
    arguments = {"centers": keras_gans.data.ring_centers(), "sigma": 0.02}
    metric, other = ModeCoverage(**arguments, name="near"), ModeCoverage(**{**arguments, "sigma": 0.03})
    metric.update_state(None, keras_gans.data.ring_centers())
    assert {name: float(value) for name, value in metric.result().items()} == {
        "near_modes": 8.0,
        "near_high_quality": 1.0,
        "near_reverse_kl": 0.0,
    }
    assert metric.protocol["samples"] == {"generated": 8}
    assert (metric.protocol["modes"], metric.protocol["minimum"], metric.protocol["threshold"]) == (8, 0.01, 3.0)
    assert metric.protocol["mixture"] != other.protocol["mixture"]


def test_samples_that_are_no_numbers():
    metric = ModeCoverage([[0.0]], sigma=1.0)
    for broken in (np.nan, np.inf):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?s)points must be finite.*many:.*1\D+2"):
            metric.update_state(None, np.float32([[broken], [0.5]]))
    assert np.isnan(metric.result()["modes"])  # nothing of it was counted
    with pytest.raises(ValueError, match="as floats. Received: dtype uint8"):
        metric.update_state(None, np.uint8([[1]]))


def test_configuration():
    metric = ModeCoverage(keras_gans.data.grid_centers(), sigma=0.05, minimum=3, name="coverage")
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    np.testing.assert_array_equal(copy.centers, metric.centers)
    assert (copy.name, copy.minimum, copy.modes) == ("coverage", 3, 25)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "either `centers` and `sigma`"),
        ({"centers": [[0.0]]}, "either `centers` and `sigma`"),
        ({"centers": [[0.0]], "sigma": 1.0, "classifier": 1}, "either `centers` and `sigma`"),
        ({"centers": [0.0], "sigma": 1.0}, r"array \(modes, dimensions\)"),
        ({"centers": [[0.0]], "sigma": 0.0}, "`sigma` must be a positive float"),
        ({"centers": [[0.0]], "sigma": [1.0, 2.0]}, "for each of 1 centers"),
        ({"centers": [[0.0]], "sigma": 1.0, "modes": 2}, "Leave it out"),
        ({"centers": [[0.0]], "sigma": 1.0, "threshold": 0}, "`threshold` must be positive"),
        ({"centers": [[0.0]], "sigma": 1.0, "minimum": 0}, "int >= 1"),
        ({"centers": [[0.0]], "sigma": 1.0, "minimum": 1.0}, "int >= 1"),
        ({"centers": [[0.0]], "sigma": 1.0, "minimum": True}, "int >= 1"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        ModeCoverage(**arguments)


def test_samples_that_do_not_fit():
    with pytest.raises(ValueError, match=r"Expected: \(batch, 2\)"):
        ring_coverage().update_state(None, np.zeros((4, 3), "float32"))
    with pytest.raises(ValueError, match="Pass modes=9"):
        ModeCoverage(classifier=brightness_classifier()).update_state(None, np.zeros((4, 4, 4, 2), "float32"))
