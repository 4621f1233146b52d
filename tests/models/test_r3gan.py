"""R3GAN: the recipe of section 19b for each data set, what the schedules do to a training, and where it goes on."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import networks
from keras_gans.layers import InstanceNoise
from keras_gans.layers import ProbabilisticAugment
from keras_gans.schedules import Cosine
from tests import tiny


def state(gan):
    optimizers = [variable.numpy() for optimizer in gan.optimizers.values() for variable in optimizer.variables]
    return [*(variable.numpy() for variable in gan.weights), *optimizers]


def train(gan, data, epochs):
    return gan.fit(tiny.dataset(*data), epochs=epochs, verbose=0).history


@pytest.mark.parametrize(
    ("configuration", "gamma", "half_life", "images", "batch_size"),
    [
        ("cifar10", 0.05, 5e6, 2e7, 512),
        ("ffhq64", 2.0, 5e5, 2e7, 256),
        ("ffhq256", 150.0, 5e5, 2e7, 256),
        ("imagenet32", 0.5, 5e7, 2e8, 4096),
        ("imagenet64", 1.0, 5e7, 2e8, 4096),
    ],
)
def test_the_recipe_of_each_data_set(configuration, gamma, half_life, images, batch_size):
    gan = keras_gans.R3GAN(tiny.generator(), tiny.discriminator(), configuration=configuration)
    gan.compile()
    assert (gan.images, gan.batch_size) == (images, batch_size)
    assert list(gan.penalties) == ["r1", "r2"]
    assert all(penalty.every == 1 for penalty in gan.penalties.values())
    for share, weight in ((0.0, 1.0), (0.25, (1 + np.cos(np.pi / 4)) / 2), (0.5, 0.5), (1.0, 0.0), (3.0, 0.0)):
        updates = round(share * images / batch_size)
        between = lambda first, last, w=weight: w * first + (1 - w) * last  # noqa: E731
        for optimizer in gan.optimizers.values():
            optimizer.iterations.assign(updates)
            assert float(optimizer.learning_rate) == pytest.approx(between(2e-4, 5e-5), rel=1e-4)
            assert float(optimizer.beta_2) == pytest.approx(between(0.9, 0.99), rel=1e-4)
        for penalty in gan.penalties.values():
            assert float(penalty.weight_at(updates)) == pytest.approx(between(gamma, gamma / 10), rel=1e-3)
        decay = 0.5 ** (batch_size / max(between(0.0, half_life), 1e-8))
        assert float(gan.ema.decay_at(tf.constant(updates, tf.int64))) == pytest.approx(decay, abs=2e-7)


def test_narrow_networks_take_other_rates_and_gamma():
    gan = keras_gans.R3GAN(tiny.generator(), tiny.discriminator(), gamma=1.0, learning_rate=2e-3, images=8000, batch_size=8)
    gan.compile()
    assert [float(penalty.weight_at(step)) for penalty in gan.penalties.values() for step in (0, 1000)] == pytest.approx(
        [1.0, 0.1, 1.0, 0.1]
    )
    for optimizer in gan.optimizers.values():
        assert float(optimizer.learning_rate) == pytest.approx(2e-3)
        optimizer.iterations.assign(1000)
        assert float(optimizer.learning_rate) == pytest.approx(5e-4)


def test_of_fewer_images_the_average_lives_as_much_shorter():
    gan = keras_gans.R3GAN(tiny.generator(), tiny.discriminator(), images=8000, batch_size=8)
    assert float(gan.ema.decay_at(tf.constant(10**4, tf.int64))) == pytest.approx(0.5 ** (8 / 2000))
    assert keras_gans.R3GAN(tiny.generator(), tiny.discriminator(), ema=None).ema is None
    assert keras_gans.R3GAN(tiny.generator(), tiny.discriminator(), ema=0.9).ema.decay == 0.9


@pytest.mark.slow
def test_its_networks(monkeypatch):
    narrow = {
        name: networks.r3gan.Configuration(len(widths) * (4,), len(widths) * (1,))
        for name, (widths, _) in networks.r3gan.CONFIGURATIONS.items()
    }
    monkeypatch.setattr(networks.r3gan, "CONFIGURATIONS", narrow)
    for configuration, size, classes, probability in (
        ("cifar10", 32, None, 0.55),
        ("ffhq64", 64, None, 0.3),
        ("imagenet32", 32, 1000, 0.5),
        ("imagenet64", 64, 1000, 0.4),
    ):
        gan = keras_gans.R3GAN(configuration=configuration, ema=None)
        assert (gan.generator.output_shape, gan.latents.shape, gan.classes) == ((None, size, size, 3), (64,), classes)
        augment = next(layer for layer in gan.discriminator.layers if isinstance(layer, ProbabilisticAugment))
        updates = gan.images / gan.batch_size
        found = [float(augment.probability_at(share * updates)) for share in (0, 0.5, 1, 2)]
        assert found == pytest.approx([0, probability / 2, probability, probability], abs=1e-6)
        assert len(augment.operations) == 13
        shares = {name: augment.operations[name] for name in ("flip", "scale", "cutout", "hue", "brightness")}
        assert shares == {"flip": 1, "scale": 1, "cutout": 1, "hue": 0.5, "brightness": 0.5}
    gan = keras_gans.R3GAN(image_shape=(12, 12, 1), latents=5, widths=(8, 4), classes=3, ema=None, augment=None)
    assert not any(isinstance(layer, ProbabilisticAugment) for layer in gan.discriminator.layers)
    assert [each.shape for each in gan.generator.inputs] == [(None, 5), (None, 3)]
    assert gan.generator.get_layer("basis").output.shape == (None, 6, 6, 8)
    assert gan.discriminator.get_layer("embedding").dim == 8


@pytest.mark.slow
def test_what_a_training_follows():
    """Of a linear critic <a, x>, each penalty is gamma / 2 ||a||^2."""
    images = keras.Input(tiny.SHAPE)
    critic = keras.Model(images, keras.layers.Dense(1, use_bias=False)(keras.layers.Flatten()(images)))
    gan = keras_gans.R3GAN(tiny.generator(), critic, images=32, batch_size=8)
    gan.compile(run_eagerly=True)
    average = gan.generator.get_weights()
    for step in range(6):
        weight = (1 + np.cos(np.pi * min(1, step / 4))) / 2
        squared = float(tf.reduce_sum(critic.trainable_variables[0] ** 2))
        for optimizer in gan.optimizers.values():
            assert float(optimizer.learning_rate) == pytest.approx(weight * 2e-4 + (1 - weight) * 5e-5)
            assert float(optimizer.beta_2) == pytest.approx(weight * 0.9 + (1 - weight) * 0.99)
        logs = gan.train_on_batch(tiny.images(8), return_dict=True)
        gamma = weight * 0.05 + (1 - weight) * 0.005
        assert (logs["d_r1"], logs["d_r2"]) == pytest.approx((0.5 * gamma * squared, 0.5 * gamma * squared), rel=1e-5)
        decay = 0.5 ** (8 / max((1 - weight) * 8, 1e-8))  # at last, a quarter of 32 images: one step
        average = [decay * mean + (1 - decay) * now for mean, now in zip(average, gan.generator.get_weights(), strict=True)]
        for mean, found in zip(average, gan.ema_generator.get_weights(), strict=True):
            np.testing.assert_allclose(found, mean, atol=1e-6)


@pytest.mark.slow
def test_saved_in_the_middle_of_its_schedules_it_goes_on_to_the_bit(tmp_path):
    data = (tiny.images(16), tiny.labels(16))
    networks_of_labels = tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES, dropout=0.5)
    whole = keras_gans.R3GAN(*networks_of_labels, images=32, batch_size=8)
    whole.compile(run_eagerly=True)
    first = train(whole, data, 1)
    whole.save(tmp_path / "gan.keras")
    second = train(whole, data, 2)
    gan = keras_gans.load_model(tmp_path / "gan.keras")
    assert type(gan) is keras_gans.R3GAN
    assert (gan.images, gan.batch_size, gan.optimizer.beta_2) == (32, 8, pytest.approx(0.945))
    assert train(gan, data, 2) == second
    for value, other in zip(state(gan), state(whole), strict=True):
        np.testing.assert_array_equal(value, other)
    assert np.isfinite(list(first.values())).all()


@pytest.mark.slow
def test_saved_with_a_layer_that_augments_and_exported(tmp_path):
    noise = InstanceNoise(0.5)
    gan = keras_gans.R3GAN(image_shape=tiny.SHAPE, widths=(4, 4), augment=noise, images=32, batch_size=8)
    assert gan.discriminator.layers[1] is noise
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    loaded = keras_gans.load_model(tmp_path / "gan.keras")
    assert [type(layer) for layer in loaded.discriminator.layers] == [type(layer) for layer in gan.discriminator.layers]
    images = gan.generate(2, seed=(4, 2))
    np.testing.assert_array_equal(loaded.generate(2, seed=(4, 2)), images)
    gan.export(tmp_path / "1")
    sample = tf.saved_model.load(tmp_path / "1").signatures["sample"]
    served = sample(batch_size=tf.constant(2), seed=tf.constant([4, 2]), truncation=tf.constant(-1.0))
    np.testing.assert_allclose(served["images"], images, atol=1e-6)


@pytest.mark.slow
def test_two_replicas_and_xla_are_one_plain_graph(monkeypatch, strategy):
    monkeypatch.setattr(keras_gans.utils.random, "normal", lambda shape, seed: tf.fill(shape, 0.3))

    def made(**arguments):
        keras.utils.set_random_seed(3)
        gan = keras_gans.R3GAN(tiny.generator(), tiny.discriminator(), images=32, batch_size=8)
        gan.compile(**arguments)
        return gan

    data, alone = (tiny.images(16),), made()
    history = train(alone, data, 2)
    with strategy.scope():
        together = made()
        assert train(together, data, 2) == {name: pytest.approx(values, abs=1e-4) for name, values in history.items()}
    compiled = made(jit_compile=True)
    train(compiled, data, 2)
    for other in (together, compiled):
        assert float(other.optimizer.beta_2) == pytest.approx(0.99)
        for value, expected in zip(state(other), state(alone), strict=True):
            np.testing.assert_allclose(value, expected, atol=1e-4, rtol=1e-3)


@pytest.mark.slow
def test_its_networks_learn_labels_in_half_precision():
    sizes = {"image_shape": tiny.SHAPE, "classes": tiny.CLASSES, "widths": (4,), "blocks": 1}
    keras.config.set_dtype_policy("mixed_float16")
    try:
        gan = keras_gans.R3GAN(networks.r3gan.generator(**sizes), networks.r3gan.discriminator(**sizes), images=32, batch_size=8)
        gan.compile()
        before = gan.discriminator.get_layer("block_1_conv_3").kernel.numpy()
        history = train(gan, (tiny.images(16), tiny.labels(16)), 2)
    finally:
        keras.config.set_dtype_policy("float32")
    assert np.isfinite(list(history.values())).all()
    assert np.abs(gan.discriminator.get_layer("block_1_conv_3").kernel - before).max() > 0
    assert gan.generator.get_layer("block_1_conv_2").compute_dtype == "float16"
    assert gan.generate(3, condition=[0, 1, 2]).dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"configuration": "celeba"}, "`configuration` must be one of .*'imagenet64'"),
        ({"images": 0}, "`images` must be an int >= 1"),
        ({"batch_size": 2.5}, "`batch_size` must be an int >= 1"),
        ({"gamma": 0}, "`gamma` must be positive"),
        ({"learning_rate": "fast"}, "`learning_rate` must be a finite number"),
        ({"augment": InstanceNoise()}, r"`augment` is put before the paper's discriminator.*discriminator\(..., augment=layer\)"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras_gans.R3GAN(tiny.generator(), tiny.discriminator(), **arguments)


@pytest.mark.slow
def test_batches_of_another_size_are_refused():
    gan = keras_gans.R3GAN(tiny.generator(), tiny.discriminator())
    gan.compile()
    message = "learning rate counts 512 images an update. Received: 8 images.*or the GAN that brings it, with batch_size=8"
    with pytest.raises(ValueError, match=message):
        gan.fit(tiny.images(16), batch_size=8, verbose=0)
    augment = ProbabilisticAugment(Cosine(0.0, 0.5, 1000, batch_size=4), "noise", name="augment")
    gan = keras_gans.GAN(tiny.generator(), networks.with_augmentation(tiny.discriminator(), augment))
    gan.compile()
    with pytest.raises(ValueError, match="The schedule of augment's probability counts 4 images an update. Received: 8 images"):
        gan.fit(tiny.images(16), batch_size=8, verbose=0)
