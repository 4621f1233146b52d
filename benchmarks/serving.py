"""Images a second of MLServer against the bare call of the export's signature, and how long its clients wait.

    pip install "keras_gans[serve]"
    python benchmarks/serving.py

DCGAN's generator for 64x64x3 images, exported; requests for PNG files by HTTP. MLServer runs with the runtime of
examples/serve/mlserver twice, with its adaptive batching and without. Rounds of all contenders follow each other, so that
whatever else the machine does hits all of them. Medians over rounds are printed; the ratio is that of images a second to those of
the bare call with the same number of images, within rounds; latencies are over all requests. Processor time is that of the
process which makes the images, and hardly depends on what else the machine does.
"""

import argparse
import concurrent.futures
import contextlib
import functools
import http.client
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import numpy as np
import tensorflow as tf

import keras_gans

EXAMPLE = pathlib.Path(__file__).parents[1] / "examples" / "serve" / "mlserver"


@contextlib.contextmanager
def mlserver(folder, exports, max_batch_size):
    """The HTTP port of a server, and its process."""
    place = shutil.copytree(EXAMPLE, folder)
    ports = free_ports(3)
    edit(place / "settings.json", **dict(zip(("http_port", "grpc_port", "metrics_port"), ports, strict=True)))
    edit(place / "digits" / "model-settings.json", parameters={"uri": exports}, max_batch_size=max_batch_size)
    command = [sys.executable, "-c", "from mlserver.cli import main; main()", "start", "."]
    with open(place / "log", "w") as log, subprocess.Popen(command, cwd=place, stdout=log, stderr=subprocess.STDOUT) as server:
        try:
            while True:
                if server.poll() is not None:
                    raise RuntimeError((place / "log").read_text())
                with contextlib.suppress(OSError), contextlib.closing(connect(ports[0])) as connection:
                    connection.request("GET", "/v2/models/digits/ready")
                    if connection.getresponse().status == 200:
                        break
                time.sleep(0.1)
            yield ports[0], server
        finally:
            server.kill()


def cpu_seconds(pid):
    """What a process has computed so far."""
    with open(f"/proc/{pid}/stat") as file:
        user, system = file.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def edit(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def connect(port):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=120)


def request(count, seed):
    inputs = [("batch_size", [1], [count]), ("seed", [2], [0, seed])]
    inputs = [{"name": name, "shape": shape, "datatype": "INT32", "data": data} for name, shape, data in inputs]
    return json.dumps({"inputs": inputs, "outputs": [{"name": "image_bytes"}]}).encode()


def bare(signature, count, seconds):
    """Seconds of each call."""
    taken, end = [], time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        arguments = {"batch_size": tf.constant(count), "seed": tf.constant([0, len(taken)]), "truncation": tf.constant(-1.0)}
        signature(**arguments)["image_bytes"].numpy()
        taken.append(time.perf_counter() - start)
    return taken


def served(port, count, clients, seconds):
    """Seconds of each request of so many clients."""
    end = time.perf_counter() + seconds

    def client(number):
        taken = []
        with contextlib.closing(connect(port)) as connection:
            while (start := time.perf_counter()) < end:
                body = request(count, 1000 * number + len(taken))
                connection.request("POST", "/v2/models/digits/infer", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                answer = response.read()
                if response.status != 200:
                    raise RuntimeError(answer.decode())
                taken.append(time.perf_counter() - start)
        return taken

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(client, range(clients)), [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=64, choices=[28, 32, 64, 128])
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each contender in each round")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--images", type=int, nargs="+", default=[1, 16], help="of a request")
    args = parser.parse_args()

    network = keras_gans.networks.dcgan.generator((args.size, args.size, 3), filters=args.filters)
    sampler = keras_gans.export.Sampler(network, keras_gans.latents.Normal(network.input_shape[1:]))
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        folder = pathlib.Path(folder)
        exports = str(folder / "exports")
        path = keras_gans.export.export_sampler(sampler, exports, version="auto")
        model = tf.saved_model.load(path)
        servers = {
            "no batching": stack.enter_context(mlserver(folder / "one", exports, 1)),
            "batching": stack.enter_context(mlserver(folder / "many", exports, 64)),
        }
        contenders, pids = {}, {"bare call": os.getpid()}
        for count in args.images:
            contenders["bare call", count, 1] = functools.partial(bare, model.signatures["sample_png"], count)
            for clients in args.clients:
                for name, (port, process) in servers.items():
                    contenders[name, count, clients] = functools.partial(served, port, count, clients)
                    pids[name] = process.pid
        found = {key: [] for key in contenders}
        for run in contenders.values():
            run(0.2)
        for _ in range(args.rounds):
            for key, run in contenders.items():
                start, computed = time.perf_counter(), cpu_seconds(pids[key[0]])
                taken = run(args.seconds)
                computed = (cpu_seconds(pids[key[0]]) - computed) / (len(taken) * key[1])
                found[key].append((len(taken) / (time.perf_counter() - start), computed, taken))
    print(
        "| contender | images of a request | clients | requests/s | images/s | of the bare call | p50 | p99 | CPU of an image |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for (name, count, clients), rounds in found.items():
        rates, computed, _ = zip(*rounds, strict=True)
        ratio = statistics.median(rate / bare[0] for rate, bare in zip(rates, found["bare call", count, 1], strict=True))
        taken, computed = np.concatenate([each for _, _, each in rounds]) * 1000, statistics.median(computed) * 1000
        rate, p50, p99 = statistics.median(rates), *np.percentile(taken, [50, 99])
        cells = [name, count, clients, f"{rate:.0f}", f"{rate * count:.0f}", f"{ratio:.2f}", f"{p50:.0f} ms", f"{p99:.0f} ms"]
        cells += [f"{computed:.1f} ms"]
        print(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
