"""Released BigGAN-deep generators: a small one, with golden values of the package and of a forward pass by hand, in float64."""

import json
import zipfile

import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.networks import biggan_deep
from keras_gans.networks.biggan_deep import networks
from tests import tiny
from tests.utils import test_torch_file as torch_file

WIDTHS = (16, 16, 16, 16, 8, 8, 4, 4, 2, 2, 1)
CONFIG = {
    "output_dim": 128,
    "z_dim": 8,
    "class_embed_dim": 8,
    "channel_width": 4,
    "num_classes": 10,
    "layers": [[bool(k % 2), *WIDTHS[k : k + 2]] for k in range(10)],
    "attention_layer_position": 8,
    "eps": 1e-4,
    "n_stats": 51,
}


def shapes():
    """The names and shapes of the small network's state dict."""
    yield "embeddings.weight", (8, 10)

    def normalized(name, outputs, inputs, window=(), bias=True):
        yield f"{name}.weight_orig", (outputs, inputs, *window)
        if bias:
            yield f"{name}.bias", (outputs,)
        yield f"{name}.weight_u", (outputs,)
        yield f"{name}.weight_v", (inputs * int(np.prod(window)),)

    def statistics(name, channels):
        yield f"{name}.running_means", (51, channels)
        yield f"{name}.running_vars", (51, channels)

    yield from normalized("generator.gen_z", 1024, 16)
    for k, (_, wide, out) in enumerate(CONFIG["layers"]):
        name, inputs = f"generator.layers.{k + (k >= 8)}", (4 * wide, wide, wide, wide)
        for part, (channels, outputs, size) in enumerate(zip(inputs, (wide, wide, wide, 4 * out), (1, 3, 3, 1), strict=True)):
            yield from statistics(f"{name}.bn_{part}", channels)
            yield from normalized(f"{name}.bn_{part}.scale", channels, 16, bias=False)
            yield from normalized(f"{name}.bn_{part}.offset", channels, 16, bias=False)
            yield from normalized(f"{name}.conv_{part}", outputs, channels, (size, size))
    yield "generator.layers.8.gamma", (1,)
    for part, outputs, inputs in [("theta", 1, 8), ("phi", 1, 8), ("g", 4, 8), ("o_conv", 8, 4)]:
        yield from normalized(f"generator.layers.8.snconv1x1_{part}", outputs, inputs, (1, 1), bias=False)
    yield "generator.bn.weight", (4,)
    yield "generator.bn.bias", (4,)
    yield from statistics("generator.bn", 4)
    yield from normalized("generator.conv_to_rgb", 4, 4, (3, 3))


def filled(name, shape):
    """An entry's values, by its name; spectral vectors are filled later."""
    code, count = sum(map(ord, name)), int(np.prod(shape))
    wave = np.sin(0.7 * np.arange(count) + code).reshape(shape)
    if name.endswith(("running_means", "running_vars")):
        truncation = np.arange(51)[:, None] / 50
        is_mean = name.endswith("means")
        return (
            0.1 * truncation * np.cos(np.arange(shape[1]) + code) if is_mean else np.repeat(0.25 * (1 + truncation), shape[1], 1)
        )
    if name.endswith("weight_orig"):
        return wave
    if name == "embeddings.weight":
        return 0.5 * wave
    if name == "generator.bn.weight":
        return 1 + 0.1 * wave
    return np.array([0.5]) if name.endswith("gamma") else 0.1 * wave


@pytest.fixture(scope="module")
def state():
    arrays = {name: filled(name, shape) for name, shape in shapes()}
    for name in [name for name in arrays if name.endswith("weight_orig")]:
        kernel = arrays[name].reshape(len(arrays[name]), -1)
        left, _, right = np.linalg.svd(kernel, full_matrices=False)
        arrays[name.replace("weight_orig", "weight_u")] = left[:, 0]
        arrays[name.replace("weight_orig", "weight_v")] = right[0]
    return arrays


Z = np.sin(1 + np.arange(2)[:, None] + 0.5 * np.arange(8)).astype("float32")
ONE_HOT = np.eye(10, dtype="float32")[[1, 7]]


