"""From a handle or a folder to a `PublishedGenerator`."""

import difflib
import os
import re

import keras

from keras_gans.export.endpoint import Endpoint
from keras_gans.export.versions import version_names
from keras_gans.hub.class_names import imagenet_classes
from keras_gans.hub.exported_latents import ExportedLatents
from keras_gans.hub.known_modules import known_modules
from keras_gans.hub.known_modules import parse_handle
from keras_gans.hub.published_generator import PublishedGenerator
from keras_gans.hub.published_styles import PublishedStyles
from keras_gans.hub.signature_layer import SignatureLayer
from keras_gans.hub.signature_layer import input_specs
from keras_gans.hub.signature_layer import signature_of
from keras_gans.latents import Latents
from keras_gans.latents import NoLatents
from keras_gans.latents import Normal
from keras_gans.latents import Uniform
from keras_gans.networks import biggan_deep
from keras_gans.utils import hub_modules
from keras_gans.utils.numbers import checked_range
from keras_gans.utils.pickles import refuse_pickle
from keras_gans.utils.truncation import decimal

_SIGNATURES = ("default", "generate", "generator")
# Those that every export may have; others are of its class of GANs.
_OF_EXPORTS = {"serve", "serve_with_seed", "serving_default", "sample", "sample_png", "latents", "describe", "default"}
_NAMES = {
    "latents": ("latents", "latent", "noise", "z"),
    "condition": ("condition", "labels", "label", "y", "class", "classes"),
    "truncation": ("truncation", "trunc"),
}
_IMAGENET = 1000
_CHUNK = 16  # published networks are large


def load(source, name=None, signature=None, inputs=None, output=None, latents=None, classes=None, image_range=None, warm_up=None):
    """Loads a generator that somebody published, or that `GAN.export` wrote.

    Args:
        source: One of
            - a name of `hub.list()`, "deepmind/biggan-deep-256", for the newest version, or with one: "deepmind/biggan-128/1";
            - a URL of TF Hub or Kaggle, or Kaggle's "owner/model/framework/variation" (these need the extra `hub`, unless what
              they name lies in the packages' caches);
            - the folder of a SavedModel: an export, a module, or any other with a signature that samples; or a folder of its
              versions, of which the newest is taken;
            - the folder of a BigGAN-deep that pytorch-pretrained-biggan saved;
            - what `tf.saved_model.load` or `tensorflow_hub.load` returned.
        name: String, what reports call it. Default: the source.
        signature: String, the signature that makes images. Default: "default", "generate" or "generator".
        inputs: Dict, from "latents", "condition" and "truncation" to the signature's names of these inputs. Default: by their
            usual names; a single other one are the latents.
        output: String, the signature's name of the images. Default: "default", or the only one.
        latents: `keras_gans.latents.Latents`, the prior. Default: the published one; N(0, I), where none is known.
        classes: Int, the number of classes of an integer condition. Default: what is known of the module.
        image_range: Pair (low, high) of floats, black and white. Default: what is known of the module, or (-1, 1).
        warm_up: Bool, whether a new truncation needs a call before it is used, as version 1 of the BigGAN modules. Default:
            where the version is known, and is such a one.

    Returns:
        `PublishedGenerator`; of an export with styles a `PublishedStyles`, which has `map`, `synthesize` and `mix`, too.

    Raises:
        FileNotFoundError: if nothing is there and it cannot be downloaded; the message says what to fetch, and where to put it.
        ImportError: if the package that downloads it is missing.
        ValueError: if the source is not a generator; if it cannot be told what its inputs are; for a pickle, as NVIDIA releases
            StyleGAN2-ADA and StyleGAN3: to read one is to run the code in it.

    Example:

    ```python
    gan.export("serving/dcgan/1")
    generator = keras_gans.hub.load("serving/dcgan/1")
    print(generator.generate(4, seed=0).shape)  # (4, 28, 28, 1)
    ```

    On a machine with a network, or with the module in a cache:

        generator = keras_gans.hub.load("deepmind/biggan-deep-256")
        images = generator.generate(8, condition="goldfinch", truncation=0.5, seed=0)

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096; Donahue,
        Simonyan, Large Scale Adversarial Representation Learning (2019), arXiv:1907.02544; the modules' pages on TF Hub.
    """
    given = {"latents": latents, "classes": classes, "image_range": image_range}
    given = {key: value for key, value in given.items() if value is not None}
    chosen = {"inputs": inputs, "output": output, "warm_up": warm_up}
    if "image_range" in given:
        given["image_range"] = checked_range(image_range)
    if "latents" in given and not isinstance(latents, Latents):
        raise ValueError(f"`latents` must be keras_gans.latents.Latents. Received: {latents!r}")
    info, version, path = None, None, None
    if isinstance(source, (str, os.PathLike)):
        name = name or os.fspath(source)
        source = os.path.expanduser(source)
        if source.endswith((".keras", ".h5")):
            raise ValueError(
                f"{source!r} is a file that Keras saved, and here are SavedModels. Load it with keras_gans.load_model, or "
                "keras_gans.evaluation.load_generator."
            )
        refuse_pickle(source)
        if not os.path.isdir(source):
            info, version, source = parse_handle(source)
            _check_name(source)
        path = hub_modules.find_saved_model(source)
        if os.path.exists(os.path.join(path, "pytorch_model.bin")):
            _refuse_unused("a folder of pytorch-pretrained-biggan", **chosen, signature=signature)
            return _of_pytorch(path, name, given)
        path = _newest_version(path)
        source = _load(path)
    elif not hasattr(source, "signatures"):
        raise ValueError(
            "Expected a name of keras_gans.hub.list(), a URL, the folder of a SavedModel, or a loaded SavedModel. "
            f"Received: {source!r}"
        )
    name = name or "SavedModel"
    if signature is None and {"serve", "describe"} <= set(source.signatures):
        _refuse_unused("an export, unless `signature` is given", **chosen)
        return _of_export(source, path, name, given)
    if warm_up is None:
        warm_up = info is not None and version in info.warm_up_versions
    return _of_module(source, path, name, given, info, signature or _signature(source, name), inputs, output, warm_up)


