"""TF-GAN's functions with a stand-in for its Inception module, in TF-Hub's cache."""

import hashlib
import inspect

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics import tfgan


class StandIn(tf.Module):
    """Outputs of Inception's shapes, from the mean color; the pooled axes are still there."""

    def __init__(self, width):
        super().__init__()
        random = np.random.default_rng(0)
        self.pool = tf.Variable(random.normal(size=(3, width)), dtype=tf.float32)
        self.kernel = tf.Variable(random.normal(size=(width, 1008)) / 8, dtype=tf.float32)

    @tf.function(input_signature=[tf.TensorSpec((None, 299, 299, 3))])
    def __call__(self, images):
        pool = tf.reduce_mean(images, (1, 2)) @ self.pool
        return {"logits": pool @ self.kernel, "pool_3": pool[:, None, None]}


def plant(folder, width, handle=tfgan.INCEPTION_TFHUB):
    module = StandIn(width)
    tf.saved_model.save(module, str(folder / hashlib.sha1(handle.encode()).hexdigest()))
    return module


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """A stand-in of Inception's width, and a narrow one: folders of caches."""
    folders = {width: tmp_path_factory.mktemp(f"width{width}") for width in (2048, 16)}
    return {width: (folder, plant(folder, width)) for width, folder in folders.items()}


@pytest.fixture
def inception(modules, monkeypatch):
    folder, module = modules[2048]
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(folder))
    return module


@pytest.fixture
def narrow(modules, monkeypatch):
    folder, module = modules[16]
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(folder))
    return module


def images(count, seed=0):
    colors = np.random.default_rng(seed).uniform(-1, 1, (count, 1, 1, 3))
    return tf.constant(np.broadcast_to(colors, (count, 299, 299, 3)), tf.float32)


def test_constants():
    assert tfgan.INCEPTION_TFHUB == "https://tfhub.dev/tensorflow/tfgan/eval/inception/1"
    assert (tfgan.INCEPTION_OUTPUT, tfgan.INCEPTION_FINAL_POOL) == ("logits", "pool_3")
    assert tfgan.INCEPTION_DEFAULT_IMAGE_SIZE == 299


@pytest.mark.slow
@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize("batches", [1, 2])
def test_run_inception(inception, batches, graph):
    def run(x):
        return tfgan.run_inception(x, num_batches=batches)

    x = images(4)
    outputs = (tf.function(run) if graph else run)(x)
    assert sorted(outputs) == ["logits", "pool_3"]
    assert outputs["pool_3"].shape == (4, 2048)
    expected = inception(x)
    np.testing.assert_allclose(outputs["pool_3"], expected["pool_3"][:, 0, 0], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(outputs["logits"], expected["logits"], rtol=1e-4, atol=1e-4)


def test_sample_and_run_inception(inception):
    outputs = tfgan.sample_and_run_inception(lambda scale: scale * images(2), [tf.constant(0.5), tf.constant(1.0)])
    assert {name: output.shape for name, output in outputs.items()} == {"logits": (4, 1008), "pool_3": (4, 2048)}
    np.testing.assert_allclose(outputs["logits"][2:], inception(images(2))["logits"], rtol=1e-4, atol=1e-4)


def test_inception_score(inception):
    x = images(4)
    expected = float(tfgan.classifier_score_from_logits(inception(x)["logits"]))
    assert expected > 1.1
    assert float(tfgan.inception_score(x, num_batches=2)) == pytest.approx(expected, rel=1e-4)
    metric = tfgan.inception_score_streaming()
    for batch in tf.split(x, 2):
        metric.update_state(batch)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-4)


def test_frechet_inception_distance(narrow):
    x, y = images(6), images(6, seed=1)
    activations = [narrow(batch)["pool_3"][:, 0, 0] for batch in (x, y)]
    expected = float(tfgan.frechet_classifier_distance_from_activations(*activations))
    assert expected > 0.1
    assert float(tfgan.frechet_inception_distance(x, y)) == pytest.approx(expected, rel=1e-4)
    metric = tfgan.frechet_inception_distance_streaming(x[:3], y[:3])
    metric.update_state(x[3:], y[3:])
    assert float(metric.result()) == pytest.approx(expected, rel=1e-4)


