"""Asks TensorFlow Serving for images of an exported generator, by REST or by gRPC, and saves them as PNG files.

    python examples/serve/client.py --model digits --count 16 --seed 7 --output samples
    python examples/serve/client.py --model digits --class 3 --truncation 0.5
    python examples/serve/client.py --grpc localhost:8500 --model digits --version 2

It needs no keras_gans; NumPy, and for gRPC `pip install tensorflow-serving-api`. The same seed gives the same images, by either
way, and those of `gan.generate(count, seed=seed)`.
"""

import argparse
import base64
import contextlib
import json
import os
import urllib.error
import urllib.request

import numpy as np

_DTYPES = {"DT_FLOAT": "float32", "DT_INT32": "int32", "DT_INT64": "int64"}


class ServerError(Exception):
    """What the server answered instead of images."""


class NoSignature(ServerError):
    """The model answers no such requests."""


class RestClient:
    """TensorFlow Serving's REST interface, whose column format ("inputs") can carry scalars.

    Args:
        url: String, for example "http://localhost:8501".
        model: String, its name.
        version: Int. Default: the newest.
        timeout: Float, in seconds. Default: 60.
    """

    def __init__(self, url, model, version=None, timeout=60.0):
        self.url = f"{url.rstrip('/')}/v1/models/{model}" + (f"/versions/{version}" if version else "")
        self.timeout = timeout

    def inputs(self, signature):
        """What a signature takes: dict of pairs (dtype, shape), for example ("int32", [2]); None is any size."""
        definitions = self._ask("/metadata")["metadata"]["signature_def"]["signature_def"]
        if signature not in definitions:
            raise NoSignature(f"The model has no signature {signature!r}. It has {sorted(definitions)}.")
        return {
            name: (
                _DTYPES.get(value["dtype"], value["dtype"]),
                [_size(dim.get("size", 0)) for dim in value["tensor_shape"].get("dim", [])],
            )
            for name, value in definitions[signature]["inputs"].items()
        }

    def predict(self, signature, inputs):
        """The one output of a signature: an array, or a list of bytes."""
        values = {name: value.tolist() for name, value in inputs.items()}
        output = self._ask(":predict", {"signature_name": signature, "inputs": values})["outputs"]
        if output and isinstance(output[0], dict):
            return [base64.b64decode(each["b64"]) for each in output]
        return np.asarray(output, "float32")

    def _ask(self, path, content=None):
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            answer = error.read().decode(errors="replace")
            with contextlib.suppress(ValueError, LookupError, TypeError):  # a proxy on the way may have answered
                answer = json.loads(answer)["error"]
            raise ServerError(f"{error.code}: {answer}") from None


class GrpcClient:
    """TensorFlow Serving's gRPC interface.

    Args:
        address: String, for example "localhost:8500".
        model, version, timeout: As of `RestClient`.
    """

    def __init__(self, address, model, version=None, timeout=60.0):
        import grpc
        import tensorflow as tf
        from tensorflow_serving.apis import get_model_metadata_pb2
        from tensorflow_serving.apis import predict_pb2
        from tensorflow_serving.apis import prediction_service_pb2_grpc

        self._grpc, self._tf, self._predict, self._metadata = grpc, tf, predict_pb2, get_model_metadata_pb2
        self._channel = grpc.insecure_channel(address, [("grpc.max_receive_message_length", -1)])
        self._service = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        self.model, self.version, self.timeout = model, version, timeout

    def close(self):
        self._channel.close()

    def inputs(self, signature):
        """As `RestClient.inputs`."""
        request = self._of_model(self._metadata.GetModelMetadataRequest(metadata_field=["signature_def"]))
        found = self._metadata.SignatureDefMap()
        self._ask(self._service.GetModelMetadata, request).metadata["signature_def"].Unpack(found)
        if signature not in found.signature_def:
            raise NoSignature(f"The model has no signature {signature!r}. It has {sorted(found.signature_def)}.")
        return {
            name: (self._tf.as_dtype(value.dtype).name, [_size(dim.size) for dim in value.tensor_shape.dim])
            for name, value in found.signature_def[signature].inputs.items()
        }

    def predict(self, signature, inputs):
        """As `RestClient.predict`."""
        request = self._of_model(self._predict.PredictRequest())
        request.model_spec.signature_name = signature
        for name, value in inputs.items():
            request.inputs[name].CopyFrom(self._tf.make_tensor_proto(value))
        (output,) = self._ask(self._service.Predict, request).outputs.values()
        output = self._tf.make_ndarray(output)
        return list(output) if output.dtype == object else output

    def _of_model(self, request):
        request.model_spec.name = self.model
        if self.version:
            request.model_spec.version.value = self.version
        return request

    def _ask(self, method, request):
        try:
            return method(request, timeout=self.timeout)
        except self._grpc.RpcError as error:
            raise ServerError(f"{error.code().name}: {error.details()}") from None


