"""What the documents name exists."""

import builtins
import importlib
import inspect
import pathlib
import pkgutil
import re

import keras
import pytest
import tensorflow as tf

import keras_gans

ROOT = pathlib.Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OTHERS = {"Args", "Reference", "Generator", "PredictionService"}  # sections of a docstring; of the client and its protocol


def imported(name):
    """What a dotted name of this package means; modules are imported."""
    found = keras_gans
    for number, part in enumerate(name.split(".")[1:], 2):
        if not hasattr(found, part):
            importlib.import_module(".".join(name.split(".")[:number]))
        found = getattr(found, part)
    return found


def classes():
    """The names of classes that a document may mean: this package's, Keras', TensorFlow's and Python's."""
    names = [module.name for module in pkgutil.walk_packages(keras_gans.__path__, "keras_gans.") if ".explore" not in module.name]
    values = {value for name in names for value in vars(importlib.import_module(name)).values() if inspect.isclass(value)}
    ours = {value.__name__ for value in values if value.__module__.startswith("keras_gans.")}
    of_keras = keras, keras.callbacks, keras.layers, keras.losses, keras.metrics, keras.optimizers, keras.random, keras.utils
    return ours.union(*map(dir, (*of_keras, tf.distribute, builtins)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_names_of_this_package_exist(document):
    for name in sorted(set(re.findall(r"keras_gans(?:\.[A-Za-z_]\w*)+", document.read_text()))):
        imported(name)


def test_classes_exist():
    known = classes() | OTHERS
    named = {(path.name, name) for path in DOCUMENTS for name in re.findall(r"`([A-Z][a-z0-9]+\w*)[`(]", path.read_text())}
    assert len(named) > 200
    assert {(where, name) for where, name in named if name not in known} == set()


OF_TECHNIQUES = ("balance", "constraints", "layers", "losses", "optimizers", "penalties", "replay", "schedules")
PUBLIC = (*OF_TECHNIQUES, "callbacks", "data", "latents", "metrics.features", "networks", "regularizers")


@pytest.mark.parametrize("package", PUBLIC)
def test_public_names_are_in_a_document(package):
    text = "\n".join(path.read_text() for path in DOCUMENTS)
    names = imported(f"keras_gans.{package}").__all__
    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize("package", OF_TECHNIQUES)
def test_techniques_are_in_the_list_of_techniques(package):
    """It says that it has every training technique."""
    text = (ROOT / "docs" / "techniques.md").read_text()
    names = set(imported(f"keras_gans.{package}").__all__) - {"get"}
    assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()


def overrides(parent):
    """The members of a class, and of its parents, that its subclasses in this package override."""
    ours = {kind for kind in parent.__mro__ if kind.__module__.startswith("keras")}
    mine = {kind for child in subclasses(parent) if child.__module__.startswith("keras_gans.") for kind in child.__mro__}
    names = {name for kind in mine - set(parent.__mro__) for name in vars(kind) if not name.startswith("__")}
    return {name for name in names if any(name in vars(kind) for kind in ours)}


def subclasses(parent):
    return [each for child in parent.__subclasses__() for each in (child, *subclasses(child))]


def test_hooks_are_listed():
    text = (ROOT / "docs" / "design.md").read_text()
    section = text[text.index("**The hooks of a subclass**") : text.index("Update rules are subclasses")]
    listed = set(re.findall(r"`(\w+)`", section))
    found = overrides(keras_gans.GAN)
    assert {"draw", "roles", "recipe"} <= found
    assert found - listed == set()
