"""The endpoints of an export, which check what clients send."""

import functools

import tensorflow as tf

from keras_gans.latents import Normal
from keras_gans.latents import Uniform
from keras_gans.utils.assured import assured
from keras_gans.utils.chunks import in_chunks
from keras_gans.utils.conditions import rows_of
from keras_gans.utils.conditions import takes_class_weights
from keras_gans.utils.finite import finite
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import output_of
from keras_gans.utils.truncation import truncation_of_network

_BATCH_SIZE = tf.TensorSpec((), tf.int32, "batch_size")
_SEED = tf.TensorSpec((2,), tf.int32, "seed")
_TRUNCATION = tf.TensorSpec((), tf.float32, "truncation")


class Endpoints:
    """The functions of an exported sampler, from dicts of tensors to dicts of tensors, which check their inputs in the graph.

    Args:
        sampler: `keras_gans.export.Sampler`.
        max_batch_size: Int, the most images of one request.
        signature: "biggan" to add the signature of the published BigGAN modules, `default`. Default: none.

    Attributes:
        inputs: Dict of lists of `tf.TensorSpec`: what each endpoint takes, by its name.

    Raises:
        ValueError: if the generator cannot have the signature, or makes more images at a time than one request may ask for.
    """

    def __init__(self, sampler, max_batch_size, signature=None):
        if sampler.network_is_random and max_batch_size < sampler.chunk:
            raise ValueError(
                f"{sampler.network.name} makes {sampler.chunk} images together, which is more than a request may ask for. "
                f"Received: max_batch_size={max_batch_size!r}. Allow at least {sampler.chunk}."
            )
        self.sampler = sampler
        self.max_batch_size = max_batch_size
        self._conditions = _condition_specs(sampler.condition_input)
        self._sampled = tf.function(self._images, autograph=False)  # traced once for both endpoints
        drawing = [_BATCH_SIZE, _SEED, *([_TRUNCATION] if sampler.truncatable else []), *self._conditions]
        of_network = [*([_TRUNCATION] if sampler.truncates_latents else []), *self._conditions]
        if sampler.latent_shape is None:
            self.inputs = {"serve": of_network}
        else:
            latents = tf.TensorSpec((None, *sampler.latent_shape), tf.float32, "latents")
            of_prior = [_TRUNCATION] if sampler.latents.truncatable else []
            self.inputs = {"serve": [latents, *of_network], "latents": [_BATCH_SIZE, _SEED, *of_prior]}
            if sampler.network_is_random:
                self.inputs["serve_with_seed"] = [latents, _SEED, *of_network]
        if sampler.is_random:
            self.inputs["sample"] = drawing
            shape = sampler.network.outputs[0].shape[1:]
            if len(shape) == 3 and shape[-1] in (1, 3):
                self.inputs["sample_png"] = drawing
        self.inputs["describe"] = []
        self.inputs |= {name: _specs_of(endpoint) for name, endpoint in sampler.endpoints.items()}
        if signature == "biggan":
            self.inputs["default"] = _biggan_specs(sampler)

    def add_to(self, archive):
        """Adds all of them to a `keras.export.ExportArchive`."""
        for name, specs in self.inputs.items():
            endpoint = functools.partial(self.answer, name)
            archive.add_endpoint(name, tf.function(_positional(endpoint, specs), input_signature=specs, autograph=False))

    def answer(self, name, inputs):
        """What the endpoint of a name answers to a dict of tensors."""
        return self._of_class(name, inputs) if name in self.sampler.endpoints else getattr(self, name)(inputs)

    def serve(self, inputs):
        """Images of latents, or of conditions if there are no latents. The network's own noise is drawn with the seed 0."""
        if self.sampler.latent_shape is None:
            rows = tf.shape(inputs[self._conditions[0].name])[0]
            condition = self._condition(inputs, (self._limited(rows, rows, "the number of images"),))
            return {"images": self.sampler.run_in_chunks(None, condition, self._truncation(inputs))}
        return {"images": self.sampler.run(*self._of_latents(inputs))}

    def serve_with_seed(self, inputs):
        """As `serve`, with a seed for the network's own noise."""
        return {"images": self.sampler.run(*self._of_latents(inputs), noise=inputs["seed"])}

    def _of_latents(self, inputs):
        """Latents, and what comes with them."""
        latents = self._checked_rows(inputs["latents"], "`latents`")
        return latents, self._condition(inputs, (tf.shape(latents)[0],)), self._truncation(inputs)

    def _of_class(self, name, inputs):
        """An endpoint of a class of GANs beside sampling, such as an encoder's latents."""
        network, key, output, input_range = self.sampler.endpoints[name]
        rows = self._checked_rows(inputs[key], f"`{key}`")
        if input_range is not None:
            rows = _in_range(rows, f"`{key}`", *input_range)
        several = _several_inputs(network)
        condition = self._condition(inputs, (tf.shape(rows)[0],)) if several and several.conditions else None
        truncation = truncation_of_network(self._truncation(inputs)) if several and several.truncation is not None else None

        def answer(part):
            values = several.values(rows[part], rows_of(condition, part), truncation) if several else rows[part]
            made = network(values, training=False)
            return tf.cast(made[output] if isinstance(made, dict) else made, tf.float32)

        symbolic = output_of(network)
        shape = (symbolic[output] if isinstance(symbolic, dict) else symbolic).shape[1:]
        return {output: in_chunks(answer, tf.shape(rows)[0], self.sampler.chunk, shape)}

    def sample(self, inputs):
        """Images of a seed."""
        return {"images": self._sampled(inputs)}

    def sample_png(self, inputs):
        """PNG files of a seed, as `utils.save_images` quantizes. Clients get names that end in "_bytes" in base64, by REST."""
        black, white = self.sampler.image_range
        pixels = tf.round((self._sampled(inputs) - black) * (255.0 / (white - black)))
        return {"image_bytes": tf.io.encode_png(tf.cast(tf.clip_by_value(pixels, 0.0, 255.0), tf.uint8))}

    def latents(self, inputs):
        """The latents of a seed."""
        return {"latents": self.sampler.draw(self._size(inputs), inputs["seed"], self._truncation(inputs))}

    def default(self, inputs):
        """Images of latents, of one-hot rows, and of the network's truncation, as the BigGAN modules have it."""
        latents = self._checked_rows(inputs["z"], "`z`")
        rows, truncation = finite(inputs["y"], "`y`"), self._truncation(inputs)
        rows = _of_length(rows, "y", (tf.shape(latents)[0],))
        if not takes_class_weights(self.sampler.condition_input, self.sampler.classes):
            rows = tf.cast(_labels_of(rows), self.sampler.condition_input.dtype)
        return {"default": self.sampler.run(latents, rows, truncation if self.sampler.truncates_latents else None)}

    def describe(self, inputs):
        """Constants that a client cannot learn from the other endpoints."""
        sampler = self.sampler
        facts = {
            "statistics": sampler.statistics,
            "image_range": tf.constant(sampler.image_range, tf.float32),
            "max_batch_size": tf.constant(self.max_batch_size, tf.int32),
            "chunk": tf.constant(sampler.chunk, tf.int32),
        }
        if sampler.source_range is not None:
            facts["source_range"] = tf.constant(sampler.source_range, tf.float32)
        for name, endpoint in sampler.endpoints.items():
            if endpoint.input_range is not None:
                facts[f"{name}_range"] = tf.constant(endpoint.input_range, tf.float32)
        if sampler.statistics == "standing":
            made_for = sampler.statistics_truncation
            facts["statistics_truncation"] = -1.0 if made_for is None else float(made_for)
        if isinstance(sampler.classes, int):
            facts["classes"] = sampler.classes
        if type(sampler.latents) is Normal:
            facts["truncate_by"] = sampler.latents.truncate_by or ""
            if sampler.latents.default_truncation is not None:
                facts["default_truncation"] = float(sampler.latents.default_truncation)
        if type(sampler.latents) is Uniform:
            facts["uniform_range"] = tf.constant([sampler.latents.low, sampler.latents.high], tf.float32)
        if sampler.truncatable:
            facts["truncation_form"] = sampler.truncation_form
            facts["truncation_range"] = sampler.truncation_range
        return {name: tf.convert_to_tensor(value) for name, value in facts.items()}

    def _images(self, inputs):
        size = self._size(inputs)
        return self.sampler.sample(size, inputs["seed"], self._truncation(inputs), self._condition(inputs, (1, size)))

    def _checked_rows(self, rows, what):
        return self._limited(finite(rows, what), tf.shape(rows)[0], f"the number of {what}")

    def _size(self, inputs):
        return self._limited(inputs["batch_size"], inputs["batch_size"], "`batch_size`")

    def _limited(self, value, size, what):
        fine = (size >= 1) & (size <= self.max_batch_size)
        return assured(value, fine, f"{what} must be from 1 to {self.max_batch_size}, what this export allows. Received:", size)

    def _truncation(self, inputs):
        """The truncation, within its range; negative for none."""
        if "truncation" not in inputs:
            return None
        truncation, (least, greatest) = finite(inputs["truncation"], "`truncation`"), self.sampler.truncation_range
        return tf.where(truncation < 0, truncation, tf.clip_by_value(truncation, least, greatest))

    def _condition(self, inputs, lengths):
        """The condition, or a dict of several, of one of these lengths; labels are those of classes, where they are known."""
        classes = self.sampler.classes if isinstance(self.sampler.classes, dict) else {"condition": self.sampler.classes}
        names = [spec.name for spec in self._conditions]
        checked = {name: _checked_condition(_of_length(inputs[name], name, lengths), name, classes.get(name)) for name in names}
        if self.sampler.translates and self.sampler.source_range is not None:
            return _in_range(checked["condition"], "`condition`, the sources,", *self.sampler.source_range)
        return checked if isinstance(self.sampler.condition_input, dict) else checked.get("condition")


