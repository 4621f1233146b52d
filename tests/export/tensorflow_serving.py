"""The two dialects of TensorFlow Serving over an exported model: what a client of it meets.

Both servers stop when their context ends.
"""

import base64
import contextlib
import http.server
import json
import os
import re
import threading
from concurrent import futures

import numpy as np
import tensorflow as tf
from google.protobuf import json_format
from tensorflow.core.protobuf import saved_model_pb2


class Served:
    """A folder of versions, and the signatures of the newest."""

    def __init__(self, name, folder):
        self.name = name
        self.version = max(int(each) for each in os.listdir(folder))
        path = os.path.join(os.fspath(folder), str(self.version))
        self._model = tf.saved_model.load(path)
        self.signatures = self._model.signatures
        with open(os.path.join(path, "saved_model.pb"), "rb") as file:
            self.definitions = saved_model_pb2.SavedModel.FromString(file.read()).meta_graphs[0].signature_def

    def run(self, signature, inputs):
        """Outputs, arrays by name.

        Raises:
            ValueError: with what the server says of a bad request.
        """
        if signature not in self.signatures:
            raise ValueError(f'Serving signature key "{signature}" not found.')
        wanted = self.signatures[signature].structured_input_signature[1]
        if set(inputs) != set(wanted):
            raise ValueError(f"input size does not match signature: {len(inputs)}!={len(wanted)}")
        try:
            tensors = {name: tf.constant(value, wanted[name].dtype) for name, value in inputs.items()}
            return {name: value.numpy() for name, value in self.signatures[signature](**tensors).items()}
        except (tf.errors.InvalidArgumentError, TypeError, ValueError) as error:
            raise ValueError(str(getattr(error, "message", error))) from error


@contextlib.contextmanager
def rest(name, folder):
    """The URL of a REST server."""
    served = Served(name, folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self._is_known(rf"/v1/models/{name}(/versions/{served.version})?/metadata"):
                definitions = {
                    key: json_format.MessageToDict(value, preserving_proto_field_name=True)
                    for key, value in served.definitions.items()
                }
                spec = {"name": name, "signature_name": "", "version": str(served.version)}
                self._answer(200, {"model_spec": spec, "metadata": {"signature_def": {"signature_def": definitions}}})

        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if not self._is_known(rf"/v1/models/{name}(/versions/{served.version})?:predict"):
                return
            try:
                request = json.loads(content)
                outputs = served.run(request.get("signature_name", "serving_default"), request["inputs"])
            except (ValueError, KeyError) as error:
                self._answer(400, {"error": str(error)})
                return
            outputs = {key: _as_json(key, value) for key, value in outputs.items()}
            self._answer(200, {"outputs": next(iter(outputs.values())) if len(outputs) == 1 else outputs})

        def _is_known(self, pattern):
            known = re.fullmatch(pattern, self.path)
            if not known:
                self._answer(404, {"error": f"Servable not found for request: {self.path}"})
            return known

        def _answer(self, status, content):
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _as_json(name, value):
    if value.dtype != object:
        return value.tolist()
    encode = (lambda each: {"b64": base64.b64encode(each).decode()}) if name.endswith("_bytes") else bytes.decode
    return [encode(each) for each in value]


@contextlib.contextmanager
def grpc_server(name, folder):
    """The address of a gRPC server."""
    import grpc
    from tensorflow_serving.apis import get_model_metadata_pb2
    from tensorflow_serving.apis import predict_pb2
    from tensorflow_serving.apis import prediction_service_pb2_grpc

    served = Served(name, folder)

    class Service(prediction_service_pb2_grpc.PredictionServiceServicer):
        def Predict(self, request, context):
            self._check(request, context)
            inputs = {key: tf.make_ndarray(value) for key, value in request.inputs.items()}
            try:
                outputs = served.run(request.model_spec.signature_name or "serving_default", inputs)
            except ValueError as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
            response = predict_pb2.PredictResponse()
            response.model_spec.CopyFrom(request.model_spec)
            for key, value in outputs.items():
                response.outputs[key].CopyFrom(tf.make_tensor_proto(np.asarray(value)))
            return response

        def GetModelMetadata(self, request, context):
            self._check(request, context)
            definitions = get_model_metadata_pb2.SignatureDefMap(signature_def=served.definitions)
            response = get_model_metadata_pb2.GetModelMetadataResponse(model_spec=request.model_spec)
            response.metadata["signature_def"].Pack(definitions)
            return response

        def _check(self, request, context):
            spec = request.model_spec
            if spec.name != name or spec.version.value not in (0, served.version):
                context.abort(grpc.StatusCode.NOT_FOUND, f"Servable not found for request: {spec.name}")

    server = grpc.server(futures.ThreadPoolExecutor(2))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
