"""Requests that TensorFlow Serving sends to a model before clients do, who then need not wait for its first run."""

import os

import numpy as np
import tensorflow as tf


def write_warm_up(folder, inputs):
    """Writes one request of one image for each endpoint that takes anything.

    They are `PredictionLog`s in a TFRecord file, where the server looks for them; it does not serve a model one of whose requests
    fails. The messages are written field by field, so that an export does not need the package tensorflow-serving-api.

    Args:
        folder: That of the SavedModel.
        inputs: Dict of lists of `tf.TensorSpec`: what each endpoint takes, by its name.
    """
    path = os.path.join(folder, "assets.extra", "tf_serving_warmup_requests")
    os.makedirs(os.path.dirname(path))
    with tf.io.TFRecordWriter(path) as writer:
        for endpoint, specs in inputs.items():
            if specs:
                writer.write(_prediction_log(endpoint, {spec.name: _value(spec, endpoint) for spec in specs}))


def _value(spec, endpoint):
    """What an input gets: one of a batch, no truncation, the first class, zeros otherwise."""
    value = np.zeros([size or 1 for size in spec.shape], spec.dtype.as_numpy_dtype)
    if spec.name in ("batch_size", "truncation"):
        value[...] = {"batch_size": 1, "truncation": -1}[spec.name]
    if (endpoint, spec.name) == ("default", "y"):
        value[:, 0] = 1
    return value


def _prediction_log(endpoint, values):
    """Bytes of PredictionLog{predict_log: PredictLog{request: PredictRequest{model_spec, inputs}}}."""
    inputs = [_field(1, name.encode()) + _field(2, _tensor(value)) for name, value in values.items()]
    model_spec = _field(1, b"default") + _field(3, endpoint.encode())
    request = _field(1, model_spec) + b"".join(_field(2, entry) for entry in inputs)
    return _field(6, _field(1, request))


def _tensor(value):
    return tf.make_tensor_proto(value).SerializeToString()


def _field(number, content):
    """A field of a protocol buffer that holds bytes: its key, their length, and they."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number):
    """A whole number in groups of seven bits, the last ones first."""
    groups = []
    while number >= 128:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes([*groups, number])
