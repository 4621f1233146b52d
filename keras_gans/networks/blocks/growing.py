"""Networks that grow: one network holds those of all sizes of images, from 4x4 to the full one.

In both networks a layer "fade_8" blends what the network of size 4 does with what that of size 8 does, and so on. The network of
one size is a model of the same layers: `generator_at`, `discriminator_at`.
"""

import re

import keras
from keras import layers

from keras_gans.layers import FadeIn
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.equalized import conv
from keras_gans.networks.blocks.equalized import linear_conv
from keras_gans.utils.integers import check_ints
from keras_gans.utils.networks import inputs_of
from keras_gans.utils.networks import path
from keras_gans.utils.private_keras import inputs_of_source
from keras_gans.utils.private_keras import run_through_graph
from keras_gans.utils.private_keras import source_of


def sizes_of(paper, image_shape, base_filters, max_filters):
    """The sizes of images from 4 to the full one. Raises unless the full one is a power of two, and all have filters."""
    ends.halvings_to_4(paper, image_shape, 4)
    check_ints(1, max_filters=max_filters)
    check_ints(max(1, image_shape[0] // 2), base_filters=base_filters)
    return [2**k for k in range(2, image_shape[0].bit_length())]


def width(size, base_filters, max_filters):
    """How many filters a map of this size has."""
    return min(2 * base_filters // size, max_filters)


def images_at_sizes(maps, channels):
    """The images of a generator that grows, float32.

    Args:
        maps: Dict of the sizes to the last maps of each, in increasing order.
        channels: Int, of the images.

    Returns:
        Dict of `images`, those of the full size, and `images_4`, `images_8`, ..., those of all others.
    """
    made, images = {}, None
    for size, x in maps.items():
        new = linear_conv(channels, f"to_rgb_{size}", "float32")(x)
        if images is not None:
            enlarged = layers.UpSampling2D(2, dtype="float32", name=f"enlarged_{size}")(images)
            new = FadeIn(dtype="float32", name=f"fade_{size}")([enlarged, new])
        made[size] = images = new
    return {_key("images", size, max(maps)): images for size, images in made.items()}


def discriminator_of_sizes(name, image_shape, filters, make_block, make_head, growing, condition=None):
    """A discriminator that halves maps until they are 4x4; one that grows judges images of each size.

    Args:
        name: String, of the model.
        image_shape: Tuple (size, size, channels).
        filters: Dict, the sizes from 2 to the full one to the widths of their maps.
        make_block: Function of a size, its width and that of half the size, to a model of a map.
        make_head: Function without arguments to a model of the map of size 4, and of a condition, if there is one.
        growing: Bool.
        condition: Symbolic condition, or None.

    Returns:
        `keras.Model` to what `scores_at_sizes` makes; without `growing`, to what the head makes of the full size alone.
    """
    sizes = [size for size in filters if size > 2]
    entries = sizes if growing else sizes[-1:]
    from_rgb = {size: conv(filters[size], 1, f"from_rgb_{size}") for size in entries}
    blocks = {size: make_block(size, filters[size], filters[size // 2]) for size in sizes[1:]}
    head = make_head()
    images = keras.Input(image_shape, name="images")
    if growing:
        outputs = scores_at_sizes([*from_rgb.values(), *blocks.values(), head], images, condition)
    else:
        x = from_rgb[sizes[-1]](images)
        for size in reversed(sizes[1:]):
            x = blocks[size](x)
        outputs = head(ends.present(x, condition))
    return keras.Model(ends.present(images, condition), outputs, name=name)


def scores_at_sizes(parts, images, condition=None):
    """The scores of a discriminator that grows.

    Args:
        parts: List of layers by name: "from_rgb_4", ..., from images of a size to its map; "block_8", ..., from a map to that of
            half the size; "head", a model of the map of size 4, and of a condition, if there is one.
        images: Symbolic images of the full size.
        condition: Symbolic condition, or None.

    Returns:
        Dict of `scores`, those of the whole network, and `scores_4`, `scores_8`, ..., those of the networks of all other sizes,
        on the images averaged to that size; likewise of what else the head returns in a dict.
    """
    full, parts = images.shape[1], _by_name(parts)
    sizes = [2**k for k in range(2, full.bit_length())]
    for size in sizes[:-1]:
        parts[f"images_{size}"] = layers.AveragePooling2D(2, name=f"images_{size}", dtype="float32")
        parts[f"fade_{2 * size}"] = FadeIn(name=f"fade_{2 * size}")
    outputs = {}
    for size in reversed(sizes):
        output, images = _scores(parts, images, size, condition)
        heads = output if isinstance(output, dict) else {"scores": output}
        outputs.update({_key(head, size, full): value for head, value in heads.items()})
    return outputs


def _scores(parts, images, size, condition):
    """What the discriminator of a size says of its images, and the images at half that size."""
    x, smaller = parts[f"from_rgb_{size}"](images), None
    if size > 4:
        smaller = parts[f"images_{size // 2}"](images)
        old = parts[f"from_rgb_{size // 2}"](smaller)
        x = parts[f"fade_{size}"]([old, parts[f"block_{size}"](x)])
        for each in (2**k for k in range(size.bit_length() - 2, 2, -1)):
            x = parts[f"block_{each}"](x)
    return parts["head"](x if condition is None else [x, condition]), smaller


def generator_at(network, size):
    """The generator of one size of images: a model of the same layers.

    Args:
        network: A generator that grows, also a loaded or a copied one.
        size: Int, one of its sizes.

    Returns:
        `keras.Model`, the inputs of `network` to images `(batch, size, size, channels)`.

    Raises:
        ValueError: if the network does not grow, or has no such size.

    Example:

    ```python
    generator = keras_gans.networks.progan.generator((16, 16, 1), latents=8, base_filters=64, max_filters=8)
    print(keras_gans.networks.progan.generator_at(generator, 8).output_shape)  # (None, 8, 8, 1)
    ```
    """
    outputs = network.output if isinstance(network.output, dict) else {}
    by_size = {images.shape[1]: images for name, images in outputs.items() if _HEAD.fullmatch(name)["head"] == "images"}
    if size not in by_size:
        raise _no_size(network, size, by_size)
    return keras.Model(inputs_of(network), by_size[size], name=f"{network.name}_{size}")


def discriminator_at(network, size):
    """The discriminator of one size of images: a model of the same layers.

    Args:
        network: A discriminator that grows, also a loaded or a copied one.
        size: Int, one of its sizes.

    Returns:
        `keras.Model`, `images` `(batch, size, size, channels)` and the other inputs of `network`, if there are any, to scores, or
        to a dict of `scores` and what else the network returns, as `classes`. Images pass what `networks.with_augmentation` put
        before the network.

    Raises:
        ValueError: if the network does not grow, or has no such size.

    Example:

    ```python
    discriminator = keras_gans.networks.progan.discriminator((16, 16, 1), base_filters=64, max_filters=8)
    print(keras_gans.networks.progan.discriminator_at(discriminator, 8).input_shape)  # (None, 8, 8, 1)
    ```
    """
    parts = _by_name(network.layers)
    found = {int(name.removeprefix("from_rgb_")) for name in parts if name.startswith("from_rgb_")}
    sizes = {each for each in found if each == 4 or f"fade_{each}" in parts}
    if size not in sizes:
        raise _no_size(network, size, sizes)
    full, *others = network.inputs
    images = keras.Input((size, size, full.shape[-1]), name="images")
    condition = keras.Input(batch_shape=others[0].shape, name="condition") if others else None
    outputs, _ = _scores(parts, _seen(network, parts[f"from_rgb_{max(found)}"], images), size, condition)
    return keras.Model(ends.present(images, condition), outputs, name=f"{network.name}_{size}")


def _seen(network, first, images):
    """Images after the layers that a discriminator has before its first one, as those of `networks.with_augmentation`."""
    taken = next(
        inputs_of_source(tensor)[0] for output in network.outputs for tensor in path(output) if source_of(tensor)[0] is first
    )
    if taken is network.inputs[0]:
        return images
    before = keras.Model(network.inputs[0], taken)
    return run_through_graph(before, images)


def fades(network):
    """The layers that fade sizes in: a dict of each size to its `keras_gans.layers.FadeIn`, in increasing order.

    The layer of size 8 blends what the network of size 4 does with what that of size 8 does. A network that does not grow has
    none.

    Args:
        network: A generator or discriminator, also a loaded or a copied one.

    Example:

    ```python
    generator = keras_gans.networks.progan.generator((16, 16, 1), latents=8, base_filters=64, max_filters=8)
    for size, layer in keras_gans.networks.progan.fades(generator).items():
        layer.fade.assign(0.5 if size == 8 else 0.0)  # in the midst of the fade from 4 to 8
    ```
    """
    found = {name: layer for name, layer in _by_name(network.layers).items() if re.fullmatch(r"fade_\d+", name)}
    return dict(sorted((int(name.removeprefix("fade_")), layer) for name, layer in found.items() if isinstance(layer, FadeIn)))


_HEAD = re.compile(r"(?P<head>.*?)(_\d+)?")


def _key(head, size, full):
    return head if size == full else f"{head}_{size}"


def _by_name(found):
    return {layer.name: layer for layer in found}


def _no_size(network, size, sizes):
    has = f"one of {sorted(sizes)}" if sizes else "but this network does not grow: make it with `growing=True`"
    return ValueError(f"`size` must be a size that {network.name} grows through, {has}. Received: size={size!r}")
