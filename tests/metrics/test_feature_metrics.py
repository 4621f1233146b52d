"""FID, KID, IS, precision and recall, density and coverage, intra-FID: published formulas' values, and how metrics are used."""

import contextlib
import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import metrics
from keras_gans.metrics import features
from keras_gans.metrics.functions.frechet import trace_sqrt_product
from keras_gans.metrics.functions.random_subset import random_subset
from tests import tiny

X = np.float32([[1, 2], [2, 1], [3, 5], [4, 3], [0, 1]])
Y = np.float32([[2, 2], [5, 1], [3, 3], [4, 6]])
PROBABILITIES = np.float32([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.25, 0.5, 0.25]])
REAL = np.float32([[0, 0], [1, 0], [0, 1], [1, 1], [5, 5]])
FAKE = np.float32([[0.5, 0.4], [0.2, 0.1], [3, 1.2], [12, 12]])
KX = np.float32([[1, 0, 2], [0, 1, 1], [2, 1, 0], [1, 1, 1]])
KY = np.float32([[0, 0, 1], [1, 2, 0], [1, 0, 0], [2, 2, 1]])

# A metric of features, features of either side, labels, and its values.
CASES = {
    "fid": (lambda: metrics.FID(None), X, Y, {"fid": 3.603539135}),
    "fid, rank deficient": (
        lambda: metrics.FID(None),
        np.eye(4, dtype="float32")[:3],
        np.float32([[0, 1, 1, 0], [1, 1, 0, 2], [0, 0, 1, 1]]),
        {"fid": 2.458388015},
    ),
    "kid": (lambda: metrics.KID(None, subsets=3), KX, KY, {"kid_std": np.nan}),
    "inception score": (
        lambda: metrics.InceptionScore(None, splits=1),
        None,
        np.log(PROBABILITIES),
        {"inception_score": 1.246733768, "inception_score_std": 0.0},
    ),
    "inception score, splits": (
        lambda: metrics.InceptionScore(None, splits=2, num_samples=4),
        None,
        np.log(PROBABILITIES),
        {"inception_score": 1.162040889, "inception_score_std": 0.0876836852},
    ),
    "inception score, logits": (
        lambda: metrics.InceptionScore(None, splits=1),
        None,
        np.float32([[2, 1, 0], [0, 3, 0], [1, 1, 2], [0, 1, 0]]),
        {"inception_score": 1.295883792},
    ),
    "inception score, zeros": (
        lambda: metrics.InceptionScore(None, splits=1),
        None,
        np.float32([[0, -np.inf], [0, 0]]),
        {"inception_score": 1.240806479},
    ),
    "precision and recall": (
        lambda: metrics.PrecisionRecall(None, neighbors=1),
        REAL,
        FAKE,
        {"precision": 0.75, "recall": 0.8},
    ),
    "precision and recall, 2": (
        lambda: metrics.PrecisionRecall(None, neighbors=2),
        REAL,
        FAKE,
        {"precision": 0.75, "recall": 1.0},
    ),
    "precision and recall, ties": (
        lambda: metrics.PrecisionRecall(None, neighbors=1),
        np.float32([[0], [1], [2], [4]]),
        np.float32([[5], [3], [-1], [10]]),
        {"precision": 0.75, "recall": 1.0},
    ),
    "density and coverage": (
        lambda: metrics.DensityCoverage(None, neighbors=1),
        REAL,
        FAKE,
        {"density": 2.0, "coverage": 1.0},
    ),
    "density and coverage, ties": (
        lambda: metrics.DensityCoverage(None, neighbors=1),
        np.float32([[0], [1], [2], [4]]),
        np.float32([[5], [3], [-1], [10]]),
        {"density": 0.5, "coverage": 0.25},
    ),
    "intra-fid": (
        lambda: metrics.IntraFID(None, classes=2),
        np.concatenate([X[:4], Y]),
        np.concatenate([Y, X[:4]]),
        {"intra_fid_classes": 2.0},
    ),
}
KID_VALUE = -2.617283951
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def values(metric):
    result = metric.result()
    result = result if isinstance(result, dict) else {metric.name: result}
    return {key: float(value) for key, value in result.items()}


