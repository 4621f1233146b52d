"""One call: figures equal those of the metrics alone, and the files say everything."""

import json
import re
import resource
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.evaluation import ANALYSES
from keras_gans.evaluation import GeneratorAdapter
from keras_gans.evaluation import Report
from keras_gans.evaluation import SamplingOptions
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import load_generator
from keras_gans.evaluation.collect_samples import warn_of_missing_classes
from keras_gans.metrics import FID
from keras_gans.metrics import KID
from keras_gans.metrics import MSSSIM
from keras_gans.metrics import PSNR
from keras_gans.metrics import GANMetric
from keras_gans.metrics import InceptionScore
from keras_gans.metrics import IntraFID
from keras_gans.metrics import ModeCoverage
from keras_gans.metrics import PrecisionRecall
from keras_gans.metrics import SlicedWasserstein
from keras_gans.metrics import real_statistics
from tests import tiny
from tests.evaluation.pieces import Pieces
from tests.hub import stand_ins

SMALL = {"num_samples": 20, "batch_size": 8, "progress": False}
ALL = {name: {} for name in ANALYSES} | {
    "inversion": {"count": 2, "steps": 5},
    "traversal": {"rows": 1, "direction_samples": 20},
}


def a_gan(classes=None, **arguments):
    return keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), **arguments)


@pytest.mark.slow
def test_figures_are_those_of_the_metrics_and_each_image_is_extracted_once(tmp_path):
    gan, extractor, real = a_gan(name="tiny"), Pieces(), tiny.images(30)
    metrics = [FID(extractor), KID(extractor, seed=5), InceptionScore(extractor, splits=2), PrecisionRecall(extractor)]
    found = evaluate(gan, real, metrics, seed=3, truncation=0.5, output=tmp_path / "out", analyses=ALL, **SMALL)
    # 30 real and 20 generated images, and those of the truncation curve.
    assert extractor.images == 30 + 20 + 5 * 20
    images = np.concatenate([images for images, _ in load_generator(gan).batches(SamplingOptions(20, 8, 3, truncation=0.5))])
    expected = {}
    for metric in (FID(None), KID(None, seed=5), PrecisionRecall(None)):
        rows = [tf.convert_to_tensor(extractor(side)["features"]) for side in (real, images)]
        metric.update_state(rows[0][:20], rows[1])
        metric.update_state(rows[0][20:], rows[1][:0])
        result = metric.result()
        expected |= result if isinstance(result, dict) else {"fid": result}
    score = InceptionScore(None, splits=2)
    score.update_state(None, extractor(images)["logits"])
    expected |= score.result()
    assert found.figures == pytest.approx({name: float(value) for name, value in expected.items()}, rel=1e-5, abs=1e-9)
    assert set(found.analyses) | set(found.skipped) == set(ANALYSES)


def read_lines(path):
    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return [json.loads(line, parse_constant=refuse) for line in path.read_text().splitlines()]


@pytest.mark.slow
def test_lines_name_the_protocol(tmp_path):
    gan, extractor = a_gan(name="tiny"), Pieces()
    for _ in range(2):
        evaluate(gan, tiny.images(30), [FID(extractor), KID(extractor)], output=tmp_path, seed=4, **SMALL)
    lines = read_lines(tmp_path / "results.jsonl")
    assert [line.get("metric", line.get("analysis")) for line in lines] == 2 * ["fid", "kid", "samples"]
    fid, kid, samples = lines[:3]
    assert fid["generator"] == "tiny"
    assert fid["figures"]["fid"] == lines[3]["figures"]["fid"] > 0
    assert fid["protocol"]["extractor"] == "Pieces"
    assert fid["protocol"]["samples"] == {"generated": 20, "real": 30}
    sampling = {"num_samples": 20, "batch_size": 8, "seed": 4, "truncation": None, "condition": None, "statistics": "moving"}
    assert fid["protocol"]["sampling"] == kid["protocol"]["sampling"] == sampling
    assert kid["protocol"]["seed"] == 0
    assert samples["protocol"]["seed"] == 4
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", fid["time"])


