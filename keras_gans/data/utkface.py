"""Faces with their ages and genders, which the names of the files say."""

import os
import re

import numpy as np

from keras_gans.data.age_groups import LIMITS
from keras_gans.data.age_groups import age_to_group
from keras_gans.data.age_groups import check_limits
from keras_gans.data.age_groups import signed_one_hot
from keras_gans.data.check_arguments import check_channels
from keras_gans.data.check_arguments import check_pipeline
from keras_gans.data.check_arguments import check_size
from keras_gans.data.image_files import are_files
from keras_gans.data.image_files import find_files
from keras_gans.data.image_files import refused_or_said
from keras_gans.data.images import batches_of
from keras_gans.data.pictures import FilePictures
from keras_gans.data.pictures import without_pandas
from keras_gans.utils.choices import check_bools

# Age, gender (0 male, 1 female), race (0 to 4), date and time; then any ending, of which the published files have several.
_NAME = re.compile(r"(\d{1,3})_([01])_[0-4]_\d+")


def utkface(
    source,
    size=128,
    batch_size=100,
    limits=LIMITS,
    gender=False,
    shuffle=True,
    seed=None,
    flip=False,
    channels=None,
    cache=True,
    drop_remainder=False,
    on_error="raise",
    verbose=True,
):
    """A pipeline of faces with the group of their age, and their gender, for CAAE: of UTKFace, or of files with such names.

    A name is `age_gender_race_date`, as in `31_1_2_20170116174525125.jpg.chip.jpg`: gender is 0 for male and 1 for female, race 0
    to 4. The 23,708 aligned and cropped faces of UTKFace are to be had at https://susanqq.github.io/UTKFace. A few of their names
    lack a part: skip these.

    Args:
        source: A folder, with subfolders or without, or a list of files.
        size: Int or pair (height, width) to resize to. Default: 128.
        batch_size: Int. Default: 100, as published.
        limits: Ints, the last age of each group but the last; see `age_to_group`. Default: those of the ten published groups.
        gender: Bool, whether batches have the gender, as `CAAE(gender=True)` wants it. Default: False, as that of `CAAE`.
        shuffle, seed, flip, channels, cache, drop_remainder: As in `keras_gans.data.images`.
        on_error: "raise" or "skip": what to do about files with other names, and about broken ones. What is skipped is said.
            Default: "raise".
        verbose: Bool, whether to print what is there. Default: True.

    Returns:
        `tf.data.Dataset` of pairs: images, float32 `(batch, height, width, channels)` in [-1, 1], and a dict of "age" `(batch,
        len(limits) + 1)` and perhaps "gender" `(batch, 2)`, one-hot rows in {-1, 1}.

    Raises:
        ValueError: if the source is not a folder or a list of files; if names do not fit, or files are broken.
        tf.errors.InvalidArgumentError: from the iteration, if the pixels of a file cannot be decoded.

    Example:

    ```python
    faces = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3)).astype("uint8")
    keras_gans.utils.save_images("people/31_1_2_20170116174525125.png", faces[:1])
    keras_gans.utils.save_images("people/4_0_0_20170116174525126.png", faces[1:])
    images, labels = next(iter(keras_gans.data.utkface("people/", size=16, gender=True)))
    print(images.shape, labels["age"].shape, labels["gender"].shape)  # (2, 16, 16, 3) (2, 10) (2, 2)
    ```

    Differences: CAAE's code stretches images to the size; here they are cropped to its aspect ratio, and resized with
        antialiasing. It reads the age and the gender of whatever name has two numbers first.

    Reference:
        Zhang, Song, Qi, Age Progression/Regression by Conditional Adversarial Autoencoder (2017), arXiv:1702.08423;
        ZZUTK/Face-Aging-CAAE, FaceAging.py.
    """
    size = check_size(size)
    check_channels(channels)
    check_limits(limits)
    check_bools(gender=gender)
    check_pipeline(batch_size, shuffle, seed, on_error, verbose, flip=flip, cache=cache, drop_remainder=drop_remainder)
    source = without_pandas(source)
    if not are_files(source):
        raise ValueError(f"Expected a folder, or a list of files, whose names say the ages. Received: {type(source).__name__}.")
    files = find_files(source, size, on_error, classes=False)
    names = [_NAME.match(os.path.basename(name)) for name in files.names]
    said = refused_or_said(
        [name for name, fits in zip(files.names, names, strict=True) if not fits],
        len(names),
        "have other names than age_gender_race_date.jpg",
        on_error,
        "Rename them",
    )
    files = files.select([index for index, fits in enumerate(names) if fits])
    if verbose:
        print(f"{files.described}{said}")
    ages, genders = np.array([[int(part) for part in fits.groups()] for fits in names if fits]).T
    labels = {"age": signed_one_hot(age_to_group(ages, limits), len(limits) + 1)}
    if gender:
        labels["gender"] = signed_one_hot(genders, 2)
    pictures = FilePictures([files], [channels or files.channels], labels, on_error)
    return batches_of(pictures, size, batch_size, shuffle, seed, flip, cache, drop_remainder)
