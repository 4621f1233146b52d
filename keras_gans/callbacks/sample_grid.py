"""A callback that saves a grid of generated images, or of translated examples, after each epoch."""

import contextlib
import os
import warnings

import keras
import numpy as np
from PIL import Image

from keras_gans.callbacks.classes import conditions_of
from keras_gans.callbacks.classes import known_classes
from keras_gans.callbacks.classes import names_of_classes
from keras_gans.callbacks.classes import number_of
from keras_gans.callbacks.reals import check_reals
from keras_gans.callbacks.reals import first_reals
from keras_gans.callbacks.translations import Translations
from keras_gans.utils.choices import check_bools
from keras_gans.utils.files import warned_of
from keras_gans.utils.files import written_beside
from keras_gans.utils.image_files import image_grid
from keras_gans.utils.image_files import picture
from keras_gans.utils.image_files import save_images
from keras_gans.utils.image_files import with_row_names
from keras_gans.utils.integers import check_ints
from keras_gans.utils.optional import require
from keras_gans.utils.paths import check_output_folder
from keras_gans.utils.paths import make_output_folder
from keras_gans.utils.paths import user_path
from keras_gans.utils.random import make_seed
from keras_gans.utils.side_by_side import side_by_side

_GOES_ON = "Training goes on."
_MOST_CLASSES = 20  # rows that a picture shows unless more are asked for