@pytest.mark.slow
def test_a_conditional_gan_with_all_analyses(tmp_path):
    extractor, images, labels = Pieces(), tiny.images(30), tiny.labels(30)
    metrics = [FID(extractor), IntraFID(extractor, tiny.CLASSES), MSSSIM()]
    options = ALL | {"clusters": {"k": 3}, "truncation": {"values": (0.5, 1.0)}}
    gan = a_gan(tiny.CLASSES)
    found = evaluate(gan, (images, labels), metrics, output=tmp_path, analyses=options, **SMALL)
    assert found.failed == {}
    assert set(found.skipped) == {"linear_probe", "encoder_probe", "reconstruction", "codes", "style_mixing"}
    assert extractor.images == 30 + 20 + 2 * 20
    conditions = [labels[:8], labels[8:16], labels[16:20]]
    samples = np.concatenate([gan.generate(len(c), condition=c, seed=(0, i)) for i, c in enumerate(conditions)])
    rows = extractor(samples)
    intra = IntraFID(None, tiny.CLASSES)
    intra.update_state(extractor(images[:20])["features"], rows["features"], labels[:20])
    intra.add("real", extractor(images[20:])["features"], labels[20:])
    assert found.figures["intra_fid"] == pytest.approx(float(intra.result()["intra_fid"]), rel=1e-4)
    assert found.figures["intra_fid_classes"] == tiny.CLASSES
    predicted = np.argmax(rows["logits"], axis=1)
    assert found.analyses["leakage"].figures["leakage"] == np.mean(predicted != labels[:20])
    assert found.analyses["leakage"].value.confusion.sum() == 20
    assert [point["truncation"] for point in found.analyses["truncation"].figures["curve"]] == [0.5, 1.0]
    nearest = np.linalg.norm((samples[:, None] - images[None]).reshape(20, 30, -1), axis=-1).argmin(axis=1)
    np.testing.assert_array_equal(found.analyses["neighbors"].value["pixels"].indices[:, 0], nearest)
    grid = found.analyses["samples"].value
    np.testing.assert_allclose(grid[10:20], gan.generate(10, condition=1, seed=0), atol=1e-6)
    text = (tmp_path / "report.html").read_text()
    titles = re.findall(r"<h2>(.*?)</h2>", text)
    assert titles == [
        "Figures", "Samples", "Neighbors", "Leakage", "Clusters", "Interpolation", "Path length", "Truncation", "Inversion",
        "Traversal", "Skipped",
    ]  # fmt: skip
    assert "extractor: Pieces" in text
    assert "generated 20, real 30" in text
    assert "The discriminator takes a condition" in text
    assert text.count("<svg") == 2
    assert text.count("data:image/png;base64,") >= 1 + 2 + 3 + 2 + 1 + 3


@pytest.mark.slow
def test_conditions(tmp_path):
    gan, images, labels = a_gan(tiny.CLASSES), tiny.images(10), tiny.labels(10)
    found = evaluate(
        gan, tiny.dataset(images, labels, batch_size=3), analyses=["samples", "leakage"], extractor=Pieces(), **SMALL
    )
    np.testing.assert_array_equal(found.analyses["leakage"].value.labels, np.tile(labels, 2))
    found = evaluate(gan, images, condition=2, analyses=["leakage"], extractor=Pieces(), **SMALL)
    np.testing.assert_array_equal(found.analyses["leakage"].value.labels, np.full(20, 2))
    given = tiny.labels(20, seed=1)
    found = evaluate(gan, None, condition=given, analyses=["leakage"], extractor=Pieces(), **SMALL)
    np.testing.assert_array_equal(found.analyses["leakage"].value.labels, given)


def test_labels_that_are_left_out_are_warned_of():
    real = tiny.images(30), np.repeat([0, 1, 2], 10)
    with pytest.warns(RuntimeWarning, match="2 of the 3 labels"):
        evaluate(a_gan(tiny.CLASSES), real, analyses=(), **SMALL)


