"""One `generate` for a GAN, an exported one, a saved one and a hub module."""

import hashlib

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.evaluation import GeneratorAdapter
from keras_gans.evaluation import SamplingOptions
from keras_gans.evaluation import load_generator
from tests import tiny
from tests.hub import stand_ins


def a_gan(classes=None, **arguments):
    return keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), **arguments)


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub") / "biggan"
    stand_ins.write_module(folder, stand_ins.biggan())
    return folder


def test_a_gan_is_sampled_as_it_samples():
    gan = a_gan(name="digits")
    generator = load_generator(gan)
    assert (generator.name, generator.conditional, generator.truncatable, generator.classes) == ("digits", False, True, None)
    assert (generator.image_shape, generator.latent_shape) == (tiny.SHAPE, (tiny.LATENTS,))
    np.testing.assert_array_equal(generator.generate(5, truncation=0.3, seed=1), gan.generate(5, truncation=0.3, seed=1))
    assert load_generator(generator) is generator
    assert load_generator(gan, "another").name == "another"


@pytest.mark.slow
@pytest.mark.parametrize("classes", [None, tiny.CLASSES])
def test_an_export_makes_the_images_of_its_gan(tmp_path, classes):
    gan = a_gan(classes)
    gan.export(tmp_path / "serving")
    generator = load_generator(tmp_path / "serving")
    assert (generator.name, generator.conditional, generator.truncatable) == (
        str(tmp_path / "serving"),
        classes is not None,
        True,
    )
    assert (generator.image_shape, generator.latent_shape) == (tiny.SHAPE, (tiny.LATENTS,))
    condition = None if classes is None else [0, 1, 2, 1, 0]
    z = np.float32(np.random.default_rng(0).normal(size=(5, tiny.LATENTS)))
    for arguments in ({"seed": 3}, {"seed": (4, 5), "truncation": 0.5}, {"latents": z}):
        expected = gan.generate(5, condition=condition, **arguments)
        np.testing.assert_allclose(generator.generate(5, condition=condition, **arguments), expected, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 64, 100, 130])
@pytest.mark.parametrize("classes", [None, tiny.CLASSES])
def test_any_number_of_images_of_a_seed_is_the_same_everywhere(tmp_path, count, classes):
    gan = a_gan(classes)
    gan.export(tmp_path / "serving")
    model = tf.saved_model.load(str(tmp_path / "serving"))
    labels = None if classes is None else np.arange(count) % classes
    expected = gan.generate(count, condition=labels, truncation=0.5, seed=(3, 4))
    assert len(np.unique(expected.round(6), axis=0)) == count
    inputs = {"batch_size": tf.constant(count), "seed": tf.constant([3, 4]), "truncation": tf.constant(0.5)}
    inputs |= {} if classes is None else {"condition": tf.constant(labels, tf.int32)}
    np.testing.assert_allclose(model.signatures["sample"](**inputs)["images"], expected, atol=1e-6)
    generator = load_generator(model)
    np.testing.assert_allclose(generator.generate(count, labels, truncation=0.5, seed=(3, 4)), expected, atol=1e-6)
    latents = gan.latents.sample(count, seed=(3, 4), truncation=0.5)
    np.testing.assert_allclose(generator.generate(count, labels, latents=latents), expected, atol=1e-6)


@pytest.mark.slow
def test_an_export_takes_one_condition_for_all(tmp_path):
    gan = a_gan(tiny.CLASSES)
    gan.export(tmp_path / "serving")
    generator = load_generator(tmp_path / "serving")
    images = generator.generate(100, condition=2, seed=0)
    np.testing.assert_array_equal(images, generator.generate(100, condition=np.full(100, 2), seed=0))
    np.testing.assert_allclose(images, gan.generate(100, condition=2, seed=0), atol=1e-6)


