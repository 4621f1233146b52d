"""Published generators, from the packages' caches and from folders: stand-ins with their names and signatures."""

import hashlib
import pathlib
import runpy
import shutil
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import hub
from keras_gans.latents import Normal
from keras_gans.latents import Uniform
from tests import tiny
from tests.evaluation.pieces import Pieces
from tests.hub import stand_ins


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache as tensorflow-hub keeps it, with modules under their real handles."""
    folder = tmp_path_factory.mktemp("cache")
    modules = {
        "deepmind/biggan-128/2": stand_ins.biggan(120, 1000),
        "deepmind/biggan-128/1": stand_ins.biggan(120, 1000, late=True),
        "deepmind/bigbigan-resnet50/1": stand_ins.bigbigan,
        "google/progan-128/1": stand_ins.progan,
        "google/compare_gan/model_11_cifar10_resnet_cifar/1": stand_ins.compare_gan,
        "google/compare_gan/s3gan_10_128x128/1": stand_ins.s3gan,
    }
    for handle, make in modules.items():
        stand_ins.write_module(folder / hashlib.sha1(f"https://tfhub.dev/{handle}".encode()).hexdigest(), make)
    return folder


@pytest.fixture(autouse=True)
def _offline(cache, monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(cache))
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path / "kaggle"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub") / "biggan"
    stand_ins.write_module(folder, stand_ins.biggan())
    return folder


def raw(cache, handle):
    path = cache / hashlib.sha1(f"https://tfhub.dev/{handle}".encode()).hexdigest()
    return tf.saved_model.load(str(path), tags=[])


def truncated(count, dimensions, seed=7):
    return keras_gans.utils.random.truncated_normal((count, dimensions), tf.constant([0, seed]))


NAMES = ["deepmind/biggan-128", "deepmind/biggan-128/2", "https://tfhub.dev/deepmind/biggan-128/2"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [NAMES[0], *NAMES[1:], "https://tfhub.dev/deepmind/biggan-128"])
def test_a_biggan_module_gives_what_its_signature_gives_to_the_bit(cache, name):
    generator = hub.load(name)
    assert generator.name == name
    assert (generator.latent_shape, generator.classes, generator.image_range) == ((120,), 1000, (-1.0, 1.0))
    assert generator.truncation_range == (0.02, 1.0)
    assert generator.info is hub.list()[0]
    labels, module = [11, 207, 11], raw(cache, "deepmind/biggan-128/2")
    y = np.eye(1000, dtype="float32")[labels]
    for truncation in (0.4, None):  # none stands for 1
        scale = 1.0 if truncation is None else truncation
        z = scale * truncated(3, 120)
        expected = module.signatures["default"](z=z, y=tf.constant(y), truncation=tf.constant(scale))["default"]
        for condition in (labels, y, ["goldfinch", "golden_retriever", "Carduelis carduelis"]):
            np.testing.assert_array_equal(generator.generate(3, condition, truncation=truncation, seed=7), expected)
        arguments = {} if truncation is None else {"truncation": truncation}
        np.testing.assert_array_equal(generator.generate(3, labels, latents=z, **arguments), expected)
    assert type(generator.latents) is Normal
    np.testing.assert_array_equal(generator.latents.sample(3, (0, 7)), truncated(3, 120))


@pytest.mark.slow
def test_mixtures_of_classes(cache):
    generator, z = hub.load(NAMES[0]), truncated(2, 120)
    mixture = np.zeros((2, 1000), "float32")
    mixture[:, [11, 207]] = [[0.3, 0.7], [0.5, 0.5]]
    expected = raw(cache, "deepmind/biggan-128/2").signatures["default"](z=z, y=mixture, truncation=tf.constant(1.0))["default"]
    np.testing.assert_array_equal(generator.generate(2, mixture, latents=z), expected)


@pytest.mark.slow
def test_version_1_uses_the_truncation_of_this_call(cache):
    late, right = hub.load("deepmind/biggan-128/1"), hub.load("deepmind/biggan-128/2")
    signature, z = raw(cache, "deepmind/biggan-128/1").signatures["default"], truncated(2, 120)
    y = tf.one_hot([3, 4], 1000)
    first, second = (signature(z=z, y=y, truncation=tf.constant(0.5))["default"] for _ in range(2))
    assert np.abs(first - second).max() > 0.01  # the race is there
    for truncation in (0.3, 0.9, 0.2):
        expected = right.generate(20, 3, truncation=truncation, seed=1)
        np.testing.assert_allclose(late.generate(20, 3, truncation=truncation, seed=1), expected, atol=1e-6)
    path = cache / hashlib.sha1(b"https://tfhub.dev/deepmind/biggan-128/1").hexdigest()
    asked = hub.load(path, warm_up=True)
    expected = right.generate(2, 3, truncation=0.7, seed=1)
    np.testing.assert_allclose(asked.generate(2, 3, truncation=0.7, seed=1), expected, atol=1e-6)


@pytest.mark.slow
def test_bigbigan(cache):
    generator, module = hub.load("deepmind/bigbigan-resnet50"), raw(cache, "deepmind/bigbigan-resnet50/1")
    assert (generator.latent_shape, generator.classes, generator.image_shape) == ((120,), None, (8, 8, 3))
    z = keras_gans.utils.random.normal((2, 120), (0, 7))
    images = generator.generate(2, seed=7)
    np.testing.assert_array_equal(images, module.signatures["generate"](z=z)["default"])
    real = tiny.images(2, (16, 16, 3))
    encoded = module.signatures["encode"](x=tf.constant(real))
    np.testing.assert_array_equal(generator.encode(real), encoded["z_mean"])
    np.testing.assert_array_equal(generator.encode(real, "z_sample"), encoded["z_sample"])
    scores = generator.discriminate(images, z)
    assert sorted(scores) == ["score_x", "score_xz", "score_z"]
    np.testing.assert_allclose(scores["score_xz"], scores["score_x"] + scores["score_z"], atol=1e-4)
    half = real.reshape(2, 8, 2, 8, 2, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(generator.discriminate(real, z)["score_x"], generator.discriminate(half, z)["score_x"], atol=1e-4)
    with pytest.raises(ValueError, match=r"`x` must have shape \(None, 16, 16, 3\). Received: \(2, 8, 8, 3\)"):
        generator.encode(images)
    with pytest.raises(ValueError, match="`x` must be finite. Received: 768 of 1536 values"):
        generator.encode(real * np.float32([[[[1]]], [[[np.nan]]]]))
    with pytest.raises(ValueError, match="`z` must be finite. Received: 240 of 240 values"):
        generator.discriminate(images, z * np.nan)
    with pytest.raises(ValueError, match="The encoder gives.*Received: output='mean'"):
        generator.encode(real, "mean")
    with pytest.raises(ValueError, match="has no signature 'encode'"):
        hub.load("deepmind/biggan-128").encode(real)


def test_progan_ranges_from_0_to_1():
    generator = hub.load("google/progan-128")
    images = generator.generate(5, seed=0)
    assert (generator.image_range, generator.latent_shape) == ((0.0, 1.0), (512,))
    assert 0.0 <= images.min() < 0.4 < 0.6 < images.max() <= 1.0
    np.testing.assert_allclose(keras_gans.evaluation.load_generator(generator).generate(5, seed=0), 2 * images - 1, atol=1e-6)
    np.testing.assert_array_equal(hub.load("google/progan-128", image_range=(-1, 1)).generate(5, seed=0), images)


@pytest.mark.parametrize("count", [1, 64, 70])
def test_a_module_of_a_fixed_batch_takes_any(cache, count):
    generator = hub.load("google/compare_gan/model_11_cifar10_resnet_cifar")
    assert type(generator.latents) is Uniform
    z = np.zeros((128, 128), "float32")
    z[:count] = Uniform(128).sample(count, (0, 3))
    signature = raw(cache, "google/compare_gan/model_11_cifar10_resnet_cifar/1").signatures["generator"]
    expected = np.concatenate([signature(z=tf.constant(part))["default"] for part in (z[:64], z[64:])])[:count]
    np.testing.assert_array_equal(generator.generate(count, seed=3), expected)
    assert generator.as_sampler().chunk == 64


def test_integer_labels(cache):
    generator = hub.load("google/compare_gan/s3gan_10_128x128")
    z = keras_gans.utils.random.normal((2, 120), (0, 7))
    signature = raw(cache, "google/compare_gan/s3gan_10_128x128/1").signatures["default"]
    expected = signature(z=z, labels=tf.constant([11, 11]))["default"]
    for condition in (11, "goldfinch", [11, 11]):
        np.testing.assert_array_equal(generator.generate(2, condition, seed=7), expected)
    with pytest.raises(ValueError, match="classes 0 to 999"):
        generator.generate(2, 1000)


@pytest.mark.slow
def test_kaggle(tmp_path, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)  # what is there needs no package, and no network
    cached = tmp_path / "kaggle" / "models" / "deepmind" / "biggan" / "tensorFlow1" / "deep-128" / "1"
    cached.parent.mkdir(parents=True)
    cached.symlink_to(folder)
    url = "https://www.kaggle.com/models/deepmind/biggan/frameworks/TensorFlow1/variations/deep-128/versions/1"
    (tmp_path / hashlib.sha1(url.encode()).hexdigest()).symlink_to(folder)
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    expected = hub.load(folder).generate(2, 1, seed=0)
    for handle in ("deepmind/biggan/tensorFlow1/deep-128/1", url):
        generator = hub.load(handle)
        assert (generator.info.name, generator.truncation_range) == ("deepmind/biggan-deep-128", (0.0, 1.0))
        np.testing.assert_array_equal(generator.generate(2, 1, seed=0), expected)


@pytest.mark.slow
def test_the_sampler_is_a_layer_of_functional_models(folder, tmp_path):
    generator = hub.load(folder)
    z, y = keras.Input((6,)), keras.Input((), dtype="int32")
    rows = keras.layers.CategoryEncoding(5, output_mode="one_hot")(keras.layers.Reshape((1,))(y))
    truncation = keras.layers.Lambda(lambda z: 0.5 * keras.ops.ones_like(z[:, 0]), output_shape=())(z)
    images = generator.sampler({"latents": z, "condition": rows, "truncation": truncation})
    model = keras.Model([z, y], keras.layers.GlobalAveragePooling2D()(images))
    latents = np.float32(np.random.default_rng(0).normal(size=(7, 6)))
    expected = generator.generate(7, 2, latents=latents, truncation=0.5)
    np.testing.assert_allclose(model.predict([latents, np.full(7, 2)], verbose=0), expected.mean(axis=(1, 2)), atol=1e-6)
    generator.sampler.save(tmp_path / "sampler.keras")
    values = {"latents": latents, "condition": np.eye(5)[7 * [2]], "truncation": np.full(7, 0.5)}
    again = keras.saving.load_model(tmp_path / "sampler.keras")
    np.testing.assert_array_equal(again(values), generator.sampler(values))
    in_memory = hub.load(tf.saved_model.load(str(folder), tags=[]))
    np.testing.assert_array_equal(in_memory.generate(3, 1, seed=1), generator.generate(3, 1, seed=1))
    with pytest.raises(ValueError, match="from a SavedModel in memory"):
        in_memory.sampler.save(tmp_path / "memory.keras")
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError), match="truncation is one value for the whole batch"):
        generator.sampler({**values, "truncation": np.linspace(0.1, 1, 7)})


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_gradients_flow_to_the_latents(folder, jit_compile):
    network, y = hub.load(folder).sampler, tf.one_hot([1, 2], 5)

    @tf.function(jit_compile=jit_compile)
    def brightness(z):
        return tf.reduce_mean(network({"latents": z, "condition": y, "truncation": tf.ones(2)}))

    z = tf.constant(np.random.default_rng(0).normal(size=(2, 6)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = brightness(z)
    gradient = tape.gradient(value, z)
    step = np.zeros((2, 6), "float32")
    step[1, 3] = 1e-2
    difference = (brightness(z + step) - brightness(z - step)) / 2e-2
    np.testing.assert_allclose(gradient[1, 3], difference, rtol=1e-2)


class Sphere(keras_gans.latents.Latents):
    def sample(self, batch_size, seed, truncation=None):
        z = keras_gans.utils.random.normal((batch_size, *self.shape), seed)
        return z / tf.norm(z, axis=-1, keepdims=True)


@pytest.mark.slow
@pytest.mark.parametrize("latents", [None, Sphere(tiny.LATENTS), Uniform(tiny.LATENTS), Normal(tiny.LATENTS, "resampling", 1.0)])
def test_an_export(tmp_path, latents):
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES), latents, classes=tiny.CLASSES)
    gan.export(tmp_path / "1", max_batch_size=21)
    generator = hub.load(tmp_path / "1")
    assert (generator.classes, generator.image_shape, generator.latent_shape) == (tiny.CLASSES, tiny.SHAPE, (tiny.LATENTS,))
    labels = tiny.labels(20)
    np.testing.assert_allclose(generator.generate(20, labels, seed=(3, 4)), gan.generate(20, labels, seed=(3, 4)), atol=1e-6)
    np.testing.assert_allclose(generator.latents.sample(20, (3, 4)), gan.latents.sample(20, (3, 4)), atol=1e-6)
    if gan.latents.truncatable:
        expected = gan.generate(3, 0, truncation=0.5, seed=1)
        np.testing.assert_allclose(generator.generate(3, 0, truncation=0.5, seed=1), expected, atol=1e-6)
        assert generator.truncation_range == (0.0, float("inf"))
    else:
        assert generator.truncation_range is None
        with pytest.raises(ValueError, match="no truncation"):
            generator.generate(3, 0, truncation=0.5)


@pytest.mark.slow
def test_an_export_of_a_uniform_prior_keeps_its_bounds(tmp_path):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), Uniform(tiny.LATENTS, -0.5, 2.0))
    gan.export(tmp_path / "1")
    prior = hub.load(tmp_path / "1").latents
    assert (type(prior), prior.low, prior.high, prior.shape) == (Uniform, -0.5, 2.0, (tiny.LATENTS,))


@pytest.mark.slow
def test_an_export_of_batch_statistics_makes_its_own_images(tmp_path):
    z = keras.Input((tiny.LATENTS,), name="latents")
    x = keras.layers.BatchNormalization()(keras.layers.Dense(64)(z))
    network = keras.Model(z, keras.layers.Reshape(tiny.SHAPE)(x))
    sampler = keras_gans.export.Sampler(network, Normal(tiny.LATENTS)).with_batch_norm_statistics("batch")
    keras_gans.export.export_sampler(sampler, tmp_path / "1")
    np.testing.assert_allclose(hub.load(tmp_path / "1").generate(64, seed=1), sampler.generate(64, seed=1), atol=1e-5)


@pytest.mark.slow
def test_the_newest_of_several_versions(tmp_path):
    first, second = (keras_gans.GAN(tiny.generator(), tiny.discriminator()) for _ in range(2))
    for gan in (first, second):
        gan.export(tmp_path / "digits", version="auto")
    np.testing.assert_allclose(hub.load(tmp_path / "digits").generate(2, seed=1), second.generate(2, seed=1), atol=1e-6)
    with pytest.raises(ValueError, match=r"\['inputs', 'output'\] are not of an export"):
        hub.load(tmp_path / "digits", inputs={"latents": "z"}, output="images")
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file, and version"):
        first.export(tmp_path / "file", version="auto")


def test_a_model_is_loaded_once(folder, monkeypatch):
    loads, load = [], tf.saved_model.load
    monkeypatch.setattr(tf.saved_model, "load", lambda *given, **named: loads.append(given) or load(*given, **named))
    hub.load(folder)
    assert len(loads) == 1


@pytest.mark.slow
def test_an_export_of_small_batches_makes_many_images(tmp_path):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.export(tmp_path / "1", max_batch_size=3)
    np.testing.assert_allclose(hub.load(tmp_path / "1").generate(8, seed=1), gan.generate(8, seed=1), atol=1e-6)


@pytest.mark.slow
def test_an_export_of_several_conditions_in_0_to_1(tmp_path):
    z, kind, angle = (
        keras.Input((6,), name="latents"),
        keras.Input((), dtype="int32", name="kind"),
        keras.Input((1,), name="angle"),
    )
    x = keras.layers.Concatenate()([z, keras.layers.Embedding(3, 2)(kind), angle])
    network = keras.Model([z, kind, angle], keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64, "sigmoid")(x)))
    sampler = keras_gans.export.Sampler(network, Normal(6), {"kind": 3})
    keras_gans.export.export_sampler(sampler, tmp_path / "1")
    generator = hub.load(tmp_path / "1")
    condition = {"kind": [0, 1, 2], "angle": np.ones((3, 1))}
    assert generator.image_range == (0.0, 1.0)
    np.testing.assert_allclose(generator.generate(3, condition, seed=0), sampler.generate(3, condition, seed=0), atol=1e-6)


@pytest.mark.slow
def test_a_published_generator_is_exported(folder, tmp_path):
    generator = hub.load(folder)
    assert generator.export(tmp_path / "1") == str(tmp_path / "1")
    again = hub.load(tmp_path / "1")
    assert (again.classes, again.truncation_range) == (generator.classes, generator.truncation_range)
    for truncation in (None, 0.4):
        expected = generator.generate(20, 3, truncation=truncation, seed=2)
        np.testing.assert_allclose(again.generate(20, 3, truncation=truncation, seed=2), expected, atol=1e-6)


def test_any_saved_model_with_a_signature_that_samples(tmp_path):
    module = tf.Module()
    module.kernel = tf.Variable(np.random.default_rng(0).normal(size=(4, 12)), dtype=tf.float32)

    @tf.function(input_signature=[tf.TensorSpec((None, 4), name="code"), tf.TensorSpec((None,), tf.int64, name="digit")])
    def draw(code, digit):
        pictures = tf.reshape(tf.tanh(code @ module.kernel), (-1, 2, 2, 3)) * tf.cast(digit, tf.float32)[:, None, None, None]
        return {"pictures": pictures, "digits": digit}

    tf.saved_model.save(module, str(tmp_path / "model"), signatures={"draw": draw})
    with pytest.raises(ValueError, match=r"Received: \['draw'\]. Say which makes images"):
        hub.load(tmp_path / "model")
    with pytest.raises(ValueError, match="is not a generator that can be sampled.*inputs="):
        hub.load(tmp_path / "model", signature="draw")
    own = {"latents": "code", "condition": "digit"}
    with pytest.raises(ValueError, match=r"outputs \['digits', 'pictures'\]. Received: output=None"):
        hub.load(tmp_path / "model", signature="draw", inputs=own)
    generator = hub.load(tmp_path / "model", "mine", "draw", own, "pictures", Uniform(4), 10)
    z = Uniform(4).sample(3, (0, 5))
    expected = draw(z, tf.constant([1, 2, 3], tf.int64))["pictures"]
    np.testing.assert_array_equal(generator.generate(3, [1, 2, 3], seed=5), expected)
    with pytest.raises(ValueError, match="classes 0 to 9"):
        generator.generate(1, 10)
    with pytest.raises(ValueError, match=r"has the signatures \['draw'\]. Received: signature='serve'"):
        hub.load(tmp_path / "model", signature="serve")
    with pytest.raises(ValueError, match='must name "latents"'):
        hub.load(tmp_path / "model", signature="draw", inputs={"z": "code"})
    with pytest.raises(ValueError, match="Name each of them once"):
        hub.load(tmp_path / "model", signature="draw", inputs={"latents": "code"})


def test_the_known_modules_are_those_published():
    known = {info.name: info for info in hub.list()}
    latents = {"biggan-128": 120, "biggan-256": 140, "biggan-512": 128, "bigbigan-resnet50": 120, "bigbigan-revnet50x4": 120}
    latents |= {f"biggan-deep-{size}": 128 for size in (128, 256, 512)}
    assert {name: known[f"deepmind/{name}"].latents.shape[0] for name in latents} == latents
    assert known["deepmind/biggan-256"].versions == (1, 2)
    assert known["deepmind/biggan-deep-256"].handle == "https://tfhub.dev/deepmind/biggan-deep-256/1"
    assert known["deepmind/biggan-deep-256"].truncation_range == (0.0, 1.0)
    assert known["google/progan-128"].latents.shape == (512,)


def test_names_of_classes():
    names = hub.imagenet_classes()
    assert len(names) == 1000
    assert [names[index][0] for index in (0, 1, 11, 207, 999)] == [
        "tench",
        "goldfish",
        "goldfinch",
        "golden retriever",
        "toilet tissue",
    ]
    generator = hub.load("deepmind/biggan-128")
    np.testing.assert_array_equal(generator.generate(2, ["goldfinch", "11"], seed=0), generator.generate(2, 11, seed=0))
    with pytest.raises(ValueError, match="There is no class 'goldfinhc'. Near: goldfinch"):
        generator.generate(1, "goldfinhc")
    with pytest.raises(ValueError, match=r"2 classes are called 'crane': 134 \(crane\), 517 \(crane\)"):
        generator.generate(1, "crane")
    with pytest.raises(ValueError, match="There is no class 'retriever'. Near:.*retriever"):
        generator.generate(1, "retriever")


def test_names_of_classes_where_there_are_none(folder):
    with pytest.raises(ValueError, match="have no names. Received: condition='goldfinch'"):
        hub.load(folder).generate(1, "goldfinch")


@pytest.mark.parametrize(
    ("source", "arguments", "message"),
    [
        ("deepmind/biggan-128/3", {}, r"has the versions \(1, 2\). Received: version 3"),
        ("google/compare_gan/model_11", {}, "There is no published generator"),
        ("deepmind/biggan-1024", {}, "There is no published generator.*Near:.*deepmind/biggan-128"),
        ("gan.keras", {}, "is a file that Keras saved.*load_model"),
        ("stylegan2-ffhq-1024x1024.pkl", {}, "runs the code in it.*Convert it.*License"),
        ("StyleGAN3.PKL", {}, "runs the code in it"),
        ("https://example.org/ffhq.pkl?download=1", {}, "runs the code in it"),
        (3, {}, "Expected a name of keras_gans.hub.list"),
        (NAMES[0], {"latents": 3}, "must be keras_gans.latents.Latents"),
        (NAMES[0], {"image_range": (1, 0)}, "low < high"),
        (NAMES[0], {"image_range": 1}, "low < high"),
    ],
)
def test_bad_sources(source, arguments, message):
    with pytest.raises(ValueError, match=message):
        hub.load(source, **arguments)


def test_a_folder_without_a_model_and_a_path_with_a_slip(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="There is no model at"):
        hub.load(tmp_path)
    (tmp_path / "runs" / "dcgan").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for path in ("runs/dcgan/serving/1", "nothing"):
        with pytest.raises(FileNotFoundError, match=f"There is no model at '{path}'"):
            hub.load(pathlib.Path(path))


def test_a_file_in_place_of_a_folder(folder, tmp_path):
    with pytest.raises(ValueError, match=f"biggan/saved_model.pb', a file. Pass the folder that it is in, '{folder}'"):
        hub.load(folder / "saved_model.pb")
    (tmp_path / "module.tar.gz").write_text("")
    with pytest.raises(ValueError, match="module.tar.gz', a file. Unpack an archive"):
        hub.load(tmp_path / "module.tar.gz")


def test_a_newest_version_that_is_empty_is_passed_over(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "model" / "1")
    (tmp_path / "model" / "2").mkdir()
    assert hub.load(tmp_path / "model").latents.shape == (6,)


def test_a_layer_remembers_where_its_model_is(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder.parent)
    layer = hub.SignatureLayer(folder.name, inputs={"latents": "z", "condition": "y", "truncation": "truncation"})
    monkeypatch.chdir(tmp_path)
    assert layer.get_config()["saved_model"] == str(folder)
    monkeypatch.setenv("HOME", str(folder.parent))
    assert hub.load(f"~/{folder.name}").latents.shape == (6,)


@pytest.mark.parametrize("file", ["saved_model.pb", "variables/variables.data-00000-of-00001", "variables/variables.index"])
def test_a_damaged_model_is_said_to_be(folder, tmp_path, file):
    shutil.copytree(folder, tmp_path / "copy")
    whole = (tmp_path / "copy" / file).read_bytes()
    (tmp_path / "copy" / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="incomplete or damaged.*again"):
        hub.load(tmp_path / "copy")


def test_a_path_that_tensorflow_takes_for_a_pattern(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "run[1]")
    with pytest.raises(ValueError, match=r"TensorFlow takes \[, \* and \? in a path for patterns.*run\[1\]'. Rename the folder"):
        hub.load(tmp_path / "run[1]")


def test_a_module_that_has_lost_the_mark_of_its_format(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "tfhub_module.pb").unlink()
    np.testing.assert_array_equal(hub.load(tmp_path / "copy").generate(2, 1, seed=0), hub.load(folder).generate(2, 1, seed=0))


@pytest.mark.parametrize(
    ("truncation", "message"), [(0.01, r"in \[0.02, 1\], or None. Received: truncation=0.01"), (1.5, r"in \[0.02, 1\]")]
)
def test_the_published_range_of_truncations(truncation, message):
    with pytest.raises(ValueError, match=message):
        hub.load("deepmind/biggan-128").generate(1, 1, truncation=truncation)


@pytest.mark.parametrize("of_names", [True, False])
def test_the_example(tmp_path, monkeypatch, capsys, folder, of_names):
    handle, label, other = ("deepmind/biggan-128", "goldfinch", "daisy") if of_names else (folder, "1", None)
    arguments = ["--handle", handle, "--class", label, "--samples", "4", "--steps", "3"]
    arguments += [] if other is None else ["--to-class", other]
    monkeypatch.setattr(sys, "argv", ["biggan_hub.py", *map(str, arguments), "--output", str(tmp_path)])
    runpy.run_path(str(pathlib.Path(__file__).parents[2] / "examples" / "biggan_hub.py"), run_name="__main__")
    assert sorted(path.stem for path in tmp_path.glob("*.png")) == ["classes", "latents", "samples", "truncations"]
    assert len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.slow
def test_inversion_curve_and_paths_of_published_generators():
    generator = hub.load("deepmind/biggan-128")
    images, y = generator.generate(2, "goldfinch", seed=0), tf.one_hot([11, 11], 1000)

    def goldfinches(z):
        return generator.sampler({"latents": z, "condition": y, "truncation": tf.ones(2)})

    found = keras_gans.evaluation.invert(goldfinches, images, 120, prior=generator.latents, starts=1, steps=30)
    assert (found.losses < np.sum((goldfinches(generator.latents.sample(2, (0, 1))) - images) ** 2, axis=(1, 2, 3))).all()
    real = tiny.images(8, (8, 8, 3))
    points = keras_gans.evaluation.truncation_curve(generator, Pieces(), real, (0.5, 1.0), num_samples=8, condition=11)
    assert [point["truncation"] for point in points] == [0.5, 1.0]
    latents = keras_gans.evaluation.load_generator(generator).draw_latents(2, 0)
    path = keras_gans.evaluation.interpolate(generator, latents[:1], latents[1:], steps=3, condition=[11])
    np.testing.assert_allclose(np.reshape(path, (3, 8, 8, 3))[0], images[0], atol=1e-5)


@pytest.mark.slow
def test_evaluation_of_a_published_generator(tmp_path):
    result = keras_gans.evaluation.evaluate(
        "deepmind/biggan-128",
        (tiny.images(8, (8, 8, 3)), np.full(8, 11)),
        [keras_gans.metrics.MSSSIM(power_factors=[1.0], pairs=4)],
        num_samples=8,
        batch_size=4,
        truncation=0.5,
        condition="goldfinch",
        analyses=("samples", "interpolation"),
        output=tmp_path,
        progress=False,
    )
    assert not result.failed
    assert np.isfinite(list(result.figures.values())).all()
