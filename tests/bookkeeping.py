"""What TensorFlow does for graphs that run often, and for who debugs them, left out: those of tests run a few times.

Without Grappler, tracebacks and names, a test takes an eighth less processor time.
"""

import contextlib

import tensorflow as tf
from tensorflow.python.data.ops import dataset_ops
from tensorflow.python.ops import gen_resource_variable_ops
from tensorflow.python.util import tf_stack


def leave_out():
    """For the whole process."""
    _use_grappler(False)
    dataset_ops.DatasetV2._apply_debug_options = without_autotuning  # where TensorFlow has options for debugging
    lines = tf_stack.extract_stack()
    # An operation remembers the lines that made it, all of pytest's among them, which takes long to collect: one list for all.
    tf_stack.extract_stack = lambda stacklevel=1: lines
    make_handle = gen_resource_variable_ops.var_handle_op

    def make_nameless_handle(**attributes):
        """An eager variable's handle comes from a kernel that is made anew for each name, which only errors tell: one for all."""
        return make_handle(**attributes | ({"debug_name": "variable"} if tf.executing_eagerly() else {}))

    gen_resource_variable_ops.var_handle_op = make_nameless_handle


@contextlib.contextmanager
def grappler():
    """Functions that are called inside have their graphs optimized, as users have them."""
    _use_grappler(True)
    try:
        yield
    finally:
        _use_grappler(False)


def _use_grappler(on):
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not on})


def without_autotuning(dataset):
    """Each iterator of `tf.data` has a thread that tunes it, and its end may wait for that thread, up to a minute."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
