"""The perceptual loss: its formula, and a network that stays what it is."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from keras.src.legacy.saving import legacy_h5_format

import keras_gans
from keras_gans import losses
from keras_gans.utils import vgg19 as vgg
from tests import tiny


def phi(shape=(8, 8, 1)):
    images = keras.Input(shape, name="images")
    x = layers.Conv2D(3, 3, activation="relu", name="first")(images)
    return keras.Model(images, layers.Conv2D(5, 3, 2, activation="relu", name="second")(x), name="phi")


def batch(real, fake):
    real, fake = tf.constant(real), tf.constant(fake)
    return keras_gans.Minibatch(None, real, fake, None, None, None, True)


def pair(shape=(8, 8, 1)):
    return tiny.images(4, shape), tiny.images(4, shape, seed=1)


def test_sum_over_channels_of_the_mean_over_positions():
    network, images = phi(), pair()
    difference = network(images[0]).numpy() - network(images[1]).numpy()
    assert difference.shape == (4, 2, 2, 5)
    expected = np.sum(difference**2, axis=(1, 2, 3)) / 4
    np.testing.assert_allclose(losses.Perceptual(network, scale=1.0).generator(batch(*images)), expected, rtol=1e-5)
    np.testing.assert_allclose(losses.Perceptual(network).generator(batch(*images)), expected * 0.0061515, rtol=1e-4)


def test_the_scale_is_on_features():
    """On the squares it would be 12.75 times as much."""
    network, images = phi(), batch(*pair())
    on_features = losses.Perceptual(network).generator(images)
    on_loss = losses.Perceptual(network, scale=1.0).generator(images) / 12.75
    np.testing.assert_allclose(on_loss / on_features, 12.75, rtol=1e-5)


def test_equal_images_have_no_distance():
    real, _ = pair()
    np.testing.assert_array_equal(losses.Perceptual(phi()).generator(batch(real, real)), np.zeros(4))


def test_a_layer_or_vectors():
    network, images = phi(), pair()
    cut = losses.Perceptual(network, "first", scale=1.0)
    assert [each.name for each in cut.network.layers] == ["images", "first"]
    difference = network.get_layer("first")(images[0]).numpy() - network.get_layer("first")(images[1]).numpy()
    np.testing.assert_allclose(cut.generator(batch(*images)), np.sum(difference**2, axis=(1, 2, 3)) / 36, rtol=1e-5)
    vectors = keras.Model(network.input, layers.GlobalAveragePooling2D()(network.output))
    difference = vectors(images[0]).numpy() - vectors(images[1]).numpy()
    value = losses.Perceptual(vectors, scale=2.0).generator(batch(*images))
    np.testing.assert_allclose(value, 4 * np.sum(difference**2, axis=1), rtol=1e-5)


def test_the_gradient_reaches_images_and_not_the_network():
    term = losses.Perceptual(phi())
    real, fake = map(tf.constant, pair())
    with tf.GradientTape() as tape:
        tape.watch(fake)
        value = term.generator(batch(real, fake))
    assert np.abs(tape.gradient(value, fake)).max() > 0
    assert not term.trainable_variables
    assert not term.applies_to("discriminator")


def gan_with(term, **arguments):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(auxiliary_losses=[term], run_eagerly=True, **arguments)
    return gan


@pytest.mark.slow
def test_it_is_a_copy_that_training_leaves_alone_and_files_keep(tmp_path):
    network = phi()
    before = network.get_weights()
    term = losses.Perceptual(network, "second", weight=2.0)
    gan = gan_with(term)
    assert gan.auxiliary_losses["perceptual"] is term
    logs = gan.train_on_batch(tiny.images(8), return_dict=True)
    assert logs["g_perceptual"] > 0
    for mine, theirs, old in zip(term.network.get_weights(), network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, old)
        np.testing.assert_array_equal(theirs, old)
    assert network.trainable
    assert len(network.trainable_variables) == 4
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    again = loaded.auxiliary_losses["perceptual"]
    images = batch(*pair())
    np.testing.assert_array_equal(again.generator(images), term.generator(images))
    assert (again.weight, again.scale) == (2.0, term.scale)
    assert not again.trainable_variables
    assert loaded.train_on_batch(tiny.images(8), return_dict=True) == gan.train_on_batch(tiny.images(8), return_dict=True)


@pytest.mark.slow
def test_a_second_gan_gets_a_copy_with_the_same_network():
    term = losses.Perceptual(phi())
    gans = [gan_with(term), gan_with(term)]
    second = gans[1].auxiliary_losses["perceptual"]
    assert second is not term
    images = batch(*pair())
    np.testing.assert_array_equal(second.generator(images), term.generator(images))


def test_summary_names_the_network():
    lines = []
    gan_with(losses.Perceptual(phi())).summary(print_fn=lines.append)
    assert "Auxiliary losses: Perceptual(features=phi)" in lines


def test_images_in_zero_to_one_are_rescaled():
    z = keras.Input((6,), name="latents")
    generator = keras.Model(z, layers.Reshape((8, 8, 1))(layers.Dense(64, "sigmoid")(z)))
    term = losses.Perceptual(phi(), scale=1.0)
    keras_gans.GAN(generator, tiny.discriminator()).compile(auxiliary_losses=[term])
    real, fake = pair()
    other = losses.Perceptual(term.network, scale=1.0)
    np.testing.assert_allclose(
        term.generator(batch((real + 1) / 2, (fake + 1) / 2)), other.generator(batch(real, fake)), rtol=1e-4, atol=1e-6
    )


def test_what_is_refused():
    with pytest.raises(ValueError, match='must be "vgg19", or a functional'):
        losses.Perceptual(keras_gans.metrics.features.FunctionFeatures(lambda x: x, name="x"))
    with pytest.raises(ValueError, match="no layer 'third'"):
        losses.Perceptual(phi(), "third")
    with pytest.raises(ValueError, match="a model brings its own"):
        losses.Perceptual(phi(), weights="vgg19.h5")
    with pytest.raises(ValueError, match="`scale`"):
        losses.Perceptual(phi(), scale=float("nan"))
    with pytest.raises(ValueError, match=r"takes \(9, 9, 1\). Received: a generator of \(8, 8, 1\)"):
        gan_with(losses.Perceptual(phi((9, 9, 1))))


@pytest.mark.slow
def test_missing_weights_are_said_and_not_downloaded(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="There is no file .*notop.h5.*pass its path as `weights`"):
        gan_with(losses.Perceptual())
    with pytest.raises(FileNotFoundError, match=r"There is no file .*mine\.h5"):
        losses.Perceptual(weights=tmp_path / "mine.h5")
    (tmp_path / "mine.h5").write_bytes(b"not one")
    with pytest.raises(ValueError, match="does not hold the weights of VGG19"):
        losses.Perceptual(weights=tmp_path / "mine.h5")


@pytest.mark.slow
def test_vgg19(monkeypatch, tmp_path):
    """With weights of chance in a file as Keras' own: layers, preprocessing, sizes, and Keras' cache."""
    network = keras.applications.VGG19(include_top=False, weights=None, input_shape=(None, None, 3))
    assert sum(int(np.prod(variable.shape)) for variable in network.weights) == 20_024_384
    (tmp_path / "models").mkdir()
    with h5py.File(tmp_path / "models" / vgg.WEIGHTS, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, network)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    z = keras.Input((6,), name="latents")
    generator = keras.Model(z, layers.Reshape((32, 32, 3))(layers.Dense(3072, "tanh")(z)))
    term = losses.Perceptual(scale=1.0)
    keras_gans.GAN(generator, tiny.discriminator(shape=(32, 32, 3))).compile(auxiliary_losses=[term])  # reads Keras' cache
    assert not term.network.trainable_variables
    real, fake = pair((32, 32, 3))
    features = keras.Model(network.input, network.get_layer("block5_conv4").output)
    assert term.network(real).shape == (4, 2, 2, 512)
    assert term.network(tiny.images(1, (96, 96, 3))).shape == (1, 6, 6, 512)
    published = [features(keras.applications.vgg19.preprocess_input((images + 1) * 127.5)).numpy() for images in (real, fake)]
    np.testing.assert_allclose(term.network(real), published[0], atol=1e-4 * published[0].max())
    expected = np.sum((published[0] - published[1]) ** 2, axis=(1, 2, 3)) / 4
    np.testing.assert_allclose(term.generator(batch(real, fake)), expected, rtol=1e-3)
    monkeypatch.chdir(tmp_path / "models")
    shallow = losses.Perceptual(layer="block2_conv2", weights=vgg.WEIGHTS)
    assert shallow.get_config()["weights"] == str(tmp_path / "models" / vgg.WEIGHTS)
    assert shallow.network(real).shape == (4, 16, 16, 128)
    with pytest.raises(ValueError, match="VGG19 has no layer 'conv5_4'"):
        losses.Perceptual(layer="conv5_4", weights=tmp_path / "models" / vgg.WEIGHTS)
