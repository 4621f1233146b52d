"""Images of two domains, for translation without pairs."""

import os

import tensorflow as tf

from keras_gans.data.check_arguments import check_channels
from keras_gans.data.check_arguments import check_load_size
from keras_gans.data.check_arguments import check_pair
from keras_gans.data.check_arguments import check_pipeline
from keras_gans.data.check_arguments import check_size
from keras_gans.data.check_arguments import check_some_batch
from keras_gans.data.folder import check_folder
from keras_gans.data.pictures import find_pictures
from keras_gans.data.splits import check_split
from keras_gans.data.splits import folders_inside
from keras_gans.data.splits import is_tfds
from keras_gans.data.splits import split_of
from keras_gans.data.splits import tfds_split
from keras_gans.data.transforms import augmented
from keras_gans.data.transforms import batched
from keras_gans.data.transforms import resized
from keras_gans.data.transforms import scale_to_one
from keras_gans.utils.paths import user_path

_RATIO = 286 / 256


def unpaired(
    a,
    b=None,
    size=None,
    batch_size=1,
    load_size=None,
    augment=True,
    flip=True,
    shuffle=True,
    seed=None,
    channels=None,
    cache=True,
    drop_remainder=False,
    on_error="raise",
    split=None,
    data_dir=None,
    verbose=True,
):
    """A pipeline of images of two domains, `(a, b)`, that do not belong together: CycleGAN and its kin.

    Each domain has a shuffle, crops and mirrors of its own. An epoch is one pass over the larger domain; the smaller one repeats,
    in another order each time. Files are read as `keras_gans.data.images` reads them; classes are ignored.

    Args:
        a, b: Where the domains are. Each one anything that `keras_gans.data.images` takes, without labels, or "tfds:NAME". Or no
            `b`, and as `a` one of
            - a folder with the folders trainA and trainB, and perhaps testA and testB;
            - "tfds:NAME" of a data set with such splits, as "tfds:cycle_gan/horse2zebra".
        size: Int or pair (height, width), or a pair of such pairs, one a domain. Default: as the images are, which must then all
            have one size in each domain; files need it.
        batch_size: Int. Default: 1.
        load_size: As `size`: what images are resized to before the random crop. Default: 286 for a size of 256, in this ratio for
            others; without `size`, as the images are.
        augment: Bool. False, for a test: images are resized to `size`; no crops, no mirrors. Default: True.
        flip: Bool, whether to mirror each image left to right with probability 1/2, if `augment` is True. Default: True.
        shuffle, cache, drop_remainder, on_error, verbose: As in `keras_gans.data.images`.
        seed: Int: with `keras.utils.set_random_seed`, it makes the orders, the crops and the mirrors the same in every run.
            Default: none.
        channels: 1 or 3, or a pair of them, one a domain. Default: as the images are; for files 3 if any has colors, else 1.
        split: String: "train" for trainA and trainB; where both domains are given, the subfolder of a folder, or the split of
            TFDS. Default: "train", for folders if there is such a subfolder.
        data_dir: Folder of the files of TFDS. Default: its own.

    Returns:
        `tf.data.Dataset` of pairs of float32 batches `(batch, height, width, channels)` in [-1, 1]. The number of its batches is
        known, unless `on_error` is "skip".

    Raises:
        ValueError: if a domain is none of these, or has no images, or another type; if a file is broken; if the length of a data
            set is not known.
        tf.errors.InvalidArgumentError: from the iteration, if the pixels of a file cannot be decoded, or floats of a data set are
            missing or out of range.

    Example:

    ```python
    horses, zebras = (np.random.default_rng(i).integers(0, 256, (5 + i, 16, 16, 3)).astype("uint8") for i in range(2))
    dataset = keras_gans.data.unpaired(horses, zebras, size=16, batch_size=2)
    print(int(dataset.cardinality()))  # 3

    keras_gans.utils.save_images("animals/trainA/1.png", horses[:1])
    keras_gans.utils.save_images("animals/trainB/1.png", zebras[:1])
    dataset = keras_gans.data.unpaired("animals/", size=8)
    ```

    Differences: CycleGAN stretches images to a square before the crop, with bicubic interpolation; here they are cropped to the
        aspect ratio and resized with antialiased bilinear interpolation. Its code draws the images of domain B with replacement
        in PyTorch; here, as in its Torch release, each comes once before any comes again.

    Reference:
        Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks (2017), arXiv:1703.10593;
        junyanz/pytorch-CycleGAN-and-pix2pix, data/unaligned_dataset.py.
    """
    sizes, load_sizes = _check_sizes(size, "size"), _check_sizes(load_size, "load_size")
    channels = check_pair(channels, check_channels, "channels")
    check_pipeline(
        batch_size, shuffle, seed, on_error, verbose, augment=augment, flip=flip, cache=cache, drop_remainder=drop_remainder
    )
    check_split(split, a, b)
    domains, counts = [], []
    # Two shuffles of one seed would give two domains of one length the same order.
    seeds = (None, None) if seed is None else (2 * seed, 2 * seed + 1)
    sources = zip(_domains(a, b, split, data_dir), "ab", sizes, load_sizes, channels, seeds, strict=True)
    for source, name, size, load_size, depth, seed in sources:
        pictures = find_pictures(source, size, depth, on_error, verbose and f"{name}: ", classes=False)
        counts.append(_count(pictures, name))
        domains.append(_domain(pictures, size, load_size, augment, flip, shuffle, seed, cache))
    check_some_batch(max(counts), batch_size, drop_remainder)
    shorter = int(counts[1] <= counts[0])
    domains[shorter] = domains[shorter].repeat()
    return batched(tf.data.Dataset.zip(*domains), batch_size, drop_remainder)


def _check_sizes(size, name):
    nested = isinstance(size, (tuple, list)) and any(isinstance(part, (tuple, list)) for part in size)
    return check_pair(size if nested else (size, size), lambda part: check_size(part, name), name)


def _domains(a, b, split, data_dir):
    """Both sources, of one or two that were given."""
    if b is not None:
        return [split_of(source, split, data_dir) for source in (a, b)]
    names = [f"{split or 'train'}{domain}" for domain in "AB"]
    if is_tfds(a):
        return [tfds_split(a, name, data_dir)[0] for name in names]
    if not isinstance(a, (str, bytes, os.PathLike)):
        raise ValueError(f"Expected two domains, or a folder of both. Received: {type(a).__name__}, and no `b`.")
    path = user_path(os.fsdecode(a))
    check_folder(path)
    folders = [os.path.join(path, name) for name in names]
    if not all(os.path.isdir(folder) for folder in folders):
        raise ValueError(
            f"Expected the folders {names} in {path!r}. {folders_inside(path)} Rename them, or pass the folders of both domains."
        )
    return folders


def _count(pictures, name):
    count = pictures.count if pictures.count is not None else int(pictures.dataset.cardinality())
    if count <= 0:
        raise ValueError(
            f"The length of a data set must be known, to see which domain is larger. Received: `{name}` of unknown length. "
            "State it with dataset.apply(tf.data.experimental.assert_cardinality(n))."
        )
    return count


def _domain(pictures, size, load_size, augment, flip, shuffle, seed, cache):
    """A data set of the images of a domain."""
    as_they_are = size is None and load_size is None
    size = size or pictures.sizes[0]
    load = check_load_size(load_size, size, _RATIO) if augment and not as_they_are else size
    dataset = pictures.prepared(lambda image: (resized(image, load),), cache, shuffle, seed)
    if augment:
        dataset = augmented(dataset, [size], flip, seed)
    return dataset.map(scale_to_one, tf.data.AUTOTUNE)
