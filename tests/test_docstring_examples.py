"""Every public class and function has an example in its docstring, and the examples run, as do those of README and docs."""

import ast
import functools
import inspect
import os
import pathlib
import re
import sys
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
import keras_gans.metrics.tfgan
import keras_gans.tfgan.inception_module
from keras_gans.utils import save_images
from tests import tiny

ROOT = pathlib.Path(__file__).parent.parent
SHAPE = (28, 28, 1)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The generator may have collapsed"),  # it has learned nothing yet
]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^(?:Args|Attributes|Class attributes|Differences|Raises|Reference|Returns|Shapes):", re.MULTILINE)

# Examples that are compiled and not executed, with the reason.
NOT_EXECUTED = {
    "keras_gans.metrics.features.Inception": "downloads the weights of Inception",
}


def public_things(module=keras_gans, path="keras_gans", seen=None):
    """Pairs of the public path of each public class or function, and the thing itself, each once."""
    seen = set() if seen is None else seen
    own = [name for name, value in vars(module).items() if inspect.isfunction(value) and value.__module__ == module.__name__]
    for name in getattr(module, "__all__", [name for name in own if not name.startswith("_")]):
        thing = getattr(module, name)
        if inspect.ismodule(thing):
            yield from public_things(thing, f"{path}.{name}", seen)
        elif callable(thing) and id(thing) not in seen:
            seen.add(id(thing))
            yield f"{path}.{name}", thing


PUBLIC = dict(public_things())


def example_in(docstring):
    """The code in the section `Example:` of a docstring; None without one."""
    before, heading, after = docstring.partition("\nExample:\n")
    return "\n".join(BLOCK.findall(SECTION.split(after)[0])) or None


class StandIns(dict):
    """The globals of an example: what it may take for granted, made when it is first used."""

    def __init__(self):
        super().__init__(__name__="example", keras=keras, keras_gans=keras_gans, np=np, tf=tf)

    def __missing__(self, name):
        if name not in MAKERS:
            raise KeyError(name)
        self[name] = MAKERS[name](self)
        return self[name]


def _gan(names):
    gan = keras_gans.GAN(names["generator"], names["discriminator"], ema=0.9)
    gan.compile()
    return gan


def _autoencoder(names):
    layers = [keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.Dense(5), keras.layers.Dense(784)]
    return keras.Sequential([*layers, keras.layers.Reshape(SHAPE)])


def _classifier(names):
    return keras_gans.metrics.features.lenet(SHAPE, 10)


def _generator(names):
    layers = [keras.Input((6,)), keras.layers.Dense(16), keras.layers.BatchNormalization(), keras.layers.ReLU()]
    return keras.Sequential([*layers, keras.layers.Dense(784, "tanh"), keras.layers.Reshape(SHAPE)])


MAKERS = {
    "autoencoder": _autoencoder,
    "classifier": _classifier,
    "dataset": lambda names: tiny.dataset(names["images"], batch_size=4),
    "discriminator": lambda names: tiny.discriminator(shape=SHAPE),
    "extractor": lambda names: keras_gans.metrics.features.ClassifierFeatures(_classifier(names)),
    "gan": _gan,
    "generator": _generator,
    "images": lambda names: tiny.images(20, SHAPE),
    "labels": lambda names: np.arange(20) % 10,
    "lenet": _classifier,
    "test_images": lambda names: tiny.images(10, SHAPE, seed=1),
    "test_labels": lambda names: np.arange(10),
    "tfds": lambda names: types.SimpleNamespace(load=_unbatched),
}


def _unbatched(*arguments, **options):
    """What `tfds.load` returns."""
    pictures = np.zeros((8, 32, 32, 3), "uint8")
    return tf.data.Dataset.from_tensor_slices((pictures, np.arange(8)))


def _pictures(folder):
    for number in range(4):
        save_images(os.path.join(folder, f"{number}.png"), tiny.images(1, (20, 20, 3), seed=number))


def _saved(path):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    _gan(StandIns()).save(path)


def _pets(folder):
    for kind in ("cats", "dogs", "emus"):
        _pictures(os.path.join(folder, kind))


# Files that examples read.
FILES = {
    "faces/": _pictures,
    "pets/": _pets,
    "runs/dcgan/dcgan.keras": _saved,
    "serving/dcgan/1": lambda path: _gan(StandIns()).export(path),
    "x.keras": _saved,
}


def few_images(name, size=None, batch_size=64, labels=True, **options):
    """`data.load` without the data: twenty images of noise, two of each class, in batches of four."""
    images = tiny.images(20, {"digits": (8, 8, 1)}.get(name, SHAPE) if size is None else (size, size, 1))
    dataset = tiny.dataset(images, np.arange(20) % 10, batch_size=4) if labels else tiny.dataset(images, batch_size=4)
    dataset.class_names = [str(number) for number in range(10)]
    return dataset


