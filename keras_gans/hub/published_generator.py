"""A generator that somebody published: what `hub.load` returns, whatever it was loaded from."""

import tensorflow as tf

from keras_gans.export import Sampler
from keras_gans.export import export_sampler
from keras_gans.hub.class_names import named_classes
from keras_gans.hub.exported_sampler import ExportedSampler
from keras_gans.hub.signature_layer import input_specs
from keras_gans.hub.signature_layer import signature_of
from keras_gans.latents import Latents
from keras_gans.utils.finite import check_finite
from keras_gans.utils.integers import check_ints


class PublishedGenerator:
    """A published or exported generator, which samples as a `keras_gans.GAN` does. `hub.load` makes it.

    Args:
        network: `keras.Model`, of latents, and perhaps a condition and a truncation, to images; or of source images, with
            `NoLatents`.
        latents: `keras_gans.latents.Latents`.
        name: String.
        classes: Int, the number of classes; None if they are not known.
        class_names: Tuple of tuples of strings, the names of each class. Default: they have none.
        image_range: Pair of floats, black and white of what the network makes. Default: (-1, 1).
        truncation_range: Pair of floats. Default: the network's own, see `keras_gans.export.Sampler`.
        statistics: String, the network's statistics of batch normalization. Default: "moving".
        statistics_truncation: Float, the truncation that standing ones are made for. Default: none.
        chunk: Int, how many images are made at a time. Default: 16.
        source_range: Pair of floats, black and white of the images that the network translates. Default: not known.
        endpoints: Dict, name to `keras_gans.export.Endpoint`, what else the SavedModel answers, for `export`. Default: nothing.
        info: `ModuleInfo`, what else is known. Default: nothing.
        saved_model: What `tf.saved_model.load` returned, for its other signatures. Default: there are none.

    Attributes:
        sampler: The network, a `keras.layers.Layer`: part of a functional model, say; gradients flow to its inputs.
        latent_shape, image_shape: Tuples, without the batch axis; no latents are None.
        truncation_range: Pair of floats, the least and the greatest truncation; None where nothing truncates.
        signatures: Dict of the SavedModel's signatures by name.

    Example:

    ```python
    gan.export("serving/dcgan/1")
    generator = keras_gans.hub.load("serving/dcgan/1")
    images = generator.generate(16, truncation=0.5, seed=0)

    z = keras.Input(generator.latent_shape, name="latents")
    mean = keras.Model(z, keras.layers.GlobalAveragePooling2D()(generator.sampler(z)))
    ```
    """

    discriminator = None

    def __init__(
        self,
        network,
        latents,
        name,
        classes=None,
        class_names=None,
        image_range=(-1.0, 1.0),
        truncation_range=None,
        statistics="moving",
        statistics_truncation=None,
        chunk=16,
        source_range=None,
        endpoints=None,
        info=None,
        saved_model=None,
    ):
        check_ints(1, chunk=chunk)
        self.sampler = network
        self.latents = latents
        self.name = name
        self.classes = classes
        self.class_names = class_names
        self.image_range = image_range
        self.source_range = source_range
        self._endpoints = endpoints
        self.info = info
        self.saved_model = saved_model
        self.signatures = {} if saved_model is None else dict(saved_model.signatures)
        self._facts = {"statistics": statistics, "statistics_truncation": statistics_truncation, "chunk": chunk}
        if truncation_range is not None:
            self._facts["truncation_range"] = tuple(truncation_range)
        self._sampler = self.as_sampler()
        self.latent_shape = self._sampler.latent_shape
        self.image_shape = tuple(network.outputs[0].shape[1:])
        self.condition_input = self._sampler.condition_input
        self.truncation_range = self._sampler.truncation_range if self._sampler.truncatable else None

    def as_sampler(self, latents=None):
        """A `keras_gans.export.Sampler` of this generator, with its own prior or another one of the same shape."""
        latents = self.latents if latents is None else latents
        if not isinstance(latents, Latents) or latents.shape != self.latents.shape:
            raise ValueError(f"Expected keras_gans.latents.Latents of shape {self.latents.shape}. Received: {latents!r}")
        ranges = {"image_range": self.image_range, "source_range": self.source_range}
        made_of = {"classes": self.classes, "endpoints": self._endpoints, **ranges}
        seeded = "sample" if latents.shape is None else "serve_with_seed"
        if seeded in self.signatures:
            sampler = ExportedSampler(self.sampler, latents, **made_of).asking(self.signatures[seeded])
        else:
            sampler = Sampler(self.sampler, latents, **made_of)
        vars(sampler).update(self._facts)
        return sampler

    def generate(self, batch_size=None, condition=None, latents=None, truncation=None, seed=None):
        """Draws images, in the generator's own `image_range`.

        Args:
            batch_size: Int, how many. Default: as many as there are latents, or rows of the condition.
            condition: One for all, or one for each: numbers of classes, one-hot rows, mixtures `(batch_size, classes)`, or names,
                where the classes have names: "goldfinch". As `keras_gans.GAN.generate` takes them: sources to translate, too.
            latents: Array `(batch_size, *latent_shape)`, instead of random ones. A truncation that the network takes goes with
                them.
            truncation: Float in `truncation_range`. None: the prior as it is; published BigGANs then take 1.
            seed: Int, or a pair of ints. None: a new one each time.

        Returns:
            Float32 NumPy array, `(batch_size, height, width, channels)`.

        Raises:
            ValueError: as `keras_gans.export.Sampler.generate`; if a name is not that of one class, with those that are near.
        """
        condition = named_classes(condition, self.class_names)
        return self._sampler.generate(batch_size, condition, latents, truncation, seed)

    def encode(self, images, output=None):
        """Latents of images, of what has an encoder: an export with an endpoint of this name, and BigBiGAN.

        Args:
            images: Array `(batch, height, width, channels)` in [-1, 1]; of BigBiGAN 256x256.
            output: String, which of the encoder's outputs: of BigBiGAN "z_mean", "z_sample", "avepool_feat", ... Default: the
                only one, or "z_mean".

        Returns:
            NumPy array.

        Raises:
            ValueError: if there is no encoder, or no such output; if the images have another shape, or hold NaN.
        """
        inputs = self._specs("encode")
        outputs = self._call("encode", {next(iter(inputs)) if len(inputs) == 1 else "x": images})
        if output is None:
            output = next(iter(outputs)) if len(outputs) == 1 else "z_mean"
        if output not in outputs:
            raise ValueError(f"The encoder gives {sorted(outputs)}. Received: output={output!r}.")
        return outputs[output].numpy()

    def discriminate(self, images, latents):
        """Scores of pairs of images and latents, of a module that has such a discriminator: BigBiGAN.

        Args:
            images: Array `(batch, 128, 128, 3)` in [-1, 1]; twice that size is averaged over 2 x 2 pixels.
            latents: Array `(batch, ...)`.

        Returns:
            Dict of NumPy arrays: `score_xz`, `score_x`, `score_z`; positive for images with their encoded latents.

        Raises:
            ValueError: if there is no such discriminator; if the images or the latents have another shape, or hold NaN.
        """
        wanted = self._specs("discriminate")["x"].shape[1:3]
        images = tf.convert_to_tensor(images, tf.float32)
        if len(images.shape) == 4 and images.shape[1:3] == [2 * (size or 0) for size in wanted]:
            images = tf.nn.avg_pool2d(images, 2, 2, "VALID")
        return {name: score.numpy() for name, score in self._call("discriminate", {"x": images, "z": latents}).items()}

    def export(self, filepath, **options):
        """Writes the generator as a SavedModel, and returns its path; see `keras_gans.export.export_sampler`."""
        return export_sampler(self._sampler, filepath, **options)

    def _specs(self, signature):
        if signature not in self.signatures:
            raise ValueError(
                f"{self.name} has no signature {signature!r}, which BigBiGAN modules and exports of systems with an encoder "
                f"have. It has: {sorted(self.signatures)}."
            )
        return input_specs(signature_of(self.saved_model, signature))

    def _call(self, signature, inputs):
        specs = self._specs(signature)
        if set(specs) != set(inputs):
            raise ValueError(f"Expected a signature {signature!r} of {sorted(inputs)}. {self.name}'s takes {sorted(specs)}.")
        for name, value in inputs.items():
            value = inputs[name] = tf.convert_to_tensor(value, specs[name].dtype)
            if not specs[name].shape.is_compatible_with(value.shape):
                raise ValueError(f"`{name}` must have shape {specs[name].shape}. Received: {value.shape}")
            if value.dtype.is_floating:
                check_finite(value, f"`{name}`")
        return self.signatures[signature](**inputs)