def test_kernel_inception_distance(inception):
    x, y = images(4), images(4, seed=1)
    activations = [inception(batch)["pool_3"][:, 0, 0] for batch in (x, y)]
    expected = tfgan.kernel_classifier_distance_and_std_from_activations(*activations, max_block_size=2)
    values = tfgan.kernel_inception_distance_and_std(x, y, max_block_size=2)
    np.testing.assert_allclose(values, expected, rtol=1e-3)
    assert float(tfgan.kernel_inception_distance(x, y, max_block_size=2)) == pytest.approx(float(values[0]), rel=1e-6)


def test_classifier_fn_from_tfhub(narrow):
    x = images(2)
    as_dict = tfgan.classifier_fn_from_tfhub(tfgan.INCEPTION_TFHUB, "pool_3")(x)
    assert {name: output.shape for name, output in as_dict.items()} == {"pool_3": (2, 16)}
    both = tfgan.classifier_fn_from_tfhub(tfgan.INCEPTION_TFHUB, ["logits", "pool_3"])(x)
    assert sorted(both) == ["logits", "pool_3"]
    assert tfgan.classifier_fn_from_tfhub(tfgan.INCEPTION_TFHUB, "logits", return_tensor=True)(x).shape == (2, 1008)
    with pytest.raises(ValueError, match="gives 2; select one"):
        tfgan.classifier_fn_from_tfhub(tfgan.INCEPTION_TFHUB, None, return_tensor=True)(x)
    with pytest.raises(ValueError, match=r"must give a dict with \['pool'\]. Received: \['logits', 'pool_3'\]"):
        tfgan.classifier_fn_from_tfhub(tfgan.INCEPTION_TFHUB, "pool")(x)


def test_a_module_that_cannot_be_had(monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    handle = "http://localhost:9/module/1"
    classifier_fn = tfgan.classifier_fn_from_tfhub(handle, None)  # not looked for yet
    with pytest.raises(FileNotFoundError) as error:
        classifier_fn(images(1))
    message = str(error.value)
    assert handle in message
    assert str(tmp_path / hashlib.sha1(handle.encode()).hexdigest()) in message
    assert "On a machine with a network" in message


@pytest.mark.parametrize("name", tfgan.__all__)
def test_documented(name):
    thing = getattr(tfgan, name)
    assert not callable(thing) or (thing.__name__ == name and inspect.getdoc(thing).endswith((".", "`.", "```")))


def test_signatures():
    """TF-GAN's arguments and defaults."""
    signatures = {name: str(inspect.signature(getattr(tfgan, name))) for name in tfgan.__all__ if name[0].islower()}
    blocks = "num_batches=1, max_block_size=1024, dtype=None"
    expected = {
        "run_classifier_fn": "(input_tensor, classifier_fn, num_batches=1, dtypes=None, name='RunClassifierFn')",
        "sample_and_run_classifier_fn": "(sample_fn, sample_inputs, classifier_fn, dtypes=None, name='SampleAndRunClassifierFn')",
        "classifier_score": "(input_tensor, classifier_fn, num_batches=1)",
        "classifier_score_from_logits": "(logits)",
        "frechet_classifier_distance": "(input_tensor1, input_tensor2, classifier_fn, num_batches=1)",
        "frechet_classifier_distance_from_activations": "(activations1, activations2)",
        "mean_only_frechet_classifier_distance_from_activations": "(activations1, activations2)",
        "diagonal_only_frechet_classifier_distance_from_activations": "(activations1, activations2)",
        "kernel_classifier_distance": f"(input_tensor1, input_tensor2, classifier_fn, {blocks})",
        "kernel_classifier_distance_and_std": f"(input_tensor1, input_tensor2, classifier_fn, {blocks})",
        "kernel_classifier_distance_from_activations": "(activations1, activations2, max_block_size=1024, dtype=None)",
        "kernel_classifier_distance_and_std_from_activations": "(activations1, activations2, max_block_size=1024, dtype=None)",
        "classifier_fn_from_tfhub": "(tfhub_module, output_fields, return_tensor=False)",
        "sliced_wasserstein_distance": "(real_images, fake_images, resolution_min=16, patches_per_image=64, patch_size=7, "
        "random_sampling_count=1, random_projection_dim=147, use_svd=False)",
        "image_grid": "(input_tensor, grid_shape, image_shape=(32, 32), num_channels=3)",
        "image_reshaper": "(images, num_cols=None)",
        "python_image_grid": "(input_array, grid_shape)",
    }
    assert {name: signatures[name] for name in expected} == expected
