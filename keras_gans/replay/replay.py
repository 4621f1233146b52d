"""The base of the replays."""

from collections.abc import Callable

import tensorflow as tf

from keras_gans.utils import random
from keras_gans.utils.component import Component
from keras_gans.utils.integers import check_ints
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.replicas import gather
from keras_gans.utils.replicas import replica_id


class Replay(Component):
    """Fakes of earlier steps, some of which the discriminator sees in place of fresh ones. Subclass it and override `choose`.

    Passed as `compile(replay=...)`. Only the discriminator's objective sees what is replayed; the generator's sees its own fakes.
    What the discriminator is told of a fake, its condition, is remembered with it; what it was made of is not. The memory is
    state of the model: it is saved, and the same on all replicas, over whose whole batch a replay chooses.

    Args:
        capacity: Int >= 1, how many fakes are remembered.
        name: String.

    Raises:
        ValueError: if `capacity` is not such an int; from `compile`, if the discriminator's inputs have no fixed shape, or if a
            term compares fakes with what they were made of (`Term.needs_origin`).

    Example:

    ```python
    class Freshest(keras_gans.replay.Replay):
        def choose(self, count, size, seed):
            fresh = tf.fill([count], self.capacity)
            return fresh, tf.minimum(tf.range(count), self.capacity)  # nothing is shown again; the first ones are remembered

    gan.compile(update_rule="alternating", replay=Freshest(4))
    gan.fit(dataset)
    print(int(gan.plan["game"].replay.size))  # 4
    ```
    """

    declares = Component.declares | {"choose": (Callable,)}
    game = None  # the name of the game that it is for; `compile` says it

    def __init__(self, capacity, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_ints(1, capacity=capacity)
        self.capacity = capacity

    def choose(self, count, size, seed):
        """What is shown, and what is remembered, of a batch of fakes.

        Args:
            count: Int tensor, the number of fakes, on all replicas.
            size: Int tensor, how many places of the memory are filled: the first ones.
            seed: Int tensor of shape (2,), another one each step.

        Returns:
            Two int32 tensors `(count,)`: the place whose fake is shown instead of each one, and the place where each is
            remembered; `capacity` stands for no place.
        """
        raise NotImplementedError(f"{type(self).__name__} must override `choose(count, size, seed)`.")

    def build_for(self, gan):
        self._inputs = inputs = NetworkInputs(gan.discriminator_of(self.game), "images")
        tensors = [inputs.main, *inputs.conditions.values()]
        shapes = [tuple(tensor.shape[1:]) for tensor in tensors]
        if any(None in shape for shape in shapes):
            raise ValueError(
                f"A replay remembers fakes of one shape. Received: a discriminator of {shapes}. Build it for images of a fixed "
                "size."
            )
        # Fakes are float32, whatever the type of the network's input is.
        dtypes = ["float32", *(tensor.dtype for tensor in inputs.conditions.values())]
        # One place more than is remembered: what goes there is forgotten.
        self.memory = [
            self.add_weight((self.capacity + 1, *shape), "zeros", dtype, trainable=False, name=f"memory_{number}")
            for number, (shape, dtype) in enumerate(zip(shapes, dtypes, strict=True))
        ]
        self.size, self.steps, self.seed = (
            self.add_weight((), "zeros", "int64", trainable=False, name=name) for name in ("size", "steps", "seed")
        )
        self.seed.assign(gan.seed)

    def shown(self, minibatch):
        """The minibatch as the discriminator sees it."""
        fresh = self._rows(minibatch.fake, minibatch.fake_condition)
        counts = gather(tf.shape(minibatch.fake)[:1])  # of each replica, which may have fewer than another
        places, _ = self.choose(tf.reduce_sum(counts), tf.cast(self.size.value, tf.int32), self._seed())
        places = places[tf.reduce_sum(counts[: replica_id()]) :][: tf.shape(minibatch.fake)[0]]
        is_fresh = places == self.capacity
        fake, *conditions = [
            tf.where(
                tf.reshape(is_fresh, (-1, *[1] * (len(row.shape) - 1))), row, tf.cast(tf.gather(memory.value, places), row.dtype)
            )
            for row, memory in zip(fresh, self.memory, strict=True)
        ]
        if len(conditions) > 1:
            return minibatch.with_fake(fake, dict(zip(self._inputs.conditions, conditions, strict=True)))
        return minibatch.with_fake(fake, *(conditions or [None]))

    def after_step(self, player, minibatch):
        if player != "discriminator" or minibatch.fresh is None:
            return
        fresh = [gather(row) for row in self._rows(minibatch.fresh.fake, minibatch.fresh.fake_condition)]
        _, places = self.choose(tf.shape(fresh[0])[0], tf.cast(self.size.value, tf.int32), self._seed())
        for memory, rows in zip(self.memory, fresh, strict=True):
            memory.assign(tf.tensor_scatter_nd_update(memory.value, places[:, None], tf.cast(rows, memory.dtype)))
        filled = tf.reduce_max(tf.where(places < self.capacity, places + 1, 0))
        self.size.assign(tf.maximum(self.size.value, tf.cast(filled, tf.int64)))
        self.steps.assign_add(1)

    def _seed(self):
        return random.fold_in(tf.stack([self.seed.value, 0]), "replay", self.steps.value)

    def _rows(self, fake, condition):
        return [fake, *self._inputs.chosen(condition).values()]


def shuffled_places(capacity, size, seed):
    """The places 0 to `capacity` - 1, int32, in random order: those below `size`, which are filled, before the others."""
    places = tf.argsort(random.uniform((capacity,), seed), stable=True)
    return tf.gather(places, tf.argsort(tf.cast(places >= size, tf.int32), stable=True))


def first_of(places, count, capacity):
    """The first `count` of all places; where they are fewer, no place (`capacity`) for the rest."""
    return tf.concat([places, tf.fill([tf.maximum(count - capacity, 0)], capacity)], axis=0)[:count]
