"""What is made from a SavedModel, and remembers where it lies."""

import os

from keras_gans.hub.known_modules import parse_handle
from keras_gans.utils.config import Serializable
from keras_gans.utils.hub_modules import find_saved_model
from keras_gans.utils.hub_modules import load
from keras_gans.utils.paths import user_path


class FromSavedModel(Serializable):
    """Mixin for what takes a SavedModel first: a path or a handle, or what was loaded from one.

    Its configuration holds the path.
    """

    def loaded(self, saved_model):
        """What `tf.saved_model.load` makes of a path, which is remembered as an absolute one, or a handle; else as it is."""
        if not isinstance(saved_model, (str, os.PathLike)):
            return saved_model
        source = user_path(saved_model, "saved_model")
        if os.path.isdir(source):
            self._arguments.saved_model = source
            return load(source)
        return load(find_saved_model(parse_handle(os.fspath(saved_model))[2]))

    def saved_from(self, path):
        """Says where a SavedModel in memory was loaded from, None if nowhere. Returns the object."""
        if path is not None:
            self._arguments.saved_model = path
        return self

    def get_config(self):
        if not isinstance(self._arguments.saved_model, (str, os.PathLike)):
            raise ValueError(
                f"This {type(self).__name__} was made from a SavedModel in memory, which a configuration cannot hold. Make it "
                "from a path or a handle: keras_gans.hub.load(path)."
            )
        self._arguments.saved_model = os.fspath(self._arguments.saved_model)
        return super().get_config()
