"""What a person opens: a recording, a meeting, a folder, several at once; and closes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSlot

from app.folder.folder import Folder
from app.meetings.meetings import Meetings
from app.preferences import Preferences
from app.recording.capturing import Capturing
from app.widgets.host import Host

if TYPE_CHECKING:
    from core.annotation.values import Marker


class Opening(QObject):
    """Where it goes to: the meetings, or the folder. A recording that runs is ended first."""

    def __init__(
        self,
        meetings: Meetings,
        folder: Folder,
        capturing: Capturing,
        preferences: Preferences,
        host: Host,
    ) -> None:
        super().__init__(host.window)
        self._meetings, self._folder, self._capturing = meetings, folder, capturing
        self._preferences, self._window = preferences, host.window
        folder.open_wanted.connect(self.open)
        capturing.open_wanted.connect(self.open)

    def choose(self) -> None:
        """Ask for a recording and open it."""
        from app.widgets import (
            dialogs,  # the formats take a moment to load, which the start needn't wait for
        )

        dialogs.ask_recording(self._window, self._preferences.folder, self.open)

    @pyqtSlot(object)
    def open(self, path: Path) -> None:
        """Open its meeting, or begin to listen, once it has proved to be a recording.

        Of a folder, all recordings.
        """
        if path.is_dir():
            self._folder.open(path)
        else:
            known = self._folder.meeting_of(path)
            self._capturing.after(lambda: self._meetings.open(path, known))

    @pyqtSlot(object)
    def open_all(self, paths: Sequence[Path]) -> None:
        """Open one thing; of several, work through the recordings and folders among them."""
        from core.audio.kinds import is_recording

        if len(paths) > 1:  # with a recording may come its meeting, a transcript, a picture
            paths = [p for p in paths if p.is_dir() or is_recording(p.name)] or paths[:1]
        if len(paths) > 1:
            self._folder.open_several(paths)
        else:
            self.open(paths[0])

    @pyqtSlot(object, int)
    def open_track(self, path: Path, number: int) -> None:
        self._capturing.after(lambda: self._meetings.open_track(path, number))

    @pyqtSlot(object, object)
    def open_recovered(self, path: Path, markers: tuple[Marker, ...]) -> None:
        self._capturing.after(lambda: self._meetings.open_recovered(path, markers))

    def close(self, closed: Callable[[], None]) -> None:
        """Close the recording once its changes are kept or decided about."""
        self._capturing.after(lambda: self._meetings.leave(closed))
