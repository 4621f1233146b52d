"""Inception's wrapper, on SavedModels of its form with a few weights."""

import hashlib
import sys
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.features import Inception
from keras_gans.features.resize import resize
from keras_gans.utils.hub_modules import find_saved_model

HANDLE = "https://tfhub.dev/tensorflow/tfgan/eval/inception/1"
D, K = 6, 5
SPEC = tf.TensorSpec((None, 299, 299, 3))
IMAGES = np.random.default_rng(0).uniform(-1, 1, (3, 32, 32, 3)).astype("float32")

random = np.random.default_rng(1)
WEIGHTS = {
    "mixing": random.normal(size=(3, D)).astype("float32"),
    "kernel": random.normal(size=(D, K)).astype("float32"),
    "bias": random.normal(size=K).astype("float32"),
    "unused": random.normal(size=K).astype("float32"),
}


class StandIn(tf.Module):
    """Features: means of 13 x 13 blocks, mixed; logits with a bias."""

    def __init__(self, kind="variables", four_axes=False, names=("pool_3", "logits")):
        super().__init__()
        self.kind, self.four_axes, self.names = kind, four_axes, names
        if kind != "frozen":
            self.weights = {name: tf.Variable(value) for name, value in WEIGHTS.items() if kind != "hidden" or name != "kernel"}

    @tf.function(input_signature=[SPEC])
    def __call__(self, images):
        weights = WEIGHTS if self.kind == "frozen" else self.weights
        pool = tf.reduce_mean(tf.nn.avg_pool2d(images, 13, 13, "SAME") ** 2, axis=(1, 2)) @ weights["mixing"]
        if self.kind == "hidden":
            # The kernel is in two parts, and of vectors of the bias' shape there are two that matter.
            logits = (
                pool[:, :3] @ WEIGHTS["kernel"][:3] + pool[:, 3:] @ WEIGHTS["kernel"][3:] + weights["bias"] + weights["unused"]
            )
        else:
            logits = pool @ weights["kernel"] + weights["bias"] + 0.0 * weights["unused"]
        pool = pool[:, None, None] if self.four_axes else pool
        return dict(zip(self.names, (pool, logits), strict=True))


def saved(path, **arguments):
    tf.saved_model.save(StandIn(**arguments), str(path))
    return str(path)


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("modules") / "inception")


