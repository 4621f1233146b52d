"""The variational autoencoder, which GANs are compared with."""

import inspect
import math
import random as python_random
import types

import keras
import numpy as np
import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.losses.auxiliary.gaussian_kl import gaussian_kl
from keras_gans.models.encoding import Encoding
from keras_gans.models.encoding import check_decodes_latents_alone
from keras_gans.models.encoding import check_encoder
from keras_gans.models.encoding import check_stochastic
from keras_gans.models.encoding import encoding_of
from keras_gans.models.encoding import infer
from keras_gans.models.encoding import inverse_networks
from keras_gans.training import data_checks
from keras_gans.training import fit_checks
from keras_gans.training import network_checks as checks
from keras_gans.training.batch_checks import check_batch
from keras_gans.training.batch_checks import ending_in_sigmoid
from keras_gans.training.current_recipe import check_recipe_is_current
from keras_gans.training.current_recipe import check_recipe_of_epoch
from keras_gans.training.current_recipe import of_model
from keras_gans.training.first_batch import with_first_checked
from keras_gans.training.optimizers import as_optimizer
from keras_gans.training.optimizers import check_rates
from keras_gans.training.optimizers import inner
from keras_gans.training.optimizers import steps_taken
from keras_gans.training.recipe_checks import check_how_to_run
from keras_gans.training.sampling import Sampling
from keras_gans.training.saving import Saving
from keras_gans.training.trainer import is_shuffled_by_keras
from keras_gans.utils import random
from keras_gans.utils.assured import assured
from keras_gans.utils.config import Serializable
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.networks import images_alone
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.private_keras import steps_of
from keras_gans.utils.replicas import check_made_in_scope
from keras_gans.utils.replicas import check_runs_in
from keras_gans.utils.replicas import local_part
from keras_gans.utils.replicas import replica_count
from keras_gans.utils.replicas import replica_id
from keras_gans.utils.settings import Watch
from keras_gans.utils.sources import how_to_scale

_KERAS_ARGUMENTS = ("run_eagerly", "steps_per_execution", "jit_compile", "auto_scale_loss")


