"""Training, import, export and the reference engine. Needs the ``[train]`` extra."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

from core.extras import absent, missing_extra


def require(*modules: str) -> None:
    """Make sure that all of ``modules`` are there, without loading them.

    Raises
    ------
    MissingExtraError
        One isn't; it names the command that installs ``[train]``.
    """
    missing = absent(*modules)
    if missing:
        raise missing_extra("train", f"this needs {', '.join(missing)}")


def _triton_before_tensorflow() -> None:
    """Load triton, which torch's CUDA builds bring, before TensorFlow.

    The other way round the process crashes as soon as torch makes an optimizer: both carry LLVM
    (seen with triton 3.7.1 and TensorFlow 2.21).
    """
    if "tensorflow" not in sys.modules and find_spec("triton") is not None:
        import_module("triton")


_triton_before_tensorflow()