def test_numbers_that_are_no_classes_are_not_missed():
    given = np.random.default_rng(0).normal(size=(30, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_missing_classes(given[:20], given)
        warn_of_missing_classes(np.c_[np.arange(20) % 2, given[:20]], np.c_[np.arange(30) % 3, given])
    with pytest.warns(RuntimeWarning, match="2 of the 3 labels"):  # rows of -1 and 1
        warn_of_missing_classes(2 * np.eye(3)[:2] - 1, 2 * np.eye(3) - 1)


@pytest.mark.slow
def test_an_export_and_a_hub_module(tmp_path):
    gan, extractor = a_gan(), Pieces()
    gan.export(tmp_path / "serving")
    both = [evaluate(source, tiny.images(30), [FID(extractor)], **SMALL).figures for source in (gan, tmp_path / "serving")]
    assert both[0] == pytest.approx(both[1], rel=1e-4)
    stand_ins.write_module(tmp_path / "hub", stand_ins.biggan())
    real = tiny.images(30, (8, 8, 3)), np.arange(30) % stand_ins.CLASSES
    options = ["samples", "interpolation", "truncation", "path_length"]
    found = evaluate(tmp_path / "hub", real, [MSSSIM()], analyses=options, truncation=0.4, extractor=Mean(), **SMALL)
    assert (found.skipped, found.failed) == ({}, {})
    assert found.figures["ms_ssim"] < 1


class Mean(Pieces):
    def extract(self, images):
        return super().extract(tf.reduce_mean(images, -1, keepdims=True))


@pytest.mark.slow
def test_what_does_not_apply_is_skipped_with_the_reason(tmp_path):
    gan = a_gan(latents=keras_gans.latents.Uniform(tiny.LATENTS))
    gan.export(tmp_path / "serving")
    found = evaluate(tmp_path / "serving", None, output=tmp_path / "out", analyses=ALL, **SMALL)
    assert set(found.analyses) == {"samples", "interpolation", "path_length", "traversal"}
    assert found.failed == {}
    reasons = {line["analysis"]: line["skipped"] for line in read_lines(tmp_path / "out" / "results.jsonl") if "skipped" in line}
    assert reasons == found.skipped
    assert reasons["truncation"] == "The generator has no truncation."
    assert reasons["neighbors"] == "There are no real images."
    assert reasons["leakage"] == "The generator has no classes as its condition."
    assert "features, which need an extractor" in reasons["clusters"]
    assert "The generator has no truncation." in (tmp_path / "out" / "report.html").read_text()


class Opaque(GeneratorAdapter):
    image_shape = tiny.SHAPE

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        return tiny.images(batch_size)


def test_latents_that_are_not_known():
    found = evaluate(Opaque("opaque"), None, analyses=["interpolation"], **SMALL)
    assert "is not known" in found.skipped["interpolation"]


class Broken(GANMetric):
    uses_real = False

    def update_state(self, real, generated, condition=None):
        pass

    def result(self):
        raise ArithmeticError("nothing to divide")


def test_nothing_is_lost_when_something_fails(tmp_path):
    metrics = [Broken(name="broken"), FID(Pieces())]
    options = {"clusters": {"k": 1000}, "samples": {}}
    with pytest.warns(RuntimeWarning) as warned:
        found = evaluate(a_gan(), tiny.images(30), metrics, output=tmp_path, analyses=options, **SMALL)
    assert [str(w.message).split(";")[0] for w in warned] == ["The metric broken failed", "The analysis clusters failed"]
    assert found.failed["broken"] == "ArithmeticError: nothing to divide"
    assert found.figures["fid"] > 0
    assert set(found.analyses) == {"samples"}
    lines = read_lines(tmp_path / "results.jsonl")
    assert [("failed" in line, "figures" in line) for line in lines] == [
        (True, False),
        (False, True),
        (True, False),
        (False, True),
    ]
    text = (tmp_path / "report.html").read_text()
    assert "nothing to divide" in text
    assert "<h2>Samples" in text


def test_the_report_is_written_once(tmp_path, monkeypatch):
    def count_lines(report, path):
        lines_then.append(len(read_lines(tmp_path / "results.jsonl")))
        write(report, path)

    write, lines_then = Report.write, []
    monkeypatch.setattr(Report, "write", count_lines)
    metrics = [FID(Pieces()), Broken(name="broken")]
    with pytest.warns(RuntimeWarning, match="broken"):
        evaluate(a_gan(), tiny.images(30), metrics, output=tmp_path, analyses=["samples", "neighbors"], **SMALL)
    assert lines_then == [4]  # after every metric and analysis
    assert "<h2>Neighbors" in (tmp_path / "report.html").read_text()


class Interrupted(Broken):
    def result(self):
        raise KeyboardInterrupt


def test_the_report_is_written_if_the_evaluation_is_stopped(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        evaluate(a_gan(), tiny.images(30), [FID(Pieces()), Interrupted(name="stopped")], output=tmp_path, **SMALL)
    assert len(read_lines(tmp_path / "results.jsonl")) == 1
    assert "<td>fid</td>" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(("size", "unwritten"), [(10, ["report.html", "results.jsonl"]), (1500, ["report.html"])])
def test_nothing_is_lost_when_the_disk_is_full(tmp_path, full_disk, size, unwritten):
    gan, metrics = a_gan(), [FID(Pieces())]
    expected = evaluate(gan, tiny.images(30), metrics, **SMALL)
    full_disk(size)
    with pytest.warns(RuntimeWarning) as warned:
        found = evaluate(gan, tiny.images(30), metrics, output=tmp_path, **SMALL)
    full_disk(resource.RLIM_INFINITY)
    assert found.figures == expected.figures
    assert found.failed == {}
    assert [record.get("metric", record.get("analysis")) for record in found.records] == ["fid", "samples"]
    named = {
        re.match(r"'(.*)' could not be written: File too large\. The result object still has everything", str(w.message))[1]
        for w in warned
    }
    assert sorted(named) == [str(tmp_path / name) for name in unwritten]
    assert len(read_lines(tmp_path / "results.jsonl")) == (0 if "results.jsonl" in unwritten else 2)
    found.report().write(tmp_path / "elsewhere.html")
    assert "<td>fid</td>" in (tmp_path / "elsewhere.html").read_text()


@pytest.mark.parametrize("output", ["file", "file/below"])
def test_a_folder_that_cannot_be_made_is_found_before_anything_is_computed(tmp_path, monkeypatch, output):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(keras_gans.export.Sampler, "generate", None)
    with pytest.raises(ValueError, match="`output` must be a folder that is there, or can be made. Received: .*file"):
        evaluate(a_gan(), tiny.images(30), [FID(Pieces())], output=tmp_path / output, **SMALL)


@pytest.mark.slow
def test_known_real_side_and_other_counts():
    extractor, gan = Pieces(), a_gan()
    statistics = real_statistics(extractor, tiny.images(50))
    found = evaluate(gan, None, [FID(extractor, real=statistics)], analyses=(), **SMALL)
    assert found.records[0]["protocol"]["samples"] == {"generated": 20, "real": 50}
    fed = evaluate(gan, tiny.images(50), [FID(extractor)], analyses=(), **SMALL)
    assert fed.figures == pytest.approx(found.figures, rel=1e-6)
    few = evaluate(gan, tiny.dataset(tiny.images(5), batch_size=2), [FID(extractor)], analyses=(), **SMALL)
    assert few.records[0]["protocol"]["samples"] == {"generated": 20, "real": 5}


def test_points_of_the_plane():
    z, x = keras.Input((2,)), keras.Input((2,))
    identity = keras.Model(z, layers.Dense(2, kernel_initializer="identity")(z))
    gan = keras_gans.GAN(identity, keras.Model(x, layers.Dense(1)(x)), latents=2)
    metric = ModeCoverage([[0.0, 0.0]], sigma=1.0)
    found = evaluate(gan, np.full((40, 2), 5.0, "float32"), [metric], **SMALL)
    assert found.figures["modes"] == 1
    assert "not pictures" in found.skipped["samples"]


@pytest.mark.slow
def test_metrics_of_two_batches_see_as_many_of_both():
    distance = SlicedWasserstein(resolution_min=8, patches=4, projections=8)
    found = evaluate(a_gan(), tiny.images(30), [distance, MSSSIM()], analyses=(), **SMALL)
    counts = [record["protocol"]["samples"] for record in found.records]
    assert counts == [{"generated": 20, "real": 20}, {"generated": 20, "real": 30}]


@pytest.mark.slow
def test_nan_is_written_as_null(tmp_path):
    metric = MSSSIM()  # one image a batch makes no pair
    found = evaluate(a_gan(), tiny.images(3), [metric], num_samples=3, batch_size=1, output=tmp_path, analyses=(), progress=False)
    assert np.isnan(found.figures["ms_ssim"])
    assert read_lines(tmp_path / "results.jsonl")[0]["figures"]["ms_ssim"] is None


def test_images_that_are_not_finite_are_refused_wherever_they_come():
    real, gan = tiny.images(30), a_gan(name="diverged")
    real[20, 0, 0, 0] = np.inf  # not in the first batch
    for metrics in ([], [SlicedWasserstein(resolution_min=8)]):
        with pytest.raises(ValueError, match="`real` has values that are NaN .*in 1 of .*Drop or fill these examples.$"):
            evaluate(gan, real, metrics, **SMALL)
    gan.generator.set_weights([np.full_like(weight, np.nan) for weight in gan.generator.get_weights()])
    with pytest.raises(ValueError, match="The images of diverged must be finite. Received: 512 of 512 values"):
        evaluate(gan, None, **SMALL)


def test_a_later_batch_of_another_range_is_refused():
    real = tiny.images(30)
    real[20:] *= 100
    with pytest.raises(ValueError, match=r"float images in \[-1, 1\]"):
        evaluate(a_gan(), real, **SMALL)


def test_a_progress_bar(capsys):
    evaluate(a_gan(), tiny.images(30), num_samples=20, batch_size=8, analyses=())
    assert "4/4" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"generator": 3}, "Expected a keras_gans.GAN"),
        ({"analyses": ["neighbours"]}, r"Received: \['neighbours'\]"),
        ({"analyses": {"neighbors": {"n": 3}}}, r"has the options \['k', 'rows', 'held_out'\]"),
        ({"num_samples": 0}, "`num_samples` must be an int >= 1"),
        ({"batch_size": 0.5}, "`batch_size` must be an int >= 1"),
        ({"seed": None}, "`seed` must be an int"),
        ({"truncation": -1.0}, "`truncation` must be >= 0"),
        ({"condition": 1}, "takes no condition"),
        ({"metrics": [3]}, "must be a list of metrics"),
        ({"metrics": [PSNR()]}, "PSNR compares pairs"),
        ({"metrics": [FID(None)]}, "fid has no extractor"),
        ({"metrics": [FID(Pieces()), FID(Pieces())]}, "different names"),
        ({"metrics": [PrecisionRecall(Pieces())], "num_samples": 3}, "needs 4 samples"),
        ({"metrics": [IntraFID(Pieces(), 3)]}, "needs a conditional generator"),
        ({"metrics": [MSSSIM(per_class=True)]}, "ms_ssim needs a conditional generator"),
        ({"extractor": "lenet"}, "`extractor` must be a keras_gans.metrics.features.FeatureExtractor"),
        ({"statistics": "batch"}, "has no batch normalization"),
        ({"statistics": "latest"}, "`statistics` must be one of"),
        ({"metrics": [FID(Pieces())], "real": None}, r"\['fid'\] need real images"),
        ({"real": tiny.images(4, (9, 9, 1))}, "must have the shape of generated ones"),
        ({"real": np.zeros((4, 8, 8, 1), "uint8")}, r"float images in \[-1, 1\]"),
        ({"real": 255 * tiny.images(4)}, r"float images in \[-1, 1\]"),
        ({"real": tiny.images(0)}, "holds no images"),
        ({"real": "images"}, r"Received: real='images'. Of a folder of images: real=keras_gans.data.images\(folder"),
        ({"real": np.full((4, 8, 8, 1), np.nan, "float32")}, "`real` has values that are NaN or infinite, in 4 of 4 examples"),
        ({"truncation": np.nan}, "`truncation` must be >= 0"),
        ({"real": tf.data.Dataset.from_tensors(tiny.images(4)).repeat()}, "must be finite"),
        ({"real": tf.data.Dataset.from_tensor_slices(tiny.images(4))}, r"not in batches. .*\(8, 8, 1\). Use `dataset.batch"),
        ({"real": (images for images in [tiny.images(4)])}, "`real` must be a tf.data.Dataset .*Received: a generator"),
        ({"real": np.ma.masked_greater(tiny.images(4), 0.9)}, "`real` has masked values, in 4 of 4 examples"),
        ({"real": tiny.images(1), "metrics": [FID(Pieces())]}, "fid needs 2 real images. Received: 1 in `real`"),
        ({"metrics": 3}, "`metrics` must be a list of metrics"),
        ({"metrics": [keras.metrics.MeanSquaredError()]}, "MeanSquaredError compares pairs"),
        ({"analyses": None}, r"`analyses` must be a list of names, .*\(\) for none. Received: analyses=None"),
        ({"analyses": "samples"}, r"Received: analyses='samples'. Pass \['samples'\]"),
        ({"analyses": {"neighbors": 3}}, r"options of an analysis are a dict .*Received: \{'neighbors': 3\}"),
    ],
)
def test_bad_input_fails_before_anything_is_computed(tmp_path, arguments, message, monkeypatch):
    gan = a_gan()
    monkeypatch.setattr(keras_gans.export.Sampler, "generate", None)
    values = {"generator": gan, "real": tiny.images(30), "output": tmp_path / "out", **SMALL, **arguments}
    with pytest.raises(ValueError, match=message):
        evaluate(**values)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"real": tiny.images(30)}, "Pass real images with labels, or `condition`"),
        ({"real": tiny.images(30), "condition": None}, 'must be "real", or an array'),
        ({"real": (tiny.images(30), tiny.labels(30)), "output": __file__}, "`output` must be a folder"),
    ],
)
def test_bad_input_of_a_conditional_gan(arguments, message):
    with pytest.raises(ValueError, match=message):
        evaluate(a_gan(tiny.CLASSES), **arguments, **SMALL)


