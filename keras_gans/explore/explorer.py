"""What the page computes."""

import io
import math
import os

import numpy as np

from keras_gans import data
from keras_gans.evaluation import generator_directions
from keras_gans.evaluation import invert
from keras_gans.evaluation import load_generator
from keras_gans.explore.recipes import Drawn
from keras_gans.explore.recipes import Found
from keras_gans.explore.recipes import Moved
from keras_gans.explore.recipes import Varied
from keras_gans.explore.recipes import ingredients
from keras_gans.explore.views import Path
from keras_gans.explore.views import View
from keras_gans.export.sampler import Sampler
from keras_gans.utils.conditions import by_name
from keras_gans.utils.image_files import image_grid
from keras_gans.utils.image_files import picture
from keras_gans.utils.image_files import to_uint8
from keras_gans.utils.videos import enlarged
from keras_gans.utils.videos import there_and_back
from keras_gans.utils.videos import write_gif

MOST_IMAGES = 64
MOST_STEPS = 32
_RANGE = (-1, 1)  # what adapters make
_STARTS = 4


class Explorer:
    """A generator and its principal directions: draws, varies, moves, connects and finds images, and gives the code for them.

    It keeps nothing of what was asked: `View` and `Path` say what is looked at, and many pages may use one explorer.

    Args:
        source: What `keras_gans.evaluation.load_generator` takes: a `GAN`, the path of a saved one, an export, a published module
            or its handle.
        image_range: Pair of floats, as in `load_generator`.
        name: String. Default: the GAN's, the path or the handle.
        condition: The one condition that all images are made with, in place of a class. Default: none; needed where a network
            takes something else than classes.
        directions: Int, how many principal directions. Default: 8.
        direction_samples: Int, how many latents they are estimated from, see `generator_directions`. Default: 1000.

    Attributes:
        generator: The `GeneratorAdapter`.
        directions: `PrincipalDirections`, of class 0 where there are classes.
        takes_labels, takes_mixtures: Bools, whether images have a class, or a mixture of two.
        most_truncation: Float, the truncation that stands for none.

    Raises:
        ValueError: if it is not a generator of images of 1 or 3 channels; if it takes another condition than classes, and none
            is given; if it takes several.

    Example:

    ```python
    from keras_gans.explore import Explorer

    explorer = Explorer(gan, direction_samples=50)
    view = explorer.view(count=4, seed=1, amounts=(2.0,))
    print(explorer.images(view).shape)  # (4, 28, 28, 1)
    print(explorer.code(view).splitlines()[-2])  # images = generator.generate(len(latents), latents=latents)
    ```
    """

    def __init__(self, source, image_range=None, name=None, condition=None, directions=8, direction_samples=1000):
        self.generator = load_generator(source, name, image_range)
        self.name = self.generator.name
        self._source = os.fspath(source) if isinstance(source, (str, os.PathLike)) else None
        self._given_range = image_range
        sampler = _checked(self.generator, condition)
        if condition is not None:
            condition = by_name(condition, sampler.condition_input)
        self.held_condition = None if condition is None else self.generator.one_array(condition)
        labelled = self.generator.conditional and condition is None
        self.takes_labels = labelled
        self.classes = sampler.classes if labelled else None
        self.takes_mixtures = labelled and self.generator.takes_class_weights and self.classes > 1
        self.most_truncation = min(1.0, self.generator.truncation_range[1])
        self._direction_options = {"count": directions, "num_samples": direction_samples}
        self.directions = generator_directions(self.generator, 0 if labelled else condition, **self._direction_options)

    def view(self, count=16, seed=0, truncation=None, label=None, other=None, mix=0.0, amounts=(), origin=None):
        """What is looked at: new samples, or those of another recipe, moved.

        Args:
            count: Int, at most 64 images.
            seed: Int.
            truncation: Float; `most_truncation` and above stand for none.
            label: Int, the class. Default: class 0, where there are classes.
            other: Int, a second class; `mix`: float in [0, 1], its weight.
            amounts: Floats, how far along each direction, in scales.
            origin: Recipe, of what is moved. Default: new samples.

        Raises:
            ValueError: if a number is out of range.
        """
        if not 1 <= count <= MOST_IMAGES:
            raise ValueError(f"Between 1 and {MOST_IMAGES} images are shown at a time. Received: {count}")
        if not -(2**31) <= seed < 2**31:
            raise ValueError(f"A seed is a whole number that fits in 32 bits. Received: {seed}")
        if self.takes_labels:
            label = 0 if label is None else label
            for each in (label, other):
                if each is not None and not 0 <= each < (self.classes or math.inf):
                    raise ValueError(f"The classes are numbered from 0 to {self.classes - 1}. Received: {each}")
        truncation = self._truncation(truncation)
        recipe = Drawn(count, seed, truncation) if origin is None else origin
        if any(amounts):
            recipe = Moved(recipe, tuple(amounts))
        of_network = truncation if self.generator.truncates_latents else None
        if not self.takes_labels:
            return View(recipe, truncation=of_network)
        if not self.takes_mixtures:
            return View(recipe, label, truncation=of_network)
        return View(recipe, label, other, mix, of_network)

    def vary(self, view, number, count=16, strength=0.3, seed=0, truncation=None):
        """The recipe of one of the images of a view, and of variations of it: sqrt(1 - s^2) z + s noise.

        Between latents that are not normal: (1 - s) z + s noise.
        """
        if not 0 <= strength <= 1:
            raise ValueError(f"The strength of variations lies between 0 and 1. Received: {strength}")
        origin = view.choose(number).recipe
        return Varied(origin, count, strength, seed, self._truncation(truncation), self.generator.normal_latents)

    def path(self, start, end, steps=8):
        """The `Path` from one view of one image to another."""
        if not 2 <= steps <= MOST_STEPS:
            raise ValueError(f"A path has between 2 and {MOST_STEPS} images. Received: {steps}")
        return Path(start, end, steps, self.generator.normal_latents, self.takes_mixtures)

    def latents(self, view):
        """Float32 array `(n, *latent_shape)`."""
        return view.recipe.latents(self)

    def images(self, view):
        """Float32 array `(n, height, width, channels)` in [-1, 1], of a `View` or a `Path`."""
        latents = self.latents(view)
        condition = self._condition(view)
        return self.generator.generate(len(latents), condition=condition, latents=latents, truncation=view.truncation)

    def read_image(self, filename):
        """An image file as `keras_gans.data` reads it, cropped and resized to the generator's size: float32 in [-1, 1].

        Raises:
            ValueError: if it cannot be read.
        """
        height, width, channels = self.generator.image_shape
        options = {"size": (height, width), "channels": channels, "batch_size": 1, "shuffle": False, "cache": False}
        try:
            return next(iter(data.images([os.fspath(filename)], **options, verbose=False))).numpy()[0]
        except Exception as error:  # TensorFlow wraps what was raised while it read
            raise ValueError(
                f"{os.path.basename(filename)} cannot be read as an image. Take a PNG, a JPEG, or another file that Pillow reads."
            ) from error

    def find(self, image, view, steps=200, seed=0):
        """Searches the latents of an image, with the class and truncation of a view held.

        Args:
            image: Float32 array `(height, width, channels)` in [-1, 1].
            view: `View`.
            steps: Int.
            seed: Int, of the starts.

        Returns:
            Pair of a recipe, and the root of the mean squared difference of pixels, of 255.
        """
        sampler, condition = self.generator.sampler, self._condition(view)
        if condition is not None:
            condition = self.generator.condition_rows(condition, _STARTS)

        def run(latents):
            return self.generator.rescaled(sampler.run(latents, condition, view.truncation))

        options = {"steps": steps, "starts": _STARTS, "prior": sampler.latents, "seed": seed}
        found = invert(run, image[None], sampler.latent_shape, **options)
        return Found(found.latents), float(np.sqrt(found.losses[0] / image.size) * 127.5)

    def code(self, view):
        """Python that makes the same images, to the last bit, and saves them."""
        recipes = ingredients(view.recipe)
        options = "" if self._given_range is None else f", image_range={tuple(self._given_range)}"
        if self._source is None:
            load = f"generator = evaluation.load_generator(gan{options})  # gan: what was explored"
        else:
            load = f"generator = evaluation.load_generator({self._source!r}{options})"
        lines = ["import numpy as np", "", "import keras_gans", "from keras_gans import evaluation", "", load]
        lines += [f"# {each.filename}: download it from the page" for each in recipes if isinstance(each, Found)]
        if any(isinstance(each, Moved) for each in recipes):
            lines += self._direction_lines()
        lines += view.recipe.lines("latents")
        condition = self._held_lines() if self.held_condition is not None else view.condition_lines(self.classes)
        arguments = [*(["condition=condition"] if condition else []), "latents=latents"]
        arguments += [] if view.truncation is None else [f"truncation={view.truncation!r}"]
        columns = self.columns(view)
        return "\n".join(
            [
                *lines,
                *condition,
                f"images = generator.generate(len(latents), {', '.join(arguments)})",
                f'keras_gans.utils.save_images("samples.png", images, columns={columns}, image_range={_RANGE})',
            ]
        )

    def columns(self, view):
        """Into how many columns the images are laid out."""
        count = len(self.latents(view))
        return min(count, 8) if isinstance(view, Path) else math.ceil(count**0.5)

    def found_in(self, view):
        """The found latents that the code of a view loads: recipes with a `filename` and an `array`."""
        return [each for each in ingredients(view.recipe) if isinstance(each, Found)]

    def _truncation(self, truncation):
        if truncation is None or not self.generator.truncatable or truncation >= self.most_truncation:
            return None
        return float(truncation)

    def _condition(self, view):
        return view.condition(self.classes) if self.held_condition is None else self.held_condition

    def _held_lines(self):
        held = np.asarray(self.held_condition)
        return [f'condition = np.array({held.tolist()!r}, "{held.dtype}")']

    def _direction_lines(self):
        options = ", ".join(f"{name}={value}" for name, value in self._direction_options.items())
        if self.held_condition is not None:
            return [*self._held_lines(), f"directions = evaluation.generator_directions(generator, condition, {options})"]
        first = "generator, condition=0" if self.takes_labels else "generator"
        return [f"directions = evaluation.generator_directions({first}, {options})"]


