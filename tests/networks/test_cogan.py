"""CoGAN's coupled networks: counts to the unit, what is shared, and what PyTorch's layers compute."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.networks import cogan
from keras_gans.utils.joined import joined
from keras_gans.utils.joined import parts
from keras_gans.utils.networks import image_range_of
from tests.networks import counting
from tests.networks import torch_terms as torch

RANDOM = np.random.default_rng(0)


def shared_and_own(pair):
    """Trainable parameters in common, and those of each."""
    first, second = ({id(v): int(np.prod(v.shape)) for v in network.trainable_variables} for network in pair)
    common = sum(size for key, size in first.items() if key in second)
    return common, sum(first.values()) - common, sum(second.values()) - common


def test_counts():
    with counting.without_weights():
        generators, discriminators = cogan.generators(), cogan.discriminators()
    assert shared_and_own(generators) == (7_833_476, 4_609, 4_609)
    assert shared_and_own(discriminators) == (426_553, 520, 520)
    both = {id(v): v for network in generators for v in network.variables}.values()
    assert sum(int(np.prod(v.shape)) for v in both) == 7_842_694 + 3_840
    assert sum(shared_and_own(discriminators)) == 427_593
    assert [counting.trainable(generators[0].get_layer(f"up_{k}")) for k in (1, 2, 3, 4)] == [
        *(1_639_424, 4_719_104, 1_179_904, 295_040)
    ]
    assert [generators[0].get_layer(f"up_{k}_prelu").output.shape[1] for k in (1, 2, 3, 4)] == [4, 7, 13, 25]
    assert generators[0].output_shape == generators[1].output_shape == (None, 28, 28, 1)
    assert [(network.inputs[0].name, network.output_shape) for network in discriminators] == [("images", (None, 1))] * 2
    norms = counting.layers_of(generators[0], keras.layers.BatchNormalization)
    assert all((n.momentum, n.epsilon, n.center, n.scale) == (0.9, 1e-5, False, False) for n in norms)


def small():
    return cogan.generators(filters=1, latents=5), cogan.discriminators(widths=(2, 3, 4))


def prelu(network, name, x):
    slope = float(np.ravel(network.get_layer(name).alpha)[0])
    assert slope == 0.25
    return np.where(x > 0, x, slope * x)


def test_the_generators_compute_what_pytorchs_layers_do():
    z = RANDOM.normal(size=(2, 5))
    for domain, network in zip("ab", small()[0], strict=True):
        assert image_range_of(network) == (0.0, 1.0)
        x = z.reshape(2, 1, 1, 5)
        for k, (stride, padding) in enumerate([(1, 0), (2, 1), (2, 1), (2, 1)], 1):
            kernel, bias = torch.weights_of(network, f"up_{k}")
            x = torch.transposed(x, kernel, stride, padding, bias=bias) / np.sqrt(1 + 1e-5)
            x = prelu(network, f"up_{k}_prelu", x)
        kernel, bias = torch.weights_of(network, f"to_rgb_{domain}")
        expected = 1 / (1 + np.exp(-torch.transposed(x, kernel, 1, 1, bias=bias)))
        np.testing.assert_allclose(network(z.astype("float32")), expected, atol=1e-5)


def max_pool(x):
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))


def test_the_score_is_the_difference_of_the_logits():
    images = RANDOM.uniform(size=(3, 28, 28, 1))
    for domain, network in zip("ab", small()[1], strict=True):
        kernel, bias = torch.weights_of(network, f"conv_1_{domain}")
        x = max_pool(torch.conv(images, kernel, bias=bias))
        kernel, bias = torch.weights_of(network, "conv_2")
        x = max_pool(torch.conv(x, kernel, bias=bias))
        kernel, bias = torch.weights_of(network, "conv_3")
        x = prelu(network, "prelu_3", torch.conv(x, kernel, bias=bias))
        kernel, bias = torch.weights_of(network, "logits")
        logits = torch.conv(x, kernel, bias=bias).reshape(3, 2)
        scores = network(images.astype("float32"))
        np.testing.assert_allclose(scores[:, 0], logits[:, 1] - logits[:, 0], atol=1e-4)
        # The published loss of the label "true" is that of the score.
        published = tf.nn.sparse_softmax_cross_entropy_with_logits([1, 1, 1], logits.astype("float32"))
        np.testing.assert_allclose(tf.nn.softplus(-scores[:, 0]), published, atol=1e-4)


@pytest.mark.slow
def test_one_meaning_for_both_domains():
    """A gradient of one domain reaches what is shared, and nothing of the other's own."""
    for pair, x in zip(small(), (RANDOM.normal(size=(2, 5)), RANDOM.uniform(size=(2, 28, 28, 1))), strict=True):
        first, second = pair
        with tf.GradientTape() as tape:
            value = tf.reduce_sum(first(x.astype("float32"), training=True) ** 2)
        variables = list({id(v): v for network in pair for v in network.trainable_variables}.values())
        reached = [g is not None for g in tape.gradient(value, [v.value for v in variables])]
        of_first = {id(v) for v in first.trainable_variables}
        assert reached == [id(v) in of_first for v in variables]
        assert len({id(v) for v in second.trainable_variables} - of_first) == 2


def test_initial_weights():
    generator = cogan.generators(filters=16)[0]
    kernel, bias = generator.get_layer("up_2").kernel.numpy(), generator.get_layer("up_2").bias.numpy()
    limit = np.sqrt(2.0) * np.sqrt(6 / (9 * (128 + 64)))
    assert 0.99 * limit < np.abs(kernel).max() <= limit
    np.testing.assert_array_equal(bias, np.full(64, 0.1, "float32"))


@pytest.mark.slow
def test_joined_pairs_are_saved_and_loaded(tmp_path):
    for pair, x in zip(small(), (RANDOM.normal(size=(2, 5)), RANDOM.uniform(size=(2, 28, 28, 1))), strict=True):
        joint = joined(dict(zip("ab", pair, strict=True)), name="joint")
        joint.save(tmp_path / "joint.keras")
        loaded = parts(keras.saving.load_model(tmp_path / "joint.keras"), pair[0].inputs[0].name)
        for domain, network in zip("ab", pair, strict=True):
            np.testing.assert_array_equal(loaded[domain](x.astype("float32")), network(x.astype("float32")))
        assert shared_and_own(loaded.values()) == shared_and_own(pair)


@pytest.mark.parametrize(
    ("build", "arguments", "message"),
    [
        (cogan.generators, {"image_shape": (32, 32, 1)}, "square images of size 28"),
        (cogan.generators, {"latents": 0}, "`latents`"),
        (cogan.discriminators, {"image_shape": (32, 32, 1)}, "square images of size 28"),
        (cogan.discriminators, {"widths": (1, 2)}, "three ints"),
        (cogan.discriminators, {"widths": (1, 2, 0)}, "widths"),
    ],
)
def test_what_is_refused(build, arguments, message):
    with pytest.raises(ValueError, match=message):
        build(**arguments)
