"""The parts of a GAN: two players with their networks, a prior, perhaps a moving average. How it is trained is in `recipe.py`."""

import functools
import numbers
import random as python_random
import warnings

import keras
import tensorflow as tf

from keras_gans.latents import Latents
from keras_gans.latents import NoLatents
from keras_gans.latents import Normal
from keras_gans.training import network_checks as checks
from keras_gans.training.ema import EMA
from keras_gans.training.sampling import Sampling
from keras_gans.training.sampling import check_latents
from keras_gans.training.saving import Saving
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import check_classes
from keras_gans.utils.conditions import names_of
from keras_gans.utils.conditions import prepare_condition
from keras_gans.utils.config import Serializable
from keras_gans.utils.copies import clone
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.network_inputs import check_main_inputs
from keras_gans.utils.network_inputs import shared_condition
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.networks import images_alone
from keras_gans.utils.numbers import check_unit_interval
from keras_gans.utils.private_keras import forget_compilation
from keras_gans.utils.truncation import check_truncations

PLAYERS = ("discriminator", "generator")  # in the order of their updates


class Players(Sampling, Saving, Serializable, keras.Model):
    """Two players with their networks, and everything that samples from them. See `GAN` for the arguments.

    Class attributes:
        roles: Dict, player to a tuple of the names of its networks: attributes, and arguments of the class's constructor, from
            which those that it does not pass on are taken. The first of each player has the player's name.
        joint: Bool, whether each network joins several, of which the games use views: see `models/joint.py`.
    """

    roles = {"discriminator": ("discriminator",), "generator": ("generator",)}
    joint = False

    def __init__(self, generator=None, discriminator=None, latents=None, ema=None, classes=None, name=None):
        super().__init__(name=name)
        checks.check_roles(self.roles)
        for role in (*self.all_roles(), *map(_average_of, self.roles["generator"])):
            setattr(self, role, None)
        self.latents = latents
        if isinstance(ema, numbers.Real) and not isinstance(ema, bool):
            check_unit_interval(ema=ema)
            ema = EMA(ema)
        if not isinstance(ema, EMA | None):
            raise ValueError(f"`ema` must be a decay, such as ema=0.999, a keras_gans.EMA, or None. Received: ema={ema!r}")
        self.ema = ema
        self.classes = classes
        self.seed = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="seed")
        self.seed.assign(python_random.getrandbits(62))  # follows keras.utils.set_random_seed
        self.counters = {
            name: self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name=f"{name}_updates")
            for name in (*PLAYERS, "average", "evaluation")
        }
        others = {role: getattr(self._arguments, role, None) for role in self.all_roles() if role not in PLAYERS}
        self.set_networks(generator=generator, discriminator=discriminator, **others)

    @classmethod
    def all_roles(cls):
        """The names of all networks, the discriminator's first."""
        return [role for player in PLAYERS for role in cls.roles[player]]

    def set_networks(self, **networks):
        """Sets the networks, by role, from the constructor or from `compile`; the GAN is built when all are there. A hook."""
        for role, network in networks.items():
            if network is None or network is getattr(self, role):
                continue
            if getattr(self, role) is not None:
                raise ValueError(f"This GAN already has a {role}. Pass it to the constructor, or to `compile`, not to both.")
            checks.check_network(network, role, judges=role in self.roles["discriminator"], joint=self.joint)
            forget_compilation(network)
            setattr(self, role, network)
            if hasattr(self._arguments, role):
                setattr(self._arguments, role, network)
        if any(getattr(self, role) is None for role in self.all_roles()) or self.built:
            return
        checks.check_games(self.games, self.roles)
        self.check_networks()
        checks.check_nothing_shared({player: self.by_role(player) for player in PLAYERS})
        sampling = self.sampling_network(*self.networks("generator"))
        wanted = latent_shape(sampling, self.latents)
        self.latents = as_latents(self.latents, default=None if wanted is None else Normal(wanted))
        check_latents(self.latents, wanted, NetworkInputs(sampling, self.generator_input))
        check_truncations(NetworkInputs(sampling, self.generator_input), self.latents)
        judged = NetworkInputs(self.discriminator_of(next(iter(self.games))), "images")
        made = NetworkInputs(sampling, self.generator_input)
        check_main_inputs(made, judged)
        self.classes, self.data_classes = checks.checked_classes(made, judged, self.classes)
        if self.ema is not None:
            for role in self.roles["generator"]:
                average = clone(getattr(self, role))
                average.trainable = False
                setattr(self, _average_of(role), average)
            self._initial_sums = _sums(self.networks("generator"))
        self.built = self._networks_are_set = True

    def __setattr__(self, name, value):
        # Optimizers, the average and the sampler are made for the networks that are there.
        fixed = name in (*self.all_roles(), "latents") and self.__dict__.get("_networks_are_set", False)
        if fixed and value is not getattr(self, name):
            raise AttributeError(
                f"The {name} of a GAN cannot be replaced. Make a new GAN with it; or set the weights of this one."
            )
        if name == "loss" and value is not None and self.__dict__.get("compiled"):  # Keras' own attribute
            raise AttributeError("The loss of a GAN is set by `compile`. Compile again: gan.compile(loss=...).")
        super().__setattr__(name, value)

    def networks(self, player):
        """The networks that `player`, "discriminator" or "generator", owns, in the order of `roles`."""
        return [getattr(self, role) for role in self.roles[player]]

    def by_role(self, player):
        """The networks of `player` by their roles: the names of the constructor's arguments."""
        return {role: getattr(self, role) for role in self.roles[player]}

    def named_parts(self, player):
        """The networks of `player`, or those that they consist of, by their names in messages. A hook."""
        return self.by_role(player)

    def averages(self):
        """The averages of the generator's networks, in the order of `roles`; None without an average."""
        return None if self.ema is None else [getattr(self, _average_of(role)) for role in self.roles["generator"]]

    def sampled_networks(self):
        """The generator's networks that samples come from: their averages, where there are any."""
        return self.averages() or self.networks("generator")

    def sampling_network(self, generator, *others):
        """Makes the network that samples, one functional model, from the generator's networks or their averages. A hook.

        Args:
            generator, *others: Keras models, in the order of `roles`.

        Returns:
            `keras.Model`, latents, and perhaps a condition and a truncation, to images.
        """
        return images_alone(generator)

    @property
    def generator_input(self):
        """The generator's main input, "latents"; None if it takes only a condition."""
        return None if isinstance(self.latents, NoLatents) else "latents"

    @functools.cached_property
    def sampler(self):
        """The network that samples: that of the averages, or of the generator's networks; see `sampling_network`."""
        if not self.built:
            missing = " and no ".join(role for role in self.all_roles() if getattr(self, role) is None)
            raise ValueError(f"This GAN has no {missing} yet. Pass networks to the constructor, or to `compile`.")
        return self.sampling_network(*self.sampled_networks())

    def check_networks(self):
        """Raises a ValueError if the networks do not fit together. A hook: a subclass may check more."""
        checks.check_fit_together(self.generator, self.discriminator)

    @property
    def condition_input(self):
        """The Keras input that takes the condition; a dict of several by name; None for an unconditional GAN."""
        return shared_condition(
            [NetworkInputs(self.generator, self.generator_input)], [NetworkInputs(self.discriminator, "images")]
        )

    @property
    def image_range(self):
        """The values of black and white in the images that the generator makes: (0, 1) if it cannot make negative
        values, because it ends in a sigmoid or a ReLU; else (-1, 1)."""
        return image_range_of(self.sampler)

    def variables_of(self, player):
        """The variables that `player` trains, each once, also where its networks share layers."""
        return _trainable(self.networks(player))

    def playing(self, player):
        """The networks of `player`, or views of growing ones, that play in the phase at hand. A hook."""
        return self.networks(player)

    def playing_variables(self, player):
        """The variables that `player` trains in the phase at hand, each once."""
        return _trainable(self.playing(player))

    def build(self, input_shape=None):
        """Does nothing: the networks are built already."""

    def load_own_variables(self, store):
        super().load_own_variables(store)
        if self.ema is None and int(keras.ops.convert_to_numpy(self.counters["average"])):
            self.counters["average"].assign(0)
            warnings.warn(
                "The weights come with a moving average of the generator's, which this GAN does not have. It is left out, and "
                "samples come from the generator itself. To keep it, make the GAN with `ema`, as it was.",
                stacklevel=2,
            )

    def follow_loaded_weights(self):
        """Copies weights that were loaded into the generator to the average, unless the average has already moved.

        An average whose own weights were loaded keeps them.
        """
        if not self.averages() or self._initial_sums is None:
            return
        if int(keras.ops.convert_to_numpy(self.counters["average"])):
            self._initial_sums = None
            return
        now = _sums(self.networks("generator"))
        if now != self._initial_sums and _sums(self.averages()) == self._initial_sums:
            self.check_averages()
            for average, network in zip(self.averages(), self.networks("generator"), strict=True):
                for mean, value in zip(average.weights, network.weights, strict=True):
                    mean.assign(value)
            self._initial_sums = now

    def check_averages(self):
        """Raises a ValueError if a network's layers were given other weights than those of its average since it was made."""
        for role in self.roles["generator"] if self.averages() else ():
            network, average = getattr(self, role), getattr(self, _average_of(role))
            if [tuple(value.shape) for value in network.weights] != [tuple(value.shape) for value in average.weights]:
                raise ValueError(
                    f"The average has a weight for each of the {role}'s. Received: a {role} with {len(network.weights)} weights, "
                    f"and an average with {len(average.weights)}, or of other shapes: layers were changed after the GAN was made "
                    f"(enable_lora, quantize). Do the same to the layers of gan.{_average_of(role)}, or change the network "
                    "first, and make a GAN of it then."
                )

    # Sampling.

    def call(self, inputs, training=False):
        """Images of the sampler from latents, from `(latents, condition)`, or from conditions if there are no latents.

        Several conditions are a tuple, in the order of the generator's inputs, or a dict by their names.

        Raises:
            ValueError: if a condition is missing, or has another shape; eagerly, if it lies outside the classes.
            tf.errors.InvalidArgumentError: in a graph, if classes are not whole numbers. XLA leaves out such checks.
        """
        latents, condition = (None, inputs) if self.generator_input is None else latents_and_condition(inputs)
        wanted = self._sampler.condition_input
        if wanted is not None:
            condition = self._condition_for_call(condition, wanted)
        if self.generator_input is None:
            run = self._sampler.run_in_chunks if self._sampler.network_is_random else self._sampler.run
            return run(None, condition)
        return self._sampler.run(latents, condition, training=training)

    def _condition_for_call(self, condition, wanted):
        """The condition that `call` gets as the generator takes it, checked; `wanted` is the sampler's input for it."""
        check_condition_is_given(condition, wanted, "gan")
        names = names_of(wanted)
        if isinstance(condition, dict) and names and set(names) < set(condition):
            condition = {name: condition[name] for name in names}  # data also have those that only the discriminator takes
        condition = by_name(condition, wanted)
        if tf.executing_eagerly():
            check_classes(condition, wanted, self.classes)
        return prepare_condition(condition, wanted, self.classes)


