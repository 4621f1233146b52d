"""How good the samples of a GAN are."""

from keras_gans.metrics.mode_coverage import ModeCoverage

__all__ = ["ModeCoverage"]