def _several_inputs(network):
    """The inputs of a network that takes something beside latents; None for a single input."""
    return NetworkInputs(network, "latents") if len(network.inputs) > 1 else None


def _specs_of(endpoint):
    several = _several_inputs(endpoint.network)
    if several is None:
        return [tf.TensorSpec(endpoint.network.inputs[0].shape, tf.float32, endpoint.input)]
    truncation = [] if several.truncation is None else [_TRUNCATION]
    return [tf.TensorSpec(several.main.shape, tf.float32, endpoint.input), *truncation, *_condition_specs(several.condition)]


def _condition_specs(condition_input):
    """One condition is called `condition`, several have their own names."""
    if condition_input is None:
        return []
    named = condition_input if isinstance(condition_input, dict) else {"condition": condition_input}
    return [tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype, name) for name, tensor in named.items()]


def _biggan_specs(sampler):
    if not isinstance(sampler.classes, int) or len(sampler.latent_shape) != 1:
        raise ValueError(
            'signature="biggan" takes vectors of latents and one-hot rows: the generator must take vectors, and its classes must '
            f"be known. Received: latents of shape {sampler.latent_shape}, classes={sampler.classes}. Pass `classes` to the GAN, "
            "or leave the signature out."
        )
    latents = tf.TensorSpec((None, *sampler.latent_shape), tf.float32, "z")
    return [latents, tf.TensorSpec((None, sampler.classes), tf.float32, "y"), _TRUNCATION]


