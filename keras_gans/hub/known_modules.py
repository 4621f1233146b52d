"""What is known of the generators that others published."""

import dataclasses
import re

from keras_gans.latents import Latents
from keras_gans.latents import Normal
from keras_gans.latents import Uniform

_TF_HUB = "https://tfhub.dev/"


@dataclasses.dataclass(frozen=True)
class ModuleInfo:
    """What is known of a published generator.

    Attributes:
        name: String, "owner/model", which `hub.load` takes; "{number}" stands for a number and what follows it.
        versions: Tuple of ints, those on TF Hub. The last is what the name alone stands for.
        image_shape: Tuple, (height, width, channels).
        latents: `keras_gans.latents.Latents`, the prior that it is sampled from.
        classes: Int, the number of classes of its condition; None if it takes none.
        class_names: String, where the names of its classes come from; None: they have no names here.
        truncation_range: Pair of floats, the truncations that it has statistics for; None: none is published.
        image_range: Pair of floats, its black and white.
        trained_on: String, the data set.
        licence: String; None: the publisher's page must be asked.
        score: String, a published figure, with what it was measured under; None: none is known.
        warm_up_versions: Tuple of ints, the versions whose first call with a new truncation uses the last one's statistics.

    Example:

    ```python
    info = keras_gans.hub.list()[0]
    print(info.name, info.handle)  # deepmind/biggan-128 https://tfhub.dev/deepmind/biggan-128/2
    ```
    """

    name: str
    versions: tuple
    image_shape: tuple
    latents: Latents
    classes: int | None = None
    class_names: str | None = None
    truncation_range: tuple | None = None
    image_range: tuple = (-1.0, 1.0)
    trained_on: str = "ImageNet"
    licence: str | None = None
    score: str | None = None
    warm_up_versions: tuple = ()

    @property
    def handle(self):
        """The URL of the newest version."""
        return f"{_TF_HUB}{self.name}/{self.versions[-1]}"


def _biggan(size, latents):
    score = {128: "FID 9.6, IS 166.3, truncated (the paper's first version)"}.get(size)
    return ModuleInfo(
        *(f"deepmind/biggan-{size}", (1, 2), (size, size, 3), Normal(latents, default_truncation=1.0), 1000, "imagenet"),
        truncation_range=(0.02, 1.0),
        licence="Apache-2.0",
        score=score,
        warm_up_versions=(1,),
    )


def _biggan_deep(size, score):
    return ModuleInfo(
        *(f"deepmind/biggan-deep-{size}", (1,), (size, size, 3), Normal(128, default_truncation=1.0), 1000, "imagenet"),
        truncation_range=(0.0, 1.0),
        licence="Apache-2.0",
        score=score,
    )


def _self_supervised(name, size, score=None):
    """compare_gan's semi- and self-supervised GANs, which take integer labels."""
    return ModuleInfo(f"google/{name}", (1,), (size, size, 3), Normal(120), 1000, "imagenet", score=score)


_REEVALUATED = "(50,000 samples, the weights in PyTorch-StudioGAN)"

_KNOWN = (
    _biggan(128, 120),
    _biggan(256, 140),
    _biggan(512, 128),
    _biggan_deep(128, "FID 7.4, IS 166.5, truncated (the paper)"),
    _biggan_deep(256, f"FID 11.3, IS 135.1 {_REEVALUATED}"),
    _biggan_deep(512, f"FID 16.9, IS 124.4 {_REEVALUATED}"),
    ModuleInfo("deepmind/bigbigan-resnet50", (1,), (128, 128, 3), Normal(120)),
    ModuleInfo("deepmind/bigbigan-revnet50x4", (1,), (128, 128, 3), Normal(120)),
    ModuleInfo("google/progan-128", (1,), (128, 128, 3), Normal(512), image_range=(0.0, 1.0), trained_on="CelebA"),
    *(_self_supervised(f"compare_gan/s3gan_{percent}_128x128", 128) for percent in ("2_5", "5", "20")),
    _self_supervised("compare_gan/s3gan_10_128x128", 128, "FID 7.6, IS 80 (its page)"),
    _self_supervised("compare_gan/s3gan_10_256x256", 256),
    _self_supervised("compare_gan/ssgan_128x128", 128, "FID 20.6, IS 24.9 (its page)"),
    ModuleInfo(
        *("google/compare_gan/model_{number}", (1,), (None, None, 3), Uniform(128)),
        image_range=(0.0, 1.0),
        trained_on="CelebA-HQ-128, CIFAR-10 or LSUN bedrooms",
    ),
)


def known_modules():
    """The published generators that `hub.load` knows by name.

    Others are loaded too: what their names cannot say, `load` is told or reads from the file.

    Returns:
        Tuple of `ModuleInfo`.

    Example:

    ```python
    for info in keras_gans.hub.list():
        print(info.name, info.versions, info.image_shape, info.latents.shape, info.classes, info.truncation_range, info.score)
    ```
    """
    return _KNOWN


def parse_handle(handle):
    """What a handle names: (ModuleInfo or None, version or None, the handle to find it by).

    "deepmind/biggan-128" becomes the URL of the newest version, "deepmind/biggan-128/1" that of this one. Kaggle's handle and
    URL of a known module are recognized. Any other handle stays as it is.
    """
    path = re.sub(r"^https?://(www\.)?tfhub\.dev/", "", handle).split("?")[0].strip("/")
    for info in _KNOWN:
        pattern = re.escape(info.name).replace(r"\{number\}", r"\d+_\w+")
        match = re.fullmatch(rf"({pattern})(?:/(\d+))?", path)
        if match:
            version = int(match[2]) if match[2] else info.versions[-1]
            if version not in info.versions:
                raise ValueError(f"{info.name} has the versions {info.versions}. Received: version {version}, in {handle!r}.")
            return info, version, f"{_TF_HUB}{match[1]}/{version}"
    return _of_kaggle(handle), None, handle


def _of_kaggle(handle):
    """The known module that Kaggle's "deepmind/biggan/tensorFlow1/deep-128/1" names, or its URL; None for any other.

    (The numbers of versions differ: which of TF Hub's a version is cannot be told.)
    """
    parts = re.sub(r"^https?://(www\.)?kaggle\.com/models/", "", handle).replace("/frameworks/", "/").replace("/variations/", "/")
    owner, model, _, variation = [*parts.split("/"), "", "", "", ""][:4]
    names = {f"{owner}/{model}", f"{owner}/{model}-{variation}", f"{owner}/{model}/{variation}", f"{owner}/{variation}"}
    return next((info for info in _KNOWN if info.name in names), None)
