import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import DiffAugment
from keras_gans.layers import diff_augment

X = np.random.default_rng(0).uniform(-1, 1, (40, 16, 8, 3)).astype("float32")


def factors(low, high):
    return np.linspace(low, high, len(X)).reshape(-1, 1, 1, 1).astype("float32")


def test_brightness_shifts_the_mean():
    amounts = factors(-0.5, 0.5)
    output = diff_augment.brighten(X, amounts)
    np.testing.assert_allclose(output - X, np.broadcast_to(amounts, X.shape), atol=1e-6)


def test_saturation_keeps_each_pixels_mean():
    output = diff_augment.saturate(X, factors(0, 2)).numpy()
    np.testing.assert_allclose(output.mean(-1), X.mean(-1), atol=1e-6)
    np.testing.assert_allclose(output[0], np.broadcast_to(X[0].mean(-1, keepdims=True), X[0].shape), atol=1e-6)
    np.testing.assert_allclose(output[-1].std(-1), 2 * X[-1].std(-1), atol=1e-5)


def test_contrast_keeps_the_images_mean():
    output = diff_augment.contrast(X, factors(0.5, 1.5)).numpy()
    np.testing.assert_allclose(output.mean((1, 2, 3)), X.mean((1, 2, 3)), atol=1e-6)
    np.testing.assert_allclose(output.std((1, 2, 3)), X.std((1, 2, 3)) * factors(0.5, 1.5)[:, 0, 0, 0], atol=1e-5)


def test_translation_is_a_shift_with_zeros():
    output = diff_augment.translate(tf.constant(X[:2]), tf.constant([[2, -1], [0, 3]])).numpy()
    expected = np.zeros_like(X[:2])
    expected[0, 2:, :-1] = X[0, :-2, 1:]
    expected[1, :, 3:] = X[1, :, :-3]
    np.testing.assert_array_equal(output, expected)


def test_cutout_is_a_square_that_may_overhang():
    output = diff_augment.rectangle_cut_out(tf.constant(X[:2]), tf.constant([[3, 2], [-4, 6]]), (8, 4)).numpy()
    expected = X[:2].copy()
    expected[0, 3:11, 2:6] = 0
    expected[1, :4, 6:] = 0
    np.testing.assert_array_equal(output, expected)


def shifts_of(output):
    """The shift that took X to `output`, image by image."""
    found = []
    for image, original in zip(output, X, strict=True):
        for down in range(-2, 3):
            for right in range(-1, 2):
                if np.array_equal(image, diff_augment.translate(original[None], tf.constant([[down, right]]))[0]):
                    found.append((down, right))
    return found


@pytest.mark.slow
def test_the_drawn_translations():
    shifts = shifts_of(DiffAugment("translation")(X, training=True).numpy())
    assert len(shifts) == len(X)
    assert {down for down, _ in shifts} == {-2, -1, 0, 1, 2}
    assert {right for _, right in shifts} == {-1, 0, 1}


def test_the_drawn_cutouts():
    output = DiffAugment("cutout")(np.ones((500, 16, 8, 1), "float32"), training=True).numpy()[..., 0]
    rows, columns = (output == 0).any(2).sum(1), (output == 0).any(1).sum(1)
    assert set(rows) == {4, 5, 6, 7, 8}
    assert set(columns) == {2, 3, 4}
    np.testing.assert_array_equal((output == 0).sum((1, 2)), rows * columns)


def test_the_drawn_colors():
    grey = np.zeros((500, 4, 4, 3), "float32")
    brightness = DiffAugment("color")(grey, training=True).numpy()
    np.testing.assert_allclose(brightness, np.broadcast_to(brightness[:, :1, :1, :1], grey.shape), atol=1e-6)
    shifts = brightness[:, 0, 0, 0]
    assert -0.5 <= shifts.min() < -0.48
    assert 0.48 < shifts.max() <= 0.5


@pytest.mark.parametrize("policy", ["color", "translation", "cutout", "color,translation,cutout"])
def test_every_policy_has_a_gradient(policy):
    layer, x = DiffAugment(policy), tf.constant(X)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x, training=True) ** 2)
        first = tape.gradient(total, x)
        norm = tf.reduce_sum(first**2)
    assert np.abs(first).sum() > 0
    assert np.abs(outer.gradient(norm, x)).sum() > 0


def test_each_image_and_each_call_has_its_own_numbers():
    layer = DiffAugment("color", seed=1)
    same = np.broadcast_to(X[:1], X.shape)
    first, second = layer(same, training=True).numpy(), layer(same, training=True).numpy()
    assert not np.allclose(first, second)
    assert not np.allclose(first[0], first[1])
    np.testing.assert_array_equal(DiffAugment("color", seed=1)(same, training=True), first)
    np.testing.assert_array_equal(layer(X), X)


def test_the_order_is_the_policys():
    layer = DiffAugment("cutout, color", seed=1)
    output = layer(np.zeros((50, 8, 8, 1), "float32"), training=True).numpy()
    assert (output.min((1, 2, 3)) == output.max((1, 2, 3))).all()  # cut zeros were brightened with the rest


def test_unknown_sizes_and_dtype():
    layer = DiffAugment(dtype="mixed_bfloat16")
    call = tf.function(lambda x: layer(x, training=True), input_signature=[tf.TensorSpec((None, None, None, 3))])
    assert call(X).shape == X.shape
    assert call(X).dtype == "bfloat16"


def test_errors():
    with pytest.raises(ValueError, match="`policy` must be names of"):
        DiffAugment("color,rotation")
    with pytest.raises(ValueError, match="takes images"):
        DiffAugment()(np.ones((2, 3)))
