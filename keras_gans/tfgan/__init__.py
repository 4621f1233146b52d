"""TF-GAN's functional evaluation API: its names, arguments, defaults and return values; a script changes one import.

One thing differs: `..._streaming(...)` returns a `keras.metrics.Metric` instead of a value and an update operation.
"""

from keras_gans.tfgan.classifier_score import classifier_score
from keras_gans.tfgan.classifier_score import classifier_score_from_logits
from keras_gans.tfgan.classifier_score import classifier_score_from_logits_streaming
from keras_gans.tfgan.classifier_score import classifier_score_streaming
from keras_gans.tfgan.frechet_distance import diagonal_only_frechet_classifier_distance_from_activations
from keras_gans.tfgan.frechet_distance import frechet_classifier_distance
from keras_gans.tfgan.frechet_distance import frechet_classifier_distance_from_activations
from keras_gans.tfgan.frechet_distance import mean_only_frechet_classifier_distance_from_activations
from keras_gans.tfgan.frechet_streaming import frechet_classifier_distance_from_activations_streaming
from keras_gans.tfgan.frechet_streaming import frechet_classifier_distance_streaming
from keras_gans.tfgan.image_grid import image_grid
from keras_gans.tfgan.image_grid import image_reshaper
from keras_gans.tfgan.image_grid import python_image_grid
from keras_gans.tfgan.inception_module import INCEPTION_DEFAULT_IMAGE_SIZE
from keras_gans.tfgan.inception_module import INCEPTION_FINAL_POOL
from keras_gans.tfgan.inception_module import INCEPTION_OUTPUT
from keras_gans.tfgan.inception_module import INCEPTION_TFHUB
from keras_gans.tfgan.inception_module import classifier_fn_from_tfhub
from keras_gans.tfgan.inception_module import frechet_inception_distance
from keras_gans.tfgan.inception_module import frechet_inception_distance_streaming
from keras_gans.tfgan.inception_module import inception_score
from keras_gans.tfgan.inception_module import inception_score_streaming
from keras_gans.tfgan.inception_module import kernel_inception_distance
from keras_gans.tfgan.inception_module import kernel_inception_distance_and_std
from keras_gans.tfgan.inception_module import run_inception
from keras_gans.tfgan.inception_module import sample_and_run_inception
from keras_gans.tfgan.kernel_distance import kernel_classifier_distance
from keras_gans.tfgan.kernel_distance import kernel_classifier_distance_and_std
from keras_gans.tfgan.kernel_distance import kernel_classifier_distance_and_std_from_activations
from keras_gans.tfgan.kernel_distance import kernel_classifier_distance_from_activations
from keras_gans.tfgan.run import run_classifier_fn
from keras_gans.tfgan.run import sample_and_run_classifier_fn
from keras_gans.tfgan.sliced_wasserstein_distance import sliced_wasserstein_distance

__all__ = [
    "INCEPTION_DEFAULT_IMAGE_SIZE",
    "INCEPTION_FINAL_POOL",
    "INCEPTION_OUTPUT",
    "INCEPTION_TFHUB",
    "classifier_fn_from_tfhub",
    "classifier_score",
    "classifier_score_from_logits",
    "classifier_score_from_logits_streaming",
    "classifier_score_streaming",
    "diagonal_only_frechet_classifier_distance_from_activations",
    "frechet_classifier_distance",
    "frechet_classifier_distance_from_activations",
    "frechet_classifier_distance_from_activations_streaming",
    "frechet_classifier_distance_streaming",
    "frechet_inception_distance",
    "frechet_inception_distance_streaming",
    "image_grid",
    "image_reshaper",
    "inception_score",
    "inception_score_streaming",
    "kernel_classifier_distance",
    "kernel_classifier_distance_and_std",
    "kernel_classifier_distance_and_std_from_activations",
    "kernel_classifier_distance_from_activations",
    "kernel_inception_distance",
    "kernel_inception_distance_and_std",
    "mean_only_frechet_classifier_distance_from_activations",
    "python_image_grid",
    "run_classifier_fn",
    "run_inception",
    "sample_and_run_classifier_fn",
    "sample_and_run_inception",
    "sliced_wasserstein_distance",
]