def latents_and_condition(data):
    """Latents and condition (or None) in the input of `call` or `predict`. Of arrays, Keras makes `((latents, condition),)`."""
    latents, condition, third = keras.utils.unpack_x_y_sample_weight(data)
    if isinstance(latents, (tuple, list)):
        latents, condition, third = (*latents, *(None, None, None))[:3] if len(latents) < 3 else (None, None, latents)
    if third is not None or isinstance(latents, dict):
        raise ValueError(
            "Expected latents, or a pair (latents, condition). Received: "
            f"{f'a dict of {list(latents)}' if third is None else 'more than two'}. Put several conditions into one tuple or "
            "dict: (latents, (kind, size))."
        )
    return latents, condition


def check_condition_is_given(condition, wanted, call):
    """Raises a ValueError if a generator takes a condition, `wanted`, and gets none. `call` is the call in the error."""
    if condition is None:
        several = f", a dict of {list(wanted)}," if isinstance(wanted, dict) else ""
        raise ValueError(
            f"The generator is conditional. Expected latents and a condition{several} for each. Received: latents alone. "
            f"Pass both: {call}((latents, condition))."
        )


def _average_of(role):
    """The attribute that holds the average of the generator's network of a role."""
    return f"ema_{role}"


def _trainable(networks):
    variables = [variable for network in networks for variable in network.trainable_variables]
    return list({id(variable): variable for variable in variables}.values())


