"""The sound tracks of the open recording: which there are, and which one is to be heard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.listening.listening import SEVERAL_TRACKS
from app.session import Session
from app.widgets.host import Host
from app.widgets.workers import Task
from core.errors import InputError

if TYPE_CHECKING:
    from core.audio.read import AudioInfo
    from core.audio.source import Track


class SoundTracks(QObject):
    """Knows the sound tracks of what is open, and asks for one of them."""

    changed = pyqtSignal()
    """``several`` may be another."""
    chosen = pyqtSignal(object, int)
    """Of this recording, the path, another track is to be heard: its number."""

    def __init__(self, session: Session, host: Host) -> None:
        super().__init__(host.window)
        self._session, self._host = session, host
        self._info: AudioInfo | None = None
        session.recording_changed.connect(self._on_recording)

    @property
    def several(self) -> bool:
        """Whether there is more than one to choose from."""
        return self._info is not None and len(self._info.tracks) > 1

    def ask(self) -> None:
        """Show the tracks and let the person choose."""
        if self._info is None or not self.several:
            return
        path, heard = self._info.path, self._session.track or self._info.track

        def choose(number: int) -> None:
            if number != heard:
                self.chosen.emit(path, number)

        dialog = TrackDialog(self._info.tracks, heard, self._host.window)
        dialog.chosen.connect(choose)
        dialog.open()

    @pyqtSlot()
    def _on_recording(self) -> None:
        self._host.notices.withdraw(SEVERAL_TRACKS)
        self._info = None
        self.changed.emit()
        path = self._session.path
        if path is not None and not self._session.live:
            look = Task("sound tracks", partial(_look, path))
            look.done.connect(self._on_looked)
            self._host.run(look)

    @pyqtSlot(object)
    def _on_looked(self, info: AudioInfo | None) -> None:
        if info is not None and info.path == self._session.path:
            self._info = info
            self.changed.emit()


def _look(path: Path) -> AudioInfo | None:
    from core.audio.read import AudioReader

    try:
        with AudioReader(path) as reader:
            return reader.info
    except InputError:  # told by those who need its sound
        return None


class TrackDialog(QDialog):
    """Asks which sound track is to be heard."""

    chosen = pyqtSignal(int)
    """Its number."""

    def __init__(self, tracks: Sequence[Track], heard: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sound track"))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list = QListWidget()
        self._list.setObjectName("tracks")
        self._list.setAccessibleName(self.tr("Sound tracks"))
        for track in tracks:
            item = QListWidgetItem(self._words(track), self._list)
            item.setData(Qt.ItemDataRole.UserRole, track.number)
            if track.number == heard:
                self._list.setCurrentItem(item)
        self._list.itemActivated.connect(self._choose)
        buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(QLabel(self.tr("Which one is to be heard? The turns are found anew.")))
        column.addWidget(self._list)
        column.addWidget(buttons)

    def _words(self, track: Track) -> str:
        counts = {0: "", 1: self.tr("mono"), 2: self.tr("stereo")}
        channels = counts.get(track.channels, self.tr("{} channels").format(track.channels))
        default = self.tr("the default") if track.default else ""
        known = ", ".join(filter(None, (track.language, track.title, channels, default)))
        return f"{track.number}: {known}" if known else str(track.number)

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item is not None and self.isVisible():  # Enter may come by the list and by the button
            self.accept()
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
