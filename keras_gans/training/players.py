"""What a GAN is: two players with their networks, a prior, perhaps a moving average. How it is trained is in `recipe.py`."""

import functools
import numbers
import random as python_random

import keras

from keras_gans.export import Sampler
from keras_gans.export import export_sampler
from keras_gans.export.export_sampler import MAX_BATCH_SIZE
from keras_gans.export.export_sampler import SAVED_MODEL
from keras_gans.export.export_sampler import check_export
from keras_gans.export.sampler import check_truncations
from keras_gans.latents import Latents
from keras_gans.latents import NoLatents
from keras_gans.latents import Normal
from keras_gans.training import network_checks as checks
from keras_gans.training.ema import EMA
from keras_gans.utils.config import Serializable
from keras_gans.utils.copies import clone
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.network_inputs import shared_condition
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.networks import images_alone
from keras_gans.utils.private_keras import forget_compilation

PLAYERS = ("discriminator", "generator")  # in the order of their updates


class Players(Serializable, keras.Model):
    """Two players with their networks, and everything that samples from them. See `GAN` for the arguments.

    Class attributes:
        roles: Dict, player to a tuple of the names of its networks: attributes, and arguments of the class's constructor, from
            which those that it does not hand on are taken. The first of each player's is called as the player.
        joint: Bool, whether each network is several in one, of which the games use views: see `models/joint.py`.
    """

    roles = {"discriminator": ("discriminator",), "generator": ("generator",)}
    joint = False

    def __init__(self, generator=None, discriminator=None, latents=None, ema=None, classes=None, name=None):
        super().__init__(name=name)
        checks.check_roles(self.roles)
        for role in (*self.all_roles(), *map(_average_of, self.roles["generator"])):
            setattr(self, role, None)
        self.latents = latents
        self.ema = EMA(ema) if isinstance(ema, numbers.Real) else ema
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
        """Takes the networks in, by role, when all are there: the constructor's, or `compile`'s. A hook."""
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
        self.check_networks()
        sampling = self.sampling_network(*self.networks("generator"))
        wanted = latent_shape(sampling, self.latents)
        self.latents = as_latents(self.latents, default=None if wanted is None else Normal(wanted))
        check_latents(self.latents, wanted)
        check_truncations(NetworkInputs(sampling, self.generator_input), self.latents)
        self.classes = checks.classes_of(sampling, self.classes, self.generator_input)
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
        super().__setattr__(name, value)

    def networks(self, player):
        """The networks that `player`, "discriminator" or "generator", owns, in the order of `roles`."""
        return [getattr(self, role) for role in self.roles[player]]

    def averages(self):
        """The averages of the generator's networks, in the order of `roles`; None without an average."""
        return None if self.ema is None else [getattr(self, _average_of(role)) for role in self.roles["generator"]]

    def sampled_networks(self):
        """The generator's networks that samples come from: their averages, where there are any."""
        return self.averages() or self.networks("generator")

    def sampling_network(self, generator, *others):
        """The network that samples, made of the generator's networks, or of their averages: one functional model. A hook.

        Args:
            generator, *others: Keras models, in the order of `roles`.

        Returns:
            `keras.Model`, latents, and perhaps a condition and a truncation, to images.
        """
        return images_alone(generator)

    def endpoints(self, *networks):
        """What an export answers beside sampling, a hook.

        Args:
            *networks: The generator's networks, or their averages, in the order of `roles`.

        Returns:
            Dict, name of an endpoint to `(network, input, output)` or `(network, input, output, input_range)`: a functional
            model of one input, the names of its input and of its output, and for images the values of black and white, without
            which they are not checked. For example `{"encode": (encoder, "images", "latents", self.image_range)}`. See
            `keras_gans.export.Endpoint`.
        """
        return {}

    @property
    def generator_input(self):
        """What the generator computes from, "latents"; None where it computes from a condition alone."""
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
        checks.check_nothing_shared({player: self.networks(player) for player in PLAYERS})

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
        variables = [variable for network in self.networks(player) for variable in network.trainable_variables]
        return list({id(variable): variable for variable in variables}.values())

    def build(self, input_shape=None):
        """Does nothing: the networks are built already."""

    def follow_loaded_weights(self):
        """Gives the average the weights that were loaded into the generator since it was made, until it has begun to move.

        An average that got other weights itself keeps them.
        """
        if not self.averages() or self._initial_sums is None:
            return
        if int(keras.ops.convert_to_numpy(self.counters["average"])):
            self._initial_sums = None
            return
        now = _sums(self.networks("generator"))
        if now != self._initial_sums and _sums(self.averages()) == self._initial_sums:
            for average, network in zip(self.averages(), self.networks("generator"), strict=True):
                for mean, value in zip(average.weights, network.weights, strict=True):
                    mean.assign(value)
            self._initial_sums = now

    # Sampling.

    def call(self, inputs, training=False):
        """Images of latents, or of `(latents, condition)`, from the sampler; where there are no latents, of conditions."""
        if self._sampler.network_is_random:
            return self._sampler.run_in_chunks(None, inputs)
        if self.generator_input is None:
            return self._sampler.run(None, inputs)
        latents, condition = inputs if isinstance(inputs, (tuple, list)) else (inputs, None)
        return self._sampler.run(latents, condition, training=training)

    def generate(self, batch_size=None, condition=None, latents=None, truncation=None, seed=None):
        """Draws images (or whatever the generator makes) from the sampler.

        See `keras_gans.export.Sampler.generate` for the arguments and the errors. The same seed gives the same images, and
        the same as the exported `sample` endpoint.

        Returns:
            Float32 NumPy array, `(batch_size, ...)`.
        """
        self.follow_loaded_weights()
        return self._sampler.generate(batch_size, condition, latents, truncation, seed)

    def as_sampler(self, latents=None):
        """What draws the samples: a `keras_gans.export.Sampler` of the network that samples.

        Args:
            latents: `keras_gans.latents.Latents`, a prior in place of the GAN's, for example one that truncates otherwise.

        Raises:
            ValueError: if they are not of the shape that the generator takes, or truncate otherwise than its input "truncation".
        """
        self.follow_loaded_weights()
        if latents is None or latents is self.latents:
            return self._sampler
        check_latents(latents, self.latents.shape)
        return self._sampler.with_latents(latents)

    @functools.cached_property
    def _sampler(self):
        return self.make_sampler(self.sampler, self.endpoints(*self.sampled_networks()))

    def make_sampler(self, network, endpoints):
        """The `keras_gans.export.Sampler` of the network that samples, and of other endpoints. A hook."""
        source_range = getattr(self, "source_range", None)
        return Sampler(network, self.latents, self.classes, self.image_range, endpoints, source_range)

    def export(
        self,
        filepath,
        verbose=False,
        statistics="moving",
        truncation=None,
        max_batch_size=MAX_BATCH_SIZE,
        version=None,
        signature=None,
        format=SAVED_MODEL,
    ):
        """Writes the sampler, and nothing else, as a SavedModel.

        Endpoints:

        - `serve` (also `serving_default`): `latents`, and `condition` if the generator takes one; several conditions have the
          names of the network's inputs; `truncation` float32 scalar if the generator has an input of that name. Output: `images`
          float32. Without latents, `condition` alone: images to translate, in the `source_range` that `describe` says; there is
          then no endpoint `latents`, and `sample` only where the network draws.
        - `sample`: `batch_size` int32 scalar, `seed` int32 (2,); `truncation` float32 scalar if the prior or the generator has
          it; `condition` of length 1 or `batch_size`, if the generator takes one. Output: `images`. The same seed gives the same
          images, and those of `generate`.
        - `sample_png`: as `sample`, for images of 1 or 3 channels. Output: `image_bytes`, a PNG file each.
        - `latents`: `batch_size`, `seed`, and `truncation` if the prior has it. Output: `latents`, those that `sample` draws.
        - Those of `endpoints`, such as `encode` or `serve_back`.
        - `describe`: what a reader of the file must know, such as `classes`, `image_range`, `max_batch_size`, `statistics` and
          the truncation that standing ones were made for; it takes nothing.

        A negative truncation stands for none, and one above the greatest that there is for that one. Values that are NaN or
        infinite, classes that there are not, and batches that are too large are errors of the graph.

        Args:
            filepath: Folder to write, for TensorFlow Serving `<name>/<version>`. A SavedModel that is there is replaced.
            verbose: Bool, whether Keras prints the endpoints. Default: False.
            statistics: Of batch normalization: "moving", the averages of training, or "standing", those of 100 batches of 64
                latents, as `Sampler.with_batch_norm_statistics` makes them. Default: "moving".
            truncation: Float, of the latents that standing statistics are made from: the one that the export will be sampled
                with. Default: none.
            max_batch_size: Int, the most images of one request. Default: 1024.
            version: "auto" to write `<filepath>/<n + 1>`, where n is the greatest version in that folder, or 0. Default: none:
                `filepath` itself.
            signature: "biggan" to add the one of the published BigGAN modules, `default`: `z`, one-hot rows `y`, and
                `truncation`, which only a generator with an input of that name uses; output `default`. Default: none.
            format: "tf_saved_model", or "tflite" (a file ".tflite"), "onnx" (".onnx"), "openvino" (".xml", and ".bin" beside
                it) to write, by Keras' exporter, the network alone: latents (and a condition, and a truncation) to images,
                without checks. Default: "tf_saved_model".

        Returns:
            Path of what was written.

        Raises:
            ValueError: if `filepath` exists and is not a SavedModel; if there are no such statistics, or a truncation comes
                without standing ones; if another argument is none of the above, or does not go with the format or the generator.
            ImportError: if a package that writes the format is not installed: `pip install "keras_gans[formats]"`.

        Example:

        ```python
        path = gan.export("serving/digits", version="auto")
        print(path)  # .../serving/digits/1
        print(sorted(tf.saved_model.load(path).signatures)[:3])  # ['describe', 'latents', 'sample']
        ```
        """
        if statistics not in ("moving", "standing"):
            raise ValueError(f'`statistics` must be "moving" or "standing". Received: statistics={statistics!r}')
        if truncation is not None and statistics != "standing":
            raise ValueError(
                "`truncation` is that of the latents of standing statistics; an export takes any truncation when it is sampled. "
                f'Received: truncation={truncation}. Leave it out, or pass statistics="standing".'
            )
        check_export(filepath, max_batch_size, version, signature, format)
        self.follow_loaded_weights()
        sampler = self._sampler.with_batch_norm_statistics(statistics, truncation)
        return export_sampler(sampler, filepath, verbose, max_batch_size, version, signature, format)


