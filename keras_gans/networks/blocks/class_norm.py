"""Batch normalization of each class, or of none."""

from keras import layers

from keras_gans.layers import ConditionalBatchNormalization


def class_norm(condition, statistics, **tables):
    """A callable, a map and a name to the normalized map, as the blocks take it.

    Args:
        condition: Weights over the classes `(batch, classes)`, for a gain and a bias of each class; None for one of all.
        statistics: Dict, momentum and epsilon, and what else both kinds of batch normalization take.
        tables: Arguments of `ConditionalBatchNormalization` for its tables.
    """

    def norm(x, name):
        if condition is None:
            return layers.BatchNormalization(**statistics, name=name)(x)
        return ConditionalBatchNormalization(condition.shape[-1], **tables, **statistics, name=name)([x, condition])

    return norm
