"""Two optimizers behind one name."""

import copy

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny


def gan(generator=1e-4, discriminator=1e-4):
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.compile(keras.optimizers.Adam(generator), keras.optimizers.Adam(discriminator), run_eagerly=True)
    return made


def rates(made):
    return {player: float(keras.ops.convert_to_numpy(each.learning_rate)) for player, each in made.optimizers.items()}


def test_what_is_read_answers_for_both():
    made = gan()
    assert made.optimizer.learning_rate == pytest.approx(1e-4)
    assert made.optimizer.beta_1 == 0.9
    assert made.optimizer.get_config()["generator"]["beta_1"] == 0.9
    assert set(made.optimizer.get_config()) == {"generator", "discriminator"}
    apart = gan(1e-4, 4e-4).optimizer
    assert apart.learning_rate == {"generator": pytest.approx(1e-4), "discriminator": pytest.approx(4e-4)}
    with pytest.raises(TypeError, match="players' optimizers differ.*gan.optimizers"):
        float(apart.learning_rate)
    assert apart.name == {"generator": "generator", "discriminator": "discriminator"}
    with pytest.raises(AttributeError, match="has no method 'apply'.*Call it on one player's"):
        made.optimizer.apply([], [])
    with pytest.raises(AttributeError, match="no attribute 'bata_1'"):
        made.optimizer.bata_1  # noqa: B018


def test_what_is_set_is_set_in_both():
    made = gan()
    made.optimizer.learning_rate = 1e-5
    assert rates(made) == {"generator": pytest.approx(1e-5), "discriminator": pytest.approx(1e-5)}
    made.optimizer.learning_rate = {"generator": 1e-3, "discriminator": 2e-3}
    assert rates(made) == {"generator": pytest.approx(1e-3), "discriminator": pytest.approx(2e-3)}
    for name in ("clip_norm", "iterations", "variables"):
        with pytest.raises(AttributeError, match="cannot be set through `gan.optimizer`"):
            setattr(made.optimizer, name, 1.0)
    with pytest.raises(AttributeError, match="players' optimizers differ.*no 'assign'.*or set both at once"):
        made.optimizer.learning_rate.assign(1e-2)
    made.optimizer.learning_rate = {player: rate / 2 for player, rate in made.optimizer.learning_rate.items()}  # as it says
    assert rates(made) == {"generator": pytest.approx(5e-4), "discriminator": pytest.approx(1e-3)}


@pytest.mark.parametrize(
    "use",
    [
        float,
        int,
        round,
        abs,
        np.asarray,
        keras.ops.convert_to_numpy,
        lambda rate: rate * 0.5,
        lambda rate: 0.5 * rate,
        lambda rate: rate / 2,
        lambda rate: 1 - rate,
        lambda rate: rate**2,
        lambda rate: rate < 1e-5,
        lambda rate: max(rate, 1e-5),
        lambda rate: -rate,
        lambda rate: f"{rate:.2e}",
    ],
)
def test_rates_that_differ_are_no_number(use):
    with pytest.raises(TypeError, match=r"players' optimizers differ: \{'generator'.*Read one player's"):
        use(gan(1e-4, 4e-4).optimizer.learning_rate)


def test_rates_that_differ_are_a_dict():
    rate = gan(1e-4, 4e-4).optimizer.learning_rate
    assert f"{rate}" == str(dict(rate)) and copy.deepcopy(rate) == dict(rate) == copy.copy(rate)
    assert not hasattr(rate, "numpy") and not hasattr(rate, "__iadd__")


SCHEDULED = TypeError, "only be set to a number: the traced training step.*Compile again with it: gan.compile"
NO_RATE = ValueError, "`learning_rate` must be a finite number >= 0, one for both players"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        *((value, SCHEDULED) for value in (keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.9), lambda: 1.0)),
        *((value, NO_RATE) for value in (float("nan"), float("inf"), -1.0, True, None, "1e-4", [1e-4, 1e-4], np.zeros(2))),
    ],
)
def test_what_cannot_be_a_rate_is_refused_before_any_is_set(value, error):
    made, (kind, message) = gan(), error
    for rate in (value, {"generator": 1e-9, "discriminator": value}):
        with pytest.raises(kind, match=message):
            made.optimizer.learning_rate = rate
    assert rates(made) == {"generator": pytest.approx(1e-4), "discriminator": pytest.approx(1e-4)}


