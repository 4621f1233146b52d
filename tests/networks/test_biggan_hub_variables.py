"""Variables under the names of the TF Hub modules, back into the network that they were taken from."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.networks import biggan
from keras_gans.utils.private_keras import all_layers

pytestmark = pytest.mark.slow

PARTS = {"conv0": "conv_1", "conv1": "conv_2", "conv_sc": "shortcut"}


def variables(generator):
    """The network's weights under the modules' names, with averages and, beside them, other weights."""
    arrays, averaged = {}, {}

    def add(name, array, **more):
        averaged[name] = np.array(array)
        arrays.update({f"{name}/ema_b999900": averaged[name], name: np.full_like(averaged[name], 7.0)}, **more)

    def normalized(name, layer):
        add(f"{name}/w", layer.layer.kernel)
        if layer.layer.use_bias:
            add(f"{name}/b", layer.layer.bias)
        arrays[f"{name}/u0"] = np.array(layer.u)[None]  # a row, as there

    def statistics(name, norm):
        arrays.update({f"{name}/accumulated_mean": np.array(norm.moving_mean), f"{name}/accumulation_counter": np.float32(1)})
        arrays[f"{name}/accumulated_var"] = np.array(norm.moving_variance)[None, None, None]

    layer = generator.get_layer
    add("linear/w", layer("embedding").embeddings)
    normalized("Generator/G_Z/G_linear", layer("stem"))
    for block in range(5):
        prefix = "Generator/GBlock" + (f"_{block}" if block else "")
        for part, ending in ((1, ""), (2, "_1")):
            norm = layer(f"block_{block + 1}_norm_{part}")
            statistics(f"{prefix}/CrossReplicaBN{ending}", norm)
            normalized(f"{prefix}/HyperBN{ending}/gamma", norm.gain)
            normalized(f"{prefix}/HyperBN{ending}/beta", norm.bias)
        for name, ours in PARTS.items():
            normalized(f"{prefix}/{name}", layer(f"block_{block + 1}_{ours}"))
    attention = layer("attention")
    add("Generator/attention/gamma", attention.gamma)
    for name in ("theta", "phi", "g", "out"):
        normalized(f"Generator/attention/{'o_conv' if name == 'out' else name}", getattr(attention, name))
    add("Generator/ScaledCrossReplicaBN/gamma", layer("norm").gamma)
    add("Generator/ScaledCrossReplicaBN/beta", layer("norm").beta)
    statistics("Generator/ScaledCrossReplicaBNbn", layer("norm"))
    normalized("Generator/conv_2d", layer("to_rgb"))
    return arrays, averaged


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(0)
    made = biggan.generator((128, 128, 3), latents=12, classes=3, channels=4, embedding_dim=5)
    rng = np.random.default_rng(0)
    for weight in made.weights:
        if weight.name in ("gamma", "beta", "bias", "moving_mean"):
            weight.assign(weight + 0.1 * rng.normal(size=weight.shape))
        elif weight.name == "moving_variance":
            weight.assign(rng.uniform(0.5, 1.5, weight.shape))
    return made


def images(generator):
    latents = np.random.default_rng(1).normal(size=(2, 12)).astype("float32")
    return np.array(generator([latents, np.eye(3, dtype="float32")[[0, 2]]]))


@pytest.fixture(scope="module")
def expected(generator):
    """With the step of the spectral norms that the module takes when it samples."""
    made = keras.models.clone_model(generator)
    made.set_weights(generator.get_weights())
    for layer in all_layers(made):
        if hasattr(layer, "after_step"):
            layer.after_step()
    return images(made)


def test_it_makes_the_same_images(generator, expected):
    arrays, averaged = variables(generator)
    made = biggan.from_hub_variables({f"module/{name}:0": array for name, array in arrays.items()})
    np.testing.assert_allclose(images(made), expected, atol=1e-5)
    assert [tuple(v.shape) for v in made.trainable_variables] == [tuple(v.shape) for v in generator.trainable_variables]
    without = {name: value for name, value in arrays.items() if "ema" not in name} | averaged
    np.testing.assert_array_equal(images(biggan.from_hub_variables(without, ema=False)), images(made))


def test_what_is_not_used(generator, expected):
    arrays, _ = variables(generator)
    arrays["global_step"] = arrays["beta1_power"] = np.float32(3)
    for name in ("Generator/conv_2d/w", "linear/w", "Generator/ScaledCrossReplicaBN/gamma"):
        arrays |= {f"{name}/{slot}": np.full_like(arrays[name], 5.0) for slot in ("Adam", "Adam_1")}
        arrays[f"{name.rpartition('/')[0]}/u1"] = np.ones((1, 7), "float32")
    np.testing.assert_allclose(images(biggan.from_hub_variables(arrays)), expected, atol=1e-5)


def test_a_folder(generator, expected, tmp_path):
    arrays, _ = variables(generator)
    (tmp_path / "variables").mkdir()
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        saved = [tf.compat.v1.get_variable(name, initializer=array) for name, array in arrays.items()]
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver(saved).save(session, str(tmp_path / "variables" / "variables"), write_meta_graph=False)
    np.testing.assert_allclose(images(biggan.from_hub_variables(tmp_path)), expected, atol=1e-5)


def test_errors(generator, tmp_path):
    arrays, _ = variables(generator)
    with pytest.raises(ValueError, match="an average of each weight, named .* 1 weights without, linear/w. Pass ema=False"):
        biggan.from_hub_variables({"linear/w": np.zeros((3, 5))})
    with pytest.raises(ValueError, match="must be those of a BigGAN.* Received: 0 blocks, no linear/w"):
        biggan.from_hub_variables({"other": np.zeros(3)}, ema=False)
    with pytest.raises(ValueError, match="'Generator/conv_2d/u0'.* no such entry"):
        biggan.from_hub_variables({name: value for name, value in arrays.items() if name != "Generator/conv_2d/u0"})
    missing = ["Generator/GBlock/HyperBN/gamma/w", "Generator/attention/gamma", "Generator/conv_2d/b", "linear/w"]
    for names in (missing[:1], missing[1:2], missing[2:3], missing[3:], missing):
        left = {name: value for name, value in arrays.items() if name.rpartition("/ema")[0] not in names}
        with pytest.raises(ValueError, match=f" {len(names)} weights without, {', '.join(names)}. Pass ema=False"):
            biggan.from_hub_variables(left)
    left = {name: value for name, value in arrays.items() if not name.startswith("Generator/conv_2d/w")}
    with pytest.raises(ValueError, match="expected 'Generator/conv_2d/w'.* no such entry"):
        biggan.from_hub_variables(left)
    for ema, name in ((True, "Generator/GBlock_2/conv9/w"), (False, "Generator/GBlock_2/conv0/u0/other")):
        more = arrays | {name: np.zeros(3), f"{name}/ema_b999900": np.zeros(3)}
        with pytest.raises(ValueError, match=f"1 entries that the network does not have: {name}"):
            biggan.from_hub_variables(more, ema=ema)
    with pytest.raises(ValueError, match="must be the folder of a TF Hub module"):
        biggan.from_hub_variables(tmp_path)