@pytest.mark.slow
@pytest.mark.parametrize(("real", "generated", "message"), [(True, False, "the real ones"), (False, True, "the generated ones")])
def test_images_between_0_and_1_are_warned_of(tmp_path, real, generated, message):
    stand_ins.write_module(tmp_path / "hub", stand_ins.biggan())
    generator = load_generator(tmp_path / "hub", image_range=(-3, 1) if generated else None)  # the module's -1..1 become 0..1
    images = tiny.images(8, (8, 8, 3))
    for given in ((images + 1) / 2,) if real else (images, None):
        with pytest.warns(RuntimeWarning, match=message):
            evaluate(generator, given, condition=0, analyses=(), **SMALL)


class UnitGAN(keras_gans.GAN):
    image_range = (0, 1)


def unit_gan(**arguments):
    network = tiny.generator()
    halves = layers.Rescaling(0.5, offset=0.5)(network.output)
    return UnitGAN(keras.Model(network.input, halves), tiny.discriminator(), name="unit", **arguments), network


@pytest.mark.slow
def test_a_generator_of_0_to_1_and_real_images_of_0_to_1(tmp_path):
    gan, network = unit_gan()
    gan.export(tmp_path / "serving")
    same = keras_gans.GAN(network, tiny.discriminator(), name="same")
    images, held_out = tiny.images(30), tiny.images(5, seed=3)
    arguments = {"analyses": {"neighbors": {"held_out": held_out}}, "extractor": Pieces(), **SMALL}
    expected = evaluate(same, images, [FID(Pieces()), SlicedWasserstein(resolution_min=8)], **arguments)
    for source in (gan, load_generator(tmp_path / "serving", image_range=(0, 1))):
        for scaled in (True, False):  # images of [-1, 1] are taken as they are
            real, others = ((x + 1) / 2 if scaled else x for x in (images, held_out))
            arguments["analyses"] = {"neighbors": {"held_out": others}}
            found = evaluate(source, real, [FID(Pieces()), SlicedWasserstein(resolution_min=8)], **arguments)
            assert found.figures == pytest.approx(expected.figures, rel=2e-3)
            assert found.analyses["neighbors"].figures == pytest.approx(expected.analyses["neighbors"].figures, rel=1e-3)
            assert found.records[0]["protocol"]["sampling"]["image_range"] == [0, 1]
    np.testing.assert_allclose(load_generator(gan).generate(3, seed=0), 2 * gan.generate(3, seed=0) - 1, atol=1e-6)
    assert gan.generate(3, seed=0).min() >= 0


