"""Where a person was in the recording that was open last, to go on there."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QObject, QTimer, pyqtSlot

from app.meetings.meetings import Meetings
from app.playback.scene import Scene
from app.preferences import Preferences
from core.units import to_samples, to_seconds


class LeftOff(QObject):
    """Remembers the playhead of a recording that is left, and puts it there again.

    Parameters
    ----------
    never
        A recording of which nothing is remembered: the sample.
    """

    def __init__(
        self,
        scene: Scene,
        meetings: Meetings,
        preferences: Preferences,
        parent: QObject,
        *,
        never: Path,
    ) -> None:
        super().__init__(parent)
        self._session, self._transport, self._meetings = scene.session, scene.transport, meetings
        self._preferences, self._never = preferences, never
        self._recording: Path | None = None
        self._file: Path | None = None
        self._at = 0
        self._wanted: tuple[Path, int] | None = None
        meetings.path_changed.connect(self._on_path)
        self._transport.moved.connect(self._on_moved)

    @property
    def place(self) -> tuple[Path, int] | None:
        """What to open and the sample to go to, if something was left and is there."""
        path, seconds = self._preferences.left
        return (Path(path), to_samples(seconds)) if path and Path(path).is_file() else None

    def keep(self) -> None:
        """Remember where the playhead of the open recording is: it is left now."""
        if self._file is not None and self._recording != self._never:
            self._preferences.left = (str(self._file.absolute()), to_seconds(self._at))

    def go_on(self) -> None:
        """What was left is opened now: go to where that was."""
        self._wanted = self.place

    @pyqtSlot()
    def _on_path(self) -> None:
        if self._session.path != self._recording:
            self.keep()
            self._recording, self._at = self._session.path, 0
            if self._wanted is not None and self._recording is not None:
                QTimer.singleShot(0, self._arrive)  # once everybody shows it
        self._file = self._meetings.to_open

    @pyqtSlot(int)
    def _on_moved(self, samples: int) -> None:
        if self._session.path == self._recording and not self._session.live:
            self._at = samples

    @pyqtSlot()
    def _arrive(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] == self._file:
            self._transport.seek(wanted[1])