class VAE(Encoding, Sampling, Saving, Serializable, keras.Model):
    """A variational autoencoder: to compare GANs with, and it samples, encodes and is exported as they are.

    z ~ q(z|x) = N(mean(x), scale(x)^2),    loss = -log p(x|z) + KL(q(z|x) || N(0, 1)), minus the evidence lower bound

    -log p(x|z) is a sum over pixels, of p = G(z):
    "bernoulli":    -x log p - (1 - x) log(1 - p), images in [0, 1]
    "gaussian":     (x - p)^2 / (2 scale^2) + log scale + log(2 pi) / 2

    It is not a GAN, but a `keras.Model`, trained by Keras' own `fit`, with one sample z for each image; logs are `loss`,
    `reconstruction` and `kl`, means over images in nats. Labels in the data are not used. `encode`, `reconstruct` and `predict`
    use the mean of a code.

    Args:
        generator: Built `keras.Model`, latents to images: the decoder. Default: `keras_gans.networks.vae.generator`.
        encoder: Built `keras.Model`, images to a dict with `mean` and `log_scale`. Default: `networks.vae.encoder`.
        likelihood: "bernoulli" or "gaussian". Default: "bernoulli".
        scale: Float > 0, the standard deviation of the Gaussian likelihood. Default: 1.
        image_shape: Tuple (height, width, channels). Default: (28, 28, 1).
        name: String.

    Raises:
        ValueError: if an argument is unknown or out of range, the networks do not fit together, or a generator of a Bernoulli
            likelihood does not end in a sigmoid.
        tf.errors.InvalidArgumentError: in training, if images of a Bernoulli likelihood are not in [0, 1], of later batches than
            the first. XLA leaves out such checks.

    Example:

    ```python
    network = keras_gans.networks.vae
    vae = keras_gans.VAE(network.generator(units=16), network.encoder(units=16))
    vae.compile()
    images = np.random.default_rng(0).uniform(0, 1, (8, 28, 28, 1)).astype("float32")
    logs = vae.fit(images, batch_size=4).history
    print(sorted(logs))  # ['kl', 'loss', 'reconstruction']
    print(vae.generate(3).shape, vae.encode(images).shape)  # (3, 28, 28, 1) (8, 20)
    ```

    Differences: hidden units, rate and batches of the defaults are those of PyTorch's example (Adam(1e-3), batches of 128); the
    paper has tanh and Adagrad.

    Reference:
        Kingma, Welling, Auto-Encoding Variational Bayes (2013), arXiv:1312.6114, equation 10 and appendices B and C;
        pytorch/examples, vae/main.py.
    """

    classes = None

    def __init__(self, generator=None, encoder=None, likelihood="bernoulli", scale=1.0, image_shape=(28, 28, 1), name=None):
        super().__init__(name=name)
        if likelihood not in ("bernoulli", "gaussian"):
            raise ValueError(f'`likelihood` must be "bernoulli" or "gaussian". Received: likelihood={likelihood!r}')
        check_positive(scale=scale)
        given = generator, encoder, image_shape, None
        self.generator, self.encoder, self.latents = inverse_networks(networks.vae, *given, prior=Normal)
        self.likelihood = likelihood
        self.scale = scale
        check_stochastic(self.encoder, "a VAE")
        check_encoder(self.encoder, self.generator)
        check_decodes_latents_alone(self.generator, type(self).__name__)
        checks.check_nothing_shared({"VAE": self._networks()})
        if likelihood == "bernoulli" and self.image_range != (0.0, 1.0):
            raise ValueError(
                "With a Bernoulli likelihood, the generator makes probabilities: it must end in a sigmoid. Received: one that "
                "may make "
                f'negative values. Pass likelihood="gaussian", or {ending_in_sigmoid(self.generator)}.'
            )
        self.seed = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="seed")
        self.seed.assign(python_random.getrandbits(62))  # follows keras.utils.set_random_seed
        self.terms = {name: keras.metrics.Mean(name=name) for name in ("reconstruction", "kl")}
        self.unchecked = types.SimpleNamespace(training=True, evaluation=True, recipe=True)
        self.built = True

    @property
    def sampler(self):
        """The network that samples."""
        return images_alone(self.generator)

    @property
    def image_range(self):
        """The values of black and white: (0, 1) if the generator cannot make negative values, else (-1, 1)."""
        return image_range_of(self.generator)

    def sampled_networks(self):
        return list(self._networks().values())

    def _networks(self):
        """The networks by the names of the constructor's arguments."""
        return {"generator": self.generator, "encoder": self.encoder}

    def encoding_network(self, generator, encoder):
        return encoding_of(encoder)

    def build(self, input_shape=None):
        """Does nothing: the networks are built already."""

    def compile(self, optimizer=None, **keras_arguments):
        """Sets the optimizer.

        Args:
            optimizer: As in `keras.Model.compile`. Default: Adam(1e-3).
            **keras_arguments: `run_eagerly`, `steps_per_execution`, `jit_compile`, as in `keras.Model.compile`. Default of the
                last: False.

        Raises:
            ValueError: for another argument, or one that is not of its kind; if a learning rate is negative, NaN or infinite; if
                weights are of half precision.

        Warns:
            UserWarning: if a network is frozen.
        """
        keras_arguments = {name: value for name, value in keras_arguments.items() if value is not None}
        unknown = sorted(set(keras_arguments) - set(_KERAS_ARGUMENTS))
        if unknown:
            raise ValueError(
                f"A VAE has its own loss. Received: {unknown}. `compile` takes an optimizer, and {list(_KERAS_ARGUMENTS[:3])}."
            )
        check_how_to_run(keras_arguments)
        checks.check_trains("VAE", self._networks(), self.trainable_variables, stacklevel=3)
        made = {role: next(iter(network.weights), None) for role, network in self._networks().items()}
        given = optimizer is not None
        with self.distribute_strategy.scope():
            optimizer = as_optimizer(optimizer if given else keras.optimizers.Adam(1e-3), "optimizer")
            check_rates({type(self).__name__: optimizer})
            check_made_in_scope(self.distribute_strategy, **made, optimizer=steps_of(inner(optimizer)), vae=self.seed)
            super().compile(optimizer, **{"jit_compile": False, **keras_arguments})
            self.optimizer.build(self.trainable_variables)  # what is not built takes nothing of a file
        if given:
            self.forget_optimizers_left_out()
        # A namespace: the saver would look into a dict.
        self.compiled_recipe = types.SimpleNamespace(settings=self.recipe_now())
        self._watch_of_evaluation = Watch(self.recipe_now)

    def steps_taken(self, player):
        """The number of steps taken in all, including those before a file was loaded: an int. There is one `player`."""
        return steps_taken(self.optimizer)

    def recipe_now(self):
        """What a training step depends on at this time: a dict of values to compare with those of `compile`."""
        return of_model(self, "vae", {"vae.optimizer": self.optimizer}, self._networks())

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    # Data.

    def fit(self, x=None, y=None, *args, shuffle=True, **arguments):
        """Trains on images, as `keras.Model.fit`, and quietly on data that Keras cannot shuffle.

        Raises:
            ValueError: on `sample_weight`; on a first batch that does not fit the networks or the likelihood; if arrays hold NaN;
                if the data have no batch, or never end (without `steps_per_epoch`, `validation_steps`); before `compile`; if
                something was changed since, as for `GAN`, such as a layer frozen; if a backup to restore is incomplete.

        Warns:
            UserWarning: if images look as if they had another range than the generator's, if the learning rate is 0, if there is
                no epoch to train, if gradients are gathered for longer than the training, or if the losses are NaN in the end; if
                weights were loaded before `compile`, without the state of their optimizer.
        """
        self._begin("fit", arguments, x=x, y=y, validation_data=arguments.get("validation_data"))
        call = inspect.signature(keras.Model.fit).bind(self, x, y, *args, **arguments).arguments
        fit_checks.check_fit(**call)
        fit_checks.warn_of_training_nothing(self, call.get("epochs", 1), call.get("initial_epoch", 0))
        self.warn_of_optimizers_left_out()
        if "validation_freq" in arguments:
            arguments["validation_freq"] = fit_checks.as_validation_freq(arguments["validation_freq"])
        with data_checks.explained(x=x, validation_data=call.get("validation_data")):
            history = super().fit(x, y, *args, shuffle=shuffle and is_shuffled_by_keras(x), **arguments)
        fit_checks.check_trained(self, history)
        return history

    def evaluate(self, x=None, y=None, *args, **arguments):
        """Computes the loss on held-out images, without updates, as `keras.Model.evaluate`. Raises as `fit`."""
        call = inspect.signature(keras.Model.evaluate).bind(self, x, y, *args, **arguments).arguments
        fit_checks.check_arguments(**call)
        self._begin("evaluate", arguments, evaluating=True, x=x, y=y)
        data_checks.check_ends("x", x, "steps", call.get("steps"))
        with data_checks.explained(x=x):
            results = super().evaluate(x, y, *args, **arguments)
        fit_checks.check_evaluated(self)
        return results

    def train_on_batch(self, x, *args, **arguments):
        """Trains on one batch, as `keras.Model.train_on_batch`. Raises as `fit`."""
        data_checks.check_one_batch(x=x)
        self._begin("train_on_batch", arguments)
        self.warn_of_optimizers_left_out()
        return super().train_on_batch(x, *args, **arguments)

    def test_on_batch(self, x, *args, **arguments):
        """Computes the loss on one batch, without updates, as `keras.Model.test_on_batch`. Raises as `fit`."""
        data_checks.check_one_batch(x=x)
        self._begin("test_on_batch", arguments, evaluating=True)
        return super().test_on_batch(x, *args, **arguments)

    def _begin(self, method, arguments, evaluating=False, **data):
        """Raises unless there is a recipe, and data as far as they can be seen at once; their first batch is checked next."""
        self._refuse_weights(arguments.get("sample_weight"))
        if not self.compiled:
            raise ValueError(f"Call `vae.compile()` before `{method}`: without arguments it takes Adam(1e-3).")
        check_runs_in(self.distribute_strategy, vae=self.seed)
        data_checks.check_data(evaluating, **data)
        if not evaluating:
            check_recipe_is_current(self)
        elif self._watch_of_evaluation.changed():
            self.test_function = None
        setattr(self.unchecked, "evaluation" if evaluating else "training", True)

    def reset_metrics(self):
        super().reset_metrics()
        self.unchecked.recipe = True  # an epoch begins

    def _refuse_weights(self, sample_weight):
        if sample_weight is not None:  # which Keras does not hand on where there are no targets
            raise ValueError("A VAE has no `sample_weight`. Leave it out; resample the data instead.")

    def make_train_function(self, force=False):
        if self.train_function is None or force:
            super().make_train_function(force=True)
            step = with_first_checked(self.train_function, self, "training")

            def train_function(iterator):
                check_recipe_of_epoch(self)
                return step(iterator)

            self.train_function = train_function
        return self.train_function

    def make_test_function(self, force=False):
        if self.test_function is None or force:
            super().make_test_function(force=True)
            self.test_function = with_first_checked(self.test_function, self, "evaluation")
        return self.test_function

    def check_batch(self, batch):
        """Checks a batch of data, eagerly: the first of a training and of an evaluation."""
        images, _, _ = keras.utils.unpack_x_y_sample_weight(local_part(self.distribute_strategy, batch))
        if isinstance(images, (dict, list, tuple)):
            raise ValueError(
                f"Expected images alone, or (images, labels). Received: a {type(images).__name__}. Pass its images: "
                'dataset.map(lambda batch: batch["image"]).'
            )
        low, high = (float(value) for value in (np.min(images), np.max(images))) if len(images) else (0.0, 0.0)
        if self.likelihood == "bernoulli" and tf.as_dtype(images.dtype).is_floating and (low < 0 or high > 1):
            raise ValueError(
                f"With a Bernoulli likelihood, images must be in [0, 1]. Received: values from {low:g} to {high:g}. "
                f"{how_to_scale(images, self.image_range)} Or pass likelihood='gaussian'."
            )
        check_batch(images, None, self.sampler, None, None)

    def call(self, images, training=False):
        """A draw of the autoencoder: a dict of `images`, made of a sample of each image's code, `mean` and `log_scale`."""
        latents, code, _ = infer(self.encoder, images, self._noise_seed(training), training)
        return {"images": tf.cast(self.sampler(latents, training=training), tf.float32), **code}

    def _noise_seed(self, training):
        """The seed of the noise: it follows from the number of the training step, and is always the same in evaluation."""
        step = ("training", steps_of(inner(self.optimizer)).value) if training and self.compiled else ("evaluation",)
        return random.fold_in(tf.stack([self.seed.value, 0]), *step, replica_id())

    def predict_step(self, data):
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return tf.cast(self.sampler(self._encoding(images, training=False), training=False), tf.float32)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Minus the evidence lower bound, a mean over the batch, as Keras' steps take it."""
        self._refuse_weights(sample_weight)
        values = {"reconstruction": self.negative_log_likelihood(x, y_pred["images"])}
        values["kl"] = tf.reduce_sum(gaussian_kl(y_pred["mean"], 2.0 * y_pred["log_scale"]), axis=-1)
        for name, value in values.items():
            self.terms[name].update_state(value)
        loss = tf.add_n([tf.reduce_mean(value) for value in values.values()])
        return tf.add_n([loss, *(tf.cast(other, tf.float32) for other in self.losses)]) / replica_count()

    def negative_log_likelihood(self, images, made):
        """-log p(images | made), nats for each image: float32 `(batch,)`."""
        images, made = tf.cast(images, tf.float32), tf.cast(made, tf.float32)
        if self.likelihood == "bernoulli":
            within = tf.reduce_all((images >= 0.0) & (images <= 1.0))
            hint = "With a Bernoulli likelihood, images must be in [0, 1]. Scale them, (x + 1) / 2, or use likelihood='gaussian'."
            values = keras.ops.binary_crossentropy(assured(images, within, hint), made)
        else:
            values = 0.5 * tf.square((images - made) / self.scale) + math.log(self.scale * math.sqrt(2 * math.pi))
        return tf.reduce_sum(values, axis=range(1, len(values.shape)))
