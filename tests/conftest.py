"""Two logical CPUs for tf.distribute, and the same random numbers for every test."""

import gc
import os
import resource
import signal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # for processors for which it is not the default; read at TensorFlow's import
# What XLA makes of a tiny network is compiled sooner than it would be made fast.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads of NumPy's LAPACK wait for each other in loops that use a processor

import keras
import pytest
import tensorflow as tf
from tensorflow.python.framework import ops

from tests import bookkeeping
from tests import tiny

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
bookkeeping.leave_out()


def _shares_a_fixture(item):
    fixtures = [fixture for fixtures in item._fixtureinfo.name2fixturedefs.values() for fixture in fixtures]
    return any(fixture.scope == "module" and fixture.func.__module__ == item.module.__name__ for fixture in fixtures)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Tests on two replicas are slow; tests that need a browser, or MLServer, run only where `-m` names them.

    Tests that share what their module makes once run in one process.
    """
    for item in items:
        if "strategy" in item.fixturenames:
            item.add_marker(pytest.mark.slow)
        if _shares_a_fixture(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
    for mark in ("browser", "serve"):
        if mark not in config.option.markexpr:
            config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(mark)])
            items[:] = [item for item in items if not item.get_closest_marker(mark)]


# Tests between two collections of what they left: each takes seconds where much is alive, so Python starts none by itself.
COLLECT_EVERY = 20
gc.set_threshold(10_000, 20, 1_000_000)
_tests = 0


def pytest_collection_finish():
    """What imports brought lives as long as the process; no later collection looks at it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _seeded():
    global _tests
    keras.utils.set_random_seed(7)
    registered = keras.saving.get_custom_objects()
    before = dict(registered)
    yield
    registered.clear()  # of a test's own classes, which may be named as another test's
    registered.update(before)
    keras.backend.clear_session(free_memory=False)
    _forget_gradients()
    _tests += 1
    if _tests % COLLECT_EVERY == 0:
        gc.collect()


def _forget_gradients():
    """TensorFlow keeps every gradient function traced for `tf.custom_gradient`, and its graph with it: each `fit` leaves one."""
    functions = ops.gradient_registry._registry
    for name in [name for name in functions if name.startswith("CustomGradient-")]:
        del functions[name]


@pytest.fixture
def full_disk():
    """A function that limits the size of files to so many bytes, which stands for a full disk, until the test ends."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture(scope="session")
def strategy():
    """One for all tests: a second MirroredStrategy in one process dies."""
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


@pytest.fixture(scope="module")
def pix2pix():
    """A small GAN that translates pairs."""
    return tiny.pix2pix()


@pytest.fixture(scope="module")
def cyclegan():
    """A small GAN that translates there and back."""
    return tiny.cyclegan()


def pytest_sessionfinish():
    """Pytest collects five times at its end, and each time would look at every graph that is left."""
    gc.collect()
    gc.freeze()
