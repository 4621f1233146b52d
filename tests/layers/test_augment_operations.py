"""Each operation with numbers that are given, against what it says it does; and what is drawn."""

import numpy as np
import pytest
import scipy.linalg
import scipy.stats
import tensorflow as tf

from keras_gans.layers import augment_operations
from keras_gans.layers.affine_resampling import resample
from keras_gans.layers.augment_operations import STAGES
from keras_gans.layers.augment_operations import Drawing
from keras_gans.layers.augment_operations import augment
from keras_gans.layers.augment_operations import draw
from keras_gans.layers.band_filters import amplify_bands

X = np.random.default_rng(0).uniform(-1, 1, (60, 8, 8, 3)).astype("float32")
GRAY = np.repeat(X[..., :1], 3, axis=-1)
OPERATIONS = [operation for stage in STAGES for operation in stage.operations]
NAMES = list(dict.fromkeys(operation.name for operation in OPERATIONS))
MOVES, COLORS = NAMES[:7], NAMES[7:12]


def augmented(images, names, probability=1.0, seed=1):
    shares = dict.fromkeys(names.split(","), 1.0)
    return augment(tf.constant(images), shares, tf.constant(probability), tf.constant([0, seed])).numpy()


def given(name, *numbers):
    """What would be drawn: numbers of an operation, each an array for a batch, or a float for one image."""
    return Drawing(name, None, [tf.constant(np.ravel(each), tf.float32) for each in numbers])


def recolored(images, *drawn):
    return augment_operations.recolor(tf.constant(images), list(drawn), None).numpy()


def draws(name, count=20_000, probability=1.0):
    """Of many images, for each part of an operation: what happens, and its numbers."""
    operations = [operation for operation in OPERATIONS if operation.name == name]
    found = draw(operations, tf.constant(probability), count, tf.constant([0, 5]))
    return [(drawn.happens.numpy(), [numbers.numpy() for numbers in drawn.numbers]) for drawn in found]


def matrix(name, *numbers, size=(8, 16)):
    numbers = [tf.constant([float(number)]) for number in numbers]
    return augment_operations.MATRICES[name](size, *numbers).numpy()[0]


# What is drawn.


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_distributions(operation):
    ((_, numbers), *_) = draws(operation.name)
    assert len(numbers) == len(operation.uniform) + operation.normal > 0
    for k, each in enumerate(numbers):
        distribution = "uniform" if k < len(operation.uniform) else "norm"
        assert scipy.stats.kstest(each, distribution).pvalue > 1e-3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_each_happens_with_its_probability(name, probability):
    happens = [happens for happens, _ in draws(name, 4000, probability)]
    if name == "rotation":
        assert all(np.mean(each) == pytest.approx(1 - (1 - probability) ** 0.5, abs=0.03) for each in happens)
        happens = [happens[0] | happens[1]]
    for each in happens:
        assert np.mean(each) == pytest.approx(probability, abs=0.03)


@pytest.mark.parametrize("name", NAMES)
def test_where_it_does_not_happen_the_image_stays(name):
    for operation, (happens, numbers) in zip(
        [each for each in OPERATIONS if each.name == name], draws(name, 60, 0.4), strict=True
    ):
        for values, neutral in zip(numbers, (*operation.uniform, *[0.0] * operation.normal), strict=True):
            assert set(values[~happens]) == {np.float32(neutral)}
    happened = np.any([happens for happens, _ in draws(name, 60, 0.4)], axis=0)
    output = augmented(X, name, 0.4, seed=5)
    assert 10 < happened.sum() < 58
    np.testing.assert_array_equal(output[~happened], X[~happened])
    assert np.any(output[happened] != X[happened])


def test_operations_happen_independently():
    happens = [drawn.happens for drawn in draw(OPERATIONS, tf.constant(0.5), 20_000, tf.constant([0, 5]))]
    assert len(happens) == 19
    assert np.abs(np.corrcoef(np.array(happens, "float32")) - np.eye(19)).max() < 0.04


# Moves.


