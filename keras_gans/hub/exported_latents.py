"""The prior of an exported generator."""

import tensorflow as tf

from keras_gans.hub.from_saved_model import FromSavedModel
from keras_gans.latents import Latents


class ExportedLatents(FromSavedModel, Latents):
    """What the endpoint `latents` of an export draws: any prior, also one that only the exporting program had.

    Args:
        saved_model: Path of an export, or what `tf.saved_model.load` returns (a GAN with such a prior cannot be saved).
        truncation_form: String, the distribution of truncated latents. Default: none.

    Example:

    ```python
    gan.export("serving/dcgan/1")
    prior = keras_gans.hub.load("serving/dcgan/1").latents
    print(prior.sample(16, seed=(0, 1)).shape)  # (16, 6)
    ```
    """

    def __init__(self, saved_model, truncation_form=None):
        self._saved_model = self.loaded(saved_model)  # its functions hold their variables weakly
        self._draw = self._saved_model.signatures["latents"]
        super().__init__(tuple(self._draw.structured_outputs["latents"].shape[1:]))
        self.truncatable = "truncation" in self._draw.structured_input_signature[1]
        self.truncation_form = truncation_form if self.truncatable else None

    def sample(self, batch_size, seed, truncation=None):
        if truncation is not None and not self.truncatable:
            raise ValueError(f"The exported prior has no truncation. Received: truncation={truncation!r}. Leave it out.")
        truncation = -1.0 if truncation is None else truncation
        drawn = {"truncation": tf.cast(truncation, tf.float32)} if self.truncatable else {}
        return self._draw(batch_size=tf.cast(batch_size, tf.int32), seed=tf.cast(seed, tf.int32), **drawn)["latents"]