def feed(metric, real, generated, batches=1):
    labels = LABELS if isinstance(metric, metrics.IntraFID) else np.zeros(len(generated), int)
    real = generated if real is None else real
    parts = zip(*(np.array_split(rows, batches) for rows in (real, generated, labels)), strict=True)
    for part in parts:
        metric.update_state(*part)
    return metric


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("batches", [1, 3])
def test_values(case, batches):
    make, real, generated, expected = CASES[case]
    found = values(feed(make(), real, generated, batches))
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-6, abs=1e-9, nan_ok=True)


def test_kid_of_all_samples_is_the_unbiased_estimate():
    # Every subset is all four samples of either side, in some order.
    assert values(feed(metrics.KID(None, subsets=3), KX, KY))["kid"] == pytest.approx(KID_VALUE)


def test_intra_fid_is_the_mean_of_the_classes_fid():
    found = values(feed(CASES["intra-fid"][0](), *CASES["intra-fid"][1:3]))["intra_fid"]
    assert found == pytest.approx(values(feed(metrics.FID(None), X[:4], Y))["fid"])


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_graph_computes_the_same(case):
    make, real, generated, _ = CASES[case]
    metric = make()
    eager = values(feed(metric, real, generated))
    result = tf.function(metric.result)()
    graph = result if isinstance(result, dict) else {metric.name: result}
    assert {name: float(value) for name, value in graph.items()} == pytest.approx(eager, rel=1e-6, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("case", CASES)
def test_nothing_seen_is_nan_and_reset_forgets(case):
    make, real, generated, _ = CASES[case]
    metric = make()
    assert np.isnan(list(values(metric).values())).all()
    before = values(feed(metric, real, generated))
    metric.reset_state()
    assert np.isnan(list(values(metric).values())).all()
    assert set(before) == set(values(metric))
    assert values(feed(metric, real, generated)) == pytest.approx(before, nan_ok=True)


def test_frechet_distance_of_gaussians():
    first, second = [[1, 0.5], [0.5, 2]], [[2, -0.3], [-0.3, 1]]
    assert float(trace_sqrt_product(first, second)) == pytest.approx(2.712287053)
    assert float(metrics.frechet_distance([0, 0], first, [1, -1], second)) == pytest.approx(2.575425893)
    assert float(metrics.frechet_distance([0.0], [[1.0]], [3.0], [[4.0]])) == pytest.approx(10.0)
    assert float(metrics.frechet_distance([0, 0], np.diag([1.0, 4.0]), [0, 0], np.diag([9.0, 1.0]))) == pytest.approx(5.0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_moments_that_are_not_finite_are_refused(bad):
    for number, name in enumerate(("mean1", "covariance1", "mean2", "covariance2")):
        moments = [np.zeros(2), np.eye(2), np.ones(2), np.eye(2)]
        moments[number] = np.where(np.arange(2) == 0, bad, moments[number])
        with pytest.raises(ValueError, match=f"`{name}` must be finite"):
            metrics.frechet_distance(*moments)


def test_frechet_distance_of_tfgan_test_data():
    random = np.random.RandomState(0)
    first, second = random.randn(512, 256).astype("float32"), random.randn(512, 256).astype("float32")
    assert values(feed(metrics.FID(None), first, second, 4))["fid"] == pytest.approx(65.74272365)
    random = np.random.RandomState(0)
    first, second = random.randn(512, 256).astype("float32"), (random.randn(512, 256) * 1.1 + 0.05).astype("float32")
    metric = feed(metrics.KID(None, subsets=1), first, second)
    assert values(metric)["kid"] == pytest.approx(0.008388614797, rel=1e-6)


def test_near_singular_covariances_do_not_go_through_cholesky():
    random = np.random.default_rng(0)
    first, second = random.normal(size=(30, 50)), random.normal(size=(40, 50))
    a, b = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    centered = (first - first.mean(0)) @ (second - second.mean(0)).T / np.sqrt(29 * 39)
    expected = np.linalg.svd(centered, compute_uv=False).sum()
    assert float(trace_sqrt_product(a, b)) == pytest.approx(expected, rel=1e-6)
    assert float(tf.function(trace_sqrt_product)(tf.constant(a), tf.constant(b))) == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PrecisionRecall", "DensityCoverage"])
def test_balls_of_many_features(name):
    # More than a block of rows, against a plain computation.
    random = np.random.default_rng(1)
    real, fake = random.normal(size=(1234, 3)), random.normal(size=(1100, 3)) + 0.3
    metric = getattr(metrics, name)(None, neighbors=3, num_samples=2000)
    found = values(feed(metric, real.astype("float32"), fake.astype("float32"), 1))

    def distances(a, b):
        return np.linalg.norm(a[:, None] - b[None], axis=-1)

    radii = [np.sort(distances(side, side), axis=1)[:, 3] for side in (real, fake)]
    between = distances(real, fake)
    if name == "PrecisionRecall":
        expected = {
            "precision": (between <= radii[0][:, None]).any(axis=0).mean(),
            "recall": (between <= radii[1][None]).any(axis=1).mean(),
        }
    else:
        inside = between < radii[0][:, None]
        expected = {"density": inside.sum() / 3 / 1100, "coverage": inside.any(axis=1).mean()}
    assert found == pytest.approx(expected, abs=2e-3)


def test_duplicates_lie_in_balls_of_radius_zero():
    same = np.full((5, 7), 0.1, "float32")
    assert values(feed(metrics.PrecisionRecall(None), same, same)) == {"precision": 1.0, "recall": 1.0}
    assert values(feed(metrics.DensityCoverage(None, neighbors=3), same, same)) == {"density": 0.0, "coverage": 0.0}


def test_a_buffer_takes_the_first_samples():
    metric = metrics.KID(None, num_samples=4, subsets=1)
    feed(metric, KX, KY)
    metric.update_state(KX * 100, KY * 50)
    assert values(metric)["kid"] == pytest.approx(KID_VALUE)
    assert metric.protocol["samples"] == {"generated": 4, "real": 4}


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_buffer_takes_what_fits_of_a_batch(jit_compile):
    metric = metrics.KID(None, num_samples=6, subsets=1)
    metric.build(3)
    add = tf.function(metric.update_state, jit_compile=jit_compile)
    for first in (KX, KX + 10, KX + 20):  # the second batch does not fit, the third finds no room
        add(tf.constant(first), tf.constant(first * 2))
    kept = np.concatenate([KX, KX + 10])[:6]
    np.testing.assert_array_equal(metric.sides["real"].values(), kept)
    np.testing.assert_array_equal(metric.sides["generated"].values(), kept * 2)


def test_a_buffer_leaves_tensors_that_were_read_alone():
    metric = metrics.KID(None, num_samples=8)
    metric.update_state(KX, KY)
    read = tf.convert_to_tensor(metric.sides["real"].rows.value)
    before = np.array(read)
    metric.update_state(KX + 1, KY)
    np.testing.assert_array_equal(read, before)
    np.testing.assert_array_equal(metric.sides["real"].values(), np.concatenate([KX, KX + 1]))


def test_a_buffer_writes_in_place():
    metric = metrics.KID(None, num_samples=8)
    metric.update_state(KX, KY)
    rows = metric.sides["real"].rows
    rows.assign = None  # which would copy the whole buffer
    metric.update_state(KX, KY)
    assert metric.counts["real"] == 8


def test_a_buffer_without_a_variable_of_its_own():
    metric = metrics.KID(None, num_samples=8, subsets=1)
    metric.build(3)
    state = metric.stateless_update_state([variable.numpy() for variable in metric.variables], KX, KY)
    assert metric.counts == {"generated": 0, "real": 0}
    assert float(metric.stateless_result(state)["kid"]) == pytest.approx(KID_VALUE)


@pytest.mark.parametrize("eagerly", [False, True])
def test_a_buffer_in_replicas(eagerly, strategy):
    metric = kid_of_six(strategy)
    update = metric.update_state if eagerly else tf.function(metric.update_state)
    for first in (0, 2):
        batch = strategy.experimental_distribute_values_from_function(
            lambda context, first=first: KX[first : first + 2] + 10 * context.replica_id_in_sync_group
        )
        strategy.run(update, (batch, batch))
    # Each replica has every second row; its second batch is too large.
    kept = np.stack([KX, KX + 10], axis=1).reshape(8, 3)[:6]
    np.testing.assert_array_equal(metric.sides["real"].values(), kept)
    np.testing.assert_array_equal(metric.sides["generated"].values(), kept)


@pytest.mark.parametrize("scope", [False, True])
def test_a_buffer_of_replicas_that_is_fed_outside_them(scope, strategy):
    metric = kid_of_six(strategy)
    with strategy.scope() if scope else contextlib.nullcontext():
        metric.update_state(KX, KX * 2)
        metric.update_state(KX + 10, KX)
    np.testing.assert_array_equal(metric.sides["real"].values(), np.concatenate([KX, KX + 10])[:6])
    np.testing.assert_array_equal(metric.sides["generated"].values(), np.concatenate([KX * 2, KX])[:6])


def kid_of_six(strategy):
    with strategy.scope():
        metric = metrics.KID(None, num_samples=6, subsets=1)
        metric.build(3)
    return metric


def test_a_random_subset_is_drawn_without_replacement_and_drawn_again_with_its_seed():
    first, again, other = (random_subset(np.arange(9), 6, seed).numpy() for seed in ((0, 1), (0, 1), (0, 2)))
    assert len(set(first)) == 6
    assert set(first) <= set(range(9))
    np.testing.assert_array_equal(first, again)
    assert list(first) != list(other)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: metrics.KID(None, num_samples=1), "`num_samples` must be an int >= 2"),
        (lambda: metrics.PrecisionRecall(None, neighbors=3, num_samples=3), "`num_samples` must be an int >= 4"),
        (lambda: metrics.DensityCoverage(None, num_samples=7.5), "`num_samples` must be an int >= 6"),
    ],
)
def test_a_buffer_that_is_too_small_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_too_few_samples():
    for metric, min_samples in ((metrics.KID(None), 2), (metrics.PrecisionRecall(None), 4), (metrics.FID(None), 2)):
        metric.update_state(X[: min_samples - 1], Y[: min_samples - 1])
        with pytest.raises(ValueError, match=f"needs {min_samples} samples"):
            metric.result()


