"""Draws samples from a generator, the same in Python and in a SavedModel."""

import functools
import math
import warnings

import numpy as np
import tensorflow as tf

from keras_gans.export.batch_norm_statistics import check_statistics
from keras_gans.export.batch_norm_statistics import with_batch_norm_statistics
from keras_gans.export.endpoint import Endpoint
from keras_gans.utils import random
from keras_gans.utils.chunks import in_chunks
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import condition_rows
from keras_gans.utils.conditions import prepare_condition
from keras_gans.utils.conditions import repeated
from keras_gans.utils.conditions import rows_of
from keras_gans.utils.conditions import takes_class_weights
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.settings import Watch
from keras_gans.utils.settings import settings_of_network
from keras_gans.utils.sources import check_source
from keras_gans.utils.sources import judge_first_source
from keras_gans.utils.sources import source_array
from keras_gans.utils.truncation import check_truncation
from keras_gans.utils.truncation import check_truncations
from keras_gans.utils.truncation import decimal
from keras_gans.utils.truncation import truncation_of_network

_STANDING_BATCH = 64


class Sampler:
    """A generator, its prior, and the form of its condition: it draws the samples, and knows what they need.

    A truncation t goes to the prior, if it truncates, and to the network's input called "truncation", if there is one; without
    a truncation, that input gets 1.

    Args:
        network: `keras.Model`, latents (and a condition, and a truncation) to images; with `NoLatents`, a condition to images.
        latents: `keras_gans.latents.Latents`.
        classes: Int, number of classes of an integer condition or of weights over classes, or a dict of ints for several; None:
            not checked, and labels are not weights.
        image_range: Pair of floats, the values of black and white. Default: (0, 1) where the network cannot make negative
            values, else (-1, 1).
        endpoints: Dict, name to `(network, input, output)` or `(network, input, output, input_range)`, as
            `keras_gans.export.Endpoint` has them: what an export answers beside sampling. Default: none.
        source_range: Pair of floats, the values of black and white in the images that the network translates. Default: not known,
            and not checked.

    Attributes:
        latent_shape: Tuple, the shape of one latent; None where there are none.
        condition_input: The Keras input that takes the condition; a dict of several by name; None for none.
        translates: Bool, whether the condition is the source that an image is made from: it is an image, or the only input.
        network_is_random: Bool, whether the network draws something itself, such as dropout.
        is_random: Bool, whether anything is drawn: latents, or the network's own noise.
        truncatable: Bool, whether the prior, the network, or both take a truncation.
        truncates_latents: Bool, whether the network takes a truncation, so that one goes with given latents too.
        truncation_range: Pair of floats, the least and the greatest truncation: (0, 1) for networks with batch statistics for
            each truncation, else (0, inf).
        truncation_form: String, what a truncation does, for the protocols of figures; None where there is none.
        statistics: String, which statistics of batch normalization the network uses: "moving", unless
            `with_batch_norm_statistics` made it.
        statistics_truncation: Float, the truncation that standing statistics were made for; None for none.
        chunk: Int, how many images are made at a time. Default: 64.

    Raises:
        ValueError: if the network takes a truncation, and the prior is `Normal(truncate_by="resampling")`: networks take the t of
            t * TN(-2, 2), as the released ones do, and the t of TN(-t, t) means something else.

    Example:

    ```python
    sampler = keras_gans.export.Sampler(gan.generator, gan.latents)
    images = sampler.generate(16, truncation=0.5, seed=0)
    print(images.shape)  # (16, 28, 28, 1)
    ```
    """

    statistics = "moving"
    statistics_truncation = None
    chunk = 64
    network_is_random = False

    def __init__(self, network, latents, classes=None, image_range=None, endpoints=None, source_range=None):
        self.network = network
        self.latents = latents
        self.classes = classes
        self.image_range = image_range_of(network) if image_range is None else tuple(map(float, image_range))
        self.endpoints = {name: Endpoint(*given) for name, given in (endpoints or {}).items()}
        self.source_range = None if source_range is None else tuple(map(float, source_range))
        self.latent_shape = None if latents.shape is None else tuple(latents.shape)
        self.inputs = NetworkInputs(network, None if self.latent_shape is None else "latents")
        self.condition_input = self.inputs.condition
        self.truncates_latents = self.inputs.truncation is not None
        self.translates = is_source(self.condition_input, self.latent_shape)
        check_truncations(self.inputs, latents)
        self.truncatable = latents.truncatable or self.truncates_latents
        tables = self.truncates_latents and any(getattr(layer, "truncation_statistics", None) for layer in all_layers(network))
        self.truncation_range = (0.0, 1.0) if tables else (0.0, math.inf)
        self._watch = Watch(functools.partial(settings_of_network, network, "network"))

    @property
    def is_random(self):
        return self.latent_shape is not None or self.network_is_random

    @property
    def truncation_form(self):
        of_prior = [self.latents.truncation_form or type(self.latents).__name__] if self.latents.truncatable else []
        return " and ".join([*of_prior, *(["the network's input"] if self.truncates_latents else [])]) or None

    def generate(self, batch_size=None, condition=None, latents=None, truncation=None, seed=None):
        """Draws images.

        Args:
            batch_size: Int, how many. They are made `chunk` at a time. Default: as many as there are latents, or rows of the
                condition.
            condition: For a conditional generator: an array of length `batch_size`, or of length 1 (or one class) for all. For
                several conditions, a dict of such arrays by the names of the network's inputs. A generator of weights over
                classes takes labels, too: a vector holds labels, and one mixture for all is `(1, classes)`.
            latents: Array `(batch_size, *latents.shape)`, instead of random ones; the network's own noise is then drawn with the
                seed 0.
            truncation: Float t >= 0, for priors and networks that have it: `Normal` draws t * TN(-2, 2), or TN(-t, t), as it was
                made. None: the prior as trained.
            seed: Int s, which stands for (0, s), or a pair of ints. None: a new one each time, which follows
                `keras.utils.set_random_seed`.

        Returns:
            Float32 NumPy array, `(batch_size, ...)`.

        Raises:
            ValueError: if the number of images is neither given nor implied; if a condition is missing, has another length, or
                lies outside the classes; if latents have another shape, hold NaN or infinite values, or come with a seed, or with
                a truncation that the network does not take; if nothing truncates, or the truncation is out of range.
        """
        if self.translates and condition is None:
            raise ValueError(
                f"{self.network.name} makes images of a source. Pass `condition`: sources "
                f"{('batch', *self.condition_input.shape[1:])}, or one for all. Received: none."
            )
        for name, value in {"condition": condition, "latents": latents}.items():
            if isinstance(value, tf.data.Dataset):
                raise ValueError(
                    f"`{name}` must be an array. Received: a data set. Pass one batch after the other: for batch in dataset."
                )
        batch_size = self._batch_size(batch_size, condition, latents)
        condition = self.checked_condition(condition, batch_size)
        self._check_truncation(truncation)
        if latents is None or self.truncates_latents:
            self._warn_of_statistics(truncation)
        self._check_latents(latents, batch_size, truncation, seed)
        if latents is not None:
            return self.images_of(batch_size, tf.convert_to_tensor(latents, tf.float32), condition, truncation)
        seed = random.make_seed(seed)
        return self.images_of(batch_size, self.draw(batch_size, seed, truncation), condition, truncation, seed)

    def images_of(self, batch_size, latents, condition=None, truncation=None, seed=None):
        """Images of latents, and of conditions, that are checked already, `chunk` at a time.

        Args:
            batch_size: Int, how many rows there are.
            seed: Int tensor of shape (2,), for the network's own noise. None: the seed 0, the same in each chunk.

        Returns:
            As `generate`.
        """
        truncation = tf.constant(truncation, tf.float32) if self.truncates_latents and truncation is not None else None
        images = []
        if self._watch.changed():  # layers that got LoRA or were quantized, another slope: a graph is of what was there before
            # As Keras, without autograph: to rewrite this library's functions takes seconds, and none needs it.
            self._function = tf.function(self.run, reduce_retracing=True, autograph=False)
        for start in range(0, batch_size, self.chunk):
            part, noise = slice(start, start + self.chunk), None if seed is None else self._noise_of_chunk(seed, start)
            images.append(self._function(rows_of(latents, part), rows_of(condition, part), truncation, noise=noise))
        return tf.concat(images, axis=0).numpy()

    def run(self, latents, condition=None, truncation=None, training=False, noise=None):
        """Images of latents, float32. Works in a graph. A truncation goes to the network alone; if negative, it stands for 1.

        `noise` is the seed of the network's own noise; None: the seed 0.
        """
        if takes_class_weights(self.condition_input, self.classes) and not isinstance(condition, dict):
            condition = prepare_condition(condition, self.condition_input, self.classes)
        if self.truncates_latents and truncation is not None:
            truncation = truncation_of_network(truncation)
        values = self.inputs.values(latents, condition, truncation)
        return tf.cast(self.call_network(values, training, noise), tf.float32)

    def call_network(self, values, training, noise):
        """Calls the network on its inputs. A hook, for samplers whose network draws its own noise."""
        return self.network(values, training=training)

    def sample(self, batch_size, seed, truncation=None, condition=None):
        """Images of `batch_size` latents drawn with `seed`, made `chunk` at a time: those of `generate`. Works in a graph.

        A condition of length 1 serves them all. A negative truncation stands for none.
        """
        latents, condition = self.draw(batch_size, seed, truncation), repeated(condition, batch_size)
        return self.run_in_chunks(latents, condition, truncation, seed)

    def run_in_chunks(self, latents, condition=None, truncation=None, seed=(0, 0)):
        """Images of latents, `chunk` at a time, as `run` makes them; the seed is that of a network's own noise. Works in a
        graph."""
        batch_size = tf.shape(tf.nest.flatten(condition if latents is None else latents)[0])[0]

        def images_of(part):
            noise = self._noise_of_chunk(seed, part.start)
            return self.run(rows_of(latents, part), rows_of(condition, part), truncation, noise=noise)

        return in_chunks(images_of, batch_size, self.chunk, self.network.outputs[0].shape[1:])

    def _noise_of_chunk(self, seed, start):
        """The seed of the network's own noise for the images from number `start` on; None where it draws none.

        For the first chunk it is the seed itself, so that a client of an export, which asks for one chunk at a time, can get the
        other chunks by their seeds too.
        """
        if not self.network_is_random:
            return None
        seed = tf.convert_to_tensor(seed)
        other = tf.cast(random.fold_in(seed, "chunk", start) % 2**31, seed.dtype)  # within int32, as clients send it
        return tf.where(tf.equal(start, 0), seed, other)

    def with_latents(self, latents):
        """The sampler of the same network, with another prior."""
        return self._like(self.network, latents)

    def _like(self, network, latents):
        made = type(self)(network, latents, self.classes, self.image_range, self.endpoints, self.source_range)
        made.chunk = self.chunk
        return made

    def with_batch_norm_statistics(self, statistics, truncation=None, seed=0):
        """A sampler whose network uses other statistics of batch normalization; see the function of that name.

        Args:
            statistics: "moving", those of the network; "batch"; or "standing", from 100 batches of 64 latents with uniformly
                random classes.
            truncation: Float, the truncation of the latents for standing statistics. A network with statistics for each
                truncation gets them in the rows about this one. Default: none, and the last row.
            seed: Int, for those latents and their classes. Default: 0.

        Raises:
            ValueError: if there are no such statistics, the network has no batch normalization, or the classes are not known.

        Example:

        ```python
        sampler = gan.as_sampler().with_batch_norm_statistics("standing", truncation=0.5)
        images = sampler.generate(64, truncation=0.5)
        ```
        """
        check_statistics(self.network, statistics)
        if statistics == "moving":
            return self
        draw = None
        if statistics == "standing":
            self.check_standing()
            self._check_truncation(truncation)

            def draw(number):
                # Batches of samples have the seeds (seed, 0), (seed, 1), ...
                latents = self.draw(_STANDING_BATCH, random.make_seed((seed, -1 - number)), truncation)
                return self.inputs.values(latents, self._random_condition((seed % 2**32, number)), truncation)

        network = with_batch_norm_statistics(self.network, statistics, draw, truncation=truncation)
        made = self._like(network, self.latents)
        made.statistics = statistics
        made.statistics_truncation = truncation if statistics == "standing" else None
        return made

    def check_standing(self):
        """Raises a ValueError if no conditions can be drawn, which standing statistics need."""
        wanted, classes = self.condition_input, self.classes
        if self.translates:
            raise ValueError(
                f"Standing statistics need latents, and {self.network.name} makes images of a source. Use "
                "keras_gans.evaluation.with_batch_norm_statistics, whose `draw` gives batches of sources."
            )
        several = wanted if isinstance(wanted, dict) else {}
        if wanted is not None and (not classes or any(name not in classes for name in several)):
            raise ValueError(
                f"Standing statistics need batches of conditions, and {self.network.name} does not know its classes. Pass "
                "`classes` to the GAN, or use keras_gans.evaluation.with_batch_norm_statistics."
            )

    def _random_condition(self, seed):
        """Uniformly random classes, in the form that the network takes."""
        if self.condition_input is None:
            return None
        generator, several = np.random.default_rng(seed), isinstance(self.condition_input, dict)
        names = list(self.condition_input) if several else [None]
        counts = {name: self.classes[name] if several else self.classes for name in names}
        drawn = {name: generator.integers(count, size=_STANDING_BATCH) for name, count in counts.items()}
        return condition_rows(drawn if several else drawn[None], self.condition_input, _STANDING_BATCH, self.classes)

    def draw_latents(self, batch_size, seed, truncation=None):
        """The latents that `generate` draws with an integer seed, or a pair of them: float32 `(batch_size, *latent_shape)`."""
        self._check_truncation(truncation)
        return self.draw(batch_size, random.make_seed(seed), truncation)

    def draw(self, batch_size, seed, truncation=None):
        """The latents that `sample` draws. Works in a graph. A negative truncation stands for none."""
        return self.latents.sample(batch_size, seed, truncation if self.latents.truncatable else None)

    def _warn_of_statistics(self, truncation):
        """Warns where standing statistics were made for another truncation."""
        asked, made_for = decimal(truncation), decimal(self.statistics_truncation)
        if self.statistics == "standing" and asked != made_for:
            warnings.warn(
                f"{self.network.name} has standing statistics of batch normalization, made for truncation={made_for}. Received: "
                f"truncation={asked}. Ask for truncation={made_for!r}, or make statistics for this one.",
                stacklevel=3,
            )

    def _check_truncation(self, truncation):
        if truncation is None:
            return
        if not self.truncatable:
            raise ValueError(
                f"{type(self.latents).__name__} latents have no truncation, and the network has no input called `truncation`. "
                f"Received: truncation={truncation!r}. Leave it out."
            )
        check_truncation(truncation, self.truncation_range)

    def _batch_size(self, batch_size, condition, latents):
        """The number of images to make: the number given, or that of the latents or of the rows of the condition."""
        if batch_size is None:
            rows = latents if latents is not None else condition
            while isinstance(rows, (dict, list, tuple)) and isinstance(self.condition_input, dict):
                rows = next(iter(rows.values() if isinstance(rows, dict) else rows))
            if rows is None or not np.ndim(rows):
                raise ValueError(
                    "How many images? Received: neither `batch_size` nor latents or a condition with a row for each. Pass "
                    "batch_size=16."
                )
            wanted = tf.nest.flatten(self.condition_input)[0]
            is_one = latents is None and 1 <= np.ndim(rows) < len(wanted.shape) and not takes_class_weights(wanted, self.classes)
            batch_size = 1 if is_one else len(rows)
        check_ints(1, batch_size=batch_size)
        return int(batch_size)

    def _check_latents(self, latents, batch_size, truncation, seed):
        if latents is None:
            return
        if self.latent_shape is None:
            raise ValueError(f"{self.network.name} takes no latents. Leave `latents` out; it makes images of a condition.")
        if not hasattr(latents, "shape"):
            raise ValueError(
                f"`latents` must be an array of shape {(batch_size, *self.latent_shape)}. Received: {type(latents).__name__}. "
                "Make an array of a list: np.array(latents)."
            )
        if tuple(latents.shape) != (batch_size, *self.latent_shape):
            raise ValueError(f"`latents` must have shape {(batch_size, *self.latent_shape)}. Received: {tuple(latents.shape)}")
        if seed is not None or (truncation is not None and not self.truncates_latents):
            raise ValueError("`latents` are given, so there is nothing to draw: leave out `truncation` and `seed`.")
        check_finite(latents, "`latents`")

    def checked_condition(self, condition, batch_size):
        """The condition of each of `batch_size` images, as the network takes it; see `generate` for the errors."""
        if self.condition_input is None:
            if condition is not None:
                raise ValueError("The generator takes no condition. Leave `condition` out.")
            return None
        if condition is None:
            classes = f" (classes 0 to {self.classes - 1})" if isinstance(self.classes, int) else ""
            several = f", a dict of {list(self.condition_input)}" if isinstance(self.condition_input, dict) else ""
            or_each = f", or {batch_size} of them" if batch_size > 1 else ""
            raise ValueError(
                f"The generator is conditional. Pass `condition`{several}: one for all{or_each}{classes}. "
                "(SampleGrid and ModeCollapseMonitor take `classes`, or a condition.)"
            )
        self.check_condition(condition)
        return condition_rows(condition, self.condition_input, batch_size, self.classes)

    def check_condition(self, condition):
        """Raises a ValueError if a condition, a row each, or one for all, is not of the kind that this sampler takes."""
        self.check_sources(condition)

    def check_sources(self, condition):
        """Raises a ValueError if sources to translate, a row each, or one for all, have another shape, type or range."""
        if not self.translates:
            return
        sources = np.asarray(source_array(by_name(condition, self.condition_input), self.condition_input))
        one_for_all = sources.ndim == len(self.condition_input.shape) - 1
        sources = sources[None] if one_for_all else sources
        check_source(sources, self.condition_input, self.source_range)
        judge_first_source(self.network, sources, self.source_range)


def is_source(condition_input, latent_shape):
    """Whether a condition is the source that an image is made from: it is an image, or the only input."""
    if condition_input is None or isinstance(condition_input, dict):
        return False
    return latent_shape is None or len(condition_input.shape) == 4
