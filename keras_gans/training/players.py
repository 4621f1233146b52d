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
from keras_gans.latents import Normal
from keras_gans.training import network_checks as checks
from keras_gans.training.ema import EMA
from keras_gans.utils.config import Serializable
from keras_gans.utils.copies import clone
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.network_inputs import shared_condition
from keras_gans.utils.networks import image_range_of

PLAYERS = ("discriminator", "generator")  # in the order of their updates


class Players(Serializable, keras.Model):
    """A generator and a discriminator, and everything that samples from them. See `GAN` for the arguments."""

    def __init__(self, generator=None, discriminator=None, latents=None, ema=None, classes=None, name=None):
        super().__init__(name=name)
        self.generator = self.discriminator = self.ema_generator = None
        self.latents = latents
        self.ema = EMA(ema) if isinstance(ema, numbers.Real) else ema
        self.classes = classes
        self.seed = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="seed")
        self.seed.assign(python_random.getrandbits(62))  # follows keras.utils.set_random_seed
        self.counters = {
            name: self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name=f"{name}_updates")
            for name in (*PLAYERS, "average", "evaluation")
        }
        self.set_networks(generator, discriminator)

    def set_networks(self, generator=None, discriminator=None):
        """Takes the networks in, when both are there: the constructor's, or `compile`'s."""
        for role, network in (("generator", generator), ("discriminator", discriminator)):
            if network is None or network is getattr(self, role):
                continue
            if getattr(self, role) is not None:
                raise ValueError(f"This GAN already has a {role}. Pass it to the constructor, or to `compile`, not to both.")
            checks.check_network(network, role)
            setattr(self, role, network)
            if hasattr(self._arguments, role):
                setattr(self._arguments, role, network)
        if self.generator is None or self.discriminator is None or self.built:
            return
        self.check_networks()
        wanted = latent_shape(self.generator, self.latents)
        self.latents = as_latents(self.latents, default=Normal(wanted))
        check_latents(self.latents, wanted)
        check_truncations(NetworkInputs(self.generator, "latents"), self.latents)
        self.classes = checks.classes_of(self.generator, self.classes)
        if self.ema is not None:
            self.ema_generator = clone(self.generator)
            self.ema_generator.trainable = False
            self._initial_sums = _sums(self.generator)
        self.built = self._networks_are_set = True

    def __setattr__(self, name, value):
        # Optimizers, the average and the sampler are made for the networks that are there.
        fixed = name in ("generator", "discriminator", "latents") and self.__dict__.get("_networks_are_set", False)
        if fixed and value is not getattr(self, name):
            raise AttributeError(
                f"The {name} of a GAN cannot be replaced. Make a new GAN with it; or set the weights of this one."
            )
        super().__setattr__(name, value)

    @property
    def sampler(self):
        """The network that samples: the average of the generator, or the generator."""
        if self.generator is None:
            raise ValueError("This GAN has no generator yet. Pass networks to the constructor, or to `compile`.")
        return self.generator if self.ema_generator is None else self.ema_generator

    def check_networks(self):
        """Raises a ValueError if the networks do not fit together. A hook: a subclass may check more."""
        checks.check_fit_together(self.generator, self.discriminator)
        checks.check_nothing_shared({player: self.networks(player) for player in PLAYERS})

    @property
    def condition_input(self):
        """The Keras input that takes the condition; a dict of several by name; None for an unconditional GAN."""
        generators = [NetworkInputs(network, "latents") for network in self.networks("generator")]
        discriminators = [NetworkInputs(network, "images") for network in self.networks("discriminator")]
        return shared_condition(generators, discriminators)

    @property
    def image_range(self):
        """The values of black and white in the images that the generator makes: (0, 1) if it cannot make negative
        values, because it ends in a sigmoid or a ReLU; else (-1, 1)."""
        return image_range_of(self.generator)

    def networks(self, player):
        """The networks that `player`, "discriminator" or "generator", owns. A hook."""
        return [getattr(self, player)]

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
        if self.ema_generator is None or self._initial_sums is None:
            return
        if int(keras.ops.convert_to_numpy(self.counters["average"])):
            self._initial_sums = None
            return
        now = _sums(self.generator)
        if now != self._initial_sums and _sums(self.ema_generator) == self._initial_sums:
            for mean, value in zip(self.ema_generator.weights, self.generator.weights, strict=True):
                mean.assign(value)
            self._initial_sums = now

    # Sampling.

    def call(self, inputs, training=False):
        """Images of latents, or of `(latents, condition)`, from the sampler."""
        latents, condition = inputs if isinstance(inputs, (tuple, list)) else (inputs, None)
        return self._sampler.run(latents, condition, training=training)

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
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
        return Sampler(self.sampler, latents, self.classes, self.image_range)

    @functools.cached_property
    def _sampler(self):
        return Sampler(self.sampler, self.latents, self.classes, self.image_range)

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
          float32.
        - `sample`: `batch_size` int32 scalar, `seed` int32 (2,); `truncation` float32 scalar if the prior or the generator has
          it; `condition` of length 1 or `batch_size`, if the generator takes one. Output: `images`. The same seed gives the same
          images, and those of `generate`.
        - `sample_png`: as `sample`, for images of 1 or 3 channels. Output: `image_bytes`, a PNG file each.
        - `latents`: `batch_size`, `seed`, and `truncation` if the prior has it. Output: `latents`, those that `sample` draws.
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


def _sums(network):
    """The sum of each weight of a network, a tuple: whether its weights are others than they were."""
    return tuple(float(keras.ops.sum(keras.ops.cast(variable, "float64"))) for variable in network.weights)


def latent_shape(generator, latents):
    """The shape of the latents that a generator takes.

    Raises:
        ValueError: if its input has the form of the data, and nobody says that it takes latents.
    """
    inputs = NetworkInputs(generator, "latents")
    shape, made = tuple(inputs.main.shape[1:]), checks.output_shape(generator)
    of_images = len(shape) == 3 and shape[-1] in (1, 3)
    like_data = len(shape) > 1 and len(shape) == len(made) and shape[:-1] == made[:-1]
    if (of_images or like_data) and latents is None and not inputs.is_named:
        raise ValueError(
            f"The generator takes {'images' if of_images else 'data'} {shape}, which would be noise here: a GAN draws its "
            'latents, and never shows them the data. If they are latents, call the input "latents", or pass '
            f"latents=keras_gans.latents.Normal({shape}). A network from image to image takes its source as a second input, the "
            "condition."
        )
    return shape


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
