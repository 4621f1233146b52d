"""Published generators, in the format of TF1 Hub."""

import tensorflow as tf

from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.evaluation.generators.generator_adapter import checked_batch_size
from keras_gans.evaluation.generators.generator_adapter import checked_latents
from keras_gans.evaluation.generators.generator_adapter import checked_range
from keras_gans.latents import Normal
from keras_gans.utils import random
from keras_gans.utils.conditions import class_weights
from keras_gans.utils.conditions import for_each

_CHUNK = 16


class HubGenerator(GeneratorAdapter):
    """A hub module whose signature `default` (or `generate`) makes images of `z`: BigGAN, BigBiGAN, S3GAN, ProGAN.

    Its inputs are found by their kinds: `z` float32 `(batch, d)`; `y` or `labels`, one-hot or integer; `truncation`, a scalar
    that also chooses the statistics of batch normalization. Latents are

    z ~ N(0, I)             without a truncation, where the module has no such input
    z ~ t * TN(-2, 2)       with truncation t; 1 if the module has the input, which takes none above 1, and none is given

    Args:
        model: What `tf.saved_model.load(path, tags=[])` or `tensorflow_hub.load` returns.
        name: String.
        image_range: Pair (low, high) of floats: the module's black and white, which become -1 and 1. Default: (-1, 1), as of
            BigGAN; ProGAN's is (0, 1).

    Attributes:
        protocol: Dict with the `image_range`.

    Raises:
        ValueError: if the signature's inputs are others, or `low` is not below `high`.

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096; the modules
        deepmind/biggan-128/2 and others.
    """

    truncatable = True
    normal_latents = True
    truncates_latents = True

    def __init__(self, model, name, image_range=None):
        super().__init__(name)
        self.image_range = checked_range(image_range)
        self.protocol = {"image_range": self.image_range}
        self._model = model
        self._function = model.signatures["default" if "default" in model.signatures else "generate"]
        inputs = dict(self._function.structured_input_signature[1])
        self._truncation = next((key for key, spec in inputs.items() if spec.shape.rank == 0 and "trunc" in key), None)
        self.truncation_form = Normal(1).truncation_form
        if self._truncation is not None:
            self.truncation_form += " and the network's input"
            self.truncation_range = (0.0, 1.0)  # of the published modules' statistics
        self._label = next((key for key in ("y", "labels") if key in inputs), None)
        latents = [key for key in inputs if key not in (self._truncation, self._label)]
        if len(latents) != 1 or inputs[latents[0]].shape.rank != 2 or inputs[latents[0]].shape[1] is None:
            raise ValueError(
                f"{name} is not a generator that can be sampled. Expected inputs: z (batch, d), and perhaps y or labels, and "
                f"truncation. Received: {inputs}. Wrap it in a subclass of keras_gans.evaluation.GeneratorAdapter."
            )
        self._latents = latents[0]
        self.latent_shape = (inputs[self._latents].shape[1],)
        self._label_spec = inputs.get(self._label)
        self.conditional = self._label is not None
        self.classes = self._label_spec.shape[1] if self.conditional and self._label_spec.shape.rank == 2 else None
        self.takes_class_weights = self.classes is not None
        self._output = (
            "default" if "default" in self._function.structured_outputs else next(iter(self._function.structured_outputs))
        )
        self.image_shape = tuple(self._function.structured_outputs[self._output].shape[1:])

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        """Draws images. `condition` are labels, or weights `(batch, classes)`; `truncation` may come with `latents`."""
        batch_size = checked_batch_size(batch_size)
        self.check(condition, latents, truncation, seed)
        if truncation is None and self._truncation is not None:
            truncation = 1.0
        z = self.draw_latents(batch_size, seed, truncation) if latents is None else latents
        z = checked_latents(z, batch_size, self.latent_shape)
        labels = self._labels(condition, batch_size)
        scalars = {} if self._truncation is None else {self._truncation: tf.constant(truncation, tf.float32)}
        images = []
        for start in range(0, batch_size, _CHUNK):
            part = slice(start, start + _CHUNK)
            given = {} if labels is None else {self._label: labels[part]}
            images.append(self._function(**{self._latents: z[part]}, **given, **scalars)[self._output])
        return self.rescaled(tf.cast(tf.concat(images, axis=0), tf.float32)).numpy()

    def draw_latents(self, count, seed, truncation=None):
        if truncation is None and self._truncation is not None:
            truncation = 1.0
        return Normal(self.latent_shape).sample(count, random.make_seed(seed), truncation).numpy()

    def _labels(self, condition, batch_size):
        if condition is None:
            return None
        if self.takes_class_weights:
            condition = class_weights(condition, self.classes)
        return tf.cast(for_each(condition, batch_size, rank=int(self.takes_class_weights)), self._label_spec.dtype)
