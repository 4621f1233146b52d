"""A generator with an input called truncation."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import interpolate
from keras_gans.evaluation import invert
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import truncation_curve
from keras_gans.latents import Normal
from keras_gans.latents import Uniform
from tests import tiny
from tests.evaluation.pieces import Pieces

LABELS = tiny.labels(5)
ROWS = np.eye(tiny.CLASSES, dtype="float32")[LABELS]


def a_gan(shape=(1,), latents=None, **arguments):
    keras.utils.set_random_seed(3)
    return keras_gans.GAN(
        tiny.weighted_generator(truncation=shape), tiny.weighted_discriminator(), latents, classes=tiny.CLASSES, **arguments
    )


def unconditional(table=False):
    z, t = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((1,), name="truncation")
    x = layers.Concatenate()([z, tiny.TruncationTable()(t) if table else t])
    x = layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x))
    return keras_gans.GAN(keras.Model([z, t], x), tiny.discriminator())


@keras.saving.register_keras_serializable("tests")
class OnlyOne(layers.Layer):
    """Fails on any truncation but 1, in graphs too."""

    def call(self, truncation):
        with tf.control_dependencies([tf.debugging.assert_equal(truncation, 1.0, "not one")]):
            return tf.identity(truncation)


def direct(gan, latents, truncation):
    shape = gan.generator.inputs[2].shape[1:]
    return np.asarray(gan.generator([np.asarray(latents), ROWS, np.full((5, *shape), truncation, "float32")]))


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(), (1,)])
def test_generate_and_predict(shape):
    gan = a_gan(shape)
    gan.compile()
    assert gan.condition_input.name == "condition"
    z = gan.latents.sample(5, (0, 7))
    np.testing.assert_allclose(gan.generate(5, condition=LABELS, seed=7), direct(gan, z, 1.0), atol=1e-6)
    np.testing.assert_allclose(gan.predict((z, LABELS), verbose=0), direct(gan, z, 1.0), atol=1e-6)
    np.testing.assert_allclose(gan.generate(5, LABELS, z, truncation=0.25), direct(gan, z, 0.25), atol=1e-6)
    truncated = gan.latents.sample(5, (0, 7), 0.5)  # the prior and the network alike
    np.testing.assert_allclose(gan.generate(5, LABELS, truncation=0.5, seed=7), direct(gan, truncated, 0.5), atol=1e-6)


def test_who_truncates():
    kinds = {}
    for name, gan in {
        "both": a_gan(),
        "network": a_gan(latents=Uniform(tiny.LATENTS)),
        "prior": keras_gans.GAN(tiny.generator(), tiny.discriminator()),
        "none": keras_gans.GAN(tiny.generator(), tiny.discriminator(), Uniform(tiny.LATENTS)),
    }.items():
        sampler = gan.as_sampler()
        assert sampler.latent_shape == (tiny.LATENTS,)
        kinds[name] = sampler.truncatable, sampler.truncates_latents, sampler.truncation_form
    assert kinds == {
        "both": (True, True, "t * TN(-2, 2) and the network's input"),
        "network": (True, True, "the network's input"),
        "prior": (True, False, "t * TN(-2, 2)"),
        "none": (False, False, None),
    }


def test_a_prior_without_truncation_and_a_network_with_it():
    gan = a_gan(latents=Uniform(tiny.LATENTS))
    z = gan.latents.sample(5, (0, 7))
    np.testing.assert_allclose(gan.generate(5, LABELS, truncation=0.5, seed=7), direct(gan, z, 0.5), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("eagerly", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_training_and_evaluation_feed_one(eagerly):
    z, y, t = (keras.Input((width,), name=name) for name, width in (("latents", 6), ("condition", 3), ("truncation", 1)))
    x = layers.Concatenate()([z, y, OnlyOne()(t)])
    generator = keras.Model([z, y, t], layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x)))
    gan = keras_gans.GAN(generator, tiny.weighted_discriminator(), ema=0.5, classes=tiny.CLASSES)
    gan.compile(run_eagerly=eagerly, metrics=[keras_gans.metrics.MSSSIM(pairs=2)])
    with pytest.raises(tf.errors.InvalidArgumentError, match="not one"):
        gan.generate(5, LABELS, truncation=0.3)
    minibatch = gan.draw(tf.constant(tiny.images(5)), tf.constant(ROWS), gan.noise_seed("generator"))
    np.testing.assert_allclose(minibatch.fake, direct(gan, minibatch.latents, 1.0), atol=1e-6)
    logs = gan.fit(tiny.images(), tiny.labels(), verbose=0, validation_data=(tiny.images(), tiny.labels())).history
    assert np.isfinite(logs["d_loss"] + logs["val_g_loss"] + logs["val_ms_ssim"]).all()


@pytest.mark.slow
def test_saved_and_exported(tmp_path):
    gan = a_gan()
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    expected = gan.generate(5, LABELS, truncation=0.5, seed=7)
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.generate(5, LABELS, truncation=0.5, seed=7), expected)
    gan.export(tmp_path / "1")
    served = tf.saved_model.load(str(tmp_path / "1")).signatures
    assert set(served["serve"].structured_input_signature[1]) == {"latents", "truncation", "condition"}
    assert set(served["sample"].structured_input_signature[1]) == {"batch_size", "seed", "truncation", "condition"}
    z, rows = gan.latents.sample(5, (0, 7), 0.5), tf.constant(ROWS)
    drawn = {"batch_size": tf.constant(5), "seed": tf.constant([0, 7]), "condition": rows}
    images = served["serve"](latents=z, condition=rows, truncation=tf.constant(0.5))["images"]
    np.testing.assert_allclose(images, expected, atol=1e-6)
    np.testing.assert_allclose(served["sample"](**drawn, truncation=tf.constant(0.5))["images"], expected, atol=1e-6)
    none = served["sample"](**drawn, truncation=tf.constant(-1.0))["images"]
    np.testing.assert_allclose(none, gan.generate(5, LABELS, seed=7), atol=1e-6)
    reader = load_generator(tmp_path / "1")
    assert (reader.truncates_latents, reader.truncation_form) == (True, gan.as_sampler().truncation_form)
    np.testing.assert_allclose(reader.generate(5, LABELS, truncation=0.5, seed=7), expected, atol=1e-6)
    np.testing.assert_allclose(reader.generate(5, LABELS, z, truncation=0.5), expected, atol=1e-6)
    np.testing.assert_allclose(reader.generate(5, LABELS, z), gan.generate(5, LABELS, z), atol=1e-6)
    np.testing.assert_allclose(reader.draw_latents(5, 7, 0.5), z, atol=1e-6)


@pytest.mark.slow
def test_an_export_keeps_the_form(tmp_path):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), Normal(tiny.LATENTS, truncate_by="resampling"))
    gan.export(tmp_path / "1")
    reader = load_generator(tmp_path / "1")
    assert reader.truncation_form == "TN(-t, t)"
    expected = gan.generate(5, truncation=0.5, seed=7)
    np.testing.assert_allclose(reader.generate(5, truncation=0.5, seed=7), expected, atol=1e-6)
    np.testing.assert_allclose(reader.at(0.5).generate(5, latents=reader.draw_latents(5, 7, 0.5)), expected, atol=1e-6)


@pytest.mark.slow
def test_a_range_that_is_known(tmp_path):
    gan = unconditional(table=True)
    assert gan.as_sampler().truncation_range == (0, 1)
    gan.export(tmp_path / "1")
    for each in (gan, load_generator(gan), load_generator(tmp_path / "1")):
        with pytest.raises(ValueError, match=r"`truncation` must be in \[0, 1\], or None. Received: truncation=1.5"):
            each.generate(2, truncation=1.5)
        assert each.generate(2, truncation=1.0).shape == (2, *tiny.SHAPE)
    served = tf.saved_model.load(str(tmp_path / "1")).signatures
    clamped = served["sample"](batch_size=tf.constant(2), seed=tf.constant([0, 1]), truncation=tf.constant(1.5))["images"]
    np.testing.assert_allclose(clamped, gan.generate(2, seed=1, truncation=1.0), atol=1e-6)
    assert unconditional().generate(2, truncation=1.5).shape == (2, *tiny.SHAPE)


@pytest.mark.slow
def test_analyses():
    gan = unconditional()
    z = gan.latents.sample(4, (0, 1))
    path = interpolate(gan, z[:2], z[2:], steps=3, truncation=0.5)
    np.testing.assert_allclose(path[:, 0], gan.generate(2, latents=z[:2], truncation=0.5), atol=1e-6)
    np.testing.assert_allclose(interpolate(gan, z[:2], z[2:], 3)[:, 0], gan.generate(2, latents=z[:2]), atol=1e-6)
    curve = truncation_curve(gan, Pieces(), tiny.images(30), values=(0.5, 1.0), num_samples=20, batch_size=20)
    metric = keras_gans.metrics.FID(Pieces())
    metric.update_state(tiny.images(30), gan.generate(20, truncation=0.5, seed=(0, 0)))
    assert curve[0]["fid"] == pytest.approx(float(metric.result()), rel=1e-6)
    images = gan.generate(2, latents=z[:2], truncation=0.5)
    found = invert(gan.generator, images, tiny.LATENTS, steps=2, initial=z[:2], learning_rate=1e-9, truncation=0.5)
    np.testing.assert_allclose(found.losses, 0, atol=1e-6)
    for truncation in (None, 0.5):
        with pytest.raises(ValueError, match=r"must take latents alone.*takes the condition 'condition' too. Hold it fixed"):
            invert(a_gan().generator, images, tiny.LATENTS, steps=1, truncation=truncation)
    with pytest.raises(ValueError, match="must take latents alone"):
        invert(tiny.generator(3), images, tiny.LATENTS, steps=1)
    with pytest.raises(ValueError, match="`truncation` needs a network with an input of this name"):
        invert(tiny.generator(), images, tiny.LATENTS, steps=1, truncation=0.5)
    found = evaluate(
        gan, tiny.images(20), analyses=["interpolation"], num_samples=8, truncation=0.5, progress=False, extractor=Pieces()
    )
    first = found.analyses["interpolation"].value["lerp"][0, 0]
    start = gan.latents.sample(4, (0, 1), 0.5)
    np.testing.assert_allclose(first, gan.generate(4, latents=start, truncation=0.5)[0], atol=1e-6)
    protocol = found.records[-1]["protocol"]
    assert (protocol["truncation"], protocol["truncation_form"]) == (0.5, "t * TN(-2, 2) and the network's input")


@pytest.mark.slow
@pytest.mark.parametrize(("prior", "path"), [(Normal, "slerp"), (Uniform, "lerp")])
def test_paths_follow_the_prior(prior, path, tmp_path):
    gan = unconditional()
    gan = keras_gans.GAN(gan.generator, gan.discriminator, prior(tiny.LATENTS))
    options = {"path_length": {"pairs": 2}}
    found = evaluate(gan, tiny.images(4), analyses=options, num_samples=4, progress=False)
    assert found.records[-1]["protocol"]["path"] == path
    gan.export(tmp_path / "1")
    assert load_generator(tmp_path / "1").normal_latents == (path == "slerp")


@pytest.mark.slow
def test_callbacks_ask_the_sampler(tmp_path):
    gan = unconditional()
    gan.compile(run_eagerly=True)
    grid = keras_gans.callbacks.SampleGrid(tmp_path, rows=1, columns=2)
    monitor = keras_gans.callbacks.ModeCollapseMonitor(num_samples=4)
    gan.fit(tiny.images(8), verbose=0, callbacks=[grid, monitor])  # a truncation is not a condition
    np.testing.assert_allclose(grid.images(), gan.generate(2, seed=0), atol=1e-6)


def test_another_prior_of_one_gan():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    paper = gan.as_sampler(Normal(tiny.LATENTS, truncate_by="resampling"))
    z = Normal(tiny.LATENTS, truncate_by="resampling").sample(3, (0, 1), 0.5)
    np.testing.assert_allclose(paper.generate(3, truncation=0.5, seed=1), gan.generate(3, latents=z), atol=1e-6)
    np.testing.assert_allclose(paper.generate(3, seed=1), gan.generate(3, seed=1), atol=1e-6)
    with pytest.raises(ValueError, match=r"takes latents of shape \(6,\)"):
        gan.as_sampler(Normal(7))
    with pytest.raises(ValueError, match="A GeneratorAdapter has a prior of its own"):
        load_generator(load_generator(gan), latents=Normal(6))
