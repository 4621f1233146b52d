"""Python that makes the images of a view, and saves them."""

import numpy as np

from keras_gans.explore.recipes import Found
from keras_gans.explore.recipes import Moved
from keras_gans.explore.recipes import Styled
from keras_gans.explore.recipes import ingredients
from keras_gans.explore.views import Table


def code_of(explorer, view):
    """The program, of a `View`, a `Path` or a `Table` of an `Explorer`."""
    options = "" if explorer.given_range is None else f", image_range={tuple(explorer.given_range)}"
    if explorer.source is None:
        load = f"generator = evaluation.load_generator(gan{options})  # gan: what was explored"
    else:
        load = f"generator = evaluation.load_generator({explorer.source!r}{options})"
    columns = explorer.columns(view)
    return "\n".join(
        [
            *("import numpy as np", "", "import keras_gans", "from keras_gans import evaluation", "", load),
            *(_table_lines(explorer, view) if isinstance(view, Table) else _image_lines(explorer, view)),
            f'keras_gans.utils.save_images("samples.png", images, columns={columns}, image_range=(-1, 1))',
        ]
    )


def condition_lines(explorer, view):
    """The lines that assign `condition`; none where there is none."""
    return view.condition_lines(explorer.classes) if explorer.held_condition is None else _held_lines(explorer)


def _image_lines(explorer, view):
    recipe = view.recipe if view.styles is None else view.styles
    recipes = ingredients(recipe)
    lines = [f"# {each.filename}: download it from the page" for each in recipes if isinstance(each, Found)]
    if any(isinstance(each, Moved) for each in recipes):
        options = ", ".join(f"{name}={value}" for name, value in explorer.direction_options.items())
        lines += _direction_lines(explorer, "directions", "evaluation.generator_directions(generator{}, " + options + ")")
    if any(isinstance(each, Styled) and each.moved for each in recipes):
        made = f"evaluation.StyleSpace(generator.gan{{}}).directions({explorer.direction_options['count']})"
        lines += _direction_lines(explorer, "style_directions", made)
    if view.styles is not None:
        images = 'images = generator.rescaled(generator.gan.synthesize(styles, noise="fixed"))'
        return [*lines, *recipe.lines("styles"), images]
    condition, truncation = _settings(explorer, view)
    images = (
        f"images = generator.generate(len(latents){', condition=condition' if condition else ''}, latents=latents{truncation})"
    )
    return [*lines, *recipe.lines("latents"), *condition, images]


def _table_lines(explorer, table):
    condition, truncation = _settings(explorer, table.view)
    seeds = f"{table.rows}, {table.columns}, {table.layers}{', condition' if condition else ''}{truncation}"
    return [
        *condition,
        f"table = evaluation.style_mixing_table(generator.gan, {seeds})",
        "images = generator.rescaled(table.reshape(-1, *table.shape[2:]))",
    ]


def _settings(explorer, view):
    """The lines that assign the condition of a view, and the argument that is its truncation."""
    return condition_lines(explorer, view), "" if view.truncation is None else f", truncation={view.truncation!r}"


def _direction_lines(explorer, name, made):
    """The lines that assign directions, made by a call with a gap for the condition."""
    if explorer.held_condition is not None:
        return [*_held_lines(explorer), f"{name} = {made.format(', condition=condition')}"]
    return [f"{name} = {made.format(', condition=0' if explorer.takes_labels else '')}"]


def _held_lines(explorer):
    held = np.asarray(explorer.held_condition)
    return [f'condition = np.array({held.tolist()!r}, "{held.dtype}")']
