"""Several networks of a player, and several games: on a small system of its own, an autoencoder whose images and codes are
judged."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from keras.optimizers.schedules import PiecewiseConstantDecay

import keras_gans
from keras_gans import losses
from keras_gans import penalties
from keras_gans import replay
from keras_gans.training.network_calls import run_network
from tests import tiny


class Autoencoding:
    """Images are encoded and decoded; one discriminator judges the images, another one the codes against the prior."""

    roles = {"discriminator": ("discriminator", "code_discriminator"), "generator": ("generator", "encoder")}
    games = {"image": "discriminator", "code": "code_discriminator"}

    def __init__(self, generator=None, encoder=None, discriminator=None, code_discriminator=None, ema=None, name=None):
        super().__init__(generator, discriminator, ema=ema, name=name)

    def draw(self, real, condition, seed, training=True):
        codes, _ = run_network(self.encoder, "images", real, None, training)
        images, _ = run_network(self.generator, "latents", codes, None, training)
        prior = self.latents.sample(tf.shape(real)[0], keras_gans.utils.random.fold_in(seed, "latents"))
        minibatch = self.minibatch(real, images, codes, condition, seed, training)
        minibatch.add_game("code", self.minibatch(prior, codes, codes, condition, seed, training, "code"))
        return minibatch

    def endpoints(self, generator, encoder):
        return {"encode": (encoder, "images", "latents")}


class CodeGAN(Autoencoding, keras_gans.GAN):
    pass


class UnrolledCodeGAN(Autoencoding, keras_gans.UnrolledGAN):
    pass


class ConsensusCodeGAN(Autoencoding, keras_gans.ConsensusGAN):
    pass


def encoder():
    images = keras.Input(tiny.SHAPE, name="images")
    x = layers.Dense(8, "relu")(layers.Flatten()(images))
    return keras.Model(images, layers.Dense(tiny.LATENTS, dtype="float32")(x))


def made(cls=CodeGAN, ema=None, **recipe):
    keras.utils.set_random_seed(3)
    codes = tiny.discriminator(shape=(tiny.LATENTS,))
    gan = cls(tiny.generator(), encoder(), tiny.discriminator(), codes, ema)
    gan.compile(**{**tiny.sgd(), "run_eagerly": True, **recipe})
    return gan


def train(gan, epochs=1):
    return gan.fit(tiny.dataset(tiny.images(16)), epochs=epochs, verbose=0).history


@pytest.mark.slow
def test_players_own_the_networks_of_their_roles():
    gan = made(ema=0.9)
    assert gan.networks("generator") == [gan.generator, gan.encoder]
    assert gan.networks("discriminator") == [gan.discriminator, gan.code_discriminator]
    for player in ("generator", "discriminator"):
        before = [variable.numpy() for variable in gan.variables_of(player)]
        assert len(before) == sum(len(network.trainable_variables) for network in gan.networks(player))
    train(gan)
    assert all(not np.array_equal(v.numpy(), old) for v, old in zip(gan.variables_of("discriminator"), before, strict=True))


@pytest.mark.slow
def test_each_game_is_logged_under_its_name():
    gan = made(penalties=[penalties.R1(0.1)])
    history = train(gan)
    assert set(history) == {
        *("d_loss", "d_adversarial", "d_r1", "d_code_adversarial", "d_code_r1"),
        *("g_loss", "g_adversarial", "g_code_adversarial"),
        *("real_score", "fake_score", "code_real_score", "code_fake_score"),
    }
    parts = [history[f"d_{name}"][0] for name in ("adversarial", "r1", "code_adversarial", "code_r1")]
    assert history["d_loss"][0] == pytest.approx(sum(parts), abs=1e-6)
    logs = gan.evaluate(tiny.images(8), return_dict=True, verbose=0)
    assert set(logs) == set(history)


def test_a_game_is_what_a_gan_of_its_own_would_be():
    """The code game alone, by hand: the discriminator's loss on the same scores."""
    gan = made()
    minibatch = gan.draw(tf.constant(tiny.images(8)), None, gan.noise_seed("discriminator"))
    code = minibatch.games["code"]
    terms = gan.objective("discriminator", minibatch)
    real, fake = (gan.code_discriminator(x) for x in (code.real, code.fake))
    expected = tf.reduce_mean(tf.math.softplus(-real) + tf.math.softplus(fake))
    np.testing.assert_allclose(terms["code_adversarial"], expected, rtol=1e-5)
    np.testing.assert_array_equal(code.fake, gan.encoder(tiny.images(8)))


