"""The features that FID, KID and the Inception score are named after."""

import os

import numpy as np
import tensorflow as tf

from keras_gans.features.feature_extractor import FeatureExtractor
from keras_gans.features.feature_extractor import to_rgb
from keras_gans.features.module_function import load_saved_model
from keras_gans.features.module_function import saved_model_fingerprint
from keras_gans.features.module_function import weights_of
from keras_gans.features.resize import METHODS
from keras_gans.features.resize import resize
from keras_gans.utils.choices import check_bools
from keras_gans.utils.choices import check_choice
from keras_gans.utils.hub_modules import find_saved_model

INCEPTION_TFHUB = "https://tfhub.dev/tensorflow/tfgan/eval/inception/1"
_SIZE = 299


class Inception(FeatureExtractor):
    """Features of the Inception network of 2015 that published FID, KID and Inception scores use.

    2048 features, of the last pooling, and the logits of 1008 classes, of which ImageNet has 1000. The logits have no bias, as in
    published Inception scores: the bias is found among the module's weights and subtracted.

    `preprocessing` names the code base whose figures are to be matched. It resizes to 299 x 299 and scales x in [0, 255]:

    "tensorflow"    bilinear as TensorFlow 1, (x - 128) / 128: the first FID, TF-GAN, compare_gan
    "pytorch"       bilinear as PyTorch, 2 x / 255 - 1: pytorch-fid
    "clean"         bicubic, antialiased, (x - 128) / 128: clean-fid

    Args:
        module: String: URL of TF-Hub or Kaggle, folder of a SavedModel, or Kaggle's "owner/model/framework/variation". It
            takes images `(batch, 299, 299, 3)` in [-1, 1] and gives a dict with `pool_3` and `logits`. Default: TF-GAN's.
        preprocessing: String, as above. Default: "tensorflow".
        quantize: Bool, as in `FeatureExtractor`. Default: True.
        bias: Bool, whether to leave the logits as the module gives them, bias included. Default: False.

    Shapes:
        Images `(batch, height, width, 1 or 3)`; features `(batch, 2048)`, logits `(batch, 1008)`.

    Raises:
        ImportError: if the package that downloads the module is missing.
        FileNotFoundError: if the module cannot be downloaded; the message says which file to put where.
        ValueError: for another preprocessing; if the module gives no such outputs, or its bias is not found.

    Example:

    ```python
    fid = keras_gans.metrics.FID(keras_gans.metrics.features.Inception())
    fid = keras_gans.metrics.FID(keras_gans.metrics.features.Inception("models/inception", preprocessing="clean"))
    ```

    Reference:
        Szegedy et al., Rethinking the Inception Architecture for Computer Vision (2015), arXiv:1512.00567; Salimans et al.,
        Improved Techniques for Training GANs (2016), arXiv:1606.03498, openai/improved-gan for the missing bias; Heusel et
        al., GANs Trained by a Two Time-Scale Update Rule (2017), arXiv:1706.08500, bioinf-jku/TTUR for the scale.

    Differences: on GPUs that multiply matrices in TF32, "clean" resizes with that precision;
    `tf.config.experimental.enable_tensor_float_32_execution(False)` avoids it.
    """

    def __init__(self, module=INCEPTION_TFHUB, preprocessing="tensorflow", quantize=True, bias=False):
        check_bools(bias=bias)
        super().__init__(quantize)
        check_choice(METHODS, preprocessing=preprocessing)
        self.preprocessing = preprocessing
        path = find_saved_model(module)
        self.module = load_saved_model(path)
        pool, logits, arrays = self._probe(module)
        self.dimensions, self.classes = pool.shape[-1], logits.shape[-1]
        self.bias = np.zeros(self.classes, "float32") if bias else _find_bias(arrays, pool, logits)
        self.protocol |= {
            "module": os.path.basename(os.path.normpath(module)) if os.path.isdir(os.path.expanduser(module)) else module,
            "weights": saved_model_fingerprint(path),
            "preprocessing": preprocessing,
            "size": _SIZE,
            "resize": METHODS[preprocessing],
            "input": "2 x / 255 - 1" if preprocessing == "pytorch" else "(x - 128) / 128",
            "bias": bias,
        }

    def extract(self, images):
        x = resize((to_rgb(images) + 1.0) * 127.5, _SIZE, self.preprocessing)
        x = x / 127.5 - 1.0 if self.preprocessing == "pytorch" else (x - 128.0) / 128.0
        outputs = self.module(x)
        # Some modules leave the two axes that were pooled.
        features = tf.reshape(outputs["pool_3"], (-1, self.dimensions))
        return {"features": features, "logits": tf.reshape(outputs["logits"], (-1, self.classes)) - self.bias}

    def _probe(self, module):
        """Both outputs for two random images, and all arrays that the module computes them from."""
        images = tf.constant(np.random.default_rng(0).uniform(-1, 1, (2, _SIZE, _SIZE, 3)), tf.float32)
        with tf.init_scope():
            function = tf.function(self.module).get_concrete_function(tf.TensorSpec((None, _SIZE, _SIZE, 3)))
            outputs = function(images)
        if not isinstance(outputs, dict) or not {"pool_3", "logits"} <= set(outputs):
            received = sorted(outputs) if isinstance(outputs, dict) else type(outputs).__name__
            raise ValueError(f"{module} must give a dict with 'pool_3' and 'logits'. Received: {received}.")
        return *(outputs[name].numpy().reshape(2, -1) for name in ("pool_3", "logits")), weights_of(function)


def _find_bias(arrays, pool, logits):
    """The bias b of logits = pool kernel + b; without such a kernel, the one array of the shape of a bias."""
    shape = (pool.shape[1], logits.shape[1])
    kernels = [np.squeeze(array) for array in arrays if np.squeeze(array).shape == shape]
    biases = list({array.tobytes(): array for array in arrays if array.shape == shape[1:]}.values())
    if kernels:
        # Zeros: a module whose logits have no bias to begin with.
        biases = [
            bias for bias in [*biases, np.zeros(shape[1:])] if any(_fits(pool @ kernel + bias, logits) for kernel in kernels)
        ]
    if len(biases) != 1:
        raise ValueError(
            f"The bias of the logits, an array of shape {shape[1:]}, cannot be identified among the module's weights: "
            f"{len(biases)} fit. Pass bias=True for logits with it; Inception scores are then not comparable with published "
            "ones."
        )
    return biases[0].astype("float32")


def _fits(computed, logits):
    return np.allclose(computed, logits, rtol=1e-3, atol=1e-3 * np.abs(logits).max())
