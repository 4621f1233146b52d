"""The truncation curve against metrics by hand, and what must come out of it."""

import numpy as np
import pytest

import keras_gans
from keras_gans.evaluation import SamplingOptions
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import truncation_curve
from keras_gans.metrics import FID
from keras_gans.metrics import InceptionScore
from keras_gans.metrics import PrecisionRecall
from keras_gans.metrics import real_statistics
from tests import tiny
from tests.evaluation.pieces import Pieces


def a_gan(classes=None, **arguments):
    return keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), **arguments)


@pytest.mark.slow
def test_points_are_those_of_the_metrics():
    gan, extractor = a_gan(), Pieces()
    curve = truncation_curve(gan, extractor, tiny.images(30), values=(0.5, None), num_samples=20, batch_size=8, seed=3)
    assert extractor.images == 30 + 2 * 20  # real images once
    assert [point["truncation"] for point in curve] == [0.5, None]
    images = np.concatenate([images for images, _ in load_generator(gan).batches(SamplingOptions(20, 8, 3, truncation=0.5))])
    metrics = FID(extractor), InceptionScore(extractor), PrecisionRecall(extractor, num_samples=20)
    for metric in metrics:
        for start in (0, 8, 16):
            metric.update_state(tiny.images(30)[: 0 if start else 30], images[start : start + 8])
    assert curve[0]["fid"] == pytest.approx(float(metrics[0].result()), rel=1e-6)
    assert curve[0]["inception_score"] == pytest.approx(float(metrics[1].result()["inception_score"]), rel=1e-6)
    assert curve[0]["precision"] == pytest.approx(float(metrics[2].result()["precision"]))
    assert curve[0]["recall"] == pytest.approx(float(metrics[2].result()["recall"]))


@pytest.mark.slow
def test_variety_falls_with_truncation():
    gan = a_gan()
    real = gan.generate(200, seed=9)
    curve = truncation_curve(gan, Pieces(), real, values=(0.01, 1.0, None), num_samples=200)
    fid, recall = ([point[name] for point in curve] for name in ("fid", "recall"))
    assert fid[0] > fid[1] > fid[2]
    assert recall[0] < recall[1]


@pytest.mark.slow
@pytest.mark.parametrize("cached", ["in memory", "in a file"])
def test_conditional_and_cached(cached, tmp_path):
    extractor, path = Pieces(), tmp_path / "real.npz"
    statistics = real_statistics(extractor, tiny.images(30), path)
    real, labels = statistics if cached == "in memory" else path, tiny.labels(20)
    curve = truncation_curve(a_gan(tiny.CLASSES), extractor, real, values=(0.5,), num_samples=20, batch_size=8, condition=labels)
    assert curve[0].pop("truncation_form") == "t * TN(-2, 2)"
    assert np.isfinite(list(curve[0].values())).all()
    assert extractor.images == 50


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": (-1.0,)}, "`values` must be numbers >= 0"),
        ({"values": ()}, "`values` must be numbers >= 0"),
        ({"num_samples": 2}, "`num_samples` must be an int >= 4"),
        ({"condition": 1}, "takes no condition"),
    ],
)
def test_errors(arguments, message):
    extractor = Pieces()
    with pytest.raises(ValueError, match=message):
        truncation_curve(a_gan(), extractor, tiny.images(30), **arguments)
    assert extractor.images == 0


def test_a_prior_without_truncation():
    gan = a_gan(latents=keras_gans.latents.Uniform(tiny.LATENTS))
    with pytest.raises(ValueError, match="has no truncation. Use a GAN with keras_gans.latents.Normal"):
        truncation_curve(gan, Pieces(), tiny.images(30))
    with pytest.raises(ValueError, match="is conditional"):
        truncation_curve(a_gan(tiny.CLASSES), Pieces(), tiny.images(30))


@pytest.mark.slow
def test_one_gan_in_both_forms():
    gan, extractor = a_gan(), Pieces()
    paper = load_generator(gan, latents=keras_gans.latents.Normal(tiny.LATENTS, truncate_by="resampling"))
    arguments = {"values": (0.5, None), "num_samples": 20, "batch_size": 20}
    scaled, resampled = (truncation_curve(each, extractor, tiny.images(30), **arguments) for each in (gan, paper))
    assert [point["truncation_form"] for point in scaled + resampled] == 2 * ["t * TN(-2, 2)"] + 2 * ["TN(-t, t)"]
    assert scaled[1]["fid"] == resampled[1]["fid"]  # without truncation the priors are one
    assert scaled[0]["fid"] != resampled[0]["fid"]
    z = keras_gans.latents.Normal(tiny.LATENTS, truncate_by="resampling").sample(20, (0, 0), 0.5)
    metric = FID(extractor)
    metric.update_state(tiny.images(30), gan.generate(20, latents=z))
    assert resampled[0]["fid"] == pytest.approx(float(metric.result()), rel=1e-6)


def test_a_value_out_of_a_known_range():
    class UpToOne(keras_gans.evaluation.GeneratorAdapter):
        truncatable, truncation_range, image_shape = True, (0.0, 1.0), tiny.SHAPE

    with pytest.raises(ValueError, match=r"`truncation` must be in \[0, 1\], or None. Received: truncation=2"):
        truncation_curve(UpToOne("x"), Pieces(), tiny.images(30), values=(0.5, 2))
