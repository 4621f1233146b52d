"""TF-GAN's functions with its Inception network, which comes from TF-Hub."""

import functools

import tensorflow as tf

from keras_gans.features.inception import INCEPTION_TFHUB
from keras_gans.features.module_function import load_saved_model
from keras_gans.tfgan.classifier_score import classifier_score
from keras_gans.tfgan.classifier_score import classifier_score_streaming
from keras_gans.tfgan.frechet_distance import frechet_classifier_distance
from keras_gans.tfgan.frechet_streaming import frechet_classifier_distance_streaming
from keras_gans.tfgan.kernel_distance import kernel_classifier_distance
from keras_gans.tfgan.kernel_distance import kernel_classifier_distance_and_std
from keras_gans.tfgan.run import run_classifier_fn
from keras_gans.tfgan.run import sample_and_run_classifier_fn
from keras_gans.utils.choices import check_bools
from keras_gans.utils.hub_modules import find_saved_model

INCEPTION_OUTPUT = "logits"
INCEPTION_FINAL_POOL = "pool_3"
INCEPTION_DEFAULT_IMAGE_SIZE = 299


def classifier_fn_from_tfhub(tfhub_module, output_fields, return_tensor=False):
    """A function that runs a module of TF-Hub. The first call loads the module, and later calls use it again.

    Args:
        tfhub_module: String: URL of TF-Hub, or folder of a SavedModel.
        output_fields: String or list of strings, the outputs wanted of those in the dict that the module gives. None: what the
            module gives.
        return_tensor: Bool, whether to return the only output itself, not a dict. Default: False.

    Returns:
        Function of a tensor of images. All axes of its outputs but the first are flattened into one.

    Raises:
        FileNotFoundError: when the function is called, if the module is neither in `TFHUB_CACHE_DIR` nor can be downloaded;
            the message says which files to put where.
        ValueError: when the function is called, if the module has no such output, or several where one is to be returned.

    Example:

    ```python
    tfgan = keras_gans.metrics.tfgan
    classifier_fn = tfgan.classifier_fn_from_tfhub(tfgan.INCEPTION_TFHUB, "logits", return_tensor=True)
    logits = classifier_fn(keras.random.uniform((4, 299, 299, 3), -1, 1))  # loads the module first
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.classifier_fn_from_tfhub`.
    """
    check_bools(return_tensor=return_tensor)
    fields = [output_fields] if isinstance(output_fields, str) else output_fields

    def classifier_fn(images):
        outputs = module_at(tfhub_module)(images)
        if fields is not None:
            outputs = _selected(outputs, fields, tfhub_module)
        if return_tensor:
            tensors = tf.nest.flatten(outputs)
            if len(tensors) != 1:
                raise ValueError(f"return_tensor=True needs one output. {tfhub_module} gives {len(tensors)}; select one.")
            outputs = tensors[0]
        return tf.nest.map_structure(_flatten, outputs)

    return classifier_fn


@tf.autograph.experimental.do_not_convert
def module_at(handle):
    return _load(find_saved_model(handle))


@functools.lru_cache(maxsize=4)
def _load(path):
    # Its variables must outlive the graph that may be being traced.
    with tf.init_scope():
        return load_saved_model(path)


def _selected(outputs, fields, module):
    if not isinstance(outputs, dict) or not set(fields) <= set(outputs):
        received = sorted(outputs) if isinstance(outputs, dict) else type(outputs).__name__
        raise ValueError(f"{module} must give a dict with {list(fields)}. Received: {received}.")
    return {field: outputs[field] for field in fields}


def _flatten(tensor):
    if tensor.shape.rank == 2:
        return tensor
    return tf.reshape(tensor, (tf.shape(tensor)[0], tensor.shape[1:].num_elements() or -1))


def _with_inception(name, function, output, example, **arguments):
    """`function` with Inception as its `classifier_fn`, as a partial, like TF-GAN's: all else is passed on.

    `example` is the line of code for the docstring.
    """
    classifier_fn = classifier_fn_from_tfhub(INCEPTION_TFHUB, output, return_tensor=output is not None)
    bound = functools.partial(function, classifier_fn=classifier_fn, **arguments)
    bound.__name__ = name
    bound.__doc__ = f"""`{function.__name__}` with {output or "all outputs"} of TF-GAN's Inception network as the classifier.

    Images are float32, `(n, 299, 299, 3)`, in [-1, 1]; the caller resizes them, as in TF-GAN. The other arguments, results
    and errors are those of `{function.__name__}` and `classifier_fn_from_tfhub`.

    Example:

    ```python
    real, generated = (keras.random.uniform((4, 299, 299, 3), -1, 1) for _ in range(2))
    {example}
    ```
    """
    return bound


_DTYPES = {INCEPTION_OUTPUT: tf.float32, INCEPTION_FINAL_POOL: tf.float32}

run_inception = _with_inception(
    "run_inception",
    run_classifier_fn,
    None,
    'pooled = keras_gans.metrics.tfgan.run_inception(generated, num_batches=2)["pool_3"]',
    dtypes=_DTYPES,
)
sample_and_run_inception = _with_inception(
    "sample_and_run_inception",
    sample_and_run_classifier_fn,
    None,
    "outputs = keras_gans.metrics.tfgan.sample_and_run_inception(tf.identity, [generated])  # the first is the generator",
    dtypes=_DTYPES,
)
inception_score = _with_inception(
    "inception_score",
    classifier_score,
    INCEPTION_OUTPUT,
    "score = keras_gans.metrics.tfgan.inception_score(generated, num_batches=2)",
)
inception_score_streaming = _with_inception(
    "inception_score_streaming",
    classifier_score_streaming,
    INCEPTION_OUTPUT,
    "score = keras_gans.metrics.tfgan.inception_score_streaming(generated).result()",
)
frechet_inception_distance = _with_inception(
    "frechet_inception_distance",
    frechet_classifier_distance,
    INCEPTION_FINAL_POOL,
    "distance = keras_gans.metrics.tfgan.frechet_inception_distance(real, generated, num_batches=2)",
)
frechet_inception_distance_streaming = _with_inception(
    "frechet_inception_distance_streaming",
    frechet_classifier_distance_streaming,
    INCEPTION_FINAL_POOL,
    "distance = keras_gans.metrics.tfgan.frechet_inception_distance_streaming(real, generated).result()",
)
kernel_inception_distance = _with_inception(
    "kernel_inception_distance",
    kernel_classifier_distance,
    INCEPTION_FINAL_POOL,
    "distance = keras_gans.metrics.tfgan.kernel_inception_distance(real, generated)",
)
kernel_inception_distance_and_std = _with_inception(
    "kernel_inception_distance_and_std",
    kernel_classifier_distance_and_std,
    INCEPTION_FINAL_POOL,
    "distance, error = keras_gans.metrics.tfgan.kernel_inception_distance_and_std(real, generated, max_block_size=2)",
)
