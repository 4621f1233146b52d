"""A table of vectors, one a class, which also takes classes as weights."""

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints


class ClassEmbedding(Serializable, keras.layers.Layer):
    """A learned vector for each class, looked up by labels or mixed by weights.

    e(y) = E[y]                      for an integer label y
    e(w) = sum over k of w_k E[k]    for float weights w over the classes: a one-hot row, or a mixture of classes

    A mixture moves smoothly from one class to another, which labels cannot. `SpectralNormalization` may wrap the layer: its u
    then has `dim` entries.

    Args:
        classes: Int K, number of classes.
        dim: Int, length of the vectors.
        embeddings_initializer: Initializer of E. Default: normal, standard deviation 0.02.
        embeddings_regularizer: Regularizer of E. Default: none.

    Shapes:
        Integers `(batch,)` or `(batch, 1)`, or floats `(batch, K)`; output `(batch, dim)`.

    Raises:
        ValueError: if an argument is out of range, or the input is none of these.

    Example:

    ```python
    embed = keras_gans.layers.ClassEmbedding(classes=10, dim=128)
    print(embed(tf.range(10)).shape)  # (10, 128)
    halfway = embed(tf.constant([[0.5, 0.5] + 8 * [0.0]]))  # between class 0 and class 1
    print(halfway.shape)  # (1, 128)
    ```

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096. The released
        modules take one-hot rows too.
    """

    def __init__(self, classes, dim, embeddings_initializer=None, embeddings_regularizer=None, **kwargs):
        super().__init__(**kwargs)
        check_ints(1, classes=classes, dim=dim)
        self.classes = classes
        self.dim = dim
        self.embeddings_initializer = keras.initializers.get(embeddings_initializer) or small_normal()
        self.embeddings_regularizer = keras.regularizers.get(embeddings_regularizer)

    @property
    def input_dim(self):
        """The number of classes, by the name that `keras.layers.Embedding` has for it."""
        return self.classes

    def build(self, input_shape):
        self.embeddings = self.add_weight(
            shape=(self.classes, self.dim),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            name="embeddings",
        )

    def call(self, inputs):
        by_labels, shape = _is_integer(inputs), tuple(inputs.shape[1:])
        if shape not in (((), (1,)) if by_labels else ((self.classes,),)):
            raise ValueError(
                f"ClassEmbedding takes integer labels, (batch,) or (batch, 1), or float weights over its {self.classes} classes, "
                f"(batch, {self.classes}). Received: {inputs.dtype}, shape {tuple(inputs.shape)}."
            )
        table = ops.cast(self.embeddings, self.compute_dtype)
        if by_labels:
            return ops.take(table, ops.reshape(inputs, (-1,)), axis=0)
        return ops.matmul(inputs, table)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.dim)


def _is_integer(inputs):
    return "int" in keras.backend.standardize_dtype(inputs.dtype)
