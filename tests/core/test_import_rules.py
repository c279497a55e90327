"""Who may import whom: the engine knows no window, and the plain install needs no framework."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WINDOW = {"PyQt5", "PyQt6", "PySide2", "PySide6", "qtpy", "pyqtgraph", "sip", "app"}
TRAINING = {"tensorflow", "torch", "keras", "uisrnn", "librosa", "h5py", "onnx", "numba"}

CORE = sorted((ROOT / "core").rglob("*.py"))
APP = sorted((ROOT / "app").rglob("*.py"))


def imported(tree, *, everywhere):
    """The top-level packages that a module imports: at its own level, or in functions too."""
    found = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
        inner = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if everywhere or not (inner or typing_only):
            waiting.extend(ast.iter_child_nodes(node))
    return found


@functools.cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_the_rule_is_seen_where_it_is_broken():
    tree = ast.parse("import os\nif x:\n    import torch.nn\ndef f():\n    from PyQt5 import QtGui")
    assert imported(tree, everywhere=False) == {"os", "torch"}
    assert imported(tree, everywhere=True) == {"os", "torch", "PyQt5"}


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(ROOT)))
def test_core_never_imports_the_window(path):
    tree = parsed(path)
    assert not imported(tree, everywhere=True) & WINDOW
    beyond = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.level > len(path.relative_to(ROOT / "core").parts)
    ]
    assert not beyond, "a relative import leaves core"


@pytest.mark.parametrize("path", [*CORE, *APP], ids=lambda p: str(p.relative_to(ROOT)))
def test_frameworks_are_imported_by_training_only(path):
    if ROOT / "core" / "training" in path.parents:
        pytest.skip("core/training may")
    assert not imported(parsed(path), everywhere=False) & TRAINING


def loaded_by(statement):
    """The top-level packages in ``sys.modules`` of a fresh Python after a statement."""
    code = f"{statement}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.slow
def test_the_command_line_starts_without_anything_heavy():
    loaded = loaded_by("import core.cli; core.cli.build_parser()")
    assert "core" in loaded
    heavy = {"numpy", "scipy", "pandas", "resvg_py", "sklearn", "onnxruntime", "pyannote", "tqdm"}
    assert not loaded & (WINDOW | TRAINING | heavy)


@pytest.mark.slow
def test_diarizing_loads_no_window_no_framework_and_no_plotting():
    loaded = loaded_by("import core.pipeline")
    assert "numpy" in loaded
    assert not loaded & (WINDOW | TRAINING | {"pandas", "resvg_py"})