def expected(images, preprocessing="tensorflow", quantize=True):
    """Features, and logits without a bias."""
    x = (tf.cast(images, tf.float32) + 1) * 127.5
    x = resize(tf.round(x) if quantize else x, 299, preprocessing)
    x = x / 127.5 - 1 if preprocessing == "pytorch" else (x - 128) / 128
    pool = StandIn()(x)["pool_3"]
    return pool, pool @ WEIGHTS["kernel"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("preprocessing", "scale"), [("tensorflow", "(x - 128) / 128"), ("pytorch", "2 x / 255 - 1"), ("clean", "(x - 128) / 128")]
)
def test_preprocessing(module, preprocessing, scale):
    extractor = Inception(module, preprocessing=preprocessing)
    features, logits = expected(IMAGES, preprocessing)
    np.testing.assert_allclose(extractor(IMAGES)["features"], features, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(extractor(IMAGES)["logits"], logits, rtol=1e-4, atol=1e-5)
    assert (extractor.dimensions, extractor.classes) == (D, K)
    assert (extractor.protocol["preprocessing"], extractor.protocol["input"]) == (preprocessing, scale)


@pytest.mark.slow
def test_preprocessings_differ(module):
    outputs = [Inception(module, name)(IMAGES)["features"].numpy() for name in ("tensorflow", "pytorch", "clean")]
    assert min(np.abs(a - b).max() for a, b in zip(outputs, [*outputs[1:], outputs[0]], strict=True)) > 1e-3


@pytest.mark.parametrize("arguments", [{"kind": "frozen"}, {"four_axes": True}])
def test_forms_of_modules(tmp_path, arguments):
    outputs = Inception(saved(tmp_path / "module", **arguments))(IMAGES)
    features, logits = expected(IMAGES)
    np.testing.assert_allclose(outputs["features"], features, rtol=1e-4)
    np.testing.assert_allclose(outputs["logits"], logits, rtol=1e-4, atol=1e-5)


def test_signature_only(tmp_path):
    x = keras.Input((299, 299, 3), name="image")
    pool = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(x, {"pool_3": pool, "logits": keras.layers.Dense(K, bias_initializer="ones")(pool)})
    model.export(tmp_path / "module", verbose=False)
    outputs = Inception(tmp_path / "module")(IMAGES)
    np.testing.assert_allclose(outputs["logits"], outputs["features"] @ model.get_weights()[0], rtol=1e-4, atol=1e-5)


def test_first_format_of_tf_hub(tmp_path):
    with tf.Graph().as_default():
        images = tf.compat.v1.placeholder(tf.float32, (None, 299, 299, 3))
        pool = tf.reduce_mean(images, axis=(1, 2))
        kernel = tf.compat.v1.get_variable("kernel", initializer=WEIGHTS["mixing"][:, :K])
        outputs = {"pool_3": pool, "logits": pool @ kernel + tf.compat.v1.get_variable("bias", initializer=WEIGHTS["bias"])}
        info = tf.compat.v1.saved_model.build_tensor_info
        signature = tf.compat.v1.saved_model.build_signature_def(
            {"images": info(images)}, {name: info(tensor) for name, tensor in outputs.items()}, ""
        )
        builder = tf.compat.v1.saved_model.Builder(str(tmp_path / "module"))
        with tf.compat.v1.Session() as session:
            session.run(tf.compat.v1.global_variables_initializer())
            builder.add_meta_graph_and_variables(session, [], signature_def_map={"default": signature})
            builder.save()
    (tmp_path / "module" / "tfhub_module.pb").write_bytes(b"\x08\x03")
    outputs = Inception(tmp_path / "module")(IMAGES)
    np.testing.assert_allclose(outputs["logits"], outputs["features"] @ WEIGHTS["mixing"][:, :K], rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_bias(module, tmp_path):
    logits = expected(IMAGES)[1]
    extractor = Inception(module, bias=True)
    np.testing.assert_allclose(extractor(IMAGES)["logits"], logits + WEIGHTS["bias"], rtol=1e-4)
    assert (extractor.protocol["bias"], Inception(module).protocol["bias"]) == (True, False)
    hidden = saved(tmp_path / "hidden", kind="hidden")
    with pytest.raises(ValueError, match=r"shape \(5,\).*2 fit.*bias=True"):
        Inception(hidden)
    np.testing.assert_allclose(
        Inception(hidden, bias=True)(IMAGES)["logits"], logits + WEIGHTS["bias"] + WEIGHTS["unused"], rtol=1e-4, atol=1e-5
    )


@pytest.mark.slow
def test_gray_unquantized_and_functions(module):
    extractor = Inception(module, quantize=False)
    gray = tf.constant(IMAGES[..., :1])
    features = extractor(gray)["features"]
    np.testing.assert_allclose(features, expected(np.repeat(gray, 3, axis=-1), quantize=False)[0], rtol=1e-4)
    for jit_compile in (False, True):
        compiled = tf.function(extractor, jit_compile=jit_compile)
        np.testing.assert_allclose(compiled(gray)["features"], features, rtol=1e-4)


def test_replicas(module, strategy):
    extractor = Inception(module)
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices(IMAGES[:2]).batch(2))

    @tf.function
    def step(batch):
        return strategy.run(lambda batch: extractor(batch)["logits"], args=(batch,))

    (parts,) = [strategy.experimental_local_results(step(batch)) for batch in data]
    np.testing.assert_allclose(np.concatenate(parts), expected(IMAGES[:2])[1], rtol=1e-4, atol=1e-5)


def test_protocol(module, tmp_path):
    protocol = Inception(module).protocol
    assert protocol | {"weights": ""} == {
        "extractor": "Inception",
        "quantized": True,
        "module": "inception",
        "weights": "",
        "preprocessing": "tensorflow",
        "size": 299,
        "resize": "bilinear, top-left aligned, no antialiasing",
        "input": "(x - 128) / 128",
        "bias": False,
    }
    assert Inception(module).protocol == protocol
    assert Inception(saved(tmp_path / "inception", kind="frozen")).protocol["weights"] != protocol["weights"]


def test_the_cache_of_tf_hub(tmp_path, monkeypatch):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    saved(tmp_path / hashlib.sha1(HANDLE.encode()).hexdigest())
    extractor = Inception()
    assert extractor.protocol["module"] == HANDLE
    np.testing.assert_allclose(extractor(IMAGES)["logits"], expected(IMAGES)[1], rtol=1e-4, atol=1e-5)


def refuse(handle):
    raise OSError("no network")


def test_it_cannot_be_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setitem(sys.modules, "tensorflow_hub", types.SimpleNamespace(resolve=refuse))
    with pytest.raises(FileNotFoundError, match=f"(?s)no network.*saved_model.pb.*{hashlib.sha1(HANDLE.encode()).hexdigest()}"):
        Inception()
    monkeypatch.setitem(sys.modules, "tensorflow_hub", None)
    with pytest.raises(ImportError, match="needs the package tensorflow_hub"):
        Inception()


def test_downloads(module, monkeypatch):
    asked = []

    def give(handle):
        asked.append(handle)
        return module

    monkeypatch.setitem(sys.modules, "tensorflow_hub", types.SimpleNamespace(resolve=give))
    monkeypatch.setitem(sys.modules, "kagglehub", types.SimpleNamespace(model_download=give))
    url = "https://www.kaggle.com/models/tensorflow/inception/frameworks/TensorFlow2/variations/tfgan-eval-inception/versions/1"
    handle = "tensorflow/inception/tensorFlow2/tfgan-eval-inception"
    assert Inception(url).protocol["module"] == url
    assert find_saved_model(handle) == find_saved_model(handle + "/1") == module
    assert asked == [url, handle, handle + "/1"]
    monkeypatch.setitem(sys.modules, "kagglehub", types.SimpleNamespace(model_download=refuse))
    with pytest.raises(FileNotFoundError, match=r"(?s)import kagglehub.*Copy that folder"):
        Inception(handle)
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(ImportError, match="needs the package kagglehub"):
        Inception(handle)


def test_errors(module, tmp_path):
    with pytest.raises(ValueError, match="`preprocessing` must be one of"):
        Inception(module, preprocessing="bicubic")
    with pytest.raises(FileNotFoundError, match="There is no model at .*Expected the folder of a SavedModel, a URL"):
        Inception(str(tmp_path / "missing"))
    with pytest.raises(ValueError, match="'pool_3' and 'logits'"):
        Inception(saved(tmp_path / "other", names=("features", "logits")))
    tf.saved_model.save(tf.Module(), str(tmp_path / "empty"))
    with pytest.raises(ValueError, match="not callable"):
        Inception(tmp_path / "empty")