@pytest.mark.parametrize(("name", "value"), [("clipnorm", 1.0), ("beta_1", 0.0), ("weight_decay", 0.1), ("name", "a")])
def test_what_a_traced_step_has_read_cannot_be_set(name, value):
    made = gan()
    before = [getattr(each, name) for each in made.optimizers.values()]
    with pytest.raises(AttributeError, match=f"'{name}' of the generator's Adam cannot be set.*Compile again with an optimizer"):
        setattr(made.optimizer, name, value)
    assert [getattr(each, name) for each in made.optimizers.values()] == before


def test_a_dict_names_both_players():
    made = gan()
    with pytest.raises(ValueError, match=r"Received: \{'generator': 0.0001\}, without \['discriminator'\]"):
        made.optimizer.learning_rate = {"generator": 1e-4}
    with pytest.raises(ValueError, match="Leave the other keys out"):
        made.optimizer.learning_rate = {"generator": 1e-3, "discriminator": 1e-3, "encoder": 1e-3}
    assert rates(made)["generator"] == pytest.approx(1e-4)


def test_copies():
    made = gan()
    assert copy.copy(made.optimizer).optimizers is made.optimizer.optimizers
    with pytest.raises(
        TypeError, match="cannot be copied deeply: its optimizers belong.*Make new ones from their configurations"
    ):
        copy.deepcopy(made.optimizer)
    assert not hasattr(made.optimizer, "__array__")


@pytest.mark.slow
def test_iterations_are_the_generators_updates():
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.compile(generator_steps=3, run_eagerly=True)
    made.fit(tiny.images(8), epochs=2, verbose=0)
    assert int(np.asarray(made.optimizer.iterations)) == 6


def test_a_schedule_is_not_half_overwritten():
    made = gan(1e-4, keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5))
    with pytest.raises(TypeError, match="of the discriminator's Adam is a schedule"):
        made.optimizer.learning_rate = 1e-5
    assert rates(made)["generator"] == pytest.approx(1e-4)


@pytest.mark.slow
def test_a_callback_that_sets_the_rate_moves_both():
    class Sets(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.optimizer.learning_rate = 0.1 / (epoch + 1)

    made = gan()
    made.fit(tiny.images(8), epochs=2, verbose=0, callbacks=[Sets()])
    assert rates(made) == {"generator": pytest.approx(0.05), "discriminator": pytest.approx(0.05)}
    assert int(np.asarray(made.optimizer.iterations)) == 2


@pytest.mark.parametrize("value", [1, np.float32(0.5), np.array(0.5), tf.constant(0.5), keras.Variable(0.5)])
def test_a_rate_may_be_any_scalar(value):
    made = gan()
    made.optimizer.learning_rate = value
    assert rates(made)["discriminator"] == float(value)


def test_optimizers_and_losses_that_nothing_reads_cannot_be_set():
    made = gan()
    with pytest.raises(TypeError, match="does not support item assignment"):
        made.optimizers["generator"] = keras.optimizers.SGD(1.0)
    with pytest.raises(AttributeError, match=r"set by `compile`. Compile again: gan.compile\(loss=...\)"):
        made.loss = "hinge"


@pytest.mark.parametrize(
    ("optimizer", "remedy"),
    [
        (keras.optimizers.Adam, r"Pass an object: keras.optimizers.Adam\(\)"),
        ("adma", "='adma'. Could not interpret optimizer identifier"),
        (1e-3, r"Pass keras.optimizers.Adam\(0.001\)"),
        ([], r"=\[\]"),
    ],
)
def test_what_is_not_an_optimizer(optimizer, remedy):
    small = {"image_shape": tiny.SHAPE, "latents": 3, "units": 4}
    vae = keras_gans.VAE(keras_gans.networks.vae.generator(**small), keras_gans.networks.vae.encoder(**small))
    with pytest.raises(ValueError, match=f"`optimizer` must be a name, a configuration, or an optimizer. Received: .*{remedy}"):
        vae.compile(optimizer)
    for player in ("generator", "discriminator"):
        with pytest.raises(ValueError, match=f"`{player}_optimizer` must be a name, .* or a learning-rate schedule.*{remedy}"):
            gan().compile(**{f"{player}_optimizer": optimizer})


@pytest.mark.parametrize(
    ("name", "value"),
    [*(("steps_per_execution", value) for value in (0, -1, "2", 2.5)), ("jit_compile", "yes"), ("run_eagerly", "yes")],
)
def test_how_to_run(name, value):
    small = {"image_shape": tiny.SHAPE, "latents": 3, "units": 4}
    vae = keras_gans.VAE(keras_gans.networks.vae.generator(**small), keras_gans.networks.vae.encoder(**small))
    for made in (gan(), vae):
        with pytest.raises(ValueError, match=f"`{name}` must be .*Received: {name}={value!r}"):
            made.compile(**{name: value})
