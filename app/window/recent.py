"""The recordings and folders opened last, kept in the settings."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QSettings, pyqtSignal
from PyQt5.QtWidgets import QMenu, QWidget

from app.preferences import stored

KEY = "recent"
FOLDERS = "recent_folders"
MOST = 10
"""Those that a menu lists."""
KEPT = 100
"""Those that are remembered: the first page shows the meetings beside them."""


class RecentFiles:
    """Newest first, each once; those that are gone are left out but not forgotten."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def paths(self) -> list[Path]:
        """Those that are there now, as many as a menu lists."""
        return [path for path in self.remembered()[:MOST] if path.is_file()]

    def remembered(self) -> list[Path]:
        """All of them, those too that are gone."""
        return [Path(p) for p in self._stored(KEY)]

    def folders(self) -> list[Path]:
        """The folders that are there now."""
        return [Path(p) for p in self._stored(FOLDERS) if Path(p).is_dir()]

    def add(self, path: Path) -> None:
        self._add(KEY, path, KEPT)

    def add_folder(self, path: Path) -> None:
        self._add(FOLDERS, path, MOST)

    def clear(self) -> None:
        for key in (KEY, FOLDERS):
            self._settings.remove(key)

    def _add(self, key: str, path: Path, most: int) -> None:
        name = str(path.absolute())
        self._settings.setValue(key, [name, *(p for p in self._stored(key) if p != name)][:most])

    def _stored(self, key: str) -> list[str]:
        # an ini file gives a list of one back as text, and none as None
        found = stored(self._settings, key) or []
        if not isinstance(found, str | list):
            return []
        return [found] if isinstance(found, str) else [str(p) for p in found]


class RecentMenu(QMenu):
    """The list as a menu, looked up anew each time that it opens."""

    chosen = pyqtSignal(object)
    """A Path."""
    cleared = pyqtSignal()

    def __init__(self, recent: RecentFiles, parent: QWidget) -> None:
        super().__init__(parent)
        self._recent = recent
        self.setObjectName("recent")
        self.setTitle(self.tr("Open &recent"))
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for path in self._recent.paths():
            entry = self.addAction(path.name.replace("&", "&&"))
            entry.setStatusTip(str(path))
            entry.triggered.connect(lambda _on, p=path: self.chosen.emit(p))
        if folders := self._recent.folders():
            self.addSeparator()
        for path in folders:
            entry = self.addAction(self.tr("Folder {}").format(path.name.replace("&", "&&")))
            entry.setStatusTip(str(path))
            entry.triggered.connect(lambda _on, p=path: self.chosen.emit(p))
        if self.isEmpty():
            self.addAction(self.tr("No recordings yet")).setEnabled(False)
        else:
            self.addSeparator()
            self.addAction(self.tr("&Clear this list")).triggered.connect(self._forget)

    def _forget(self) -> None:
        self._recent.clear()
        self.cleared.emit()
