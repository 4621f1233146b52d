"""Each operation with numbers that are given, against what it says it does; and what is drawn."""

import colorsys
import functools

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from keras_gans.layers import augment_operations
from keras_gans.layers.augment_operations import STAGES
from keras_gans.layers.augment_operations import augment

X = np.random.default_rng(0).uniform(-1, 1, (60, 8, 8, 3)).astype("float32")
GRAY = np.repeat(X[..., :1], 3, axis=-1)
OPERATIONS = {operation.name: operation for stage in STAGES for operation in stage.operations}
MATRICES = [name for name, operation in OPERATIONS.items() if operation in augment_operations.MOVES + augment_operations.COLORS]


def made(name, numbers, size=(8, 8)):
    """What an operation makes of numbers, each for one image."""
    operation, numbers = OPERATIONS[name], tf.constant(np.reshape(numbers, (len(numbers), -1)), tf.float32)
    uniform, normal = tf.split(numbers, [operation.uniforms, operation.normals], axis=1)
    return operation.make(uniform, normal, size).numpy()


def recolored(images, *values):
    """Images after some operations of colors, each `(batch, 4, 4)`."""
    drawn = [augment_operations.Drawn("", None, tf.constant(value)) for value in values]
    return augment_operations.recolor(tf.constant(images), drawn, None).numpy()


def augmented(images, names, probability=1.0, seed=1):
    names = set(names.split(","))
    return augment(tf.constant(images), names, tf.constant(probability), tf.constant([0, seed])).numpy()


@functools.cache
def draws(name, count=20_000, probability=1.0, size=(8, 16)):
    """What happens, and the values, of many images."""
    images, found = tf.zeros((count, *size, 3)), []
    stages = [stage._replace(apply=lambda images, drawn, seed: found.extend(drawn) or images) for stage in STAGES]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(augment_operations, "STAGES", stages)
        augment(images, {name}, tf.constant(probability), tf.constant([0, 5]))
    return [(drawn.happens.numpy(), drawn.value.numpy()) for drawn in found]


def assert_normal(values, deviation):
    assert scipy.stats.kstest(values / deviation, "norm").pvalue > 1e-3


def assert_uniform(values, low, high):
    assert scipy.stats.kstest((values - low) / (high - low), "uniform").pvalue > 1e-3


# Moves.


def test_flips_and_quarter_turns_of_given_numbers():
    np.testing.assert_array_equal(made("flip", [0.49, 0.51])[:, 0, 0], [1, -1])
    quarters = made("quarter_turn", [0.0, 0.26, 0.51, 0.76])
    np.testing.assert_allclose(quarters[:, 0, :2], [[1, 0], [0, -1], [-1, 0], [0, 1]], atol=1e-6)
    np.testing.assert_allclose(quarters[:, 1, :2], [[0, 1], [1, 0], [0, -1], [-1, 0]], atol=1e-6)


@pytest.mark.parametrize(
    ("name", "numbers", "expected"),
    [
        ("shift", (0.9, 0.1), [[1, 0, 2], [0, 1, -1], [0, 0, 1]]),  # of 8x16: round(0.8) down, round(1.6) to the left
        ("scale", (5.0,), [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 1]]),
        ("rotation", (0.75,), [[0, -1, 0], [1, 0, 0], [0, 0, 1]]),
        ("stretch", (5.0,), [[0.5, 0, 0], [0, 2, 0], [0, 0, 1]]),
        ("translation", (1.0, -0.5), [[1, 0, 1], [0, 1, -1], [0, 0, 1]]),
    ],
)
def test_moves_of_given_numbers(name, numbers, expected):
    np.testing.assert_allclose(made(name, [numbers], (8, 16))[0], expected, atol=1e-6)


def test_what_is_drawn_of_moves():
    shift = draws("shift")[0][1]
    assert set(shift[:, 1, 2]) == {-1, 0, 1}
    assert set(shift[:, 0, 2]) == {-2, -1, 0, 1, 2}
    assert_normal(np.log2(draws("scale")[0][1][:, 0, 0]), 0.2)
    assert_normal(np.log2(draws("stretch")[0][1][:, 0, 0]), 0.2)
    assert_normal(draws("translation")[0][1][:, 0, 2], 0.125 * 16)
    assert_normal(draws("translation")[0][1][:, 1, 2], 0.125 * 8)
    for _, turn in draws("rotation"):
        assert_uniform(np.arctan2(turn[:, 1, 0], turn[:, 0, 0]), -np.pi, np.pi)
    assert np.mean(draws("flip")[0][1][:, 0, 0]) == pytest.approx(0, abs=0.03)
    assert np.mean(draws("quarter_turn")[0][1][:, 0, 0] > 0.5) == pytest.approx(0.25, abs=0.02)


