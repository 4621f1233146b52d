"""Evaluation of generators that make images of images."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.evaluation import ANALYSES
from keras_gans.evaluation import GeneratorAdapter
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import generator_directions
from keras_gans.evaluation import load_generator
from keras_gans.metrics import FID
from keras_gans.metrics import MSSSIM
from keras_gans.metrics import PSNR
from keras_gans.metrics import SSIM
from keras_gans.metrics import IntraFID
from tests import tiny
from tests.evaluation.pieces import Pieces

SOURCES, TARGETS = tiny.images(10, seed=1), tiny.images(10, seed=2)
SMALL = {"batch_size": 4, "progress": False}
ALONE = {**SMALL, "analyses": []}


def psnr(real, generated):
    pixels = [np.rint(np.clip((x + 1) * 127.5, 0, 255)) for x in (real, generated)]
    return float(np.mean(10 * np.log10(255**2 / np.mean((pixels[0] - pixels[1]) ** 2, axis=(1, 2, 3)))))


def in_batches(gan, count=10, size=4):
    parts = [SOURCES[start : min(start + size, count)] for start in range(0, count, size)]
    return np.concatenate([gan.generate(condition=part, seed=(0, number)) for number, part in enumerate(parts)])


@pytest.mark.slow
@pytest.mark.parametrize("form", ["arrays", "batches", "dict"])
def test_each_image_is_compared_with_its_own_target(pix2pix, form):
    data = {"arrays": (SOURCES, TARGETS), "batches": tiny.dataset(SOURCES, TARGETS, batch_size=3)}
    data["dict"] = tf.data.Dataset.from_tensor_slices({"target": TARGETS, "source": SOURCES}).batch(3)
    found = evaluate(pix2pix, data[form], [PSNR(), FID(Pieces())], **ALONE)
    assert found.figures["psnr"] == pytest.approx(psnr(TARGETS, in_batches(pix2pix)), rel=1e-5)
    fid = FID(Pieces())
    fid.update_state(TARGETS, in_batches(pix2pix))
    assert found.figures["fid"] == pytest.approx(float(fid.result()), rel=1e-4)
    sampling = found.records[0]["protocol"]["sampling"]
    assert sampling["num_samples"] == 10
    assert (sampling["condition"], sampling["paired"], sampling["statistics"]) == ("sources of the data", True, "batch")


@pytest.mark.slow
def test_at_most_num_samples_of_them_and_all_targets(pix2pix):
    found = evaluate(pix2pix, (SOURCES, TARGETS), [PSNR(), FID(Pieces())], num_samples=6, **ALONE)
    assert found.figures["psnr"] == pytest.approx(psnr(TARGETS[:6], in_batches(pix2pix, 6)), rel=1e-5)
    assert found.records[1]["protocol"]["samples"] == {"generated": 6, "real": 10}


@pytest.mark.slow
def test_sources_that_are_given(pix2pix, cyclegan):
    """With `real` the targets alone; one source for all is many draws."""
    options = {**ALONE, "condition": SOURCES}
    found = evaluate(pix2pix, TARGETS, [PSNR()], **options)
    assert found.figures["psnr"] == pytest.approx(psnr(TARGETS, in_batches(pix2pix)), rel=1e-5)
    assert found.records[0]["protocol"]["sampling"]["condition"] == "given sources"
    fid = evaluate(cyclegan, TARGETS[:7], [FID(Pieces())], num_samples=100, **options)
    assert fid.records[0]["protocol"]["samples"] == {"generated": 10, "real": 7}
    fid = evaluate(pix2pix, TARGETS, [FID(Pieces())], num_samples=8, **{**options, "condition": SOURCES[0]})
    assert fid.records[0]["protocol"]["samples"] == {"generated": 8, "real": 10}


@pytest.mark.slow
def test_what_is_not_paired_has_no_figures_of_pairs(cyclegan):
    with pytest.raises(ValueError, match="PSNR compares each image with the target.*not learnt from pairs.*paired=True"):
        evaluate(cyclegan, (SOURCES, TARGETS), [PSNR()], **ALONE)
    found = evaluate(cyclegan, (SOURCES, TARGETS), [PSNR()], paired=True, **ALONE)
    assert found.figures["psnr"] == pytest.approx(psnr(TARGETS, cyclegan.translate(SOURCES)), rel=1e-5)
    with pytest.raises(ValueError, match="SSIM compares each image"):
        evaluate(tiny.pix2pix(), (SOURCES, TARGETS), [SSIM()], paired=False, **ALONE)
    with pytest.raises(ValueError, match="`paired` needs a generator that translates. Received: paired=True"):
        evaluate(keras_gans.GAN(tiny.generator(), tiny.discriminator()), TARGETS, paired=True, **ALONE)


@pytest.mark.slow
def test_what_does_not_fit_is_refused_first(pix2pix):
    pixels = (SOURCES * 127).astype("uint8")
    for data, options, message in (
        ((pixels, TARGETS), {}, "Sources must be floats in .-1, 1.. Received: dtype uint8"),
        ((SOURCES * 50, TARGETS), {}, "Sources must be in .-1, 1.. Received: values"),
        ((SOURCES[:, :4], TARGETS), {}, "The generator translates images"),
        (TARGETS, {}, "makes images of sources. Pass `real` with them: batches of .source, target"),
        (TARGETS, {"condition": pixels}, "Sources must be floats"),
        ((SOURCES, TARGETS), {"metrics": [IntraFID(Pieces(), 3)]}, "intra_fid needs labels, and .* makes images of sources"),
        ((SOURCES, TARGETS), {"metrics": [MSSSIM(per_class=True)]}, "needs labels"),
        ((SOURCES, TARGETS[:, :4]), {}, "Real images must have the shape of generated ones"),
        ((SOURCES, TARGETS), {"statistics": "moving"}, 'sampled as in training.*statistics=.moving.*mode="inference"'),
        ((SOURCES, TARGETS), {"truncation": 0.5}, "no truncation"),
    ):
        with pytest.raises(ValueError, match=message):
            evaluate(pix2pix, data, **{**ALONE, **options})


@pytest.mark.slow
def test_analyses(pix2pix, tmp_path):
    found = evaluate(pix2pix, (SOURCES, TARGETS), [FID(Pieces())], analyses={n: OPTIONS.get(n, {}) for n in ANALYSES}, **SMALL)
    assert found.failed == {}
    assert set(found.analyses) == {"samples", "neighbors", "clusters"}
    reasons = {"leakage": "no classes", "interpolation": "depends on more than its latents", "truncation": "no truncation"}
    assert all(words in found.skipped[name] for name, words in reasons.items())
    np.testing.assert_allclose(found.analyses["samples"].value, in_batches(pix2pix), atol=1e-6)
    assert "10 examples, each: source, translation, target" in found.analyses["samples"].blocks[0]


OPTIONS = {"clusters": {"k": 2}, "neighbors": {"k": 2}}


def test_analyses_without_pairs(cyclegan):
    found = evaluate(cyclegan, (SOURCES, TARGETS), analyses=["samples", "interpolation", "path_length"], **SMALL)
    assert found.failed == {}
    assert "each: source, translation&#x27;" not in found.analyses["samples"].blocks[0]
    assert "10 examples, each: source, translation<" in found.analyses["samples"].blocks[0]
    assert (
        found.skipped["path_length"]
        == found.skipped["interpolation"]
        == ("The generator has no latents: it makes images of sources.")
    )


def test_what_needs_latents_refuses(cyclegan):
    adapter = load_generator(cyclegan)
    assert adapter.latent_shape is adapter.draw_latents(3, 0) is None
    with pytest.raises(ValueError, match="Directions need latents, and .* has none"):
        generator_directions(adapter, condition=SOURCES[:1], num_samples=2)
    from keras_gans.explore import Explorer

    with pytest.raises(ValueError, match="Only latents can be explored, and .* has none.*gan.translate"):
        Explorer(cyclegan)
    with pytest.raises(ValueError, match="takes no latents"):
        keras_gans.evaluation.interpolate(cyclegan, SOURCES[:2], SOURCES[2:4], condition=SOURCES[:2])


@pytest.mark.slow
def test_super_resolution_of_any_size_and_range():
    """Sources of [0, 1], smaller than the targets; batches of one size each."""
    any_size = (None, None, 3)
    gan = keras_gans.SRGAN(tiny.translator(any_size, any_size, scale=2), tiny.discriminator(shape=(16, 16, 3)))
    small = [np.random.default_rng(n).uniform(0, 1, (1, 8 + n, 8, 3)).astype("float32") for n in range(2)]
    large = [2 * np.repeat(np.repeat(x, 2, axis=1), 2, axis=2) - 1 for x in small]
    shapes = tuple(tf.TensorSpec((1, *any_size), tf.float32) for _ in range(2))
    data = tf.data.Dataset.from_generator(lambda: zip(small, large, strict=True), output_signature=shapes)
    found = evaluate(gan, data, [PSNR()], batch_size=1, progress=False)
    expected = np.mean([psnr(y, gan.translate(x)) for x, y in zip(small, large, strict=True)])
    assert found.figures["psnr"] == pytest.approx(expected, rel=1e-5)
    assert "1 examples, each: source, translation, target" in found.analyses["samples"].blocks[0]


def test_a_plain_gan_has_the_target_first():
    """As its `fit`: data and condition."""
    latents = keras_gans.latents.NoLatents()
    gan = keras_gans.GAN(tiny.translator(), tiny.pair_discriminator(), latents=latents)
    found = evaluate(gan, (TARGETS, SOURCES), [PSNR()], paired=True, **ALONE)
    assert found.figures["psnr"] == pytest.approx(psnr(TARGETS, gan.generate(condition=SOURCES)), rel=1e-5)


def test_a_source_beside_latents():
    z, source = keras.Input((6,), name="latents"), keras.Input(tiny.SHAPE, name="source")
    x = layers.Concatenate()([z, layers.Flatten()(source)])
    generator = keras.Model([z, source], layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x)))
    gan = keras_gans.GAN(generator, tiny.pair_discriminator())
    found = evaluate(gan, (TARGETS, SOURCES), [PSNR()], paired=True, analyses=["interpolation", "truncation"], **SMALL)
    assert found.figures["psnr"] == pytest.approx(psnr(TARGETS, in_batches(gan)), rel=1e-5)
    assert found.analyses["interpolation"].value["slerp"].shape == (4, 9, *tiny.SHAPE)
    assert "sources" in found.skipped["truncation"]


class Negative(GeneratorAdapter):
    conditional, paired = True, True
    image_shape = source_shape = tiny.SHAPE

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        return -condition


def test_an_adapter_of_the_users():
    found = evaluate(Negative("negative"), (SOURCES, -SOURCES), [PSNR()], **SMALL)
    assert found.figures == {"psnr": 100.0}


@pytest.mark.slow
def test_metrics_in_compile():
    """The means over all pairs are those of the images by hand."""
    gan = tiny.pix2pix(mode="inference")
    gan.compile(metrics=[PSNR()], run_eagerly=True)
    figures = gan.evaluate(SOURCES, TARGETS, batch_size=4, verbose=0, return_dict=True)
    assert figures["psnr"] == pytest.approx(psnr(TARGETS, gan.translate(SOURCES)), rel=1e-5)
    history = gan.fit(SOURCES, TARGETS, batch_size=5, verbose=0, validation_data=(SOURCES, TARGETS)).history
    assert history["val_psnr"] == [pytest.approx(psnr(TARGETS, gan.translate(SOURCES)), rel=1e-5)]


@pytest.mark.slow
def test_a_metric_of_labels_in_compile():
    gan = tiny.pix2pix(mode="inference")
    gan.compile(metrics=[IntraFID(Pieces(), 3)], run_eagerly=True)
    with pytest.raises(ValueError, match="IntraFID needs labels, and gets images as `condition`: .8, 8, 8, 1.. Use it with"):
        gan.evaluate(SOURCES[:8], TARGETS[:8], batch_size=8, verbose=0)
