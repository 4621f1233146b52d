"""What must hold for every class that changes the game, and whatever parts a GAN has: everything, against one training.

That training, of constant noise and plain gradient descent, is run twice for each small GAN: in eager mode, where most is tried
because to trace a step takes longer than a few steps, and in a graph.
"""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import bookkeeping
from tests.conformance.stand_ins import GAMES

pytestmark = pytest.mark.slow

# A group runs in one process: its tests share a training.
every_game = pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in GAMES])
PLAYERS = ("generator", "discriminator")


@pytest.fixture(autouse=True)
def constant_noise(monkeypatch):
    """XLA draws other numbers from the same seed than a plain graph, and each replica draws its own."""
    for name in ("normal", "uniform", "truncated_normal"):
        monkeypatch.setattr(keras_gans.utils.random, name, lambda shape, seed, *bounds: tf.fill(shape, 0.3))


@pytest.fixture(autouse=True, scope="module")
def graphs_as_users_run_them():
    with bookkeeping.grappler():
        yield


def made(name, **compile_arguments):
    """Adam would make steps of pure rounding where a gradient is zero."""
    optimizers = {f"{player}_optimizer": keras.optimizers.SGD(0.05, momentum=0.5) for player in PLAYERS}
    return GAMES[name].make(**optimizers, **compile_arguments)


def train(name, gan, epochs=2):
    return gan.fit(GAMES[name].dataset(), epochs=epochs, verbose=0).history


def state(gan):
    """Weights, and the optimizers' variables."""
    variables = [*gan.weights, *(variable for player in PLAYERS for variable in gan.optimizers[player].variables)]
    return [(variable.path, variable.numpy()) for variable in variables]


def assert_close(states, expected, atol):
    for (path, value), (_, other) in zip(states, expected, strict=True):
        np.testing.assert_allclose(value, other, atol=atol, rtol=0, err_msg=path)


@dataclasses.dataclass
class Training:
    """What two epochs in eager mode, on one device, and then a third, left behind."""

    history: dict
    state: list
    noise: list
    path: str
    next_history: dict
    next_state: list


@pytest.fixture(scope="session")
def trainings(tmp_path_factory):
    return {}, tmp_path_factory


@pytest.fixture(scope="session")
def graphs():
    return {}


@pytest.fixture
def trained(trainings, constant_noise):
    """Gives the training of a small GAN in eager mode, where nothing is traced; it is run at the first call."""
    known, folders = trainings

    def training(name):
        if name not in known:
            gan, path = made(name, run_eagerly=True), folders.mktemp("game") / "gan.keras"
            history = train(name, gan)
            gan.save(path)
            before, noise = state(gan), [gan.noise_seed(player).numpy() for player in PLAYERS]
            known[name] = Training(history, before, noise, path, train(name, gan, epochs=1), state(gan))
        return known[name]

    return training


@pytest.fixture
def in_a_graph(graphs, constant_noise):
    """Gives the history and the state that the same two epochs leave in a plain graph, on one device."""

    def training(name):
        if name not in graphs:
            gan = made(name)
            graphs[name] = train(name, gan), state(gan)
        return graphs[name]

    return training


@every_game
def test_saved_and_loaded_it_takes_the_same_next_step(name, trained):
    training = trained(name)
    loaded = keras.saving.load_model(training.path)
    assert type(loaded) is GAMES[name].cls
    assert loaded.run_eagerly
    assert_close(state(loaded), training.state, atol=0)
    np.testing.assert_array_equal([loaded.noise_seed(player) for player in PLAYERS], training.noise)
    assert train(name, loaded, epochs=1) == training.next_history
    assert_close(state(loaded), training.next_state, atol=0)


@every_game
def test_graph_equals_eager(name, trained, in_a_graph):
    training, (history, after) = trained(name), in_a_graph(name)
    assert history.keys() == training.history.keys()
    for key, values in training.history.items():
        assert history[key] == pytest.approx(values, rel=1e-4, abs=1e-5), key
    assert_close(after, training.state, atol=1e-5)


@every_game
def test_xla_equals_graph(name, in_a_graph):
    gan = made(name, jit_compile=True)
    assert gan.jit_compile
    train(name, gan)
    assert_close(state(gan), in_a_graph(name)[1], atol=2e-6)


@every_game
def test_two_replicas_equal_one(name, in_a_graph, strategy):
    """The same global batch and the same noise give the same weights on one device and on two."""
    expected, after = in_a_graph(name)
    with strategy.scope():
        gan = made(name)
        history = train(name, gan)
    assert_close(state(gan), after, atol=2e-6)
    assert history.keys() == expected.keys()
    for key, values in expected.items():
        assert history[key] == pytest.approx(values, abs=1e-4), key


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        pytest.param(name, rule, marks=pytest.mark.xdist_group(name))
        for name, game in GAMES.items()
        for rule in (game.cls.update_rules if game.recipe is dict else ["default"])
    ],
)
def test_bfloat16(name, rule):
    """Eagerly, but for the GAN with all terms."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        gan = made(name, run_eagerly=name != "all_terms", **({} if rule == "default" else {"update_rule": rule}))
        history = train(name, gan)
    finally:
        keras.config.set_dtype_policy("float32")
    assert np.isfinite(list(history.values())).all()
    assert all(variable.dtype == "float32" for variable in gan.trainable_variables)
    assert any(layer.compute_dtype == "bfloat16" for layer in gan.generator.layers if layer.weights)


@every_game
def test_every_variable_moves_and_only_its_players(name):
    gan = made(name)
    real, condition = gan.unpack(GAMES[name].batch())
    for player, other in (PLAYERS, PLAYERS[::-1]):
        with tf.GradientTape() as tape:
            minibatch = gan.draw(real, condition, gan.noise_seed(player))
            terms = gan.objective(player, minibatch)
        before = [variable.numpy() for variable in gan.variables_of(other)]
        gan.descend(minibatch, **{player: (terms, tape)})  # raises where a gradient is missing
        for variable, value in zip(gan.variables_of(other), before, strict=True):
            np.testing.assert_array_equal(variable.numpy(), value)
