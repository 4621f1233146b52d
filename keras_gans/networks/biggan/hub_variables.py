"""BigGAN generators with the variables of the modules that DeepMind published on TF Hub.

Reference:
    Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096; the
    modules deepmind/biggan-128, -256 and -512, with the names of variables of ajbrock/BigGAN-PyTorch, TFHub/converter.py.
"""

import os
import re

import numpy as np
import tensorflow as tf

from keras_gans.networks.biggan import networks
from keras_gans.utils.choices import check_bools
from keras_gans.utils.named_arrays import NamedArrays
from keras_gans.utils.paths import user_path

_AVERAGE = re.compile(r"/ema_(b?9+0*|0\.9+)$")
_TRAINED = re.compile(r"/(w|b|gamma|beta)$")
# What a module or its training may hold and the network does not: other singular vectors, counters, slots of optimizers.
_UNUSED = re.compile(
    r"(^|/)(u[1-9]\d*|accumulation_counter|update_accumulators|global_step|beta[12]_power|Adam(_\d+)?|RMSProp(_\d+)?|Momentum)$"
)


def from_hub_variables(variables, ema=True):
    """The generator of a module deepmind/biggan-128, -256 or -512, as a network that can be trained further.

    The sizes follow from the variables. Kernels stay as they were trained; the vectors of their spectral norms take one step from
    the module's, as the module itself does.

    Args:
        variables: Dict, names to arrays, as of `tf.train.load_checkpoint`: with or without the scope "module/" and the ending
            ":0". Or the path of the module's folder.
        ema: Bool, whether to take the moving averages of the weights, which the module samples from. Default: True.

    Returns:
        `keras.Model`, latents `(batch, 120, 140 or 128)` and condition `(batch, classes)`, one-hot rows or mixtures, to images in
        (-1, 1).

    Raises:
        ValueError: if a variable is missing or has another shape, or with `ema` one has no average, or there are variables that a
            BigGAN does not have (beside weights or averages that are not asked for, counters, and slots of optimizers), or the
            folder holds none.

    Example:

    ```python
    try:
        generator = keras_gans.networks.biggan.from_hub_variables({})
    except ValueError as error:
        print(error)  # The variables of a BigGAN module have ...
    ```

    Differences: the modules keep statistics of batch normalization for 51 truncations beside their variables; the network has
    those that are variables, accumulated for untruncated latents, and no input for the truncation. For truncated latents use
    standing statistics (`keras_gans.evaluation.with_batch_norm_statistics`), or sample from the module.
    """
    check_bools(ema=ema)
    arrays = NamedArrays(_by_name(variables, ema), "The variables of the module")
    generator = _build(arrays)
    embedding = generator.get_layer("embedding").embeddings
    embedding.assign(arrays.take("linear/w", embedding.shape))
    _load_normalized(arrays, "Generator/G_Z/G_linear", generator.get_layer("stem"))
    for block in range(_number_of_blocks(arrays)):
        prefix, layer = _block(block), f"block_{block + 1}"
        for part, ending in enumerate(("", "_1")):
            norm = generator.get_layer(f"{layer}_norm_{part + 1}")
            _load_statistics(arrays, f"{prefix}/CrossReplicaBN{ending}", norm)
            _load_normalized(arrays, f"{prefix}/HyperBN{ending}/gamma", norm.gain)
            _load_normalized(arrays, f"{prefix}/HyperBN{ending}/beta", norm.bias)
        for name, ours in {"conv0": "conv_1", "conv1": "conv_2", "conv_sc": "shortcut"}.items():
            _load_normalized(arrays, f"{prefix}/{name}", generator.get_layer(f"{layer}_{ours}"))
    attention = generator.get_layer("attention")
    attention.gamma.assign(arrays.take("Generator/attention/gamma", ()))
    for name, conv in {"theta": attention.theta, "phi": attention.phi, "g": attention.g, "o_conv": attention.out}.items():
        _load_normalized(arrays, f"Generator/attention/{name}", conv)
    norm = generator.get_layer("norm")
    norm.gamma.assign(arrays.take("Generator/ScaledCrossReplicaBN/gamma", norm.gamma.shape))
    norm.beta.assign(arrays.take("Generator/ScaledCrossReplicaBN/beta", norm.beta.shape))
    _load_statistics(arrays, "Generator/ScaledCrossReplicaBNbn", norm)
    _load_normalized(arrays, "Generator/conv_2d", generator.get_layer("to_rgb"))
    arrays.check_all_taken()
    return generator


