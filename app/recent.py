"""The recordings opened last, kept in the settings."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QSettings

KEY = "recent"
MOST = 10


class RecentFiles:
    """Newest first, each once; those that are gone are left out but not forgotten."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def paths(self) -> list[Path]:
        """Those that are there now."""
        return [Path(p) for p in self._stored() if Path(p).is_file()]

    def add(self, path: Path) -> None:
        name = str(path.absolute())
        self._settings.setValue(KEY, [name, *(p for p in self._stored() if p != name)][:MOST])

    def clear(self) -> None:
        self._settings.remove(KEY)

    def _stored(self) -> list[str]:
        # an ini file gives a list of one back as text, and none as None
        stored = self._settings.value(KEY) or []
        return [stored] if isinstance(stored, str) else [str(p) for p in stored]
