"""A recipe that is changed after `compile`: the traced training step sees nothing of it, so it is refused."""

import re

import keras
import numpy as np
import pytest
from keras import layers
from keras.optimizers.schedules import ExponentialDecay

import keras_gans
from keras_gans.training.current_recipe import check_recipe_is_current
from tests import tiny
from tests.conformance import stand_ins

IMAGES = tiny.images(16)
REFUSED = "The recipe was changed after `compile`.*{}.*Call `compile` again"


def gan(ema=0.9, **arguments):
    discriminator = tiny.discriminator(dropout=0.1, kernel_regularizer=keras.regularizers.L2(0.1))
    made = keras_gans.GAN(tiny.generator(), discriminator, ema=ema)
    recipe = {
        "generator_optimizer": keras.optimizers.Adam(1e-3),
        "discriminator_optimizer": keras_gans.optimizers.ScheduledAdam(1e-3, beta_2=0.9),
        "loss": keras_gans.losses.Weighted("non_saturating", generator=0.5),
        "penalties": [keras_gans.penalties.GradientPenalty(1.0), keras_gans.penalties.R1(ExponentialDecay(1.0, 10, 0.5))],
        "replay": keras_gans.replay.ImagePool(8),
        "update_rule": "alternating",
    }
    made.compile(**{**recipe, **arguments})
    return made


def named(network, kind):
    return next(layer for layer in network.layers if isinstance(layer, kind))