def _average_of(role):
    """The attribute that holds the average of the generator's network of a role."""
    return f"ema_{role}"


def _sums(networks):
    """The sum of each weight of networks, a tuple: whether their weights are others than they were."""
    weights = [variable for network in networks for variable in network.weights]
    return tuple(float(keras.ops.sum(keras.ops.cast(variable, "float64"))) for variable in weights)


def latent_shape(generator, latents):
    """The shape of the latents that a generator takes; None for `NoLatents`.

    Raises:
        ValueError: if its input has the form of the data, and nobody says that it takes latents; or if there are none, and it
            takes no condition either.
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
            "latents, and never shows them the data. For a generator from image to image, pass "
            "latents=keras_gans.latents.NoLatents(), or use a class such as keras_gans.Pix2Pix; one that takes noise too has its "
            f'source as a second input. If these are latents, call the input "latents", or pass '
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


def check_latents(latents, wanted):
    """Raises a ValueError unless these are latents of the shape `wanted`."""
    if not isinstance(latents, Latents):
        raise ValueError(f"Expected keras_gans.latents.Latents. Received: {latents!r}")
    if latents.shape != wanted:
        raise ValueError(f"The generator takes latents of shape {wanted}. Received: latents of shape {latents.shape}.")


def as_latents(latents, default):
    """The prior that `latents` stands for: None for `default`, an int n or a tuple for `Normal` of it."""
    if latents is None:
        return default
    return latents if isinstance(latents, Latents) else Normal(latents)
