"""The truncation of styles: a style vector for each layer, moved towards the average."""

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_unit_interval
from keras_gans.utils.replicas import global_mean


class StyleTruncation(Serializable, keras.layers.Layer):
    """Gives each layer of a synthesis network its style w; for the first layers, w is moved towards the average of w.

    w'[k] = average + psi (w - average)    for the layers k < cutoff
    w'[k] = w                              for all others

    average <- decay average + (1 - decay) mean of the batch's w, over all replicas, at each call in training

    Truncation gives better but less varied images: with psi = 0 every image has the same styles in the first layers. With psi =
    1, w' is w to the bit, as in training. `average` is a weight that is not trained; it is 0 at first, and useful after about a
    thousand calls. The layer computes in float32 under every precision policy.

    Args:
        layers: Int, how many layers take a style.
        cutoff: Int, how many of them are truncated, from the first; None for all, as in StyleGAN2. Default: 8, those of maps up
            to 32x32.
        decay: Float in [0, 1]. Default: 0.995.

    Attributes:
        average: The weight, `(width,)`.

    Shapes:
        Called on [w, psi]: w `(batch, width)`, psi `(batch,)` or `(batch, 1)`; output `(batch, layers, width)`.

    Raises:
        ValueError: if an argument is out of range, or the layer is not called on two such tensors.

    Example:

    ```python
    layer = keras_gans.layers.StyleTruncation(layers=3, cutoff=2)
    layer.build([(None, 2), (None, 1)])
    layer.average.assign([1.0, -1.0])
    print(layer([tf.constant([[3.0, 1.0]]), tf.constant([[0.5]])]).numpy().tolist())  # [[[2.0, 0.0], [2.0, 0.0], [3.0, 1.0]]]
    ```

    Reference:
        Karras, Laine, Aila, A Style-Based Generator Architecture for GANs (2018), arXiv:1812.04948, appendix B; matches
        NVlabs/stylegan (`G_style`), whose psi is 0.7 unless told otherwise, and 1 for its figures.
    """

    def __init__(self, layers, cutoff=8, decay=0.995, **kwargs):
        super().__init__(**{"autocast": False, **kwargs})
        check_ints(1, layers=layers)
        if cutoff is not None:
            check_ints(0, cutoff=cutoff)
        check_unit_interval(decay=decay)
        self.layers = layers
        self.cutoff = cutoff
        self.decay = decay

    def build(self, input_shape):
        are_two = len(input_shape) == 2 and all(isinstance(shape, (tuple, list)) for shape in input_shape)
        if not are_two or len(input_shape[0]) != 2 or tuple(input_shape[1][1:]) not in ((), (1,)):
            raise ValueError(
                f"StyleTruncation is called on [w, psi], of shapes (batch, width) and (batch, 1). Received: shape {input_shape}."
            )
        self.average = self.add_weight(
            shape=(input_shape[0][-1],), initializer="zeros", trainable=False, autocast=False, name="average"
        )

    def call(self, inputs, training=False):
        w, psi = (ops.cast(each, self.average.dtype) for each in inputs)
        if training and self.trainable:
            mean = ops.stop_gradient(global_mean(w, axis=0))
            self.average.assign(self.decay * self.average.value + (1.0 - self.decay) * mean)
        psi = ops.reshape(psi, (-1, 1))
        # Not average + psi (w - average), which is not w to the bit where psi is 1.
        truncated = (1.0 - psi) * self.average.value + psi * w
        count = self.layers if self.cutoff is None else min(self.cutoff, self.layers)
        styles = [truncated] * count + [w] * (self.layers - count)
        return ops.cast(ops.stack(styles, axis=1), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        batch, width = input_shape[0]
        return (batch, self.layers, width)
