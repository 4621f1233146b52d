"""Figures, seconds and memory of the metrics against NumPy, SciPy and scikit-learn, in one interleaved run.

    python benchmarks/metrics.py
    python benchmarks/metrics.py fid precision_recall --quick

Features are synthetic: non-negative, with a spectrum that falls as a power law; the generated ones are shifted and less varied.
Each contender has a process of its own, reads the same file in batches of 500, and is warmed up. Rounds of all contenders follow
each other; medians over rounds are printed, and the medians of the ratios within rounds. `peak` is the most memory that the
process held above what it held before the first feature (Linux only). Figures that differ, and too much memory, end the run
with an error.

- `fid`: `metrics.FID` against what pytorch-fid does: all features in memory as float64, `np.cov`, and `scipy.linalg.sqrtm`
  of the product of the covariances.
- `kid`: `metrics.KID`, and the unbiased estimate from all features, against scikit-learn's `polynomial_kernel` with the same
  subsets.
- `precision_recall`: `metrics.PrecisionRecall`, and its values for few features against plain distances.
- `extractors`: images a second. Published features need the module of Inception, from `--inception`; it is left out otherwise.
"""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import multiprocessing
import os
import statistics
import tempfile
import time

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import numpy as np
import scipy.linalg
import tensorflow as tf
from scipy.spatial.distance import cdist

import keras_gans
from keras_gans import metrics
from keras_gans.metrics import features
from keras_gans.metrics.functions.kernel import unbiased_mmd
from keras_gans.metrics.functions.random_subset import random_subset

BATCH = 500
TARGET_ROOT = 5.0  # times as fast as the matrix root
TARGET_BYTES = 2e9
TOLERANCE = 1e-6


@dataclasses.dataclass(frozen=True)
class Features:
    """Real and generated features in files of float32."""

    real: str
    generated: str
    count: int
    width: int

    def batches(self):
        """Pairs of matrices, real and generated."""
        for start in range(0, self.count, BATCH):
            rows = min(BATCH, self.count - start)
            yield [
                np.fromfile(path, "float32", rows * self.width, offset=4 * start * self.width).reshape(rows, self.width)
                for path in (self.real, self.generated)
            ]

    def arrays(self):
        """Both as one float64 matrix each, filled batch by batch."""
        sides = [np.empty((self.count, self.width)) for _ in range(2)]
        start = 0
        for batch in self.batches():
            for side, rows in zip(sides, batch, strict=True):
                side[start : start + len(rows)] = rows
            start += len(batch[0])
        return sides


def write_features(folder, count, width):
    """relu(z A + b) with z normal and A of singular values that fall as 1 / k."""
    random = np.random.default_rng(0)
    scales = np.arange(1, width + 1, dtype="float32")[:, None] ** -1.0
    mixing = scales * random.normal(size=(width, width)).astype("float32")
    offset = random.normal(0.4, 0.3, width).astype("float32")
    paths = [os.path.join(folder, f"{side}_{count}_{width}") for side in ("real", "generated")]
    for path, scale, shift in zip(paths, (1.0, 0.9), (0.0, 0.05), strict=True):
        with open(path, "wb") as file:
            for start in range(0, count, BATCH):
                z = random.normal(size=(min(BATCH, count - start), width)).astype("float32")
                file.write(np.maximum(scale * z @ mixing + offset + shift, 0.0).tobytes())
    return Features(*paths, count, width)


class Stopwatch:
    """Seconds since it was made or read last."""

    def __init__(self):
        self.start = time.perf_counter()

    def lap(self):
        start, self.start = self.start, time.perf_counter()
        return self.start - start


def fid_of_ours(data):
    watch, metric = Stopwatch(), metrics.FID(None)
    for real, generated in data.batches():
        metric.update_state(real, generated)
    taken = watch.lap()
    value = float(metric.result())
    held = sum(variable.numpy().nbytes for variable in metric.variables)
    return {"fid": value, "statistics": taken, "root": watch.lap(), "held": held}


def fid_of_scipy(data):
    watch, sides = Stopwatch(), data.arrays()
    (mean1, covariance1), (mean2, covariance2) = ((side.mean(axis=0), np.cov(side, rowvar=False)) for side in sides)
    taken = watch.lap()
    root = scipy.linalg.sqrtm(covariance1 @ covariance2)
    if not np.isfinite(root).all():
        epsilon = 1e-6 * np.eye(data.width)
        root = scipy.linalg.sqrtm((covariance1 + epsilon) @ (covariance2 + epsilon))
    traces = np.trace(covariance1) + np.trace(covariance2) - 2.0 * np.trace(np.real(root))
    value = float(np.sum((mean1 - mean2) ** 2) + traces)
    return {"fid": value, "statistics": taken, "root": watch.lap(), "held": sum(side.nbytes for side in sides)}


