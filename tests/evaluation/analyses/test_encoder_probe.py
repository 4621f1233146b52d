"""Probes of an encoder, in an evaluation."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import linear_probe
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import nearest_neighbor_probe
from keras_gans.evaluation.analyses.linear_probe import labelled_halves
from tests import tiny
from tests.conformance import stand_ins

OPTIONS = {"analyses": ["encoder_probe"], "num_samples": 4, "progress": False}


def bigan(features=None):
    """A BiGAN, whose encoder has a layer of this name."""
    images = keras.Input(tiny.SHAPE, name="images")
    x = layers.Dense(5, "relu", name=features)(layers.Flatten()(images))
    encoder = keras.Model(images, layers.Dense(tiny.LATENTS, name="latents")(x))
    return keras_gans.BiGAN(tiny.generator(), encoder, stand_ins.judging_pairs_of_codes())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "layer", "width"), [("features", "features", 5), (None, "latents", tiny.LATENTS)])
def test_halves_and_features(name, layer, width):
    gan, images, labels = bigan(name), tiny.images(30), tiny.labels(30)
    found = evaluate(gan, (images, labels), **OPTIONS)
    features = gan.encode(images) if name is None else gan.encoder.layers[2](images.reshape(30, -1)).numpy()
    halves, drawn = labelled_halves(features, labels, seed=0)
    assert found.analyses["encoder_probe"].figures == {
        "linear_accuracy": linear_probe(*halves, "svm"),
        "nearest_neighbor_accuracy": nearest_neighbor_probe(*halves),
    }
    protocol = found.records[-1]["protocol"]
    assert (protocol["layer"], protocol["features"], protocol["samples"]) == (layer, width, {"train": 15, "test": 15})
    assert protocol["halves"] == drawn["halves"] == "random, stratified by class"


@pytest.mark.slow
@pytest.mark.parametrize("told", ["age", "age and gender", "nothing"])
def test_rows_of_labels_are_classes(told):
    """Signed, as CAAE's, or not: they are probed as the labels that they stand for; of several the first, the age."""
    images, labels = tiny.images(30), tiny.labels(30)
    rows = keras_gans.data.signed_one_hot(labels, tiny.CLASSES)
    widths = {"age": tiny.CLASSES, "gender": 2} if told == "age and gender" else {"age": tiny.CLASSES}
    if told == "nothing":
        gan, forms = bigan(), (rows, (rows + 1) / 2)
    else:
        network, shape = keras_gans.networks.caae, (8, 8, 1)
        generator = network.generator(shape, latents=tiny.LATENTS, ages=tiny.CLASSES, genders=widths.get("gender"), filters=4)
        gan = keras_gans.CAAE(generator, network.encoder(shape, tiny.LATENTS, filters=4))
        gender = {"gender": keras_gans.data.signed_one_hot(np.arange(30) % 2, 2)}
        forms = ({"age": rows, **gender},) if told == "age and gender" else (rows, {"age": rows})
    features = gan.encode(images)
    if "features" in [layer.name for layer in gan.encoder.layers]:
        features = keras_gans.utils.networks.output_of_layer(gan.encoder, "features")
        features = keras.Model(gan.encoder.inputs, features).predict(images, verbose=0).reshape(30, -1)
    halves, _ = labelled_halves(features, labels, seed=0)
    expected = {
        "linear_accuracy": linear_probe(*halves, "svm"),
        "nearest_neighbor_accuracy": nearest_neighbor_probe(*halves),
    }
    for form in forms:
        found = evaluate(gan, (images, form), **{**OPTIONS, "num_samples": 30})
        assert found.analyses["encoder_probe"].figures == expected


@pytest.mark.slow
def test_attributes_are_no_classes():
    attributes = np.where(np.random.default_rng(0).uniform(size=(8, 3)) < 0.5, 1, -1)
    found = evaluate(bigan(), (tiny.images(8), attributes), **OPTIONS)
    assert found.skipped == {"encoder_probe": "There must be at least two real images, each with one class."}


@pytest.mark.slow
def test_where_there_is_no_encoder_or_no_label():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    found = evaluate(gan, (tiny.images(8), tiny.labels(8)), **OPTIONS)
    assert found.skipped == {"encoder_probe": "The generator has no encoder."}
    assert evaluate(bigan(), tiny.images(8), **OPTIONS).skipped == {"encoder_probe": "There are no labels of real images."}


def test_the_encoder_gets_images_of_its_own_range():
    network = keras_gans.networks.bigan
    gan = keras_gans.BiGAN(*(build(units=4) for build in (network.generator, network.encoder, network.discriminator)))
    images = tiny.images(3, (28, 28, 1))
    np.testing.assert_allclose(load_generator(gan).encode(images), gan.encode((images + 1) / 2), atol=1e-5)


@pytest.mark.slow
def test_the_encoder_of_a_gan_and_of_its_export(tmp_path):
    gan, images = bigan(), tiny.images(70)
    for source in (gan, gan.export(tmp_path / "1")):
        generator = load_generator(source)
        np.testing.assert_allclose(generator.encode(images), gan.encode(images), atol=1e-5)
    assert load_generator(keras_gans.GAN(tiny.generator(), tiny.discriminator())).encoder is None


def test_data_that_are_sorted_by_class():
    labels = np.repeat([0, 1], 10)
    images = np.full((20, *tiny.SHAPE), 0.5, "float32") * (2 * labels - 1)[:, None, None, None]
    images += 0.1 * tiny.images(20)
    found = evaluate(bigan(), (images, labels), **OPTIONS)
    assert found.analyses["encoder_probe"].figures["nearest_neighbor_accuracy"] == 1
