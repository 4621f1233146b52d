"""What tests of examples share: how a script runs in this process."""

import runpy
import sys

import matplotlib
import matplotlib.pyplot
import pytest
import tensorflow as tf

matplotlib.use("Agg")


def run_eagerly(monkeypatch, kind, steps=None):
    """`fit` of a class runs eagerly, which saves tracing, and for so many rounds an epoch, if not None."""
    fit = kind.fit

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
        if name.partition(".")[0] in {"common", "sweep", "lectures", "translation"}:  # names that others may have
            del sys.modules[name]
