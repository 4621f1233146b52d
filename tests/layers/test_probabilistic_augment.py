import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.layers import ProbabilisticAugment
from keras_gans.schedules import LinearDecay
from tests import tiny

X = np.random.default_rng(0).uniform(-1, 1, (200, 8, 6, 3)).astype("float32")
EVERYTHING = "bgc,bands,noise,cutout"


@pytest.mark.parametrize("policy", [None, "float32", "mixed_bfloat16"])
@pytest.mark.parametrize("channels", [1, 3])
def test_without_a_probability_it_is_the_identity(policy, channels):
    layer = ProbabilisticAugment(0.0, EVERYTHING, dtype=policy)
    x = tf.cast(X[..., :channels], layer.compute_dtype)
    np.testing.assert_array_equal(tf.cast(layer(x, training=True), "float32"), tf.cast(x, "float32"))


def test_in_inference_it_is_the_identity():
    layer = ProbabilisticAugment(1.0, EVERYTHING)
    np.testing.assert_array_equal(layer(X), X)
    assert np.abs(layer(X, training=True) - X).mean() > 0.3


def test_the_groups():
    operations = ProbabilisticAugment(0.5).operations
    assert len(operations) == 12
    groups = [ProbabilisticAugment(0.5, name).operations for name in ("blit", "geometry", "color")]
    assert [len(group) for group in groups] == [3, 4, 5]
    assert {**groups[0], **groups[1], **groups[2]} == operations == dict.fromkeys(operations, 1.0)
    assert ProbabilisticAugment(0.5, "flip, hue,flip").operations == {"flip": 1.0, "hue": 1.0}


def test_shares_of_the_probability():
    layer = ProbabilisticAugment(0.8, {"noise": 0.25, "flip": 1, "contrast": 0}, seed=1)
    assert layer.operations == {"noise": 0.25, "flip": 1, "contrast": 0}
    same = np.broadcast_to(X[:1], (4000, *X.shape[1:]))
    output = layer(same, training=True).numpy()
    straight, mirrored = (np.abs(output - each).max(axis=(1, 2, 3)) == 0 for each in (same, same[:, :, ::-1]))
    assert np.mean(straight | mirrored) == pytest.approx(0.8, abs=0.02)  # no noise
    assert np.mean(mirrored) / np.mean(straight | mirrored) == pytest.approx(0.4, abs=0.02)  # half of those that are flipped
    assert ProbabilisticAugment.from_config(layer.get_config()).operations == layer.operations


def test_an_image_is_left_alone_by_each_operation_with_the_rest_of_the_probability():
    layer = ProbabilisticAugment(0.1, "scale,rotation,translation,contrast,noise", seed=1)
    output = layer(np.repeat(X, 10, axis=0), training=True).numpy()
    alone = np.all(output == np.repeat(X, 10, axis=0), axis=(1, 2, 3))
    assert np.mean(alone) == pytest.approx(0.9**5, abs=0.04)


def test_each_image_and_each_call_has_its_own_numbers():
    layer, same = ProbabilisticAugment(1.0, "brightness", seed=1), np.broadcast_to(X[:1], X.shape)
    first, second = layer(same, training=True).numpy(), layer(same, training=True).numpy()
    assert not np.allclose(first, second)
    assert not np.allclose(first[0], first[1])
    np.testing.assert_array_equal(ProbabilisticAugment(1.0, "brightness", seed=1)(same, training=True), first)


def test_hue_and_saturation_do_nothing_to_one_channel():
    layer = ProbabilisticAugment(1.0, "hue,saturation")
    np.testing.assert_array_equal(layer(X[..., :1], training=True), X[..., :1])


def test_a_schedule():
    layer = ProbabilisticAugment(LinearDecay(0.8, stop=10), "noise")
    assert [float(layer.probability_at(updates)) for updates in (0, 5, 10)] == [pytest.approx(0.8), pytest.approx(0.4), 0]
    changed = np.any(layer(X, training=True) != X, axis=(1, 2, 3))
    assert np.mean(changed) == pytest.approx(0.8, abs=0.1)
    for _ in range(10):
        layer.after_step()
    np.testing.assert_array_equal(layer(X, training=True), X)


