"""Evaluating generators of several conditions."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import reconstruction_errors
from keras_gans.evaluation import truncation_curve
from keras_gans.explore import Explorer
from keras_gans.metrics import FID
from keras_gans.metrics import IntraFID
from tests import tiny
from tests.evaluation.pieces import Pieces
from tests.models.test_codes_caae import AGES
from tests.models.test_codes_caae import GENDERS
from tests.models.test_codes_caae import IMAGES
from tests.models.test_codes_caae import caae

LABELS = {"age": AGES, "gender": GENDERS}
SMALL = {"num_samples": 8, "batch_size": 4, "progress": False}


@pytest.mark.slow
def test_caae_with_age_and_gender():
    gan = caae(gender=True, compiled=False)
    analyses = {
        "samples": {},
        "reconstruction": {},
        "encoder_probe": {},
        "inversion": {"count": 2, "steps": 2},
        "interpolation": {},
    }
    found = evaluate(gan, (IMAGES, LABELS), [FID(Pieces())], analyses=analyses, **SMALL)
    assert not found.failed and not found.skipped
    probe = next(record["protocol"] for record in found.records if "encoder_probe" in str(record))
    assert probe["label"] == "age"
    errors = reconstruction_errors(IMAGES, gan.reconstruct(IMAGES, LABELS))
    np.testing.assert_allclose(found.analyses["reconstruction"].value.l1, errors.l1, atol=1e-4)
    sampling = found.records[0]["protocol"]["sampling"]
    assert sampling["condition"] == "labels of the real images"
    batches = [gan.generate(4, condition=LABELS, seed=(0, number)) for number in range(2)]
    np.testing.assert_allclose(found.analyses["samples"].value, np.concatenate(batches), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["pair of a tuple", "dict"])
def test_forms_of_data(form):
    gan = caae(gender=True, compiled=False)
    data = {"dict": {"image": IMAGES, **LABELS}, "pair of a tuple": (IMAGES, (AGES, GENDERS))}[form]
    found = evaluate(gan, data, [FID(Pieces())], analyses=["samples"], **SMALL)
    expected = evaluate(gan, (IMAGES, LABELS), [FID(Pieces())], analyses=["samples"], **SMALL)
    assert found.figures == expected.figures


def test_conditions_that_are_given():
    gan = caae(gender=True, compiled=False)
    for gender in (GENDERS[:1], GENDERS[0]):  # one for all
        found = evaluate(gan, None, [], num_samples=4, condition={"age": AGES, "gender": gender}, progress=False)
        expected = gan.generate(4, condition={"age": AGES, "gender": GENDERS[:1]}, seed=(0, 0))
        np.testing.assert_allclose(found.analyses["samples"].value, expected, atol=1e-6)
    with pytest.raises(ValueError, match=r"a dict of .'age', 'gender'.*, 7 in a row. Received: shape \(\d, 5\)"):
        evaluate(gan, None, [], num_samples=4, condition=AGES, progress=False)
    with pytest.raises(ValueError, match=r"with a row for each.*Received: shape \(\d, 7\)"):
        evaluate(gan, None, [], num_samples=3, condition={"age": AGES, "gender": GENDERS}, progress=False)


def test_what_is_refused():
    gan = caae(gender=True, compiled=False)
    with pytest.raises(ValueError, match="intra_fid needs one label for each image, and .* takes several"):
        evaluate(gan, (IMAGES, LABELS), [IntraFID(Pieces(), 5)], **SMALL)
    with pytest.raises(ValueError, match="is conditional"):
        evaluate(gan, IMAGES, [FID(Pieces())], **SMALL)
    with pytest.raises(ValueError, match='"age" must be one-hot rows'):
        evaluate(gan, (IMAGES, {"age": 0.5 + 0.5 * AGES, "gender": GENDERS}), [], **SMALL)


@pytest.mark.slow
def test_labels_and_numbers_together():
    z, kind, angle = (
        keras.Input((tiny.LATENTS,), name="latents"),
        keras.Input((), dtype="int32", name="kind"),
        keras.Input((2, 1), name="angle"),
    )
    x = layers.Concatenate()([z, layers.Embedding(3, 2)(kind), layers.Flatten()(angle)])
    gan = keras_gans.GAN(
        keras.Model([z, kind, angle], layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x))), tiny.discriminator()
    )
    images, kinds, angles = tiny.images(8), tiny.labels(8), np.random.default_rng(0).normal(size=(8, 2, 1))
    found = evaluate(gan, (images, {"kind": kinds, "angle": angles}), [FID(Pieces())], **SMALL)
    halves = [slice(0, 4), slice(4, 8)]
    condition = [{"kind": kinds[half], "angle": angles[half]} for half in halves]
    made = [gan.generate(4, condition=each, seed=(0, number)) for number, each in enumerate(condition)]
    np.testing.assert_allclose(found.analyses["samples"].value, np.concatenate(made), atol=1e-6)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        evaluate(gan, (images, {"kind": kinds + 3, "angle": angles}), [], **SMALL)
    points = truncation_curve(gan, Pieces(), images, (0.5,), num_samples=8, condition={"kind": 1, "angle": angles})
    assert np.isfinite(points[0]["fid"])
    rows = load_generator(gan).one_array({"kind": 1, "angle": angles[0]})
    np.testing.assert_allclose(rows, [[1, *angles[0, :, 0]]], atol=1e-6)
    explorer = Explorer(gan, condition={"kind": 1, "angle": angles[0]})
    np.testing.assert_allclose(explorer.held_condition, rows)


@pytest.mark.parametrize("shape", [(), (1,), (3,)], ids=["labels", "a column", "weights"])
def test_forms_of_labels_that_are_given(shape):
    z, angle = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((2,), name="angle")
    kind = keras.Input(shape, dtype="float32" if shape == (3,) else "int32", name="kind")
    told = layers.Dense(2)(kind) if shape == (3,) else layers.Flatten()(layers.Embedding(3, 2)(kind))
    x = layers.Dense(64, "tanh")(layers.Concatenate()([z, told, angle]))
    gan = keras_gans.GAN(keras.Model([z, kind, angle], layers.Reshape(tiny.SHAPE)(x)), tiny.discriminator(), classes={"kind": 3})
    kinds, angles = np.array([0, 2, 1, 1]), np.linspace(-1, 1, 8).reshape(4, 2)
    for given in ({"kind": kinds, "angle": angles[0]}, [kinds, angles], (1, angles), {"kind": [[2]], "angle": angles[0]}):
        found = evaluate(gan, None, [], num_samples=4, condition=given, progress=False)
        expected = gan.generate(4, condition=given, seed=(0, 0))
        np.testing.assert_allclose(found.analyses["samples"].value, expected, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["age", "digit"])
def test_one_condition_in_a_dict(name):
    labels = keras.Input((), dtype="int32", name=name)
    z = keras.Input((tiny.LATENTS,), name="latents")
    x = layers.Dense(64, "tanh")(layers.Concatenate()([z, layers.Embedding(3, 2)(labels)]))
    gan = keras_gans.GAN(keras.Model([z, labels], layers.Reshape(tiny.SHAPE)(x)), tiny.discriminator())
    images, kinds = tiny.images(8), tiny.labels(8)
    expected = evaluate(gan, (images, kinds), [FID(Pieces())], analyses=["samples"], **SMALL)
    for data in ((images, {name: kinds}), {"image": images, name: kinds}):
        assert evaluate(gan, data, [FID(Pieces())], analyses=["samples"], **SMALL).figures == expected.figures
    found = evaluate(gan, images, [], condition={name: kinds}, **SMALL)
    np.testing.assert_array_equal(found.analyses["samples"].value, expected.analyses["samples"].value)
    np.testing.assert_array_equal(Explorer(gan, condition={name: 2}).held_condition, 2)
