"""What an export answers, and what it refuses: clients send anything."""

import math

import tensorflow as tf

from keras_gans.latents import Normal
from keras_gans.utils.assured import assured
from keras_gans.utils.finite import finite

_BATCH_SIZE = tf.TensorSpec((), tf.int32, "batch_size")
_SEED = tf.TensorSpec((2,), tf.int32, "seed")
_TRUNCATION = tf.TensorSpec((), tf.float32, "truncation")


class Endpoints:
    """The functions of an exported sampler, dicts of tensors to dicts of tensors, which check in the graph what they are sent.

    Args:
        sampler: `keras_gans.export.Sampler`.
        max_batch_size: Int, the most images of one request.
    """

    def __init__(self, sampler, max_batch_size):
        self.sampler = sampler
        self.max_batch_size = max_batch_size
        several = sampler.condition_input if isinstance(sampler.condition_input, dict) else {}
        one = {} if several or sampler.condition_input is None else {"condition": sampler.condition_input}
        # One condition is called `condition`, several have their own names.
        self._conditions = [tf.TensorSpec((None, *each.shape[1:]), each.dtype, name) for name, each in (several or one).items()]

    def add_to(self, archive):
        """Adds all of them to a `keras.export.ExportArchive`."""
        sampler, drawing = self.sampler, [_BATCH_SIZE, _SEED]
        latents = tf.TensorSpec((None, *sampler.latent_shape), tf.float32, "latents")
        of_network = [_TRUNCATION] if sampler.truncates_latents else []
        of_prior = [_TRUNCATION] if sampler.latents.truncatable else []
        of_either = [_TRUNCATION] if sampler.truncatable else []
        _add(archive, "serve", self.serve, [latents, *of_network, *self._conditions])
        _add(archive, "sample", self.sample, [*drawing, *of_either, *self._conditions])
        _add(archive, "latents", self.latents, [*drawing, *of_prior])
        _add(archive, "describe", self.describe, [])

    def serve(self, inputs):
        """Images of latents."""
        latents = finite(inputs["latents"], "`latents`")
        latents = self._limited(latents, tf.shape(latents)[0], "the number of `latents`")
        return {"images": self.sampler.run(latents, self._condition(inputs), self._truncation(inputs))}

    def sample(self, inputs):
        """Images of a seed."""
        size = self._size(inputs)
        return {"images": self.sampler.sample(size, inputs["seed"], self._truncation(inputs), self._condition(inputs))}

    def latents(self, inputs):
        """The latents of a seed."""
        return {"latents": self.sampler.draw(self._size(inputs), inputs["seed"], self._truncation(inputs))}

    def describe(self, inputs):
        """What a reader cannot tell from the other endpoints; constants."""
        sampler = self.sampler
        facts = {
            "statistics": sampler.statistics,
            "image_range": tf.constant(sampler.image_range, tf.float32),
            "max_batch_size": tf.constant(self.max_batch_size, tf.int32),
        }
        if sampler.statistics == "standing":
            made_for = sampler.statistics_truncation
            facts["statistics_truncation"] = -1.0 if made_for is None else float(made_for)
        if isinstance(sampler.classes, int):
            facts["classes"] = sampler.classes
        if type(sampler.latents) is Normal:
            facts["truncate_by"] = sampler.latents.truncate_by
            if sampler.latents.default_truncation is not None:
                facts["default_truncation"] = float(sampler.latents.default_truncation)
        if sampler.truncatable:
            facts["truncation_form"] = sampler.truncation_form
            facts["truncation_range"] = sampler.truncation_range
        return {name: tf.convert_to_tensor(value) for name, value in facts.items()}

    def _size(self, inputs):
        return self._limited(inputs["batch_size"], inputs["batch_size"], "`batch_size`")

    def _limited(self, value, size, what):
        fine = (size >= 1) & (size <= self.max_batch_size)
        return assured(value, fine, f"{what} must be from 1 to {self.max_batch_size}, what this export allows. Received:", size)

    def _truncation(self, inputs):
        """The truncation, at most the greatest that there is; negative for none."""
        if "truncation" not in inputs:
            return None
        truncation, greatest = finite(inputs["truncation"], "`truncation`"), self.sampler.truncation_range[1]
        return truncation if greatest == math.inf else tf.minimum(truncation, greatest)

    def _condition(self, inputs):
        """The condition, or a dict of several; labels are those of classes, where they are known."""
        classes = self.sampler.classes if isinstance(self.sampler.classes, dict) else {"condition": self.sampler.classes}
        names = [spec.name for spec in self._conditions]
        checked = {name: _checked_condition(inputs[name], name, classes.get(name)) for name in names}
        return checked if isinstance(self.sampler.condition_input, dict) else checked.get("condition")


def _checked_condition(condition, name, classes):
    if classes is None or not condition.dtype.is_integer:
        return finite(condition, f"`{name}`")
    fine = tf.reduce_all((condition >= 0) & (condition < classes))
    return assured(condition, fine, f"`{name}` must be a class from 0 to {classes - 1}. Received:", condition)


def _add(archive, name, endpoint, specs):
    """Adds an endpoint whose inputs are called as the specs are."""
    names = [spec.name for spec in specs]

    def function(*values):
        return endpoint(dict(zip(names, values, strict=True)))

    archive.add_endpoint(name, tf.function(function, input_signature=specs))
