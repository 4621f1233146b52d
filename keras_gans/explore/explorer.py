"""The computations of the page."""

import dataclasses
import io
import math
import os
import re

import numpy as np

from keras_gans import data
from keras_gans.evaluation import StyleSpace
from keras_gans.evaluation import generator_directions
from keras_gans.evaluation import invert
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import style_mixing_table
from keras_gans.explore.code import code_of
from keras_gans.explore.code import condition_lines
from keras_gans.explore.recipes import Drawn
from keras_gans.explore.recipes import Found
from keras_gans.explore.recipes import Moved
from keras_gans.explore.recipes import Styled
from keras_gans.explore.recipes import Varied
from keras_gans.explore.recipes import ingredients
from keras_gans.explore.views import Path
from keras_gans.explore.views import Table
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
MOST_SEEDS = 8  # of a side of a table
_RANGE = (-1, 1)  # what adapters make
_STARTS = 4


class Explorer:
    """A generator and its principal directions: draws, varies, moves, connects and finds images, and gives the code for them.

    It keeps no state: `View`, `Path` and `Table` describe what is shown, and many pages may use one explorer.

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
        layers: Dict, the layers of the synthesis by the names "all", "coarse", "middle" and "fine"; empty where the generator has
            no styles.
        style_directions: `PrincipalDirections` of W, of class 0 where there are classes; None where there are no styles.

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
        self.source = os.fspath(source) if isinstance(source, (str, os.PathLike)) else None
        self.given_range = image_range
        sampler = _checked(self.generator, condition)
        if condition is not None:
            condition = by_name(condition, sampler.condition_input)
        self.held_condition = None if condition is None else self.generator.one_array(condition)
        labelled = self.generator.conditional and condition is None
        self.takes_labels = labelled
        self.classes = sampler.classes if labelled else None
        self.takes_mixtures = labelled and self.generator.takes_class_weights and self.classes > 1
        self.most_truncation = min(1.0, self.generator.truncation_range[1])
        self.direction_options = {"count": directions, "num_samples": direction_samples}
        self.directions = generator_directions(self.generator, 0 if labelled else condition, **self.direction_options)
        self.layers, self.style_directions = {}, None
        gan = getattr(self.generator, "gan", None)
        if hasattr(gan, "mix") and not self.generator.several:
            named = gan.named_layers()
            self.layers = {"all": sum(named.values(), []), **named}
            self.style_directions = StyleSpace(gan, condition=0 if labelled else self.held_condition).directions(directions)

    def view(
        self,
        count=16,
        seed=0,
        truncation=None,
        label=None,
        other=None,
        mix=0.0,
        amounts=(),
        origin=None,
        mixed=None,
        moved=None,
    ):
        """What is looked at: new samples, or those of another recipe, moved.

        Args:
            count: Int, at most 64 images.
            seed: Int.
            truncation: Float; `most_truncation` and above stand for none.
            label: Int, the class. Default: class 0, where there are classes.
            other: Int, a second class; `mix`: float in [0, 1], its weight.
            amounts: Floats, how far along each direction, in scales.
            origin: Recipe, of what is moved. Default: new samples.
            mixed: Pair of a seed, and of the layers that get its styles: a name in `layers`, a range, "2-5", or a list of ints.
                Default: none.
            moved: Pair of floats, how far along each of `style_directions`, in scales, and of the layers that are moved, as for
                `mixed`. Default: none.

        Raises:
            ValueError: if a number is out of range; if there are no such layers.
        """
        if not 1 <= count <= MOST_IMAGES:
            raise ValueError(f"Between 1 and {MOST_IMAGES} images are shown at a time. Received: {count}")
        _check_seed(seed)
        if self.takes_labels:
            label = 0 if label is None else label
            for each in (label, other):
                if each is not None and not 0 <= each < (self.classes or math.inf):
                    raise ValueError(f"The classes are numbered from 0 to {self.classes - 1}. Received: {each}")
        truncation = self._truncation(truncation)
        recipe = Drawn(count, seed, truncation) if origin is None else origin
        if any(amounts):
            recipe = Moved(recipe, tuple(amounts))
        view = View(recipe, truncation=truncation if self.generator.truncates_latents else None)
        if self.takes_labels:
            view = dataclasses.replace(view, label=label)
        if self.takes_mixtures:
            view = dataclasses.replace(view, other=other, mix=mix)
        if mixed is not None:
            _check_seed(mixed[0])
            mixed = mixed[0], self.numbers_of(mixed[1])
        if moved is not None:
            moved = tuple(moved[0]), self.numbers_of(moved[1])
        return self._with_styles(view, mixed, moved) if mixed or moved else view

    def _with_styles(self, view, mixed=None, moved=None):
        condition = self._condition(view), tuple(condition_lines(self, view))
        return dataclasses.replace(view, styles=Styled(view.recipe, *condition, view.truncation, mixed, moved))

    def numbers_of(self, layers):
        """The numbers of layers that are given by a name in `layers`, as a range, "2-5", or in a list.

        Raises:
            ValueError: if there are no such layers.
        """
        chosen = self.layers.get(layers, layers) if isinstance(layers, str) else layers
        if isinstance(chosen, str):
            numbers = re.fullmatch(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*", chosen)
            first, last = (numbers[1], numbers[2] or numbers[1]) if numbers else (0, -1)
            chosen = range(int(first), int(last) + 1)
        known = self.layers.get("all", [])
        if not chosen or not all(layer in known for layer in chosen):
            raise ValueError(
                f"Layers are one of {list(self.layers)}, or a range such as 2-3, of 0 to {len(known) - 1}. Received: {layers}"
            )
        return list(chosen)

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
        if start.styles is not None or end.styles is not None:
            start, end = (view if view.styles is not None else self._with_styles(view) for view in (start, end))
        return Path(start, end, steps, self.generator.normal_latents, self.takes_mixtures)

    def table(self, view, rows, columns, layers="coarse"):
        """The `Table` of two groups of seeds, with the class and truncation of a view.

        Args:
            view: `View`.
            rows, columns: Lists of seeds, at most 8.
            layers: Where the images of the rows get the styles of the columns, as for `view`. Default: "coarse".

        Raises:
            ValueError: if there are too many seeds, or none; if there are no such layers.
        """
        for seeds in (rows, columns):
            if not 1 <= len(seeds) <= MOST_SEEDS:
                raise ValueError(f"A table has between 1 and {MOST_SEEDS} seeds a side. Received: {len(seeds)}")
            for seed in seeds:
                _check_seed(seed)
        return Table(view, list(rows), list(columns), self.numbers_of(layers))

    def latents(self, view):
        """Float32 array `(n, *latent_shape)`."""
        return view.recipe.latents(self)

    def styles(self, view):
        """Float32 array `(n, layers, width)`, of a view that has styles."""
        return view.styles.latents(self)

    def images(self, view):
        """Float32 array `(n, height, width, channels)` in [-1, 1], of a `View`, a `Path` or a `Table`."""
        if isinstance(view, Table):
            settings = self._condition(view.view), view.view.truncation
            table = style_mixing_table(self.generator.gan, view.rows, view.columns, view.layers, *settings)
            return self.generator.rescaled(table.reshape(-1, *table.shape[2:]))
        if view.styles is not None:
            return self.generator.rescaled(self.generator.gan.synthesize(self.styles(view), noise="fixed"))
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
        """Python that makes the same images and saves them. (Their last digits may depend on the sizes of earlier batches.)"""
        return code_of(self, view)

    def columns(self, view):
        """The number of columns in which the images are laid out."""
        if isinstance(view, Table):
            return len(view.columns) + 1
        count = len(self.latents(view))
        return min(count, 8) if isinstance(view, Path) else math.ceil(count**0.5)

    def found_in(self, view):
        """The found latents that the code of a view loads: recipes with a `filename` and an `array`."""
        return [] if isinstance(view, Table) else [each for each in ingredients(view.recipe) if isinstance(each, Found)]

    def _truncation(self, truncation):
        if truncation is None or not self.generator.truncatable or truncation >= self.most_truncation:
            return None
        return float(truncation)

    def _condition(self, view):
        return view.condition(self.classes) if self.held_condition is None else self.held_condition


def _check_seed(seed):
    if not -(2**31) <= seed < 2**31:
        raise ValueError(f"A seed is a whole number that fits in 32 bits. Received: {seed}")


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
            f"Only latents can be explored, and {generator.name} has none: it makes images of a source. Look at them with "
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
