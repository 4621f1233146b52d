"""Metrics of the samples of a GAN."""

import importlib

from keras_gans.metrics import features
from keras_gans.metrics.density_coverage import DensityCoverage
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.fid import FID
from keras_gans.metrics.functions.frechet import frechet_distance
from keras_gans.metrics.gan_metric import GANMetric
from keras_gans.metrics.inception_score import InceptionScore
from keras_gans.metrics.intra_fid import IntraFID
from keras_gans.metrics.kid import KID
from keras_gans.metrics.mode_coverage import ModeCoverage
from keras_gans.metrics.ms_ssim import MSSSIM
from keras_gans.metrics.precision_recall import PrecisionRecall
from keras_gans.metrics.psnr import PSNR
from keras_gans.metrics.real_statistics import RealStatistics
from keras_gans.metrics.real_statistics import real_statistics
from keras_gans.metrics.sliced_wasserstein import SlicedWasserstein
from keras_gans.metrics.ssim import SSIM

__all__ = [
    "FID",
    "KID",
    "MSSSIM",
    "PSNR",
    "SSIM",
    "DensityCoverage",
    "FeatureMetric",
    "GANMetric",
    "InceptionScore",
    "IntraFID",
    "ModeCoverage",
    "PrecisionRecall",
    "RealStatistics",
    "SlicedWasserstein",
    "features",
    "frechet_distance",
    "real_statistics",
    "tfgan",
]


def __getattr__(name):
    """`tfgan` is imported when it is first asked for: most users never do."""
    if name == "tfgan":
        return importlib.import_module("keras_gans.metrics.tfgan")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