def test_real_images_of_two_ranges_are_refused():
    real = (tiny.images(30) + 1) / 2
    real[20:] = -0.5
    with pytest.raises(ValueError, match="`real` must have one range.*Received: values down to -0.5"):
        evaluate(unit_gan()[0], real, **SMALL)


def test_the_discriminator_sees_the_range_it_was_trained_on():
    gan, _ = unit_gan()
    generator = load_generator(gan)
    images = tiny.images(4)
    np.testing.assert_allclose(generator.in_own_range(images), (images + 1) / 2, atol=1e-6)
    np.testing.assert_allclose(generator.rescaled(generator.in_own_range(images)), images, atol=1e-6)


@pytest.mark.slow
def test_labels_in_a_column(tmp_path):
    labels = tiny.labels(30)
    both = labels, labels[:, None]
    options = {"extractor": Pieces(), "analyses": ["samples", "leakage", "interpolation"], **SMALL}
    found = [evaluate(a_gan(tiny.CLASSES), (tiny.images(30), each), **options) for each in both]
    np.testing.assert_array_equal(*(each.analyses["leakage"].value.labels for each in found))
    a_gan(tiny.CLASSES).export(tmp_path / "serving")
    stand_ins.write_module(tmp_path / "hub", stand_ins.biggan())
    for folder, shape in (("serving", (8, 8, 1)), ("hub", (8, 8, 3))):
        figures = [
            evaluate(tmp_path / folder, (tiny.images(30, shape), each), [MSSSIM()], analyses=(), **SMALL).figures for each in both
        ]
        assert figures[0] == figures[1]