def _by_name(variables, ema):
    """The variables to use, by plain names, without scope and ending; the averages in place of the weights if `ema`."""
    if not isinstance(variables, dict):
        variables = user_path(variables, "variables", "Or a dict of arrays.")
        path = os.path.join(variables, "variables", "variables")
        try:
            reader = tf.train.load_checkpoint(path)
        except (tf.errors.OpError, ValueError) as error:
            raise ValueError(f"{variables} must be the folder of a TF Hub module, with variables. Received: {error}") from error
        variables = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    plain = {name.removeprefix("module/").removesuffix(":0"): value for name, value in variables.items()}
    averages = {_AVERAGE.sub("", name): value for name, value in plain.items() if _AVERAGE.search(name)}
    used = {name: value for name, value in plain.items() if not _AVERAGE.search(name) and not _UNUSED.search(name)}
    if not ema:
        return used
    without = sorted(name for name in used if _TRAINED.search(name) and name not in averages)
    if without or not averages:
        some = ", ".join(without[:5]) + (", ..." if len(without) > 5 else "")
        raise ValueError(
            "The variables of a BigGAN module have an average of each weight, named .../ema_b999900. Received: "
            f"{f'{len(without)} weights without, {some}' if without else 'no averages'}. Pass ema=False for the weights as they "
            "were trained."
        )
    return used | averages


def _block(number):
    return "Generator/GBlock" + (f"_{number}" if number else "")


def _number_of_blocks(arrays):
    numbers = (re.match(r"Generator/GBlock(?:_(\d+))?/", name) for name in arrays.arrays)
    return 1 + max((int(match[1] or 0) for match in numbers if match), default=-1)


def _build(arrays):
    """The network whose sizes the variables have."""
    blocks = _number_of_blocks(arrays)
    known = {5: 128, 6: 256, 7: 512}
    wanted = ("linear/w", "Generator/G_Z/G_linear/w")
    missing = [name for name in wanted if name not in arrays.arrays]
    if blocks not in known or missing:
        raise ValueError(
            f"{arrays.source} must be those of a BigGAN: Generator/GBlock to GBlock_4, _5 or _6, {' and '.join(wanted)}. "
            f"Received: {blocks} blocks{''.join(f', no {name}' for name in missing)}."
        )
    (classes, embedding_dim), (chunk, stem) = (np.shape(arrays.arrays[name]) for name in wanted)
    return networks.generator(
        (known[blocks], known[blocks], 3),
        chunk * (blocks + 1),
        classes,
        channels=stem // (4 * 4 * 16),
        embedding_dim=embedding_dim,
        kernel_initializer="zeros",  # replaced
    )


def _load_normalized(arrays, name, layer):
    """A linear map or a convolution with a spectral norm."""
    kernel = layer.layer.kernel
    kernel.assign(arrays.take(f"{name}/w", kernel.shape))
    if layer.layer.use_bias:
        layer.layer.bias.assign(arrays.take(f"{name}/b", layer.layer.bias.shape))
    layer.u.assign(arrays.take(f"{name}/u0", layer.u.shape))
    layer.after_step()


def _load_statistics(arrays, name, norm):
    norm.moving_mean.assign(arrays.take(f"{name}/accumulated_mean", norm.moving_mean.shape))
    norm.moving_variance.assign(arrays.take(f"{name}/accumulated_var", norm.moving_variance.shape))
