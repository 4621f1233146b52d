"""How batches of data become rounds of k discriminator steps.

`fit` is handed one batch of data at a time by Keras. Algorithm 1 wants k for each round, each of the size that the user set.
`every_round` draws them from the iterator itself, so `train_step` gets a tuple of k batches, whatever the data
came from; `RoundAdapter` tells Keras how many rounds there are. `DataAdapter` is private to Keras: it is used here only.
"""

import itertools

from keras.src.trainers import data_adapters
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.data_adapters.data_adapter import DataAdapter


def every_round(keras_function, gan):
    """Wraps Keras' train function: it gets, for each of its steps, a tuple of `gan.discriminator_steps` batches."""

    def train_function(iterator):
        rounds = iter(lambda: tuple(itertools.islice(iterator, gan.discriminator_steps)), ())
        rounds = itertools.takewhile(lambda batches: len(batches) == gan.discriminator_steps, rounds)
        first = next(rounds)  # StopIteration ends the epoch
        if gan.unchecked.training:
            gan.unchecked.training = False
            gan.check_batch(first[0])
        return keras_function(itertools.chain([first], rounds))

    return train_function


def every_batch(keras_function, gan):
    """Wraps Keras' test function: the first batch of an evaluation is checked, then evaluated like the others."""

    def test_function(iterator):
        if not gan.unchecked.evaluation:
            return keras_function(iterator)
        first = next(iterator)
        gan.unchecked.evaluation = False
        gan.check_batch(first)
        return keras_function(itertools.chain([first], iterator))

    return test_function


class RoundAdapter(DataAdapter):
    """Data of `adapter`, counted in rounds of `steps` batches. An incomplete last round is dropped.

    Args:
        x, y, batch_size, steps_per_epoch, shuffle: As `fit` got them.
        steps: Int, batches a round.

    Raises:
        ValueError: if the data have fewer batches than one round takes.
    """

    def __init__(self, steps, x, y, batch_size, steps_per_epoch, shuffle):
        self.steps = steps
        self.adapter = data_adapters.get_data_adapter(
            x=x, y=y, batch_size=batch_size, steps_per_epoch=steps_per_epoch and steps_per_epoch * steps, shuffle=shuffle
        )
        batches = self.adapter.num_batches
        if batches is not None and batches < steps:
            raise ValueError(
                f"The data have {batches} batches, but discriminator_steps={steps}: an epoch has no complete round. "
                "Use smaller batches, more data, or fewer steps."
            )

    def get_tf_dataset(self):
        dataset = self.adapter.get_tf_dataset()
        return dataset if self.num_batches is None else dataset.take(self.num_batches * self.steps)

    @property
    def num_batches(self):
        batches = self.adapter.num_batches
        return None if batches is None else batches // self.steps

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


def split_arrays(x, y, validation_split):
    """Keras' own split: the last part of the arrays is held out. Returns `(x, y), (validation_x, validation_y)`."""
    (x, y, _), (validation_x, validation_y, _) = array_slicing.train_validation_split((x, y, None), validation_split)
    return (x, y), (validation_x, validation_y)
