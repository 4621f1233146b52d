"""The sliced Wasserstein distance, as TF-GAN computes it."""

import tensorflow as tf

from keras_gans.metrics.functions.patches import projected_distances
from keras_gans.metrics.functions.pyramid import binomial_pyramid
from keras_gans.utils.choices import check_bools


def sliced_wasserstein_distance(
    real_images,
    fake_images,
    resolution_min=16,
    patches_per_image=64,
    patch_size=7,
    random_sampling_count=1,
    random_projection_dim=7 * 7 * 3,
    use_svd=False,
):
    """How far the patches of real and fake images are apart at each scale: lower is better.

    Images are taken apart into a Laplacian pyramid. At each level random patches, each normalized by its own mean and standard
    deviation, are projected on random directions, or on the singular vectors of all of them; the distance is the mean, over
    directions, of |a - b| of the sorted projections. Real against other patches of the real images is the noise floor.

    Args:
        real_images, fake_images: Tensors `(n, size, size, 3)`, of equal shapes known in advance.
        resolution_min: Int, the smallest level's size at least. Default: 16.
        patches_per_image: Int, at each level. Default: 64.
        patch_size: Int, of the patches' sides; an even one counts as the next odd one. Default: 7.
        random_sampling_count: Int, sets of directions. Default: 1.
        random_projection_dim: Int, directions in a set. Default: 147.
        use_svd: Bool, whether to use singular vectors. Default: False.

    Returns:
        List of pairs of float32 scalars, (real to real, real to fake), the finest level first.

    Raises:
        ValueError: if images are not square, of three channels and of equal shapes; if patches do not fit into the smallest
            level.

    Example:

    ```python
    real, generated = keras.random.uniform((8, 32, 32, 3), -1, 1), keras.random.uniform((8, 32, 32, 3), -1, 1)
    levels = keras_gans.metrics.tfgan.sliced_wasserstein_distance(real, generated)
    print(len(levels))  # 2; images of 32 and of 16 pixels, a pair (real to real, real to fake) of each
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2017), arXiv:1710.10196; tensorflow/gan,
        `tfgan.eval.sliced_wasserstein_distance`, whose figures are not those of tkarras/progressive_growing_of_gans, which
        normalizes each color channel over all patches.

    Differences: a constant patch is zero, not NaN. Random numbers are TensorFlow's, which `keras.utils.set_random_seed` seeds;
    TF-GAN draws patches with NumPy. Sizes may be odd. Singular vectors are eigenvectors of the patches' Gram matrix, in float64.
    """
    check_bools(use_svd=use_svd)
    real_images, fake_images = tf.convert_to_tensor(real_images), tf.convert_to_tensor(fake_images)
    levels = _checked_levels(real_images.shape, fake_images.shape, resolution_min, patch_size)
    scores = []
    pyramids = (binomial_pyramid(tf.cast(images, tf.float32), levels) for images in (real_images, fake_images))
    for real, fake in zip(*pyramids, strict=True):
        patches, others, fakes = (normalized(draw_patches(level, patches_per_image, patch_size)) for level in (real, real, fake))
        if use_svd:
            scores.append(tuple(_distance_svd(patches, rows) for rows in (others, fakes)))
        else:
            arguments = random_sampling_count, random_projection_dim
            scores.append(tuple(_distance(patches, rows, *arguments) for rows in (others, fakes)))
    return scores


def draw_patches(images, patches_per_image, patch_size):
    """Random patches of each image, `(n * patches_per_image, side * side * channels)`."""
    _, height, width, channels = images.shape
    count, half = tf.shape(images)[0], patch_size // 2
    rows, columns = (tf.random.uniform((count, patches_per_image, 1, 1), half, size - half, tf.int32) for size in (height, width))
    offsets = tf.range(-half, half + 1)
    rows, columns = rows + offsets[:, None], columns + offsets
    places = (tf.range(count)[:, None, None, None] * height + rows) * width + columns
    patches = tf.gather(tf.reshape(images, (-1, channels)), places)
    return tf.reshape(patches, (-1, (2 * half + 1) ** 2 * channels))


def normalized(patches):
    mean, variance = tf.nn.moments(patches, [1], keepdims=True)
    return tf.math.divide_no_nan(patches - mean, tf.sqrt(variance))


def _distance(first, second, sets, directions):
    distances = []
    for _ in range(sets):
        projection = tf.random.normal((first.shape[1], directions))
        distances.append(projected_distances(first, second, tf.math.l2_normalize(projection, axis=0)))
    return tf.reduce_mean(distances)


def _distance_svd(first, second):
    rows = tf.cast(tf.concat([first, second], 0), tf.float64)
    _, vectors = tf.linalg.eigh(tf.matmul(rows, rows, transpose_a=True))
    return tf.reduce_mean(projected_distances(first, second, tf.cast(vectors, tf.float32)))


def _checked_levels(real, fake, resolution_min, patch_size):
    """The number of levels of the pyramid."""
    if real.rank != 4 or fake.rank != 4 or real[1] is None or not real[1] == real[2] or real[3] != 3:
        raise ValueError(f"Expected square images (n, size, size, 3) of known size. Received: shapes {real} and {fake}.")
    if not fake.is_compatible_with(real):
        raise ValueError(f"Real and fake images must have equal shapes, the batch included. Received: {real} and {fake}.")
    size = real[1]
    levels = size.bit_length() - min(resolution_min, size).bit_length() + 1
    smallest = -(-size // 2 ** (levels - 1))
    if smallest <= 2 * (patch_size // 2):
        raise ValueError(
            f"patch_size={patch_size!r} does not fit into the smallest level, of size {smallest}. Use smaller patches."
        )
    return levels
