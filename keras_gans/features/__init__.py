"""Networks whose features metrics compare."""

from keras_gans.features.classifier_features import ClassifierFeatures
from keras_gans.features.efficientnet_lite0 import EfficientNetLite0
from keras_gans.features.feature_extractor import FeatureExtractor
from keras_gans.features.function_features import FunctionFeatures
from keras_gans.features.inception import Inception
from keras_gans.features.lenet import lenet
from keras_gans.features.train_classifier import train_classifier

__all__ = [
    "FunctionFeatures",
    "ClassifierFeatures",
    "EfficientNetLite0",
    "FeatureExtractor",
    "Inception",
    "lenet",
    "train_classifier",
]