def _check_name(handle):
    """Raises a ValueError for "owner/model" that is not known: it is the beginning of a path, or a slip."""
    if re.fullmatch(r"(deepmind|google)/[\w./-]*", handle) and handle.count("/") < 3 and not os.path.exists(handle):
        near = difflib.get_close_matches(handle, [info.name for info in known_modules()], n=4, cutoff=0.3)
        raise ValueError(f"There is no published generator {handle!r}. Near: {', '.join(near)}. All: keras_gans.hub.list().")


def _load(path):
    if not _holds_model(path):
        raise ValueError(
            f"There is no model at {path!r}. Expected a folder with saved_model.pb in it, which `gan.export` writes and hub "
            "modules have, or one with config.json and pytorch_model.bin."
        )
    return hub_modules.load(path)


def _holds_model(path):
    return os.path.exists(os.path.join(path, "saved_model.pb"))


def _newest_version(path):
    """The newest of the versions in a folder, `<name>/1`, `<name>/2`, ..., that hold a model; the folder itself without any."""
    versions = [name for name in version_names(path) if _holds_model(os.path.join(path, name))]
    if _holds_model(path) or not versions:
        return path
    return os.path.join(path, max(versions, key=int))


def _refuse_unused(kind, **arguments):
    unused = [name for name, value in arguments.items() if value is not None]
    if unused:
        raise ValueError(f"{unused} are not of {kind}, which says them itself. Leave them out.")


def _signature(saved_model, name):
    found = [each for each in _SIGNATURES if each in saved_model.signatures]
    if not found:
        raise ValueError(
            f"{name} has no signatures `serve` and `describe`, as `gan.export` writes them, nor one of {_SIGNATURES}, "
            f"as hub modules have. Received: {sorted(saved_model.signatures)}. Say which makes images: "
            "keras_gans.hub.load(path, signature=...)."
        )
    return found[0]


def _of_export(model, path, name, given):
    about = {key: value.numpy() for key, value in model.signatures["describe"]().items()}
    facts = {"classes": int(about["classes"]) if "classes" in about else None}
    facts["image_range"] = tuple(map(float, about["image_range"]))
    facts["chunk"] = min(int(about["chunk"]), int(about["max_batch_size"]))
    facts["statistics"] = about["statistics"].decode()
    made_for = about.get("statistics_truncation", -1.0)
    facts["statistics_truncation"] = None if made_for < 0 else decimal(made_for)
    if "truncation_range" in about:
        facts["truncation_range"] = tuple(map(float, about["truncation_range"]))
    if "source_range" in about:
        facts["source_range"] = tuple(map(float, about["source_range"]))
    network, specs = _network_of(model, "serve", path), input_specs(model.signatures["serve"])
    shape = tuple(specs["latents"].shape[1:]) if "latents" in specs else None
    others = sorted(set(model.signatures) - _OF_EXPORTS)
    facts["endpoints"] = {name: _endpoint(model, name, path, about.get(f"{name}_range")) for name in others}
    if shape is None:
        prior = NoLatents()
    elif "truncate_by" in about:
        default = about.get("default_truncation")
        prior = Normal(shape, about["truncate_by"].decode() or None, default and float(default))
    elif "uniform_range" in about:
        prior = Uniform(shape, *map(float, about["uniform_range"]))
    else:
        form = about.get("truncation_form", b"").decode()
        prior = ExportedLatents(model, form.removesuffix(" and the network's input") or None).saved_from(path)
    kind = PublishedStyles if {"map", "synthesize"} <= set(others) else PublishedGenerator
    return kind(network, **{"latents": prior, **facts, **given}, name=name, saved_model=model)