def test_moves_are_done_in_their_order():
    """First the flip, then the shift, then the zoom: the source of the last is found first."""
    flip, shift, zoom = made("flip", [0.9]), made("shift", [(0.9, 0.1)]), made("scale", [2.0])
    drawn = [
        augment_operations.Drawn(name, tf.constant([True]), tf.constant(m))
        for name, m in zip("abc", (flip, shift, zoom), strict=True)
    ]
    together = augment_operations.move(tf.constant(X[:1]), drawn, None)
    once = augment_operations.resample(tf.constant(X[:1]), tf.constant(flip @ shift @ zoom))
    np.testing.assert_allclose(together, once, atol=1e-5)


def test_a_flip_twice_is_the_identity():
    once = augmented(X, "flip")
    flipped = np.any(once != X, axis=(1, 2, 3))
    np.testing.assert_array_equal(once[flipped], X[flipped, :, ::-1])
    np.testing.assert_array_equal(augmented(once, "flip"), X)  # the same numbers again
    assert 15 < flipped.sum() < 45


def test_four_quarter_turns_and_shifts_are_exact():
    x = X
    for _ in range(4):
        x = augmented(x, "quarter_turn")
    np.testing.assert_array_equal(x, X)
    assert np.isin(augmented(X, "shift,flip"), X).all()


# Colors.


@pytest.mark.parametrize("name", ["hue", "saturation"])
def test_hue_and_saturation_leave_gray_images_alone(name):
    np.testing.assert_allclose(augmented(GRAY, name), GRAY, atol=1e-5)


@pytest.mark.parametrize("name", MATRICES[-5:])
def test_gray_images_stay_gray(name):
    output = augmented(GRAY, name)
    np.testing.assert_allclose(output, np.repeat(output[..., :1], 3, axis=-1), atol=1e-5)


def test_brightness_and_contrast_of_given_numbers():
    amounts, factors = np.linspace(-2, 2, len(X)), np.linspace(-2, 2, len(X))
    brighter = recolored(X, made("brightness", amounts))
    np.testing.assert_allclose(brighter, X + 0.2 * amounts[:, None, None, None], atol=1e-6)
    stronger = recolored(X, made("contrast", factors))
    np.testing.assert_allclose(stronger, X * 2 ** (0.5 * factors[:, None, None, None]), rtol=1e-5)
    both = recolored(X, made("brightness", amounts), made("contrast", factors))  # in this order
    np.testing.assert_allclose(both, brighter * 2 ** (0.5 * factors[:, None, None, None]), atol=1e-5)


def test_a_luma_flip_turns_the_mean_and_keeps_the_color():
    output = recolored(X, made("luma_flip", np.full(len(X), 0.6)))
    mean = X.mean(-1, keepdims=True)
    np.testing.assert_allclose(output, X - 2 * mean, atol=1e-6)
    np.testing.assert_allclose(recolored(output, made("luma_flip", np.full(len(X), 0.6))), X, atol=1e-6)
    np.testing.assert_allclose(recolored(X, made("luma_flip", np.full(len(X), 0.4))), X, atol=1e-6)


def test_a_turn_of_the_hue():
    third = recolored(X, made("hue", np.full(len(X), 0.5 + 1 / 3)))  # by 2 pi / 3: red to green to blue
    np.testing.assert_allclose(third, np.roll(X, 1, axis=-1), atol=1e-5)
    output = augmented(X, "hue")
    np.testing.assert_allclose(output.mean(-1), X.mean(-1), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(output, axis=-1), np.linalg.norm(X, axis=-1), atol=1e-5)
    red = np.array([[[[1.0, 0.5, 0.5]]]], "float32")
    sixth = recolored(red, made("hue", [0.5 + 1 / 6]))[0, 0, 0]
    assert colorsys.rgb_to_hsv(*sixth)[0] == pytest.approx(1 / 6, abs=1e-5)


def test_saturation_of_given_numbers():
    mean = X.mean(-1, keepdims=True)
    np.testing.assert_allclose(recolored(X, made("saturation", np.ones(len(X)))), mean + 2 * (X - mean), atol=1e-5)