def test_regularizers_count_once():
    gan = made()
    networks = [
        tiny.generator(kernel_regularizer="l2"),
        encoder(),
        tiny.discriminator(),
        tiny.discriminator(shape=(tiny.LATENTS,)),
    ]
    gan = CodeGAN(*networks)
    gan.compile(**tiny.sgd())
    minibatch = gan.draw(tf.constant(tiny.images(8)), None, gan.noise_seed("generator"))
    kernels = [variable for variable in gan.generator.trainable_variables if variable.regularizer is not None]
    expected = sum(0.01 * float(tf.reduce_sum(tf.square(kernel))) for kernel in kernels)
    assert float(gan.objective("generator", minibatch)["regularization"]) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
def test_one_list_of_terms_serves_all_games_with_a_copy_for_each():
    term, weights = penalties.R1(0.1, every=2), penalties.HistoricalAveraging(0.1)
    gan = made(loss=losses.Fisher(), penalties=[term, weights], run_eagerly=False)
    assert list(gan.terms) == ["r1", "historical_averaging", "code_r1"]
    assert gan.terms["r1"] is term
    assert gan.terms["code_r1"] is not term
    assert gan.terms["code_r1"].get_config() == term.get_config()
    assert gan.plan["code"].loss is not gan.adversarial_loss
    train(gan, epochs=2)
    multipliers = [float(gan.plan[game].loss.multiplier) for game in gan.games]
    assert 0 not in multipliers
    assert multipliers[0] != multipliers[1]


@pytest.mark.slow
def test_a_dict_gives_each_game_its_own():
    gan = made(
        loss={"image": "hinge", "code": losses.Weighted(generator=1e-4)},
        penalties={"code": [penalties.R1()]},
        auxiliary_losses={"image": [losses.Reconstruction(1.0)]},
        replay={"image": replay.ImagePool(4)},
        update_rule="alternating",
    )
    assert [type(gan.plan[game].loss).__name__ for game in gan.games] == ["Hinge", "Weighted"]
    assert list(gan.terms) == ["reconstruction", "code_r1"]
    assert gan.plan["code"].replay is None
    train(gan)
    assert int(gan.plan["image"].replay.size) == 4


@pytest.mark.slow
def test_saved_and_loaded_it_takes_the_same_next_step(tmp_path):
    gan = made(
        ema=0.5,
        update_rule="alternating",
        loss=losses.Fisher(),
        penalties={"image": [penalties.R1(0.1, every=2)], "code": [penalties.HistoricalAveraging(0.1)]},
        replay=replay.ImagePool(4),
    )
    train(gan)
    gan.save(tmp_path / "gan.keras")
    with keras.saving.custom_object_scope({"CodeGAN": CodeGAN}):
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    assert train(loaded) == train(gan)
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    np.testing.assert_array_equal(loaded.generate(3, seed=1), gan.generate(3, seed=1))


@pytest.mark.slow
def test_every_network_of_the_generator_has_an_average():
    gan = made(ema=0.5)
    before = [[value.numpy() for value in network.weights] for network in gan.networks("generator")]
    gan.train_on_batch(tiny.images(8))
    for average, network, old in zip(gan.averages(), gan.networks("generator"), before, strict=True):
        for mean, value, start in zip(average.weights, network.weights, old, strict=True):
            np.testing.assert_allclose(mean, 0.5 * start + 0.5 * value.numpy(), atol=1e-7)
    np.testing.assert_allclose(gan.generate(2, seed=0), gan.ema_generator(gan.latents.sample(2, (0, 0))), atol=1e-6)


@pytest.mark.slow
def test_an_endpoint_of_the_class_is_exported_with_the_averages(tmp_path):
    gan = made(ema=0.5)
    gan.train_on_batch(tiny.images(8))
    exported = tf.saved_model.load(gan.export(tmp_path / "1"))
    x = tiny.images(3)
    answer = exported.signatures["encode"](images=tf.constant(x))["latents"]
    np.testing.assert_allclose(answer, gan.ema_encoder(x), atol=1e-6)
    x[0, 0, 0] = np.nan
    with pytest.raises(tf.errors.InvalidArgumentError, match="images"):
        exported.signatures["encode"](images=tf.constant(x))


@pytest.mark.slow
@pytest.mark.parametrize("cls", [UnrolledCodeGAN, ConsensusCodeGAN])
def test_update_rules_play_both_games(cls):
    gan = made(cls)
    history = train(gan)
    assert np.isfinite(list(history.values())).all()
    assert "d_code_adversarial" in history
    for player in ("generator", "discriminator"):
        assert all(np.isfinite(variable.numpy()).all() for variable in gan.variables_of(player))