CHANGES = {
    "gan.ema.decay": lambda made: setattr(made.ema, "decay", 0.0),
    "gan.ema.start": lambda made: setattr(made.ema, "start", 5),
    "gan.ema": lambda made: setattr(made, "ema", keras_gans.EMA(0.5)),
    "gan.latents.default_truncation": lambda made: setattr(made.latents, "default_truncation", 0.5),
    "gan.terms['gradient_penalty'].target": lambda made: setattr(made.penalties["gradient_penalty"], "target", 0.0),
    "gan.terms['r1'].weight.decay_rate": lambda made: setattr(made.penalties["r1"].weight, "decay_rate", 0.1),
    "gan.plan['game'].loss.shares": lambda made: made.adversarial_loss.shares.update({"generator": 1.0}),
    "gan.plan['game'].replay.capacity": lambda made: setattr(made.plan["game"].replay, "capacity", 4),
    "gan.generator_optimizer.clipnorm": lambda made: setattr(made.generator_optimizer, "clipnorm", 1e-9),
    "gan.generator_optimizer.beta_1": lambda made: setattr(made.generator_optimizer, "beta_1", 0.1),
    "gan.generator_optimizer.weight_decay": lambda made: setattr(made.generator_optimizer, "weight_decay", 0.1),
    "gan.discriminator_optimizer.beta_2": lambda made: setattr(made.discriminator_optimizer, "beta_2", 0.5),
    "gan.generator_optimizer.learning_rate": lambda made: setattr(
        made.generator_optimizer, "learning_rate", ExponentialDecay(1.0, 1, 0.9)
    ),
    "gan.discriminator_optimizer.learning_rate": lambda made: setattr(made.discriminator_optimizer, "learning_rate", lambda: 1.0),
    ".rate": lambda made: setattr(named(made.discriminator, layers.Dropout), "rate", 0.9),
    ".kernel_regularizer.l2": lambda made: setattr(named(made.discriminator, layers.Dense).kernel_regularizer, "l2", 9.0),
    ".dtype_policy": lambda made: setattr(named(made.generator, layers.Dense), "dtype_policy", "mixed_bfloat16"),
    ".weights.trainable": lambda made: setattr(named(made.generator, layers.Dense).kernel, "trainable", False),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_step_has_read_cannot_be_changed(what):
    made = gan()
    check_recipe_is_current(made)
    CHANGES[what](made)
    with pytest.raises(ValueError, match=REFUSED.format(re.escape(what))):
        made.fit(IMAGES, verbose=0)
    made.compile()
    check_recipe_is_current(made)


@pytest.mark.slow
def test_a_schedule_that_one_optimizer_gets_between_two_trainings_is_refused():
    made = gan(run_eagerly=True)
    made.fit(IMAGES, verbose=0)
    made.generator_optimizer.learning_rate = ExponentialDecay(1.0, 1, 0.9)
    before = tiny.weights(made)
    with pytest.raises(ValueError, match=REFUSED.format("gan.generator_optimizer.learning_rate")):
        made.fit(IMAGES, verbose=0)
    with pytest.raises(ValueError, match="changed after `compile`"):
        made.train_on_batch(IMAGES)
    np.testing.assert_array_equal(tiny.weights(made), before)


@pytest.mark.slow
def test_a_rate_that_is_set_between_two_trainings_counts():
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.compile(**tiny.sgd(0.1))
    made.fit(IMAGES, verbose=0)
    made.optimizer.learning_rate = {"generator": 0.0, "discriminator": 0.1}
    before = [[value.copy() for value in network.get_weights()] for network in (made.generator, made.discriminator)]
    with pytest.warns(UserWarning, match="The learning rate of the generator is 0"):
        made.fit(IMAGES, verbose=0)
    still = [
        all(map(np.array_equal, old, network.get_weights()))
        for old, network in zip(before, (made.generator, made.discriminator), strict=True)
    ]
    assert still == [True, False]


@pytest.mark.slow
def test_what_moves_by_itself_is_no_change():
    class Counts(keras_gans.balance.Balance):
        rounds = 0

        def __init__(self, pattern=(1, 1)):
            super().__init__()
            self.pattern = pattern

        def choose(self, logs, previous, updates):
            self.rounds += 1
            self.pattern = (1, 1 + self.rounds % 2)  # Python reads it before each round
            return self.pattern

    class Traced(keras_gans.penalties.R1):
        traces = 0

        def discriminator(self, minibatch):
            self.traces += 1
            return super().discriminator(minibatch)

    augmented = keras_gans.networks.with_augmentation(
        tiny.discriminator(), keras_gans.layers.AdaptiveAugment(0.5, policy="flip", interval=1, images=16)
    )
    made = keras_gans.GAN(tiny.generator(), augmented, ema=keras_gans.EMA(ExponentialDecay(0.9, 2, 0.5)))
    made.compile(
        keras.optimizers.Adam(1e-3),
        keras.optimizers.SGD(ExponentialDecay(1e-3, 2, 0.5)),
        penalties=[Traced(ExponentialDecay(1.0, 2, 0.5))],
        balance=Counts(),
    )

    def callbacks():
        class Sets(keras.callbacks.Callback):
            def on_epoch_begin(self, epoch, logs=None):
                made.generator_optimizer.learning_rate = 1e-3 / (epoch + 1)

        return [Sets(), keras.callbacks.TerminateOnNaN()]

    for _ in range(2):
        made.fit(IMAGES, batch_size=8, epochs=2, verbose=0, callbacks=callbacks())
    assert made.balance.rounds > 2 and made.penalties["traced"].traces > 0


@pytest.mark.slow
def test_keras_own_callbacks_of_rates_are_no_change():
    made = gan(run_eagerly=True)

    def callbacks():
        return [
            keras.callbacks.ReduceLROnPlateau(monitor="d_loss", mode="min", patience=0, min_delta=1e9, factor=0.5),
            keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9),
        ]

    for _ in range(2):
        made.fit(IMAGES, epochs=2, verbose=0, callbacks=callbacks())
    assert float(made.generator_optimizer.learning_rate.numpy()) < 1e-3


@pytest.mark.slow
def test_a_file_holds_the_recipe_that_was_compiled(tmp_path):
    made = gan()
    made.save(tmp_path / "gan.keras")
    check_recipe_is_current(keras_gans.load_model(tmp_path / "gan.keras"))


def test_layers_of_one_name_are_told_apart():
    def network(*shape, last):
        inner = keras.Sequential([keras.Input(shape), layers.Dropout(0.1, name="same"), layers.Dense(4)], name="inner")
        return keras.Sequential([keras.Input(shape), inner, layers.Dropout(0.1, name="same"), layers.Dense(last)])

    made = keras_gans.GAN(network(3, last=2), network(2, last=1))
    made.compile()
    for player in (made.generator, made.discriminator):
        for layer in (player.layers[0].layers[0], player.layers[1]):
            layer.rate = 0.5
            with pytest.raises(ValueError, match=r"same( \(2\))?\.rate.*, 1 in all"):
                check_recipe_is_current(made)
            layer.rate = 0.1
    check_recipe_is_current(made)


def test_styles_keep_their_mixing_and_growth_may_be_changed():
    made = stand_ins.stand_in(keras_gans.StyleGAN).make()
    made.growth = keras_gans.schedules.Growth(hold=1000, fade=8)  # Python reads it before each round
    check_recipe_is_current(made)
    made.set_mixing_probability(0.0)
    with pytest.raises(ValueError, match=REFUSED.format("gan.mixing_probability")):
        check_recipe_is_current(made)