def kid_of_ours(data, subsets, size):
    metric = metrics.KID(None, num_samples=data.count, subsets=subsets, subset_size=size)
    for real, generated in data.batches():
        metric.update_state(real, generated)
    watch = Stopwatch()
    found = {"kid": float(metric.result()["kid"]), "subsets": watch.lap()}
    sides = [tf.constant(side) for side in data.arrays()]
    watch.lap()
    return {**found, "mmd": float(unbiased_mmd(*sides)), "all": watch.lap()}


def kid_of_sklearn(data, subsets, size):
    from sklearn.metrics.pairwise import polynomial_kernel

    def estimate(x, y):
        def kernel(a, b):
            return polynomial_kernel(a, b, degree=3, gamma=1.0 / data.width, coef0=1.0)

        def within(rows):
            values = kernel(rows, rows)
            return (values.sum() - np.trace(values)) / (len(rows) * (len(rows) - 1.0))

        return float(within(x) + within(y) - 2.0 * kernel(x, y).mean())

    sides, numbers = data.arrays(), np.arange(data.count)
    seeds = [[(0, 2 * subset + side) for side in (0, 1)] for subset in range(subsets)]
    drawn = [[random_subset(numbers, size, seed).numpy() for seed in pair] for pair in seeds]
    watch = Stopwatch()
    found = {"kid": np.mean([estimate(sides[0][a], sides[1][b]) for a, b in drawn]), "subsets": watch.lap()}
    return {**found, "mmd": estimate(*sides), "all": watch.lap()}


def precision_recall_of_ours(data):
    watch, metric = Stopwatch(), metrics.PrecisionRecall(None, num_samples=data.count)
    for real, generated in data.batches():
        metric.update_state(real, generated)
    found = {"update": watch.lap()}
    found |= {name: float(value) for name, value in metric.result().items()}
    return {**found, "result": watch.lap()}


def precision_recall_of_distances(data):
    real, generated = data.arrays()
    radii = [np.sort(cdist(side, side), axis=1)[:, 3] for side in (real, generated)]
    between = cdist(real, generated)
    precision, recall = (between <= radii[0][:, None]).any(axis=0), (between <= radii[1]).any(axis=1)
    return {"precision": precision.mean(), "recall": recall.mean()}


class Worker:
    """A process of its own: calls functions there, one at a time."""

    def __init__(self):
        self.pool = concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def __call__(self, function, *args):
        return self.pool.submit(function, *args).result()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.shutdown()


def peak_bytes():
    """The most memory that this process has held; NaN where the system does not say."""
    if not os.path.exists("/proc/self/status"):
        return float("nan")
    with open("/proc/self/status") as file:
        return 1024.0 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


def race(contenders, data, warm_up, rounds, *args):
    """For each contender its results, a dict a round; the first round's has its `peak`."""
    results = {name: [] for name in contenders}
    with contextlib.ExitStack() as stack:
        workers = {name: stack.enter_context(Worker()) for name in contenders}
        for name, function in contenders.items():
            workers[name](function, warm_up, *args)
        for number in range(rounds):
            for name in list(contenders)[:: -1 if number % 2 else 1]:
                before = workers[name](peak_bytes)
                results[name].append(workers[name](contenders[name], data, *args))
                if not number:
                    results[name][0]["peak"] = workers[name](peak_bytes) - before
    return results


def median(results, key):
    return statistics.median(result[key] for result in results)


def ratio(results, key):
    """How many times as fast as the other contender the first one is."""
    ours, theirs = results.values()
    return statistics.median(their[key] / our[key] for our, their in zip(ours, theirs, strict=True))


def same(results, key):
    """The relative difference of two contenders' figures, which must be small."""
    ours, theirs = (rounds[0][key] for rounds in results.values())
    difference = abs(ours - theirs) / abs(theirs)
    if not difference <= TOLERANCE:
        raise SystemExit(f"{key} must be equal to {TOLERANCE:g}. Received: {ours!r} and {theirs!r}, difference {difference:.1e}.")
    return difference


def fid(sizes, warm_up, rounds, long_rounds, **_):
    for data in sizes:
        rounds = rounds if data is sizes[0] else long_rounds
        results = race({"keras_gans": fid_of_ours, "NumPy, SciPy": fid_of_scipy}, data, warm_up, rounds)
        print(f"\nFID of {data.count} features of length {data.width}, {rounds} rounds")
        for name, found in results.items():
            print(
                f"{name:14s} {found[0]['fid']:.9f}   statistics {median(found, 'statistics'):6.2f} s   "
                f"root {median(found, 'root'):6.2f} s   holds {found[0]['held'] / 1e6:6.0f} MB   "
                f"peak {found[0]['peak'] / 1e6:6.0f} MB"
            )
        print(
            f"relative difference {same(results, 'fid'):.1e}; ratios of seconds: statistics {ratio(results, 'statistics'):.2f}, ",
            end="",
        )
        print(f"root {ratio(results, 'root'):.2f} (target: {TARGET_ROOT:g})")


