"""What ``import core`` gives to scripts: cheap, typed, and what README says."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import soundfile

import core

ROOT = Path(__file__).resolve().parents[2]


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_it_loads_nothing_else() -> None:
    loaded = loaded_after("import core")
    assert {name for name in loaded if name.startswith("core")} == {"core"}
    assert "numpy" not in loaded


def test_a_name_loads_what_it_needs_and_no_more() -> None:
    loaded = loaded_after("import core; core.clock(0)")
    assert "core.units" in loaded
    assert not loaded & {"numpy", "core.pipeline"}


@pytest.mark.parametrize("name", core.__all__)
def test_each_name_is_that_of_its_module(name: str) -> None:
    value = getattr(core, name)
    assert value is getattr(import_module(core._HOMES[name], "core"), name)
    assert value.__doc__
    assert name in dir(core)


def test_another_name_is_refused_as_by_any_module() -> None:
    with pytest.raises(AttributeError, match="no attribute 'diarise_file'"):
        core.diarise_file  # type: ignore[attr-defined]  # noqa: B018
    assert not hasattr(core, "__wrapped__")


def test_readmes_example_prints_turns(
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    samples, rate = soundfile.read(sample, frames=20 * soundfile.info(sample).samplerate)
    soundfile.write(tmp_path / "interview.flac", samples, rate)
    monkeypatch.chdir(tmp_path)
    exec(example.replace("interview.m4a", "interview.flac"), {})
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(re.fullmatch(r"0:\d\d\.\d{3} 0:\d\d\.\d{3} speaker \d+", line) for line in lines)
