import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import NoiseInjection


def maps(seed=0):
    return np.random.default_rng(seed).normal(size=(4, 8, 8, 3)).astype("float32")


def built(**arguments):
    layer = NoiseInjection(**arguments)
    layer.build((None, 8, 8, 3))
    layer.built = True
    return layer


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_it_stays_out_of_the_way_at_first(policy):
    layer = NoiseInjection(dtype=policy)
    x = tf.cast(maps(), layer.compute_dtype)
    for output in (layer(x), layer(x, training=True), layer([x, maps(1)[..., :1]])):
        np.testing.assert_array_equal(output, x)


def test_noise_that_is_passed():
    layer, x, noise = built(), maps(), maps(1)[..., :1]
    layer.strength.assign([1.0, 0.5, -2.0])
    np.testing.assert_allclose(layer([x, noise]), x + noise * np.array([1.0, 0.5, -2.0]), atol=1e-6)
    np.testing.assert_allclose(layer([x, noise[:1]]), x + noise[:1] * np.array([1.0, 0.5, -2.0]), atol=1e-6)
    layer = built(per_channel=False)
    assert layer.strength.shape == ()
    layer.strength.assign(0.5)
    np.testing.assert_allclose(layer([x, noise]), x + 0.5 * noise, atol=1e-6)


def test_in_training_it_is_fresh():
    layer = built(seed=3)
    layer.strength.assign([1.0, 1.0, 0.0])
    x = tf.zeros((400, 8, 8, 3))
    first, second = (layer(x, training=True).numpy() for _ in range(2))
    assert not np.isclose(first, second)[..., :2].any()
    np.testing.assert_array_equal(first[..., 0], first[..., 1])
    np.testing.assert_array_equal(first[..., 2], 0.0)
    noise = first[..., 0].reshape(400, -1)
    assert (noise.mean(), noise.std()) == pytest.approx((0.0, 1.0), abs=0.02)
    correlation = np.corrcoef(noise[:64])  # other noise for each example
    assert np.abs(correlation - np.eye(64)).max() < 0.6
    again = built(seed=3)
    again.strength.assign([1.0, 1.0, 0.0])
    np.testing.assert_array_equal(again(x, training=True), first)


def test_in_inference_it_is_one_map_which_is_saved(tmp_path):
    x = keras.Input((8, 8, 3))
    model = keras.Model(x, NoiseInjection(name="noise")(x))
    layer = model.get_layer("noise")
    layer.strength.assign([1.0, 0.5, 0.0])
    output = model(tf.zeros((2, 8, 8, 3))).numpy()
    np.testing.assert_array_equal(output[0], output[1])
    np.testing.assert_array_equal(output[0], layer.noise * np.array([1.0, 0.5, 0.0], "float32"))
    assert np.std(layer.noise) == pytest.approx(1.0, abs=0.4)
    np.testing.assert_array_equal(model(tf.zeros((2, 8, 8, 3))), output)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "model.keras")(tf.zeros((2, 8, 8, 3))), output)
    assert [variable.path.split("/")[-1] for variable in model.trainable_variables] == ["strength"]


def test_the_strength_gets_a_gradient_where_it_is_0():
    layer, noise = built(), maps(1)[..., :1]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer([tf.constant(maps()), tf.constant(noise)]))
    np.testing.assert_allclose(tape.gradient(loss, layer.strength.value), [noise.sum()] * 3, rtol=1e-4)


def test_errors():
    for shape in ((None, 8, 3), (None, None, 8, 3)):
        with pytest.raises(ValueError, match="maps .batch, height, width, channels. of a known size"):
            NoiseInjection().build(shape)