@pytest.mark.slow
def test_a_gan_counts_its_discriminators_updates_and_logs_the_probability(tmp_path):
    layer = ProbabilisticAugment(LinearDecay(0.5, stop=8), "noise", name="augment")
    gan = keras_gans.GAN(tiny.generator(), keras_gans.networks.with_augmentation(tiny.discriminator(), layer))
    gan.compile(discriminator_steps=2)
    history = gan.fit(tiny.dataset(tiny.images(32)), epochs=1, verbose=0).history
    # After each of four updates.
    assert history["augment_probability"] == [pytest.approx(0.5 * np.mean([7, 6, 5, 4]) / 8)]
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras").discriminator.get_layer("augment")
    assert int(loaded.updates.numpy()) == 4
    assert float(loaded.present_probability()) == 0.25


@pytest.mark.slow
def test_the_gradient_of_a_penalty_on_gradients():
    """R1 of D(augment(x)) differentiates twice through the layer."""
    images = keras.Input((8, 6, 3), name="images")
    x = keras.layers.Flatten()(ProbabilisticAugment(0.7, EVERYTHING, seed=1)(images))
    hidden = keras.layers.Dense(4, "tanh")(x)
    discriminator = keras.Model(images, keras.layers.Dense(1, use_bias=False)(hidden))

    @tf.function
    def penalty_gradients(x):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as tape:
                tape.watch(x)
                scores = discriminator(x, training=True)
            penalty = tf.reduce_mean(tf.reduce_sum(tape.gradient(scores, x) ** 2, axis=(1, 2, 3)))
        return outer.gradient(penalty, discriminator.trainable_variables)

    gradients = penalty_gradients(tf.constant(X[:16]))
    assert all(np.isfinite(gradient).all() and np.abs(gradient).sum() > 0 for gradient in gradients)


@pytest.mark.slow
def test_any_batch_and_half_precision():
    layer = ProbabilisticAugment(0.5, EVERYTHING, dtype="mixed_bfloat16")
    call = tf.function(lambda x: layer(x, training=True), input_signature=[tf.TensorSpec((None, 8, 6, 3))])
    assert call(X[:0]).shape == (0, 8, 6, 3)
    assert call(X).shape == X.shape
    assert call(X).dtype == "bfloat16"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"probability": 1.1}, r"`probability` must be in \[0, 1\]"),
        ({"probability": None}, "`probability` must be a finite number"),
        ({"probability": 0.5, "policy": "bgc,color,crop"}, r"`policy` must be names of .*\['crop'\] are unknown"),
        ({"probability": 0.5, "policy": ""}, "`policy` must be names of"),
        ({"probability": 0.5, "policy": ["flip"]}, r"`policy` must be names of .*policy=\['flip'\]"),
        ({"probability": 0.5, "policy": {}}, r"`policy` must be names of .*policy=\{\}"),
        ({"probability": 0.5, "policy": {"crop": 1}}, r"`policy` must be names of .*\['crop'\] are unknown"),
        ({"probability": 0.5, "policy": {"flip": 2}}, r"`policy\['flip'\]` must be in \[0, 1\]"),
        ({"probability": 0.5, "policy": None}, "`policy` must be names of .*policy=None"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        ProbabilisticAugment(**arguments)


@pytest.mark.parametrize("shape", [(2, 3), (2, None, 8, 3), (2, 1, 8, 3)], ids=str)
def test_no_images(shape):
    with pytest.raises(ValueError, match="takes images .* of a known size"):
        ProbabilisticAugment(0.5).build(shape)


def test_colors_of_other_channels():
    x = np.ones((2, 8, 8, 4), "float32")
    with pytest.raises(ValueError, match=r"turns the hue of images of 1 or 3 channels.*\(2, 8, 8, 4\).*policy="):
        ProbabilisticAugment(0.5)(x)
    layer = ProbabilisticAugment(1.0, "blit,geometry,brightness,contrast,luma_flip,saturation")
    assert layer(x, training=True).shape == x.shape
