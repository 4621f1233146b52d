"""The kernel distance, of any classifier."""

import tensorflow as tf

from keras_gans.metrics.functions.kernel import unbiased_mmd
from keras_gans.tfgan.activations import matrices
from keras_gans.tfgan.run import run_classifier_fn


def kernel_classifier_distance(input_tensor1, input_tensor2, classifier_fn, num_batches=1, max_block_size=1024, dtype=None):
    """The distance of `kernel_classifier_distance_and_std_from_activations`, of the activations that a classifier gives.

    Args, raises, reference: as for `kernel_classifier_distance_and_std`.

    Returns:
        Scalar tensor of the activations' type.

    Example:

    ```python
    distance = keras_gans.metrics.tfgan.kernel_classifier_distance(images, gan.generate(20), classifier)
    print(distance.shape)  # ()
    ```
    """
    return kernel_classifier_distance_and_std(input_tensor1, input_tensor2, classifier_fn, num_batches, max_block_size, dtype)[0]


def kernel_classifier_distance_and_std(
    input_tensor1, input_tensor2, classifier_fn, num_batches=1, max_block_size=1024, dtype=None
):
    """`kernel_classifier_distance_and_std_from_activations`, of the activations that a classifier gives.

    Args:
        input_tensor1, input_tensor2: Tensors `(n, ...)`, `(m, ...)`, what the classifier takes, in random order.
        classifier_fn: Function of such a tensor that returns activations `(n, d)`.
        num_batches: Int, parts that are classified one after the other; it divides n and m. Default: 1.
        max_block_size, dtype: As in `kernel_classifier_distance_and_std_from_activations`.

    Returns:
        Two scalar tensors of the activations' type: the distance and its standard error.

    Raises:
        ValueError: see `kernel_classifier_distance_and_std_from_activations` and `run_classifier_fn`.

    Example:

    ```python
    distance, error = keras_gans.metrics.tfgan.kernel_classifier_distance_and_std(
        images, gan.generate(20), classifier, max_block_size=10
    )
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.kernel_classifier_distance_and_std`.
    """
    activations = [run_classifier_fn(tensor, classifier_fn, num_batches) for tensor in (input_tensor1, input_tensor2)]
    return kernel_classifier_distance_and_std_from_activations(*activations, max_block_size, dtype)


def kernel_classifier_distance_from_activations(activations1, activations2, max_block_size=1024, dtype=None):
    """The distance of `kernel_classifier_distance_and_std_from_activations`, without its standard error.

    Args, raises, reference: as there.

    Returns:
        Scalar tensor of the activations' type.

    Example:

    ```python
    first, second = tf.constant([[1.0], [1.0]]), tf.constant([[0.0], [0.0]])
    distance = keras_gans.metrics.tfgan.kernel_classifier_distance_from_activations(first, second)
    print(float(distance))  # 7.0; 8 + 1 - 2 * 1
    ```
    """
    return kernel_classifier_distance_and_std_from_activations(activations1, activations2, max_block_size, dtype)[0]


def kernel_classifier_distance_and_std_from_activations(activations1, activations2, max_block_size=1024, dtype=None):
    """The unbiased squared maximum mean discrepancy of two sets of activations, and its standard error: lower is better.

    mean over i != j of k(x_i, x_j) + mean over i != j of k(y_i, y_j) - 2 mean k(x_i, y_j),   k(x, y) = (x . y / d + 1)^3

    averaged over ceil(max(n, m) / max_block_size) disjoint blocks of consecutive rows, the larger ones last. It may be negative.

    Args:
        activations1, activations2: Floating-point tensors `(n, d)`, `(m, d)` of one type, in random order.
        max_block_size: Int. Time and memory of a block grow with its square; smaller ones give a better standard error of a
            worse estimate. Default: 1,024.
        dtype: Type that activations are cast to first. Default: their own.

    Returns:
        Two scalar tensors of the activations' type: the distance and its standard error, which is NaN if there is one block.

    Raises:
        ValueError: if the shapes differ from these, types differ or are not floating-point ones, or a block would have fewer
            than two rows.

    Example:

    ```python
    first, second = tf.random.normal((2000, 16)), tf.random.normal((2000, 16))
    distance, error = keras_gans.metrics.tfgan.kernel_classifier_distance_and_std_from_activations(first, second)
    print(abs(float(distance)) < 1.0)  # True; near 0, for equal distributions
    ```

    Reference:
        Binkowski et al., Demystifying MMD GANs (2018), arXiv:1801.01401; Zaremba et al., B-tests (2013), arXiv:1307.1954;
        matches tensorflow/gan, `tfgan.eval.kernel_classifier_distance_and_std_from_activations`, to its tolerance.

    Differences: computed in float64, whatever the type of activations and results; TF-GAN computes in that type.
    """
    first, second = matrices(activations1, activations2, least=2)
    if dtype is not None:
        first, second = (tf.cast(rows, dtype) for rows in (first, second))
    if first.dtype != second.dtype:
        raise ValueError(
            "`activations1` and `activations2` must have the same type. "
            f"Received: {first.dtype.name} and {second.dtype.name}. Pass `dtype`."
        )
    _check_blocks(first.shape[0], second.shape[0], max_block_size)
    counts = [tf.shape(rows)[0] for rows in (first, second)]
    blocks = -(-tf.maximum(*counts) // max_block_size)

    def estimate(block):
        rows = (
            rows[_start(block, n, blocks) : _start(block + 1, n, blocks)] for rows, n in zip((first, second), counts, strict=True)
        )
        return unbiased_mmd(*(tf.cast(part, tf.float64) for part in rows))

    estimates = tf.map_fn(estimate, tf.range(blocks), fn_output_signature=tf.float64, parallel_iterations=1)
    mean, count = tf.reduce_mean(estimates), tf.cast(blocks, tf.float64)
    error = tf.sqrt(tf.reduce_sum((estimates - mean) ** 2) / (count - 1.0) / count)
    return tf.cast(mean, first.dtype), tf.cast(error, first.dtype)


def _start(block, count, blocks):
    """The first row of a block, where blocks have count // blocks rows, and the last count % blocks of them one more."""
    return block * (count // blocks) + tf.maximum(block - blocks + count % blocks, 0)


def _check_blocks(count1, count2, max_block_size):
    if max_block_size < 2:
        raise ValueError(f"`max_block_size` must be an int >= 2. Received: max_block_size={max_block_size!r}")
    if count1 is None or count2 is None:
        return
    blocks = -(-max(count1, count2) // max_block_size)
    if min(count1, count2) < 2 * blocks:
        raise ValueError(
            f"{count1} and {count2} rows in blocks of at most {max_block_size} are {blocks} blocks, and some would have fewer "
            "than two rows from one side. Use a larger `max_block_size`, or similar numbers of rows."
        )
