import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.layers import SpectralNormalization
from keras_gans.utils.networks import final_operations
from keras_gans.utils.private_keras import all_layers
from tests import tiny

W = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], "float32")


def dense(kernel, u=None, **arguments):
    """The layer around a dense layer with this kernel."""
    layer = SpectralNormalization(keras.layers.Dense(kernel.shape[1], use_bias=False), **arguments)
    layer.build((None, kernel.shape[0]))
    layer.layer.kernel.assign(kernel)
    if u is not None:
        layer.u.assign(u)
    return layer


def normalized(layer, training=False):
    """W / sigma, read off the layer's answer to the unit vectors."""
    return layer(np.eye(layer.layer.kernel.shape[0], dtype="float32"), training=training).numpy()


def test_the_iterates():
    layer = dense(W, [1.0, 0.0])
    first = normalized(layer, training=True)
    np.testing.assert_allclose(first, [[0.183804, 0.367607], [0.551411, 0.735215], [0.0, 0.183804]], atol=1e-6)
    np.testing.assert_allclose(layer.u, [0.581238, 0.813733], atol=1e-6)
    for sigma in (5.526427, 5.526446):
        np.testing.assert_allclose(normalized(layer, training=True), W / sigma, atol=1e-6)
    assert float(layer.spectral_norm()) == pytest.approx(5.526446, abs=1e-5)


def test_several_iterations_a_call():
    layer = dense(W, [1.0, 0.0], power_iterations=2)
    np.testing.assert_allclose(normalized(layer, training=True), W / 5.526427, atol=1e-6)


def test_the_gradient_passes_through_sigma():
    layer = dense(np.diag([3.0, 2.0, 1.0]).astype("float32"), [1.0, 0.0, 0.0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.ones((1, 3)), training=True) ** 2)
    row = [0.666667, 0.444444, 0.222222]
    np.testing.assert_allclose(
        tape.gradient(loss, layer.layer.kernel.value), [[-0.370370, 0.444444, 0.222222], row, row], atol=1e-6
    )


def test_the_gradient_equals_the_papers_formula():
    layer = dense(W, [0.6, 0.8])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(layer(tf.eye(3), training=True)))
    v = W @ [0.6, 0.8] / np.linalg.norm(W @ [0.6, 0.8])
    u, sigma = layer.u.numpy(), v @ W @ layer.u.numpy()
    upstream = np.cos(W / sigma)
    expected = (upstream - np.sum(upstream * W / sigma) * np.outer(v, u)) / sigma
    np.testing.assert_allclose(tape.gradient(loss, layer.layer.kernel.value), expected, atol=1e-6)


def test_the_kernel_stays_what_it_was_and_is_found_again():
    layer = dense(W)
    for _ in range(3):
        normalized(layer, training=True)
    np.testing.assert_array_equal(layer.layer.kernel, W)
    assert isinstance(layer.layer.kernel, keras.Variable)
    assert [variable.path for variable in layer.trainable_variables] == [layer.layer.kernel.path]
    assert [variable.path for variable in layer.non_trainable_variables] == [layer.u.path]


def test_the_kernel_is_put_back_after_an_error():
    layer = dense(W)
    kernel = layer.layer.kernel
    with pytest.raises(ValueError, match="incompatible"):
        layer(np.ones((1, 5), "float32"))
    assert layer.layer.kernel is kernel


def test_the_norm_converges_to_one():
    kernel = np.random.default_rng(0).normal(size=(12, 7)).astype("float32")
    layer = dense(kernel)
    for _ in range(30):
        last = normalized(layer, training=True)
    assert np.linalg.norm(last, 2) == pytest.approx(1.0, abs=1e-3)
    assert float(layer.spectral_norm()) == pytest.approx(np.linalg.norm(kernel, 2), rel=1e-3)


def test_the_scale_of_the_kernel_does_not_matter():
    small, large = (normalized(dense(W * scale, [0.6, 0.8]), training=True) for scale in (1e-3, 1e3))
    np.testing.assert_allclose(small, large, atol=1e-6)


def test_inference_changes_nothing_and_divides_by_the_kept_estimate():
    layer = dense(W, [0.6, 0.8])
    before = layer.u.numpy()
    first, second = normalized(layer), normalized(layer)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(layer.u, before)
    np.testing.assert_allclose(first, W / np.linalg.norm(W @ [0.6, 0.8]), atol=1e-6)


def test_u_is_standard_normal_at_the_start():
    u = dense(np.zeros((2, 4000), "float32")).u.numpy()
    assert abs(u.mean()) < 0.06
    assert u.std() == pytest.approx(1.0, abs=0.05)