def _of_length(rows, name, lengths):
    """The rows, asserted to be one for each image, or one for all if `lengths` has 1."""
    length = tf.shape(rows)[0]
    message = f"`{name}` must have a row for each image{', or one for all' if len(lengths) > 1 else ''}. Received: rows, images"
    return assured(rows, tf.reduce_any(tf.equal(length, tf.stack(lengths))), message, length, lengths[-1])


def _checked_condition(condition, name, classes):
    if classes is None or not condition.dtype.is_integer:
        return finite(condition, f"`{name}`")
    fine = tf.reduce_all((condition >= 0) & (condition < classes))
    return assured(condition, fine, f"`{name}` must be a class from 0 to {classes - 1}. Received:", condition)


def _in_range(images, what, low, high):
    """Images, if they can range over black and white, as `utils.sources.check_source` says it."""
    fine = tf.reduce_all((images >= (2 * low or -0.05)) & (images <= 2 * high))
    return assured(images, fine, f"{what} must be in [{low:g}, {high:g}]. Scale them. Received:", images)


def _labels_of(rows):
    """The labels of one-hot rows."""
    one_hot = tf.reduce_all((rows == 0) | (rows == 1)) & tf.reduce_all(tf.reduce_sum(rows, axis=1) == 1)
    return tf.argmax(assured(rows, one_hot, "`y` must be one-hot rows: this generator takes labels, not mixtures."), axis=1)


def _positional(endpoint, specs):
    """An endpoint as a function of tensors in the order of the specs, which give its inputs their names."""
    names = [spec.name for spec in specs]
    return lambda *values: endpoint(dict(zip(names, values, strict=True)))
