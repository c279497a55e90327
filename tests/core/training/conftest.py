"""Fixtures of the tests that need the ``[train]`` extra."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


@pytest.fixture(scope="session")
def tensorflow() -> None:
    """Keras on TensorFlow, or the test is skipped."""
    if any(find_spec(module) is None for module in ("tensorflow", "keras", "onnx")):
        pytest.skip("needs the [train] extra")
    from core.training.reference.keras_encoder import start_tensorflow

    start_tensorflow()
