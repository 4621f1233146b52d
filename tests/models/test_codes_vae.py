"""Section 10.2 of the facts of translation models: the bound in numbers, and what a VAE shares with GANs."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.networks import vae as networks
from tests import tiny

IMAGES = 0.5 * tiny.images(16) + 0.5
LATENTS = 3


def made(likelihood="bernoulli", **arguments):
    keras.utils.set_random_seed(0)
    small = {"image_shape": tiny.SHAPE, "latents": LATENTS, "units": 8}
    vae = keras_gans.VAE(networks.generator(**small), networks.encoder(**small), likelihood, **arguments)
    vae.compile(keras.optimizers.SGD(1e-3))
    return vae


def parts(vae, images):
    """The draw of an evaluation, and the bound by hand."""
    output = {key: np.float64(value) for key, value in vae(images).items()}
    mean, log_variance = output["mean"], 2 * output["log_scale"]
    kl = -0.5 * np.sum(1 + log_variance - mean**2 - np.exp(log_variance), axis=1).mean()
    return output, kl


def test_the_default_is_the_perceptron_with_adam():
    vae = keras_gans.VAE()
    vae.compile()
    assert sum(vae_part.count_params() for vae_part in (vae.generator, vae.encoder)) == 652_824
    assert isinstance(vae.optimizer, keras.optimizers.Adam)
    assert float(vae.optimizer.learning_rate) == pytest.approx(1e-3)


@pytest.mark.slow
def test_the_bernoulli_bound_sums_over_pixels_and_latents():
    vae = made()
    output, kl = parts(vae, IMAGES)
    p, x = output["images"], np.float64(IMAGES)
    nll = -np.sum(x * np.log(p) + (1 - x) * np.log(1 - p), axis=(1, 2, 3)).mean()
    logs = vae.evaluate(IMAGES, verbose=0, return_dict=True)
    assert set(logs) == {"loss", "reconstruction", "kl"}
    assert logs["reconstruction"] == pytest.approx(nll, rel=1e-5)
    assert logs["kl"] == pytest.approx(kl, rel=1e-4)
    assert logs["loss"] == pytest.approx(nll + kl, rel=1e-5)
    # Certain and wrong: finite.
    certain = vae.negative_log_likelihood(tf.ones((1, 2, 2, 1)), tf.zeros((1, 2, 2, 1)))
    assert float(certain[0]) == pytest.approx(4 * -np.log(1e-7), rel=1e-2)


@pytest.mark.slow
def test_the_gaussian_bound_is_a_density():
    vae = made("gaussian", scale=0.5)
    x, made_images = np.full((2, 2, 1, 1), 0.3, "float32"), np.zeros((2, 2, 1, 1), "float32")
    by_hand = 2 * (0.3**2 / (2 * 0.25) + np.log(0.5) + 0.5 * np.log(2 * np.pi))
    np.testing.assert_allclose(vae.negative_log_likelihood(x, made_images), by_hand, rtol=1e-5)
    assert np.isfinite(list(vae.evaluate(IMAGES, verbose=0, return_dict=True).values())).all()


@pytest.mark.slow
def test_a_draw_is_the_mean_and_scaled_noise():
    vae = made()
    vae.encoder.get_layer("mean").set_weights([np.zeros((8, LATENTS)), np.full(LATENTS, 2.0)])
    vae.encoder.get_layer("log_variance").set_weights([np.zeros((8, LATENTS)), np.full(LATENTS, 2 * np.log(0.5))])
    drawn = [keras_gans.models.encoding.infer(vae.encoder, IMAGES, (0, n), True)[0] for n in range(40)]
    values = np.concatenate(drawn)
    assert values.mean() == pytest.approx(2.0, abs=0.05)
    assert values.std() == pytest.approx(0.5, abs=0.05)
    np.testing.assert_allclose(vae.encode(IMAGES), 2.0)
    np.testing.assert_allclose(vae.reconstruct(IMAGES), vae.generator(np.full((16, LATENTS), 2.0, "float32")), atol=1e-6)
    np.testing.assert_allclose(vae.predict(IMAGES, verbose=0), vae.reconstruct(IMAGES), atol=1e-6)


@pytest.mark.slow
def test_it_learns_and_resumes_with_the_same_noise(tmp_path):
    vae = made()
    encoder = keras.Sequential([keras.Input(tiny.SHAPE), keras.layers.Dropout(0.3)])
    images = keras.Input(tiny.SHAPE)
    vae = keras_gans.VAE(vae.generator, keras.Model(images, vae.encoder(encoder(images))))
    vae.compile(keras.optimizers.SGD(1e-3))
    before = vae.evaluate(IMAGES, verbose=0)
    vae.fit(IMAGES, batch_size=8, epochs=3, verbose=0)
    assert vae.evaluate(IMAGES, verbose=0) < before
    vae.save(tmp_path / "vae.keras")
    loaded = keras.saving.load_model(tmp_path / "vae.keras")
    assert type(loaded) is keras_gans.VAE
    assert loaded.train_on_batch(IMAGES, return_dict=True) == vae.train_on_batch(IMAGES, return_dict=True)
    for one, other in zip(loaded.get_weights(), vae.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(loaded.generate(3, seed=1), vae.generate(3, seed=1))


@pytest.mark.slow
def test_the_noise_is_that_of_the_step():
    vae = made()
    first, second = (vae(IMAGES, training=True)["images"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.slow
def test_it_samples_and_is_exported_as_a_gan(tmp_path):
    vae = made()
    vae.export(tmp_path / "1")
    endpoints = tf.saved_model.load(tmp_path / "1").signatures
    sampled = endpoints["sample"](batch_size=tf.constant(4), seed=tf.constant([0, 3]), truncation=tf.constant(-1.0))["images"]
    np.testing.assert_allclose(sampled, vae.generate(4, seed=3), atol=1e-6)
    np.testing.assert_allclose(endpoints["encode"](images=tf.constant(IMAGES))["latents"], vae.encode(IMAGES), atol=1e-6)
    adapter = keras_gans.evaluation.load_generator(vae)
    np.testing.assert_allclose(adapter.generate(2, seed=0), 2 * vae.generate(2, seed=0) - 1, atol=1e-6)  # metrics' range


@pytest.mark.slow
def test_two_replicas_equal_one(strategy, monkeypatch):
    monkeypatch.setattr(keras_gans.utils.random, "normal", lambda shape, seed: tf.fill(shape, 0.3))
    alone = made()
    alone.fit(tiny.dataset(IMAGES), epochs=2, verbose=0)
    with strategy.scope():
        both = made()
        both.fit(tiny.dataset(IMAGES), epochs=2, verbose=0)
    for one, other in zip(alone.trainable_variables, both.trainable_variables, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.slow
def test_refuses():
    with pytest.raises(ValueError, match="`likelihood`"):
        keras_gans.VAE(likelihood="laplace")
    with pytest.raises(ValueError, match="`scale`"):
        keras_gans.VAE(scale=0.0)
    with pytest.raises(ValueError, match="must end in a sigmoid"):
        keras_gans.VAE(tiny.generator(), networks.encoder(tiny.SHAPE, tiny.LATENTS, 4))
    with pytest.raises(ValueError, match="`mean` and `log_scale`"):
        keras_gans.VAE(tiny.generator(), tiny.discriminator(scores=tiny.LATENTS), likelihood="gaussian")
    with pytest.raises(ValueError, match="must take"):
        keras_gans.VAE(tiny.generator(), networks.encoder(tiny.SHAPE, 2, 4), likelihood="gaussian")
    with pytest.raises(ValueError, match="its own loss"):
        keras_gans.VAE().compile(loss="mse")
    vae = made()
    with pytest.raises(ValueError, match="sample_weight"):
        vae.train_on_batch(IMAGES, sample_weight=np.ones(16))
    with pytest.raises(ValueError, match="encoder takes"):
        vae.encode(IMAGES[:, 1:])


@pytest.mark.slow
def test_the_first_batch_is_checked():
    vae = made()
    vae.compile(run_eagerly=True)
    before = tiny.weights(vae)
    broken = IMAGES.copy()
    broken[9] = np.nan
    cases = [
        ((255 * IMAGES).astype("uint8"), r"floats in \[0, 1\]. Received: dtype uint8. Scale them: x / 255"),
        (255 * IMAGES, r"must be in \[0, 1\]. Received: values from .* to 2.*Scale them: x / 255"),
        (2 * IMAGES - 1, r"must be in \[0, 1\]. Received: values from -.*Scale them: \(x \+ 1\) / 2"),
        (IMAGES + 0.01, r"must be in \[0, 1\]. Received: values from"),
        (broken, r"in 1 of \d+ examples"),
        (IMAGES[:, 1:], r"Expected: \(batch, 8, 8, 1\).*Received: \(\d+, 7, 8, 1\)"),
        (IMAGES[:0], "no batch"),
    ]
    for images, message in cases:
        for ask in (vae.fit, vae.evaluate):
            with pytest.raises(ValueError, match=message):
                ask(images, batch_size=16, verbose=0)
        if len(images):
            for ask in (vae.train_on_batch, vae.test_on_batch):
                with pytest.raises(ValueError, match=message):
                    ask(images)
            with pytest.raises(ValueError, match=message):
                vae.fit(tiny.dataset(images, batch_size=16), verbose=0)
    with pytest.raises(ValueError, match=r"must be in \[0, 1\]"):
        vae.fit(IMAGES, validation_data=(tiny.images(4),), epochs=1, verbose=0)
    vae = made()
    vae.compile(run_eagerly=True)
    with pytest.raises(ValueError, match="Expected images alone, or .images, labels.. Received: a dict"):
        vae.train_on_batch({"image": IMAGES})
    np.testing.assert_array_equal(before, tiny.weights(vae))


@pytest.mark.slow
def test_later_batches_are_checked_in_the_graph():
    vae, data = made(), tiny.dataset(np.concatenate([IMAGES, 2 * IMAGES - 1]), batch_size=16)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"must be in \[0, 1\]"):
        vae.fit(data, verbose=0)


@pytest.mark.slow
def test_each_batch_is_used_once(monkeypatch):
    """That one is looked at first takes none away, where several are drawn by a graph."""
    vae, seen = made(), []
    vae.compile(keras.optimizers.SGD(1e-3), steps_per_execution=2)
    monkeypatch.setattr(vae, "check_batch", lambda batch: seen.append(np.copy(batch)))
    vae.fit(IMAGES[:15], batch_size=4, epochs=2, shuffle=False, verbose=0)
    assert int(vae.optimizer.iterations) == 8
    vae.evaluate(IMAGES[:15], batch_size=4, verbose=0)
    np.testing.assert_array_equal(seen, [IMAGES[:4]] * 2)


@pytest.mark.slow
def test_images_in_zero_to_one_against_a_tanh_get_a_warning():
    vae = keras_gans.VAE(tiny.generator(), networks.encoder(tiny.SHAPE, tiny.LATENTS, 4), likelihood="gaussian")
    vae.compile(run_eagerly=True)
    with pytest.warns(UserWarning, match=r"2 \* x - 1"):
        vae.fit(IMAGES, verbose=0)
    vae.fit(tiny.images(4), verbose=0)  # none


def test_what_is_not_compiled():
    small = {"image_shape": tiny.SHAPE, "latents": LATENTS, "units": 8}
    vae = keras_gans.VAE(networks.generator(**small), networks.encoder(**small))
    for method in ("fit", "evaluate", "train_on_batch", "test_on_batch"):
        with pytest.raises(ValueError, match=rf"Call `vae.compile\(\)` before `{method}`"):
            getattr(vae, method)(IMAGES)


@pytest.mark.slow
def test_a_training_that_diverges_is_said():
    vae = made()
    vae.compile(keras.optimizers.SGD(1e30), run_eagerly=True)
    with pytest.warns(UserWarning, match="NaN or infinite since epoch"):
        vae.fit(IMAGES, batch_size=4, epochs=2, verbose=0)


def test_the_divergence_is_that_of_the_loss_of_gans():
    outputs = {"mean": tf.constant([[1.0, -2.0]]), "log_scale": tf.constant([[0.0, 0.5]])}
    kl = keras_gans.losses.GaussianKL(1.0, reduction="sum").generator(types.SimpleNamespace(outputs=outputs))
    assert float(kl[0]) == pytest.approx(0.5 + 0.5 * (4 + np.e - 1 - 1), rel=1e-6)


def test_weights_of_examples_are_refused():
    vae = made()
    for call in (vae.fit, vae.evaluate, vae.train_on_batch, vae.test_on_batch):
        with pytest.raises(ValueError, match="no `sample_weight`"):
            call(IMAGES, sample_weight=np.zeros(len(IMAGES)))


def test_data_that_never_end_are_refused():
    vae, data = made(), tf.data.Dataset.from_tensors(IMAGES).repeat()
    with pytest.raises(ValueError, match="`x` never ends.*steps_per_epoch=None"):
        vae.fit(data)
    with pytest.raises(ValueError, match="`validation_data` never ends.*validation_steps=None"):
        vae.fit(data, steps_per_epoch=1, validation_data=data)
    with pytest.raises(ValueError, match="`x` never ends.*steps=None"):
        vae.evaluate(data)