@pytest.fixture(scope="module")
def generator(state):
    return biggan_deep.from_state_dict(state, CONFIG)


@pytest.fixture(scope="module")
def another(state):
    return biggan_deep.from_state_dict(state, CONFIG)


@pytest.fixture
def network(another, monkeypatch):
    """Networks take long to build: all those that are built in the test are this one, whose weights are zeros at first."""
    for variable in another.weights:
        variable.assign(np.zeros(variable.shape, "float32"))
    monkeypatch.setattr(networks, "generator", lambda *arguments, **others: another)
    return another


def images(generator, truncation, condition=ONE_HOT):
    return np.array(generator([Z, condition, np.full((2, 1), truncation, "float32")]))


def check(images, mean, std, first, second):
    np.testing.assert_allclose(images.mean(), mean, atol=1e-4)
    np.testing.assert_allclose(images.std(), std, atol=1e-4)
    np.testing.assert_allclose(images[0, 0, 0], first, atol=1e-4)
    np.testing.assert_allclose(images[1, 64, 100], second, atol=1e-4)


GOLDEN = {
    0.4: (-0.03402599, 0.23220040, (-0.71150426, -0.72699230, -0.72921868), (0.15430065, 0.26693939, 0.39147112)),
    1.0: (-0.03709473, 0.13341023, (-0.45788173, -0.45327516, -0.42813086), (0.03358338, 0.11208889, 0.21098700)),
    0.14: (-0.02484335, 0.42321516, (-0.87257655, -0.88945562, -0.89866669), (0.23497019, 0.37310251, 0.51242592)),
    0.405: (-0.03407675, 0.23029555, (-0.70866317, -0.72401810, -0.72601884), (0.15287378, 0.26500335, 0.38918580)),
}
GOLDEN_OF_THE_PACKAGE = {
    0.4: GOLDEN[0.4],
    0.14: (-0.02592901, 0.40468761, (-0.85915649, -0.87651155, -0.88569057), (0.23500172, 0.37224341, 0.51093170)),
    0.405: (-0.03417992, 0.22653005, (-0.70302153, -0.71810365, -0.71964832), (0.14998659, 0.26110037, 0.38458357)),
}


@pytest.mark.slow
@pytest.mark.parametrize("truncation", GOLDEN)
def test_golden_values(generator, truncation):
    check(images(generator, truncation), *GOLDEN[truncation])


@pytest.mark.slow
def test_golden_values_of_the_package(state):
    package = biggan_deep.from_state_dict(state, CONFIG, interpolation="package")
    for truncation, golden in GOLDEN_OF_THE_PACKAGE.items():
        check(images(package, truncation), *golden)


def test_what_it_is(state, generator):
    assert len(state) == 506
    assert sum(np.prod(variable.shape) for variable in generator.trainable_variables) == 69_229
    assert [tensor.name for tensor in generator.inputs] == ["latents", "condition", "truncation"]
    assert generator.output_names == ["images"]
    assert float(generator.get_layer("stem").spectral_norm()) == pytest.approx(66.988988, abs=1e-4)
    assert float(generator.get_layer("block_1_conv_2").spectral_norm()) == pytest.approx(26.437446, abs=1e-4)
    np.testing.assert_allclose(
        state["generator.layers.0.conv_1.weight_orig"].ravel()[:3], [0.167653, 0.763327, 0.999997], atol=1e-6
    )


@pytest.mark.slow
def test_a_mixture_of_classes_lies_between(generator):
    mixture = images(generator, 0.4, np.tile(ONE_HOT.mean(0), (2, 1)))
    assert np.abs(mixture - images(generator, 0.4)).max() > 0.01
    np.testing.assert_array_equal(images(generator, 0.4, 2 * ONE_HOT - ONE_HOT), images(generator, 0.4))


@pytest.mark.slow
def test_only_the_first_three_filters_make_the_image(state, generator, network):
    changed = {**state, "generator.conv_to_rgb.bias": state["generator.conv_to_rgb.bias"] + [0, 0, 0, 9.0]}
    np.testing.assert_array_equal(images(biggan_deep.from_state_dict(changed, CONFIG), 0.4), images(generator, 0.4))