class FakeInception:
    """TF-GAN's module without its weights."""

    def __call__(self, images):
        features = tf.reduce_mean(images[:, :64, :64], axis=2)[:, :, 0]
        return {"logits": features, "pool_3": features}


@pytest.fixture(autouse=True)
def _small(request, monkeypatch, tmp_path):
    """Examples train for one round, eagerly, on a few images of noise, in a folder of their own."""
    fit, evaluate, train_classifier = (
        keras_gans.GAN.fit,
        keras_gans.evaluation.evaluate,
        keras_gans.metrics.features.train_classifier,
    )

    @functools.wraps(fit)
    def one_round(gan, *arguments, **options):
        gan.run_eagerly = True  # a graph takes longer to trace than one round of tiny networks
        return fit(gan, *arguments, **{"verbose": 0, **options, "epochs": 1, "steps_per_epoch": 1})

    @functools.wraps(train_classifier)
    def one_batch(*arguments, **options):
        if "train_classifier" not in request.node.name:
            return _classifier(None), 0.1
        return train_classifier(*arguments, **{**options, "steps": 1, "batch_size": 4})

    @functools.wraps(evaluate)
    def hundred_samples(*arguments, **options):
        return evaluate(*arguments, **{**options, "num_samples": 100, "progress": False})

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keras_gans.evaluation, "evaluate", hundred_samples)
    monkeypatch.setattr(keras_gans.GAN, "fit", one_round)
    monkeypatch.setattr(keras_gans.metrics.features, "train_classifier", one_batch)
    monkeypatch.setattr(keras_gans.data, "load", few_images)
    monkeypatch.setattr(keras_gans.tfgan.inception_module, "module_at", lambda handle: FakeInception())


def says(comment, output):
    """Whether a comment tells the output of its line: to a semicolon, in either kind of quotes, "..." for anything.

    A comment that starts with a lower-case letter tells of something else.
    """
    told = comment.partition("; ")[0].replace('"', "'")
    return not told or told[0].islower() or re.fullmatch(re.escape(told).replace(r"\.\.\.", ".*"), output) is not None


def printer(code, names):
    """A `print` that compares what it is given with the comment on the line of its call, outside functions of the library."""
    lines = code.split("\n")

    def checked_print(*values):
        frame = sys._getframe(1)
        output, comment = " ".join(map(str, values)), lines[frame.f_lineno - 1].partition("  # ")[2]
        assert frame.f_globals is not names or says(comment, output), f"printed {output}, not {comment}"

    return checked_print


def run(code, names, where):
    """Executes an example, after the files that it reads are there."""
    for path, make in FILES.items():
        written = re.search(rf'(save|export)\w*\(.*"{re.escape(path)}"', code)
        if f'"{path}"' in code and not written and not os.path.exists(path):
            make(path)
    names["print"] = printer(code, names)
    exec(compile(code, where, "exec"), names)


@pytest.mark.parametrize("name", PUBLIC)
def test_example_of_a_docstring(name):
    code = example_in(inspect.cleandoc(PUBLIC[name].__doc__ or ""))
    assert code, f"{name} has no `Example:` with a fenced python block in its docstring."
    if name in NOT_EXECUTED:
        compile(code, name, "exec")
    else:
        run(code, StandIns(), name)


def other_examples():
    """Docstrings with an example that are not those of public classes and functions: of methods, for example."""
    public = {inspect.cleandoc(thing.__doc__ or "") for thing in PUBLIC.values()}
    for path in sorted((ROOT / "keras_gans").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            docstring = ast.get_docstring(node) if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else None
            if docstring and docstring not in public and example_in(docstring):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.name}", docstring


OTHERS = dict(other_examples())


@pytest.mark.parametrize("name", OTHERS)
def test_example_of_another_docstring(name):
    run(example_in(OTHERS[name]), StandIns(), name)


def test_what_is_not_executed_exists():
    assert set(NOT_EXECUTED) <= set(PUBLIC)


# Pages with python blocks. `SMALLER` are numbers in them that would take long.
PAGES = {
    page.relative_to(ROOT).as_posix(): BLOCK.findall(page.read_text())
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
}
SMALLER = {"channels=8": "channels=2", "[:4000]": "[:16]", "[4000:]": "[16:]", "steps=20": "steps=1"}


@pytest.mark.parametrize("page", sorted(page for page, blocks in PAGES.items() if blocks))
def test_examples_of_a_page(page):
    names = StandIns()
    for number, code in enumerate(PAGES[page], start=1):
        for old, new in SMALLER.items():
            code = code.replace(old, new)
        run(code, names, f"{page}, block {number}")
