"""Packages that only some parts of the library need."""

import importlib


def require(module, extra, purpose):
    """Imports an optional module, or says how to install it.

    Raises:
        ImportError: if it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"{purpose} needs the package {module.split('.')[0]}, which cannot be imported ({error}). "
            f'Install it with: pip install "keras_gans[{extra}]"'
        ) from error