@pytest.mark.slow
def test_a_generator_that_takes_labels_in_a_column():
    z, y, x = keras.Input((tiny.LATENTS,)), keras.Input((1,), dtype="int32"), keras.Input(tiny.SHAPE)
    embedded, other = (layers.Flatten()(layers.Embedding(tiny.CLASSES, 4)(y)) for _ in range(2))
    pixels = layers.Dense(64, "tanh")(layers.Concatenate()([z, embedded]))
    scores = layers.Dense(1)(layers.Concatenate()([layers.Flatten()(x), other]))
    gan = keras_gans.GAN(
        keras.Model([z, y], layers.Reshape(tiny.SHAPE)(pixels)), keras.Model([x, y], scores), latents=tiny.LATENTS
    )
    real = tiny.images(30), tiny.labels(30)[:, None]
    options = ["samples", "leakage", "clusters", "interpolation", "path_length", "truncation"]
    found = evaluate(
        gan, real, [IntraFID(Pieces(), tiny.CLASSES)], analyses={**dict.fromkeys(options, {}), "clusters": {"k": 3}}, **SMALL
    )
    assert (found.failed, found.skipped) == ({}, {})
    assert len(found.analyses["samples"].value) == 10 * tiny.CLASSES


class Counting(keras.metrics.Mean):
    """A metric of Keras' kind, whose third argument is a weight."""

    def update_state(self, real, generated, sample_weight=None):
        assert sample_weight is None
        super().update_state(tf.reduce_mean(generated - real))


