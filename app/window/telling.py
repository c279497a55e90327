"""What the title and the status bar say: what is open, where it is saved, what goes on."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSlot

from app.listening.listening import Listening
from app.meetings.meetings import Meetings
from app.recording.live import Live
from app.session import Session
from app.widgets.host import Host
from app.window.recent import RecentFiles
from app.window.welcome import SAMPLE
from app.words.recognising import WordRecognition

_SIGNS = {"recording": "\N{BLACK CIRCLE} ", "paused": "\N{DOUBLE VERTICAL LINE} "}
"""Before the name, where the taskbar shows it."""


class Title(QObject):
    """The name of what is open, in the title and in the list of what was open last."""

    def __init__(
        self, session: Session, live: Live, meetings: Meetings, recent: RecentFiles, host: Host
    ) -> None:
        super().__init__(host.window)
        self._session, self._meetings, self._recent = session, meetings, recent
        self._window, self._live = host.window, live
        live.state_changed.connect(self.refresh)
        meetings.path_changed.connect(self.refresh)
        meetings.unsaved_changed.connect(host.window.setWindowModified)

    @pyqtSlot()
    def refresh(self) -> None:
        """Another meeting file, or none."""
        path, shown = self._session.path, self._meetings.to_open
        if shown is None:
            self._window.setWindowTitle("Voicelanes")
            return
        sign = _SIGNS.get(self._live.state, "") if self._session.live else ""
        self._window.setWindowTitle(f"{sign}{shown.name}[*] – Voicelanes")
        if path != SAMPLE:  # which is on the first page anyway
            self._recent.add(shown)


class WorkStatus(QObject):
    """What goes on, in the status bar."""

    def __init__(
        self,
        session: Session,
        listening: Listening,
        live: Live,
        words: WordRecognition,
        meetings: Meetings,
        host: Host,
    ) -> None:
        super().__init__(host.window)
        session.pass_told.connect(self._on_pass)
        self._listening, self._live, self._bar = listening, live, host.bar
        self._words = words
        words.changed.connect(self._on_state)
        for part in (listening, live):
            part.state_changed.connect(self._on_state)
        live.changed.connect(self._on_live)
        meetings.saved.connect(self._on_saved)

    @pyqtSlot()
    def _on_state(self) -> None:
        listening, live, bar = self._listening, self._live, self._bar
        words = self._words
        if live.state in ("finishing", "refining"):
            bar.set_busy(live.words, None, can_cancel=False)
        elif live.busy:
            bar.set_idle(live.words)
        elif listening.busy:
            bar.set_busy(
                listening.state or self.tr("Opening…"),
                listening.fraction,
                can_cancel=not listening.cancelling,
            )
        elif words.busy:
            bar.set_busy(words.state, words.fraction, can_cancel=not words.cancelling)
        else:
            bar.set_idle(listening.state)

    @pyqtSlot()
    def _on_live(self) -> None:
        if self._live.state == "finishing":
            self._on_state()  # it says how much is left

    @pyqtSlot(int, int, int)
    def _on_pass(self, before: int, now: int, turns: int) -> None:
        if turns:
            text = self.tr("Second pass: {} → {} speakers, {} turns changed; Ctrl+Z takes it back")
        else:
            text = self.tr("Second pass: nothing changed")
        self._bar.showMessage(text.format(before, now, turns), 12_000)

    @pyqtSlot(object)
    def _on_saved(self, path: Path) -> None:
        self._bar.showMessage(self.tr("Saved {}").format(path), 8000)
