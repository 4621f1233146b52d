"""A signature of a SavedModel as a Keras layer."""

import keras
import tensorflow as tf

from keras_gans.hub.from_saved_model import FromSavedModel
from keras_gans.utils.assured import assured
from keras_gans.utils.choices import check_bools


class SignatureLayer(FromSavedModel, keras.layers.Layer):
    """One output of one signature of a SavedModel, for a dict of its inputs: a layer of functional models.

    Gradients flow to the inputs. The weights are the SavedModel's: they are not the layer's, and are not trained. A signature of
    a fixed batch size takes any: the last batch is filled up. A scalar input gets the first of the values for the batch, which
    must all be the same.

    Args:
        saved_model: Path of a SavedModel, a handle that `hub.load` takes, or what `tf.saved_model.load` returns (a model with
            such a layer cannot be saved).
        signature: String. Default: "default", the name in TF Hub's first format.
        inputs: Dict, the layer's names of the inputs to the signature's. Default: the signature's own names.
        output: String, the name of the output. Default: the only one, or the one called "default".
        warm_up: Bool, whether a call still uses the truncation of the one before, as version 1 of BigGAN's modules does. One row
            is then computed first, and thrown away. Default: False.

    Shapes:
        A dict of tensors `(batch, ...)`, for scalar inputs `(batch,)` or `(batch, 1)`; float32 as the output is.

    Raises:
        ValueError: if there is no such signature, input or output; if the batch sizes of the inputs differ.
        tf.errors.InvalidArgumentError: if the values for a scalar input differ.

    Example:

    ```python
    gan.export("serving/dcgan/1")
    layer = keras_gans.hub.SignatureLayer("serving/dcgan/1", "serve", output="images")
    z = keras.Input(gan.latents.shape)
    network = keras.Model(z, keras.layers.Flatten()(layer({"latents": z})))
    print(network(tf.zeros((2, *gan.latents.shape))).shape)  # (2, 784)
    ```
    """

    def __init__(self, saved_model, signature="default", inputs=None, output=None, warm_up=False, **kwargs):
        check_bools(warm_up=warm_up)
        super().__init__(**{"dtype": "float32", "autocast": False, **kwargs})
        self.saved_model = loaded = self.loaded(saved_model)  # its functions hold their variables weakly
        self.warm_up = warm_up
        self.function = signature_of(loaded, signature)
        specs = input_specs(self.function)
        self.input_names = dict(zip(specs, specs, strict=True)) if inputs is None else dict(inputs)
        if sorted(self.input_names.values()) != sorted(specs):
            raise ValueError(
                f"The signature {signature!r} takes {sorted(specs)}. Received: inputs={inputs!r}. Name each of them once."
            )
        self.specs = {name: specs[own] for name, own in self.input_names.items()}
        outputs = self.function.structured_outputs
        if output is None and len(outputs) == 1:
            output = next(iter(outputs))
        self.output_name = "default" if output is None else output
        if self.output_name not in outputs:
            raise ValueError(f"The signature {signature!r} has the outputs {sorted(outputs)}. Received: output={output!r}.")
        sizes = {spec.shape[0] for spec in self.specs.values() if spec.shape.rank}
        self.batch_size = next(iter(sizes - {None}), None)

    def call(self, inputs):
        missing = sorted(set(self.specs) ^ set(inputs))
        if missing:
            raise ValueError(f"Expected a dict of {sorted(self.specs)}. Received: {sorted(inputs)}.")
        scalars, rows = {}, {}
        for name, spec in self.specs.items():
            value = tf.cast(inputs[name], spec.dtype)
            if spec.shape.rank == 0:
                scalars[name] = _only_value(name, value)
            else:
                rows[name] = value
        count = tf.shape(next(iter(rows.values())))[0]
        if self.batch_size is None:
            return self._run(rows, scalars)
        return self._in_fixed_batches(rows, scalars, count)

    def _run(self, rows, scalars):
        def output(rows):
            given = {self.input_names[name]: value for name, value in {**rows, **scalars}.items()}
            return tf.cast(self.function(**given)[self.output_name], tf.float32)

        if not self.warm_up or self.batch_size is not None:
            return output(rows)
        first = output({name: value[:1] for name, value in rows.items()})
        # (A control dependency would not do: TensorFlow puts the functions' bodies in its place, and reads of variables first.)
        return tf.cond(tf.reduce_all(tf.math.is_finite(first)), lambda: output(rows), lambda: output(rows))

    def _in_fixed_batches(self, rows, scalars, count):
        """The output of rows that are cut in the signature's batch size, zeros after the last."""
        batches = (count + self.batch_size - 1) // self.batch_size
        filled = {}
        for name, value in rows.items():
            missing = batches * self.batch_size - count
            padding = [[0, missing], *([[0, 0]] * (len(value.shape) - 1))]
            filled[name] = tf.reshape(tf.pad(value, padding), (batches, self.batch_size, *value.shape[1:]))
        spec = tf.TensorSpec((self.batch_size, *self._output_shape()), tf.float32)
        outputs = tf.map_fn(lambda batch: self._run(batch, scalars), filled, fn_output_signature=spec, parallel_iterations=1)
        return tf.reshape(outputs, (-1, *self._output_shape()))[:count]

    def compute_output_shape(self, input_shape):
        first = next(shape for name, shape in input_shape.items() if self.specs[name].shape.rank)
        return (first[0], *self._output_shape())

    def _output_shape(self):
        return tuple(self.function.structured_outputs[self.output_name].shape[1:])


def signature_of(saved_model, name):
    """The signature of a name.

    Raises:
        ValueError: if there is none.
    """
    if name not in saved_model.signatures:
        raise ValueError(f"The SavedModel has the signatures {sorted(saved_model.signatures)}. Received: signature={name!r}.")
    return saved_model.signatures[name]


def input_specs(function):
    """The inputs of a signature: a dict of `tf.TensorSpec`s by name."""
    return dict(function.structured_input_signature[1])


def _only_value(name, values):
    """The value for a scalar input of a value for each row."""
    if len(values.shape) == 0:
        return values
    values = tf.reshape(values, (-1,))
    return assured(values[0], tf.reduce_all(values == values[0]), f"{name} is one value for the whole batch. Received:", values)
