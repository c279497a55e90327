"""A short run of the fuzzers; ``make fuzz SECONDS=600`` is a long one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz import runner

MUTANTS = int(os.environ.get("VOICELANES_MUTANTS", "150"))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", runner.modules())
def test_damaged_files_are_read_or_refused(part: str, tmp_path: Path) -> None:
    outcome = runner.run(part, seconds=300, mutants=MUTANTS, seed=1, faults=tmp_path)
    assert not outcome.faults, "\n".join(outcome.faults)
    assert outcome.mutants == MUTANTS
    assert 0 < outcome.refused < MUTANTS


BAD = {
    "crash": ("import ctypes; ctypes.string_at(0)", "ended with -11"),
    "error": ("raise KeyError('x')", "KeyError in"),
    "memory": ("bytearray(2**31)", "MemoryError"),
    "hang": ("import time; time.sleep(99)", "took over"),
    "two lines": (
        "from core.errors import *; raise InputError('a\\nb')",
        "the message has 2 lines",
    ),
}


@pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
@pytest.mark.parametrize("what", BAD)
def test_every_kind_of_fault_is_seen_and_its_mutant_kept(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, problem = BAD[what]
    part = Path(runner.__file__).parent / f"broken_{what.replace(' ', '_')}_{os.getpid()}.py"
    monkeypatch.setattr(runner, "PATIENCE_S", 2.0)
    part.write_text(
        "def seeds(): return {'a.txt': b'good'}\n"
        "def check(path):\n    if path.read_bytes() != b'good':\n"
        f"        exec({body!r}, {{}})\n"
    )
    try:
        outcome = runner.run(part.stem, seconds=60, mutants=20, seed=1, faults=tmp_path)
    finally:
        part.unlink()
    assert outcome.faults
    assert problem in outcome.faults[0]
    assert any(path.read_bytes() != b"good" for path in tmp_path.iterdir())