VAE_CHANGES = {
    "encoder: .*trainable": lambda vae: setattr(vae.encoder.get_layer("mean"), "trainable", False),
    "vae.optimizer.beta_1": lambda vae: setattr(vae.optimizer, "beta_1", 0.1),
    "vae.optimizer.learning_rate": lambda vae: setattr(vae.optimizer, "learning_rate", ExponentialDecay(1.0, 1, 0.9)),
    "vae.optimizer": lambda vae: setattr(vae, "optimizer", keras.optimizers.Adam(1.0)),
    "vae.scale": lambda vae: setattr(vae, "scale", 0.1),
}


def vae():
    builders = keras_gans.networks.vae
    small = {"image_shape": tiny.SHAPE, "latents": 3, "units": 8}
    made = keras_gans.VAE(builders.generator(**small), builders.encoder(**small), "gaussian")
    made.compile()
    return made


@pytest.mark.parametrize("what", VAE_CHANGES)
def test_a_vae_that_is_changed_is_refused(what):
    made = vae()
    VAE_CHANGES[what](made)
    for run in (made.fit, made.train_on_batch):
        with pytest.raises(ValueError, match=REFUSED.format(what)):
            run(0.5 * IMAGES + 0.5)
    made.compile()
    check_recipe_is_current(made)


@pytest.mark.slow
def test_what_is_frozen_of_a_vae_between_two_trainings_or_by_a_callback_is_refused():
    made, data = vae(), 0.5 * IMAGES + 0.5
    made.fit(data, verbose=0)
    made.optimizer.learning_rate = 0.1
    first = made.encoder.get_weights()[0]

    def freeze(epoch, logs):
        made.encoder.trainable = False

    with pytest.raises(ValueError, match=REFUSED.format("trainable")):
        made.fit(data, epochs=2, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=freeze)])
    before = made.encoder.get_weights()
    assert not np.array_equal(before[0], first)  # the rate that was set counted
    with pytest.raises(ValueError, match=REFUSED.format("trainable")):
        made.fit(data, verbose=0)
    assert all(map(np.array_equal, before, made.encoder.get_weights()))
    made.evaluate(data, verbose=0)


def normalizing(mean, run_eagerly=True):
    """A GAN whose generator normalizes its latents by what it was adapted to."""
    z = keras.Input((tiny.LATENTS,), name="latents")
    normalization = layers.Normalization()
    network = keras.Model(z, tiny.generator()(normalization(z)))
    made = keras_gans.GAN(network, tiny.discriminator())
    adapt(made, mean)
    made.compile(**tiny.sgd(), run_eagerly=run_eagerly)
    return made


def adapt(made, mean):
    named(made.generator, layers.Normalization).adapt(np.random.default_rng(0).normal(mean, 1.0, (64, tiny.LATENTS)))


@pytest.mark.slow
@pytest.mark.parametrize("way", ["model", "weights", "adapted"])
def test_statistics_that_a_layer_was_adapted_to_are_followed(way, tmp_path):
    made = normalizing(mean=3.0)
    made.fit(IMAGES, verbose=0)
    if way == "model":
        made.save(tmp_path / "gan.keras")
        other = keras.saving.load_model(tmp_path / "gan.keras")
    else:
        made.save_weights(tmp_path / "gan.weights.h5")
        other = normalizing(mean=0.0, run_eagerly=False)
        other.fit(IMAGES, verbose=0)  # traced with other statistics
        other.generate(4)
        if way == "adapted":
            adapt(other, mean=3.0)
        other.load_weights(tmp_path / "gan.weights.h5")
    np.testing.assert_allclose(other.generate(4, seed=0), made.generate(4, seed=0), atol=1e-6)
    for each in (made, other):
        each.fit(IMAGES, shuffle=False, verbose=0)
    np.testing.assert_allclose(tiny.weights(other), tiny.weights(made), atol=1e-6)


@pytest.mark.slow
def test_statistics_that_a_callback_adapts_to_are_refused():
    made = normalizing(mean=0.0)
    callback = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: adapt(made, mean=1.0))
    with pytest.raises(ValueError, match=REFUSED.format("normalization.*mean")):
        made.fit(IMAGES, epochs=2, callbacks=[callback], verbose=0)
