"""A generator as a SavedModel that TensorFlow Serving serves and `tf.saved_model.load` loads without this library."""

import os

import keras
import tensorflow as tf

from keras_gans.latents import Normal
from keras_gans.utils.files import written_beside


def export_sampler(sampler, filepath, verbose=False):
    """Writes the SavedModel of a `Sampler`; see `keras_gans.GAN.export`.

    It is written beside `filepath` and moved there when complete, so that a server that watches the folder never loads half
    a model. A SavedModel that is there is replaced; anything else is left alone.

    Args:
        sampler: `keras_gans.export.Sampler`; one of `with_batch_norm_statistics` to write standing statistics.
        filepath: Folder to write.
        verbose: Bool, whether Keras prints the endpoints. Default: False.

    Raises:
        ValueError: if `filepath` exists and is not a SavedModel.

    Example:

    ```python
    sampler = keras_gans.export.Sampler(gan.generator, gan.latents)
    keras_gans.export.export_sampler(sampler, "serving/no_average/1")
    serve = tf.saved_model.load("serving/no_average/1").signatures["serve"]
    print(serve(latents=gan.latents.sample(4, seed=(0, 1)))["images"].shape)  # (4, 28, 28, 1)
    ```
    """
    filepath = os.path.abspath(os.fspath(filepath))
    if os.path.exists(filepath) and not _is_replaceable(filepath):
        raise ValueError(f"{filepath!r} exists and is not a SavedModel. Choose another path, or remove it.")
    with written_beside(filepath) as beside:
        _write(sampler, beside, verbose)


def _is_replaceable(filepath):
    return os.path.isdir(filepath) and (not os.listdir(filepath) or os.path.exists(os.path.join(filepath, "saved_model.pb")))


def _write(sampler, filepath, verbose):
    condition = _condition_specs(sampler.condition_input)
    latents = tf.TensorSpec((None, *sampler.latents.shape), tf.float32, "latents")
    sample = [tf.TensorSpec((), tf.int32, "batch_size"), tf.TensorSpec((2,), tf.int32, "seed")]
    truncation = [tf.TensorSpec((), tf.float32, "truncation")]
    sample += truncation if sampler.truncatable else []
    serve = [latents, *(truncation if sampler.truncates_latents else [])]
    names = [spec.name for spec in sample]

    def serve_endpoint(latents, *values):
        truncation, values = (values[0], values[1:]) if sampler.truncates_latents else (None, values)
        return {"images": sampler.run(latents, as_condition(values), truncation)}

    def sample_endpoint(*values):
        drawn, values = values[: len(sample)], values[len(sample) :]
        return {"images": sampler.sample(**dict(zip(names, drawn, strict=True)), condition=as_condition(values))}

    def as_condition(values):
        if isinstance(sampler.condition_input, dict):
            return dict(zip(sampler.condition_input, values, strict=True))
        return values[0] if values else None

    archive = keras.export.ExportArchive()
    archive.track(sampler.network)
    archive.add_endpoint("serve", serve_endpoint, [*serve, *condition])
    archive.add_endpoint("sample", sample_endpoint, [*sample, *condition])
    archive.add_endpoint("describe", tf.function(lambda: _description(sampler), input_signature=[]))
    archive.write_out(filepath, verbose=verbose)


def _description(sampler):
    """What a reader cannot tell from the other endpoints; constants."""
    facts = {"statistics": sampler.statistics}
    if sampler.statistics == "standing":
        made_for = sampler.statistics_truncation
        facts["statistics_truncation"] = -1.0 if made_for is None else float(made_for)
    if isinstance(sampler.classes, int):
        facts["classes"] = sampler.classes
    if type(sampler.latents) is Normal:
        facts["truncate_by"] = sampler.latents.truncate_by
    if sampler.truncatable:
        facts["truncation_form"] = sampler.truncation_form
        facts["truncation_range"] = sampler.truncation_range
    return {name: tf.constant(value) for name, value in facts.items()}


def _condition_specs(condition_input):
    """One condition is called `condition`, several have their own names."""
    if condition_input is None:
        return []
    if not isinstance(condition_input, dict):
        return [_spec(condition_input, "condition")]
    return [_spec(tensor, name) for name, tensor in condition_input.items()]


def _spec(keras_input, name):
    return tf.TensorSpec((None, *keras_input.shape[1:]), keras_input.dtype, name)
