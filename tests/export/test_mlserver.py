"""MLServer with the runtime of examples/serve/mlserver: a real server under load."""

import base64
import concurrent.futures
import contextlib
import http.client
import io
import itertools
import json
import math
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import threading
import time

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gans
from tests import tiny

pytestmark = pytest.mark.serve

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "serve" / "mlserver"
CLIENTS, REQUESTS = 64, 10_000
LIMIT = 100
MODELS = ("digits", "truncated", "pix2pix", "cyclegan")
INFER = "/v2/models/digits/infer"


class Server:
    """A running server, and the folder of versions that it serves."""

    def __init__(self, folder):
        self.exports = folder / "exports"
        self.gan = exported(self.exports, seed=1)
        self.truncated = keras_gans.GAN(
            tiny.weighted_generator(truncation=(1,)), tiny.weighted_discriminator(), classes=tiny.CLASSES
        )
        self.truncated.export(folder / "truncated", version="auto", max_batch_size=3)
        self.translating = {"pix2pix": tiny.pix2pix(), "cyclegan": tiny.cyclegan()}
        place = shutil.copytree(EXAMPLE, folder / "server")
        shutil.copytree(place / "digits", place / "truncated")
        for name, gan in self.translating.items():
            gan.export(folder / name, version="auto")
            shutil.copytree(place / "digits", place / name)
            settings = {"name": name, "parameters": {"uri": str(folder / name)}}
            edit(place / name / "model-settings.json", **settings)
        self.http, self.grpc, self.metrics = free_ports(3)
        edit(place / "settings.json", http_port=self.http, grpc_port=self.grpc, metrics_port=self.metrics)
        edit(place / "digits" / "model-settings.json", parameters={"uri": str(self.exports)})
        settings = {"name": "truncated", "parameters": {"uri": str(folder / "truncated")}, "max_batch_time": 0.2}
        edit(place / "truncated" / "model-settings.json", **settings)
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        with open(folder / "log", "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from mlserver.cli import main; main()", "start", "."],
                cwd=place,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.log = folder / "log"

    def wait(self):
        end = time.monotonic() + 300  # TensorFlow takes long to import on a busy machine
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError):
                if all(get(self.http, f"/v2/models/{name}/ready")[0] == 200 for name in MODELS):
                    return
            time.sleep(0.1)
        raise TimeoutError(self.log.read_text())

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def megabytes(self):
        """What the process holds in memory."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def exported(folder, seed):
    keras.utils.set_random_seed(seed)
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES), classes=tiny.CLASSES)
    gan.export(folder, version="auto", max_batch_size=LIMIT)
    return gan


def edit(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("mlserver"))
    try:
        made.wait()
        yield made
    finally:
        made.stop()


def get(port, path):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


def post(connection, content, path=INFER):
    """The status and the text of an answer; bytes are sent as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read().decode()


@contextlib.contextmanager
def connected(server):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.http, timeout=120)) as connection:
        yield connection


def tensor(name, data, datatype="INT32", shape=None):
    return {"name": name, "datatype": datatype, "shape": shape or [len(data)], "data": data}


def request(count=2, seed=7, label=1, truncation=0.5, outputs=()):
    inputs = [tensor("batch_size", [count]), tensor("seed", [0, seed]), tensor("condition", [label])]
    inputs += [] if truncation is None else [tensor("truncation", [truncation], "FP32")]
    return {"inputs": inputs} | ({"outputs": [{"name": name} for name in outputs]} if outputs else {})


def images_of(answer, name="images"):
    (output,) = [each for each in json.loads(answer)["outputs"] if each["name"] == name]
    return np.reshape(np.asarray(output["data"], "float32"), output["shape"])


def of_latents(data, shape, datatype="FP32"):
    return {"inputs": [tensor("latents", data, datatype, shape), tensor("condition", [0])]}