def test_a_kernel_of_zeros():
    layer = dense(np.zeros((3, 2), "float32"), [0.6, 0.8])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.ones((1, 3)), training=True))
    gradient = tape.gradient(loss, layer.layer.kernel.value)
    np.testing.assert_allclose(gradient, np.ones((3, 2)))
    np.testing.assert_allclose(layer.u, [0.6, 0.8], atol=1e-6)
    layer.layer.kernel.assign(W)
    for _ in range(5):
        last = normalized(layer, training=True)
    np.testing.assert_allclose(last, W / 5.526446, atol=1e-5)


def test_keras_own_wrapper_is_another_method():
    """It writes the divided kernel back, and its gradient misses sigma."""
    layer = keras.layers.SpectralNormalization(keras.layers.Dense(3, use_bias=False))
    layer.build((None, 3))
    layer.layer.kernel.assign(np.diag([3.0, 2.0, 1.0]))
    layer.vector_u.assign([[1.0, 0.0, 0.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.ones((1, 3)), training=True) ** 2)
    assert np.abs(layer.layer.kernel.numpy() - np.diag([3.0, 2.0, 1.0])).max() > 1
    np.testing.assert_allclose(tape.gradient(loss, layer.layer.kernel.value), [[2.0, 1.333333, 0.666667]] * 3, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inner", "shape", "matrix"),
    [
        (keras.layers.Conv2D(5, (3, 2)), (1, 6, 6, 4), lambda kernel: kernel.reshape(-1, 5)),
        (keras.layers.Conv1D(5, 3), (1, 6, 4), lambda kernel: kernel.reshape(-1, 5)),
        (keras.layers.Conv2DTranspose(5, 3), (1, 6, 6, 4), lambda kernel: np.swapaxes(kernel, 2, 3).reshape(-1, 5)),
        (keras.layers.DepthwiseConv2D(3, depth_multiplier=2), (1, 6, 6, 4), lambda kernel: kernel.reshape(9, 8)),
        (keras.layers.Dense(5), (1, 4), lambda kernel: kernel),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, keras.layers.Layer) else "",
)
def test_the_matrix_of_a_kernel(inner, shape, matrix):
    inner = type(inner).from_config(inner.get_config())
    layer = SpectralNormalization(inner, power_iterations=300)
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    layer(x)
    inner.kernel.assign(inner.kernel + 0.3)  # one singular value well above the others
    kernel = inner.kernel.numpy()
    norm = np.linalg.norm(matrix(kernel), 2)
    assert layer.u.shape == (matrix(kernel).shape[1],)
    output = layer(x, training=True)
    assert float(layer.spectral_norm()) == pytest.approx(norm, rel=1e-4)
    assert output.shape == layer.compute_output_shape(shape)
    inner.kernel.assign(kernel / norm)
    np.testing.assert_allclose(output, inner(x), atol=1e-4)


def test_embeddings():
    layer = SpectralNormalization(keras.layers.Embedding(3, 2), power_iterations=5)
    layer.build((None,))
    layer.layer.embeddings.assign(W)
    np.testing.assert_allclose(layer(np.array([1, 0]), training=True), W[[1, 0]] / 5.526446, atol=1e-5)
    assert layer.u.shape == (2,)


def test_the_norm_of_a_reshaped_kernel_is_not_the_operators():
    layer = SpectralNormalization(keras.layers.Conv2D(1, 3, kernel_initializer="ones"))
    layer(np.ones((1, 5, 5, 1), "float32"), training=True)
    assert float(layer.spectral_norm()) == pytest.approx(3.0)


def test_in_a_stateless_scope_nothing_is_written():
    layer = dense(W, [1.0, 0.0])
    output, (u,) = layer.stateless_call([tf.constant(W[::-1] + 1)], [tf.constant([0.6, 0.8])], tf.eye(3), training=True)
    np.testing.assert_array_equal(layer.u, [1.0, 0.0])
    fresh = dense(W[::-1] + 1, [0.6, 0.8])
    np.testing.assert_allclose(output, normalized(fresh, training=True), atol=1e-6)
    np.testing.assert_allclose(u, fresh.u, atol=1e-6)


def test_in_a_branch():
    layer = dense(W, [1.0, 0.0])

    @tf.function
    def maybe(due):
        return tf.cond(due, lambda: layer(tf.eye(3), training=True), lambda: tf.zeros((3, 2)))

    maybe(tf.constant(False))
    np.testing.assert_array_equal(layer.u, [1.0, 0.0])
    maybe(tf.constant(True))
    np.testing.assert_allclose(layer.u, [0.581238, 0.813733], atol=1e-6)


def test_in_half_precision_the_iteration_is_in_single():
    layer = SpectralNormalization(keras.layers.Dense(2, use_bias=False, dtype="mixed_float16"), dtype="mixed_float16")
    layer.build((None, 3))
    layer.layer.kernel.assign(W)
    layer.u.assign([1.0, 0.0])
    output = layer(tf.eye(3), training=True)
    assert output.dtype == "float16"
    assert layer.u.dtype == layer.layer.kernel.dtype == "float32"
    np.testing.assert_allclose(layer.u, [0.581238, 0.813733], atol=1e-6)
    np.testing.assert_allclose(output, W / 5.440588, atol=1e-3)


def test_equal_on_all_replicas(strategy):
    with strategy.scope():
        layer = dense(W, [1.0, 0.0])

    @tf.function
    def step():
        return strategy.run(lambda: layer(tf.eye(3), training=True))

    outputs = strategy.experimental_local_results(step())
    np.testing.assert_array_equal(*outputs)
    for copy in strategy.experimental_local_results(layer.u.value):
        np.testing.assert_allclose(copy, [0.581238, 0.813733], atol=1e-6)


@pytest.mark.slow
def test_as_a_part_of_a_generator_with_an_average(tmp_path):
    z = keras.Input((tiny.LATENTS,))
    x = SpectralNormalization(keras.layers.Dense(4 * 4 * 2), name="spectral")(z)
    x = keras.layers.ReLU()(keras.layers.Reshape((4, 4, 2))(x))
    x = SpectralNormalization(keras.layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh"))(x)
    gan = keras_gans.GAN(keras.Model(z, x), tiny.discriminator(), ema=0.9)
    gan.compile()
    gan.train_on_batch(tiny.images())
    layers = [network.get_layer("spectral") for network in (gan.generator, gan.sampler)]
    assert not np.array_equal(*[layer.u for layer in layers])  # of its own kernel, not of the generator's
    assert not np.array_equal(*[layer.layer.kernel for layer in layers])
    images = gan.generate(3, seed=(1, 2))
    gan.export(tmp_path / "1")
    sample = tf.saved_model.load(tmp_path / "1").signatures["sample"]
    inputs = {"batch_size": tf.constant(3), "seed": tf.constant([1, 2]), "truncation": tf.constant(-1.0)}
    np.testing.assert_allclose(sample(**inputs)["images"], images, atol=1e-6)


def test_checks_see_the_layer_and_its_activation():
    x = keras.Input((3,))
    layer = SpectralNormalization(keras.layers.Dense(1, "sigmoid"))
    model = keras.Model(x, layer(x))
    assert {layer, layer.layer} <= set(all_layers(model))
    assert final_operations(model.output) == ["sigmoid"]


def test_a_regularizer_sees_the_kernel_itself():
    layer = SpectralNormalization(keras.layers.Dense(2, kernel_regularizer=keras.regularizers.L2(1.0)))
    layer.build((None, 3))
    layer.layer.kernel.assign(W)
    layer(tf.eye(3), training=True)
    assert float(layer.losses[0]) == pytest.approx(np.sum(W**2))


def test_errors():
    with pytest.raises(ValueError, match="needs a layer with a variable `kernel`"):
        SpectralNormalization(keras.layers.ReLU())(np.ones((1, 3)))
    with pytest.raises(ValueError, match="needs a layer with a variable `kernel`"):
        SpectralNormalization(keras.layers.SeparableConv2D(2, 3))(np.ones((1, 4, 4, 3)))
    with pytest.raises(ValueError, match="`layer` must be a Keras layer"):
        SpectralNormalization(keras.layers.Dense)
    with pytest.raises(ValueError, match="`power_iterations` must be"):
        SpectralNormalization(keras.layers.Dense(1), power_iterations=0)
    with pytest.raises(ValueError, match="`epsilon` must be positive"):
        SpectralNormalization(keras.layers.Dense(1), epsilon=0)


def stepping(kernel, u=None, **arguments):
    """A layer with `update="step"` around this kernel, v the one that belongs to u."""
    layer = dense(kernel, u, update="step", **arguments)
    v = kernel @ layer.u.numpy()
    layer.v.assign(v / np.linalg.norm(v))
    return layer


def test_a_move_after_a_step():
    layer = stepping(np.diag([3.0, 1.0]).astype("float32"), np.array([1.0, 1.0]) / np.sqrt(2))
    for sigma in (2.863564, 2.998173, 2.999977):
        layer.after_step()
        assert float(layer.spectral_norm()) == pytest.approx(sigma, abs=1e-6)
        if sigma == 2.863564:
            np.testing.assert_allclose(layer.v, [0.948683, 0.316228], atol=1e-6)
            np.testing.assert_allclose(layer.u, [0.993884, 0.110432], atol=1e-6)
    layer = stepping(np.diag([3.0, 1.0]).astype("float32"), np.array([1.0, 1.0]) / np.sqrt(2), power_iterations=3)
    layer.after_step()
    assert float(layer.spectral_norm()) == pytest.approx(2.999977, abs=1e-6)


def test_between_steps_calls_assign_nothing_and_share_one_sigma():
    layer = stepping(W, [0.6, 0.8])
    before = [layer.u.numpy(), layer.v.numpy()]
    outputs = [normalized(layer, training=training) for training in (True, True, False)]
    for output in outputs:
        np.testing.assert_allclose(output, W / np.linalg.norm(W @ [0.6, 0.8]), atol=1e-6)
    np.testing.assert_array_equal(layer.u, before[0])
    np.testing.assert_array_equal(layer.v, before[1])
    layer.layer.kernel.assign(10 * W)  # the kept vectors, the weights of now
    np.testing.assert_allclose(normalized(layer), outputs[0], atol=1e-6)


def test_stored_vectors_are_taken_as_they_are():
    layer = stepping(W)
    layer.u.assign([2.0, 0.0])
    layer.v.assign([0.0, 1.0, 0.0])
    np.testing.assert_allclose(normalized(layer), W / 6.0, atol=1e-6)  # v' W u = 3 * 2


def test_the_gradient_with_stored_vectors():
    layer = stepping(W, [0.6, 0.8])
    u, v = layer.u.numpy(), layer.v.numpy()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(layer(tf.eye(3), training=True)))
    sigma = v @ W @ u
    upstream = np.cos(W / sigma)
    expected = (upstream - np.sum(upstream * W / sigma) * np.outer(v, u)) / sigma
    np.testing.assert_allclose(tape.gradient(loss, layer.layer.kernel.value), expected, atol=1e-6)


@pytest.mark.slow
def test_the_stored_vectors_belong_together_from_the_start():
    layer = SpectralNormalization(keras.layers.Conv2D(7, 3), update="step")
    layer.build((None, 8, 8, 5))
    matrix = layer.layer.kernel.numpy().reshape(-1, 7)
    assert (layer.u.shape, layer.v.shape) == ((7,), (45,))
    product = matrix @ layer.u.numpy()
    np.testing.assert_allclose(layer.v, product / np.linalg.norm(product), atol=1e-6)
    assert 0.5 * np.linalg.norm(matrix, 2) < float(layer.spectral_norm()) <= np.linalg.norm(matrix, 2) * (1 + 1e-6)
    for _ in range(100):
        layer.after_step()
    assert float(layer.spectral_norm()) == pytest.approx(np.linalg.norm(matrix, 2), rel=1e-4)


def test_a_kernel_of_zeros_between_steps():
    layer = dense(np.zeros((3, 2), "float32"), [0.6, 0.8], update="step")
    layer.after_step()
    np.testing.assert_array_equal(normalized(layer), np.zeros((3, 2)))
    layer.layer.kernel.assign(W)
    for _ in range(5):
        layer.after_step()
    np.testing.assert_allclose(normalized(layer), W / 5.526446, atol=1e-5)


def test_under_rematerialization_a_step_is_what_it_is_without():
    def gradients(remat):
        with keras.RematScope(mode="full" if remat else None):
            layer = stepping(W, [0.6, 0.8])
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(tf.eye(3), training=True) ** 2)
        return tape.gradient(loss, layer.layer.kernel.value).numpy(), layer.u.numpy()

    for a, b in zip(gradients(False), gradients(True), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@pytest.mark.slow
def test_a_gan_moves_the_vectors_once_an_update_of_their_player():
    def network():
        x = keras.Input(tiny.SHAPE, name="images")
        first = SpectralNormalization(keras.layers.Conv2D(4, 3), update="step", name="spectral")
        features = keras.layers.Flatten()(keras.layers.LeakyReLU(0.2)(first(x)))
        return keras.Model(x, keras.layers.Dense(1, dtype="float32")(features))

    gan = keras_gans.GAN(tiny.generator(), network())
    gan.compile(discriminator_steps=2)
    layer = gan.discriminator.get_layer("spectral")
    u = layer.u.numpy()
    gan.train_on_batch(tiny.images(8))
    matrix, moved = layer.layer.kernel.numpy().reshape(-1, 4), layer.u.numpy()
    assert not np.array_equal(u, moved)
    # The second of two moves, with the weights after the second update, gives v; one more would change it.
    np.testing.assert_allclose(moved, matrix.T @ layer.v.numpy() / np.linalg.norm(matrix.T @ layer.v.numpy()), atol=1e-5)


def test_layers_inside_others_are_found_for_their_step():
    inner = keras_gans.layers.ConditionalBatchNormalization(spectral_normalization={"update": "step"})
    x, condition = keras.Input((4, 4, 3)), keras.Input((2,))
    model = keras.Model([x, condition], inner([x, condition]))
    found = [layer for layer in all_layers(model) if hasattr(layer, "after_step")]
    assert set(found) == {inner.gain, inner.bias}
    with pytest.raises(ValueError, match='`update` must be "call" or "step"'):
        SpectralNormalization(keras.layers.Dense(1), update="never")
