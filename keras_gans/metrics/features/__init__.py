"""Networks whose features metrics compare."""

from keras_gans.metrics.features.callable import Callable
from keras_gans.metrics.features.classifier import Classifier
from keras_gans.metrics.features.efficientnet_lite0 import EfficientNetLite0
from keras_gans.metrics.features.extractor import Extractor
from keras_gans.metrics.features.inception import Inception
from keras_gans.metrics.features.lenet import lenet
from keras_gans.metrics.features.train_classifier import train_classifier

__all__ = [
    "Callable",
    "Classifier",
    "EfficientNetLite0",
    "Extractor",
    "Inception",
    "lenet",
    "train_classifier",
]