@pytest.mark.slow
def test_it_can_be_trained_further(state, network):
    generator = biggan_deep.from_state_dict(state, CONFIG)
    gan = keras_gans.BigGANDeep(generator, biggan_deep.discriminator(classes=10, channels=4), ema=None)
    assert gan.classes == 10
    gan.compile(**tiny.sgd(), discriminator_steps=1, run_eagerly=True)
    logs = gan.train_on_batch(np.zeros((2, 128, 128, 3), "float32"), np.array([1, 7]), return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    tf.config.run_functions_eagerly(True)  # the next test samples in a graph
    try:
        assert gan.generate(2, condition=[1, 7], truncation=0.4, seed=0).shape == (2, 128, 128, 3)
    finally:
        tf.config.run_functions_eagerly(False)


@pytest.mark.slow
def test_a_folder(state, generator, network, tmp_path):
    """In both formats of the file, read by its own function and by that for any generator."""
    entries, storages = {}, {}
    for key, (name, array) in enumerate(state.items()):
        values = np.ascontiguousarray(array, "<f4")
        storages[str(key)] = values.ravel()
        strides = tuple(stride // 4 for stride in values.strides)
        entries[name] = torch_file.tensor(torch_file.Storage("FloatStorage", str(key), values.size), 0, values.shape, strides)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    for make, load in ((torch_file.content, biggan_deep.from_pretrained), (torch_file.archive, keras_gans.hub.load)):
        (tmp_path / "pytorch_model.bin").write_bytes(make(entries, storages))
        for variable in network.weights:
            variable.assign(np.zeros(variable.shape, "float32"))
        published = load(tmp_path)
        for ours, theirs in zip(network.weights, generator.weights, strict=True):
            np.testing.assert_array_equal(ours, theirs, err_msg=ours.path)
    assert (published.classes, published.truncation_range, published.latents.shape) == (10, (0.0, 1.0), (8,))
    np.testing.assert_allclose(published.generate(2, [1, 7], latents=Z, truncation=0.4), images(generator, 0.4), atol=1e-5)


def without(key):
    return lambda state: {name: array for name, array in state.items() if name != key}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("generator.layers.8.gamma"), "expected 'generator.layers.8.gamma', of shape"),
        (lambda state: {**state, "more": np.zeros(1)}, "1 entries that the network does not have: more"),
        (lambda state: {**state, "generator.bn.bias": np.zeros(5)}, r"must have shape \(4,\). Received: \(5,\)"),
        (lambda state: {**state, "generator.bn.bias": np.full(4, np.nan)}, "NaN"),
    ],
)
def test_other_weights(state, network, change, message):
    with pytest.raises(ValueError, match=message):
        biggan_deep.from_state_dict(change(state), CONFIG)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"output_dim": 64}, "a released generator, 128, 256 or 512"), ({"layers": CONFIG["layers"][1:]}, "a released generator")],
)
def test_other_configurations(state, change, message):
    with pytest.raises(ValueError, match=message):
        biggan_deep.from_state_dict(state, CONFIG | change)
    with pytest.raises(ValueError, match="one without layers"):
        biggan_deep.from_state_dict(state, {name: value for name, value in CONFIG.items() if name != "layers"})


def test_a_folder_in_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ValueError, match=f"{tmp_path}/biggan must hold config.json"):
        biggan_deep.from_pretrained("~/biggan")


def test_other_folders(tmp_path):
    with pytest.raises(ValueError, match=r"without config.json and pytorch_model.bin. On a machine with a network"):
        biggan_deep.from_pretrained(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with zipfile.ZipFile(tmp_path / "pytorch_model.bin", "w") as archive:
        archive.writestr(
            "weights/data.pkl", torch_file.pickled({"x": torch_file.Call(torch_file.Global("os", "system"), "true")})
        )
    with pytest.raises(ValueError, match=r"config.json is not JSON"):
        biggan_deep.from_pretrained(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    with pytest.raises(ValueError, match=r"pytorch_model.bin is not a state dict .* asks for os.system"):
        biggan_deep.from_pretrained(tmp_path)
