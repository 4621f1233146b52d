"""What must hold for every metric. A new one must be given a row in `CASES`."""

import dataclasses
import functools
import json
import zipfile
from collections.abc import Callable

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import metrics
from tests import tiny
from tests.conformance import stand_ins

SHAPE = (12, 12, 1)
COUNT = 24
WIDTH, CLASSES = 4, 3


@functools.cache
def classifier():
    """Of random weights, large enough to tell noise apart."""
    x = keras.Input(SHAPE)
    hidden = layers.Dense(WIDTH, "tanh", kernel_initializer=keras.initializers.RandomNormal(stddev=0.3, seed=1))
    logits = layers.Dense(CLASSES, kernel_initializer=keras.initializers.RandomNormal(stddev=3.0, seed=2))
    return keras.Model(x, logits(hidden(layers.Flatten()(x))), name="random_classifier")


@functools.cache
def extractor():
    return metrics.features.ClassifierFeatures(classifier())


@dataclasses.dataclass(frozen=True)
class Case:
    """How a metric of images is made, and the names of its results."""

    make: Callable
    figures: tuple
    # Pairs are made within a batch: which images meet depends on how replicas share it.
    pairs: bool = False


CASES = {
    metrics.FID: Case(lambda **name: metrics.FID(extractor(), **name), ("fid",)),
    metrics.KID: Case(
        lambda **name: metrics.KID(extractor(), num_samples=30, subsets=3, subset_size=9, **name), ("kid", "kid_std")
    ),
    metrics.InceptionScore: Case(
        lambda **name: metrics.InceptionScore(extractor(), splits=2, **name), ("inception_score", "inception_score_std")
    ),
    metrics.PrecisionRecall: Case(
        lambda **name: metrics.PrecisionRecall(extractor(), num_samples=30, **name), ("precision", "recall")
    ),
    metrics.DensityCoverage: Case(
        lambda **name: metrics.DensityCoverage(extractor(), num_samples=30, **name), ("density", "coverage")
    ),
    metrics.IntraFID: Case(
        lambda **name: metrics.IntraFID(extractor(), classes=CLASSES, **name), ("intra_fid", "intra_fid_classes")
    ),
    metrics.SlicedWasserstein: Case(
        lambda **name: metrics.SlicedWasserstein(
            num_images=30, resolution_min=6, patch_size=3, patches=5, projections=16, **name
        ),
        ("sliced_wasserstein", "sliced_wasserstein_12", "sliced_wasserstein_6"),
    ),
    metrics.MSSSIM: Case(lambda **name: metrics.MSSSIM(**name), ("ms_ssim", "ms_ssim_real"), pairs=True),
    metrics.PSNR: Case(lambda **name: metrics.PSNR(**name), ("psnr",)),
    metrics.SSIM: Case(lambda **name: metrics.SSIM(**name), ("ssim",)),
    metrics.ModeCoverage: Case(
        lambda **name: metrics.ModeCoverage(classifier=classifier(), modes=CLASSES, **name),
        ("modes", "high_quality", "reverse_kl"),
    ),
}
BASES = {metrics.FeatureMetric, metrics.GANMetric}

every_metric = pytest.mark.parametrize("cls", CASES, ids=lambda cls: cls.__name__)


def make(cls, **name):
    return CASES[cls].make(**name)


def data(count=COUNT):
    """Real images, generated ones that are darker and less varied, and labels of both: smooth, so that no two are unrelated."""
    random = np.random.default_rng(0)
    coarse = random.uniform(-1, 1, (2, count, 3, 3, 1)).astype("float32")
    real, generated = (tf.image.resize(images, SHAPE[:2]).numpy() for images in coarse)
    return real, generated * 0.7 - 0.2, np.arange(count) % CLASSES


def values(metric, result=None):
    result = metric.result() if result is None else result
    result = result if isinstance(result, dict) else {metric.name: result}
    return {key: float(value) for key, value in result.items()}


def fed(metric, real, generated, labels, batches=1):
    for batch in zip(*(np.array_split(rows, batches) for rows in (real, generated, labels)), strict=True):
        metric.update_state(*batch)
    return metric


def close(expected):
    return pytest.approx(expected, rel=1e-4, abs=1e-5)


class Paired(keras_gans.GAN):
    """A GAN whose samples any metric may be fed with."""

    paired = True


def gan(metric):
    model = Paired(tiny.generator(CLASSES, SHAPE), tiny.discriminator(CLASSES, SHAPE))
    model.compile(**tiny.sgd(), metrics=[] if metric is None else [metric])
    return model


def test_every_metric_has_a_row():
    exported = set(stand_ins.exported(metrics, keras.metrics.Metric))
    assert exported - BASES == set(CASES)
    assert exported >= BASES


