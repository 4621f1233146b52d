"""Chooses the statistics that a generator's batch normalization uses."""

import keras
import numpy as np
import tensorflow as tf

from keras_gans.utils.choices import check_choice
from keras_gans.utils.copies import clone
from keras_gans.utils.integers import check_ints
from keras_gans.utils.networks import input_structure
from keras_gans.utils.private_keras import all_layers

_STATISTICS = ("moving", "batch", "standing")


def with_batch_norm_statistics(generator, statistics, draw=None, passes=100, truncation=None):
    """A copy of a generator whose batch normalization uses the statistics named; the original is left as it is.

    moving      the moving averages of training, as Keras does
    batch       those of the batch at hand, as in training; an image then depends on the others of its batch, and on their number
    standing    the plain mean, over `passes` batches, of the batches' means and (biased) variances. As they depend on the
                latents, they are made anew for each truncation

    A layer with moving statistics for each truncation (`truncation_statistics`) gets the standing ones in the row of
    `truncation`, or in both about it, so that images at this truncation are made with them; its other rows stay.

    In "batch", and in the passes of "standing", the whole generator runs in training mode, as in the papers: dropout is on.

    Args:
        generator: Functional or Sequential `keras.Model`, models and layers with normalization inside it included. Any layer with
            a `moving_mean`, a `moving_variance` and a `momentum`, like Keras', counts as batch normalization.
        statistics: "moving", "batch" or "standing".
        draw: Callable, for "standing": the number of the pass, 0, 1, ..., to a batch of the generator's inputs. Each number
            must give other latents.
        passes: Int >= 1, for "standing". Default: 100.
        truncation: Float in [0, 1], that of the latents which `draw` gives, for layers with statistics for each truncation.
            Default: none: the last row, of latents that are not truncated.

    Returns:
        `keras.Model` of the same inputs and outputs, with weights of its own.

    Raises:
        ValueError: if the generator is neither functional nor Sequential, or has no batch normalization; if an argument is
            none of the above.

    Example:

    ```python
    def draw(index):
        return gan.latents.sample(64, seed=(1, index), truncation=0.5)

    generator = keras_gans.evaluation.with_batch_norm_statistics(gan.generator, "standing", draw)
    images = keras_gans.export.Sampler(generator, gan.latents).generate(64, truncation=0.5)
    ```

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096; matches
        the standing statistics of google/compare_gan and ajbrock/BigGAN-PyTorch.
    """
    check_ints(1, passes=passes)
    check_statistics(generator, statistics)
    if (statistics == "standing") != (draw is not None):
        raise ValueError(f'`draw` goes with "standing", and only with it. Received: draw={draw}, statistics={statistics!r}')
    copy = clone(generator)
    if statistics == "batch":
        _follow(copy, momentum=1.0)  # keeps the moving averages
        inputs = input_structure(copy)
        return keras.Model(inputs, _InTrainingMode(copy)(inputs), name=generator.name)
    if statistics == "standing":
        for layer, mean, variance in zip(_normalizations(copy), *_standing(generator, draw, passes), strict=True):
            _write(layer.moving_mean, mean, layer, truncation)
            _write(layer.moving_variance, variance, layer, truncation)
    return copy


def check_statistics(generator, statistics):
    """Raises a ValueError if there are no such statistics, or the generator has no batch normalization."""
    check_choice(_STATISTICS, statistics=statistics)
    if not isinstance(generator, keras.Model) or not getattr(generator, "inputs", None):
        raise ValueError(f"Expected a functional or Sequential keras.Model, built. Received: {generator!r}")
    if statistics != "moving":
        _normalizations(generator)


@keras.saving.register_keras_serializable("keras_gans")
class _InTrainingMode(keras.layers.Wrapper):
    """A network that always runs in training mode."""

    def call(self, inputs):
        return self.layer(inputs, training=True)


def _normalizations(network):
    normalizations = [layer for layer in all_layers(network) if _is_normalization(layer)]
    if not normalizations:
        raise ValueError(f"{network.name} has no batch normalization, so there are no statistics to choose. Use it as it is.")
    return normalizations


def _is_normalization(layer):
    return all(hasattr(layer, name) for name in ("moving_mean", "moving_variance", "momentum"))


def _follow(network, momentum):
    """Has batch normalization use the statistics of the batch in training mode, and its moving averages follow them."""
    for layer in _normalizations(network):
        layer.trainable = True  # frozen, Keras' layer uses the moving averages even in training mode
        layer.momentum = momentum


def _standing(network, draw, passes):
    """The mean over passes of the batches' means, and of their variances, of each batch normalization."""
    scratch = clone(network)
    _follow(scratch, momentum=0.0)  # the moving averages are then those of the last batch
    normalizations = _normalizations(scratch)
    run = tf.function(lambda inputs: scratch(inputs, training=True), reduce_retracing=True, autograph=False)
    means = [np.zeros(layer.moving_mean.shape[-1:]) for layer in normalizations]
    variances = [np.zeros(layer.moving_variance.shape[-1:]) for layer in normalizations]
    for index in range(passes):
        run(draw(index))
        for layer, mean, variance in zip(normalizations, means, variances, strict=True):
            mean += _last(layer.moving_mean) / passes
            variance += _last(layer.moving_variance) / passes
    return means, variances


def _last(moving):
    """Moving statistics, float64; if they have rows, the last row, which follows training."""
    values = np.asarray(moving, "float64")
    return values[-1] if values.ndim == 2 else values


def _write(moving, values, layer, truncation):
    """Sets moving statistics; if they have rows, those next to a truncation."""
    if getattr(layer, "truncation_statistics", None):
        rows = np.array(moving)
        rows[layer.rows_about(truncation)] = values
        values = rows
    moving.assign(values)
