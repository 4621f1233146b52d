"""Recipes of latents: chains of steps that can be computed here, and written as code that does the same.

A recipe has `latents(explorer)`, a float32 array `(n, *latent_shape)`, and `lines(name)`, the code that assigns it to a name. The
code names `np`, `evaluation`, `generator`, `directions` and `style_directions`. Recipes of styles are alike: latents of W+.
"""

import dataclasses
import hashlib

import numpy as np

from keras_gans.evaluation import lerp
from keras_gans.evaluation import slerp


@dataclasses.dataclass(frozen=True)
class Drawn:
    """Latents drawn with a seed."""

    count: int
    seed: int
    truncation: float | None = None

    origins = ()

    def latents(self, explorer):
        return explorer.generator.draw_latents(self.count, self.seed, self.truncation)

    def lines(self, name):
        truncation = "" if self.truncation is None else f", truncation={self.truncation!r}"
        return [f"{name} = generator.draw_latents({self.count}, seed={self.seed}{truncation})"]


@dataclasses.dataclass(frozen=True, eq=False)
class Found:
    """Latents that a search found, of a given image: they are in a file."""

    array: np.ndarray

    origins = ()

    @property
    def filename(self):
        return f"latents-{hashlib.sha256(self.array.tobytes()).hexdigest()[:8]}.npy"

    def latents(self, explorer):
        return self.array

    def lines(self, name):
        return [f'{name} = np.load("{self.filename}")']


@dataclasses.dataclass(frozen=True)
class Derived:
    """A recipe that is derived from another one."""

    origin: object

    @property
    def origins(self):
        return (self.origin,)


@dataclasses.dataclass(frozen=True)
class Chosen(Derived):
    """One of several latents, as a batch of one."""

    number: int

    def latents(self, explorer):
        return self.origin.latents(explorer)[self.number : self.number + 1]

    def lines(self, name):
        return [*self.origin.lines(name), f"{name} = {name}[{self.number}:{self.number + 1}]"]


@dataclasses.dataclass(frozen=True)
class Varied(Derived):
    """A latent and `count - 1` others near it: sqrt(1 - s^2) z + s noise for normal priors, else (1 - s) z + s noise."""

    count: int
    strength: float
    seed: int
    truncation: float | None
    normal: bool

    def latents(self, explorer):
        latents, s = self.origin.latents(explorer), self.strength
        if self.count == 1:
            return latents
        noise = explorer.generator.draw_latents(self.count - 1, self.seed, self.truncation)
        kept = (1 - s**2) ** 0.5 if self.normal else 1 - s
        return np.concatenate([latents, kept * latents + s * noise])

    def lines(self, name):
        if self.count == 1:
            return self.origin.lines(name)
        kept = f"(1 - {self.strength!r}**2) ** 0.5" if self.normal else f"(1 - {self.strength!r})"
        return [
            *self.origin.lines(name),
            *Drawn(self.count - 1, self.seed, self.truncation).lines("noise"),
            f"{name} = np.concatenate([{name}, {kept} * {name} + {self.strength!r} * noise])",
        ]


@dataclasses.dataclass(frozen=True)
class Moved(Derived):
    """Latents moved along the principal directions."""

    amounts: tuple

    def latents(self, explorer):
        return explorer.directions.move(self.origin.latents(explorer), self.amounts)

    def lines(self, name):
        return [*self.origin.lines(name), f"{name} = directions.move({name}, {list(self.amounts)})"]


@dataclasses.dataclass(frozen=True)
class Between:
    """Latents on the path from one to another, both ends included: an arc for normal priors, else a line."""

    start: object
    end: object
    steps: int
    normal: bool

    @property
    def origins(self):
        return self.start, self.end

    def latents(self, explorer):
        start, end = (origin.latents(explorer) for origin in self.origins)
        path = slerp if self.normal else lerp
        return np.concatenate([path(start, end, t) for t in np.linspace(0, 1, self.steps)])

    def lines(self, name):
        method = "slerp" if self.normal else "lerp"
        return [
            *self.start.lines("start"),
            *self.end.lines("end"),
            f"{name} = np.concatenate([evaluation.{method}(start, end, t) for t in np.linspace(0, 1, {self.steps})])",
        ]


@dataclasses.dataclass(frozen=True)
class Styled(Derived):
    """The styles of latents, `(n, layers, width)`: in some layers those of another seed, in some moved along directions of W.

    condition         as `map` takes it
    condition_lines   the code that assigns `condition`; none where there is none
    truncation        float, or None
    mixed             the seed, and a list of the layers that get its styles; None
    moved             the amounts along the directions, and a list of the layers that are moved; None
    """

    condition: object = dataclasses.field(compare=False)
    condition_lines: tuple
    truncation: float | None
    mixed: tuple | None = None
    moved: tuple | None = None

    def latents(self, explorer):
        styles = self._mapped(self.origin, explorer)
        if self.mixed:
            seed, layers = self.mixed
            styles[:, layers] = self._mapped(Drawn(1, seed), explorer)[:, layers]
        if self.moved:
            amounts, layers = self.moved
            styles[:, layers] = explorer.style_directions.move(styles[:, layers], amounts)
        return styles

    def lines(self, name):
        lines = [*self.condition_lines, *self._mapping_lines(self.origin, name)]
        if self.mixed:
            seed, layers = self.mixed
            lines += [*self._mapping_lines(Drawn(1, seed), "other"), f"{name}[:, {layers}] = other[:, {layers}]"]
        if self.moved:
            amounts, layers = self.moved
            lines += [f"{name}[:, {layers}] = style_directions.move({name}[:, {layers}], {list(amounts)})"]
        return lines

    def _mapped(self, recipe, explorer):
        return explorer.generator.gan.map(recipe.latents(explorer), self.condition, self.truncation)

    def _mapping_lines(self, recipe, name):
        arguments = ["latents", *(["condition"] if self.condition_lines else [])]
        arguments += [] if self.truncation is None else [f"truncation={self.truncation!r}"]
        return [*recipe.lines("latents"), f"{name} = generator.gan.map({', '.join(arguments)})"]


def ingredients(recipe):
    """A recipe and all that it is made of, each once."""
    found = [recipe]
    for origin in recipe.origins:
        found += [each for each in ingredients(origin) if each not in found]
    return found
