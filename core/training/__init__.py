"""Training, import, export and the reference engine. Needs the ``[train]`` extra."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

from core.errors import INSTALL_TRAIN, MissingExtraError


def require(*modules: str) -> None:
    """:class:`MissingExtraError` with the install command unless all of ``modules`` are there."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        names = ", ".join(missing)
        raise MissingExtraError(f"this needs {names}: in the checkout, {INSTALL_TRAIN}")


def _triton_before_tensorflow() -> None:
    """Load triton, which torch's CUDA builds bring, before TensorFlow.

    The other way round the process crashes as soon as torch makes an optimizer: both carry LLVM
    (seen with triton 3.7.1 and TensorFlow 2.21).
    """
    if "tensorflow" not in sys.modules and find_spec("triton") is not None:
        import_module("triton")


_triton_before_tensorflow()
