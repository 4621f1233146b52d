"""StyleGAN2: the recipe, the regularization of path lengths, and what is done with styles."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import networks
from keras_gans import penalties
from keras_gans.layers import NoiseInjection
from keras_gans.utils.private_keras import all_layers
from tests import tiny

pytestmark = pytest.mark.slow

SHAPE = (8, 8, 1)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (8, *SHAPE)).astype("float32")


def stylegan2(classes=None, method="inputs", judge=None, **arguments):
    keras.utils.set_random_seed(0)
    network, small = networks.stylegan2, {"image_shape": SHAPE, "base_filters": 64, "max_filters": 4, "classes": classes}
    generator = network.generator(**small, latents=4, mapping_layers=1, style_width=3, method=method)
    for layer in all_layers(generator):
        if isinstance(layer, NoiseInjection):
            layer.strength.assign(0.3)
    return keras_gans.StyleGAN2(generator, judge() if judge else network.discriminator(**small), **arguments)


@pytest.fixture(scope="module")
def trained():
    """After three rounds of 4 images, the losses of each in the history."""
    gan = stylegan2()
    gan.compile(run_eagerly=True)  # graphs, which take long to trace, are tried in the conformance tests
    start = [variable.numpy() for variable in gan.trainable_variables]
    history = gan.fit(IMAGES[:4], batch_size=4, epochs=3, verbose=0).history
    return gan, start, history


@pytest.fixture
def waves(monkeypatch):
    """XLA draws other numbers from the same seed; here all numbers are these, other ones for each example."""

    def wave(shape, seed):
        return tf.reshape(0.5 + 0.5 * tf.sin(0.7 + tf.range(tf.reduce_prod(shape), dtype="float32")), shape)

    for name in ("normal", "uniform", "truncated_normal"):
        monkeypatch.setattr(keras_gans.utils.random, name, wave)


def test_kernels_of_each_example_learn_in_xla_what_scaled_inputs_do(waves):
    """The inputs are scaled in eager mode; layers of both methods are compared under XLA in the tests of the layer."""
    histories, weights = [], []
    for method in ("inputs", "kernels"):
        gan = stylegan2(method=method, judge=tiny.discriminator)
        gan.compile(
            **tiny.sgd(0.1), penalties=[penalties.PathLength()], run_eagerly=method == "inputs", jit_compile=method == "kernels"
        )
        start = gan.get_weights()
        histories.append(gan.fit(IMAGES[:4], batch_size=4, verbose=0, shuffle=False).history)
        weights.append([after - before for before, after in zip(start, gan.get_weights(), strict=True)])
    assert histories[0]["g_path_length"][0] > 0
    for name, values in histories[0].items():
        np.testing.assert_allclose(histories[1][name], values, rtol=1e-4, atol=1e-5, err_msg=name)
    for variable, one, other in zip(gan.weights, *weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5, err_msg=variable.path)


@pytest.mark.parametrize(("configuration", "gamma"), [("F", 10.0), ("E", 100.0)])
def test_the_recipe(configuration, gamma):
    recipe = stylegan2(configuration=configuration).recipe()
    discriminator, generator = recipe["discriminator_optimizer"], recipe["generator_optimizer"]
    assert float(discriminator.learning_rate) == pytest.approx(0.00188235, rel=1e-5)
    assert discriminator.beta_2 == pytest.approx(0.99058546, rel=1e-8)
    assert float(generator.learning_rate) == pytest.approx(0.0016)
    assert generator.beta_2 == pytest.approx(0.99199197, rel=1e-8)
    assert {optimizer.beta_1 for optimizer in (discriminator, generator)} == {0.0}
    r1, lengths = recipe["penalties"]
    assert (type(r1), r1.weight, r1.every) == (penalties.R1, gamma, 16)
    assert (type(lengths), lengths.weight, lengths.every, lengths.decay, lengths.shrink) == (
        penalties.PathLength,
        2.0,
        4,
        0.01,
        2,
    )
    assert recipe["loss"] == "non_saturating" and recipe["update_rule"] == "alternating"


def test_the_smallest_images_have_one_map_of_noise():
    network, small = networks.stylegan2, {"image_shape": (4, 4, 1), "base_filters": 16, "max_filters": 4}
    gan = keras_gans.StyleGAN2(
        network.generator(**small, latents=4, mapping_layers=1, style_width=3), network.discriminator(**small)
    )
    assert gan.generate(2, seed=0).shape == (2, 4, 4, 1)


def test_defaults():
    gan = stylegan2()
    assert gan.mixing_probability == 0.9
    assert gan.ema.decay == pytest.approx(0.99778439)
    assert gan.configuration == "F"


def test_everything_that_trains_moves(trained):
    gan, start, history = trained
    still = [v.path for v, before in zip(gan.trainable_variables, start, strict=True) if np.array_equal(v, before)]
    assert not still
    assert np.abs(gan.generator.get_layer("styles").average).max() > 0


def test_the_terms_are_lazy(trained):
    gan, _, history = trained
    assert [value > 0 for value in history["d_r1"]] == [True, False, False]
    assert [value > 0 for value in history["g_path_length"]] == [True, False, False]
    lengths = gan.penalties["path_length"]
    assert float(lengths.average) == pytest.approx(0.01 * float(lengths.latest)) and float(lengths.latest) > 0


def test_the_length_is_that_of_the_jacobian(trained):
    """||J^T y|| against differences of images, with the noise and the directions of the term."""
    gan, *_ = trained
    minibatch = gan.draw(tf.constant(IMAGES[:2]), None, tf.constant([1, 2]), training=False)
    styles = minibatch.outputs["styles"].numpy()[:1].astype("float64")
    y = tf.random.stateless_normal((1, *SHAPE), minibatch.seed_for("path_length")) / np.sqrt(SHAPE[0] * SHAPE[1])
    gradient = np.zeros_like(styles)
    for index in np.ndindex(*styles.shape):
        step = np.zeros_like(styles)
        step[index] = 1e-3
        up, down = (minibatch.synthesize(tf.constant(styles + sign * step, "float32")).numpy() for sign in (1, -1))
        gradient[index] = np.sum((up.astype("float64") - down) * y) / 2e-3
    expected = np.sqrt(np.mean(np.sum(gradient**2, axis=-1), axis=-1))
    np.testing.assert_allclose(gan.penalties["path_length"].lengths(minibatch), expected, rtol=1e-2)


def test_styles(trained):
    gan, *_ = trained
    latents = gan.latents.sample(3, seed=(0, 1))
    styles = gan.map(latents)
    assert styles.shape == (3, 4, 3)
    np.testing.assert_allclose(gan.synthesize(styles, noise="fixed"), gan.generate(latents=latents), atol=1e-6)
    average = gan.sampler.get_layer("styles").average.numpy()
    np.testing.assert_allclose(gan.map(latents, truncation=0.0), np.broadcast_to(average, styles.shape), atol=1e-6)
    assert gan.mix([1, 2], [3], "coarse").shape == (2, 1, *SHAPE)


def test_noise_follows_the_seed(trained):
    gan, *_ = trained
    one, same, other = (gan.generate(2, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1e-3
    styles = gan.map(gan.latents.sample(1, seed=(0, 1)))
    first, second = (gan.synthesize(styles, seed=seed) for seed in (1, 2))
    assert np.abs(first - second).max() > 1e-3


def test_training_goes_on_to_the_bit(tmp_path, trained):
    gan, *_ = trained
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert float(loaded.penalties["path_length"].average) == float(gan.penalties["path_length"].average)
    for each in (gan, loaded):
        each.fit(IMAGES[:4], batch_size=4, epochs=2, verbose=0, shuffle=False)
    for one, other in zip(gan.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)


def test_labels():
    gan = stylegan2(classes=3)
    gan.compile(run_eagerly=True)
    gan.fit(IMAGES, np.arange(8) % 3, batch_size=8, verbose=0)
    one, other = (gan.generate(1, condition=condition, latents=np.ones((1, 4))) for condition in (0, 2))
    assert np.abs(one - other).max() > 1e-4


@pytest.mark.parametrize(
    ("arguments", "message"), [({"configuration": "D"}, "configuration"), ({"mixing_probability": 1.5}, "mixing_probability")]
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=f"`{message}` must be.*Received"):
        stylegan2(**arguments)


def test_a_generator_without_styles():
    with pytest.raises(ValueError, match="must have styles.*Received"):
        keras_gans.StyleGAN2(networks.dcgan.generator((28, 28, 1)), networks.dcgan.discriminator((28, 28, 1)))
