"""BigGAN-deep generators with released weights, in the form of the package pytorch-pretrained-biggan.

Reference:
    Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096; the
    names and the arithmetic of huggingface/pytorch-pretrained-BigGAN 0.1.1.
"""

import json
import os

import numpy as np

from keras_gans.networks.biggan_deep import networks
from keras_gans.utils.named_arrays import NamedArrays
from keras_gans.utils.paths import user_path
from keras_gans.utils.torch_file import read_torch_file

_CONFIG, _WEIGHTS = "config.json", "pytorch_model.bin"
_KEYS = {"output_dim", "z_dim", "class_embed_dim", "channel_width", "num_classes", "layers", "attention_layer_position", "eps"}


def from_pretrained(folder, interpolation="linear"):
    """The generator of a folder that pytorch-pretrained-biggan saved: `config.json` and `pytorch_model.bin`.

    The weights are read without PyTorch, in either of its formats; a file that would run code is refused. Where to get them: on a
    machine with a network, `BigGAN.from_pretrained("biggan-deep-256")` of the package caches both files.

    Args:
        folder: Path.
        interpolation: As in `from_state_dict`.

    Returns:
        `keras.Model`, see `from_state_dict`.

    Raises:
        ValueError: if a file is missing, damaged or another network's.

    Example:

    ```python
    try:
        generator = keras_gans.networks.biggan_deep.from_pretrained("biggan-deep-256")
    except ValueError as error:
        print(error)  # .../biggan-deep-256 must hold config.json and pytorch_model.bin. ...
    ```
    """
    folder = user_path(folder, "folder")
    paths = [os.path.join(folder, name) for name in (_CONFIG, _WEIGHTS)]
    missing = [os.path.basename(path) for path in paths if not os.path.isfile(path)]
    if missing:
        raise ValueError(
            f"{folder} must hold {_CONFIG} and {_WEIGHTS}. Received: a folder without {' and '.join(missing)}. On a machine with "
            "a network, pytorch_pretrained_biggan.BigGAN.from_pretrained('biggan-deep-256') caches both; rename them so."
        )
    try:
        with open(paths[0], encoding="utf-8") as file:
            config = json.load(file)
    except ValueError as error:
        raise ValueError(f"{paths[0]} is not JSON: {error}.") from error
    return from_state_dict(read_torch_file(paths[1]), config, interpolation)