@pytest.mark.slow
def test_batches_of_a_gan_and_of_its_export_are_the_same(tmp_path):
    gan = a_gan(tiny.CLASSES)
    gan.export(tmp_path / "serving")
    labels = tiny.labels(10)
    options = SamplingOptions(10, 4, seed=1, truncation=0.7, condition=labels)
    both = [images_of(load_generator(source), options) for source in (gan, tmp_path / "serving")]
    np.testing.assert_allclose(*both, atol=1e-6)
    np.testing.assert_allclose(both[0][4:8], gan.generate(4, condition=labels[4:8], truncation=0.7, seed=(1, 1)), atol=1e-6)
    batches = load_generator(gan).batches(SamplingOptions(10, 4, condition=1))
    assert [(len(images), list(condition)) for images, condition in batches] == [(4, 4 * [1]), (4, 4 * [1]), (2, 2 * [1])]


def images_of(generator, options):
    return np.concatenate([images for images, _ in generator.batches(options)])


def test_a_saved_gan(tmp_path):
    gan = a_gan()
    gan.save(tmp_path / "gan.keras")
    generator = load_generator(tmp_path / "gan.keras")
    np.testing.assert_allclose(generator.generate(3, seed=0), gan.generate(3, seed=0), atol=1e-6)


@pytest.mark.slow
def test_a_hub_module(hub_folder):
    generator = load_generator(hub_folder)
    assert (generator.conditional, generator.truncatable, generator.classes) == (True, True, stand_ins.CLASSES)
    assert (generator.image_shape, generator.latent_shape) == ((8, 8, 3), (stand_ins.LATENTS,))
    z = 0.4 * keras_gans.utils.random.truncated_normal((20, stand_ins.LATENTS), tf.constant([0, 7]))
    labels = np.arange(20) % stand_ins.CLASSES
    y = np.eye(stand_ins.CLASSES, dtype="float32")[labels]
    signature = tf.saved_model.load(str(hub_folder), tags=[]).signatures["default"]
    expected = signature(z=z, y=tf.constant(y), truncation=tf.constant(0.4))["default"]
    for condition in (labels, y):
        images = generator.generate(20, condition=condition, truncation=0.4, seed=7)
        np.testing.assert_allclose(images, expected, atol=1e-6)
    np.testing.assert_allclose(generator.generate(20, condition=y, latents=z, truncation=0.4), expected, atol=1e-6)
    one = generator.generate(3, condition=2, seed=0)
    np.testing.assert_array_equal(one, generator.generate(3, condition=[2, 2, 2], truncation=1.0, seed=0))


def test_a_hub_handle_from_the_cache(hub_folder, tmp_path, monkeypatch):
    handle = "https://tfhub.dev/deepmind/biggan-128/2"
    (tmp_path / hashlib.sha1(handle.encode()).hexdigest()).symlink_to(hub_folder)
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    generator = load_generator(handle)
    assert generator.name == handle
    np.testing.assert_array_equal(
        generator.generate(2, condition=1, seed=0), load_generator(hub_folder).generate(2, condition=1, seed=0)
    )


class Constant(GeneratorAdapter):
    image_shape = (8, 8, 1)

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        return np.zeros((batch_size, *self.image_shape), "float32")


def test_a_generator_of_ones_own():
    generator = load_generator(Constant("nothing"))
    assert [len(images) for images, _ in generator.batches(SamplingOptions(5, 2))] == [2, 2, 1]
    with pytest.raises(NotImplementedError, match="must implement generate"):
        GeneratorAdapter("x").generate(1)