GOOD, Z = request(), [0.5] * tiny.LATENTS
# What is sent, the status, and what the answer says.
BAD = {
    "too many": (request(LIMIT + 1), 400, "must be from 1 to 100. Received: 101"),
    "far too many": (request(2**31 - 1), 400, "must be from 1 to 100. Received: 2147483647"),
    "none": (request(0), 400, "must be from 1 to 100"),
    "an unknown class": (request(label=tiny.CLASSES), 400, "must be a class from 0 to 2"),
    "a fraction": (request(label=0.5), 400, "`condition` must hold numbers of the type INT32"),
    "digits in text": (request(label="1"), 400, "must hold numbers"),
    "a huge seed": (request(seed=2**40), 400, "`seed` must hold numbers"),
    "NaN": (of_latents([None] * tiny.LATENTS, [1, tiny.LATENTS]), 400, "`latents` must be finite"),
    "infinite": (of_latents([1e39] * tiny.LATENTS, [1, tiny.LATENTS]), 400, "`latents` must be finite"),
    "a shape": (of_latents([0.0] * 5, [1, 5]), 400, "`latents` must have the shape"),
    "a huge shape": (of_latents(Z, [10**18, tiny.LATENTS]), 400, "`latents` must have the shape"),
    "a negative shape": (of_latents(Z, [-1, -tiny.LATENTS]), 400, "`latents` must have the shape"),
    "ragged": (of_latents([[1, 2], [3]], [1, tiny.LATENTS]), 400, "must hold numbers"),
    "text": (of_latents(["a"] * tiny.LATENTS, [1, tiny.LATENTS]), 400, "must hold numbers"),
    "a type": (of_latents(Z, [1, tiny.LATENTS], "FP64"), 400, "`latents` must be FP32"),
    "no type": (of_latents(Z, [1, tiny.LATENTS], "FLOAT"), 422, "FP32"),
    "an unknown name": ({"inputs": [*GOOD["inputs"], tensor("encode", [1])]}, 400, "The inputs are"),
    "a name twice": ({"inputs": [*GOOD["inputs"], GOOD["inputs"][0]]}, 400, "The inputs are"),
    "a missing name": ({"inputs": GOOD["inputs"][:2]}, 400, "The inputs are"),
    "nothing": ({"inputs": []}, 400, "The inputs are"),
    "an unknown output": (request(outputs=["codes"]), 400, "The outputs are"),
    "rows": ({"inputs": [*GOOD["inputs"][:2], tensor("condition", [0, 1, 2])]}, 400, "Conditions must have 1 row, or 2"),
    "no JSON": (b'{"inputs": [{"name": "se', 422, "JSON decode error"),
    "no text": (b"\xff\xfe\x00", 422, "JSON decode error"),
}


def test_health_and_metadata(server):
    assert get(server.http, "/v2/health/live")[0] == get(server.http, "/v2/health/ready")[0] == 200
    about = json.loads(get(server.http, "/v2/models/digits")[1])
    assert {each["name"]: (each["datatype"], each["shape"]) for each in about["inputs"]} == {
        "latents": ("FP32", [-1, tiny.LATENTS]),
        "condition": ("INT32", [-1]),
        "batch_size": ("INT32", [1]),
        "seed": ("INT32", [2]),
        "truncation": ("FP32", [1]),
    }
    assert [each["name"] for each in about["outputs"]] == ["images", "image_bytes"]
    status, text = get(server.metrics, "/metrics")
    assert status == 200 and "model_infer_request_success" in text


def test_the_images_of_a_seed(server):
    expected = server.gan.generate(70, 1, truncation=0.5, seed=7)
    with connected(server) as connection:
        status, answer = post(connection, request(70, outputs=["images", "image_bytes"]))
        assert status == 200, answer
        np.testing.assert_allclose(images_of(answer), expected, atol=1e-5)
        files = json.loads(answer)["outputs"][1]["data"]
        pixels = np.stack([np.asarray(Image.open(io.BytesIO(base64.b64decode(file)))) for file in files])
        assert np.abs(pixels - (expected[..., 0] + 1) * 127.5).max() <= 0.501
        latents = np.asarray(server.gan.as_sampler().draw_latents(70, 7, 0.5))
        content = of_latents(latents.ravel().tolist(), list(latents.shape))
        content["inputs"][1] = tensor("condition", [1])
        np.testing.assert_allclose(images_of(post(connection, content)[1]), expected, atol=1e-5)


@pytest.mark.parametrize("kind", BAD)
def test_bad_requests(server, kind):
    content, expected, message = BAD[kind]
    with connected(server) as connection:
        status, answer = post(connection, content)
        assert (status, message in answer) == (expected, True), answer
        assert "Traceback" not in answer and ".py" not in answer
        assert post(connection, GOOD)[0] == 200


