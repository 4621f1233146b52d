"""The adversarial autoencoder: what its one game is of, and what reaches which network."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import losses
from keras_gans import metrics
from keras_gans import networks
from keras_gans import penalties
from tests import tiny

IMAGES = 0.5 * tiny.images(4) + 0.5


def aae(posterior="deterministic", compiled=True, **arguments):
    keras.utils.set_random_seed(0)
    build, small = networks.aae, {"latents": 3, "units": (8,)}
    gan = keras_gans.AAE(
        build.generator(tiny.SHAPE, **small),
        build.encoder(tiny.SHAPE, **small, posterior=posterior),
        build.code_discriminator(**small),
        **arguments,
    )
    if compiled:
        gan.compile(run_eagerly=True)
    return gan


def drawn(gan, *batch):
    real, condition = gan.unpack(batch or (IMAGES,))
    minibatch, terms = gan.joint_objectives(real, condition, gan.noise_seed("evaluation"), training=False)
    return minibatch, {player: {name: float(value) for name, value in values.items()} for player, values in terms.items()}


def softplus(x):
    return float(tf.reduce_mean(tf.math.softplus(x)))


def test_its_terms():
    gan = aae()
    minibatch, terms = drawn(gan)
    codes = gan.encoder(IMAGES)["latents"]
    np.testing.assert_array_equal(minibatch.fake, codes)
    assert minibatch.real.shape == (4, 3)
    real, fake = (gan.discriminator(each) for each in (minibatch.real, codes))
    assert terms["discriminator"] == {"adversarial": pytest.approx(softplus(-real) + softplus(fake), rel=1e-5)}
    squares = np.sum((gan.generator(codes) - IMAGES) ** 2, axis=(1, 2, 3)).mean()
    assert terms["generator"] == {
        "adversarial": pytest.approx(softplus(-fake), rel=1e-5),
        "reconstruction": pytest.approx(squares, rel=1e-5),
    }
    assert gan.update_rule == "alternating"
    assert isinstance(gan.latents, keras_gans.latents.Normal)


def test_the_encoder_hears_both_and_the_decoder_the_reconstruction_alone():
    gan = aae()
    real, _ = gan.unpack((IMAGES,))
    with tf.GradientTape(persistent=True) as tape:
        minibatch = gan.draw(real, None, gan.noise_seed("generator"))
        terms = {player: gan.objective(player, minibatch) for player in ("generator", "discriminator")}

    def reached(value, network):
        return [each is not None for each in tape.gradient(value, network.trainable_variables)]

    for term, decoder in (("adversarial", False), ("reconstruction", True)):
        assert all(reached(terms["generator"][term], gan.encoder))
        assert set(reached(terms["generator"][term], gan.generator)) == {decoder}
    assert not any(reached(terms["generator"]["reconstruction"], gan.discriminator))
    assert not any(reached(terms["discriminator"]["adversarial"], gan.generator))


@pytest.mark.slow
def test_the_encoder_meets_the_discriminator_that_has_moved():
    gan = aae()
    gan.compile(run_eagerly=True, **tiny.sgd(0.5))
    before = [value.numpy() for value in gan.discriminator.trainable_variables]
    seed = gan.noise_seed("generator")
    logs = gan.train_on_batch(IMAGES, return_dict=True)
    assert any(not np.array_equal(a, b) for a, b in zip(before, gan.discriminator.trainable_variables, strict=True))
    moved = aae()
    moved.discriminator.set_weights(gan.discriminator.get_weights())
    real, _ = moved.unpack((IMAGES,))
    terms = moved.objective("generator", moved.draw(real, None, seed))
    assert logs["g_adversarial"] == pytest.approx(float(terms["adversarial"]), rel=1e-4)


def test_penalties_are_of_codes_and_losses_of_images():
    gan = aae(compiled=False)
    gan.compile(
        penalties=[penalties.R1(2.0), penalties.GradientPenalty(1.0)],
        auxiliary_losses=[losses.Reconstruction(1.0), losses.TotalVariation(1.0)],
    )
    minibatch, terms = drawn(gan)
    with tf.GradientTape() as tape:
        tape.watch(minibatch.real)
        scores = gan.discriminator(minibatch.real)
    squares = tf.reduce_sum(tape.gradient(scores, minibatch.real) ** 2, axis=-1)
    assert terms["discriminator"]["r1"] == pytest.approx(float(tf.reduce_mean(squares)), rel=1e-4)
    made = gan.generator(minibatch.fake)
    assert terms["generator"]["reconstruction"] == pytest.approx(np.abs(made - IMAGES).mean(), rel=1e-5)
    assert terms["generator"]["total_variation"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("posterior", ["deterministic", "gaussian"])
def test_it_encodes_reconstructs_generates_and_is_saved_and_served(posterior, tmp_path):
    gan = aae(posterior, ema=0.9)
    gan.train_on_batch(IMAGES)
    codes = gan.encode(IMAGES)
    key = "latents" if posterior == "deterministic" else "mean"
    np.testing.assert_allclose(codes, gan.ema_encoder(IMAGES)[key], atol=1e-6)
    np.testing.assert_allclose(gan.reconstruct(IMAGES), gan.ema_generator(codes), atol=1e-6)
    samples = gan.generate(5, seed=0)
    assert samples.shape == (5, *tiny.SHAPE)
    assert gan.image_range == (0.0, 1.0)
    gan.save(tmp_path / "gan.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "gan.keras").generate(5, seed=0), samples)
    gan.export(tmp_path / "1")
    serve = tf.saved_model.load(tmp_path / "1").signatures
    np.testing.assert_allclose(serve["encode"](images=tf.constant(IMAGES))["latents"], codes, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("ema", [None, 0.9])
def test_metrics_see_reconstructions(ema):
    gan = aae(ema=ema, compiled=False)
    gan.compile(metrics=[metrics.PSNR()], run_eagerly=True)
    logs = gan.evaluate(IMAGES, return_dict=True, verbose=0)
    expected = metrics.PSNR()
    expected.update_state(2 * IMAGES - 1, 2 * gan.reconstruct(IMAGES) - 1)
    assert logs["psnr"] == pytest.approx(float(expected.result()), rel=1e-4)


def test_a_gaussian_code_is_drawn():
    gan = aae("gaussian")
    real, _ = gan.unpack((IMAGES,))
    first, again, other = (gan.draw(real, None, keras_gans.utils.random.make_seed(seed)).fake for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1


@pytest.mark.slow
def test_labels_may_be_told_to_the_generator_or_to_the_discriminator():
    z, y = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((), dtype="int32", name="condition")
    told = keras.Model([z, y], layers.Dense(1)(layers.Concatenate()([z, layers.Embedding(3, 2)(y)])))
    encoder = keras.Sequential([keras.Input(tiny.SHAPE, name="images"), layers.Flatten(), layers.Dense(tiny.LATENTS)])
    judge = tiny.discriminator(shape=(tiny.LATENTS,))
    for generator, discriminator in ((tiny.generator(3), judge), (tiny.generator(), told)):
        gan = keras_gans.AAE(generator, keras.models.clone_model(encoder), discriminator)
        gan.compile(run_eagerly=True, **tiny.sgd())
        images, labels = tiny.images(4), np.array([0, 1, 2, 0])
        logs, other = (gan.test_on_batch(images, each, return_dict=True) for each in (labels, labels[::-1]))
        assert logs != other  # somebody was told
        before = gan.generator.get_weights()[0]
        assert np.isfinite(list(gan.train_on_batch(images, labels, return_dict=True).values())).all()
        assert not np.array_equal(gan.generator.get_weights()[0], before)


@pytest.mark.slow
def test_labels_of_the_papers_networks():
    gan = keras_gans.AAE(image_shape=tiny.SHAPE, latents=2, classes=3)
    assert [tuple(each.shape) for each in gan.generator.inputs] == [(None, 2), (None,)]
    assert gan.discriminator.input_shape == (None, 2)
    assert gan.classes == 3
    with pytest.raises(ValueError, match="classes 0 to 2"):
        gan.generate(1, condition=3)
    codes = gan.encode(IMAGES)
    made = [gan.generate(latents=codes, condition=label) for label in range(3)]
    assert made[0].shape == (4, *tiny.SHAPE)
    assert np.abs(made[0] - made[1]).max() > 0
    judge = networks.aae.code_discriminator(2, (8,), classes=3)
    gan = keras_gans.AAE(discriminator=judge, image_shape=tiny.SHAPE, latents=2)
    gan.compile(run_eagerly=True)
    gan.train_on_batch(IMAGES, np.array([0, 1, 2, 0]))
    with pytest.raises(ValueError, match="classes 0 to 2. Received: values from 0 to 3"):
        gan.train_on_batch(IMAGES, np.array([0, 1, 2, 3]))
    spare = keras_gans.AAE(discriminator=judge, image_shape=tiny.SHAPE, latents=2, classes=4)
    assert (spare.classes, spare.data_classes) == (4, 3)


def test_what_is_refused():
    build, small = networks.aae, (tiny.SHAPE, 3, (8,))
    with pytest.raises(ValueError, match="The discriminator must take the encoder's codes"):
        keras_gans.AAE(build.generator(*small), build.encoder(*small), build.code_discriminator(4, (8,)))
    with pytest.raises(ValueError, match="no classes. Received: classes=3, and generator and discriminator without"):
        keras_gans.AAE(build.generator(*small), classes=3)
    with pytest.raises(ValueError, match="The generator must take what the encoder makes"):
        keras_gans.AAE(build.generator(*small), build.encoder(tiny.SHAPE, 4, (8,)), build.code_discriminator(3, (8,)))


def test_the_default_networks():
    gan = keras_gans.AAE(image_shape=(8, 8, 1), latents=2)
    assert gan.generator.input_shape == gan.discriminator.input_shape == (None, 2)
    assert gan.encoder.output["latents"].shape == (None, 2)
