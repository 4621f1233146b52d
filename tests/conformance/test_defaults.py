"""What must hold for every class that only changes defaults, and for every prior. The game itself is tried in `test_games.py`.

(A paper's recipe is in tests/models/test_recipe.py, its networks at their published sizes are in tests/networks.)
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests import tiny
from tests.conformance import stand_ins

pytestmark = pytest.mark.slow

every_default = pytest.mark.parametrize("name", stand_ins.DEFAULTS)
SAMPLERS = {cls.__name__: stand_ins.stand_in(cls) for cls in [*stand_ins.MODELS, *stand_ins.PRIORS]}


@every_default
def test_it_learns_and_saved_and_loaded_it_takes_the_same_next_step(name, tmp_path):
    stand_in = stand_ins.DEFAULTS[name]
    gan = stand_in.make(run_eagerly=True)  # a step is traced for longer than it takes
    before = {player: gan.variables_of(player)[0].numpy() for player in gan.optimizers}
    logs = gan.train_on_batch(*stand_in.batch(), return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    for player, value in before.items():
        assert not np.array_equal(gan.variables_of(player)[0].numpy(), value), player
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(loaded) is type(gan)
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    step = loaded.train_on_batch(*stand_in.batch(), return_dict=True)
    assert step == gan.train_on_batch(*stand_in.batch(), return_dict=True)
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    for player, optimizer in gan.optimizers.items():
        for a, b in zip(optimizer.variables, loaded.optimizers[player].variables, strict=True):
            np.testing.assert_array_equal(a.numpy(), b.numpy(), err_msg=a.path)


@pytest.mark.parametrize("name", SAMPLERS)
def test_generate_and_export_agree(name, tmp_path):
    gan = SAMPLERS[name].make()
    condition = [1] if gan.condition_input is not None else None
    if gan.generator_input is None:
        condition = SAMPLERS[name].data(5)[0]
    elif gan.condition_input is not None and len(gan.condition_input.shape) == 2 and gan.classes is None:
        real, *labels = SAMPLERS[name].data(5)
        condition = labels[0] if labels else real["embedding"]
    images = gan.generate(5, condition=condition, seed=(4, 2))
    assert images.shape == (5, *tiny.SHAPE)
    assert images.dtype == np.float32
    gan.export(tmp_path / "1")
    endpoints = tf.saved_model.load(tmp_path / "1").signatures
    inputs = {"batch_size": tf.constant(5), "seed": tf.constant([4, 2])} if "sample" in endpoints else {}
    if gan.as_sampler().truncatable:
        inputs["truncation"] = tf.constant(-1.0)
    if condition is not None:
        inputs["condition"] = tf.constant(condition)
    made = endpoints["sample" if "sample" in endpoints else "serve"](**inputs)["images"]
    np.testing.assert_allclose(made, images, rtol=1e-5, atol=1e-6)
    for name, (network, key, output, *_) in gan.endpoints(*gan.sampled_networks()).items():
        x = np.random.default_rng(0).uniform(-1, 1, (3, *network.inputs[0].shape[1:])).astype("float32")
        truncates = [tensor.name for tensor in network.inputs[1:]] == ["truncation"]
        own = network([x, np.ones((3, 1))] if truncates else x, training=False)
        given = {key: tf.constant(x), **({"truncation": tf.constant(-1.0)} if truncates else {})}
        answer = endpoints[name](**given)[output]
        np.testing.assert_allclose(answer, own[output] if isinstance(own, dict) else own, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("cls", stand_ins.PRIORS, ids=lambda cls: cls.__name__)
def test_a_prior_draws_the_same_in_a_graph_and_runs_in_xla(cls):
    prior, seed = stand_ins.prior(cls), tf.constant([3, 4])
    eager = prior.sample(64, seed)
    assert eager.shape == (64, tiny.LATENTS)
    np.testing.assert_array_equal(tf.function(prior.sample)(tf.constant(64), seed), eager)
    xla = tf.function(lambda seed: prior.sample(64, seed), jit_compile=True)(seed)  # other numbers, of the same kind
    assert xla.dtype == eager.dtype == tf.float32
    np.testing.assert_allclose(np.quantile(xla, [0.1, 0.5, 0.9]), np.quantile(eager, [0.1, 0.5, 0.9]), atol=0.3)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        np.testing.assert_array_equal(stand_ins.prior(cls).sample(64, seed), eager)
    finally:
        keras.config.set_dtype_policy("float32")
