"""From whatever generates images to a `GeneratorAdapter`."""

import os

from keras_gans.evaluation.generators.gan_adapter import GANAdapter
from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.evaluation.generators.hub_generator import HubGenerator
from keras_gans.evaluation.generators.saved_generator import SavedGenerator
from keras_gans.utils.files import load_checked
from keras_gans.utils.hub_modules import find_saved_model
from keras_gans.utils.hub_modules import load

_IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")


def load_generator(source, name=None, image_range=None, latents=None):
    """The adapter of a generator, whatever its source: what `evaluate` samples.

    Args:
        source: One of
            - a `keras_gans.GAN`, or the path of one that was saved (`.keras`);
            - the folder of a SavedModel that `GAN.export` wrote, or the loaded SavedModel;
            - the folder of a TF1 Hub module with a generator's signature, its handle "https://tfhub.dev/..." (needs the extra
              `hub`), or the loaded module;
            - a `GeneratorAdapter`, returned as it is.
        name: String, what reports call it. Default: the GAN's name, the path or the handle.
        image_range: Pair of floats, the black and white of what an export or a hub module makes: (0, 1) of ProGAN's, and of a
            generator that ends in a sigmoid. Default: (-1, 1). A GAN knows its own: `gan.image_range`.
        latents: `keras_gans.latents.Latents`, of a GAN: a prior to sample from in place of its own, such as one that truncates
            by the other of the published forms. Default: the GAN's.

    Raises:
        ValueError: for anything else, for paths where there is nothing, for an `image_range` of what has one of its own, and for
            `latents` of what is not a GAN, or of another shape.

    Example:

    ```python
    exported = keras_gans.evaluation.load_generator("serving/dcgan/1")
    images = exported.generate(16, truncation=0.5, seed=0)

    resampling = keras_gans.latents.Normal(gan.latents.shape, truncate_by="resampling")
    paper = keras_gans.evaluation.load_generator(gan, latents=resampling)
    print(paper.truncation_form)  # TN(-t, t)
    ```
    """
    if isinstance(source, (str, os.PathLike)):
        return load_generator(_load(os.fspath(source)), name or os.fspath(source), image_range, latents)
    if all(hasattr(source, attribute) for attribute in ("generate", "as_sampler", "latents")) and image_range is None:
        return GANAdapter(source, name, source.as_sampler(latents))
    if latents is not None:
        raise ValueError(
            f"`latents` are of a GAN; any other generator has a prior of its own. Received: latents={latents!r} for {source!r}. "
            "Leave them out."
        )
    if hasattr(source, "signatures") and set(source.signatures) & {"default", "generate"}:
        return HubGenerator(source, name or "SavedModel", image_range)
    if hasattr(source, "signatures"):
        return _saved(source, name or "SavedModel", image_range)
    if image_range is not None:
        raise ValueError(
            "`image_range` is of exports and hub modules; a GAN and a GeneratorAdapter have one of their own. Received: "
            f"image_range={image_range!r} for {source!r}. Leave it out."
        )
    if isinstance(source, GeneratorAdapter):
        return source
    raise ValueError(
        "Expected a keras_gans.GAN, the path of a saved or exported one, a hub module or its handle. "
        f"Received: {source!r}. For a generator of another kind, subclass keras_gans.evaluation.GeneratorAdapter."
    )


def _load(path):
    if path.startswith(("https://", "http://")):
        return load(find_saved_model(path))
    if os.path.isfile(path) and path.endswith(".keras"):
        return load_checked(path)
    if os.path.exists(os.path.join(path, "saved_model.pb")):
        return load(path)
    if _holds_images(path):
        raise ValueError(
            f"{path!r} is a folder of images, not a generator. FID between two folders of images:\n"
            "    fid = keras_gans.metrics.FID(extractor, real=keras_gans.data.images(real_folder, size=..., shuffle=False))\n"
            "    for batch in keras_gans.data.images(folder, size=..., shuffle=False):\n"
            "        fid.update_state(None, batch)\n"
            "with the same size for both; then fid.result()."
        )
    raise ValueError(
        f"There is no model at {path!r}. Expected a file that `gan.save` wrote (.keras), the folder that `gan.export` wrote "
        '(with saved_model.pb in it), the folder of a hub module, or a handle "https://tfhub.dev/...".'
    )


def _holds_images(path):
    return os.path.isdir(path) and any(name.lower().endswith(_IMAGES) for _, _, names in os.walk(path) for name in names)


def _saved(model, name, image_range):
    signatures = set(model.signatures)
    if {"sample", "serve"} <= signatures:
        return SavedGenerator(model, name, image_range)
    raise ValueError(
        f"The SavedModel {name} has no signatures `sample` and `serve`, as `gan.export` writes them, nor `default` or "
        f"`generate`, as hub modules have. Received: {sorted(signatures)}."
    )