def test_a_metric_of_keras_gets_no_labels_for_weights():
    found = evaluate(a_gan(tiny.CLASSES), (tiny.images(30), tiny.labels(30)), [Counting(name="mean")], analyses=(), **SMALL)
    assert np.isfinite(found.figures["mean"])


@pytest.mark.slow
def test_diversity_within_classes():
    gan, images, labels, given = a_gan(tiny.CLASSES), tiny.images(40), tiny.labels(40), np.repeat([2, 0, 1], 8)[:20]
    arguments = {"analyses": (), "num_samples": 20, "batch_size": 20, "progress": False}
    found = evaluate(gan, (images, labels), [MSSSIM(per_class=True)], condition=given, **arguments)
    metric = MSSSIM(per_class=True)
    metric.update_state(None, gan.generate(20, condition=given, seed=(0, 0)), given)
    for start in (0, 20):
        metric.update_state(images[start : start + 20], None, labels[start : start + 20])
    assert found.figures == pytest.approx({name: float(value) for name, value in metric.result().items()}, rel=1e-5)
    alone = evaluate(gan, None, [MSSSIM(per_class=True)], condition=given, **arguments)
    assert alone.figures["ms_ssim"] == pytest.approx(found.figures["ms_ssim"], rel=1e-6)
    assert np.isnan(alone.figures["ms_ssim_real"])


def normalized_gan():
    z = keras.Input((tiny.LATENTS,))
    x = layers.BatchNormalization()(layers.Dense(8)(z))
    generator = keras.Model(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x)))
    return keras_gans.GAN(generator, tiny.discriminator(), latents=tiny.LATENTS)