@pytest.mark.parametrize("case", ["fid", "kid", "inception score, splits", "precision and recall", "intra-fid"])
def test_two_replicas_are_one(case, strategy):
    make, _, _, _ = CASES[case]
    random = np.random.default_rng(0)
    real, generated = random.normal(size=(2, 8, 2)).astype("float32")
    labels = np.array([0, 1] * 4)
    alone = make()
    alone.update_state(real, generated, labels)
    with strategy.scope():
        metric = make()
        metric.build(2)
    data = tf.data.Dataset.from_tensor_slices((real, generated, labels)).batch(4)
    for batch in strategy.experimental_distribute_dataset(data):
        strategy.run(tf.function(metric.update_state), batch)
    expected = values(alone)
    if case == "inception score, splits":  # who comes first is another question with replicas; the counts are right
        assert float(metric.sides["generated"].count) == 4.0
    else:
        assert values(metric) == pytest.approx(expected, rel=1e-5, nan_ok=True)
        metric.reset_state()
        assert np.isnan(list(values(metric).values())).all()


def test_state_that_begins_in_replicas(strategy):
    rows = np.random.default_rng(0).normal(size=(2, 8, 2)).astype("float32")
    with strategy.scope():
        metric = metrics.FID(None)
    data = tf.data.Dataset.from_tensor_slices(tuple(rows)).batch(4)
    for batch in strategy.experimental_distribute_dataset(data):
        strategy.run(metric.update_state, batch)
    assert values(metric) == pytest.approx(values(feed(metrics.FID(None), *rows)), rel=1e-6)


