"""What samples from GANs that translate images."""

import functools

import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.latents import NoLatents
from tests import tiny

SOURCES = tiny.images(5)


@pytest.mark.slow
def test_pix2pix_samples_by_a_seed(pix2pix):
    first, again, other = (pix2pix.generate(condition=SOURCES, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1
    assert not np.array_equal(pix2pix.generate(condition=SOURCES), pix2pix.generate(condition=SOURCES))
    # An image depends on the others neither by its statistics nor, the first one, by its noise.
    np.testing.assert_array_equal(pix2pix.generate(condition=SOURCES[:1], seed=3), first[:1])
    np.testing.assert_array_equal(pix2pix.translate(SOURCES, seed=3), first)


def test_a_source_for_all(pix2pix, cyclegan):
    images = pix2pix.generate(7, condition=SOURCES[:1], seed=0)
    assert images.shape == (7, *tiny.SHAPE)
    np.testing.assert_array_equal(images, pix2pix.generate(7, condition=SOURCES[0], seed=0))
    assert len({image.tobytes() for image in images}) == 7  # dropout draws anew for each
    same = cyclegan.generate(7, condition=SOURCES[:1])
    np.testing.assert_array_equal(same, np.repeat(same[:1], 7, axis=0))
    assert cyclegan.generate(condition=SOURCES[0]).shape == (1, *tiny.SHAPE)


@pytest.mark.slow
def test_predict(pix2pix, cyclegan):
    # Each batch is drawn with the seed 0.
    np.testing.assert_array_equal(pix2pix.predict(SOURCES, verbose=0), pix2pix.generate(condition=SOURCES, seed=0))
    batches = tf.data.Dataset.from_tensor_slices(SOURCES).batch(2)
    assert pix2pix.predict(batches, verbose=0).shape == SOURCES.shape
    np.testing.assert_allclose(cyclegan.predict(batches, verbose=0), cyclegan.generate(condition=SOURCES), atol=1e-6)
    with pytest.raises(ValueError, match="This GAN has no latents: `predict` takes its condition alone.*dataset.map"):
        cyclegan.predict(tf.data.Dataset.from_tensors((SOURCES, SOURCES)), verbose=0)


def test_lists_are_translated_and_data_sets_refused(cyclegan):
    for method in (cyclegan.translate, cyclegan.translate_back):
        np.testing.assert_array_equal(method(list(SOURCES)), method(SOURCES))
        with pytest.raises(ValueError, match="Pass one batch after the other"):
            method(tf.data.Dataset.from_tensors(SOURCES))


@pytest.mark.parametrize("kind", ["pix2pix", "cyclegan"])
def test_what_is_no_source_is_refused_by_name(kind, request):
    gan, pixels = request.getfixturevalue(kind), (SOURCES * 127).astype("uint8")
    for method in (lambda x: gan.generate(condition=x), lambda x: gan.predict(x, verbose=0), gan.translate):
        with pytest.raises(ValueError, match=r"Sources must be floats in \[-1, 1\]. Received: dtype uint8. Scale them: x / 127"):
            method(pixels)
        with pytest.raises(ValueError, match=r"Sources must be in \[-1, 1\]. Received: values from .* Scale them"):
            method(SOURCES * 100)
    with pytest.raises(ValueError, match=r"The generator translates images \('batch', 8, 8, 1\). Received: \(5, 4, 8, 1\)"):
        gan.generate(condition=SOURCES[:, :4])
    with pytest.raises(ValueError, match="makes images of a source. Pass `condition`: sources .'batch', 8, 8, 1"):
        gan.generate(3)
    with pytest.raises(ValueError, match="length 1 or 7, the batch size. Received: 5"):
        gan.generate(7, condition=SOURCES)
    with pytest.raises(ValueError, match="The sources have values that are NaN"):
        gan.generate(condition=SOURCES * np.nan)
    with pytest.raises(ValueError, match="takes no latents"):
        gan.generate(condition=SOURCES, latents=SOURCES)


def test_translating_back_takes_the_other_domain(cyclegan):
    assert cyclegan.translate_back(SOURCES).shape == SOURCES.shape
    with pytest.raises(ValueError, match="dtype uint8"):
        cyclegan.translate_back((SOURCES * 127).astype("uint8"))


def test_images_as_conditions_of_a_gan_with_latents_are_floats():
    """Masks of 0 and 1 may be integers."""
    from keras_gans.utils.conditions import check_classes

    wanted = tiny.translator().inputs[0]
    check_classes(np.ones((2, 8, 8, 1), "uint8"), wanted, None)
    with pytest.raises(ValueError, match="Conditions that are images must be floats. Received: dtype uint8, values up to 255"):
        check_classes(np.full((2, 8, 8, 1), 255, "uint8"), wanted, None)


def test_statistics_of_batch_normalization(pix2pix, cyclegan):
    with pytest.raises(ValueError, match='sampled as in training.*mode="inference"'):
        pix2pix.as_sampler().with_batch_norm_statistics("standing")
    gan = tiny.pix2pix(mode="inference")
    with pytest.raises(ValueError, match="makes images of a source. Use .*`draw` gives batches of sources"):
        gan.as_sampler().with_batch_norm_statistics("standing")
    np.testing.assert_array_equal(gan.generate(condition=SOURCES, seed=0), gan.generate(condition=SOURCES, seed=1))


@pytest.mark.slow
def test_pix2pix_is_evaluated_as_it_is_sampled(pix2pix):
    pix2pix.compile(**tiny.sgd())
    images = pix2pix.draw(tf.constant(SOURCES), tf.constant(SOURCES), pix2pix.noise_seed("evaluation"), training=False).fake
    np.testing.assert_allclose(images[:1], pix2pix.draw(SOURCES[:1], SOURCES[:1], pix2pix.noise_seed("evaluation"), False).fake)
    assert np.isfinite(pix2pix.test_on_batch(SOURCES, tiny.images(5, seed=1))).all()


@pytest.mark.slow
@pytest.mark.parametrize("made", [tiny.cyclegan, tiny.pix2pix, functools.partial(tiny.pix2pix, sampling_batch_size=2)])
def test_xla_predicts_and_evaluates_translations(made):
    """What is drawn differs; without dropout, nothing is. XLA takes no chunk whose size depends on its number."""
    gan = made(ema=0.9) if made is tiny.cyclegan else made(ema=0.9, dropout=0.0)
    data = tiny.images(70), tiny.images(70, seed=1)
    metrics = [] if made is tiny.cyclegan else [keras_gans.metrics.PSNR()]
    gan.compile(jit_compile=False, metrics=metrics, **tiny.sgd())
    expected = gan.evaluate(*data, batch_size=70, verbose=0)
    gan.compile(jit_compile=True, metrics=metrics, **tiny.sgd())
    np.testing.assert_allclose(gan.evaluate(*data, batch_size=70, verbose=0), expected, rtol=1e-4, atol=1e-5)
    images = gan.predict(data[0], batch_size=70, verbose=0)
    np.testing.assert_allclose(images, gan.translate(data[0], seed=0), atol=1e-5)


@pytest.mark.parametrize("count", [3, 4, 5])
def test_a_chunk_that_is_not_full(count):
    sampler = keras_gans.export.TrainingModeSampler(tiny.translator((None, None, 1), (None, None, 1), True, 0.5), NoLatents())
    sampler.chunk = 4
    images = sampler.generate(condition=SOURCES[:count], seed=1)
    np.testing.assert_allclose(sampler.run_in_chunks(None, SOURCES[:count], seed=(0, 1)), images, atol=1e-6)
