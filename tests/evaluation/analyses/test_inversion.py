"""Inversion of small generators, whose latents are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.evaluation.analyses.inversion import invert
from tests import tiny


def linear():
    z = keras.Input((3,))
    return keras.Model(z, layers.Reshape((4, 4, 1))(layers.Dense(16)(z)))


@pytest.mark.slow
def test_linear_generator():
    generator, z = linear(), np.float32([[0.5, -1.2, 0.3], [1.0, 0.1, -0.4]])
    images = generator(z).numpy()
    start = np.sum((generator(np.zeros((1, 3))).numpy() - images) ** 2, axis=(1, 2, 3))
    found = invert(generator, images, 3, steps=300)
    np.testing.assert_allclose(found.latents, z, atol=1e-3)
    assert (found.losses < 1e-6 * start).all()
    np.testing.assert_allclose(found.images, images, atol=1e-3)


@pytest.mark.slow
def test_the_weight_of_the_prior():
    generator, image = linear(), np.random.default_rng(0).normal(size=(1, 4, 4, 1)).astype("float32")
    matrix = generator.layers[1].kernel.numpy().T.astype("float64")  # images are matrix @ z
    expected = np.linalg.solve(matrix.T @ matrix + 0.5 * np.eye(3), matrix.T @ image.ravel())
    found = invert(generator, image, (3,), steps=300, prior_weight=0.5)
    np.testing.assert_allclose(found.latents[0], expected, atol=1e-3)
    objective = np.sum((matrix @ expected - image.ravel()) ** 2) + 0.5 * np.sum(expected**2)
    assert found.losses[0] == pytest.approx(objective, rel=1e-4)


@pytest.mark.slow
def test_hidden_layers_and_weights_that_stay():
    z = keras.Input((tiny.LATENTS,))
    x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(32)(z)))
    generator = keras.Model(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x)))
    before = [value.copy() for value in generator.get_weights()]
    images = generator(np.random.default_rng(1).normal(size=(3, tiny.LATENTS)), training=False).numpy()
    start = np.sum(images**2, axis=(1, 2, 3))
    found = invert(generator, images, tiny.LATENTS, steps=400)
    assert (found.losses < 1e-3 * start).all()
    for old, new in zip(before, generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.slow
def test_more_starts_are_not_worse():
    def bumpy(z):
        return tf.reshape(tf.sin(8 * z) + z, (-1, 1, 1, 2))

    images = bumpy(tf.constant([[0.4, -1.0], [1.5, 0.2]])).numpy()
    one = invert(bumpy, images, 2, steps=100, starts=1)
    many = invert(bumpy, images, 2, steps=100, starts=20)
    assert one.losses.max() > 0.1
    assert many.losses.max() < 1e-4


@pytest.mark.slow
def test_stochastic_clipping():
    def double(z):
        return tf.reshape(2 * z, (-1, 1, 1, 2))

    inside = invert(double, double(tf.constant([[0.8, -0.6]])).numpy(), 2, prior="uniform")
    np.testing.assert_allclose(inside.latents, [[0.8, -0.6]], atol=1e-2)
    # The nearest latent has a coordinate outside of the cube.
    outside = invert(double, np.float32([[[[3.0, 0.5]]]]), 2, prior="uniform")
    assert np.abs(outside.latents).max() <= 1.0
    assert outside.latents[0, 0] > 0.7
    free = invert(double, np.float32([[[[3.0, 0.5]]]]), 2)
    np.testing.assert_allclose(free.latents, [[1.5, 0.25]], atol=1e-3)


@pytest.mark.slow
def test_a_mask_leaves_pixels_out():
    generator, z = linear(), np.float32([[0.5, -1.2, 0.3]])
    image = generator(z).numpy()
    damaged, mask = image.copy(), np.ones((4, 4, 1), "float32")
    damaged[:, :2], mask[:2] = 1.0, 0.0
    np.testing.assert_allclose(invert(generator, damaged, 3, mask=mask).images, image, atol=1e-2)
    assert np.abs(invert(generator, damaged, 3).images - image).max() > 0.05


def test_an_initial_guess_and_a_condition():
    def generator(z):
        return tf.reshape(z**2 + tf.constant([1.0, 2.0])[:, None], (-1, 1, 1, 1))

    images = np.float32([5, 6]).reshape(2, 1, 1, 1)
    found = invert(generator, images, 1, initial=np.float32([[1.0], [-1.0]]), steps=300)
    np.testing.assert_allclose(found.latents, [[2.0], [-2.0]], atol=1e-2)


@pytest.mark.slow
def test_from_an_encoder():
    """The inverse of a linear generator is its pseudoinverse: exact, nothing is left to find; damaged, the search repairs it."""
    generator, z = linear(), np.float32([[0.5, -1.2, 0.3], [1.0, 0.1, -0.4]])
    images = generator(z).numpy()
    inverse = np.linalg.pinv(generator.layers[1].kernel.numpy())
    exact = images.reshape(2, -1) @ inverse
    np.testing.assert_allclose(exact, z, atol=1e-5)
    kept = invert(generator, images, 3, initial=exact, steps=5)
    np.testing.assert_allclose(kept.latents, z, atol=1e-5)
    assert kept.losses.max() < 1e-9
    guess = exact + np.float32([[0.2, -0.1, 0.1], [0.0, 0.3, 0.0]])
    start = np.sum((generator(guess).numpy() - images) ** 2, axis=(1, 2, 3))
    found = invert(generator, images, 3, initial=guess, steps=60, learning_rate=0.05)
    np.testing.assert_allclose(found.latents, z, atol=1e-2)
    assert (found.losses < 1e-3 * start).all()


def encoding_gan():
    """A linear generator, and an encoder that is wrong by half of what is to be found."""
    z, images = keras.Input((3,), name="latents"), keras.Input((4, 4, 1), name="images")
    generator = keras.Model(z, layers.Reshape((4, 4, 1))(layers.Dense(16, use_bias=False)(z)))
    matrix = np.eye(3, 16)
    generator.set_weights([matrix])
    encoder = keras.Model(images, layers.Dense(3, use_bias=False)(layers.Flatten()(images)))
    encoder.set_weights([0.5 * matrix.T])
    pair, code = keras.Input((4, 4, 1), name="images"), keras.Input((3,), name="latents")
    judge = keras.Model([pair, code], layers.Dense(1)(layers.Concatenate()([layers.Flatten()(pair), code])))
    return keras_gans.ALI(generator, encoder, judge)


@pytest.mark.slow
def test_the_analysis():
    images = np.zeros((3, 4, 4, 1), "float32")
    images[:, 0, 0, 0] = [-80 / 127.5, 40 / 127.5, 80 / 127.5]
    options = {"analyses": {"inversion": {"count": 2, "steps": 60, "starts": 2}}, "num_samples": 4, "progress": False}
    found = keras_gans.evaluation.evaluate(encoding_gan(), images, **options)
    assert (found.failed, found.skipped) == ({}, {})
    figures = found.analyses["inversion"].figures
    assert figures["l1_encoder"] == pytest.approx((40 + 20) / 2 / 16, abs=0.05)
    assert figures["l1_from_encoder"] < 0.1 < figures["l1_from_prior"] < figures["l1_encoder"]
    assert found.records[-1]["protocol"]["steps"] == 60
    without = keras_gans.evaluation.evaluate(encoding_gan(), None, **options)
    assert without.skipped == {"inversion": "There are no real images."}


@pytest.mark.slow
def test_the_analysis_holds_the_classes():
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
    labels = np.array([2, 0, 1])
    images, options = gan.generate(3, condition=labels, seed=0), {"num_samples": 4, "progress": False}
    found = keras_gans.evaluation.evaluate(gan, (images, labels), analyses={"inversion": {"starts": 2}}, **options)
    assert list(found.analyses["inversion"].figures) == ["l1_from_prior"]
    assert found.analyses["inversion"].figures["l1_from_prior"] < 10


@pytest.mark.slow
def test_the_same_seed_gives_the_same_result():
    generator, image = tiny.generator(), tiny.images(1)
    first, second, other = (invert(generator, image, tiny.LATENTS, steps=5, seed=seed).latents for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.allclose(first, other)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"prior": "cauchy"}, "`prior` must be one of"),
        ({"steps": 0}, "`steps` must be an int >= 1"),
        ({"initial": np.zeros((2, 3))}, "`initial` must have shape"),
        ({"images": np.zeros((1, 5, 5, 1))}, "Expected the generator to make images"),
        ({"images": np.zeros((0, 4, 4, 1))}, "`images` must be an array .* of at least one image"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        invert(**{"generator": linear(), "images": np.zeros((1, 4, 4, 1)), "latent_shape": 3, **arguments})


@pytest.mark.slow
def test_a_prior_of_the_library():
    generator = linear()
    image = generator(np.float32([[0.3, -0.2, 0.1]])).numpy()
    low = invert(generator, image, 3, prior=keras_gans.latents.Uniform(3, low=0.5, high=1.0), steps=50)
    assert low.latents.min() >= 0.5
    same = [invert(generator, image, 3, prior=prior, seed=1, steps=20) for prior in ("normal", keras_gans.latents.Normal(3))]
    np.testing.assert_array_equal(same[0].latents, same[1].latents)
    with pytest.raises(ValueError, match=r"Latents of shape \(3,\)"):
        invert(generator, image, 3, prior=keras_gans.latents.Normal(4))


def test_what_is_not_finite():
    with pytest.raises(ValueError, match="`images` must be finite. Received: 2 of 2 values"):
        invert(lambda z: z, np.full((1, 2), np.nan), 2, steps=1)
    with pytest.raises(ValueError, match="`initial` must be finite. Received: 1 of 4 values"):
        invert(lambda z: z, np.zeros((2, 2)), 2, steps=1, initial=np.float32([[0, 0], [np.nan, 0]]))
    with pytest.raises(ValueError, match="The objective of the best latents must be finite. Received: 1 of 2 values"):
        invert(lambda z: z * tf.constant(4 * [[1.0], [np.nan]]), np.zeros((2, 2)), 2, steps=1)