class Generator:
    """A served generator.

    Args:
        client: `RestClient` or `GrpcClient`.

    Example:

        generator = Generator(RestClient("http://localhost:8501", "digits"))
        files = generator.png(16, seed=7, condition=3)
    """

    def __init__(self, client):
        self._client = client
        try:
            self._inputs = client.inputs("sample")
        except NoSignature:  # of a network that draws nothing: an image of each source, see `translate`
            self._inputs = client.inputs("serve")

    def images(self, count, seed=0, condition=None, truncation=None):
        """Float32 images `(count, ...)`, as the network makes them.

        Args:
            count: Int. The server says how many it makes at most.
            seed: Int s, which stands for (0, s), or a pair of ints.
            condition: Class, or one for each image; for networks of several conditions a dict. Default: none.
            truncation: Float. Default: none.
        """
        return self._client.predict("sample", self._values(count, seed, condition, truncation))

    def translate(self, sources):
        """Float32 images of source images, float32 `(batch, height, width, channels)`, of a network without latents."""
        return self._client.predict("serve", {"condition": np.asarray(sources, "float32")})

    def png(self, count, seed=0, condition=None, truncation=None):
        """The same images, a list of `count` PNG files in bytes."""
        return self._client.predict("sample_png", self._values(count, seed, condition, truncation))

    def _values(self, count, seed, condition, truncation):
        pair = seed if hasattr(seed, "__len__") else (0, seed)
        values = {"batch_size": np.int32(count), "seed": np.asarray(pair, "int32")}
        if "truncation" in self._inputs:
            values["truncation"] = np.float32(-1.0 if truncation is None else truncation)  # negative for none
        elif truncation is not None:
            raise ValueError("This generator takes no truncation.")
        conditions = condition if isinstance(condition, dict) else {"condition": condition}
        values |= {name: self._rows(name, value) for name, value in conditions.items() if value is not None}
        if set(values) != set(self._inputs):
            raise ValueError(f"This generator takes {sorted(self._inputs)}. Received: {sorted(values)}.")
        return values

    def _rows(self, name, value):
        """A condition as the network takes it: of its type, one-hot rows of labels where it takes weights over classes."""
        dtype, shape = self._inputs.get(name, ("float32", [None]))
        value = np.asarray(value)
        if dtype == "float32" and len(shape) == 2 and value.ndim < 2:
            value = np.eye(shape[1])[value.reshape(-1)]
        value = value.astype(dtype)
        return value[None] if value.ndim < len(shape) else value


def _size(size):
    return None if int(size) < 0 else int(size)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rest", default="http://localhost:8501", help="URL of the server")
    parser.add_argument("--grpc", help="its gRPC address, to be asked instead, for example localhost:8500")
    parser.add_argument("--model", required=True)
    parser.add_argument("--version", type=int)
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--class", type=int, dest="label", help="of all images")
    parser.add_argument("--truncation", type=float)
    parser.add_argument("--output", default="samples", help="folder")
    args = parser.parse_args()

    try:
        client = (GrpcClient if args.grpc else RestClient)(args.grpc or args.rest, args.model, args.version)
        files = Generator(client).png(args.count, args.seed, args.label, args.truncation)
    except (ServerError, urllib.error.URLError, ValueError) as error:
        parser.exit(1, f"{args.grpc or args.rest}, model {args.model!r}: {error}\n")
    os.makedirs(args.output, exist_ok=True)
    for number, content in enumerate(files):
        with open(os.path.join(args.output, f"{args.model}_{args.seed}_{number:04d}.png"), "wb") as file:
            file.write(content)
    print(f"{len(files)} images in {args.output}")


if __name__ == "__main__":
    main()
