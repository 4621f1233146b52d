"""Real images, in [-1, 1], in batches."""

import tensorflow as tf

from keras_gans.data.check_arguments import check_channels
from keras_gans.data.check_arguments import check_pipeline
from keras_gans.data.check_arguments import check_size
from keras_gans.data.check_arguments import check_some_batch
from keras_gans.data.pictures import find_pictures
from keras_gans.data.transforms import batched
from keras_gans.data.transforms import on_image
from keras_gans.data.transforms import resized
from keras_gans.data.transforms import scale_to_one
from keras_gans.data.transforms import with_seeds


def images(
    source,
    size=None,
    batch_size=64,
    shuffle=True,
    seed=None,
    flip=False,
    channels=None,
    cache=True,
    drop_remainder=False,
    on_error="raise",
    verbose=True,
):
    """A pipeline of images for `GAN.fit`: decoded, resized, scaled to [-1, 1], cached, shuffled, batched, prefetched.

    Files come out as a person sees them: turned as EXIF says; transparent pixels over white; 16 bits scaled to 8, 65535 to 255;
    the first image of animations and of files with several pages. They may be of any format that Pillow reads (PNG, JPEG, GIF,
    BMP, TIFF, WebP, AVIF and others; HEIC if the package pillow-heif has registered it), whatever their ending says, and gray
    ones may lie among colored ones. Pixels of 32 bits are refused, because their range is not known.

    What lies directly in a folder's subfolders, or deeper, is of their classes, in natural order: "2" comes before "10". Left out
    are files without the ending of an image (files without any ending are looked into), hidden files and folders (`._1.jpg`,
    `.ipynb_checkpoints`), those of systems (`__MACOSX`, `@eaDir`), and folders without images. Links are followed. A line says
    what was found.

    Args:
        source: One of
            - an array `(n, height, width, channels)` or `(n, height, width)`, uint8, or float in [-1, 1] (scale floats of
              [0, 1] with `2 * x - 1`: they pass as they are), or a list of images of one size; or a tuple of it and an array of
              labels, or of other numbers, one row an image;
            - a folder of image files, in subfolders if they have classes;
            - a list of image files (or a column of them), or a tuple of it and labels;
            - an unbatched `tf.data.Dataset` of images, of pairs `(image, label)`, or of dicts with `image` and perhaps
              `label`, as TFDS makes them; other keys are left out.
        size: Int or pair (height, width) to resize to, with antialiasing, after cropping to that aspect ratio. Default: as
            the images are, which must then all have one size; files need it.
        batch_size: Int. Default: 64.
        shuffle: Bool, or an int, the buffer size. True: all images of arrays and files, 10,000 of a data set. Each epoch has
            another order. Without `cache`, names of files, or numbers of rows of an array, are shuffled, so that no image waits
            in memory.
        seed: Int: with `keras.utils.set_random_seed`, it makes the order and the flips the same in every run. Default: none.
        flip: Bool, whether to mirror each image left to right with probability 1/2. Default: False.
        channels: 1 or 3: gray images become colored, or colored ones gray. Default: as the images are; for files 3 if any has
            colors, else 1.
        cache: Bool, whether to keep the decoded, resized images in memory as uint8. False for a folder that is larger than
            memory, or an array, `np.load(path, mmap_mode="r")`: of arrays each batch is then read anew. Default: True.
        drop_remainder: Bool, whether to drop a smaller last batch. Default: False.
        on_error: "raise" or "skip": what to do about broken image files. Headers are read at once, pixels when they are needed.
            What is skipped is said. Default: "raise".
        verbose: Bool, whether to print what a folder or a list of files has, and which keys are left out. Default: True.

    Returns:
        `tf.data.Dataset` of float32 batches `(batch, height, width, channels)` in [-1, 1], or of pairs with the labels. Its
        attribute `class_names` has the names of the classes in the order of the labels, of a folder, or as a data set had them;
        else None.

    Raises:
        ValueError: if the source is none of these, has no images, or another type; if a folder has images beside folders of
            images; if a file is broken; if an array has values that are missing or out of range, or not one label an image.
        tf.errors.InvalidArgumentError: from the iteration, if the pixels of a file cannot be decoded, or floats of a data set are
            missing or out of range.

    Warns:
        UserWarning: if pixels of uint8 are those of masks, 0 and 1 alone, or of numbers of classes, gray and at most 20; if those
            of 16 bits are as dark: of arrays, and of the files that are looked at; of a data set it is told when training begins;
            if the subfolders of a folder are called as parts of the data are, "train" and "test", or "images" and "masks".

    Example:

    ```python
    faces = np.random.default_rng(0).integers(0, 256, (20, 16, 16, 3)).astype("uint8")
    dataset = keras_gans.data.images(faces, batch_size=10, flip=True)

    for name in ("cats/1.png", "dogs/1.png"):
        keras_gans.utils.save_images("pets/" + name, faces[:1])
    dataset = keras_gans.data.images("pets/", size=8)
    print(dataset.class_names)  # ["cats", "dogs"]
    ```
    """
    size = check_size(size)
    check_channels(channels)
    check_pipeline(batch_size, shuffle, seed, on_error, verbose, flip=flip, cache=cache, drop_remainder=drop_remainder)
    pictures = find_pictures(source, size, channels, on_error, verbose)
    dataset = batches_of(pictures, size, batch_size, shuffle, seed, flip, cache, drop_remainder)
    dataset.class_names = pictures.class_names
    return dataset


def batches_of(pictures, size, batch_size, shuffle, seed, flip, cache, drop_remainder):
    """Batches of pictures, one an element, with their labels if there are any; the arguments are those of `images`.

    Args:
        pictures: `FilePictures` or `TensorPictures`.
        size: Pair of ints, or None.
    """
    check_some_batch(pictures.count, batch_size, drop_remainder)
    fitted = on_image(lambda image: image if size is None else resized(image, size))
    dataset = pictures.prepared(fitted, cache, shuffle, seed).map(on_image(scale_to_one), tf.data.AUTOTUNE)
    if flip:
        dataset = _flipped(dataset, seed)
    return batched(dataset, batch_size, drop_remainder)


def _flipped(dataset, seed):
    def flip(element, seed):
        mirrored = on_image(lambda image: tf.image.stateless_random_flip_left_right(image, seed))
        return mirrored(*element) if isinstance(element, tuple) else mirrored(element)

    return with_seeds(dataset, seed).map(flip, tf.data.AUTOTUNE)
