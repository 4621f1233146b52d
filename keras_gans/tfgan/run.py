"""Classifiers run in batches that follow one another."""

import tensorflow as tf


def run_classifier_fn(input_tensor, classifier_fn, num_batches=1, dtypes=None, name="RunClassifierFn"):
    """Runs a classifier, on all inputs at once or on one part after the other, which needs less memory.

    Args:
        input_tensor: Tensor, `(n, ...)`.
        classifier_fn: Function of one tensor; its outputs, a tensor or a structure of them, are returned as they are.
        num_batches: Int, parts of equal size; it divides n. Default: 1. With more, no gradients flow.
        dtypes: Types of the outputs, in their structure. Needed with several parts if there are several outputs, or one of
            another type than the input. Default: the type of the input.
        name: String, name of the operations. Default: "RunClassifierFn".

    Returns:
        What `classifier_fn` returns, the parts joined along the first axis.

    Raises:
        ValueError: if `num_batches` does not divide n, or `dtypes` are not those of the outputs.

    Example:

    ```python
    logits = keras_gans.metrics.tfgan.run_classifier_fn(images, classifier, num_batches=4)
    print(logits.shape)  # (20, 10)
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.run_classifier_fn`.
    """
    input_tensor = tf.convert_to_tensor(input_tensor)
    if num_batches == 1:
        return classifier_fn(input_tensor)
    count = input_tensor.shape[0]
    if num_batches < 1 or (count is not None and count % num_batches):
        raise ValueError(f"`num_batches` must divide the number of inputs, {count}. Received: num_batches={num_batches!r}")
    parts = tf.stack(tf.split(input_tensor, num_batches))
    return _one_after_the_other(classifier_fn, parts, num_batches, dtypes, name)


def sample_and_run_classifier_fn(sample_fn, sample_inputs, classifier_fn, dtypes=None, name="SampleAndRunClassifierFn"):
    """Makes images and classifies them, one batch after the other: no two batches of images are in memory.

    Args:
        sample_fn: Function of one element of `sample_inputs` that returns a batch of images.
        sample_inputs: List of tensors, one for each batch.
        classifier_fn: Function of a batch of images; its outputs are returned.
        dtypes: Types of the outputs, in their structure. Needed for several batches if there are several outputs, or one of
            another type than `sample_inputs`. Default: the type of `sample_inputs`.
        name: String, name of the operations. Default: "SampleAndRunClassifierFn".

    Returns:
        What `classifier_fn` returns, the batches joined along the first axis.

    Raises:
        ValueError: if `sample_inputs` is empty, or `dtypes` are not those of the outputs.

    Example:

    ```python
    latents = [gan.latents.sample(4, seed=(0, number)) for number in range(5)]
    logits = keras_gans.metrics.tfgan.sample_and_run_classifier_fn(gan.generator, latents, classifier)
    print(logits.shape)  # (20, 10)
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.sample_and_run_classifier_fn`.
    """

    def sample_and_classify(sample_input):
        return classifier_fn(sample_fn(sample_input))

    if not len(sample_inputs):
        raise ValueError("`sample_inputs` must have an element for each batch. Received: an empty list.")
    if len(sample_inputs) == 1:
        return sample_and_classify(sample_inputs[0])
    return _one_after_the_other(sample_and_classify, tf.stack(sample_inputs), len(sample_inputs), dtypes, name)


def _one_after_the_other(function, parts, count, dtypes, name):
    dtypes = parts.dtype if dtypes is None else tf.nest.map_structure(tf.as_dtype, dtypes)

    def checked(part):
        outputs = function(part)
        received = tf.nest.map_structure(lambda output: tf.convert_to_tensor(output).dtype, outputs)
        if received != dtypes:
            raise ValueError(
                f"`dtypes` must be the types of the classifier's outputs, in their structure. Expected: {received}. Received: "
                f"{dtypes}. If your function has no such argument, run the classifier yourself, and use ..._from_logits or "
                "..._from_activations."
            )
        return outputs

    outputs = tf.map_fn(checked, parts, fn_output_signature=dtypes, parallel_iterations=1, swap_memory=True, name=name)
    return tf.nest.map_structure(lambda output: tf.stop_gradient(tf.concat(tf.unstack(output, count), 0)), outputs)