def _endpoint(model, name, path, input_range):
    """What an export answers beside sampling."""
    layer = SignatureLayer(model, name).saved_from(path)
    known = None if input_range is None else tuple(map(float, input_range))
    if len(layer.specs) > 1:
        return Endpoint(_network(layer, layer.specs, name), "latents", layer.output_name, known)
    ((key, spec),) = layer.specs.items()
    tensor = keras.Input(tuple(spec.shape[1:]), dtype=spec.dtype.name, name=key)
    return Endpoint(keras.Model(tensor, layer({key: tensor}), name=name), key, layer.output_name, known)


def _network_of(model, signature, path):
    """The functional model of a signature of an export."""
    return _network(SignatureLayer(model, signature).saved_from(path), input_specs(model.signatures[signature]))


def _of_module(model, path, name, given, info, signature, inputs, output, warm_up):
    specs = input_specs(signature_of(model, signature))
    own = _roles(specs, name) if inputs is None else dict(inputs)
    if "latents" not in own or not set(own) <= set(_NAMES):
        raise ValueError(f'`inputs` must name "latents", and perhaps "condition" and "truncation". Received: inputs={inputs!r}')
    layer = SignatureLayer(model, signature, own, output, warm_up).saved_from(path)
    network = _network(layer, layer.specs)
    truncates = "truncation" in layer.specs
    facts = {"latents": Normal(tuple(layer.specs["latents"].shape[1:]), default_truncation=1.0 if truncates else None)}
    facts["truncation_range"] = (0.0, 1.0) if truncates else None
    facts["chunk"] = layer.batch_size or _CHUNK
    if info is not None:
        facts |= {"image_range": info.image_range, "classes": info.classes}
        facts["truncation_range"] = info.truncation_range or facts["truncation_range"]
        if info.latents.shape == facts["latents"].shape:
            facts["latents"] = info.latents
    if "condition" not in layer.specs:
        facts["classes"] = None
    elif layer.specs["condition"].shape.rank == 2:
        facts["classes"] = layer.specs["condition"].shape[1]
    facts |= given
    named = facts.get("classes") == _IMAGENET and (info is None or info.class_names == "imagenet")
    facts["class_names"] = imagenet_classes() if named else None
    return PublishedGenerator(network, **facts, name=name, info=info, saved_model=model)


def _of_pytorch(path, name, given):
    network = biggan_deep.from_pretrained(path)
    shapes = {tensor.name: tuple(tensor.shape[1:]) for tensor in network.inputs}
    facts = {"latents": Normal(shapes["latents"], default_truncation=1.0), "classes": shapes["condition"][0]}
    facts["class_names"] = imagenet_classes() if facts["classes"] == _IMAGENET else None
    return PublishedGenerator(network, **{**facts, **given}, name=name)


def _network(layer, specs, name="published"):
    """The functional model of a `SignatureLayer`: an input for each of its own, by its name there."""
    inputs = {key: keras.Input(tuple(spec.shape[1:]), dtype=spec.dtype.name, name=key) for key, spec in specs.items()}
    return keras.Model(inputs, layer(inputs), name=name)


def _roles(specs, name):
    """Which input of a signature takes what: by its usual names, and what is left over are the latents."""
    own = {}
    for role, names in _NAMES.items():
        found = [key for key in names if key in specs]
        if found:
            own[role] = found[0]
    left = [key for key in specs if key not in own.values()]
    if "latents" not in own and len(left) == 1:
        own["latents"] = left.pop()
    if left or "latents" not in own or None in specs[own["latents"]].shape[1:].as_list() or not specs[own["latents"]].shape[1:]:
        raise ValueError(
            f"{name} is not a generator that can be sampled. Expected inputs: z (batch, d), and perhaps y or labels, and "
            f"truncation. Received: {specs}. If they have other names: keras_gans.hub.load(path, "
            'inputs={"latents": "...", "condition": "..."}).'
        )
    return own