@pytest.mark.parametrize(
    ("name", "numbers", "expected"),
    [
        ("flip", (0.49,), np.eye(3)),
        ("flip", (0.51,), np.diag([-1, 1, 1])),
        ("quarter_turn", (0.24,), np.eye(3)),
        ("quarter_turn", (0.26,), [[0, -1, 0], [1, 0, 0], [0, 0, 1]]),
        ("quarter_turn", (0.51,), np.diag([-1, -1, 1])),
        ("quarter_turn", (0.99,), [[0, 1, 0], [-1, 0, 0], [0, 0, 1]]),
        ("shift", (0.9, 0.1), [[1, 0, 2], [0, 1, -1], [0, 0, 1]]),  # of 8x16: round(0.8) down, round(1.6) to the left
        ("scale", (5.0,), np.diag([0.5, 0.5, 1])),  # 2^(0.2 * 5) times as large
        ("rotation", (0.75,), [[0, -1, 0], [1, 0, 0], [0, 0, 1]]),
        ("rotation", (0.0,), np.diag([-1, -1, 1])),
        ("stretch", (5.0,), np.diag([0.5, 2, 1])),
        ("translation", (1.0, -0.5), [[1, 0, 1], [0, 1, -1], [0, 0, 1]]),
    ],
)
def test_moves_of_given_numbers(name, numbers, expected):
    np.testing.assert_allclose(matrix(name, *numbers), expected, atol=1e-6)


def test_shifts_are_up_to_an_eighth():
    (_, (down, right)), *_ = draws("shift")
    matrices = augment_operations.MATRICES["shift"]((8, 16), tf.constant(down), tf.constant(right)).numpy()
    assert set(matrices[:, 1, 2]) == {-1, 0, 1}
    assert set(matrices[:, 0, 2]) == {-2, -1, 0, 1, 2}


def test_moves_are_done_in_their_order():
    """First the flip, then the shift, then the zoom: the source of the last is found first."""
    numbers = {"flip": (0.9,), "shift": (0.9, 0.1), "scale": (2.0,)}
    drawn = [given(name, *each)._replace(happens=tf.constant([True])) for name, each in numbers.items()]
    together = augment_operations.move(tf.constant(X[:1]), drawn, None)
    flip, shift, zoom = (matrix(name, *each, size=(8, 8)) for name, each in numbers.items())
    once = resample(tf.constant(X[:1]), tf.constant((flip @ shift @ zoom)[None]))
    np.testing.assert_allclose(together, once, atol=1e-5)
    names = [operation.name for operation in augment_operations.MOVES]
    assert names == [*MOVES[:5], "stretch", "rotation", "translation"]


def test_a_flip_twice_is_the_identity():
    once = augmented(X, "flip")
    flipped = np.any(once != X, axis=(1, 2, 3))
    assert 15 < flipped.sum() < 45
    np.testing.assert_array_equal(once[flipped], X[flipped, :, ::-1])
    np.testing.assert_array_equal(augmented(once, "flip"), X)  # the same numbers again


def test_four_quarter_turns_are_the_identity_and_no_pixel_is_changed():
    x = X
    for _ in range(4):
        x = augmented(x, "quarter_turn")
    np.testing.assert_array_equal(x, X)
    output = augmented(X, "quarter_turn,shift,flip")
    assert all(np.isin(after, before).all() for after, before in zip(output, X, strict=True))


# Colors.


@pytest.mark.parametrize("name", ["hue", "saturation"])
def test_hue_and_saturation_leave_gray_images_alone(name):
    np.testing.assert_allclose(augmented(GRAY, name), GRAY, atol=1e-5)
    assert np.abs(augmented(X, name) - X).mean() > 0.1


def test_gray_images_stay_gray():
    output = augmented(GRAY, ",".join(COLORS))
    np.testing.assert_allclose(output, np.repeat(output[..., :1], 3, axis=-1), atol=1e-4)


def test_colors_are_changed_in_their_order():
    """All at once, as the published matrices `(4, 4)` of (red, green, blue, 1), one after the other."""
    count = len(X)
    generator = np.random.default_rng(1)
    normals, uniforms = generator.normal(size=(3, count)), generator.uniform(size=(2, count))
    v = np.array([1, 1, 1, 0]) / 3**0.5
    expected = []
    for k in range(count):
        brightness, contrast = np.eye(4), np.diag([*[2 ** (0.5 * normals[1, k])] * 3, 1])
        brightness[:3, 3] = 0.2 * normals[0, k]
        luma_flip = np.eye(4) - 2 * np.outer(v, v) * (uniforms[0, k] >= 0.5)
        axis, angle = v[:3], np.pi * (2 * uniforms[1, k] - 1)
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        hue = np.eye(4)
        hue[:3, :3] = scipy.linalg.expm(angle * cross)
        saturation = np.outer(v, v) + (np.eye(4) - np.outer(v, v)) * 2 ** normals[2, k]
        matrix = saturation @ hue @ luma_flip @ contrast @ brightness
        expected.append(X[k] @ matrix[:3, :3].T + matrix[:3, 3])
    numbers = (normals[0], normals[1], uniforms[0], uniforms[1], normals[2])
    output = recolored(X, *(given(name, each) for name, each in zip(COLORS, numbers, strict=True)))
    np.testing.assert_allclose(output, expected, atol=1e-4)