class Corners(features.FeatureExtractor):
    """Four pixels as features, three as logits."""

    dimensions, classes = 4, 3
    runs = 0

    def extract(self, images):
        self.runs += 1
        flat = tf.reshape(images, (-1, int(np.prod(images.shape[1:]))))
        return {"features": flat[:, :4], "logits": flat[:, 4:7]}


def image_gan(metrics, **arguments):
    z = keras.Input((2,))
    x = keras.Input((4, 4, 1))
    generator = keras.Model(z, layers.Reshape((4, 4, 1))(layers.Dense(16, "tanh")(z)))
    discriminator = keras.Model(x, layers.Dense(1)(layers.Flatten()(x)))
    gan = keras_gans.GAN(generator, discriminator, **arguments)
    gan.compile(metrics=metrics)
    return gan


def images(number=24):
    return np.random.default_rng(0).uniform(-1, 1, (number, 4, 4, 1)).astype("float32")


@pytest.mark.slow
def test_in_a_gan_with_one_run_of_the_extractor():
    alone = Corners()
    image_gan([metrics.FID(alone)]).evaluate(tiny.dataset(images()), verbose=0)
    extractor = Corners()
    gan = image_gan(
        [
            metrics.FID(extractor),
            metrics.KID(extractor, num_samples=30, subsets=2, subset_size=5),
            metrics.PrecisionRecall(extractor, num_samples=30),
            metrics.InceptionScore(extractor, splits=2),
            metrics.FID(extractor, name="fid_again"),
        ],
        ema=0.9,
    )
    found = gan.evaluate(tiny.dataset(images()), return_dict=True, verbose=0)
    assert extractor.runs == alone.runs
    names = ["fid", "kid", "kid_std", "precision", "recall", "inception_score", "inception_score_std", "fid_again"]
    assert np.isfinite([found[name] for name in names]).all()
    assert found["fid"] == found["fid_again"]
    history = gan.fit(tiny.dataset(images()), validation_data=tiny.dataset(images()), epochs=2, verbose=0).history
    assert len(history["val_fid"]) == 2
    assert "fid" not in history


