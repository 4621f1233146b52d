"""Turns batches of data into rounds of k discriminator steps.

Keras hands `fit` one batch at a time. Algorithm 1 wants k batches for each round, each of the size that the user set.
`every_round` draws them from the iterator, so `train_step` gets a tuple of k batches, whatever the source of the data;
`RoundAdapter` tells Keras how many rounds there are. (Keras' `DataAdapter` is private.)
"""

import itertools
import sys

import tensorflow as tf

from keras_gans.training.current_recipe import check_recipe_of_epoch
from keras_gans.training.first_batch import with_first_checked
from keras_gans.training.fit_checks import check_counted_images
from keras_gans.utils.private_keras import DataAdapter
from keras_gans.utils.private_keras import get_data_adapter


def every_round(make_keras_function, gan):
    """A train function that hands each round its batches, and runs the function for that round's numbers of steps.

    Args:
        make_keras_function: Callable without arguments that makes Keras' own train function. It is called once for each pair
            of numbers of steps.
        gan: The GAN. `gan.choose_steps()` gives the pair; `gan.round_steps`, and whether its data are a single batch
            (`gan.single_batches`) instead of a round's tuple of them, are what `train_step` reads. `gan.choose_phase()` is called
            first: through `gan.step_size` it may have each step take several batches, which are then `gan.gathered`.
    """
    functions, last_iterator = {}, None

    def rounds(iterator, new):
        while True:
            wanted = max(gan.round_steps[0], 1)
            steps = tuple(itertools.islice(_steps(iterator, gan.step_size if gan.gathered else None), wanted))
            if len(steps) < wanted:
                if new and gan.gathered:
                    raise ValueError(
                        f"The data have fewer examples than a round takes: {wanted * gan.step_size}. Use smaller steps (for "
                        "networks that grow: Growth(step_sizes=...)), or repeat the data: fit(dataset.repeat(), "
                        "steps_per_epoch=...)."
                    )
                if new and steps:
                    raise ValueError(
                        f"The data have {len(steps)} batches, but a round takes {wanted}: an epoch has no complete round. Use "
                        "smaller batches or fewer steps, or repeat the data: fit(dataset.repeat(), steps_per_epoch=...)."
                    )
                return
            new = False
            yield steps

    def function():
        key = gan.phase, gan.round_steps, gan.single_batches, gan.gathered
        if key not in functions:
            functions[key] = make_keras_function()
        return functions[key]

    def train_function(iterator, gather=True):
        nonlocal last_iterator
        new, last_iterator = iterator is not last_iterator, iterator
        check_recipe_of_epoch(gan)
        gan.phase = gan.choose_phase()
        gan.gathered = gather and gan.step_size is not None
        gan.round_steps = gan.choose_steps()
        gan.single_batches = _loops_in_the_graph(iterator, gan)
        if gan.single_batches:
            return function()(iterator)
        batches = rounds(iterator, new)
        first = next(batches)  # StopIteration ends the epoch
        if gan.unchecked.training:
            gan.unchecked.training = False
            batches_of_step = first[0] if gan.gathered else first[:1]
            gan.check_batch(batches_of_step[0])
            check_counted_images(gan, sum(map(_examples, batches_of_step)))
        return function()(itertools.chain([first], batches))

    return train_function


def _steps(batches, size):
    """What each step takes: a batch, or a tuple of batches with at least `size` examples. An incomplete rest is dropped."""
    if size is None:
        yield from batches
        return
    step, examples = [], 0
    for batch in batches:
        step.append(batch)
        examples += _examples(batch)
        if examples >= size:
            yield tuple(step)
            step, examples = [], 0


def _examples(batch):
    """The number of examples in a batch, on all replicas."""
    first = tf.nest.flatten(batch)[0]
    return sum(int(part.shape[0]) for part in getattr(first, "values", [first]))


def _loops_in_the_graph(iterator, gan):
    """Whether Keras may draw single batches itself, for `steps_per_execution` rounds in one call of a graph."""
    one_batch = not gan.gathered and gan.balance is None and gan.discriminator_steps == 1 and not gan.unchecked.training
    looping = gan.steps_per_execution > 1 and not gan.run_eagerly
    return one_batch and looping and isinstance(iterator, tf.data.Iterator)


def every_batch(make_keras_function, gan):
    """A test function that checks the first batch of an evaluation, and evaluates each batch in the phase at hand.

    Args:
        make_keras_function: Callable without arguments that makes Keras' own test function, once for each phase.
        gan: The GAN.
    """
    functions = {}

    def test_function(iterator):
        gan.phase = gan.choose_phase()
        if gan.phase not in functions:
            functions[gan.phase] = with_first_checked(make_keras_function(), gan, "evaluation")
        return functions[gan.phase](iterator)

    return test_function


class RoundAdapter(DataAdapter):
    """Data of `adapter`, counted in rounds of `steps` batches. An incomplete last round is dropped.

    Args:
        x, y, batch_size, steps_per_epoch, shuffle: As `fit` got them.
        steps: Int, batches a round; None if it varies, so that the number of rounds varies too.

    Raises:
        ValueError: if the data have fewer batches than one round takes.
    """

    def __init__(self, steps, x, y, batch_size, steps_per_epoch, shuffle):
        self.steps = steps
        batches = steps_per_epoch * steps if steps_per_epoch and steps else None
        self.adapter = get_data_adapter(x=x, y=y, batch_size=batch_size, steps_per_epoch=batches, shuffle=shuffle)
        batches = self.adapter.num_batches
        if steps and batches is not None and batches < steps:
            raise ValueError(
                f"The data have {batches} batches, but discriminator_steps={steps}: an epoch has no complete round. "
                "Use smaller batches, more data, or fewer steps."
            )

    def get_tf_dataset(self):
        dataset = self.adapter.get_tf_dataset()
        return dataset.take(self.num_batches * self.steps) if self.knows_rounds else dataset

    @property
    def num_batches(self):
        batches = self.adapter.num_batches
        if self.steps is None:
            # Keras would expect the first epoch's number of rounds of later epochs. This is a bound: a round takes at least one
            # batch.
            return sys.maxsize if batches is None else batches
        return None if batches is None else batches // self.steps

    @property
    def knows_rounds(self):
        """Whether the number of rounds of an epoch is known before it ends."""
        return self.steps is not None and self.adapter.num_batches is not None

    @property
    def batch_size(self):
        return self.adapter.batch_size

    @property
    def has_partial_batch(self):
        return self.adapter.has_partial_batch

    @property
    def partial_batch_size(self):
        return self.adapter.partial_batch_size

    def on_epoch_begin(self):
        self.adapter.on_epoch_begin()

    def on_epoch_end(self):
        self.adapter.on_epoch_end()
