"""A GAN whose networks take weights over classes is given labels, one-hot rows, or mixtures."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import truncation_curve
from keras_gans.metrics import MSSSIM
from keras_gans.metrics import IntraFID
from keras_gans.utils.conditions import prepare_condition
from tests import tiny
from tests.evaluation.pieces import Pieces

pytestmark = pytest.mark.slow

LABELS = tiny.labels()
ROWS = np.eye(tiny.CLASSES, dtype="float32")[LABELS]
GIVEN = {
    "labels": LABELS,
    "column": LABELS.astype("uint8")[:, None],
    "whole floats": LABELS.astype("float32"),
    "rows": ROWS,
    "integer rows": ROWS.astype(int),
}


def a_gan(**arguments):
    keras.utils.set_random_seed(3)
    gan = keras_gans.GAN(tiny.weighted_generator(), tiny.weighted_discriminator(), classes=tiny.CLASSES, ema=0.5)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **arguments)
    return gan


@pytest.mark.parametrize("eagerly", [pytest.param(False, marks=pytest.mark.slow), True])
def test_training_on_labels_is_training_on_their_rows(eagerly):
    logs, weights = [], []
    gan = a_gan(run_eagerly=eagerly, metrics=[MSSSIM(per_class=True, pairs=2)] if eagerly else None)
    start = [value.numpy() for value in gan.variables]
    for given in GIVEN.values():
        for variable, value in zip(gan.variables, start, strict=True):
            variable.assign(value)
        first = gan.train_on_batch(tiny.images(), given, return_dict=True)
        logs.append(first | gan.evaluate(tiny.images(), given, verbose=0, return_dict=True, batch_size=16))
        weights.append(tiny.weights(gan))
    for other, values in zip(logs[1:], weights[1:], strict=True):
        assert other == pytest.approx(logs[0], nan_ok=True)
        np.testing.assert_allclose(values, weights[0], atol=1e-7)


def test_fit_takes_both_in_one_run():
    gan, data = a_gan(), tiny.images()
    runs = [((data, given), {"validation_data": (data, given)}) for given in GIVEN.values()]  # one traced function for all
    runs += [((tiny.dataset({"image": data, "label": LABELS}),), {}), ((data, 0.7 * ROWS + 0.1), {})]
    for arguments, options in runs:
        before = [network.get_weights()[0] for network in (gan.generator, gan.discriminator)]
        history = gan.fit(*arguments, verbose=0, **options).history
        assert np.isfinite(list(history.values())).all()
        for network, kernel in zip((gan.generator, gan.discriminator), before, strict=True):
            assert not np.array_equal(network.get_weights()[0], kernel)


def test_a_label_out_of_range_is_not_a_number_under_xla():
    rows = tf.function(lambda labels: prepare_condition(labels, keras.Input((3,)), 3), jit_compile=True)
    expected = np.float32([[0, 0, 1], [np.nan] * 3, [1, 0, 0], [np.nan] * 3])
    for labels in ([2, 3, 0, -1], [2.0, 0.5, 0.0, np.nan]):
        np.testing.assert_array_equal(rows(tf.constant(labels)), expected)


def test_a_late_label_out_of_range_shows_under_xla():
    late = np.where(np.arange(16) == 15, 7, LABELS)
    gan = a_gan(jit_compile=True)
    with pytest.warns(UserWarning, match="NaN or infinite since epoch 1"):
        gan.fit(tiny.dataset(tiny.images(), late), verbose=0)


def test_what_is_neither_is_refused_before_training():
    gan = a_gan()
    for given, message in (
        (LABELS + 1, "classes 0 to 2. Received: values from 1 to 3"),
        (LABELS + 0.5, r"labels \(batch,\), whole numbers.*A mixture for all is \(1, 3\)"),
        (LABELS > 0, r"Received: bool, \(16,\). A mixture for all is \(1, 3\)"),
        (np.full((16, 3), np.nan), "NaN"),
        (np.ones((16, 4)), "weights over 3 classes"),
    ):
        for call in (gan.fit, gan.evaluate):
            with pytest.raises(ValueError, match=message):
                call(tiny.images(), given, verbose=0)


def test_a_late_label_out_of_range_is_an_error_not_a_row_of_zeros():
    late = np.where(np.arange(16) == 15, 7, LABELS)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Conditions must be classes 0 to 2"):
        a_gan().fit(tiny.dataset(tiny.images(), late), verbose=0)


def test_sampling():
    gan = a_gan()
    z = np.random.default_rng(0).normal(size=(16, tiny.LATENTS)).astype("float32")
    expected = np.asarray(gan.ema_generator([z, ROWS]))
    for given in GIVEN.values():
        np.testing.assert_allclose(gan.generate(16, condition=given, latents=z), expected, atol=1e-6)
        np.testing.assert_allclose(gan((z, given)), expected, atol=1e-6)
    for given in (LABELS, ROWS):
        np.testing.assert_allclose(gan.predict((z, given), verbose=0), expected, atol=1e-6)
        sampled = gan.as_sampler().sample(16, tf.constant([0, 5]), condition=given)
        np.testing.assert_allclose(sampled, gan.generate(16, condition=ROWS, seed=5), atol=1e-6)
    one = gan.generate(2, condition=[[0.0, 0.5, 0.5]], latents=z[:2])
    np.testing.assert_allclose(one, gan.ema_generator([z[:2], np.float32([[0, 0.5, 0.5]] * 2)]), atol=1e-6)
    np.testing.assert_allclose(gan.generate(2, condition=1, seed=0), gan.generate(2, condition=[1, 1], seed=0), atol=1e-6)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        gan.predict((z, LABELS + 1), verbose=0)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_vector_holds_labels_also_where_it_is_as_long_as_a_row(classes, tmp_path):
    gan = keras_gans.GAN(tiny.weighted_generator(classes), tiny.weighted_discriminator(classes), classes=classes)
    gan.compile(run_eagerly=True)
    gan.export(tmp_path / "1")
    z, labels = np.asarray(gan.latents.sample(classes, seed=(0, 0))), np.arange(classes)
    expected = np.asarray(gan.generator([z, np.eye(classes, dtype="float32")]))
    reader = load_generator(tmp_path / "1")
    for generate in (gan.generate, reader.generate, load_generator(gan).generate):
        for given in (labels, labels.astype(float), labels[:, None], labels[:, None].astype("float32"), np.eye(classes)):
            np.testing.assert_allclose(generate(classes, given, latents=z), expected, atol=1e-6)
        for given in (labels / classes, labels > 0, (labels > 0)[:, None]):
            with pytest.raises(ValueError, match=rf"labels \(batch,\), whole.*A mixture for all is \(1, {classes}\)"):
                generate(classes, given, latents=z)
        one = generate(classes, [labels / classes], latents=z)
        rows = np.tile(np.float32(labels / classes), (classes, 1))
        np.testing.assert_allclose(one, gan.generator([z, rows]), atol=1e-6)
    grid = keras_gans.callbacks.SampleGrid(tmp_path, columns=classes, classes=labels.astype(float))
    gan.fit(tiny.images(4), np.zeros(4), verbose=0, callbacks=[grid])
    z = gan.latents.sample(classes, seed=(0, 0))
    np.testing.assert_allclose(grid.images()[-classes:], gan.generate(classes, condition=classes - 1, latents=z), atol=1e-6)


def test_callbacks_of_what_is_no_class(tmp_path):
    gan = a_gan()
    for callback in (
        keras_gans.callbacks.SampleGrid(tmp_path, columns=3, classes=[0.0, 0.5, 0.5]),
        keras_gans.callbacks.ModeCollapseMonitor(num_samples=3, classes=[0.0, 0.5, 0.5]),
    ):
        with pytest.raises(ValueError, match=r"A mixture for all is \(1, 3\)"):
            gan.fit(tiny.images(), LABELS, verbose=0, callbacks=[callback])


def test_the_curve_of_truncations_takes_labels_and_a_mixture():
    gan = a_gan()
    for given in ([2], 2, [[0.0, 0.0, 1.0]]):
        curve = truncation_curve(gan, Pieces(), tiny.images(8), values=[0.5], num_samples=8, batch_size=8, condition=given)
        metric = keras_gans.metrics.FID(Pieces())
        metric.update_state(tiny.images(8), gan.generate(8, condition=2, truncation=0.5, seed=(0, 0)))
        assert curve[0]["fid"] == pytest.approx(float(metric.result()), rel=1e-4)
    for given, message in (([0, 1, 3], "classes 0 to 2"), ([0.1, 0.2, 0.7], r"A mixture for all is \(1, 3\)")):
        with pytest.raises(ValueError, match=message):
            truncation_curve(gan, Pieces(), tiny.images(8), values=[0.5], num_samples=8, condition=given)


def test_callbacks(tmp_path):
    gan = a_gan()
    for classes in (3, ["a", "b", "c"], [0, 1, 2], np.eye(3)):
        grid = keras_gans.callbacks.SampleGrid(tmp_path, columns=2, classes=classes)
        watch = keras_gans.callbacks.ModeCollapseMonitor(num_samples=4, classes=classes)
        gan.fit(tiny.images(), LABELS, verbose=0, callbacks=[grid, watch])
        z = gan.latents.sample(2, seed=(0, 0))
        np.testing.assert_allclose(grid.images()[2:4], gan.generate(2, condition=1, latents=z), atol=1e-6)


def test_an_export_and_its_reader(tmp_path):
    gan = a_gan()
    gan.export(tmp_path / "1")
    served = tf.saved_model.load(str(tmp_path / "1")).signatures
    assert int(served["describe"]()["classes"]) == tiny.CLASSES
    inputs = {"batch_size": tf.constant(16), "seed": tf.constant([0, 5]), "truncation": tf.constant(-1.0)}
    expected = gan.generate(16, condition=LABELS, seed=5)
    np.testing.assert_allclose(served["sample"](**inputs, condition=tf.constant(ROWS))["images"], expected, atol=1e-6)
    reader = load_generator(tmp_path / "1")
    assert (reader.classes, reader.takes_class_weights) == (3, True)
    for given in GIVEN.values():
        np.testing.assert_allclose(reader.generate(16, condition=given, seed=5), expected, atol=1e-6)
    with pytest.raises(ValueError, match="classes 0 to 2"):
        reader.generate(2, condition=3)


@pytest.mark.parametrize("labels", ["labels", "rows"])
def test_evaluation_takes_labels_and_rows(labels, tmp_path):
    gan, extractor = a_gan(), Pieces()
    real = np.random.default_rng(1).uniform(-1, 1, (16, *tiny.SHAPE)).astype("float32")
    arguments = {"num_samples": 16, "batch_size": 16, "progress": False, "extractor": extractor}
    metrics = [IntraFID(extractor, tiny.CLASSES), MSSSIM(per_class=True)]
    found = evaluate(gan, (real, GIVEN[labels]), metrics, analyses=["samples", "leakage"], **arguments)
    metric = IntraFID(extractor, tiny.CLASSES)
    metric.update_state(real, gan.generate(16, condition=LABELS, seed=(0, 0)), LABELS)
    assert found.figures["intra_fid"] == pytest.approx(float(metric.result()["intra_fid"]), rel=1e-4)
    assert not found.failed
    assert not found.skipped
    np.testing.assert_array_equal(found.analyses["leakage"].value.labels, LABELS)
    grid = found.analyses["samples"].value
    np.testing.assert_allclose(grid[10:20], gan.generate(10, condition=1, seed=0), atol=1e-6)
    for condition in (2, [2.0], [[0.0, 0.0, 1.0]]):
        found = evaluate(gan, None, condition=condition, analyses=["leakage"], **arguments)
        assert found.records[-1]["protocol"]["condition"] == [2]


def test_a_gan_that_does_not_know_its_classes_says_what_to_do():
    gan = keras_gans.GAN(tiny.weighted_generator(), tiny.weighted_discriminator())
    gan.compile()
    gan.classes = None  # whatever the networks tell
    for call in (lambda: gan.fit(tiny.images(), LABELS, verbose=0), lambda: gan.generate(16, condition=LABELS)):
        with pytest.raises(ValueError, match=r"one-hot vectors: keras.utils.to_categorical\(labels, 3\)\.$"):
            call()


@pytest.mark.parametrize("source", ["gan", "export"])
def test_interpolation_in_class(source, tmp_path):
    gan = a_gan()
    gan.export(tmp_path / "1")
    generator = gan if source == "gan" else tmp_path / "1"
    real, options = (tiny.images(), LABELS), {"interpolation": {"rows": 2, "steps": 3}}
    found = evaluate(generator, real, analyses=options, num_samples=16, progress=False, output=tmp_path / "out")
    rows = found.analyses["interpolation"].value
    assert list(rows) == ["lerp", "slerp", "class", "class and latents"]
    z, end = (gan.latents.sample(2, (0, number)) for number in (1, 2))
    following = ROWS[:2][:, [2, 0, 1]]
    for name, latents, place, weights in (
        ("class", z, 0, ROWS[:2]),
        ("class", z, 1, 0.5 * (ROWS[:2] + following)),
        ("class", z, 2, following),
        ("class and latents", end, 2, following),
    ):
        np.testing.assert_allclose(rows[name][:, place], gan.generate(2, weights, latents), atol=1e-5)
    assert "From the class of a sample to the next class, the latents held" in (tmp_path / "out" / "report.html").read_text()


def test_no_interpolation_in_class_of_labels():
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
    found = evaluate(gan, (tiny.images(), LABELS), analyses=["interpolation"], num_samples=16, progress=False)
    assert list(found.analyses["interpolation"].value) == ["lerp", "slerp"]
