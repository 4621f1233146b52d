"""Principal directions of generators whose singular vectors are known."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from keras_gans.evaluation import generator_directions
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import principal_directions
from keras_gans.latents import Normal
from keras_gans.latents import Uniform
from tests import tiny

# W = U diag(5, 3, 1) V^T; a direction is a column of V, its largest entry positive.
SINGULAR = np.float64([5, 3, 1])


def orthogonal(rows, columns, seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(rows, columns)))[0]


RIGHT = orthogonal(3, 3, seed=1)
RIGHT = RIGHT * np.sign(RIGHT[np.argmax(np.abs(RIGHT), axis=0), np.arange(3)])
MATRIX = orthogonal(20, 3, seed=2) @ np.diag(SINGULAR) @ RIGHT.T


def isotropic(count, seed=0):
    """Latents (count, 3) whose mean is 0 and whose covariance is the identity, exactly."""
    centred = np.random.default_rng(seed).normal(size=(count, 4))
    centred[:, 0] = 1.0
    return np.linalg.qr(centred)[0][:, 1:] * np.sqrt(count)


@pytest.mark.parametrize("count", [200, 12])  # more latents than features, and fewer
def test_a_linear_layer_has_the_right_singular_vectors_in_order(count):
    latents = isotropic(count)
    found = principal_directions(latents @ MATRIX.T + 7.0, latents)
    np.testing.assert_allclose(found.directions, RIGHT.T, atol=1e-6)
    np.testing.assert_allclose(found.explained, SINGULAR**2 / 35, rtol=1e-6)
    np.testing.assert_allclose(found.scales, 1.0, rtol=1e-6)


def test_they_are_those_of_the_closed_form():
    """SeFa: eigenvectors of W^T W, here of random latents."""
    latents = np.random.default_rng(0).normal(size=(4000, 3))
    found = principal_directions(latents @ MATRIX.T, latents)
    values, vectors = np.linalg.eigh(MATRIX.T @ MATRIX)
    cosines = np.abs(np.sum(found.directions * vectors[:, ::-1].T, axis=1))
    assert (cosines > 0.998).all()
    np.testing.assert_allclose(found.explained, values[::-1] / values.sum(), atol=0.02)


def test_the_scale_is_the_deviation_of_the_latents_along_a_direction():
    latents = isotropic(100) * [4.0, 2.0, 1.0]
    found = principal_directions(latents * [1.0, 1.0, 0.1], latents)
    np.testing.assert_allclose(found.directions, np.eye(3), atol=1e-6)
    np.testing.assert_allclose(found.scales, [4.0, 2.0, 1.0], rtol=1e-6)


def test_shapes_types_and_count():
    latents = isotropic(50)
    found = principal_directions((latents @ MATRIX.T).reshape(50, 2, 5, 2), latents.reshape(50, 3, 1), count=2)
    assert found.directions.shape == (2, 3, 1)
    assert found.directions.dtype == found.scales.dtype == found.explained.dtype == np.float32
    assert len(found.scales) == len(found.explained) == 2
    assert len(principal_directions(latents[:, :2], latents).scales) == 2  # there are no more


def test_moved_latents():
    latents = isotropic(50)
    found = principal_directions(latents @ MATRIX.T, latents)
    moved = found.move(np.zeros((4, 3), "float32"), [0.0, 2.0])
    np.testing.assert_allclose(moved, np.tile(2.0 * found.scales[1] * found.directions[1], (4, 1)), rtol=1e-6)
    assert moved.dtype == np.float32
    with pytest.raises(ValueError, match="at most 3 numbers.*Received: 4"):
        found.move(latents, [1.0, 2.0, 3.0, 4.0])


@pytest.mark.parametrize(
    "features, latents, message",
    [
        (np.zeros((5, 2)), np.zeros((4, 3)), "one row for each"),
        (np.zeros((1, 2)), np.zeros((1, 3)), "at least 2"),
        (np.ones((5, 2)), np.arange(15.0).reshape(5, 3), "do not vary"),
        (np.full((5, 2), np.nan), np.arange(15.0).reshape(5, 3), "must be finite"),
    ],
)
def test_errors(features, latents, message):
    with pytest.raises(ValueError, match=message):
        principal_directions(features, latents)


def gan_of(network, latents=None):
    return keras_gans.GAN(network, tiny.discriminator(), latents=latents)


def linear_generator(hidden=20):
    """The first layer is MATRIX; the image shows something else."""
    z = keras.Input((3,), name="latents")
    first = layers.Dense(hidden, name="first")
    x = layers.Dense(64, "tanh")(layers.ReLU()(first(z)))
    network = keras.Model(z, layers.Reshape(tiny.SHAPE)(x))
    first.set_weights([MATRIX.T.astype("float32"), np.full(20, 5.0, "float32")])
    return network


def test_of_the_first_layer_of_a_gan():
    found = generator_directions(load_generator(gan_of(linear_generator())), num_samples=1500)
    assert (np.sum(found.directions * RIGHT.T, axis=1) > 0.995).all()
    np.testing.assert_allclose(found.explained, SINGULAR**2 / 35, atol=0.03)
    assert found.source == "first"


def test_a_first_layer_that_a_part_of_the_latents_reaches_is_passed_over():
    z = keras.Input((4,), name="latents")
    a, b = layers.Lambda(lambda x: x[:, :2])(z), layers.Lambda(lambda x: x[:, 2:])(z)
    x = layers.Dense(5, name="of_half")(a)
    x = layers.Dense(64, name="of_all")(layers.Concatenate()([x, b]))
    network = keras.Model(z, layers.Reshape(tiny.SHAPE)(x))
    assert generator_directions(load_generator(gan_of(network)), num_samples=50).source == "of_all"


def test_of_a_conditional_generator():
    adapter = load_generator(keras_gans.ConditionalGAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES)))
    found = generator_directions(adapter, condition=1, count=4, num_samples=50)
    assert found.directions.shape == (4, tiny.LATENTS)
    with pytest.raises(ValueError, match="conditional"):
        generator_directions(adapter, num_samples=50)


def test_uniform_latents_stay_in_their_cube():
    adapter = load_generator(gan_of(tiny.generator(), Uniform(tiny.LATENTS)))
    moved = generator_directions(adapter, num_samples=50).move(adapter.draw_latents(3, 0), [9.0])
    assert np.abs(moved).max() == 1.0


@pytest.mark.slow
def test_of_the_images_of_an_export(tmp_path):
    """Its layers are not to be seen: the images of a linear generator have the directions of its matrix."""
    z = keras.Input((3,), name="latents")
    dense = layers.Dense(64)
    network = keras.Model(z, layers.Reshape(tiny.SHAPE)(dense(z)))
    matrix = np.concatenate([MATRIX, np.zeros((44, 3))])
    dense.set_weights([matrix.T.astype("float32"), np.zeros(64, "float32")])
    keras_gans.GAN(network, tiny.discriminator(), latents=Normal(3)).export(tmp_path / "1")
    found = generator_directions(load_generator(tmp_path / "1"), num_samples=1500)
    assert (np.sum(found.directions * RIGHT.T, axis=1) > 0.995).all()
    assert found.source == "images"


@pytest.mark.slow
def test_of_a_network_in_a_network():
    """Its layers are not of the outer graph: the images serve, made smaller."""
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(20), layers.Reshape((4, 5, 1)), layers.UpSampling2D(8)])
    inner.set_weights([MATRIX.T.astype("float32"), np.zeros(20, "float32")])
    z = keras.Input((3,), name="latents")
    gan = keras_gans.GAN(keras.Model(z, inner(z)), tiny.discriminator(shape=(32, 40, 1)), latents=Normal(3))
    found = generator_directions(load_generator(gan), num_samples=500)
    assert found.directions.shape == (3, 3)
    assert found.source == "images"


def test_the_same_seed_gives_the_same_directions():
    adapter = load_generator(gan_of(tiny.generator()))
    first, again = (generator_directions(adapter, num_samples=50, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.directions, again.directions)


def test_errors_of_a_generator():
    class Noise(keras_gans.evaluation.GeneratorAdapter):
        pass

    with pytest.raises(ValueError, match="takes no latents"):
        generator_directions(Noise("noise"))