class SampleGrid(keras.callbacks.Callback):
    """Saves a grid of generated images, from the same latents each time.

    Files: `<directory>/epoch_0000.png` before training, `epoch_0001.png` after the first epoch, and so on; `reals.png` once,
    if `reals` are given; `samples.gif` of all grids at the end, if wanted; of a training that
    goes on, with those before it that are in the folder.

    Of a GAN that translates images, the grid shows examples: a source, its translation, and its target, where the data are
    paired; small sources are enlarged. `reals` says which, and is needed.

    Args:
        directory: Folder, made if it is not there.
        every: Int, epochs between grids. Default: 1.
        rows: Int. Default: 8, or the number of classes; of a GAN with more than 20 classes, the first 20.
        columns: Int; of translations, how many examples stand in a row. Default: 8, or 1 of translations.
        seed: Int or pair of ints, of the latents, or of what a translation draws. Default: 0.
        reals: Array or list of images, a pair of it and labels, or a `tf.data.Dataset` of batches, to show once as a grid of the
            same size: uint8, or floats as the generator makes them, in `gan.image_range`. Of translations: data as for `fit`,
            (source, target), such as the training data themselves, of which the first examples are shown; or sources alone.
            Default: none.
        classes: Int n, a list of n names, or a list of conditions: a row for each of 0..n-1, or of the list. Names, such as
            `dataset.class_names` of `keras_gans.data.images`, stand left of the rows. The latents are the same in every row,
            one for each column. For several conditions a list of dicts, or a dict of lists. Default: the classes of the GAN, the
            first `rows` of them; needed for a conditional GAN that has no classes, or does not know them.
        gif: Bool, whether to save `samples.gif` when training ends. Default: False.
        tensorboard: Folder for TensorBoard's image summaries (needs the extra `plots`). Default: none.
        both_ways: Bool, of a GAN that translates both ways: whether an example is a source, its translation, and that
            translated back, and then the same from the other domain. Default: False.

    Raises:
        ValueError: if `directory` is not a path, or can be no folder; if `every`, `rows` or `columns` is not positive, `rows` is
            not the number of classes, or `reals` are no images; when training begins, if they are not what the generator can
            make, or the folder cannot be made.

    Warns:
        RuntimeWarning: if a picture cannot be written, on a full disk for example. Training goes on.
        UserWarning: if `reals` lie in [0, 1], and the generator's images range over [-1, 1].

    Example:

    ```python
    grid = keras_gans.callbacks.SampleGrid("samples/", rows=4, columns=4, reals=dataset)
    gan.fit(dataset, epochs=20, callbacks=[grid])  # writes samples/epoch_0000.png, samples/epoch_0001.png, ...
    ```
    """

    def __init__(
        self,
        directory,
        every=1,
        rows=None,
        columns=None,
        seed=0,
        reals=None,
        classes=None,
        gif=False,
        tensorboard=None,
        both_ways=False,
    ):
        check_bools(gif=gif, both_ways=both_ways)
        super().__init__()
        self.class_names = names_of_classes(classes)
        self.conditions = conditions_of(classes)
        make_seed(seed)
        check_reals(reals)
        self.rows = rows if rows is not None else 8 if classes is None else number_of(self.conditions)
        self.columns = 8 if columns is None else columns
        check_ints(1, every=every, rows=self.rows, columns=self.columns)
        if classes is not None:
            _check_rows(self.rows, number_of(self.conditions))
        self._classes_of_gan, self._wanted_rows, self._wanted_columns = classes is None, rows, columns
        self.directory = user_path(directory, "directory", "It is the folder of the pictures.")
        check_output_folder(self.directory, "`directory`")
        self.every = every
        self.seed = seed
        self.reals = reals
        self.gif = gif
        self.tensorboard = None if tensorboard is None else user_path(tensorboard, "tensorboard", "It is a folder.")
        self.both_ways = both_ways
        self._frames, self._translations = [], None
        if tensorboard is not None:
            require("tensorboard", "plots", "Writing images for TensorBoard")

    def set_model(self, model):
        super().set_model(model)
        self._translations = None
        if model.as_sampler().translates:
            self._take_examples()
            return
        if self.both_ways:
            raise ValueError(f"`both_ways` needs a GAN that translates. Received: {type(model).__name__}. Leave it out.")
        self.columns = self._wanted_columns or 8
        if not self._classes_of_gan:
            return
        classes = known_classes(model)
        self.rows = self._wanted_rows or (8 if classes is None else min(classes, _MOST_CLASSES))
        self.conditions = None if classes is None else conditions_of(self.rows)
        if classes is not None and self.rows > classes:
            _check_rows(self.rows, classes)

    def _take_examples(self):
        if not self._classes_of_gan:
            raise ValueError("A GAN that translates takes its sources from `reals`, and has no `classes`. Leave `classes` out.")
        self.rows, self.columns = self._wanted_rows or 8, self._wanted_columns or 1
        self._translations = Translations(self.model, self.reals, self.rows * self.columns, self.seed, self.both_ways)

    def on_train_begin(self, logs=None):
        make_output_folder(self.directory, "`directory`")
        self._frames = []
        if self.reals is not None and self._translations is None:
            path = os.path.join(self.directory, "reals.png")
            reals = first_reals(self.reals, self.rows * self.columns, self.model)
            with warned_of(path, _GOES_ON):
                save_images(path, reals, self.rows, self.columns, image_range=self.model.image_range)

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 0:
            self._save(0)
        elif self.gif and not self._frames:
            self._frames = self._frames_until(epoch)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            self._save(epoch + 1)

    def on_train_end(self, logs=None):
        if self.gif and self._frames:
            last = self._frames[-1]
            first, *others = [frame for frame in self._frames if (frame.size, frame.mode) == (last.size, last.mode)]
            path = os.path.join(self.directory, "samples.gif")
            with warned_of(path, _GOES_ON), written_beside(path) as beside:
                first.save(beside, save_all=True, append_images=others, duration=300, loop=0)

    def images(self):
        """The images of the grid, row by row; of translations, those that the generator makes."""
        if self._translations is not None:
            return self._translations.images()
        sampler = self.model.as_sampler()
        if self.conditions is None:
            latents = sampler.draw_latents(self.rows * self.columns, self.seed)
            return self.model.generate(self.rows * self.columns, latents=latents)
        latents = sampler.draw_latents(self.columns, self.seed)
        latents = np.tile(latents, (self.rows, *[1] * len(sampler.latent_shape)))
        conditions = keras.tree.map_structure(lambda values: np.repeat(values, self.columns, axis=0), self.conditions)
        return self.model.generate(self.rows * self.columns, latents=latents, condition=conditions)

    def _save(self, epoch):
        grid = self._grid(epoch)
        if self.class_names is not None:
            grid = with_row_names(grid, self.class_names)
        image = picture(grid)
        path = self._path(epoch)
        with warned_of(path, _GOES_ON), written_beside(path) as beside:
            image.save(beside)
        if self.gif:
            self._frames.append(image)
        if self.tensorboard is not None:
            self._write_summary(grid, epoch)

    def _frames_until(self, epoch):
        """The grids of a training that goes on, as far as they are in the folder."""
        frames = []
        for number in range(epoch + 1):
            with contextlib.suppress(OSError), Image.open(self._path(number)) as image:
                frames.append(image.copy())
        return frames

    def _path(self, epoch):
        return os.path.join(self.directory, f"epoch_{epoch:04d}.png")

    def _grid(self, epoch):
        if self._translations is None:
            images = _without_nan(self.images(), self.model.image_range, epoch)
            return image_grid(images, self.rows, self.columns, image_range=self.model.image_range)
        columns = self._translations.columns()
        images = side_by_side([_without_nan(*column, epoch) for column in columns], [values for _, values in columns])
        return image_grid(images, columns=self.columns * len(columns))

    def _write_summary(self, grid, epoch):
        import tensorflow as tf

        with warned_of(self.tensorboard, _GOES_ON), tf.summary.create_file_writer(self.tensorboard).as_default():
            tf.summary.image("samples", grid[None], step=epoch)


def _without_nan(images, image_range, epoch):
    if not np.isnan(images).any():
        return images
    warnings.warn(f"After epoch {epoch} the generator makes NaN, drawn as gray: its weights are lost.", stacklevel=4)
    return np.nan_to_num(images, nan=float(np.mean(image_range)))


def _check_rows(rows, classes):
    if rows != classes:
        raise ValueError(f"There is a row for each of {classes} classes. Received: rows={rows!r}. Leave it out.")
