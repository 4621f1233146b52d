"""Any Keras classifier as a feature extractor."""

import keras
import numpy as np
import tensorflow as tf

from keras_gans.features.feature_extractor import FeatureExtractor
from keras_gans.features.feature_extractor import fingerprint
from keras_gans.features.feature_extractor import in_graph
from keras_gans.utils.copies import copy_layer
from keras_gans.utils.copies import take_weights
from keras_gans.utils.input_range import as_model_takes
from keras_gans.utils.input_range import input_range
from keras_gans.utils.networks import input_of_last_layer
from keras_gans.utils.numbers import checked_range
from keras_gans.utils.private_keras import inputs_of_source
from keras_gans.utils.private_keras import run_through_graph
from keras_gans.utils.private_keras import source_of


class ClassifierFeatures(FeatureExtractor):
    """Features and logits of a Keras classifier: the right choice for data unlike ImageNet.

    Features are the input of the last layer with weights, or the output of a layer that you name. Logits are the model's output,
    or the input of its final softmax: the logarithm of a softmax would lose digits. The extractor copies the model with its
    present weights: further training of the model changes neither the extractor nor its `protocol`.

    Args:
        model: `keras.Model`, functional or Sequential, models inside it included, that takes a batch of images and gives
            `(batch, classes)`: logits, or the probabilities of a softmax.
        features: String, name of a layer of the model, or of a model inside it, whose output is the features. Default: the input
            of the last layer with weights.
        quantize: Bool, as in `FeatureExtractor`. Default: True.
        value_range: Pair of floats, the values that black and white have for the model. Default: (-1, 1), or what a model takes
            that begins with `Rescaling`, `Normalization`, or arithmetic with numbers: (0, 255) for `Rescaling(1 / 255)`.

    Shapes:
        Images as the model takes them; features are flattened to `(batch, d)`, logits `(batch, classes)`.

    Raises:
        ValueError: if the model is not built, not functional or Sequential, does not classify images, or ends in another
            activation; if it has no layer `features`; when it is called, if images are not as the model takes them.

    Warns:
        UserWarning: if the model scales its input, and does not tell from which range.

    Example:

    ```python
    model, accuracy = keras_gans.metrics.features.train_classifier(keras_gans.data.load("mnist_5k"))
    extractor = keras_gans.metrics.features.ClassifierFeatures(model)
    gan.compile(metrics=[keras_gans.metrics.FID(extractor), keras_gans.metrics.InceptionScore(extractor)])
    print(extractor.dimensions, extractor.classes)  # 84 10
    ```
    """

    def __init__(self, model, features=None, quantize=True, value_range=None):
        super().__init__(quantize)
        _check(model)
        if value_range is None:
            self.low, self.high = input_range(model, "Pass `value_range`, such as (0, 255).")
        else:
            self.low, self.high = checked_range(value_range, "value_range")
        copy = _Copy(model)
        logits = copy.logits()
        hidden = input_of_last_layer(logits) if features is None else copy.layer_output(features)
        if hidden is None:
            raise ValueError(
                "A model without weights has no last layer whose input could be the features. Name a layer: `features`."
            )
        # A name of its own: the copies have the model's names, and Keras' next automatic name may equal one.
        hidden = keras.layers.Flatten("channels_last", dtype="float32", name=copy.free_name("features"))(hidden)
        self.dimensions, self.classes = hidden.shape[-1], logits.shape[-1]
        if self.dimensions is None:
            raise ValueError(f"The features of {model.name} must have a fixed length. Name another layer: `features`.")
        self.network = keras.Model(copy.inputs, [hidden, logits])
        self.run = in_graph(self.network)
        self._refuse_probabilities()
        self.protocol |= {
            "model": model.name,
            "features": features or "input of the last layer",
            "weights": fingerprint(model.get_weights()),
            "size": "x".join(str(length) for length in model.inputs[0].shape[1:]),
            "input": f"[{self.low:g}, {self.high:g}]",
        }

    def check(self, images):
        super().check(images)
        expected = self.network.inputs[0].shape[1:]
        if not images.shape[1:].is_compatible_with(expected):
            raise ValueError(f"The classifier takes images {tuple(expected)}. Received: shape {tuple(images.shape)}.")

    def _refuse_probabilities(self):
        shape = [length or 64 for length in self.network.inputs[0].shape[1:]]
        noise = tf.constant(np.random.default_rng(0).uniform(-1, 1, (4, *shape)), tf.float32)
        logits = keras.ops.convert_to_numpy(self.outputs_of(noise)["logits"])
        if logits.min() >= 0 and np.allclose(logits.sum(-1), 1, atol=1e-3):
            raise ValueError(
                "The model gives probabilities without a final softmax from which logits could be taken. Pass a model of logits."
            )

    def extract(self, images):
        x = as_model_takes(images, (self.low, self.high))
        features, logits = self.run(tf.cast(x, self.network.inputs[0].dtype))
        return {"features": features, "logits": logits}


