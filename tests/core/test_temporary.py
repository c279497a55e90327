"""A temporary folder is private, and gone whatever ends the block."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.temporary import temporary_folder


def test_only_its_owner_may_look_and_nothing_stays(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("something")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_as_soon_as_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir

    def interrupted(self: Path, mode: int = 0o777) -> None:
        make(self, mode)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), temporary_folder(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
