"""The minibatch of one step of training: what was drawn, and what the networks said about it."""

import copy

import tensorflow as tf

from keras_gans.utils import random


class _Cached:
    """`functools.cached_property` without the lock that it has in Python 3.11, for which replicas, a thread each, would wait.

    One of them waits inside, for all others to reach a synchronized batch normalization.
    """

    def __init__(self, compute):
        self.compute = compute

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = vars(instance)[self.name] = self.compute(instance)
        return value


class Minibatch:
    """What was drawn, and what the networks said about it. Adversarial losses see its scores, terms see all of it.

    The discriminator's outputs are computed when first asked for, then kept.

    Attributes:
        real: Float32 tensor, real data.
        fake: Float32 tensor, generated data.
        latents: What `fake` was generated from.
        condition: Labels, images or embeddings; a dict of several by name; None for an unconditional GAN.
        real_output, fake_output: Dicts of what the discriminator returned, `scores` among them.
        real_scores, fake_scores: Float32 tensors.
        training: Bool, False in evaluation.
        seed: Int tensor of shape (2,).
        generator_losses, discriminator_losses: Lists of what layers passed to `add_loss`, in the call for `fake` and in those
            for `real_output` and `fake_output`.

    Example:

    ```python
    class MeanColor(keras_gans.penalties.Penalty):
        def generator(self, minibatch):
            real, fake = (tf.reduce_mean(images, axis=[0, 1, 2]) for images in (minibatch.real, minibatch.fake))
            return tf.reduce_sum(tf.square(real - fake))

    gan.compile(penalties=[MeanColor(10.0)])
    logs = gan.evaluate(dataset, return_dict=True)
    print("g_mean_color" in logs)  # True
    ```
    """

    def __init__(self, discriminate, real, fake, latents, condition, seed, training):
        self._discriminate = discriminate
        self.real = real
        self.fake = fake
        self.latents = latents
        self.condition = condition
        self.seed = seed
        self.training = training
        self.discriminator_losses = []
        self.generator_losses = []

    def discriminate(self, x):
        """Runs the discriminator on `x`, with this minibatch's condition. Returns a dict of outputs."""
        return self._discriminate(x, self.condition, self.training)[0]

    def seed_for(self, name):
        """The seed of the random numbers that the term called `name` draws."""
        return random.fold_in(self.seed, name)

    @_Cached
    def real_output(self):
        return self._output(self.real)

    @_Cached
    def fake_output(self):
        return self._output(self.fake)

    def _output(self, x):
        output, losses = self._discriminate(x, self.condition, self.training)
        self.discriminator_losses.extend(losses)
        return output

    @property
    def real_scores(self):
        return tf.cast(self.real_output["scores"], tf.float32)

    @property
    def fake_scores(self):
        return tf.cast(self.fake_output["scores"], tf.float32)

    def rerun(self):
        """A minibatch of the same draw without outputs, so that the discriminator scores it anew, with its present weights."""
        again = self.copy()
        for name in ("real_output", "fake_output"):
            vars(again).pop(name, None)
        return again

    def copy(self):
        """A copy for a branch of `tf.cond`: what is first computed inside one is not accessible outside it."""
        duplicate = copy.copy(self)
        duplicate.discriminator_losses = []
        return duplicate
