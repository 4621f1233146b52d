"""Evaluation of generators: figures of their samples, and analyses of what they have learned."""

from keras_gans.evaluation.analyses.arithmetic import arithmetic
from keras_gans.evaluation.analyses.arithmetic import arithmetic_panel
from keras_gans.evaluation.analyses.arithmetic import attribute_vector
from keras_gans.evaluation.analyses.arithmetic import noise_panel
from keras_gans.evaluation.analyses.arithmetic import traverse
from keras_gans.evaluation.analyses.clusters import clusters
from keras_gans.evaluation.analyses.codes import code_accuracy
from keras_gans.evaluation.analyses.codes import code_information
from keras_gans.evaluation.analyses.directions import PrincipalDirections
from keras_gans.evaluation.analyses.directions import generator_directions
from keras_gans.evaluation.analyses.directions import principal_directions
from keras_gans.evaluation.analyses.discriminator_features import discriminator_features
from keras_gans.evaluation.analyses.interpolation import interpolate
from keras_gans.evaluation.analyses.interpolation import lerp
from keras_gans.evaluation.analyses.interpolation import slerp
from keras_gans.evaluation.analyses.inversion import invert
from keras_gans.evaluation.analyses.leakage import class_leakage
from keras_gans.evaluation.analyses.linear_probe import linear_probe
from keras_gans.evaluation.analyses.nearest_neighbor_probe import nearest_neighbor_probe
from keras_gans.evaluation.analyses.neighbors import nearest_neighbors
from keras_gans.evaluation.analyses.parzen import parzen_log_likelihood
from keras_gans.evaluation.analyses.path_length import perceptual_path_length
from keras_gans.evaluation.analyses.projection import project
from keras_gans.evaluation.analyses.reconstruction import reconstruction_errors
from keras_gans.evaluation.analyses.separability import linear_separability
from keras_gans.evaluation.analyses.style_mixing import style_mixing_table
from keras_gans.evaluation.analyses.traversal import traverse_codes
from keras_gans.evaluation.analyses.truncation import truncation_curve
from keras_gans.evaluation.evaluate import ANALYSES
from keras_gans.evaluation.evaluate import evaluate
from keras_gans.evaluation.evaluation_result import EvaluationResult
from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.evaluation.generators.load_generator import load_generator
from keras_gans.evaluation.report.report import Report
from keras_gans.evaluation.sampling_options import SamplingOptions
from keras_gans.evaluation.style_space import StyleSpace
from keras_gans.export.batch_norm_statistics import with_batch_norm_statistics

__all__ = [
    "ANALYSES",
    "EvaluationResult",
    "GeneratorAdapter",
    "PrincipalDirections",
    "Report",
    "SamplingOptions",
    "StyleSpace",
    "arithmetic",
    "arithmetic_panel",
    "attribute_vector",
    "class_leakage",
    "clusters",
    "code_accuracy",
    "code_information",
    "discriminator_features",
    "evaluate",
    "generator_directions",
    "interpolate",
    "invert",
    "lerp",
    "linear_probe",
    "linear_separability",
    "load_generator",
    "nearest_neighbor_probe",
    "nearest_neighbors",
    "noise_panel",
    "parzen_log_likelihood",
    "perceptual_path_length",
    "principal_directions",
    "project",
    "reconstruction_errors",
    "slerp",
    "style_mixing_table",
    "traverse",
    "traverse_codes",
    "truncation_curve",
    "with_batch_norm_statistics",
]
