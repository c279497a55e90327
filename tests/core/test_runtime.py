"""Sessions: threads that rest when they have nothing to do, and errors in one line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core import runtime
from core.errors import ModelError
from core.models import shipped_models


def test_session_is_set_up_here() -> None:
    models = shipped_models()
    session = runtime.session(models.verified(models.encoder), threads=3)
    options = session.get_session_options()
    assert options.intra_op_num_threads == 3
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert session.get_providers() == ["CPUExecutionProvider"]


def test_default_is_a_thread_per_core() -> None:
    models = shipped_models()
    options = runtime.session(models.verified(models.encoder)).get_session_options()
    assert options.intra_op_num_threads == runtime.cores() >= 1


def test_bytes_that_are_no_model_are_a_model_error() -> None:
    with pytest.raises(ModelError, match="onnxruntime can't load the model") as caught:
        runtime.session(b"not a model")
    assert "\n" not in str(caught.value)


def test_importing_the_encoder_does_not_load_onnxruntime() -> None:
    code = "import sys, core.encoder; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