def kid(sizes, warm_up, long_rounds, subsets, subset_size, **_):
    data = sizes[0]
    contenders = {"keras_gans": kid_of_ours, "scikit-learn": kid_of_sklearn}
    results = race(contenders, data, warm_up, long_rounds, subsets, subset_size)
    print(f"\nKID of {data.count} features of length {data.width}, {long_rounds} rounds")
    for key, seconds, what in (
        ("kid", "subsets", f"{subsets} subsets of {min(subset_size, data.count)}"),
        ("mmd", "all", "all features at once"),
    ):
        print(what)
        for name, found in results.items():
            print(f"{name:14s} {found[0][key]:.9f}   {median(found, seconds):6.2f} s")
        print(f"relative difference {same(results, key):.1e}; ratio of seconds {ratio(results, seconds):.2f}")


def precision_recall(sizes, warm_up, few, **_):
    data = sizes[0]
    found = race({"keras_gans": precision_recall_of_ours}, data, warm_up, 1)["keras_gans"][0]
    print(f"\nPrecision and recall of {data.count} features of length {data.width} a side")
    print(
        f"keras_gans     precision {found['precision']:.4f}   recall {found['recall']:.4f}   update {found['update']:.2f} s   "
        f"result {found['result']:.2f} s   peak {found['peak'] / 1e6:.0f} MB (target: {TARGET_BYTES / 1e6:.0f})"
    )
    if found["peak"] > TARGET_BYTES:
        raise SystemExit(f"Precision and recall must add at most {TARGET_BYTES:g} bytes. Received: {found['peak']:g}.")
    few = dataclasses.replace(data, count=min(few, data.count))
    results = {name: [of(few)] for name, of in (("a", precision_recall_of_ours), ("b", precision_recall_of_distances))}
    for key in ("precision", "recall"):
        print(
            f"{key} of {few.count}: {results['a'][0][key]:.4f}, relative difference to plain distances {same(results, key):.1e}"
        )


def extractors(rounds, images, inception, **_):
    contenders = {
        "EfficientNetLite0(224)": (features.EfficientNetLite0(), (32, 32, 3)),
        "EfficientNetLite0(96)": (features.EfficientNetLite0(size=96), (32, 32, 3)),
        "ClassifierFeatures(lenet)": (features.ClassifierFeatures(features.lenet((28, 28, 1), 10)), (28, 28, 1)),
    }
    if inception is not None:
        contenders["Inception"] = (features.Inception(inception), (32, 32, 3))
    random = np.random.default_rng(0)
    batches = {name: random.uniform(-1, 1, (images, *shape)).astype("float32") for name, (_, shape) in contenders.items()}

    def seconds(name):
        watch = Stopwatch()
        for _ in range(3):
            contenders[name][0](batches[name])["features"].numpy()
        return watch.lap() / 3

    for name in contenders:
        seconds(name)
    found = [{name: images / seconds(name) for name in list(contenders)[:: -1 if number % 2 else 1]} for number in range(rounds)]
    print(f"\nExtractors, batches of {images} images of 32x32x3 (LeNet: 28x28x1), {rounds} rounds")
    for name in contenders:
        print(f"{name:24s} {median(found, name):10.1f} images/s")
    if inception is None:
        print("Inception                left out: its module is not part of the package. Give its folder, --inception PATH.")


PARTS = {"fid": fid, "kid": kid, "precision_recall": precision_recall, "extractors": extractors}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it runs, not how fast")
    parser.add_argument("--counts", type=int, nargs="+", help="numbers of features; the parts after fid use the first one")
    parser.add_argument(
        "--rounds", type=int, help="default: 3 for fid of the first number and extractors, 1 for what takes minutes"
    )
    parser.add_argument("--inception", help="folder or URL of the module")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"parts must be of {list(PARTS)}. Received: {sorted(unknown)}")

    counts = args.counts or ([600] if args.quick else [10_000, 50_000])
    width = 64 if args.quick else 2048
    small = {"subsets": 5, "subset_size": 100, "few": 200, "images": 8}
    full = {"subsets": 100, "subset_size": 1000, "few": 1000, "images": 64}
    options = {"inception": args.inception, "rounds": args.rounds or (1 if args.quick else 3), "long_rounds": args.rounds or 1}
    options |= small if args.quick else full
    print(f"keras_gans {keras_gans.__version__}, TensorFlow {tf.__version__}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        names = args.parts or list(PARTS)
        needed = [] if names == ["extractors"] else counts if "fid" in names else counts[:1]
        options |= {"sizes": [write_features(folder, count, width) for count in needed]}
        options |= {"warm_up": write_features(folder, 50, 8)}
        for name in names:
            PARTS[name](**options)


if __name__ == "__main__":
    main()