@pytest.mark.slow
def test_two_replicas_equal_one(strategy, monkeypatch):
    for name in ("normal", "uniform"):
        monkeypatch.setattr(keras_gans.utils.random, name, lambda shape, seed, *bounds: tf.fill(shape, 0.3))
    recipe = {"update_rule": "alternating", "loss": "least_squares", "run_eagerly": False}
    alone = made(ema=0.5, replay=replay.ImagePool(4), **recipe)
    history = train(alone)
    with strategy.scope():
        gan = made(ema=0.5, replay=replay.ImagePool(4), **recipe)
    for name, values in train(gan).items():
        assert values == pytest.approx(history[name], abs=1e-5), name
    np.testing.assert_allclose(tiny.weights(gan), tiny.weights(alone), atol=2e-6)


@pytest.mark.slow
def test_a_weight_may_be_a_schedule():
    schedule = PiecewiseConstantDecay([0, 1], [1.0, 10.0, 100.0])
    gan = made(auxiliary_losses=[losses.Reconstruction(schedule)], generator_optimizer=keras.optimizers.SGD(1e-6))
    values = [gan.train_on_batch(tiny.images(8), return_dict=True)["g_reconstruction"] for _ in range(3)]
    np.testing.assert_allclose(np.divide(values[1:], values[:-1]), [10.0, 10.0], rtol=1e-2)


@pytest.mark.slow
def test_networks_may_come_with_compile():
    gan = CodeGAN()
    with pytest.raises(ValueError, match="Missing: .*encoder"):
        gan.compile(generator=tiny.generator(), discriminator=tiny.discriminator())
    gan.compile(encoder=encoder(), code_discriminator=tiny.discriminator(shape=(tiny.LATENTS,)), run_eagerly=True)
    assert np.isfinite(gan.train_on_batch(tiny.images(8))).all()


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ({"loss": {"image": "hinge"}}, "one for each game: .*'code'"),
        ({"loss": {"image": "hinge", "codes": "hinge"}}, "Received also: .*'codes'"),
        ({"penalties": {"text": []}}, "Received also: .*'text'"),
        ({"replay": "pool"}, "must be a keras_gans.replay.Replay"),
    ],
)
def test_recipes_that_do_not_fit_the_games(recipe, message):
    with pytest.raises(ValueError, match=message):
        made(**recipe)


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("roles", {"discriminator": ("discriminator",), "generator": "generator"}, "`roles` must be a dict of the two players"),
        ("roles", {**CodeGAN.roles, "generator": ("decoder", "encoder")}, "`roles` must be a dict of the two players"),
        ("roles", {**CodeGAN.roles, "encoder": ("encoder",)}, "`roles` must be a dict of the two players"),
        ("games", ("image", "code"), "`games` must be a dict"),
        ("games", {"image": "discriminator", "code": "encoder"}, "`games` must be a dict.*one of .*'code_discriminator'"),
        ("games", {"image": "discriminator"}, "`game` must be one of .'image'."),
        ("games", {**CodeGAN.games, "other": "discriminator"}, r"`draw` must return.*\['code', 'other'\].*Received: \['code'\]"),
    ],
)
def test_roles_and_games_that_do_not_go_together(attribute, value, message):
    cls = type("Wrong", (CodeGAN,), {attribute: value})
    with pytest.raises(ValueError, match=message):
        made(cls).train_on_batch(tiny.images(4))


@pytest.mark.slow
def test_a_game_without_a_half_of_the_generator():
    gan = made(loss={"image": "hinge", "code": "discriminator_only"})
    history = train(gan)
    assert "g_code_adversarial" not in history
    assert "d_code_adversarial" in history
    with pytest.raises(ValueError, match="no half for the generator"):
        made(loss="discriminator_only")


def test_a_network_lives_in_one_place():
    shared = tiny.discriminator()
    with pytest.raises(ValueError, match="hold"):
        gan = keras_gans.GAN(tiny.generator(), shared)
        gan.compile(auxiliary_losses=[losses.Perceptual(shared)])
        loss = losses.Perceptual(tiny.discriminator())
        loss.network = shared
        gan.compile(auxiliary_losses=[loss])


def test_the_summary_names_games():
    lines = []
    made().summary(print_fn=lines.append)
    assert any("'code', judged by 'code_discriminator'" in line for line in lines)
