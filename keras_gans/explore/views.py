"""What is shown: latents, with the class, truncation and styles of their images."""

import dataclasses

import numpy as np

from keras_gans.explore.recipes import Between
from keras_gans.explore.recipes import Chosen


@dataclasses.dataclass(frozen=True)
class View:
    """Images of latents, all of one class, or of one mixture of two.

    Args:
        recipe: A recipe of `recipes.py`.
        label: Int, the class. Default: none.
        other: Int, the second class. Default: none.
        mix: Float in [0, 1], the weight of the second class. Default: 0.
        truncation: Float, for networks that take one. Default: none.
        styles: A recipe of styles, which the images are made of, in place of those of the latents. Default: none.
    """

    recipe: object
    label: int | None = None
    other: int | None = None
    mix: float = 0.0
    truncation: float | None = None
    styles: object = None

    def choose(self, number):
        """The view of one of the images."""
        styles = None if self.styles is None else Chosen(self.styles, number)
        return dataclasses.replace(self, recipe=Chosen(self.recipe, number), styles=styles)

    @property
    def is_mixed(self):
        return self.other is not None and self.mix > 0

    def weights(self, classes):
        """Weights over classes `(1, classes)`, float32."""
        weights = np.eye(classes, dtype="float32")
        if not self.is_mixed:
            return weights[self.label : self.label + 1]
        return (1 - self.mix) * weights[self.label : self.label + 1] + self.mix * weights[self.other : self.other + 1]

    def condition(self, classes):
        """The condition as `generate` takes it: None, a label, or weights."""
        return self.weights(classes) if self.is_mixed else self.label

    def weights_code(self, classes):
        eye = f'np.eye({classes}, dtype="float32")'
        start = f"{eye}[{self.label}:{(self.label or 0) + 1}]"
        if not self.is_mixed:
            return start
        return f"{1 - self.mix!r} * {start} + {self.mix!r} * {eye}[{self.other}:{self.other + 1}]"

    def condition_lines(self, classes):
        """Code that assigns `condition`; no lines if there is none."""
        if self.label is None:
            return []
        return [f"condition = {self.weights_code(classes) if self.is_mixed else self.label}"]


@dataclasses.dataclass(frozen=True)
class Path:
    """Images on the path from one image to another, from class to class too where the network takes weights over classes.

    Args:
        start, end: `View` of one image each; both have `styles`, or neither.
        steps: Int >= 2, images on the path, both ends included.
        normal: Bool, whether it is an arc.
        of_classes: Bool, whether the network takes weights over classes.
    """

    start: View
    end: View
    steps: int
    normal: bool
    of_classes: bool

    @property
    def recipe(self):
        return Between(self.start.recipe, self.end.recipe, self.steps, self.normal)

    @property
    def styles(self):
        return None if self.start.styles is None else Between(self.start.styles, self.end.styles, self.steps, normal=False)

    @property
    def truncation(self):
        return self.start.truncation

    def _changes_class(self, classes):
        return self.of_classes and (self.start.weights(classes) != self.end.weights(classes)).any()

    def condition(self, classes):
        if not self._changes_class(classes):
            return self.start.condition(classes)
        t = np.linspace(0, 1, self.steps, dtype="float32")[:, None]
        return (1 - t) * self.start.weights(classes) + t * self.end.weights(classes)

    def condition_lines(self, classes):
        if not self._changes_class(classes):
            return self.start.condition_lines(classes)
        return [
            f't = np.linspace(0, 1, {self.steps}, dtype="float32")[:, None]',
            f"condition = (1 - t) * ({self.start.weights_code(classes)}) + t * ({self.end.weights_code(classes)})",
        ]


@dataclasses.dataclass(frozen=True)
class Table:
    """Images of two groups of seeds, and those of the first with the styles of the second in some layers.

    Args:
        view: `View`, whose class and truncation all have.
        rows, columns: Lists of seeds.
        layers: List of ints.
    """

    view: View
    rows: list
    columns: list
    layers: list

    def seeds(self, number):
        """The seeds of one of the images, a pair, of which one is None at the edges, and both in the corner."""
        row, column = divmod(number, len(self.columns) + 1)
        return (self.rows[row - 1] if row else None), (self.columns[column - 1] if column else None)