def _checked(generator, condition):
    """The sampler of a generator that can be explored."""
    sampler = getattr(generator, "sampler", None)
    if not isinstance(sampler, Sampler):
        raise ValueError(
            f"Expected a keras_gans.GAN, a saved or exported one, or a published generator. Received: {generator.name}, whose "
            "latents are not known."
        )
    if sampler.latent_shape is None:
        raise ValueError(
            f"What is explored are latents, and {generator.name} has none: it makes images of a source. Look at them with "
            "gan.translate(images), callbacks.SampleGrid, or the analysis `samples` of keras_gans.evaluation.evaluate."
        )
    shape = generator.image_shape
    if len(shape) != 3 or shape[-1] not in (1, 3) or None in shape:
        raise ValueError(f"Images (height, width, 1 or 3) are explored. Received: {generator.name}, which makes {shape}.")
    wanted = sampler.condition_input
    of_class = wanted is None or generator.takes_class_weights
    if not of_class and not isinstance(wanted, dict):
        of_class = "int" in wanted.dtype and tuple(wanted.shape[1:]) in ((), (1,))
    if condition is not None:
        generator.check(condition, None, None, 0)
        generator.condition_rows(condition, 1)
    elif isinstance(wanted, dict):
        raise ValueError(
            f"{generator.name} takes several conditions, {list(wanted)}. Hold them fixed: keras_gans.explore.explore(gan, "
            "condition={...})."
        )
    elif not of_class:
        raise ValueError(
            f"{generator.name} takes a condition that is not a class: {wanted.dtype} of shape {tuple(wanted.shape[1:])}. Hold "
            "one fixed: keras_gans.explore.explore(gan, condition=...)."
        )
    return sampler


def png(images, columns=None, padding=2):
    """The Pillow image of images `(n, height, width, channels)` in [-1, 1], laid out as `image_grid` does."""
    return picture(image_grid(images, columns=columns, padding=padding, image_range=_RANGE))


def pictures(images):
    """A list of uint8 arrays, `(height, width, 3)`, of images in [-1, 1]."""
    return [np.broadcast_to(image, (*image.shape[:2], 3)) for image in to_uint8(images, _RANGE)]


def gif(images, milliseconds=80):
    """The bytes of a GIF that goes through images in [-1, 1] and back, for ever; small ones enlarged, their pixels sharp."""
    buffer = io.BytesIO()
    write_gif(buffer, there_and_back(enlarged(to_uint8(images, _RANGE))), 1000 / milliseconds)
    return buffer.getvalue()
