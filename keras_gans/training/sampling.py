"""Sampling and exporting: for a GAN, or any other model with a network from latents to images."""

import functools
import operator

from keras_gans.export import Sampler
from keras_gans.export import export_sampler
from keras_gans.export.export_sampler import MAX_BATCH_SIZE
from keras_gans.export.export_sampler import SAVED_MODEL
from keras_gans.export.export_sampler import check_export
from keras_gans.latents import Latents
from keras_gans.utils.settings import Watch
from keras_gans.utils.settings import settings_of_network


class Sampling:
    """A mixin for a `keras.Model` with a network `sampler`, a prior `latents`, `classes` and an `image_range`.

    `sampled_networks()` returns the networks from which samples, and the other endpoints of an export, are made.
    """

    def endpoints(self, *networks):
        """The endpoints of an export beside sampling. A hook.

        Args:
            *networks: The generator's networks, or their averages, in the order of `roles`.

        Returns:
            Dict, name of an endpoint to `(network, input, output)` or `(network, input, output, input_range)`: a functional model
            with one input, the names of its input and its output, and for images the values of black and white; without these,
            images are not checked. For example `{"encode": (encoder, "images", "latents", self.image_range)}`. See
            `keras_gans.export.Endpoint`.
        """
        return {}

    def follow_loaded_weights(self):
        """Updates what is sampled after weights were loaded. Does nothing here: the networks themselves are sampled."""

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
            latents: `keras_gans.latents.Latents`, a prior in place of the model's, for example one with another truncation.

        Raises:
            ValueError: if they do not have the shape that the generator takes, or their truncation differs from that of its input
                "truncation".
        """
        self.follow_loaded_weights()
        if latents is None or latents is self.latents:
            return self._sampler
        check_latents(latents, self.latents.shape)
        return self._sampler.with_latents(latents)

    def predict(self, *args, **kwargs):
        """As `keras.Model.predict`, of the networks as they are: layers that were changed since are traced anew."""
        self._forget_predict_function_of_other_layers()
        return super().predict(*args, **kwargs)

    def predict_on_batch(self, x):
        """As `keras.Model.predict_on_batch`, of the networks as they are."""
        self._forget_predict_function_of_other_layers()
        return super().predict_on_batch(x)

    def _forget_predict_function_of_other_layers(self):
        if self._watch_of_predict.changed():
            self.predict_function = None

    @functools.cached_property
    def _watch_of_predict(self):
        networks = self.sampled_networks()
        return Watch(lambda: functools.reduce(operator.or_, (settings_of_network(each, each.name) for each in networks)))

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
        - `serve_with_seed`, for a network that draws something beside latents: as `serve`, with a `seed` for it, int32 (2,).
        - `sample`: `batch_size` int32 scalar, `seed` int32 (2,); `truncation` float32 scalar if the prior or the generator has
          it; `condition` of length 1 or `batch_size`, if the generator takes one. Output: `images`. The same seed gives the same
          images, and those of `generate`.
        - `sample_png`: as `sample`, for images of 1 or 3 channels. Output: `image_bytes`, a PNG file for each image.
        - `latents`: `batch_size`, `seed`, and `truncation` if the prior has it. Output: `latents`, those that `sample` draws.
        - Those of `endpoints`, such as `encode` or `serve_back`.
        - `describe`: what a client must know, such as `classes`, `image_range`, `max_batch_size`, `statistics` and the
          truncation that standing ones were made for; it takes nothing.

        A negative truncation stands for none, and one above the maximum for the maximum. Values that are NaN or infinite, unknown
        classes, and batches that are too large are errors of the graph.

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
            OSError: if `filepath` cannot be written.

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
                "`truncation` is the truncation at which standing statistics are computed; an export takes any truncation when "
                "it is sampled. "
                f'Received: truncation={truncation!r}. Leave it out, or pass statistics="standing".'
            )
        filepath = check_export(filepath, max_batch_size, version, signature, format)
        self.follow_loaded_weights()
        sampler = self._sampler.with_batch_norm_statistics(statistics, truncation)
        return export_sampler(sampler, filepath, verbose, max_batch_size, version, signature, format)


def check_latents(latents, wanted, inputs=None):
    """Raises a ValueError unless these are latents of the shape `wanted`; `inputs`, `NetworkInputs`, say what may be meant."""
    if not isinstance(latents, Latents):
        raise ValueError(f"Expected keras_gans.latents.Latents. Received: {latents!r}")
    if latents.shape != wanted:
        shapes = {} if inputs is None else {name: tuple(each.shape[1:]) for name, each in inputs.conditions.items()}
        other = next((name for name, shape in shapes.items() if shape == latents.shape and not inputs.is_named), None)
        hint = (
            f" Its input {inputs.main.name!r} is taken for the latents, and {other!r} for a condition. If it is the other way "
            f'round, call that input "latents".'
            if other
            else ""
        )
        raise ValueError(f"The generator takes latents of shape {wanted}. Received: latents of shape {latents.shape}.{hint}")
