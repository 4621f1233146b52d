"""Pairs of a source and its target, for translation."""

import tensorflow as tf

from keras_gans.data.check_arguments import check_channels
from keras_gans.data.check_arguments import check_load_size
from keras_gans.data.check_arguments import check_pair
from keras_gans.data.check_arguments import check_pipeline
from keras_gans.data.check_arguments import check_size
from keras_gans.data.check_arguments import check_some_batch
from keras_gans.data.pairs import find_pairs
from keras_gans.data.pictures import find_pictures
from keras_gans.data.splits import check_split
from keras_gans.data.splits import split_of
from keras_gans.data.transforms import ROUNDING
from keras_gans.data.transforms import augmented
from keras_gans.data.transforms import batched
from keras_gans.data.transforms import change_channels
from keras_gans.data.transforms import resized
from keras_gans.data.transforms import scale_to_one
from keras_gans.utils.assured import assured
from keras_gans.utils.integers import check_ints

_RATIO = 286 / 256


def paired(
    source,
    target=None,
    size=None,
    batch_size=1,
    load_size=None,
    scale=None,
    direction="AtoB",
    augment=True,
    flip=True,
    shuffle=True,
    seed=None,
    channels=None,
    cache=True,
    drop_remainder=False,
    on_error="raise",
    split=None,
    keys=("source", "target"),
    data_dir=None,
    verbose=True,
):
    """A pipeline of pairs `(source, target)` for translation: pix2pix and its kin.

    Each picture is decoded, resized to `load_size`, and kept in memory; in each epoch one random crop of `size`, and one mirror,
    are drawn for the pair. Files are read as `keras_gans.data.images` reads them.

    Args:
        source, target: Where the pairs are. One of
            - a folder, or a list, of files with both images side by side, and no target;
            - two folders whose files have the same names below them (endings may differ), or two lists of files in one order;
            - two arrays of images, or one array with both side by side, as in `keras_gans.data.images`;
            - an unbatched `tf.data.Dataset` of pairs or of dicts, or "tfds:NAME", and no target;
            - images alone as one of them, anything that `keras_gans.data.images` takes, or "tfds:NAME"; and as the other one a
              function that makes it: of one image `(height, width, channels)`, float32 in [-1, 1], after crop and mirror, an
              image in [-1, 1]. It is made of TensorFlow operations.
        size: Int or pair (height, width), of a target. Default: as the images are, which must then all have one size; files need
            it.
        batch_size: Int. Default: 1.
        load_size: Int or pair, what targets are resized to before the crop. Default: 286 for a size of 256, in this ratio for
            others; without `size`, as the images are.
        scale: Int, how many times larger a target is than its source; a crop begins at whole pixels of the source. Default: 1;
            without `size`, what the images say.
        direction: "AtoB", or "BtoA": of images side by side the right one is the source. Default: "AtoB".
        augment: Bool. False, for a test: images are resized to `size`; no crops, no mirrors. Default: True.
        flip: Bool, whether to mirror a pair left to right with probability 1/2, if `augment` is True. Default: True.
        shuffle, cache, drop_remainder, verbose: As in `keras_gans.data.images`.
        seed: Int: with `keras.utils.set_random_seed`, it makes the order, the crops and the mirrors the same in every run.
            Default: none.
        channels: 1 or 3, or a pair of them, of source and target. Default: as the images are; for files 3 if any has colors,
            else 1.
        on_error: "raise" or "skip": what to do about broken files, files of an odd width with images side by side, files without
            a partner, and those whose partner has another aspect ratio. Default: "raise".
        split: String, the subfolder of a folder, or the split of TFDS. Default: "train", where a folder has such a subfolder.
        keys: Pair of strings, the keys of source and target in dicts. Default: "source", "target".
        data_dir: Folder of the files of TFDS. Default: its own.

    Returns:
        `tf.data.Dataset` of pairs of float32 batches `(batch, height, width, channels)` in [-1, 1].

    Raises:
        ValueError: if the sources are none of these, or not as many as the targets, or another type; if a file is broken, or has
            no partner; if the files of one folder, which are not wide, have partners of the same name; if two lists
            have the same names in another order; if the pictures of a pair have unlike aspect ratios; if sizes do not fit.
        tf.errors.InvalidArgumentError: from the iteration, if the pixels of a file cannot be decoded; if floats of a data set, or
            of a function, are missing or out of range; if pairs of a data set, whose sizes vary, have unlike aspect ratios.

    Warns:
        UserWarning: if images that are cut in two are not much wider than high, or have partners of the same name; as
            `keras_gans.data.images`.

    Example:

    ```python
    photos = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3)).astype("uint8")
    dataset = keras_gans.data.paired(255 - photos, photos, batch_size=4)

    gray = tf.image.rgb_to_grayscale
    dataset = keras_gans.data.paired(gray, photos, size=16)  # resized to 18, cropped to 16

    for number in range(3):
        keras_gans.utils.save_images(f"facades/train/{number}.png", np.concatenate([photos[:1], 255 - photos[:1]], axis=2))
    dataset = keras_gans.data.paired("facades/", size=8, direction="BtoA")  # side by side: 3 images
    ```

    Differences: pix2pix stretches images to a square before the crop, with bicubic interpolation; here they are cropped to the
        aspect ratio and resized with antialiased bilinear interpolation, as everywhere in this library.

    Reference:
        Isola et al., Image-to-Image Translation with Conditional Adversarial Networks (2017), arXiv:1611.07004, section 6.2;
        junyanz/pytorch-CycleGAN-and-pix2pix, data/aligned_dataset.py.
    """
    size = check_size(size)
    channels = check_pair(channels, check_channels, "channels")
    check_pipeline(
        batch_size, shuffle, seed, on_error, verbose, augment=augment, flip=flip, cache=cache, drop_remainder=drop_remainder
    )
    check_split(split, source, target)
    if scale is not None:
        check_ints(1, scale=scale)
    if direction not in ("AtoB", "BtoA"):
        raise ValueError(f'`direction` must be "AtoB" or "BtoA". Received: direction={direction!r}')
    if not isinstance(keys, (tuple, list)) or len(keys) != 2 or not all(isinstance(key, str) for key in keys):
        raise ValueError(f"`keys` must be a pair of strings. Received: keys={keys!r}")
    source, target = (part if callable(part) else split_of(part, split, data_dir) for part in (source, target))
    if callable(source) or callable(target):
        pictures, sides = _find_alone(source, target, size, channels, scale, direction, on_error, verbose)
        channels = channels[:1]
    else:
        pictures, sides = find_pairs(source, target, size, channels, direction, keys, on_error, verbose)
    check_some_batch(pictures.count, batch_size, drop_remainder)
    sizes = _sizes(pictures, len(channels), size, scale)
    ratio = sizes[-1][0] // sizes[0][0]
    load = sizes[-1]
    if augment and (size is not None or load_size is not None):
        load = check_load_size(load_size, load, _RATIO, ratio)
    loads = [load] if len(sizes) == 1 else [tuple(n // ratio for n in load), load]

    def prepare(*element):
        parts = zip(sides(*element), channels, loads, strict=True)
        return tuple(resized(change_channels(picture, depth), load) for picture, depth, load in parts)

    dataset = pictures.prepared(prepare, cache, shuffle, seed)
    if augment:
        dataset = augmented(dataset, sizes, flip, seed)
    dataset = dataset.map(lambda *pair: tuple(scale_to_one(image) for image in pair), tf.data.AUTOTUNE)
    if callable(source):
        dataset = dataset.map(lambda image: (_made("source", source, image), image), tf.data.AUTOTUNE)
    elif callable(target):
        dataset = dataset.map(lambda image: (image, _made("target", target, image)), tf.data.AUTOTUNE)
    return batched(dataset, batch_size, drop_remainder)


def _find_alone(source, target, size, channels, scale, direction, on_error, verbose):
    """The pictures of a pipeline whose partners a function makes, and a function that takes the picture out of an element."""
    images = target if callable(source) else source
    if images is None or callable(images):
        raise ValueError("Expected images, and a function that makes their partners. Received: a function, and no images.")
    if direction != "AtoB" or scale is not None or channels[0] != channels[1]:
        raise ValueError(
            "`direction`, `scale` and a pair of `channels` are for pairs of two given images. Received: a function that makes "
            "the other one; its result is used as it is."
        )
    return find_pictures(images, size, channels[0], on_error, verbose, classes=False), lambda image: (image,)


def _sizes(pictures, count, size, scale):
    """The sizes (height, width) of source and target after the crop, or of the only picture of an element."""
    if size is not None and any(n % (scale or 1) for n in size):
        raise ValueError(f"`size` must be a multiple of `scale`. Received: size={size!r}, scale={scale!r}")
    if size is not None:
        return [tuple(n // (scale or 1) for n in size), size][-count:]
    sizes = pictures.sizes
    ratio = sizes[-1][0] // sizes[0][0]
    if tuple(n * ratio for n in sizes[0]) != sizes[-1] or ratio != (scale or ratio):
        raise ValueError(
            "Without `size`, the sides of a target must be `scale` times those of its source, for a whole number `scale`. "
            f"Received: sources of {sizes[0]}, targets of {sizes[-1]}, scale={scale!r}. Pass `size`, to resize them."
        )
    return sizes


def _made(name, function, image):
    """What a function makes of an image, checked."""
    try:
        made = tf.convert_to_tensor(function(image))
    except Exception as error:
        raise ValueError(
            f"`{name}` must be a function of TensorFlow operations, of one image {tuple(image.shape)}. It failed "
            f"({type(error).__name__}). For NumPy there is tf.numpy_function."
        ) from error
    if made.shape.rank != 3 or not made.dtype.is_floating:
        raise ValueError(
            f"`{name}` must make an image (height, width, channels) of floats in [-1, 1]. Received: shape {made.shape}, dtype "
            f"{made.dtype.name}."
        )
    in_range = tf.reduce_all(tf.abs(made) <= 1 + ROUNDING)
    return tf.cast(assured(made, in_range, f"`{name}` must make floats in [-1, 1], without NaN. Clip them."), tf.float32)
