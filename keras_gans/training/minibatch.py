"""The minibatch of one step of training, or of one of its games: what was drawn, and what the networks said about it."""

import copy

import tensorflow as tf

from keras_gans.utils import random
from keras_gans.utils.gradients import input_gradient_squared_norms


class Cached:
    """`functools.cached_property` without the lock that it has in Python 3.11, on which replicas, one thread each, would wait.

    One of them would hold it while it waits for the others to reach a synchronized batch normalization.
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
    """What was drawn for one game, and what the networks said about it. Adversarial losses see its scores, terms see all of it.

    The discriminator's outputs are computed when first asked for, then kept.

    Attributes:
        real: Float32 tensor, real data.
        fake: Float32 tensor, generated data.
        latents: What `fake` was generated from; None where a replay shows other fakes.
        condition: Labels, images or embeddings; a dict of several by name; None for an unconditional GAN. They belong to `real`,
            and to the fakes that were drawn; `fake_condition` has those of fakes that a replay shows.
        outputs: Dict of what the generator returned: `images`, and whatever else.
        target: What `outputs["images"]` should be, for terms that compare images: `real`, unless the game judges something other
            than images; None where a replay shows other fakes.
        real_condition, fake_condition: The conditions that the discriminator takes with `real` and with `fake`: `condition`,
            unless a game has others.
        of_pairs: Bool, whether the discriminator's condition is half of what it judges, as in BiGAN's pairs of an image and its
            latents: terms then see both halves. Default: False.
        real_output, fake_output: Dicts of what the discriminator returned, `scores` among them.
        real_scores, fake_scores: Float32 tensors.
        training: Bool, False in evaluation.
        seed: Int tensor of shape (2,).
        games: Dict, the minibatches of the other games by name, if this is the main game's.
        of: The main game's minibatch, if this is another game's; else None.
        shown: The minibatch that the discriminator sees, where a replay shows it other fakes; else None.
        fresh: The minibatch with the fakes that were drawn, if this one has those that a replay shows; else None.
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

    def __init__(self, discriminate, real, fake, latents, condition, seed, training, outputs=None):
        self._discriminate = discriminate
        self.real = self.target = real
        self.fake = fake
        self.latents = latents
        self.condition = self.real_condition = self.fake_condition = condition
        self.outputs = {"images": fake} if outputs is None else outputs
        self.seed = seed
        self.training = training
        self.of_pairs = False
        self.games = {}
        self.of = self.shown = self.fresh = None
        self.discriminator_losses = []
        self.generator_losses = []

    @property
    def images(self):
        """What the generator made, `outputs["images"]`.

        Raises:
            ValueError: in a game without images, such as one of codes.
        """
        if "images" not in self.outputs:
            raise ValueError(
                f"A term that needs images was given to a game without images. Received: a game of {sorted(self.outputs)}. Give "
                "it only to the game of images, with a dict by game: "
                'auxiliary_losses={"image": [...]}.'
            )
        return self.outputs["images"]

    def discriminate(self, x, condition=None):
        """Runs the discriminator on `x`, with a condition, or that of the real images. Returns a dict of outputs."""
        return self._discriminate(x, self.real_condition if condition is None else condition, self.training)[0]

    def gradient_squared_norms(self, x, condition):
        """For each example, the squared norm of the gradient of its scores with respect to `x`, or to both halves of a pair.

        Returns:
            Float32 tensor `(batch,)`; see `utils.gradients.input_gradient_squared_norms`.
        """
        if self.of_pairs:
            return input_gradient_squared_norms(self.discriminate, x, condition)
        return input_gradient_squared_norms(lambda x: self.discriminate(x, condition), x)

    def seed_for(self, name):
        """The seed of the random numbers that the term called `name` draws."""
        return random.fold_in(self.seed, name)

    def add_game(self, name, minibatch):
        """Takes in the minibatch of another game. Returns it."""
        minibatch.of = self
        self.games[name] = minibatch
        return minibatch

    def seen_by(self, player):
        """This minibatch as `player` sees it: only the discriminator sees a replay's older fakes."""
        return self.shown if player == "discriminator" and self.shown is not None else self

    @Cached
    def real_output(self):
        return self._output(self.real, self.real_condition)

    @Cached
    def fake_output(self):
        return self._output(self.fake, self.fake_condition)

    def _output(self, x, condition):
        output, losses = self._discriminate(x, condition, self.training)
        self.discriminator_losses.extend(losses)
        return output

    @property
    def real_scores(self):
        return tf.cast(self.real_output["scores"], tf.float32)

    @property
    def fake_scores(self):
        return tf.cast(self.fake_output["scores"], tf.float32)

    def with_fake(self, fake, condition):
        """A minibatch of the same draw with other fakes, and with their conditions for the discriminator.

        The origin and the target of these fakes, and the generator's other outputs, are unknown: there are no latents, no target,
        and no other outputs. The real data and the condition are those of this draw.
        """
        other = self.rerun()
        other.fresh, other.games = self, {}
        other.of = None if self.of is None else self.of.seen_by("discriminator")
        other.fake, other.fake_condition = fake, condition
        other.latents = other.target = None
        other.outputs = {key: fake for key, output in self.outputs.items() if output is self.fake}
        return other

    def rerun(self):
        """A minibatch of the same draw without outputs, so that the discriminator scores it anew, with its present weights."""
        return self._duplicate(lambda minibatch: minibatch.rerun(), without=("real_output", "fake_output"))

    def copy(self):
        """A copy for a branch of `tf.cond`: what is first computed inside one is not accessible outside it."""
        duplicate = self._duplicate(lambda minibatch: minibatch.copy())
        if self.of is not None:  # the main game's outputs may be first computed inside, too
            main = copy.copy(self.of)
            main.games = {}  # this game is one of them: the two copies would copy each other endlessly
            duplicate.of = main.copy()
        return duplicate

    def _duplicate(self, duplicated, without=()):
        duplicate = copy.copy(self)
        for name in without:
            vars(duplicate).pop(name, None)
        duplicate.discriminator_losses = []
        duplicate.generator_losses = list(self.generator_losses)  # a branch may add something that is not accessible outside it
        duplicate.shown = None if self.shown is None else duplicated(self.shown)
        duplicate.games = {name: duplicated(game) for name, game in self.games.items()}
        for game in duplicate.games.values():
            game.of = duplicate
            if game.shown is not None:
                game.shown.of = duplicate.seen_by("discriminator")
        return duplicate


class SameRealMinibatch(Minibatch):
    """A game of other fakes, with the real images of the main game: they are scored once for both."""

    @Cached
    def real_output(self):
        return self.of.real_output


class HeadMinibatch(Minibatch):
    """A game that another head of the discriminator judges: what the main game judges, scored in the same call.

    Fakes that a replay shows are this game's own, and are scored separately. Apart from these, the data, the conditions and
    `of_pairs` must be those of the main game: `draw` ensures this, and nothing checks it.

    Attributes:
        head: String, the key of its scores in the discriminator's output.
    """

    head = None

    def discriminate(self, x, condition=None):
        return self._of_head(super().discriminate(x, condition))

    @Cached
    def real_output(self):
        return self._of_head(self.of.real_output)

    @Cached
    def fake_output(self):
        return self._of_head(self.of.fake_output if self.fresh is None else self._output(self.fake, self.fake_condition))

    def _of_head(self, output):
        """What the discriminator returned, with this head's scores for the main one's."""
        return {**output, "scores": output[self.head]}
