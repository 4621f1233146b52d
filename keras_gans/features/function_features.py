"""Any function as a feature extractor."""

import tensorflow as tf

from keras_gans.features.feature_extractor import FeatureExtractor


class FunctionFeatures(FeatureExtractor):
    """Features that a function computes: pixels, another library's network, a projection.

    Args:
        function: Images `(batch, height, width, channels)`, float32 in [-1, 1], to features, or to a dict with `features` and
            perhaps `logits`. It must use TensorFlow or Keras operations to work in compiled metrics.
        dimensions: Int, the length of a feature vector. Default: found out from the first images.
        classes: Int, the length of the logits. Default: none.
        name: String, for the protocol: it must identify this function. Default: the function's name.
        quantize: Bool, as in `FeatureExtractor`. Default: True.

    Shapes:
        Features of any shape are flattened to `(batch, dimensions)`.

    Raises:
        ValueError: if `function` is not callable, or has no name; when it is called, if its features or logits are not of
            the promised shapes, or it gives logits without `classes`.

    Example:

    ```python
    pixels = keras_gans.metrics.features.FunctionFeatures(lambda images: images, name="pixels")
    print(pixels(keras.random.uniform((16, 28, 28, 1), -1, 1))["features"].shape)  # (16, 784)
    ```
    """

    def __init__(self, function, dimensions=None, classes=None, name=None, quantize=True):
        super().__init__(quantize)
        if not callable(function):
            raise ValueError(f"`function` must take images and return features. Received: {function!r}")
        name = name or getattr(function, "__name__", "<lambda>")
        if name == "<lambda>":
            raise ValueError("The protocol needs a name for this function, which has none: pass `name`.")
        self.function, self.dimensions, self.classes = function, dimensions, classes
        self.protocol |= {"function": name}

    def extract(self, images):
        outputs = self.function(images)
        outputs = dict(outputs) if isinstance(outputs, dict) else {"features": outputs}
        names = {"features"} if self.classes is None else {"features", "logits"}
        if set(outputs) != names:
            raise ValueError(
                f"The function must give {sorted(names)}. Received: {sorted(outputs)}. Pass the number of `classes` if, and only "
                "if, it gives logits."
            )
        return {name: self._matrix(name, value) for name, value in outputs.items()}

    def _matrix(self, name, value):
        width = self.dimensions if name == "features" else self.classes
        value = tf.convert_to_tensor(value)
        size = value.shape[1:].num_elements() if value.shape.rank else None
        if width is not None and size not in (None, width):
            raise ValueError(f"The function promised {width} {name} for each image. Received: shape {tuple(value.shape)}.")
        if width is None and size is None:
            raise ValueError(f"The shape of {name} is not known: {value.shape}. Pass `dimensions`.")
        return tf.reshape(value, (-1, width or size))
