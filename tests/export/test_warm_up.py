"""The requests that TensorFlow Serving sends itself, read with its own messages."""

import os

import pytest
import tensorflow as tf

import keras_gans
from tests import tiny


@pytest.mark.slow
@pytest.mark.parametrize("weights", [False, True])
def test_each_endpoint_answers_its_request(tmp_path, weights):
    messages = pytest.importorskip("tensorflow_serving.apis.prediction_log_pb2")
    networks = tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES)
    if weights:
        networks = tiny.weighted_generator(truncation=(1,)), tiny.weighted_discriminator()
    gan = keras_gans.GAN(*networks, classes=tiny.CLASSES)
    path = gan.export(tmp_path / "1", signature="biggan")
    endpoints, seen = tf.saved_model.load(path).signatures, []
    for record in tf.data.TFRecordDataset(os.path.join(path, "assets.extra", "tf_serving_warmup_requests")):
        request = messages.PredictionLog.FromString(record.numpy()).predict_log.request
        seen.append(request.model_spec.signature_name)
        inputs = {name: tf.constant(tf.make_ndarray(value)) for name, value in request.inputs.items()}
        assert set(inputs) == set(endpoints[seen[-1]].structured_input_signature[1])
        endpoints[seen[-1]](**inputs)
    assert set(seen) == set(endpoints) - {"describe", "serving_default"}


def test_long_messages():
    """Lengths of one, two and three bytes."""
    from keras_gans.export.warm_up import varint

    assert [varint(number) for number in (1, 127, 128, 300, 16384)] == [
        b"\x01",
        b"\x7f",
        b"\x80\x01",
        b"\xac\x02",
        b"\x80\x80\x01",
    ]