@pytest.mark.slow
def test_statistics_are_in_the_protocol():
    gan, extractor = normalized_gan(), Pieces()
    arguments = {"analyses": {"truncation": {"values": (0.1, 0.5)}}, "truncation": 0.5, **SMALL}
    curves = {}
    for statistics in ("moving", "standing"):
        found = evaluate(gan, tiny.images(30), [FID(extractor)], statistics=statistics, **arguments)
        assert found.records[0]["protocol"]["sampling"]["statistics"] == statistics
        curves[statistics] = found.analyses["truncation"].value
        # At the truncation of all samples the curve has their figure.
        assert curves[statistics][1]["fid"] == pytest.approx(found.figures["fid"], rel=1e-4)
    assert curves["standing"] != curves["moving"]
    # What the generator has stays, unless something else is asked for.
    generator = load_generator(gan).with_batch_norm_statistics("standing", 0.5)
    with pytest.warns(UserWarning, match="made for truncation=0.5. Received: truncation=0.1"):  # which the curve shows
        same = evaluate(generator, tiny.images(30), [FID(extractor)], **arguments)
    assert same.records[0]["protocol"]["sampling"]["statistics"] == "standing"
    assert same.figures["fid"] == pytest.approx(found.figures["fid"], rel=1e-6)


@pytest.mark.slow
def test_statistics_of_batches():
    arguments = {"statistics": "batch", "analyses": ["samples", "interpolation", "path_length"]}
    found = evaluate(normalized_gan(), tiny.images(30), [FID(Pieces())], **arguments, **SMALL)
    assert found.figures["fid"] > 0
    assert set(found.skipped) == {"interpolation", "path_length"}
    for sizes in ({"num_samples": 17, "batch_size": 8}, {"num_samples": 130, "batch_size": 65}):
        with pytest.raises(ValueError, match="a single image has no batch statistics"):
            evaluate(normalized_gan(), tiny.images(30), statistics="batch", progress=False, **sizes)
    with pytest.raises(ValueError, match="a single image has no batch statistics"):
        load_generator(normalized_gan()).with_batch_norm_statistics("batch").generate(1)


@pytest.mark.slow
def test_the_range_of_a_hub_module_is_in_the_protocol(tmp_path):
    stand_ins.write_module(tmp_path / "hub", stand_ins.biggan())
    real = tiny.images(30, (8, 8, 3)), np.arange(30) % stand_ins.CLASSES
    found = evaluate(load_generator(tmp_path / "hub", image_range=(-1, 2)), real, [MSSSIM()], **SMALL)
    assert found.records[0]["protocol"]["sampling"]["image_range"] == [-1, 2]


@pytest.mark.slow
def test_a_known_real_side_needs_no_labels():
    extractor, images, labels = Pieces(), tiny.images(30), tiny.labels(30)
    pairs = tiny.dataset(images, labels)
    statistics = real_statistics(extractor, pairs, num_real_features=None)
    metrics = [IntraFID(extractor, tiny.CLASSES, real=statistics), MSSSIM(per_class=True)]
    found = evaluate(a_gan(tiny.CLASSES), images, metrics, condition=labels[:20], analyses=(), **SMALL)
    assert np.isfinite(found.figures["intra_fid"])
    assert np.isnan(found.figures["ms_ssim_real"])


def test_equal_samples_leave_clusters_empty():
    gan = a_gan()
    gan.generator.set_weights([np.zeros_like(weight) for weight in gan.generator.get_weights()])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Number of distinct clusters")  # scikit-learn says so too
        found = evaluate(gan, None, extractor=Pieces(), analyses={"clusters": {"k": 3}}, **SMALL)
    assert found.analyses["clusters"].figures == {"largest": 1.0, "smallest": 0.0}


def test_one_metric_alone_and_none():
    gan, real = a_gan(), tiny.images(8)
    assert list(evaluate(gan, real, FID(Pieces()), analyses=(), **SMALL).figures) == ["fid"]
    assert evaluate(gan, real, None, analyses=(), **SMALL).figures == {}
    with pytest.raises(ValueError, match="`output` must be a folder, a path, or None. Received: output=5"):
        evaluate(gan, real, output=5, **SMALL)
