"""The transcript of another program, laid on the turns of the open recording."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal

from app.widgets.jobs import Jobs

if TYPE_CHECKING:
    from app.preferences import Preferences
    from app.session import Session
    from app.widgets.host import Host
    from core.annotation.values import Annotation
    from core.transcripts.lines import Line


class WordImport(QObject):
    """Asks for a transcript and lays it on the turns, as one step."""

    imported = pyqtSignal()
    """There are words now."""

    def __init__(self, session: Session, preferences: Preferences, host: Host) -> None:
        super().__init__(host.window)
        self._session, self._preferences = session, preferences
        self._window, self._notices = host.window, host.notices
        self._jobs = Jobs(self)
        self._jobs.failed.connect(host.notices.show_error)

    def choose(self) -> None:
        """Ask for a file with what is said."""
        from app.widgets import dialogs

        dialogs.ask_transcript(self._window, self._preferences.folder, self.read)

    def read(self, path: Path) -> None:
        """Lay the words of a file on the turns that are there; what was written before is gone."""
        recording, before = self._session.path, self._session.annotation
        if recording is not None and self._session.complete:
            done = partial(self._on_read, recording, before)
            self._jobs.do(partial(_laid, path, recording.stem, before), done)

    def _on_read(
        self, recording: Path, before: Annotation, read: tuple[Annotation, list[Line], list[str]]
    ) -> None:
        session, (after, lines, notes) = self._session, read
        if session.path != recording or not session.complete:
            return
        if session.annotation is not before:  # edited meanwhile
            from core.transcripts.lines import transcribed

            after = transcribed(session.annotation, lines)
        session.edit(self.tr("Import words"), after)
        for note in notes:
            self._notices.tell(note[:1].upper() + note[1:])
        self.imported.emit()

    def cancel(self) -> None:
        """The window closes."""

    def join(self, timeout_s: float) -> bool:
        return self._jobs.join(timeout_s)


def _laid(
    path: Path, recording: str, annotation: Annotation
) -> tuple[Annotation, list[Line], list[str]]:
    from core.transcripts.lines import transcribed
    from core.transcripts.reading import read_transcript

    notes: list[str] = []
    names = {speaker.label for speaker in annotation.speakers}
    lines = read_transcript(path, recording, notes.append, names=names)
    return transcribed(annotation, lines, notes.append), lines, notes
