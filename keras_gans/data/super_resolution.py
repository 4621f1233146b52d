"""Crops of photographs in two resolutions."""

import tensorflow as tf

from keras_gans.data.arrays import image_array
from keras_gans.data.check_arguments import check_channels
from keras_gans.data.check_arguments import check_pipeline
from keras_gans.data.check_arguments import check_some_batch
from keras_gans.data.image_files import are_files
from keras_gans.data.image_files import find_files
from keras_gans.data.image_files import refused_or_said
from keras_gans.data.masks import warn_of_mask_arrays
from keras_gans.data.pictures import FilePictures
from keras_gans.data.pictures import TensorPictures
from keras_gans.data.pictures import find_pictures
from keras_gans.data.pictures import shuffled
from keras_gans.data.pictures import without_pandas
from keras_gans.data.splits import check_split
from keras_gans.data.splits import is_tfds
from keras_gans.data.splits import tfds_split
from keras_gans.data.transforms import batched
from keras_gans.data.transforms import change_channels
from keras_gans.data.transforms import crop as crop_at
from keras_gans.data.transforms import crop_and_mirror
from keras_gans.data.transforms import scale_to_one
from keras_gans.data.transforms import with_seeds
from keras_gans.utils.assured import assured
from keras_gans.utils.integers import check_ints