@pytest.mark.slow
def test_the_extractor_is_not_saved(tmp_path):
    gan = image_gan([metrics.FID(Corners())])
    gan.evaluate(tiny.dataset(images()), verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.metrics[-1].name != "fid"


@pytest.mark.slow
def test_metrics_without_validation_data_warn_once():
    gan = image_gan([metrics.FID(Corners())])
    data = tiny.dataset(images())
    with pytest.warns(UserWarning, match="validation_data"):
        gan.fit(data, verbose=0)
    gan.fit(data, verbose=0)


@pytest.mark.slow
def test_real_statistics_stand_for_the_real_side(tmp_path):
    extractor, path = Corners(), tmp_path / "real.npz"
    data = tf.data.Dataset.from_tensor_slices((images(), np.arange(24) % 3)).batch(5)
    statistics = metrics.real_statistics(extractor, data, path)
    assert statistics.count == 24
    generated = images(30)[::-1]
    for make in (
        lambda **real: metrics.FID(extractor, **real),
        lambda **real: metrics.KID(extractor, subsets=1, **real),
        lambda **real: metrics.PrecisionRecall(extractor, **real),
        lambda **real: metrics.DensityCoverage(extractor, **real),
        lambda **real: metrics.IntraFID(extractor, 3, **real),
    ):
        labels = np.arange(24) % 3
        fed = make()
        fed.update_state(images(), generated[:24], labels)
        for real in (path, str(path), statistics, data):
            metric = make(real=real)
            metric.update_state(None, generated[:24], labels)
            assert values(metric) == pytest.approx(values(fed), rel=1e-6, nan_ok=True)
            assert metric.protocol["samples"]["real"] == 24


@pytest.mark.slow
def test_the_real_side_keeps_what_the_metric_needs():
    features = np.random.default_rng(0).normal(size=(10_100, 2)).astype("float32")
    labels = np.arange(10_100) % 2
    data = tf.data.Dataset.from_tensor_slices((features, labels)).batch(1000)
    kept = {
        0: metrics.FID(None, real=data),
        7: metrics.KID(None, real=data, num_samples=7),
        8: metrics.DensityCoverage(None, real=data, num_samples=8),
        10_050: metrics.PrecisionRecall(None, real=data, num_samples=10_050),
        10_100: metrics.IntraFID(None, 2, real=data),
    }
    for number, metric in kept.items():
        np.testing.assert_array_equal(metric.real.features, features[:number])
        assert metric.real.count == 10_100
    assert [metric.counts["real"] for metric in kept.values()] == [10_100, 7, 8, 10_050, 10_100]
    fed, known = metrics.IntraFID(None, 2), kept[10_100]
    fed.update_state(features, features * 1.1, labels)
    known.update_state(None, features * 1.1, labels)
    assert values(known) == pytest.approx(values(fed), rel=1e-5)


def test_statistics_of_too_few_features_are_refused(tmp_path):
    path = tmp_path / "real.npz"
    data = tf.data.Dataset.from_tensor_slices((images(), np.arange(24) % 3)).batch(5)
    few = metrics.real_statistics(Corners(), data, path, num_real_features=10)
    assert len(few.features) == len(few.labels) == 10
    for real in (few, path):
        metrics.FID(Corners(), real=real)
        metrics.KID(Corners(), real=real, num_samples=10)
        with pytest.raises(ValueError, match="too few features. Expected: 11 of 24 images. Received: 10.*num_real_features=11"):
            metrics.KID(Corners(), real=real, num_samples=11)
        with pytest.raises(ValueError, match="Expected: those of all 24 images. Received: 10.*num_real_features=None"):
            metrics.IntraFID(Corners(), 3, real=real)
    all_of_them = metrics.real_statistics(Corners(), data, path, num_real_features=None)
    assert len(all_of_them.features) == 24
    metrics.IntraFID(Corners(), 3, real=path)


def test_a_wrong_cache_is_refused(tmp_path):
    path = tmp_path / "real.npz"
    metrics.real_statistics(Corners(), images(), path)
    runs = Corners()
    again = metrics.real_statistics(runs, images()[::-1].copy(), path)  # the order is no matter
    assert (again.count, runs.runs) == (24, 0)
    with pytest.raises(ValueError, match="other data"):
        metrics.real_statistics(Corners(), images(20), path)
    with pytest.raises(ValueError, match="other data"):
        metrics.real_statistics(Corners(), images() * 0.5, path)
    with pytest.raises(ValueError, match="another extractor.*quantized"):
        metrics.FID(Corners(quantize=False), real=path)
    with pytest.raises(ValueError, match="no statistics at"):
        metrics.FID(Corners(), real=tmp_path / "nothing.npz")
    with pytest.raises(ValueError, match="finite"):
        metrics.real_statistics(Corners(), tf.data.Dataset.from_tensors(images()).repeat())
    with pytest.raises(ValueError, match="labels"):
        metrics.IntraFID(Corners(), 3, real=path)


def test_bad_input():
    with pytest.raises(ValueError, match="features.ClassifierFeatures"):
        metrics.FID(keras.Sequential())
    with pytest.raises(ValueError, match="takes features"):
        metrics.FID(None).update_state(images(), images())
    with pytest.raises(ValueError, match="takes images"):
        metrics.FID(Corners()).update_state(X, Y)
    metric = feed(metrics.FID(None), X, Y)
    with pytest.raises(ValueError, match="2 numbers"):
        metric.update_state(KX, KY)
    with pytest.raises(ValueError, match="labels"):
        metrics.IntraFID(None, 2).update_state(X, Y)
    with pytest.raises(ValueError, match="neighbors"):
        metrics.PrecisionRecall(None, neighbors=0)
    with pytest.raises(ValueError, match="subset_size"):
        metrics.KID(None, subset_size=1)
    with pytest.raises(ValueError, match="splits"):
        metrics.InceptionScore(None, splits=0)

    class NoLogits(Corners):
        classes = None

    with pytest.raises(ValueError, match="needs logits"):
        metrics.InceptionScore(NoLogits())


def test_images_with_nan_are_an_error():
    broken = images()
    broken[3, 0, 0, 0] = np.nan
    with pytest.raises(tf.errors.InvalidArgumentError, match="NaN"):
        metrics.FID(Corners()).update_state(images(), broken)


@pytest.mark.slow
@pytest.mark.parametrize("graph", [False, True], ids=["eager", "graph"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize(
    "make",
    [metrics.FID, metrics.KID, metrics.PrecisionRecall, metrics.DensityCoverage, lambda e: metrics.IntraFID(e, 2, name="intra")],
)
def test_features_that_are_not_finite_are_refused(make, value, graph):
    broken = Y.copy()
    broken[1, 0] = broken[2, 1] = value
    metric = make(None)
    update = tf.function(metric.update_state) if graph else metric.update_state
    for real, generated, side in ((Y, broken, "generated"), (broken, Y, "real")):
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=f"The metric {metric.name}: {side} features must be finite"
        ) as e:
            update(tf.constant(real), tf.constant(generated), tf.constant([0, 1, 0, 1]))
        assert re.search(r"many:.*\b2\b.*\b8\b", str(e.value), re.DOTALL)  # two of eight
    with pytest.raises(ValueError, match="features of real images, must be finite. Received: 2 of 8 values"):
        make_real(make, broken)


def make_real(make, data):
    return metrics.FID(None, real=data) if make is not metrics.KID else metrics.real_statistics(None, data)


def test_logits_that_are_not_numbers_are_refused():
    metric = metrics.InceptionScore(None)
    for value in (np.nan, np.inf):
        with pytest.raises(tf.errors.InvalidArgumentError, match="The metric inception_score: generated logits"):
            metric.update_state(None, np.float32([[0, value], [0, 0]]))


def test_an_extractor_whose_features_are_not_finite_is_named():
    extractor = features.FunctionFeatures(tf.math.log, name="logarithm", dimensions=16)
    with pytest.raises(tf.errors.InvalidArgumentError, match="FunctionFeatures: features must be finite"):
        metrics.FID(extractor).update_state(images(), images())


def test_a_file_of_statistics_of_another_program_is_not_to_be_removed(tmp_path):
    path = tmp_path / "real.npz"
    np.savez(path, mu=np.zeros(4), sigma=np.eye(4))
    for use in (lambda: metrics.FID(Corners(), real=path), lambda: metrics.real_statistics(Corners(), images(), path)):
        with pytest.raises(ValueError, match=r"the arrays \['mu', 'sigma'\], of another program.*another path") as caught:
            use()
        assert "Remove" not in str(caught.value)


@pytest.mark.parametrize("path", [5, None, b"real.npz"])
def test_where_statistics_are_is_a_path(path, tmp_path, monkeypatch):
    if path is not None:
        with pytest.raises(ValueError, match=f"`path` must be a path.* of type {type(path).__name__}"):
            metrics.real_statistics(None, np.eye(3), path)
    with pytest.raises(ValueError, match=f"`path` must be a path.* of type {type(path).__name__}"):
        metrics.real_statistics(None, np.eye(3)).save(path)


def test_statistics_in_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    metrics.real_statistics(None, np.eye(3), "~/real.npz", num_real_features=None)
    assert (tmp_path / "real.npz").exists()
    for metric in (metrics.FID, metrics.KID):
        assert metric(None, real="~/real.npz").protocol["samples"]["real"] == 3
    with pytest.raises(ValueError, match=f"no statistics at '{tmp_path}/other.npz'"):
        metrics.FID(None, real="~/other.npz")


def test_a_file_of_statistics_that_is_incomplete(tmp_path):
    path = tmp_path / "real.npz"
    metrics.real_statistics(Corners(), images(), path)
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"no archive"):
        path.write_bytes(content)
        for use in (lambda: metrics.FID(Corners(), real=path), lambda: metrics.real_statistics(Corners(), images(), path)):
            with pytest.raises(ValueError, match=r"real.npz' is incomplete.*Remove the file, and compute the statistics again"):
                use()
    np.savez(path, mean=np.zeros(3))
    with pytest.raises(ValueError, match="does not hold statistics of real images"):
        metrics.FID(Corners(), real=path)


def test_a_folder_of_images_as_real(tmp_path):
    remedy = r"keras_gans.data.images\(folder, size=..., shuffle=False\)"
    with pytest.raises(ValueError, match=f"`real` must be data, or a file of statistics.*real={remedy}"):
        metrics.FID(Corners(), real=tmp_path)
    with pytest.raises(ValueError, match=f"`data` must be a tf.data.Dataset or an array.*data={remedy}"):
        metrics.real_statistics(Corners(), str(tmp_path))
    with pytest.raises(ValueError, match="`path` must be a file"):
        metrics.real_statistics(Corners(), images(), tmp_path)


def test_protocol_names_what_the_figure_depends_on():
    metric = metrics.KID(Corners(), subsets=7, seed=3)
    metric.update_state(images(), images(20))
    assert metric.protocol == {  # its subsets cannot be larger than the data
        "metric": "KID",
        "subsets": 7,
        "subset_size": 20,
        "seed": 3,
        "extractor": "Corners",
        "quantized": True,
        "samples": {"generated": 20, "real": 24},
    }


def test_gradients_are_those_of_the_graph():
    random = np.random.default_rng(0)
    first, second = (np.cov(random.normal(size=(50, 4)), rowvar=False) for _ in range(2))

    def gradient(first, second):
        with tf.GradientTape() as tape:
            tape.watch((first, second))
            root = trace_sqrt_product(first, second)
        return tape.gradient(root, (first, second))

    eager, graph = (call(tf.constant(first), tf.constant(second)) for call in (gradient, tf.function(gradient)))
    np.testing.assert_allclose(eager[0], graph[0], rtol=1e-9)
    np.testing.assert_allclose(eager[1], graph[1], rtol=1e-9)
    # d/dC2 along C2, of which the root is homogeneous of degree one half.
    assert float(tf.reduce_sum(eager[1] * second)) == pytest.approx(0.5 * float(trace_sqrt_product(first, second)), rel=1e-9)


def test_cached_statistics_are_of_labels_too(tmp_path):
    images, path = tiny.images(12), tmp_path / "real.npz"
    extractor = features.FunctionFeatures(lambda x: x, name="pixels")
    labels = np.arange(12) % 3
    metrics.real_statistics(extractor, tiny.dataset(images, labels), path)
    assert (metrics.real_statistics(extractor, tiny.dataset(images, labels), path).labels == labels).all()
    for others in (tiny.dataset(images, labels[::-1].copy()), tiny.dataset(images)):
        with pytest.raises(ValueError, match="of other data"):
            metrics.real_statistics(extractor, others, path)


@pytest.mark.parametrize(
    ("labels", "message"),
    [(np.full((3, 3), 1 / 3), "a label for each image"), ([0, 1, 3], "takes labels from 0 to"), ([-1, 0, 1], "from 0")],
)
def test_labels_that_intra_fid_cannot_take(labels, message):
    metric = metrics.IntraFID(None, classes=3)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=message):
        metric.update_state(X[:3], X[:3], labels)


