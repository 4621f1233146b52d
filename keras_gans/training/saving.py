"""Files of a model: folders are made, the last good file survives a full disk, a half-written file is named as such."""

import math
import os
import warnings

import tensorflow as tf

from keras_gans.training.loadable import warn_of_unloadable
from keras_gans.utils.files import written_beside
from keras_gans.utils.paths import user_path
from keras_gans.utils.private_keras import may_overwrite
from keras_gans.utils.saved_files import DAMAGE
from keras_gans.utils.saved_files import check_whole
from keras_gans.utils.saved_files import damaged
from keras_gans.utils.saved_files import holds_optimizers

_DAMAGE = OSError, RuntimeError, KeyError, *DAMAGE  # HDF5 raises the first three


class Saving:
    """A mixin for a `keras.Model`, named before it: `save`, `save_weights`, `load_weights`, with more guarantees than Keras'."""

    _file_of_optimizers = None  # which `load_weights` read before there were any

    @property
    def optimizers(self):
        """The optimizers by what they train. A class that has several overrides it."""
        return {type(self).__name__: self.optimizer}

    def save(self, filepath, overwrite=True, **kwargs):
        """Saves networks, averages, optimizers, state and recipe as a `.keras` file, as `keras.Model.save`.

        Its folder is made. The file is written beside its place and moved there: where that fails, on a full disk for example,
        the file that was there before is left as it was.

        Raises:
            ValueError: for an ending of HDF5, or if there is a folder that is not a saved model.
            OSError: if the file cannot be written.

        Warns:
            UserWarning: if the file cannot be loaded: another class has got a saved one's registered name, or a layer's class
                does not take its configuration.
        """
        if str(filepath).endswith((".h5", ".hdf5")):
            raise ValueError(
                f"A {type(self).__name__} is saved as a `.keras` file. Received: {str(filepath)!r}. Use that ending; or, for "
                "weights only, `save_weights`, or ModelCheckpoint(..., save_weights_only=True)."
            )
        warn_of_unloadable(self, stacklevel=2)
        self._write(super().save, filepath, overwrite, **kwargs)

    def save_weights(self, filepath, overwrite=True, **kwargs):
        """Saves all weights, as `keras.Model.save_weights`, with the guarantees of `save`."""
        self._write(super().save_weights, filepath, overwrite, **kwargs)

    def load_weights(self, filepath, *args, **kwargs):
        """Reads what `save_weights` wrote, as `keras.Model.load_weights`.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if the file was written only in part or is damaged, does not fit the networks, or is none of such a model;
                weights and optimizers are then as they were.

        Optimizers are there once the model is compiled: a training is resumed by `compile`, then `load_weights`. In the other
        order the first `fit` or `train_on_batch` warns, unless `compile` was given the optimizers to train with.
        """
        filepath = check_whole(filepath)
        if not ("://" in filepath or os.path.isdir(filepath) or filepath.endswith((".keras", ".weights.h5", ".weights.json"))):
            raise ValueError(
                "`filepath` must be a file that `save_weights` or `save` wrote, which ends in .weights.h5 or .keras. Received: "
                f"{filepath!r}. Weights of one network are for that network: its own load_weights(path)."
            )
        before = [(variable, variable.numpy()) for variable in self._saved_variables()]
        try:
            super().load_weights(filepath, *args, **kwargs)
        except BaseException as error:
            for variable, value in before:  # Keras sets those that fit
                variable.assign(value)
            if isinstance(error, _DAMAGE):
                raise damaged(filepath) from error
            if not isinstance(error, ValueError) or "could not be loaded" not in str(error):
                raise
            # Keras' text: how many do not fit, the first one's error, all their names.
            reason = next(iter(str(error).split("\n\n")[1:]), str(error)).split(", value=[", 1)[0].strip()
            raise ValueError(
                f"The weights in {filepath!r} do not fit this {type(self).__name__}. Expected: those of the same "
                f"networks. Received: those of others; the first that does not fit: {reason.rstrip('.')}. Build the networks as "
                "they were when the weights were saved (for a script that resumes: repeat the options of its first run), or "
                "begin anew in another folder."
            ) from error
        self._file_of_optimizers = filepath if not self.compiled and holds_optimizers(filepath) else None

    def save_own_variables(self, store):
        super().save_own_variables(store)
        # Keras does not save the state of layers' random number generators, such as Dropout's.
        for index, state in enumerate(self._seed_states()):
            store[f"seed_generator_{index}"] = state

    def load_own_variables(self, store):
        names = list(store.keys())
        seeds = {name: store[name] for name in names if name.startswith("seed_generator_")}
        super().load_own_variables({name: store[name] for name in names if name not in seeds})
        for index, state in enumerate(self._seed_states()):
            if f"seed_generator_{index}" in seeds:
                state.assign(seeds[f"seed_generator_{index}"])

    def forget_optimizers_left_out(self):
        """Says that the user chose new optimizers: those of a file that was loaded before are not missed."""
        self._file_of_optimizers = None

    def warn_of_optimizers_left_out(self):
        """Warns, where a training begins, if weights were loaded before `compile`, without the state of their optimizers."""
        path, self._file_of_optimizers = self._file_of_optimizers, None
        if path is not None:
            warnings.warn(
                f"{path!r} was loaded before `compile`, without the state of its optimizers: training begins with new ones. To "
                "resume it, call `compile` first, then `load_weights`.",
                stacklevel=3,
            )

    def _seed_states(self):
        weights = {id(variable) for variable in self.weights}
        return [variable for variable in self.variables if id(variable) not in weights]

    def _saved_variables(self):
        optimizers = self.optimizers.values() if self.compiled else ()
        return [*self.variables, *(variable for optimizer in optimizers for variable in optimizer.variables)]

    def _write(self, write, filepath, overwrite, **kwargs):
        filepath = user_path(filepath, "filepath", "Pass where the file is to be written.")
        if not overwrite and os.path.exists(filepath) and not may_overwrite(filepath):
            return
        if os.path.isdir(filepath) and os.listdir(filepath) and not os.path.exists(os.path.join(filepath, "config.json")):
            raise ValueError(f"{str(filepath)!r} is a folder that is not a saved model. Choose another path, or remove it.")
        size = sum(math.prod(variable.shape) * tf.as_dtype(variable.dtype).size + 2_000 for variable in self._saved_variables())
        with written_beside(filepath, size) as beside:  # 2,000: what HDF5 adds to a variable, and a little more
            write(beside, **kwargs)