def test_what_is_drawn_of_colors():
    assert_normal(draws("brightness")[0][1][:, 1, 3], 0.2)
    assert_normal(np.log2(draws("contrast")[0][1][:, 2, 2]), 0.5)
    luma = draws("luma_flip")[0][1][:, :3, :3].sum((1, 2)) / 3
    assert np.mean(luma) == pytest.approx(0, abs=0.03)
    turned = draws("hue")[0][1]
    sine, cosine = (turned[:, 1, 0] - turned[:, 0, 1]) * 3**0.5 / 2, (turned[:, 0, 0] - 1 / 3) * 1.5
    assert_uniform(np.arctan2(sine, cosine), -np.pi, np.pi)
    saturated = draws("saturation")[0][1]
    assert_normal(np.log2(saturated[:, 0, 0] - saturated[:, 0, 1]), 1.0)


def test_one_channel_is_that_of_a_gray_image():
    names = "brightness,contrast,luma_flip"
    np.testing.assert_allclose(augmented(X[..., :1], names), augmented(GRAY, names)[..., :1], atol=1e-5)
    np.testing.assert_allclose(recolored(X[..., :1], made("luma_flip", np.full(len(X), 0.6))), -X[..., :1], atol=1e-6)


# Bands, noise, cutout.


def test_bands_keep_the_power_of_a_spectrum():
    drawn = draws("bands")
    assert len(drawn) == 4
    for band, (_, gains) in enumerate(drawn):
        np.testing.assert_allclose(np.square(gains) @ np.array([10, 1, 1, 1]) / 13, 1, rtol=1e-5)
        others = np.delete(gains, band, axis=1)
        np.testing.assert_allclose(others, others[:, :1] * np.ones(3), rtol=1e-5)
        assert_normal(np.log2(gains[:, band] / others[:, 0]), 1.0)


def test_noise():
    deviations = augmented(np.zeros((400, 32, 32, 3), "float32"), "noise").std(axis=(1, 2, 3))
    assert scipy.stats.kstest(deviations / 0.1, "halfnorm").pvalue > 1e-3
    noise = augmented(np.zeros((2, 8, 8, 3), "float32"), "noise")
    assert not np.allclose(noise[..., 0], noise[..., 1])
    assert not np.allclose(noise[0] / noise[0].std(), noise[1] / noise[1].std())


def test_cutout_is_half_the_height_and_half_the_width():
    output = augmented(np.ones((500, 16, 8, 3), "float32"), "cutout")[..., 0]
    rows, columns = (output == 0).any(2).sum(1), (output == 0).any(1).sum(1)
    assert rows.max() == 8
    assert columns.max() == 4
    assert rows.min() >= 4
    assert columns.min() >= 2
    np.testing.assert_array_equal((output == 0).sum((1, 2)), rows * columns)
    inside = (output[:, 0] == 1).all(-1) & (output[:, -1] == 1).all(-1)  # whose rectangle does not overhang
    assert set(rows[inside]) == {8}


# With which probability.


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_each_happens_with_its_probability(name, probability):
    happens = [happens for happens, _ in draws(name, 4000, probability)]
    if name == "rotation":
        assert all(np.mean(each) == pytest.approx(1 - (1 - probability) ** 0.5, abs=0.03) for each in happens)
        happens = [happens[0] | happens[1]]
    for each in happens:
        assert np.mean(each) == pytest.approx(probability, abs=0.03)


@pytest.mark.parametrize("name", OPERATIONS)
def test_where_it_does_not_happen_the_image_stays(name):
    happened = np.any([happens for happens, _ in draws(name, 60, 0.4, (8, 8))], axis=0)
    output = augment(tf.constant(X), {name}, tf.constant(0.4), tf.constant([0, 5])).numpy()
    assert 10 < happened.sum() < 58
    np.testing.assert_array_equal(output[~happened], X[~happened])
    assert np.any(output[happened] != X[happened])


def test_operations_happen_independently():
    both = []
    stages = [stage._replace(apply=lambda images, drawn, seed: both.extend(drawn) or images) for stage in STAGES]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(augment_operations, "STAGES", stages)
        augment(tf.zeros((20_000, 8, 8, 3)), set(OPERATIONS), tf.constant(0.5), tf.constant([0, 5]))
    happens = np.array([drawn.happens for drawn in both], "float32")
    assert len(happens) == 19
    correlations = np.corrcoef(happens) - np.eye(len(happens))
    assert np.abs(correlations).max() < 0.04