def test_what_is_not_a_generator(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="Expected a keras_gans.GAN"):
        load_generator(3)
    (tmp_path / "images" / "cats").mkdir(parents=True)
    (tmp_path / "images" / "cats" / "1.PNG").touch()
    message = r"is a folder of images, not a generator. FID between two folders of images:\n.*keras_gans.data.images\(real_folder"
    with pytest.raises(ValueError, match=message):
        load_generator(tmp_path / "images")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ValueError, match=message):
        load_generator("~/images")
    a_gan().save(tmp_path / "gan.keras")
    whole = (tmp_path / "gan.keras").read_bytes()
    (tmp_path / "gan.keras").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="gan.keras' is incomplete or damaged.*another checkpoint"):
        load_generator(tmp_path / "gan.keras")
    with pytest.raises(FileNotFoundError, match="There is no model at"):
        load_generator(tmp_path / "nowhere")
    archive = keras.export.ExportArchive()
    archive.track(tiny.generator())
    archive.add_endpoint("other", lambda x: 2 * x, [tf.TensorSpec((None,), tf.float32)])
    archive.write_out(str(tmp_path / "other"), verbose=False)
    with pytest.raises(ValueError, match=r"no signatures `serve` and `describe`.*Received: \['other'.*signature=..."):
        load_generator(tmp_path / "other")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "is conditional. Pass `condition`"),
        ({"condition": 1, "truncation": -1.0}, r"`truncation` must be in \[0, 1\]"),
        ({"condition": 1, "truncation": 1.5}, r"`truncation` must be in \[0, 1\], or None. Received: truncation=1.5"),
        ({"condition": [1, 2, 3]}, "length 1 or 2"),
        ({"condition": 7}, "classes 0 to 4"),
        ({"condition": 1, "latents": np.zeros((2, 3))}, r"must have shape \(2, 6\)"),
        ({"condition": 1, "latents": np.zeros((2, 6)), "seed": 1}, "leave out `truncation` and `seed`"),
    ],
)
def test_bad_arguments(hub_folder, arguments, message):
    with pytest.raises(ValueError, match=message):
        load_generator(hub_folder).generate(2, **arguments)


@pytest.mark.slow
def test_bad_arguments_of_an_export(tmp_path):
    a_gan(latents=keras_gans.latents.Uniform(tiny.LATENTS)).export(tmp_path / "serving")
    generator = load_generator(tmp_path / "serving")
    with pytest.raises(ValueError, match="have no truncation"):
        generator.generate(2, truncation=0.5)
    with pytest.raises(ValueError, match="takes no condition"):
        generator.generate(2, condition=1)
    with pytest.raises(ValueError, match="int >= 1"):
        generator.generate(0)


@pytest.mark.slow
def test_latents_are_those_of_the_samples(hub_folder, tmp_path):
    gan = a_gan()
    gan.export(tmp_path / "serving")
    for source in (gan, tmp_path / "serving"):
        generator = load_generator(source)
        z = generator.draw_latents(4, seed=(1, 2), truncation=0.5)
        expected = generator.generate(4, truncation=0.5, seed=(1, 2))
        np.testing.assert_allclose(generator.at(0.5).generate(4, latents=z), expected, atol=1e-6)
    generator = load_generator(hub_folder)
    z = generator.draw_latents(4, seed=1, truncation=0.5)
    expected = generator.generate(4, condition=1, truncation=0.5, seed=1)
    np.testing.assert_array_equal(generator.at(0.5).generate(4, condition=1, latents=z), expected)
    a_gan(latents=keras_gans.latents.Uniform(tiny.LATENTS)).export(tmp_path / "uniform")
    z = load_generator(tmp_path / "uniform").draw_latents(4, seed=1)
    np.testing.assert_array_equal(z, keras_gans.latents.Uniform(tiny.LATENTS).sample(4, (0, 1)))


def test_the_range_of_a_hub_module(hub_folder):
    plain = load_generator(hub_folder).generate(3, condition=1, seed=0)
    unit = load_generator(hub_folder, image_range=(0, 1)).generate(3, condition=1, seed=0)
    np.testing.assert_allclose(unit, 2 * plain - 1, atol=1e-6)
    with pytest.raises(ValueError, match="low < high"):
        load_generator(hub_folder, image_range=(1, 0))
    with pytest.raises(ValueError, match="`image_range` is for modules and exports that are loaded here"):
        load_generator(a_gan(), image_range=(0, 1))


