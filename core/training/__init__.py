"""Training, import, export and the reference engine. Needs the ``[train]`` extra."""

from __future__ import annotations

from importlib.util import find_spec

from core.errors import INSTALL_TRAIN, MissingExtraError


def require(*modules: str) -> None:
    """:class:`MissingExtraError` with the install command unless all of ``modules`` are there."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        names = ", ".join(missing)
        raise MissingExtraError(f"this needs {names}: in the checkout, {INSTALL_TRAIN}")
