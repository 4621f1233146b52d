"""Replays: what shows the discriminator older fakes, so that it does not forget them."""

from keras_gans.replay.history import History
from keras_gans.replay.image_pool import ImagePool
from keras_gans.replay.replay import Replay

__all__ = ["History", "ImagePool", "Replay"]