@pytest.mark.slow
def test_statistics_of_batch_normalization(tmp_path):
    z, y = keras.Input((tiny.LATENTS,)), keras.Input((), dtype="int32")
    x = keras.layers.Concatenate()([z, keras.layers.Embedding(tiny.CLASSES, 4)(y)])
    x = keras.layers.BatchNormalization()(keras.layers.Dense(8)(x))
    network = keras.Model([z, y], keras.layers.Reshape(tiny.SHAPE)(keras.layers.Dense(64, "tanh")(x)))
    gan = keras_gans.GAN(network, tiny.discriminator(tiny.CLASSES), latents=tiny.LATENTS, classes=tiny.CLASSES)
    generator, labels = load_generator(gan), tiny.labels(16)

    def images(statistics, **arguments):
        return generator.with_batch_norm_statistics(statistics, **arguments).generate(
            16, condition=labels, truncation=0.1, seed=0
        )

    np.testing.assert_array_equal(images("moving"), gan.generate(16, condition=labels, truncation=0.1, seed=0))
    latents = gan.latents.sample(16, keras_gans.utils.random.make_seed(0), 0.1)
    np.testing.assert_allclose(images("batch"), network([latents, tf.constant(labels)], training=True), atol=1e-5)
    # Standing statistics follow the truncation: normalized to one deviation, the images of little latents vary as others do.
    narrow = images("standing", truncation=0.1)
    with pytest.warns(UserWarning, match="made for truncation=1.0. Received: truncation=0.1"):
        wide = images("standing", truncation=1.0)
    assert np.std(narrow, axis=0).mean() > 1.2 * np.std(wide, axis=0).mean()
    np.testing.assert_array_equal(narrow, images("standing", truncation=0.1))
    with pytest.raises(ValueError, match="`statistics` must be one of"):
        generator.with_batch_norm_statistics("standin")
    with pytest.raises(ValueError, match="has no batch normalization"):
        load_generator(a_gan()).with_batch_norm_statistics("batch")
    gan.export(tmp_path / "serving")
    with pytest.raises(ValueError, match="only for a keras_gans.GAN"):
        load_generator(tmp_path / "serving").with_batch_norm_statistics("standing")
    inputs = [keras.Input((tiny.LATENTS,)), keras.Input((1,))]
    x = keras.layers.BatchNormalization()(keras.layers.Dense(64)(keras.layers.Concatenate()(inputs)))
    scores = keras.layers.Dense(1)(
        keras.layers.Concatenate()([keras.layers.Flatten()(image := keras.Input(tiny.SHAPE)), inputs[1]])
    )
    unknown = keras_gans.GAN(
        keras.Model(inputs, keras.layers.Reshape(tiny.SHAPE)(x)), keras.Model([image, inputs[1]], scores), latents=tiny.LATENTS
    )
    with pytest.raises(ValueError, match="does not know its classes"):
        load_generator(unknown).with_batch_norm_statistics("standing")


def a_gan_of_vectors(width=4):
    z, vector = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((width,), name="attributes")
    images = keras.layers.Dense(64, "tanh")(keras.layers.Concatenate()([z, vector]))
    return keras_gans.GAN(keras.Model([z, vector], keras.layers.Reshape(tiny.SHAPE)(images)), tiny.discriminator())


@pytest.mark.parametrize("num_samples", [4, 6])
def test_one_vector_for_all_is_told_from_one_number_for_each(num_samples):
    generator, vector = load_generator(a_gan_of_vectors()), np.array([0.1, 0.2, 0.3, 0.4])
    ((images, condition),) = generator.batches(SamplingOptions(num_samples, condition=vector))
    np.testing.assert_array_equal(condition, np.tile(vector, (num_samples, 1)))
    np.testing.assert_array_equal(images, generator.generate(num_samples, condition=vector[None], seed=(0, 0)))
    found = keras_gans.evaluation.evaluate(generator, None, [], num_samples=num_samples, condition=vector, progress=False)
    np.testing.assert_array_equal(found.analyses["samples"].value, images)
    if num_samples == 4:
        with pytest.raises(ValueError, match="Received: 4 integers, which are labels"):
            next(generator.batches(SamplingOptions(num_samples, condition=np.arange(4))))


def test_one_number_for_each_where_conditions_are_numbers():
    ((_, condition),) = load_generator(a_gan(tiny.CLASSES)).batches(SamplingOptions(4, condition=[0, 2, 1, 0]))
    np.testing.assert_array_equal(condition, [0, 2, 1, 0])
