"""What is said while the microphone is on: the decoder heeds it, and a crash can't lose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSlot

if TYPE_CHECKING:
    from app.session import Session
    from core.annotation.values import Marker, Turn
    from core.live.recording import LiveRecording


class Steering(QObject):
    """Passes what a person says in the session on to the recording that runs: names, merges and
    markers, turns that are another's, the number of speakers."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._recording: LiveRecording | None = None
        self._names: dict[int, str] = {}
        self._markers: set[Marker] = set()
        self._given: list[int] = []  # newest last: as they are undone
        self._usual: int | None = None
        session.annotation_changed.connect(self._on_annotation)
        session.speakers_merged.connect(self._on_merged)
        session.speakers_parted.connect(self._on_parted)
        session.turns_given.connect(self._on_given)
        session.turns_taken_back.connect(self._on_taken_back)
        session.most_changed.connect(self._on_most)

    def begin(self, recording: LiveRecording, usual: int | None) -> None:
        """``usual`` is how many speakers there are at most as long as nobody says it."""
        self._recording, self._usual = recording, usual
        self._names, self._markers, self._given = {}, set(), []
        if usual is not None:
            recording.limit(usual)

    def end(self) -> None:
        self._recording = None

    @pyqtSlot()
    def _on_annotation(self) -> None:
        recording, session = self._recording, self._session
        if recording is None or session.path != recording.path:
            return
        for speaker in session.annotation.speakers:
            name = speaker.name if speaker.confidence is None else ""  # that it knows itself
            if name != self._names.get(speaker.id, ""):
                self._names[speaker.id] = name
                recording.rename(speaker.id, name)
        for marker in session.annotation.markers:
            if marker not in self._markers:
                self._markers.add(marker)
                recording.mark(marker)

    @pyqtSlot(int, int)
    def _on_merged(self, keep: int, gone: int) -> None:
        if self._recording is not None:
            self._recording.merge(keep, gone)

    @pyqtSlot(int)
    def _on_parted(self, gone: int) -> None:
        if self._recording is not None:
            self._recording.unmerge(gone)

    @pyqtSlot(object)
    def _on_given(self, turns: tuple[Turn, ...]) -> None:
        if self._recording is not None:
            stretches = [(turn.start, turn.end) for turn in turns]
            self._given.append(self._recording.give(stretches, turns[0].speaker))

    @pyqtSlot(object)
    def _on_taken_back(self, _turns: tuple[Turn, ...]) -> None:
        if self._recording is not None:
            self._recording.take_back(self._given.pop())

    @pyqtSlot(int)
    def _on_most(self, most: int) -> None:
        if self._recording is not None:
            self._recording.limit(most or self._usual)
