"""The moving average of the generator, and who uses it."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny


def averaged(values, **arguments):
    """The average after the weight of a one-weight network took `values`, from the first on."""
    z = keras.Input((1,))
    network = keras.Model(z, keras.layers.Dense(1, use_bias=False)(z))
    network.set_weights([np.array([[values[0]]])])
    average = keras.models.clone_model(network)
    average.set_weights(network.get_weights())
    ema = keras_gans.EMA(**arguments)
    for step, value in enumerate(values[1:]):
        network.set_weights([np.array([[value]])])
        ema.update(average, network, tf.constant(step, tf.int64))
    return float(average.get_weights()[0][0, 0])


def test_values():
    assert averaged([1.0, 2.0, 3.0], decay=0.9) == pytest.approx(1.29)
    assert averaged([1.0, 2.0, 3.0], decay=0.0) == 3.0
    assert averaged([1.0, 2.0, 3.0], decay=1.0) == 1.0
    assert averaged([1.0, 2.0, 3.0], decay=0.9, start=1) == pytest.approx(0.9 * 2 + 0.1 * 3)
    assert averaged([1.0, 2.0, 3.0], decay=0.9, start=5) == 3.0


def test_a_decay_may_be_a_schedule():
    schedule = keras_gans.schedules.Cosine(0.0, 0.5, stop=2)  # 0, 0.25, 0.5
    assert averaged([1.0, 2.0, 3.0, 4.0], decay=schedule) == pytest.approx((2 * 0.25 + 3 * 0.75) * 0.5 + 4 * 0.5)
    assert averaged([1.0, 2.0, 3.0, 4.0], decay=schedule, start=2) == pytest.approx(3 * 0.5 + 4 * 0.5)  # of all updates
    ramp = keras_gans.EMA(keras_gans.schedules.HalfLife(100, batch_size=10), ramp_up=True)
    for updates, expected in ((0, 0.1), (10, 0.55), (1000, 0.5**0.1)):
        assert float(ramp.decay_at(tf.constant(updates, tf.int64))) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("n", "decay"), [(0, 0.1), (1, 0.181818), (10, 0.55), (100, 0.918182), (1000, 0.991089), (10**5, 0.999)])
def test_ramp_up(n, decay):
    assert float(keras_gans.EMA(0.999, ramp_up=True).decay_at(tf.constant(n, tf.int64))) == pytest.approx(decay, abs=1e-6)
    assert float(keras_gans.EMA(0.999, start=7, ramp_up=True).decay_at(tf.constant(n + 7, tf.int64))) == pytest.approx(
        decay, abs=1e-6
    )


@pytest.mark.slow
def test_statistics_are_copied_and_weights_averaged():
    z = keras.Input((tiny.LATENTS,))
    x = keras.layers.BatchNormalization(momentum=0.5)(keras.layers.Dense(64)(z))
    generator = keras.Model(z, keras.layers.Reshape(tiny.SHAPE)(x))
    gan = keras_gans.GAN(generator, tiny.discriminator(), ema=0.75)
    gan.compile("sgd", "sgd", run_eagerly=True)
    before = [variable.numpy() for variable in generator.weights]
    gan.train_on_batch(tiny.images())
    trained = {id(variable) for variable in generator.trainable_variables}
    for average, old, new in zip(gan.ema_generator.weights, before, generator.weights, strict=True):
        expected = 0.75 * old + 0.25 * new.numpy() if id(new) in trained else new.numpy()
        np.testing.assert_allclose(average.numpy(), expected, atol=1e-6)
    assert not np.allclose(gan.ema_generator.weights[4].numpy(), 0)  # the moving mean has moved


@pytest.mark.parametrize("frozen", ["network", "layer", "weight"])
@pytest.mark.parametrize("decay", [0.75, 0.0])
def test_the_average_of_what_is_frozen_stays(frozen, decay):
    z = keras.Input((2,))
    x = keras.layers.Dense(3)(z)
    network = keras.Model(z, keras.layers.Dense(4)(keras.layers.BatchNormalization()(x)))
    average, ema = keras.models.clone_model(network), keras_gans.EMA(decay)
    {
        "network": lambda: setattr(network, "trainable", False),
        "layer": lambda: setattr(network.layers[1], "trainable", False),
        "weight": lambda: setattr(network.layers[1].kernel, "trainable", False),
    }[frozen]()
    before = [value.numpy() for value in average.weights]
    for value in network.weights:
        value.assign(value + 1.0)
    ema.update(average, network, tf.constant(0, tf.int64))
    statistics = [network.layers[2].moving_mean, network.layers[2].moving_variance]
    trained = {id(value) for value in network.trainable_variables}
    for mean, old, value in zip(average.weights, before, network.weights, strict=True):
        averaged = decay * old + (1 - decay) * value if id(value) in trained else old if decay else value
        expected = value if any(value is each for each in statistics) else averaged
        np.testing.assert_allclose(mean, expected, atol=1e-6)


@pytest.mark.slow
def test_the_average_moves_at_each_generator_step():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.0)
    gan.compile(generator_steps=3, run_eagerly=True)
    gan.train_on_batch(tiny.images())
    for average, value in zip(gan.ema_generator.weights, gan.generator.weights, strict=True):
        np.testing.assert_array_equal(average.numpy(), value.numpy())


@pytest.mark.slow
def test_inference_uses_the_average():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=1.0)
    assert gan.sampler is gan.ema_generator
    gan.compile("sgd", "sgd", run_eagerly=True)
    z = np.ones((2, tiny.LATENTS), "float32")
    before = gan.generate(2, latents=z)
    gan.train_on_batch(tiny.images())
    np.testing.assert_array_equal(gan.generate(2, latents=z), before)
    np.testing.assert_allclose(gan.predict(z, verbose=0), before, atol=1e-6)
    assert not np.allclose(gan.generator(z), before)
    assert keras_gans.GAN(tiny.generator(), tiny.discriminator()).ema_generator is None


def test_the_average_is_nobodys_to_train():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
    own = {id(variable) for player in ("generator", "discriminator") for variable in gan.variables_of(player)}
    assert {id(variable) for variable in gan.trainable_variables} == own


@pytest.mark.slow
def test_the_average_waits_while_gradients_accumulate():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.5)
    gan.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=3), "sgd")
    start = gan.generator.get_weights()[0]
    for _ in range(5):
        gan.train_on_batch(tiny.images())
    expected = 0.5 * start + 0.5 * gan.generator.get_weights()[0]  # one update so far
    np.testing.assert_allclose(gan.ema_generator.get_weights()[0], expected, atol=1e-7)
    assert int(gan.counters["average"].numpy()) == 1


def normalized_gan(update, ema, run_eagerly):
    normalize = functools.partial(keras_gans.layers.SpectralNormalization, update=update)
    generator = keras.Sequential([keras.Input((3,)), normalize(keras.layers.Dense(6)), normalize(keras.layers.Dense(4))])
    discriminator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)])
    gan = keras_gans.GAN(generator, discriminator, ema=ema)
    gan.compile(*(keras.optimizers.Adam(0.02, beta_1=0.0) for _ in range(2)), run_eagerly=run_eagerly)
    return gan


@pytest.mark.slow
@pytest.mark.parametrize("update", ["call", "step"])
def test_spectral_norms_are_those_of_the_averaged_kernels(update):
    """Vectors copied from the generator would underestimate them, by a fifth here."""
    gan = normalized_gan(update, 0.99, run_eagerly=False)
    for seed in range(80):
        gan.train_on_batch(np.random.default_rng(seed).normal(size=(8, 4)).astype("float32"))
    for layer in gan.ema_generator.layers:
        assert float(layer.spectral_norm()) == pytest.approx(np.linalg.norm(layer.layer.kernel.numpy(), 2), rel=2e-3)


@pytest.mark.slow
@pytest.mark.parametrize("update", ["call", "step"])
def test_before_its_start_the_average_is_the_generator(update):
    gan = normalized_gan(update, keras_gans.EMA(0.9, start=100), run_eagerly=True)
    for seed in range(3):
        gan.train_on_batch(np.random.default_rng(seed).normal(size=(8, 4)).astype("float32"))
    for mean, value in zip(gan.ema_generator.weights, gan.generator.weights, strict=True):
        np.testing.assert_array_equal(mean.numpy(), value.numpy(), err_msg=value.path)


@pytest.mark.slow
def test_weights_loaded_before_training_are_the_averages_too(tmp_path):
    trained = tiny.generator()
    trained.set_weights([0.5 * weight + 0.1 for weight in trained.get_weights()])
    trained.save_weights(tmp_path / "g.weights.h5")
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
    gan.generator.load_weights(tmp_path / "g.weights.h5")
    z = gan.latents.sample(3, (0, 1))
    np.testing.assert_allclose(gan.generate(3, latents=z), trained(z), atol=1e-6)
    gan.compile("sgd", "sgd", run_eagerly=True)
    before = gan.generator.get_weights()
    gan.train_on_batch(tiny.images(4))
    for mean, start, end in zip(gan.ema_generator.weights, before, gan.generator.get_weights(), strict=True):
        np.testing.assert_allclose(mean, 0.9 * start + 0.1 * end, atol=1e-6)
    gan.generator.set_weights(before)  # from now on the average has a past of its own
    assert np.abs(gan.ema_generator.get_weights()[0] - before[0]).max() > 0
    gan.generate(1)
    assert np.abs(gan.ema_generator.get_weights()[0] - before[0]).max() > 0


def test_weights_loaded_into_the_average_stay():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
    gan.generator.set_weights([weight + 0.1 for weight in gan.generator.get_weights()])
    gan.ema_generator.set_weights([weight - 0.1 for weight in gan.ema_generator.get_weights()])
    expected = gan.ema_generator.get_weights()
    gan.generate(1)
    np.testing.assert_array_equal(gan.ema_generator.get_weights()[0], expected[0])


@pytest.mark.parametrize("ema", [True, np.True_, False])
def test_a_flag_is_not_a_decay(ema):
    with pytest.raises(ValueError, match=r"`ema` must be a decay, such as ema=0.999.*Received: ema="):
        keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=ema)
    with pytest.raises(ValueError, match="`decay` must be in"):
        keras_gans.EMA(ema)


@pytest.mark.parametrize("ema", [float("nan"), -0.1, 1.5])
def test_a_decay_out_of_range_is_named_as_the_user_named_it(ema):
    with pytest.raises(ValueError, match="`ema` must be"):
        keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=ema)


def enable_lora(network):
    for layer in network.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.enable_lora(2)


@pytest.mark.parametrize("run", [lambda gan: gan.compile(), lambda gan: gan.generate(2)], ids=["compile", "generate"])
def test_layers_that_get_other_weights_than_their_average(run):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
    enable_lora(gan.generator)
    with pytest.raises(ValueError, match="a generator with 8 weights, and an average with 4.*the layers of gan.ema_generator"):
        run(gan)


@pytest.mark.slow
def test_an_average_that_gets_lora_too_moves_on():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
    gan.compile(**tiny.sgd(), run_eagerly=True)
    gan.fit(tiny.images(), verbose=0)
    before = gan.generate(4, seed=1)
    for network in (gan.generator, gan.ema_generator):
        enable_lora(network)
    np.testing.assert_allclose(gan.generate(4, seed=1), before, atol=1e-6)
    gan.compile(**tiny.sgd(), run_eagerly=True)
    gan.fit(tiny.images(), verbose=0)
    after = gan.generate(4, seed=1)
    assert 0 < np.abs(after - before).max() < 0.1
    z = gan.latents.sample(4, tf.constant([0, 1]))
    np.testing.assert_allclose(after, gan.ema_generator(z), atol=1e-6)
