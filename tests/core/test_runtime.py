"""Sessions: threads that rest when they have nothing to do, and errors in one line."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import runtime
from core.errors import ModelError
from core.models.manifest import shipped_models

ROOT = Path(__file__).resolve().parents[2]


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
    code = "import sys, core.stream.encoder; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_onnxruntime_is_loaded_in_one_place_after_its_telemetry_is_switched_off() -> None:
    """Whoever imports anything of ours; tests/e2e/test_privacy.py sees that the switch works."""
    code = (
        "import os, core\n"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'\n"
        "import sys; assert 'onnxruntime' not in sys.modules"
    )
    environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "0"}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0
    users = [
        path.relative_to(ROOT).as_posix()
        for folder in ("app", "core", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "onnxruntime" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Import) and any("onnxruntime" in n.name for n in node.names))
        or (isinstance(node, ast.ImportFrom) and "onnxruntime" in (node.module or ""))
    ]
    # Training runs it through its own tools, after `core` has switched that off.
    assert set(users) == {"core/runtime.py", "core/training/segmentation/export.py"}
