"""Networks whose features metrics compare."""

from keras_gans.metrics.features.extractor import Extractor

__all__ = ["Extractor"]
