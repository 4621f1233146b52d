"""A generator as a SavedModel that TensorFlow Serving serves and `tf.saved_model.load` loads without this library."""

import functools
import os

import keras

from keras_gans.export.endpoints import Endpoints
from keras_gans.export.formats import FORMATS
from keras_gans.export.formats import check_format
from keras_gans.export.formats import write_network
from keras_gans.export.versions import write_next_version
from keras_gans.export.warm_up import write_warm_up
from keras_gans.utils.choices import check_bools
from keras_gans.utils.choices import check_choice
from keras_gans.utils.files import written_beside
from keras_gans.utils.integers import check_ints
from keras_gans.utils.paths import user_path

MAX_BATCH_SIZE = 1024
SAVED_MODEL = "tf_saved_model"


def export_sampler(
    sampler, filepath, verbose=False, max_batch_size=MAX_BATCH_SIZE, version=None, signature=None, format=SAVED_MODEL
):
    """Writes the SavedModel of a `Sampler`; see `keras_gans.GAN.export`.

    It is written beside `filepath` and moved there when complete, so that a server that watches the folder never loads half
    a model. A SavedModel that is there is replaced; anything else is left alone.

    Args:
        sampler: `keras_gans.export.Sampler`; one of `with_batch_norm_statistics` to write standing statistics.
        filepath: Folder to write; with `version="auto"` the folder of the versions; a file for other formats.
        verbose: Bool, whether Keras prints the endpoints. Default: False.
        max_batch_size, version, signature, format: As in `keras_gans.GAN.export`.

    Returns:
        Path of what was written.

    Raises:
        ValueError: if an argument is none of the above, or does not go with another one; if `filepath` exists and is not a
            SavedModel.
        ImportError: if a package that writes the format is not installed.
        OSError: if `filepath` cannot be written.

    Example:

    ```python
    sampler = keras_gans.export.Sampler(gan.generator, gan.latents)
    path = keras_gans.export.export_sampler(sampler, "serving/no_average/1")
    serve = tf.saved_model.load(path).signatures["serve"]
    print(serve(latents=gan.latents.sample(4, seed=(0, 1)))["images"].shape)  # (4, 28, 28, 1)
    ```
    """
    check_bools(verbose=verbose)
    filepath = check_export(filepath, max_batch_size, version, signature, format)
    if format != SAVED_MODEL:
        if sampler.network_is_random and sampler.statistics == "batch":
            raise ValueError(
                f"{sampler.network.name} is sampled as in training, but format={format!r} writes a network in inference "
                'mode, which makes other images. Export a SavedModel, or a Pix2Pix(mode="inference").'
            )
        with written_beside(filepath) as beside:
            write_network(sampler.network, beside, format, verbose)
        return filepath
    write = functools.partial(_write, sampler, Endpoints(sampler, int(max_batch_size), signature), verbose)
    if version == "auto":
        return write_next_version(filepath, write)
    if os.path.exists(filepath) and not _is_replaceable(filepath):
        raise ValueError(f"{filepath!r} exists and is not a SavedModel. Choose another path, or remove it.")
    with written_beside(filepath) as beside:
        write(beside)
    return filepath


def check_export(filepath, max_batch_size, version, signature, format):
    """Raises if an argument of an export has an unknown value, if arguments do not go together, or if a package is missing.

    Returns:
        The path, absolute.
    """
    check_ints(1, max_batch_size=max_batch_size)
    check_choice((None, "auto"), version=version)
    check_choice((None, "biggan"), signature=signature)
    check_choice((SAVED_MODEL, *FORMATS), format=format)
    filepath = user_path(filepath, "filepath", "Pass the folder to write.")
    if format == SAVED_MODEL:
        return filepath
    if version is not None or signature is not None or max_batch_size != MAX_BATCH_SIZE:
        raise ValueError(
            f"`version`, `signature` and `max_batch_size` are for SavedModels; format={format!r} writes the network alone. Leave "
            "them out."
        )
    check_format(format, filepath)
    return filepath


def _is_replaceable(filepath):
    return os.path.isdir(filepath) and (not os.listdir(filepath) or os.path.exists(os.path.join(filepath, "saved_model.pb")))


def _write(sampler, endpoints, verbose, filepath):
    archive = keras.export.ExportArchive()
    for network in (sampler.network, *(network for network, *_ in sampler.endpoints.values())):
        archive.track(network)
    endpoints.add_to(archive)
    archive.write_out(filepath, verbose=verbose)
    write_warm_up(filepath, endpoints)
