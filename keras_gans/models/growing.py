"""The base of systems whose networks grow: smaller images first, larger ones in later phases of one training."""

import keras
import tensorflow as tf

from keras_gans.networks.progan import discriminator_at
from keras_gans.networks.progan import fades
from keras_gans.networks.progan import generator_at
from keras_gans.schedules import Growth
from keras_gans.training.optimizers import inner
from keras_gans.training.optimizers import multiply_rate
from keras_gans.training.optimizers import restart
from keras_gans.utils.private_keras import learning_rate_of
from keras_gans.utils.replicas import cross_replica_sum


class Growing:
    """A mixin for a `GAN` whose networks hold those of each size of images, with layers that fade the newest size in.

    The networks are those of the full size all the time: layers of later sizes have the share 0, so the output is the enlarged
    image of the current size. So samples, metrics, averages and exports have one shape in every phase. A step plays with views of
    the size at hand (`playing`), on images that are reduced to it, and faded as the networks are.

    A class calls `start_growing()` at the end of its constructor, and has `growth`, a `keras_gans.schedules.Growth`.

    Attributes:
        images_seen: Int64 weight, how many images the discriminator has learned from.
        size: Int64 weight, the size of images that is trained.
    """

    update_rules = ("simultaneous", "alternating")
    untraced = ("classes", "growth")
    size = None

    def check_networks(self):
        sizes = []
        for player in ("generator", "discriminator"):
            found = [sorted(fades(network)) for network in self.networks(player) if fades(network)]
            if not found:
                raise ValueError(
                    f"The {player} must grow. Received: {getattr(self, player).name}, without layers that fade in. Make it with "
                    f"keras_gans.networks.progan.{player} or networks.stylegan.{player}, growing=True, for 8x8 or more; "
                    "keras_gans.StyleGAN2 takes networks that do not grow."
                )
            sizes += found
        if any(each != sizes[0] for each in sizes):
            raise ValueError(f"The networks must grow through the same sizes. Received: {sizes}.")
        super().check_networks()

    def start_growing(self):
        """Makes the counters, and hides the layers of sizes to come.

        Raises:
            ValueError: if `growth` is none, or starts above the full size.
        """
        if not isinstance(self.growth, Growth):
            raise ValueError(f"`growth` must be a keras_gans.schedules.Growth. Received: growth={self.growth!r}")
        if self.growth.start > self.full_size:
            raise ValueError(
                f"`growth` must start at the size of the networks' images or below it, {self.full_size}. Received: "
                f"start={self.growth.start}."
            )
        counter = {"shape": (), "dtype": "int64", "initializer": "zeros", "trainable": False}
        self.images_seen = self.add_weight(name="images_seen", **counter)
        self.size = self.add_weight(name="size", **counter)
        self.size.assign(self.growth.at(0, self.full_size)[0])
        self._set_shares()

    @property
    def full_size(self):
        """The final size of the images."""
        return self.generator.output["images"].shape[1]

    @property
    def stage(self):
        """The size of images that is trained now, and the share of its newest layers: an int and a float."""
        return self.growth.at(_number(self.images_seen), self.full_size)

    @property
    def size_at_hand(self):
        """The size of images that a step is traced for."""
        return self.phase or _number(self.size)

    def compile(self, *args, **kwargs):
        """As `GAN.compile`; the learning rates are multiplied by what `growth` says of the size at hand, and of those to come."""
        multiplied = list(map(inner, self.optimizers.values())) if self.compiled else []
        super().compile(*args, **kwargs)
        for optimizer in map(inner, self.optimizers.values()):
            if not any(optimizer is other for other in multiplied):
                multiply_rate(optimizer, self.growth.learning_rate(_number(self.size)))

    def check_recipe(self, plan, optimizers):
        super().check_recipe(plan, optimizers)
        rates = {player: learning_rate_of(inner(optimizer)) for player, optimizer in optimizers.items()}
        scheduled = [player for player, rate in rates.items() if callable(rate)]  # functions, too
        if scheduled and self.growth.learning_rates:
            raise ValueError(
                f"The growth multiplies learning rates, so they must be numbers. Received: a schedule for the {scheduled[0]}, "
                f"and learning_rates={self.growth.learning_rates}. Pass numbers, or a Growth without `learning_rates`."
            )

    def choose_phase(self):
        size = self._set_shares()
        before = _number(self.size)
        if size != before:
            factor = self.growth.learning_rate(size) / self.growth.learning_rate(before)
            with self.distribute_strategy.scope():
                for optimizer in map(inner, self.optimizers.values()):
                    restart(optimizer)
                    multiply_rate(optimizer, factor)
            self.size.assign(size)
        self.step_size = self.growth.step_size(size)
        return size

    def _set_shares(self):
        """Gives the layers that fade their shares: 1 below the size that is trained, 0 above it. Returns that size."""
        size, share = stage = self.stage
        if self.__dict__.get("_shown") == stage:
            return size
        self.__dict__["_shown"] = stage
        for network in (*self.networks("discriminator"), *self.networks("generator"), *(self.averages() or ())):
            for each, layer in fades(network).items():
                layer.fade.assign(share if each == size else float(each < size))
        return size

    def follow_loaded_weights(self):
        """Has the next round give the shares anew, too: those of a file are of the round before it was written."""
        super().follow_loaded_weights()
        self.__dict__.pop("_shown", None)

    def playing(self, player):
        at = generator_at if player == "generator" else discriminator_at
        return [self._view(at, network) for network in self.networks(player)]

    def discriminator_of(self, game):
        whole = super().discriminator_of(game)
        return whole if self.size is None else self._view(discriminator_at, whole)

    def _view(self, at, network):
        # Not an attribute that Keras tracks: the views' layers are the networks'.
        views, size = self.__dict__.setdefault("_views", {}), self.size_at_hand
        if (id(network), size) not in views:
            views[id(network), size] = at(network, size)
        return views[id(network), size]

    def draw(self, real, condition, seed, training=True):
        return super().draw(self.reduced(real), condition, seed, training)

    def reduced(self, images):
        """Images of the full size at the size at hand, faded as the networks are: means of squares of pixels."""
        size = self.size_at_hand
        images = _pooled(images, self.full_size // size)
        fade = fades(self.discriminator).get(size)
        if fade is None:
            return images
        coarse = _pooled(images, 2)
        coarse = tf.repeat(tf.repeat(coarse, 2, axis=1), 2, axis=2)
        return coarse + fade.fade * (images - coarse)

    def after_update(self, player, minibatch):
        super().after_update(player, minibatch)
        if player == "discriminator":
            self.images_seen.assign_add(cross_replica_sum(tf.shape(minibatch.real, out_type="int64")[0]))

    def samples(self, minibatch, condition):
        return self((minibatch.latents, condition))


def _pooled(images, factor):
    return images if factor == 1 else tf.nn.avg_pool2d(images, factor, factor, "VALID")


def _number(variable):
    return int(keras.ops.convert_to_numpy(variable))