def test_a_network_that_takes_the_truncation(server):
    """Requests with several truncations in one batch, by seed and by latents."""
    asked = [(count, seed, truncation) for count in (1, 3) for seed, truncation in enumerate([0.2, None, 0.7, 0.2])]
    rows = [[0.5, 0.25, 0.25]]

    def ask(key):
        count, seed, truncation = key
        content = request(count, seed, truncation=truncation)
        content["inputs"][2] = tensor("condition", rows[0], "FP32", [1, tiny.CLASSES])
        if seed == 3:
            latents = np.asarray(server.truncated.as_sampler().draw_latents(count, seed, truncation))
            content["inputs"][:2] = [tensor("latents", latents.ravel().tolist(), "FP32", list(latents.shape))]
        with connected(server) as connection:
            return images_of(post(connection, content, "/v2/models/truncated/infer")[1])

    with concurrent.futures.ThreadPoolExecutor(len(asked)) as clients:
        for (count, seed, truncation), images in zip(asked, clients.map(ask, asked), strict=True):
            expected = server.truncated.generate(count, rows, truncation=truncation, seed=seed)
            np.testing.assert_allclose(images, expected, atol=1e-5)


def test_translations(server):
    sources = tiny.images(3)
    given = tensor("condition", sources.ravel().tolist(), "FP32", list(sources.shape))
    with connected(server) as connection:
        status, answer = post(connection, {"inputs": [given]}, "/v2/models/cyclegan/infer")
        assert status == 200, answer
        np.testing.assert_allclose(images_of(answer), server.translating["cyclegan"].translate(sources), atol=1e-5)
        asked = {"inputs": [tensor("batch_size", [3]), tensor("seed", [0, 7]), given]}
        status, answer = post(connection, asked, "/v2/models/pix2pix/infer")
        assert status == 200, answer
        np.testing.assert_allclose(images_of(answer), server.translating["pix2pix"].translate(sources, seed=7), atol=1e-5)
        status, answer = post(connection, {"inputs": asked["inputs"][:2]}, "/v2/models/pix2pix/infer")
        assert (status, "The inputs are ['batch_size', 'condition', 'seed'], or ['condition']" in answer) == (400, True), answer


def test_other_names(server):
    with connected(server) as connection:
        for path, status in (("/v2/models/faces/infer", 404), ("/v2/models/digits/versions/9/infer", 404), ("/nowhere", 404)):
            assert post(connection, GOOD, path)[0] == status
        status, answer = post(connection, GOOD, "/v2/models/digits/infer_stream")
        assert status == 200 and "Traceback" not in answer


