"""A recogniser on this machine writes down what is said in the turns of the open recording."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot

from app.widgets.workers import Worker

if TYPE_CHECKING:
    from app.preferences import Preferences
    from app.session import Session
    from app.widgets.host import Host
    from core.annotation.values import Annotation
    from core.recognisers.kinds import RecogniserChoice
    from core.recognisers.run import HeardTurn


class WordRecognition(QObject):
    """One recogniser at a time. What it hears is in the turns at once, and one step to undo."""

    changed = pyqtSignal()
    """It begins, has come further, or has ended."""
    recognised = pyqtSignal()
    """There are words now."""

    def __init__(self, session: Session, preferences: Preferences, host: Host) -> None:
        super().__init__(host.window)
        self._session, self._preferences, self._host = session, preferences, host
        self._worker: _Listener | None = None
        self._recording: Path | None = None
        self._count = 0
        self._runs = 0
        self.fraction = 0.0
        """How much of the sound it has heard, 0..1."""
        session.recording_changed.connect(self.cancel)

    @property
    def busy(self) -> bool:
        return self._worker is not None

    @property
    def cancelling(self) -> bool:
        """Whether it was told to stop, and hasn't yet."""
        return self._worker is not None and self._worker.stopping()

    @property
    def state(self) -> str:
        """What goes on, for the status bar."""
        return self.tr("Recognising words… {} %").format(int(100 * self.fraction))

    def ask(self) -> None:
        """Ask which recogniser is to listen."""
        from app.words.recogniser_dialog import RecogniserDialog
        from core.recognisers.kinds import RECOGNISERS, found

        if self.busy:
            self._host.bar.showMessage(self.tr("Words are being recognised already"), 6000)
            return
        there = found()
        if not there:
            self._host.notices.tell(
                self.tr(
                    "There is no recogniser of speech on this machine. Voicelanes works with {};"
                    " the guide says how to add one (Words by a recogniser)."
                ).format(", ".join(RECOGNISERS))
            )
            return
        some = self._session.annotation.has_words
        dialog = RecogniserDialog(there, self._preferences, some, self._host.window)
        dialog.chosen.connect(self.begin)
        dialog.open()

    @pyqtSlot(object, bool)
    def begin(self, choice: RecogniserChoice, again: bool) -> None:
        """Let it listen to the turns without words, or to all of them."""
        session = self._session
        if session.path is None or not session.complete or self.busy:
            return
        annotation = session.annotation
        if not again and all(turn.words for turn in annotation.turns):
            self._host.bar.showMessage(self.tr("All turns have words"), 6000)
            return
        self._recording, self._count, self.fraction = session.path, 0, 0.0
        self._runs += 1
        worker = _Listener(session.path, session.track, annotation, choice, again)
        worker.heard.connect(self._on_heard)
        worker.progressed.connect(self._on_progress)
        worker.ended.connect(self._on_ended)
        self._worker = worker
        self._host.run(worker)
        self.changed.emit()

    @pyqtSlot()
    def cancel(self) -> None:
        """Stop; the words that are there stay."""
        if self._worker is not None:
            self._worker.cancel()
            self.changed.emit()

    @pyqtSlot(object)
    def _on_heard(self, heard: HeardTurn) -> None:
        from core.recognisers.portions import with_heard

        session = self._session
        if session.path != self._recording or not session.complete:
            self.cancel()
            return
        after = with_heard(session.annotation, {heard.turn: heard.words})
        session.edit(self.tr("Recognise words"), after, ("recognise words", self._runs))
        if heard.words:
            self._count += 1
            if self._count == 1:
                self.recognised.emit()

    @pyqtSlot(float)
    def _on_progress(self, fraction: float) -> None:
        self.fraction = fraction
        self.changed.emit()

    @pyqtSlot()
    def _on_ended(self) -> None:
        self._worker = None
        self.changed.emit()
        if self._session.path == self._recording:
            told = self.tr("Words in {} turns; Ctrl+Z takes them back").format(self._count)
            self._host.bar.showMessage(told, 12_000)


class _Listener(Worker):
    """The recogniser; its failure comes after all that it heard."""

    heard = pyqtSignal(object)
    """A :class:`~core.recognisers.run.HeardTurn`."""
    progressed = pyqtSignal(float)

    def __init__(
        self,
        recording: Path,
        track: int | None,
        annotation: Annotation,
        choice: RecogniserChoice,
        again: bool,
    ) -> None:
        super().__init__("words")
        self._recording, self._track, self._annotation = recording, track, annotation
        self._choice, self._again = choice, again

    def work(self) -> None:
        from core.recognisers.run import recognise

        steps = recognise(
            self._recording,
            self._annotation,
            self._choice,
            track=self._track,
            again=self._again,
            on_progress=self.progressed.emit,
            cancelled=self.stopping,
        )
        with closing(steps):
            for step in steps:
                self.heard.emit(step)
