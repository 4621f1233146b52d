"""Section 10.1 of the facts of translation models: who gets which gradient in VAE/GAN, and how its players take turns."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from keras_gans.utils.gradients import scale_gradient
from tests import tiny
from tests.conformance import stand_ins

IMAGES = tiny.images(6)
GAMMA = 1e-3


def made(**arguments):
    keras.utils.set_random_seed(0)
    gan = keras_gans.VAEGAN(tiny.generator(), stand_ins.to_gaussian(), stand_ins.matching(), GAMMA, **arguments)
    gan.compile()
    return gan


def flat(gradients):
    return np.concatenate([np.ravel(gradient) for gradient in gradients])


def by_hand(gan, minibatch, noise):
    """The losses of the paper of one minibatch, of the networks alone, with whole gradients."""
    code = gan.encoder(IMAGES)
    z = code["mean"] + tf.exp(code["log_scale"]) * noise
    again, real = gan.discriminator(gan.generator(z)), gan.discriminator(IMAGES)
    fake = gan.discriminator(gan.generator(minibatch.latents))
    of_fixed_code = gan.discriminator(gan.generator(tf.stop_gradient(z)))
    log_variance = 2 * code["log_scale"]
    return {
        "prior": tf.reduce_mean(-0.5 * tf.reduce_sum(1 + log_variance - code["mean"] ** 2 - tf.exp(log_variance), axis=1)),
        "rec": tf.reduce_mean(0.5 * tf.reduce_sum((real["features"] - again["features"]) ** 2, axis=1)),
        "real": tf.reduce_mean(tf.nn.softplus(-real["scores"])),
        "fake": tf.reduce_mean(tf.nn.softplus(fake["scores"])),
        "reconstructed": tf.reduce_mean(tf.nn.softplus(of_fixed_code["scores"])),
    }


@pytest.mark.slow
@pytest.mark.parametrize("reconstructions", [False, True])
def test_each_network_gets_the_gradients_of_the_paper(reconstructions):
    gan = made(discriminate_reconstructions=reconstructions)
    real, condition = gan.unpack((IMAGES,))
    seed = gan.noise_seed("generator")
    with tf.GradientTape(persistent=True) as tape:
        minibatch = gan.draw(real, condition, seed)
        totals = {player: tf.add_n(list(gan.objective(player, minibatch).values())) for player in ("generator", "discriminator")}
        noise = (gan.infer(real, seed, True)[0] - gan.encoder(real)["mean"]) / tf.exp(gan.encoder(real)["log_scale"])
        own = by_hand(gan, minibatch, tf.stop_gradient(noise))
        fakes = own["fake"] + (own["reconstructed"] if reconstructions else 0.0)
        share = 0.25 if reconstructions else 0.5
        expected = {
            "encoder": own["prior"] + own["rec"],
            "generator": GAMMA * own["rec"] - (1 - GAMMA) * fakes,
            "discriminator": 0.5 * own["real"] + share * fakes,
        }
    for role, loss in expected.items():
        variables = getattr(gan, role).trainable_variables
        if role == "discriminator":  # its head of features gets no gradient of its own
            wanted = tape.gradient(loss, variables)
            got = tape.gradient(totals["discriminator"], variables)
        else:
            wanted, got = tape.gradient(loss, variables), tape.gradient(totals["generator"], variables)
        np.testing.assert_allclose(flat(got), flat(wanted), rtol=1e-3, atol=2e-5 * np.abs(flat(wanted)).max(), err_msg=role)
    # The sum of the objective is what is minimized, in nats, not what gradients were scaled to.
    value = own["prior"] + own["rec"] - (1 - GAMMA) * fakes
    np.testing.assert_allclose(totals["generator"], value, rtol=1e-5)


def test_the_game_sends_the_encoder_nothing_and_the_reconstruction_the_discriminator_nothing():
    gan = made(discriminate_reconstructions=True)
    with tf.GradientTape(persistent=True) as tape:
        minibatch = gan.draw(*gan.unpack((IMAGES,)), gan.noise_seed("generator"))
        terms = gan.objective("generator", minibatch)
        of_discriminator = gan.objective("discriminator", minibatch)
    assert set(terms) == {"adversarial", "reconstructions_adversarial", "gaussian_kl", "feature_reconstruction"}
    assert set(of_discriminator) == {"adversarial", "reconstructions_adversarial"}
    for name in ("adversarial", "reconstructions_adversarial"):
        assert tape.gradient(terms[name], gan.encoder.trainable_variables) == [None] * len(gan.encoder.trainable_variables)
    assert tape.gradient(terms["gaussian_kl"], gan.generator.trainable_variables)[0] is None
    np.testing.assert_array_equal(minibatch.games["reconstructions"].real_scores, minibatch.real_scores)


def test_as_published():
    gan = made()
    for optimizer in gan.optimizers.values():
        assert isinstance(optimizer, keras.optimizers.RMSprop)
        assert (float(optimizer.learning_rate), optimizer.rho) == (pytest.approx(0.025 / 64), 0.9)
    assert isinstance(gan.balance, keras_gans.balance.Equilibrium)
    assert gan.update_rule == "alternating"
    assert list(gan.games) == ["samples"]
    loss = gan.adversarial_loss
    assert isinstance(loss.base, losses.Minimax)
    assert loss.shares == {"discriminator": 0.5, "generator": 1 - GAMMA}
    gan.compile(discriminator_steps=1)
    assert (gan.balance, gan.update_rule) == (None, "simultaneous")
    with pytest.raises(ValueError, match="`gamma` must be in"):
        keras_gans.VAEGAN(gamma=0.0)
    with pytest.raises(ValueError, match="`mean` and `log_scale`"):
        keras_gans.VAEGAN(tiny.generator(), tiny.discriminator(scores=tiny.LATENTS), stand_ins.matching())


def with_scores(gan, score):
    """Has the discriminator give all images this score."""
    *others, kernel, bias = gan.discriminator.get_weights()
    gan.discriminator.set_weights([*others, 0 * kernel, 0 * bias + score])


@pytest.mark.slow
@pytest.mark.parametrize(("score", "steps"), [(0.0, (1, 1)), (0.7, (1, 0)), (2.0, (1, 1))])
def test_a_player_rests_by_the_costs_of_the_step_before(score, steps):
    gan = made()
    gan.compile(keras.optimizers.SGD(1e-12), keras.optimizers.SGD(1e-12), run_eagerly=True)
    with_scores(gan, score)
    gan.train_on_batch(IMAGES)
    logs = gan.train_on_batch(IMAGES, return_dict=True)
    assert gan.round_steps == steps
    assert logs["d_real_cost"] == pytest.approx(np.log1p(np.exp(-score)), rel=1e-4)
    assert logs["d_fake_cost"] == pytest.approx(np.log1p(np.exp(score)), rel=1e-4)


@pytest.mark.slow
def test_encode_reconstruct_generate_save(tmp_path):
    gan = made(ema=0.5)
    gan.fit(IMAGES, batch_size=3, verbose=0)
    np.testing.assert_allclose(gan.encode(IMAGES), gan.ema_encoder(IMAGES)["mean"], atol=1e-6)
    np.testing.assert_allclose(gan.reconstruct(IMAGES), gan.ema_generator(gan.encode(IMAGES)), atol=1e-6)
    gan.save(tmp_path / "gan.keras")
    loaded = keras_gans.load_model(tmp_path / "gan.keras")
    assert loaded.gamma == GAMMA
    np.testing.assert_array_equal(loaded.generate(2, seed=0), gan.generate(2, seed=0))
    assert loaded.train_on_batch(IMAGES, return_dict=True) == gan.train_on_batch(IMAGES, return_dict=True)


def test_feature_reconstruction_by_hand():
    features = {"real": tf.constant([[1.0, 2.0], [0.0, 0.0]]), "again": tf.constant([[0.0, 4.0], [0.0, 0.0]])}
    minibatch = types.SimpleNamespace(
        outputs={"reconstruction": "again"},
        real_output={"features": features["real"]},
        discriminate=lambda x: {"features": features[x]},
    )
    np.testing.assert_allclose(losses.FeatureReconstruction().generator(minibatch), [2.5, 0.0])
    with pytest.raises(ValueError, match="reconstructs images"):
        losses.FeatureReconstruction().generator(types.SimpleNamespace(outputs={}))


def test_scale_gradient():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = scale_gradient(x, 1e6)
        total = tf.reduce_sum(y * y)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_allclose(tape.gradient(total, x), [2e6, 4e6])