def test_intra_fid_by_class():
    metric = metrics.IntraFID(None, classes=3)
    assert np.isnan(metric.by_class()).all()
    labels = np.array([0, 0, 2, 2])
    metric.update_state(KX, KY, labels)
    for label in (0, 2):
        fid = metrics.FID(None)
        fid.update_state(KX[labels == label], KY[labels == label])
        assert float(metric.by_class()[label]) == pytest.approx(float(fid.result()), rel=1e-9)
    assert np.isnan(metric.by_class()[1])


def test_kid_has_a_deviation_where_there_are_several_subsets():
    for size, finite in ((len(KX), False), (len(KX) - 1, True)):
        metric = metrics.KID(None, subsets=4, subset_size=size)
        metric.update_state(KX, KY)
        assert np.isfinite(metric.result()["kid_std"]) == finite


def test_statistics_of_translations_are_of_their_targets():
    with pytest.raises(ValueError, match="Received: pairs of images, .* take the targets: data.map"):
        metrics.real_statistics(None, tiny.dataset(tiny.images(4), tiny.images(4)))


def test_statistics_are_not_lost_when_the_disk_is_full(tmp_path, full_disk):
    expected = metrics.real_statistics(Corners(), images())
    full_disk(100)
    with pytest.warns(
        RuntimeWarning, match=f"'{tmp_path}/real.npz' could not be written: File too large. The statistics are ret"
    ):
        found = metrics.real_statistics(Corners(), images(), tmp_path / "real.npz")
    np.testing.assert_array_equal(found.mean, expected.mean)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_found_before_statistics_are_computed(tmp_path):
    (tmp_path / "file").write_text("")
    runs = Corners()
    with pytest.raises(ValueError, match="The folder of `path` must be a folder that is there, or can be made.*Not a directory"):
        metrics.real_statistics(runs, images(), tmp_path / "file" / "below" / "real.npz")
    assert runs.runs == 0
