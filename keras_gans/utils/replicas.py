"""What code needs to know of `tf.distribute` when it runs in one of several replicas."""

import tensorflow as tf


def replica_id():
    """This replica's number, 0 where there is one only."""
    context = tf.distribute.get_replica_context()
    return 0 if context is None else context.replica_id_in_sync_group


def replica_count():
    """The number of replicas, 1 where there is one only."""
    context = tf.distribute.get_replica_context()
    return 1 if context is None else context.num_replicas_in_sync


def local_part(strategy, batch):
    """What the first replica has of a batch: what is looked at where a batch is checked."""
    return tf.nest.map_structure(lambda value: strategy.experimental_local_results(value)[0], batch)


def check_made_in_scope(strategy, **variables):
    """Raises a ValueError if something was made outside the scope of the strategy that it runs in.

    Args:
        strategy: That of a model; that of the scope at hand, if the model was made outside of any.
        **variables: Keras variables, by the arguments that brought them. None is left alone.
    """
    for name, variable in variables.items():
        if variable is not None and not strategy.extended.variable_created_in_scope(variable.value):
            raise ValueError(
                f"`{name}` was not made in the scope of the distribution strategy that it is to run in. Expected: that of "
                f"{type(strategy).__name__}. Make networks, optimizers and the model inside `with strategy.scope():`, and train "
                "there or outside of every scope."
            )


def check_runs_in(strategy, **variables):
    """As `check_made_in_scope`, of a compiled model, which makes no more variables: one device also runs those of no scope."""
    if not isinstance(strategy, tf.distribute.OneDeviceStrategy):
        check_made_in_scope(strategy, **variables)


def once_for_all_replicas(function):
    """Calls `function()` once, although each replica comes here: what creates variables."""
    if replica_count() > 1:
        tf.distribute.get_replica_context().merge_call(lambda strategy: function())
    else:
        function()


def cross_replica_mean(value):
    """The mean of `value` over the replicas, differentiable; `value` itself where there is one only."""
    context = tf.distribute.get_replica_context()
    if replica_count() == 1:
        return value
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, value)


def cross_replica_sum(value):
    """The sum of `value` over the replicas, differentiable; `value` itself where there is one only."""
    context = tf.distribute.get_replica_context()
    if replica_count() == 1:
        return value
    return context.all_reduce(tf.distribute.ReduceOp.SUM, value)


def global_mean(value, axis=None):
    """The mean of `value`, over all axes or `axis`, over the examples of all replicas, differentiable.

    Each example counts the same, however many a replica has, none included.
    """
    if replica_count() == 1:
        return tf.reduce_mean(value, axis)
    total = tf.reduce_sum(value, axis)
    count = tf.cast(tf.size(value), total.dtype) / tf.cast(tf.maximum(tf.size(total), 1), total.dtype)
    return cross_replica_sum(total) / cross_replica_sum(count)


def gather(value):
    """The rows of `value` of all replicas, differentiable; `value` itself where there is one only."""
    context = tf.distribute.get_replica_context()
    if replica_count() == 1:
        return value
    return context.all_gather(value, axis=0)