def half_a_body(server):
    """A client that hangs up in the middle of what it announced."""
    with socket.create_connection(("127.0.0.1", server.http)) as client:
        client.sendall(f"POST {INFER} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode() + b'{"inputs": [')


def slow(server, stop):
    """A client that sends a byte a second, and does not get to the end."""
    with socket.create_connection(("127.0.0.1", server.http)) as client:
        client.sendall(f"POST {INFER} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode())
        while not stop.wait(1.0):
            client.sendall(b" ")


def impatient(server, stop):
    """A gRPC client that hangs up before the answer."""
    import grpc
    from mlserver.grpc import dataplane_pb2
    from mlserver.grpc import dataplane_pb2_grpc

    with grpc.insecure_channel(f"127.0.0.1:{server.grpc}") as channel:
        service = dataplane_pb2_grpc.GRPCInferenceServiceStub(channel)
        while not stop.wait(0.02):
            with contextlib.suppress(grpc.RpcError):
                service.ModelInfer(grpc_request(dataplane_pb2), timeout=random.uniform(0.001, 0.3))


def grpc_request(messages, count=2, seed=7, label=1):
    made = messages.ModelInferRequest(model_name="digits")
    for name, values in (("batch_size", [count]), ("seed", [0, seed]), ("condition", [label])):
        each = made.inputs.add(name=name, datatype="INT32", shape=[len(values)])
        each.contents.int_contents.extend(values)
    each = made.inputs.add(name="truncation", datatype="FP32", shape=[1])
    each.contents.fp32_contents.append(0.5)
    return made


def test_grpc(server):
    import grpc
    from mlserver.grpc import dataplane_pb2
    from mlserver.grpc import dataplane_pb2_grpc

    with grpc.insecure_channel(f"127.0.0.1:{server.grpc}") as channel:
        service = dataplane_pb2_grpc.GRPCInferenceServiceStub(channel)
        assert service.ServerReady(dataplane_pb2.ServerReadyRequest()).ready
        output = service.ModelInfer(grpc_request(dataplane_pb2, 3)).outputs[0]
        images = np.reshape(output.contents.fp32_contents, output.shape)
        np.testing.assert_allclose(images, server.gan.generate(3, 1, truncation=0.5, seed=7), atol=1e-5)
        for arguments, message in (({"count": 101}, "must be from 1 to 100"), ({"label": 5}, "must be a class from 0 to 2")):
            with pytest.raises(grpc.RpcError) as caught:
                service.ModelInfer(grpc_request(dataplane_pb2, **arguments))
            assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT and message in caught.value.details()
        nan = dataplane_pb2.ModelInferRequest(model_name="digits")
        each = nan.inputs.add(name="latents", datatype="FP32", shape=[1, tiny.LATENTS])
        each.contents.fp32_contents.extend([math.nan] * tiny.LATENTS)
        nan.inputs.add(name="condition", datatype="INT32", shape=[1]).contents.int_contents.append(0)
        with pytest.raises(grpc.RpcError, match="`latents` must be finite"):
            service.ModelInfer(nan)


def test_load(server):
    """64 clients at the same time, some of whose requests are bad, beside slow clients and such that hang up."""
    asked = [(count, seed, label) for count, seed in ((1, 3), (2, 4), (3, 5), (16, 6)) for label in range(tiny.CLASSES)]
    expected = {key: server.gan.generate(key[0], key[2], truncation=0.5, seed=key[1]) for key in asked}
    wrong, numbers, stop, memory = [], itertools.count(), threading.Event(), {}

    def client(number):
        choose = random.Random(number)
        with connected(server) as connection:
            while (turn := next(numbers)) < REQUESTS:
                if turn in (REQUESTS // 4, REQUESTS - 1):
                    memory[turn] = server.megabytes()
                if turn % 500 == 0:
                    half_a_body(server)
                if turn % 20 == 0:
                    kind = choose.choice(list(BAD))
                    content, status, message = BAD[kind]
                    answered, text = post(connection, content)
                    if answered != status or message not in text or "Traceback" in text:
                        wrong.append((kind, answered, text))
                    continue
                key = choose.choice(asked)
                status, text = post(connection, request(*key))
                if status != 200 or np.abs(images_of(text) - expected[key]).max() > 1e-5:
                    wrong.append((key, status, text[:200]))

    others = [threading.Thread(target=slow, args=(server, stop)) for _ in range(8)]
    others += [threading.Thread(target=impatient, args=(server, stop)) for _ in range(2)]
    for thread in others:
        thread.start()
    try:
        start = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(client, range(CLIENTS)))
        seconds = time.perf_counter() - start
    finally:
        stop.set()
        for thread in others:
            thread.join()
    first, last = memory.values()
    print(f"{REQUESTS} requests in {seconds:.1f} s; {first:.0f} MB after a quarter of them, {last:.0f} MB at the end")
    assert not wrong, wrong[:3]
    assert last - first < 20
    assert get(server.http, "/v2/health/ready")[0] == 200


def test_a_new_version_is_picked_up(server):
    """While clients ask: every answer is of one version or of the other."""
    old = server.gan.generate(2, 1, truncation=0.5, seed=7)
    gan = exported(server.exports, seed=2)
    new = gan.generate(2, 1, truncation=0.5, seed=7)
    assert np.abs(old - new).max() > 0.1
    stop, versions, wrong = threading.Event(), set(), []

    def client(_):
        with connected(server) as connection:
            while not stop.is_set():
                status, text = post(connection, GOOD)
                version = json.loads(text).get("model_version")
                versions.add(version)
                if status != 200 or np.abs(images_of(text) - {"1": old, "2": new}[version]).max() > 1e-5:
                    wrong.append((status, text[:200]))

    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        running = clients.map(client, range(8))
        try:
            with connected(server) as connection:
                assert post(connection, b"", "/v2/repository/models/digits/load")[0] == 200
                time.sleep(0.3)
        finally:
            stop.set()
        list(running)
    assert not wrong, wrong[:3]
    assert versions == {"1", "2"}
    with connected(server) as connection:
        answer = json.loads(post(connection, GOOD)[1])
    assert answer["model_version"] == "2"