def super_resolution(
    source,
    scale=4,
    crop=96,
    batch_size=16,
    augment=True,
    flip=False,
    shuffle=True,
    seed=None,
    channels=None,
    cache=False,
    drop_remainder=False,
    on_error="raise",
    split=None,
    data_dir=None,
    verbose=True,
):
    """A pipeline of pairs `(low, high)` for super-resolution: SRGAN and its kin.

    `high` is a random crop of a photograph, another one in each epoch; `low` is that crop made `scale` times smaller with
    antialiased bicubic interpolation (a = -1/2, as MATLAB and Pillow have it), and clipped, because the interpolation overshoots.
    A batch has crops of distinct photographs, which may be of any size.

    Args:
        source: Anything that `keras_gans.data.images` takes, without labels, or "tfds:NAME"; photographs of a list, a folder or a
            data set may have several sizes.
        scale: Int. Default: 4.
        crop: Int, the sides of a crop, a multiple of `scale`; or None, for a test: whole photographs, cut to multiples of `scale`
            at the right and below, one a batch. Default: 96.
        batch_size: Int. Default: 16.
        augment: Bool. False: crops of the middle; no mirrors. Default: True.
        flip: Bool, whether to mirror a crop left to right with probability 1/2, if `augment` is True. Default: False.
        shuffle, drop_remainder, verbose: As in `keras_gans.data.images`.
        seed: Int: with `keras.utils.set_random_seed`, it makes the order, the crops and the mirrors the same in every run.
            Default: none.
        channels: 1 or 3. Default: as the images are; for files 3 if any has colors, else 1.
        cache: Bool, whether to keep whole, decoded photographs in memory. Default: False.
        on_error: "raise" or "skip": what to do about broken files, and images that are smaller than the crop. Default: "raise".
        split: String, of TFDS. Default: "train".
        data_dir: Folder of the files of TFDS. Default: its own.

    Returns:
        `tf.data.Dataset` of pairs of float32 batches: `low` `(batch, crop / scale, crop / scale, channels)` in [0, 1], and `high`
        `(batch, crop, crop, channels)` in [-1, 1], as SRGAN has them.

    Raises:
        ValueError: if the source is none of these; if `crop` is not a multiple of `scale`; if files are broken or smaller than
            the crop, which are named.
        tf.errors.InvalidArgumentError: from the iteration, if the pixels of a file cannot be decoded, or an image of a data set
            is smaller than the crop, or its floats are missing or out of range.

    Example:

    ```python
    photos = [np.random.default_rng(0).integers(0, 256, (height, 40, 3)).astype("uint8") for height in (30, 50)]
    low, high = next(iter(keras_gans.data.super_resolution(photos, scale=4, crop=24, batch_size=2)))
    print(low.shape, high.shape)  # (2, 6, 6, 3) (2, 24, 24, 3)
    ```

    Reference:
        Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network (2017),
        arXiv:1609.04802, section 3.2.
    """
    check_ints(1, scale=scale)
    if crop is not None:
        check_ints(1, crop=crop)
        if crop % scale:
            raise ValueError(f"`crop` must be a multiple of `scale`. Received: crop={crop!r}, scale={scale!r}")
    check_channels(channels)
    check_pipeline(
        batch_size, shuffle, seed, on_error, verbose, augment=augment, flip=flip, cache=cache, drop_remainder=drop_remainder
    )
    if crop is None and batch_size != 1:
        raise ValueError(f"Whole photographs, of several sizes, need batch_size=1. Received: crop=None, batch_size={batch_size}")
    check_split(split, source)
    source = tfds_split(source, split or "train", data_dir)[0] if is_tfds(source) else without_pandas(source)
    pictures, prepare, restore = _find(source, crop or scale, channels, on_error, verbose)
    check_some_batch(pictures.count, batch_size, drop_remainder)

    def cut(picture, seed):
        if crop is None:
            return picture[: tf.shape(picture)[0] // scale * scale, : tf.shape(picture)[1] // scale * scale]
        if augment:
            return crop_and_mirror([picture], [(crop, crop)], flip, seed)[0]
        return crop_at(picture, (tf.shape(picture)[:2] - crop) // 2, (crop, crop))

    def pair(picture):
        high = scale_to_one(picture)
        return _smaller(high, scale), high

    # What waits to be shuffled are names, or crops, not photographs.
    by_name = isinstance(pictures, FilePictures) and not cache
    dataset = pictures.prepared(prepare, cache, by_name and shuffle, seed).map(restore, tf.data.AUTOTUNE)
    dataset = with_seeds(dataset, seed).map(cut, tf.data.AUTOTUNE)
    dataset = shuffled(dataset, not by_name and shuffle, pictures.count, seed)
    return batched(dataset.map(pair, tf.data.AUTOTUNE), batch_size, drop_remainder)


def _find(source, least, channels, on_error, verbose):
    """Pictures of any size, a function that prepares a picture to be kept, and one that restores it.

    Files and lists are kept as strings, so that all elements have one shape.
    """
    problem, remedy = f"are smaller than {least} pixels, high or wide", "Take a smaller `crop`"
    if are_files(source):
        files = find_files(source, least, on_error, classes=False)
        sizes = [header.size for header in files.headers]
        small = [
            f"{name} ({width} x {height})"
            for name, (width, height) in zip(files.names, sizes, strict=True)
            if min(width, height) < least
        ]
        said = refused_or_said(small, len(sizes), problem, on_error, remedy)
        files = files.select([index for index, size in enumerate(sizes) if min(size) >= least])
        if verbose:
            print(files.described + said)
        depth = channels or files.channels
        return FilePictures([files], [depth], on_error=on_error), tf.io.serialize_tensor, _parser(tf.uint8, depth)
    if isinstance(source, list) and source:
        images = [image_array([image], channels, watch=False)[0] for image in source]
        if all(image.dtype == "uint8" for image in images):
            warn_of_mask_arrays(images, stacklevel=5)
        depth = channels or max(image.shape[-1] for image in images)
        images = [change_channels(tf.constant(image), depth) for image in images]
        dtypes = {image.dtype for image in images}
        if len(dtypes) > 1:
            raise ValueError(f"Images of a list must have one dtype. Received: {sorted(dtype.name for dtype in dtypes)}.")
        small = [f"number {number} {tuple(image.shape)}" for number, image in enumerate(images) if min(image.shape[:2]) < least]
        if small:
            raise ValueError(
                f"Expected images as large as a crop. Received: {len(small)} that {problem}: {'; '.join(small[:3])}. {remedy}."
            )
        strings = tf.data.Dataset.from_tensor_slices([tf.io.serialize_tensor(image).numpy() for image in images])
        return TensorPictures(strings, len(images)), tf.identity, _parser(images[0].dtype, depth)
    pictures = find_pictures(source, least, channels, on_error, verbose, classes=False)
    (size,) = pictures.sizes
    if None not in size and min(size) < least:
        raise ValueError(f"Expected images as large as a crop. Received: images of {size} that {problem}. {remedy}.")

    def large_enough(picture):
        return assured(
            picture, tf.reduce_min(tf.shape(picture)[:2]) >= least, f"Images of a data set {problem}. Filter them out."
        )

    return pictures, tf.identity, large_enough


def _parser(dtype, depth):
    return lambda text: tf.ensure_shape(tf.io.parse_tensor(text, dtype), (None, None, depth))


def _smaller(high, scale):
    """An image of [-1, 1] made smaller, in [0, 1]."""
    size = tf.shape(high)[:2] // scale
    low = tf.image.resize((high + 1) / 2, size, "bicubic", antialias=True)
    static = [n and n // scale for n in high.shape[:2]]
    return tf.ensure_shape(tf.clip_by_value(low, 0, 1), (*static, high.shape[-1]))
