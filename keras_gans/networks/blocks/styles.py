"""What generators with styles share: latents become a vector w, each layer takes w as its style, and noise.

Such a generator is one network. `mapping_of` and `synthesis_of` are its halves, before and after the layer that truncates styles,
and `with_noise_input` is a network whose noise somebody else draws.
"""

import itertools
import math

import keras
from keras import layers
from keras import ops

from keras_gans.layers import ClassEmbedding
from keras_gans.layers import NoiseInjection
from keras_gans.layers import PixelNormalization
from keras_gans.layers import StyleTruncation
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.equalized import HE_GAIN
from keras_gans.networks.blocks.equalized import dense
from keras_gans.utils.integers import check_ints
from keras_gans.utils.networks import inputs_of
from keras_gans.utils.networks import output_of
from keras_gans.utils.networks import output_of_layer
from keras_gans.utils.numbers import check_unit_interval
from keras_gans.utils.private_keras import run_through_graph

NOISE = "noise_maps"
_LR_MULTIPLIER = 0.01


def style_width_of(latents, classes, mapping_layers, style_width):
    """The width of w: `style_width`, or without a mapping that of the normalized latents. Raises if one is out of range."""
    check_ints(1, latents=latents, style_width=style_width)
    check_ints(0, mapping_layers=mapping_layers)
    return style_width if mapping_layers else latents * (1 if classes is None else 2)


def mapped(z, condition, mapping_layers, style_width, activation_gain=False):
    """w of latents: normalized, then dense layers that learn a hundred times slower than others, all in float32.

    Args:
        z: Symbolic latents `(batch, width)`.
        condition: Symbolic weights over classes, whose embedding, as wide as the latents, is put beside them; or None.
        mapping_layers: Int, how many layers.
        style_width: Int, the width of each of them.
        activation_gain: Bool, whether LeakyReLU's gain of sqrt(2) multiplies what it gives, bias included, as in StyleGAN2's
            code, or the kernel before it.
    """
    w = z
    if condition is not None:
        initializer = keras.initializers.RandomNormal(0.0, 1.0)
        embedding = ClassEmbedding(condition.shape[-1], z.shape[-1], initializer, dtype="float32", name="embedding")
        w = layers.Concatenate(dtype="float32", name="labelled")([z, embedding(condition)])
    w = PixelNormalization(dtype="float32", name="latents_norm")(w)
    for k in range(1, mapping_layers + 1):
        gain = 1.0 if activation_gain else HE_GAIN
        w = dense(style_width, f"mapping_{k}", gain, lr_multiplier=_LR_MULTIPLIER, dtype="float32")(w)
        if activation_gain:
            w = layers.Rescaling(HE_GAIN, dtype="float32", name=f"mapping_gain_{k}")(w)
    return w


def mapping_alone(name, latents, classes, mapping_layers, style_width, activation_gain=False):
    """The model of `mapped`; arguments as there, and the widths of latents and styles."""
    style_width = style_width_of(latents, classes, mapping_layers, style_width)
    z, condition = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    w = mapped(z, condition, mapping_layers, style_width, activation_gain)
    return keras.Model(ends.present(z, condition), w, name=name)


def truncated_styles(mapping, count, cutoff, decay):
    """Inputs of a generator, with one called "truncation", and the styles of so many layers, from a layer called "styles".

    Args:
        mapping: What `mapping_alone` makes.
        count, cutoff, decay: See `keras_gans.layers.StyleTruncation`.
    """
    if cutoff is not None:
        check_ints(0, truncation_cutoff=cutoff)
    check_unit_interval(average_decay=decay)
    truncation = keras.Input((1,), name="truncation")
    truncate = StyleTruncation(count, cutoff, decay, dtype="float32", name="styles")
    return [*mapping.inputs, truncation], truncate([mapping.output, truncation])


def mapping_of(generator):
    """The first half of a generator with styles: a model of the same layers.

    Args:
        generator: A generator of `networks.stylegan`, also a loaded or a copied one, or one of its sizes.

    Returns:
        `keras.Model`, the inputs of `generator`, its truncation among them, to styles `(batch, layers, width)`.

    Raises:
        ValueError: if the network has no styles.

    Example:

    ```python
    network = keras_gans.networks.stylegan
    generator = network.generator((8, 8, 1), latents=4, base_filters=64, max_filters=4, mapping_layers=2, style_width=4)
    styles = network.mapping_of(generator)([tf.ones((2, 4)), tf.ones((2, 1))])
    print(styles.shape)  # (2, 4, 4)
    ```
    """
    return keras.Model(inputs_of(generator), _styles_of(generator), name=f"{generator.name}_mapping")


def synthesis_of(generator):
    """The second half of a generator with styles: a model of the same layers.

    Args:
        generator: As for `mapping_of`.

    Returns:
        `keras.Model`, `styles` `(batch, layers, width)` to what `generator` returns.

    Raises:
        ValueError: if the network has no styles.

    Example:

    ```python
    network = keras_gans.networks.stylegan
    generator = network.generator((8, 8, 1), latents=4, base_filters=64, max_filters=4, mapping_layers=2, style_width=4)
    synthesis = network.synthesis_of(generator)
    print(synthesis(tf.ones((2, 4, 4)))["images"].shape)  # (2, 8, 8, 1)
    ```
    """
    styles = _styles_of(generator)
    half = keras.Model(styles, output_of(generator))
    named = keras.Input(styles.shape[1:], dtype=styles.dtype, name="styles")
    images = run_through_graph(half, named)
    return keras.Model(named, images, name=f"{generator.name}_synthesis")


def _styles_of(network):
    """The symbolic styles of a network's layers."""
    found = [layer.name for layer in network.layers if isinstance(layer, StyleTruncation)]
    if len(found) != 1:
        raise ValueError(
            f"The network must have styles, from one layer StyleTruncation. Received: {network.name}, with {len(found)} such "
            "layers. Make it as keras_gans.networks.stylegan.generator does."
        )
    return output_of_layer(network, found[0])


def with_noise_input(network):
    """A network whose noise is an input: a model of the same layers.

    Args:
        network: A functional `keras.Model` with `keras_gans.layers.NoiseInjection`.

    Returns:
        `keras.Model`, a dict of the network's inputs by name, and of `noise_maps` `(batch, n)`, the values of all its maps of
        noise, to what the network returns. A network without noise has no such input.
    """
    inputs = {
        tensor.name: keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=tensor.name) for tensor in network.inputs
    }
    given = list(inputs.values())
    shapes = {layer.name: layer.noise.shape for layer in network.layers if isinstance(layer, NoiseInjection)}
    maps = {}
    if shapes:
        counts = [math.prod(shape) for shape in shapes.values()]
        inputs[NOISE] = keras.Input((sum(counts),), dtype="float32", name=NOISE)
        cuts = list(itertools.accumulate(counts))[:-1]
        parts = ops.split(inputs[NOISE], cuts, axis=1) if cuts else [inputs[NOISE]]
        maps = dict(zip(shapes, parts, strict=True))

    def call(operation, *args, **kwargs):
        if operation.name not in maps:
            return operation(*args, **kwargs)
        reshaped = layers.Reshape(shapes[operation.name], dtype="float32", name=f"{operation.name}_map")
        return operation([args[0], reshaped(maps[operation.name])], **kwargs)

    return keras.Model(inputs, run_through_graph(network, given, call), name=network.name)
