"""Callbacks for GANs. All of Keras' own callbacks work too; docs/callbacks.md says what each of them does."""

from keras_gans.callbacks.mode_collapse_monitor import ModeCollapseMonitor
from keras_gans.callbacks.mode_collapse_monitor import spread
from keras_gans.callbacks.sample_grid import SampleGrid
from keras_gans.callbacks.terminate_on_nan import TerminateOnNaN

__all__ = ["ModeCollapseMonitor", "SampleGrid", "TerminateOnNaN", "spread"]
