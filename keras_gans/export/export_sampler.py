"""A generator as a SavedModel that TensorFlow Serving serves and `tf.saved_model.load` loads without this library."""

import os

import keras

from keras_gans.export.endpoints import Endpoints
from keras_gans.utils.files import written_beside
from keras_gans.utils.integers import check_ints

MAX_BATCH_SIZE = 1024


def export_sampler(sampler, filepath, verbose=False, max_batch_size=MAX_BATCH_SIZE):
    """Writes the SavedModel of a `Sampler`; see `keras_gans.GAN.export`.

    It is written beside `filepath` and moved there when complete, so that a server that watches the folder never loads half
    a model. A SavedModel that is there is replaced; anything else is left alone.

    Args:
        sampler: `keras_gans.export.Sampler`; one of `with_batch_norm_statistics` to write standing statistics.
        filepath: Folder to write.
        verbose: Bool, whether Keras prints the endpoints. Default: False.
        max_batch_size: Int, the most images of one request; of more, the endpoints make an error. Default: 1024.

    Raises:
        ValueError: if `max_batch_size` is not a positive int; if `filepath` exists and is not a SavedModel.

    Example:

    ```python
    sampler = keras_gans.export.Sampler(gan.generator, gan.latents)
    keras_gans.export.export_sampler(sampler, "serving/no_average/1")
    serve = tf.saved_model.load("serving/no_average/1").signatures["serve"]
    print(serve(latents=gan.latents.sample(4, seed=(0, 1)))["images"].shape)  # (4, 28, 28, 1)
    ```
    """
    check_ints(1, max_batch_size=max_batch_size)
    filepath = os.path.abspath(os.fspath(filepath))
    if os.path.exists(filepath) and not _is_replaceable(filepath):
        raise ValueError(f"{filepath!r} exists and is not a SavedModel. Choose another path, or remove it.")
    with written_beside(filepath) as beside:
        _write(sampler, beside, verbose, int(max_batch_size))


def _is_replaceable(filepath):
    return os.path.isdir(filepath) and (not os.listdir(filepath) or os.path.exists(os.path.join(filepath, "saved_model.pb")))


def _write(sampler, filepath, verbose, max_batch_size):
    archive = keras.export.ExportArchive()
    archive.track(sampler.network)
    Endpoints(sampler, max_batch_size).add_to(archive)
    archive.write_out(filepath, verbose=verbose)
