"""The divergence from the standard Gaussian, at values by hand."""

import types

import pytest
import tensorflow as tf

from keras_gans.losses import GaussianKL

SHAPE = (3, 5)


def kl(loss=None, **outputs):
    minibatch = types.SimpleNamespace(outputs={key: tf.fill(SHAPE, value) for key, value in outputs.items()})
    return (loss or GaussianKL()).generator(minibatch).numpy().tolist()


@pytest.mark.parametrize(("mean", "log_scale", "expected"), [(0.0, 0.0, 0.0), (1.0, 0.0, 0.5), (0.0, 1.0, 2.194528)])
def test_by_log_scale(mean, log_scale, expected):
    assert kl(mean=mean, log_scale=log_scale) == pytest.approx([expected] * 3, abs=1e-6)


@pytest.mark.parametrize(("mean", "log_variance", "expected"), [(0.0, 0.0, 0.0), (1.0, 0.0, 0.5), (0.0, 1.0, 0.359141)])
def test_by_log_variance(mean, log_variance, expected):
    loss = GaussianKL(log_variance="log_variance")
    assert kl(loss, mean=mean, log_variance=log_variance) == pytest.approx([expected] * 3, abs=1e-6)
    # Half of it is the log of the scale.
    assert kl(mean=mean, log_scale=log_variance / 2) == pytest.approx([expected] * 3, abs=1e-6)


def test_a_scale_of_one_and_a_sum():
    assert kl(GaussianKL(log_scale=None), mean=2.0) == pytest.approx([2.0] * 3)
    assert kl(GaussianKL(reduction="sum"), mean=0.0, log_scale=1.0) == pytest.approx([5 * 2.194528] * 3, abs=1e-5)
    assert kl(GaussianKL(mean="code_mean"), code_mean=1.0, log_scale=0.0) == pytest.approx([0.5] * 3)


def test_maps_have_one_value_an_example():
    outputs = {"mean": tf.ones((2, 3, 3, 4)), "log_scale": tf.zeros((2, 3, 3, 4))}
    assert GaussianKL().generator(types.SimpleNamespace(outputs=outputs)).numpy().tolist() == [0.5, 0.5]


def test_the_generators_term_of_weight_two():
    assert GaussianKL().weight == 2.0
    assert not GaussianKL().applies_to("discriminator")


def test_what_is_refused():
    with pytest.raises(ValueError, match='"mean" or "sum"'):
        GaussianKL(reduction="none")
    with pytest.raises(
        ValueError, match=r"reads the output 'log_scale' of the generator. Received: outputs \['images', 'mean'\]"
    ):
        kl(images=0.0, mean=0.0)
