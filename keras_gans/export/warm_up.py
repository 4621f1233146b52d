"""Requests that TensorFlow Serving sends to a model before clients do, who then need not wait for its first run."""

import os

import numpy as np
import tensorflow as tf

_SIZES = (64, 256, 32, 128, 512)  # for images of any size: the size that most networks take comes first


def write_warm_up(folder, endpoints):
    """Writes one request of one image for each endpoint that takes anything; for images of any size, one that is answered.

    They are `PredictionLog`s in a TFRecord file, where the server looks for them; it does not serve a model one of whose requests
    fails. The messages are written field by field, so that an export does not need the package tensorflow-serving-api.

    Args:
        folder: That of the SavedModel.
        endpoints: `Endpoints`.
    """
    path = os.path.join(folder, "assets.extra", "tf_serving_warmup_requests")
    os.makedirs(os.path.dirname(path))
    with tf.io.TFRecordWriter(path) as writer:
        for endpoint, specs in endpoints.inputs.items():
            values = example_request(endpoints, endpoint, specs)
            if values:
                writer.write(_prediction_log(endpoint, values))


def example_request(endpoints, endpoint, specs):
    """The value of each input of an endpoint, by name; empty for an endpoint that accepts none of the tried image sizes."""
    if not any(None in spec.shape[1:] for spec in specs):
        return {spec.name: _value(spec, endpoint) for spec in specs}
    for size in _SIZES:
        values = {spec.name: _value(spec, endpoint, size) for spec in specs}
        try:
            endpoints.answer(endpoint, {name: tf.constant(value) for name, value in values.items()})
        except Exception:  # the network's own, or TensorFlow's: it does not take images of this size
            continue
        return values
    return {}


def _value(spec, endpoint, side=1):
    """The value of an input: a batch of one, no truncation, the first class, else zeros; unknown sizes of an image are `side`."""
    value = np.zeros([1 if axis == 0 and size is None else size or side for axis, size in enumerate(spec.shape)])
    value = value.astype(spec.dtype.as_numpy_dtype)
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
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number):
    """A whole number in groups of seven bits, the last ones first."""
    groups = []
    while number >= 128:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes([*groups, number])
