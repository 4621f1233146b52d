"""Two logical CPUs for tf.distribute, and the same random numbers for every test."""

import gc
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import pytest
import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)


@pytest.fixture(autouse=True)
def _seeded():
    keras.utils.set_random_seed(7)
    yield
    keras.backend.clear_session()
    # What survives (traced graphs, compiled programs) is not looked at by every later collection.
    gc.freeze()


@pytest.fixture(scope="session")
def strategy():
    """One for all tests: a second MirroredStrategy in one process dies."""
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