def from_state_dict(state, config, interpolation="linear"):
    """The generator of a state dict of pytorch-pretrained-biggan.

    Each entry is used exactly once. Kernels stay as they were trained, with the vectors u and v of their spectral norms, so that
    the generator can be trained further: `keras_gans.BigGANDeep(generator)`.

    Args:
        state: Dict, names to arrays in PyTorch's layout.
        config: Dict, the package's configuration: `output_dim`, `z_dim`, `class_embed_dim`, `channel_width`, `num_classes`,
            `layers`, `attention_layer_position`, `eps`, `n_stats`.
        interpolation: "linear" between the rows of statistics on either side of a truncation; "package" for the package's
            weights, which it swaps. Default: "linear".

    Returns:
        `keras.Model`, latents `(batch, z_dim)`, condition `(batch, num_classes)`, one-hot rows or mixtures, and truncation
        `(batch, 1)` in [0, 1] to images `(batch, size, size, 3)` in (-1, 1).

    Raises:
        ValueError: if the configuration is not one of the released networks', at any width, or an entry is missing, has another
            shape, or is not the network's.

    Example:

    ```python
    import keras_gans.networks.biggan_deep as biggan_deep

    try:
        biggan_deep.from_state_dict({}, {"output_dim": 128})
    except ValueError as error:
        print(error)  # The configuration must have ...
    ```

    Differences: the package computes the rows of a truncation in floating point, and for 0.14, 0.28, 0.56, 0.58 and 0.94 takes a
    row beside the right one. Here these take their own row, but with `interpolation="package"`.
    """
    generator = _build(config, interpolation)
    arrays = NamedArrays(state, "The state dict")
    position = config["attention_layer_position"]
    embedding = generator.get_layer("embedding").embeddings
    embedding.assign(arrays.take("embeddings.weight", embedding.shape[::-1]).T)
    _load_normalized(arrays, "generator.gen_z", generator.get_layer("stem"))
    for block in range(len(config["layers"])):
        prefix = f"generator.layers.{block if block < position else block + 1}"
        for part in range(4):
            norm = generator.get_layer(f"block_{block + 1}_norm_{part + 1}")
            _load_statistics(arrays, f"{prefix}.bn_{part}", norm)
            _load_normalized(arrays, f"{prefix}.bn_{part}.scale", norm.gain)
            _load_normalized(arrays, f"{prefix}.bn_{part}.offset", norm.bias)
            _load_normalized(arrays, f"{prefix}.conv_{part}", generator.get_layer(f"block_{block + 1}_conv_{part + 1}"))
    attention, prefix = generator.get_layer("attention"), f"generator.layers.{position}"
    attention.gamma.assign(arrays.take(f"{prefix}.gamma", (1,))[0])
    for name, conv in {
        "snconv1x1_theta": attention.theta,
        "snconv1x1_phi": attention.phi,
        "snconv1x1_g": attention.g,
        "snconv1x1_o_conv": attention.out,
    }.items():
        _load_normalized(arrays, f"{prefix}.{name}", conv)
    norm = generator.get_layer("norm")
    norm.gamma.assign(arrays.take("generator.bn.weight", norm.gamma.shape))
    norm.beta.assign(arrays.take("generator.bn.bias", norm.beta.shape))
    _load_statistics(arrays, "generator.bn", norm)
    _load_normalized(arrays, "generator.conv_to_rgb", generator.get_layer("to_rgb"))
    arrays.check_all_taken()
    return generator


def _build(config, interpolation):
    """The network that a configuration says, without weights."""
    missing = sorted(_KEYS - set(config))
    if missing:
        raise ValueError(f"The configuration must have {', '.join(sorted(_KEYS))}. Received: one without {', '.join(missing)}.")
    size, position = config["output_dim"], config["attention_layer_position"]
    layers = [tuple(layer) for layer in config["layers"]]
    if size not in networks.GENERATOR_WIDTHS or layers != networks.generator_layers(size) or position % 2:
        raise ValueError(
            "The configuration must be that of a released generator, 128, 256 or 512. Received: "
            f"output_dim={size}, attention_layer_position={position}, layers={config['layers']}."
        )
    return networks.generator(
        (size, size, 3),
        config["z_dim"],
        config["num_classes"],
        config["channel_width"],
        attention=4 * 2 ** (position // 2),
        embedding_dim=config["class_embed_dim"],
        rgb_channels=config["channel_width"],
        truncation_statistics=config.get("n_stats", 51),
        interpolation=interpolation,
        epsilon=config["eps"],
        kernel_initializer="zeros",  # replaced
    )


def _load_normalized(arrays, name, layer):
    """The entries of a linear map or a convolution with a spectral norm: PyTorch has outputs, then inputs, then positions."""
    kernel = layer.layer.kernel
    *window, inputs, outputs = kernel.shape
    to_keras = (1, 0) if not window else (2, 3, 1, 0)
    kernel.assign(arrays.take(f"{name}.weight_orig", (outputs, inputs, *window)).transpose(to_keras))
    layer.u.assign(arrays.take(f"{name}.weight_u", (outputs,)))
    v = arrays.take(f"{name}.weight_v", (inputs * int(np.prod(window)),))
    layer.v.assign(v.reshape(inputs, -1).T.ravel())
    if layer.layer.use_bias:
        layer.layer.bias.assign(arrays.take(f"{name}.bias", (outputs,)))


def _load_statistics(arrays, name, norm):
    norm.moving_mean.assign(arrays.take(f"{name}.running_means", norm.moving_mean.shape))
    norm.moving_variance.assign(arrays.take(f"{name}.running_vars", norm.moving_variance.shape))
