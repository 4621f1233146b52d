"""What code needs to know of `tf.distribute` when it runs in one of several replicas."""

import tensorflow as tf


def replica_id():
    """This replica's number, 0 where there is one only."""
    context = tf.distribute.get_replica_context()
    return 0 if context is None else context.replica_id_in_sync_group


def cross_replica_mean(value):
    """The mean of `value` over the replicas, differentiable; `value` itself where there is one only."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return value
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, value)


def gather(value):
    """The rows of `value` of all replicas, differentiable; `value` itself where there is one only."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return value
    return context.all_gather(value, axis=0)
