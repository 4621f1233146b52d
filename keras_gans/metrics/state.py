"""The state of metrics of features: moments and buffers. All state merges over replicas by addition."""

import tensorflow as tf

from keras_gans.utils.replicas import replica_count
from keras_gans.utils.replicas import replica_id


class Moments:
    """Number, sum and sum of outer products of feature vectors, in float64: constant memory, whatever the number.

    Args:
        metric: The `keras.metrics.Metric` that holds the variables.
        width: Int d.
        name: String.
        groups: Int, to keep as many separate ones. Default: none.
    """

    def __init__(self, metric, width, name, groups=None):
        shape = () if groups is None else (groups,)
        self.groups = groups
        self.counts = metric.add_weight(shape=shape, dtype="float64", initializer="zeros", name=f"{name}_counts")
        self.sums = metric.add_weight(shape=(*shape, width), dtype="float64", initializer="zeros", name=f"{name}_sums")
        self.products = metric.add_weight(
            shape=(*shape, width, width), dtype="float64", initializer="zeros", name=f"{name}_products"
        )

    def add(self, rows, group=None):
        """Adds rows `(n, d)`, to the group that `group` `(n,)` names if there are groups."""
        rows = tf.cast(rows, tf.float64)
        if self.groups is None:
            values = tf.cast(tf.shape(rows)[0], tf.float64), tf.reduce_sum(rows, 0), tf.matmul(rows, rows, transpose_a=True)
        else:
            member = tf.one_hot(group, self.groups, dtype=tf.float64)
            products = tf.map_fn(lambda mask: tf.matmul(rows * mask[:, None], rows, transpose_a=True), tf.transpose(member))
            values = tf.reduce_sum(member, 0), tf.matmul(member, rows, transpose_a=True), products
        for weight, value in zip((self.counts, self.sums, self.products), values, strict=True):
            _add(weight, value)

    @property
    def count(self):
        """Number of rows, in all groups together."""
        return tf.reduce_sum(tf.convert_to_tensor(self.counts.value))

    def moments(self, group=None):
        """Count, mean `(d,)` and covariance `(d, d)` with divisor n - 1, of all rows or of a group."""
        values = (tf.convert_to_tensor(weight.value) for weight in (self.counts, self.sums, self.products))
        count, total, products = values if group is None else (value[group] for value in values)
        mean = total / count
        return count, mean, (products - count * mean[:, None] * mean[None]) / (count - 1.0)


def places_of(offered, count):
    """The places of a replica's next `count` samples in the order of all replicas' samples, which take turns.

    Args:
        offered: Keras variable, how many samples the replica has had.
        count: Int, how many samples come next.

    Returns:
        Int64 tensor `(count,)`: t R + r for the replica's sample t, of replica r of R.
    """
    places = tf.cast(offered.value, tf.int64) + tf.range(tf.cast(count, tf.int64))
    return places * replica_count() + tf.cast(replica_id(), tf.int64)


class Buffer:
    """The first `capacity` feature vectors, in float32.

    Each replica has rows of its own, every R-th one, and zeros elsewhere.
    """

    def __init__(self, metric, capacity, width, name):
        # One spare row takes the excess, so that the scatter has a static shape, which XLA can compile.
        self.rows = metric.add_weight(shape=(capacity + 1, width), dtype="float32", initializer="zeros", name=f"{name}_rows")
        self.filled = metric.add_weight(shape=(capacity + 1,), dtype="float32", initializer="zeros", name=f"{name}_filled")
        self.offered = metric.add_weight(shape=(), dtype="float64", initializer="zeros", name=f"{name}_offered")
        self.capacity = capacity

    def add(self, rows):
        """Takes as many of the rows `(n, d)` as there is room for."""
        count = tf.shape(rows)[0]
        places = tf.minimum(places_of(self.offered, count), self.capacity)[:, None]
        for weight, values in ((self.rows, tf.cast(rows, tf.float32)), (self.filled, tf.ones(count))):
            _write(weight, places, values)
        self.offered.assign(self.offered + tf.cast(count, tf.float64))

    @property
    def count(self):
        return tf.reduce_sum(tf.cast(tf.convert_to_tensor(self.filled.value)[:-1], tf.float64))

    def values(self):
        """The rows that there are, `(count, d)`."""
        rows, filled = (tf.convert_to_tensor(weight.value)[:-1] for weight in (self.rows, self.filled))
        return tf.boolean_mask(rows, filled > 0)


def _is_own_variable(weight):
    """Whether one variable can be written in place: not outside replicas, and not in a stateless scope."""
    return isinstance(weight.value, tf.Variable) and not tf.distribute.in_cross_replica_context()


def _add(weight, values):
    """Adds to this replica's variable, in place."""
    if _is_own_variable(weight):
        weight.value.assign_add(values)
    else:
        weight.assign(weight + values)


def _write(weight, places, values):
    """Writes rows of this replica's variable, in place: an assignment would copy all the others."""
    if _is_own_variable(weight):
        tf.raw_ops.ResourceScatterNdUpdate(ref=weight.value.handle, indices=places, updates=values)
    else:
        weight.assign(tf.tensor_scatter_nd_update(tf.convert_to_tensor(weight.value), places, values))