def _check(model):
    if not isinstance(model, keras.Model):
        raise ValueError(f"`model` must be a keras.Model. Received: {model!r}")
    if not model.built or not getattr(model, "inputs", None):
        raise ValueError(
            f"{model.name} must be a functional or Sequential model that is built. Give it a keras.Input, or rebuild a "
            "subclassed model as keras.Model(inputs, outputs)."
        )
    if len(model.inputs) != 1 or len(model.inputs[0].shape) != 4:
        raise ValueError(
            f"{model.name} must take images (batch, height, width, channels). Received: {[x.shape for x in model.inputs]}"
        )
    if len(model.outputs) != 1 or len(model.outputs[0].shape) != 2 or (model.outputs[0].shape[1] or 0) < 2:
        shapes = [tuple(x.shape) for x in model.outputs]
        raise ValueError(f"{model.name} must classify: its output is (batch, classes), classes >= 2. Received: {shapes}")


class _Copy:
    """A copy of a model without models inside it, so that all its tensors are in reach."""

    def __init__(self, model):
        self.copies, self.outputs, self.names = {}, {}, set()
        self.inputs = keras.Input(batch_shape=model.inputs[0].shape, dtype=model.inputs[0].dtype)
        self.output = self.call(model, self.inputs)
        for layer, copy in self.copies.values():
            if getattr(layer, "weights", None):
                take_weights(copy, layer)

    def call(self, layer, *args, **kwargs):
        """The output of an original layer or model; what is inside a model is called one by one."""
        if isinstance(layer, keras.Sequential):
            (output,) = args
            for inner in layer.layers:
                output = self.call(inner, output)
        elif isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
            # Keras' own walk through the graph, as `clone_model` does it.
            output = run_through_graph(layer, args[0], self.call)
        else:
            output = self.copy(layer)(*args, **kwargs)
        self.outputs[layer.name] = output
        return output

    def copy(self, layer):
        if id(layer) not in self.copies:
            copy = copy_layer(layer, name=self.free_name(layer.name))
            self.copies[id(layer)] = layer, copy
        return self.copies[id(layer)][1]

    def free_name(self, name):
        """Layers of several models may have one name."""
        names = (f"{name}_{number}" if number else name for number in range(len(self.names) + 1))
        free = next(name for name in names if name not in self.names)
        self.names.add(free)
        return free

    def layer_output(self, name):
        if name not in self.outputs:
            raise ValueError(f"The model has no layer {name!r}. It has {list(self.outputs)}.")
        return self.outputs[name]

    def logits(self):
        """The output, or what a softmax at the end takes in."""
        layer, _ = source_of(self.output)
        activation = getattr(layer, "activation", None)
        by_itself = isinstance(layer, keras.layers.Activation) and activation is keras.activations.softmax
        # The layer keras.layers.Softmax, or the operation of keras.ops.softmax.
        if by_itself or type(layer).__name__ == "Softmax":
            return inputs_of_source(self.output)[0]
        if activation is keras.activations.softmax:
            layer.activation = keras.activations.linear
        elif activation not in (None, keras.activations.linear, keras.activations.log_softmax):
            raise ValueError(
                "The model must end in logits, or in a softmax of them. Received: a last layer with activation "
                f"{getattr(activation, '__name__', activation)!r}. Pass a model without it."
            )
        return self.output