@pytest.mark.slow
@every_metric
def test_the_names_of_the_figures(cls):
    metric, case = make(cls), CASES[cls]
    found = values(fed(metric, *data()))
    assert tuple(found) == case.figures
    assert np.isfinite(list(found.values())).all()
    if isinstance(metric, metrics.FeatureMetric):
        assert case.figures == (metric.figures or (metric.default_name,))


@every_metric
def test_nothing_seen_is_nan(cls):
    found = values(make(cls))
    assert found
    assert set(found) <= set(CASES[cls].figures)
    assert np.isnan(list(found.values())).all(), found


@pytest.mark.slow
@every_metric
def test_batches_add_up(cls):
    assert values(fed(make(cls), *data(), batches=3)) == close(values(fed(make(cls), *data())))


@pytest.mark.slow
@every_metric
def test_a_graph_computes_the_same(cls):
    eager, graph = fed(make(cls), *data()), make(cls)
    tf.function(graph.update_state)(*map(tf.constant, data()))
    assert values(graph) == close(values(eager))
    assert values(graph, tf.function(graph.result)()) == close(values(eager))


@every_metric
def test_reset_forgets(cls):
    real, generated, labels = data()
    metric = fed(make(cls), generated, real, labels)
    metric.reset_state()
    assert np.isnan(list(values(metric).values())).all()
    assert values(fed(metric, *data())) == values(fed(make(cls), *data()))


@every_metric
def test_two_replicas_are_one(cls, strategy):
    with strategy.scope():
        metric = make(cls)
    update = tf.function(metric.update_state)
    # The replicas get rows in turn, so that what is kept in order is in the order of one device.
    blocks = np.arange(COUNT).reshape(-1, 8)
    order = blocks if CASES[cls].pairs else np.concatenate([blocks[:, ::2], blocks[:, 1::2]], axis=1)
    shared = [rows[np.ravel(order)] for rows in data()]
    for batch in strategy.experimental_distribute_dataset(tiny.dataset(*shared, batch_size=8)):
        strategy.run(update, batch)
    assert values(metric) == close(values(fed(make(cls), *data())))
    metric.reset_state()
    assert np.isnan(list(values(metric).values())).all()


@every_metric
def test_the_protocol_can_be_written_down(cls):
    metric = make(cls)
    before = metric.protocol
    fed(metric, *data())
    protocol = json.loads(json.dumps(metric.protocol))
    assert protocol == metric.protocol
    assert protocol["metric"] == cls.__name__
    assert protocol["samples"] == {"generated": COUNT, **({"real": COUNT} if metric.uses_real else {})}
    assert set(before["samples"].values()) == {0}
    if isinstance(metric, metrics.FeatureMetric):
        assert extractor().protocol.items() <= protocol.items()


@every_metric
def test_two_of_a_kind_log_under_different_names(cls):
    first, second = (values(fed(metric, *data())) for metric in (make(cls), make(cls, name="another")))
    assert not set(first) & set(second)
    assert list(first.values()) == list(second.values())


def saved_arrays(model, path):
    """The shapes of all arrays in the `.keras` file of a model."""
    model.save(path)
    shapes = []
    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as file, h5py.File(file) as weights:
        weights.visititems(lambda name, item: shapes.append(item.shape) if isinstance(item, h5py.Dataset) else None)
        assert classifier().name.encode() not in archive.read("config.json")
    return sorted(shapes)


@pytest.fixture(scope="module")
def arrays_without_metrics(tmp_path_factory):
    return saved_arrays(gan(None), tmp_path_factory.mktemp("without") / "gan.keras")


@pytest.mark.slow
@every_metric
def test_in_a_gan_that_is_saved_without_it(cls, tmp_path, arrays_without_metrics):
    real, _, labels = data()
    model = gan(make(cls))
    logs = model.evaluate(tiny.dataset(real, labels), return_dict=True, verbose=0)
    assert set(CASES[cls].figures) <= set(logs)
    assert np.isfinite([logs[figure] for figure in CASES[cls].figures]).all()
    assert saved_arrays(model, tmp_path / "gan.keras") == arrays_without_metrics


@every_metric
def test_images_of_a_wrong_shape_are_named(cls):
    real, generated, labels = data()
    with pytest.raises(ValueError, match=r"24, 12, 12\)|12 channels"):
        make(cls).update_state(real[..., 0], generated[..., 0], labels)


@every_metric
def test_images_of_uint8_are_refused(cls):
    real, generated, labels = data()
    with pytest.raises(ValueError, match="uint8"):
        make(cls).update_state(real.astype("uint8"), generated.astype("uint8"), labels)


@pytest.mark.slow
@every_metric
@pytest.mark.parametrize("graph", [False, True], ids=["eager", "graph"])
def test_nan_is_refused(cls, graph):
    real, generated, labels = data()
    generated[3, 5, 5, 0] = np.nan
    metric = make(cls)
    update = tf.function(metric.update_state) if graph else metric.update_state
    with pytest.raises(tf.errors.InvalidArgumentError, match="NaN"):
        update(*map(tf.constant, (real, generated, labels)))
