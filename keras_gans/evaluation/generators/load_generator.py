"""Makes a `GeneratorAdapter` of whatever generates images."""

import os

from keras_gans import hub
from keras_gans.evaluation.generators.gan_adapter import GANAdapter
from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.utils.saved_files import load_checked

_IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")


def load_generator(source, name=None, image_range=None, latents=None):
    """The adapter of a generator from any source, which `evaluate` samples.

    Args:
        source: One of
            - a `keras_gans.GAN`, or the path of one that was saved (`.keras`);
            - what `keras_gans.hub.load` returns, or takes: the folder of a SavedModel that `GAN.export` wrote, the folder or the
              handle of a published module, "deepmind/biggan-128", or a loaded SavedModel;
            - a `GeneratorAdapter`, returned as it is.
        name: String, what reports call it. Default: the GAN's name, the path or the handle.
        image_range: Pair of floats, the black and white of a published module's images. Default: what is known of the module.
            GANs and exports know their own.
        latents: `keras_gans.latents.Latents`, for a GAN: a prior in place of its own, such as one with the other published form
            of truncation. Default: the GAN's.

    Raises:
        ValueError: for anything else; for paths where there is nothing; for an `image_range` if the source has its own; and for
            `latents` if the source is not a GAN, or if their shape does not fit.

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
        name = name or os.fspath(source)
        source = _load(os.fspath(source), image_range)
    elif hasattr(source, "signatures") and not hasattr(source, "as_sampler"):
        source = hub.load(source, image_range=image_range)
    elif image_range is not None:
        raise ValueError(
            "`image_range` is for modules and exports that are loaded here; what is loaded already has its own. Received: "
            f"image_range={image_range!r} for {source!r}. Leave it out."
        )
    if all(hasattr(source, attribute) for attribute in ("generate", "as_sampler", "latents")):
        return GANAdapter(source, name, source.as_sampler(latents))
    if latents is not None:
        raise ValueError(
            f"A GeneratorAdapter has a prior of its own. Received: latents={latents!r} for {source!r}. Leave them out."
        )
    if isinstance(source, GeneratorAdapter):
        return source
    raise ValueError(
        "Expected a keras_gans.GAN, the path of a saved or exported one, a hub module or its handle. "
        f"Received: {source!r}. For a generator of another kind, subclass keras_gans.evaluation.GeneratorAdapter."
    )


def _load(path, image_range):
    if path.endswith(".keras"):
        if image_range is not None:
            raise ValueError(f"A GAN has an image range of its own. Received: image_range={image_range!r} for {path!r}.")
        return load_checked(path)
    if _holds_images(path):
        raise ValueError(
            f"{path!r} is a folder of images, not a generator. FID between two folders of images:\n"
            "    fid = keras_gans.metrics.FID(extractor, real=keras_gans.data.images(real_folder, size=..., shuffle=False))\n"
            "    for batch in keras_gans.data.images(folder, size=..., shuffle=False):\n"
            "        fid.update_state(None, batch)\n"
            "with the same size for both; then fid.result()."
        )
    return hub.load(path, image_range=image_range)


def _holds_images(path):
    path = os.path.expanduser(path)
    if os.path.exists(os.path.join(path, "saved_model.pb")):
        return False
    return os.path.isdir(path) and any(name.lower().endswith(_IMAGES) for _, _, names in os.walk(path) for name in names)