def test_brightness_and_contrast():
    amounts = np.linspace(-2, 2, len(X))
    brighter = recolored(X, given("brightness", amounts))
    np.testing.assert_allclose(brighter, X + 0.2 * amounts[:, None, None, None], atol=1e-6)
    stronger = recolored(X, given("contrast", amounts))
    np.testing.assert_allclose(stronger, X * 2 ** (0.5 * amounts[:, None, None, None]), atol=1e-5)


def test_a_luma_flip_turns_the_mean_and_keeps_the_color():
    flipped = recolored(X, given("luma_flip", [0.6] * len(X)))
    np.testing.assert_allclose(flipped, X - 2 * X.mean(-1, keepdims=True), atol=1e-6)
    np.testing.assert_allclose(recolored(flipped, given("luma_flip", [0.6] * len(X))), X, atol=1e-6)
    np.testing.assert_array_equal(recolored(X, given("luma_flip", [0.4] * len(X))), X)
    np.testing.assert_allclose(recolored(X[..., :1], given("luma_flip", [0.6] * len(X))), -X[..., :1], atol=1e-6)


def test_a_turn_of_the_hue():
    third = recolored(X, given("hue", [0.5 + 1 / 3] * len(X)))  # by 2 pi / 3: red to green to blue
    np.testing.assert_allclose(third, np.roll(X, 1, axis=-1), atol=1e-5)
    output = augmented(X, "hue")
    np.testing.assert_allclose(output.mean(-1), X.mean(-1), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(output, axis=-1), np.linalg.norm(X, axis=-1), atol=1e-5)


def test_saturation():
    mean = X.mean(-1, keepdims=True)
    np.testing.assert_allclose(recolored(X, given("saturation", [1.0] * len(X))), mean + 2 * (X - mean), atol=1e-5)


def test_one_channel_is_that_of_a_gray_image():
    names = "brightness,contrast,luma_flip"
    np.testing.assert_allclose(augmented(X[..., :1], names), augmented(GRAY, names)[..., :1], atol=1e-5)


# Bands, noise, cutout.


def test_a_band_is_amplified_and_a_spectrum_stays_as_loud():
    for band in range(4):
        numbers = [1.0 if k == band else 0.0 for k in range(4)]
        drawn = [given("bands", [number] * 60)._replace(happens=tf.constant([True] * 60)) for number in numbers]
        output = augment_operations.filter_bands(tf.constant(X), drawn, None)
        power = np.array([10, 1, 1, 1]) / 13
        gains = np.array([2.0 if k == band else 1.0 for k in range(4)])
        gains /= np.sqrt(power @ gains**2)
        expected = amplify_bands(tf.constant(X), tf.constant([gains] * 60, tf.float32))
        np.testing.assert_allclose(output, expected, atol=1e-5)


def test_noise():
    deviations = augmented(np.zeros((400, 32, 32, 3), "float32"), "noise").std(axis=(1, 2, 3))
    assert scipy.stats.kstest(deviations / 0.1, "halfnorm").pvalue > 1e-3
    noise = augmented(np.zeros((2, 8, 8, 3), "float32"), "noise")
    assert not np.allclose(noise[..., 0], noise[..., 1])
    assert not np.allclose(noise[0] / noise[0].std(), noise[1] / noise[1].std())


def test_cutout_is_half_the_height_and_half_the_width():
    output = augmented(np.ones((500, 16, 8, 3), "float32"), "cutout")[..., 0]
    rows, columns = (output == 0).any(2).sum(1), (output == 0).any(1).sum(1)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 8, 2, 4)
    np.testing.assert_array_equal((output == 0).sum((1, 2)), rows * columns)
    inside = (output[:, 0] == 1).all(-1) & (output[:, -1] == 1).all(-1)  # whose rectangle does not overhang
    assert set(rows[inside]) == {8}