def _sums(networks):
    """The sum of each weight of networks, a tuple, by which changed weights are noticed."""
    weights = [variable for network in networks for variable in network.weights]
    return tuple(float(keras.ops.sum(keras.ops.cast(variable, "float64"))) for variable in weights)


def latent_shape(generator, latents):
    """The shape of the latents that a generator takes; None for `NoLatents`.

    Raises:
        ValueError: if its input has the shape of the data, and nothing says that it takes latents; or if it takes neither latents
            nor a condition.
    """
    if isinstance(latents, NoLatents):
        _check_without_latents(generator)
        return None
    inputs = NetworkInputs(generator, "latents")
    shape, made = tuple(inputs.main.shape[1:]), checks.output_shape(generator)
    of_images = len(shape) == 3 and (shape[-1] in (1, 3) or inputs.main.name == "source")
    like_data = len(shape) > 1 and len(shape) == len(made) and shape[:-1] == made[:-1]
    if (of_images or like_data) and latents is None and not inputs.is_named:
        raise ValueError(
            f"The generator takes {'images' if of_images else 'data'} {shape}, which would be noise here: a GAN draws its "
            "latents and never feeds data to the generator. For a generator from image to image, pass "
            "latents=keras_gans.latents.NoLatents(), or use a class such as keras_gans.Pix2Pix; a generator that takes noise "
            'too must take its source as a second input. If these are latents, call the input "latents", or pass '
            f"keras_gans.latents.Normal({shape})."
        )
    return shape


def _check_without_latents(generator):
    named = [tensor.name for tensor in NetworkInputs(generator, None).conditions.values() if tensor.name in ("latents", "z")]
    if named:
        raise ValueError(
            f"latents=NoLatents() is for generators without latents. Received: {generator.name}, with an input {named[0]!r}. "
            "Leave `latents` out, or pass a prior."
        )


def as_latents(latents, default, prior=Normal):
    """The prior that `latents` stands for: None means `default`, an int n or a tuple one of the class `prior`."""
    if latents is None:
        return default
    return latents if isinstance(latents, Latents) else prior(latents)
