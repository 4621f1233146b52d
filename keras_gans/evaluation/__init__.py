"""How good a generator is, and what it has learned."""

from keras_gans.evaluation.arithmetic import arithmetic
from keras_gans.evaluation.arithmetic import arithmetic_panel
from keras_gans.evaluation.arithmetic import attribute_vector
from keras_gans.evaluation.arithmetic import noise_panel
from keras_gans.evaluation.arithmetic import traverse
from keras_gans.evaluation.as_subject import as_subject
from keras_gans.evaluation.clusters import clusters
from keras_gans.evaluation.discriminator_features import discriminator_features
from keras_gans.evaluation.evaluate import ANALYSES
from keras_gans.evaluation.evaluate import evaluate
from keras_gans.evaluation.evaluation import Evaluation
from keras_gans.evaluation.interpolation import interpolate
from keras_gans.evaluation.interpolation import lerp
from keras_gans.evaluation.interpolation import slerp
from keras_gans.evaluation.inversion import invert
from keras_gans.evaluation.leakage import class_leakage
from keras_gans.evaluation.linear_probe import linear_probe
from keras_gans.evaluation.neighbors import nearest_neighbors
from keras_gans.evaluation.parzen import parzen_log_likelihood
from keras_gans.evaluation.path_length import perceptual_path_length
from keras_gans.evaluation.report import Report
from keras_gans.evaluation.subject import Subject
from keras_gans.evaluation.truncation import truncation_curve
from keras_gans.evaluation.with_statistics import with_statistics

__all__ = [
    "ANALYSES",
    "Evaluation",
    "Report",
    "Subject",
    "arithmetic",
    "arithmetic_panel",
    "as_subject",
    "attribute_vector",
    "class_leakage",
    "clusters",
    "discriminator_features",
    "evaluate",
    "interpolate",
    "invert",
    "lerp",
    "linear_probe",
    "nearest_neighbors",
    "noise_panel",
    "parzen_log_likelihood",
    "perceptual_path_length",
    "slerp",
    "traverse",
    "truncation_curve",
    "with_statistics",
]
