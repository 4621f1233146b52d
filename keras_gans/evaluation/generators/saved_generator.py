"""Generators that `GAN.export` wrote."""

import warnings

import tensorflow as tf

from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.evaluation.generators.generator_adapter import checked_batch_size
from keras_gans.evaluation.generators.generator_adapter import checked_latents
from keras_gans.evaluation.generators.generator_adapter import checked_range
from keras_gans.latents import Normal
from keras_gans.utils import random
from keras_gans.utils.conditions import class_weights
from keras_gans.utils.conditions import for_each
from keras_gans.utils.conditions import takes_class_weights

_CHUNK = 64


class SavedGenerator(GeneratorAdapter):
    """A SavedModel with the endpoints `sample` and `serve`.

    The images of a seed are those of `gan.generate` with that seed, however many there are. Standing statistics are of one
    truncation: a warning says so where another is asked for.

    Args:
        model: What `tf.saved_model.load` returns.
        name: String.
        image_range: Pair (low, high) of floats: the generator's black and white, which become -1 and 1; (0, 1) of one that ends
            in a sigmoid. Default: (-1, 1).
    """

    def __init__(self, model, name, image_range=None):
        super().__init__(name)
        self.image_range = checked_range(image_range)
        if self.image_range != (-1, 1):
            self.protocol["image_range"] = self.image_range
        self._model = model  # its functions hold their variables weakly
        self._sample, self._serve = model.signatures["sample"], model.signatures["serve"]
        inputs = self._sample.structured_input_signature[1]
        self._condition = inputs.get("condition")
        self.conditional = self._condition is not None
        self.truncatable = "truncation" in inputs
        about = model.signatures["describe"]() if "describe" in model.signatures else {}
        about = {name: value.numpy() for name, value in about.items()}
        if "statistics" in about:
            self.protocol["statistics"] = about["statistics"].decode()
        if "statistics_truncation" in about:
            made_for = about["statistics_truncation"]
            self.protocol["statistics_truncation"] = None if made_for < 0 else _decimal(made_for)
        self.truncates_latents = "truncation" in self._serve.structured_input_signature[1]
        if self.truncatable:
            self.truncation_form = about.get("truncation_form", b"unknown").decode()
            self.truncation_range = tuple(map(float, about.get("truncation_range", self.truncation_range)))
        self.classes = int(about["classes"]) if "classes" in about else None
        self._truncate_by = about["truncate_by"].decode() if "truncate_by" in about else None
        self.normal_latents = self._truncate_by is not None
        self.takes_class_weights = self.conditional and takes_class_weights(self._condition, self.classes)
        self.image_shape = tuple(self._sample.structured_outputs["images"].shape[1:])
        self.latent_shape = tuple(self._serve.structured_input_signature[1]["latents"].shape[1:])

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        batch_size = checked_batch_size(batch_size)
        self.check(condition, latents, truncation, seed)
        if latents is not None:
            if truncation is not None and not self.truncates_latents:
                raise ValueError("`latents` are given, so there is nothing to truncate: leave out `truncation`.")
            latents = checked_latents(latents, batch_size, self.latent_shape)
        if latents is None or self.truncates_latents:
            self._warn_of_statistics(truncation)
        inputs = {}
        if self.conditional:
            if self.takes_class_weights:
                condition = class_weights(condition, self.classes)
            condition = for_each(condition, batch_size, rank=len(self._condition.shape) - 1)
            inputs["condition"] = tf.cast(condition, self._condition.dtype)
        if latents is None:
            arguments = self._sample_arguments(batch_size, truncation, random.make_seed(seed))
            return self.rescaled(self._sample(**arguments, **inputs)["images"]).numpy()
        parts = [slice(start, start + _CHUNK) for start in range(0, batch_size, _CHUNK)]
        scalars = {"truncation": _sent(truncation)} if self.truncates_latents else {}
        inputs = [{"latents": latents[part], **{key: value[part] for key, value in inputs.items()}} for part in parts]
        images = [self._serve(**each, **scalars) for each in inputs]
        return self.rescaled(tf.concat([part["images"] for part in images], axis=0)).numpy()

    def _warn_of_statistics(self, truncation):
        """Warns where standing statistics were made for another truncation."""
        truncation = None if truncation is None else _decimal(truncation)
        made_for = self.protocol.get("statistics_truncation", truncation)
        if truncation != made_for:
            warnings.warn(
                f"{self.name} has standing statistics of batch normalization, made for truncation={made_for}. Received: "
                f"truncation={truncation}. Ask for that one, or export with statistics made for this one.",
                stacklevel=3,
            )

    def draw_latents(self, count, seed, truncation=None):
        if self._truncate_by is None:
            return None
        prior = Normal(self.latent_shape, self._truncate_by)
        return prior.sample(count, random.make_seed(seed), truncation).numpy()

    def _sample_arguments(self, size, truncation, seed):
        arguments = {"batch_size": tf.constant(size), "seed": tf.cast(seed, tf.int32)}
        if self.truncatable:
            arguments["truncation"] = _sent(truncation)
        return arguments


def _decimal(truncation):
    """A truncation as a float of the six digits that float32 keeps."""
    return float(f"{truncation:.6g}")


def _sent(truncation):
    """A truncation as a client sends it: negative for none."""
    return tf.constant(-1.0 if truncation is None else truncation, tf.float32)
