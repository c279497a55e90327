"""Speakers who may be nobody: flagged, and a person is asked whether to fold them into another.

Which they are, :func:`core.refine.refine.ghosts` says. Nothing is done before the person decides,
and the question doesn't come back once it was dismissed; the Speakers menu asks it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PyQt5.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from app.editing.editors import Editors
from app.style.wording import called, decimal
from app.widgets.host import Host
from app.widgets.notices import Problem, Way
from app.widgets.refusals import told
from app.widgets.workers import Task
from core.annotation import edits
from core.annotation.values import Annotation
from core.errors import EditError
from core.units import to_seconds

PAUSE_MS = 250
"""After an edit they are looked for anew, once no other one follows."""
KEY = "ghost"


@dataclass(frozen=True)
class FaintSpeaker:
    """A speaker who says little.

    Attributes:
        speaker: the id.
        nearest: who sounds most like them.
        samples: how much they say in all.
        compared: their voice was compared; else ``nearest`` is just who talks most.
    """

    speaker: int
    nearest: int
    samples: int
    compared: bool


class Ghosts(QObject):
    """Asks about one speaker at a time."""

    changed = pyqtSignal(object)
    """Who is flagged: a dict from the id to a line that says why."""

    def __init__(self, editors: Editors, host: Host) -> None:
        super().__init__(host.window)
        self._editors, self.notices, self._run = editors, host.notices, host.run
        self._session = session = editors.scene.session
        self._found: list[FaintSpeaker] = []
        self._asked: set[int] = set()
        self._about: int | None = None  # whom the notice on screen is about
        self._message = ""
        self._looking = False
        self._looked_at: Annotation | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        session.annotation_changed.connect(self._timer.start)
        session.recording_changed.connect(self._on_recording)

    @pyqtSlot()
    def _on_recording(self) -> None:
        self._asked.clear()
        self._looked_at = None
        self._show([])

    @pyqtSlot()
    def _look(self) -> None:
        session = self._session
        windows, annotation = session.windows, session.annotation
        if self._looking or annotation is self._looked_at:
            return
        if not session.complete or not windows:
            self._show([])  # only a voice that was heard can turn out to be nobody's
            return

        def work() -> tuple[Annotation, list[FaintSpeaker]]:
            from core.refine.refine import ghosts, speaker_at

            pairs, times = ghosts(annotation, windows), annotation.talk_time()
            heard = set(speaker_at(annotation, windows).tolist()) if pairs else set()
            return annotation, [
                FaintSpeaker(g, n, times[g], g in heard and n in heard) for g, n in pairs
            ]

        self._looking, self._looked_at = True, annotation
        task = Task("ghosts", work)
        task.done.connect(self._on_found)
        task.ended.connect(self._on_ended)
        self._run(task)

    @pyqtSlot(object)
    def _on_found(self, found: tuple[Annotation, list[FaintSpeaker]]) -> None:
        annotation, ghosts = found
        if annotation is self._session.annotation:
            self._show(ghosts)

    @pyqtSlot()
    def _on_ended(self) -> None:
        self._looking = False
        self._timer.start()

    def _show(self, ghosts: list[FaintSpeaker]) -> None:
        """Flag these, and ask about one who was not asked about yet."""
        self._found = ghosts
        self.changed.emit({g.speaker: self._line(g) for g in ghosts})
        about = next((g for g in ghosts if g.speaker == self._about and self._on_screen()), None)
        about = about or next((g for g in ghosts if g.speaker not in self._asked), None)
        if about is None:
            self._about = None
            self.notices.withdraw(KEY)
        else:
            self._ask(about)

    def _on_screen(self) -> bool:
        return any(notice.problem.key == KEY for notice in self.notices.notices)

    @told
    def ask(self) -> None:
        """Ask again, beginning with whoever says least."""
        if not self._found:
            raise EditError(self.tr("no speaker says so little that it may be nobody"))
        self._asked.clear()
        self._ask(self._found[0])

    def _line(self, ghost: FaintSpeaker) -> str:
        annotation = self._session.annotation
        name, other = (called(annotation.speaker(i)) for i in (ghost.speaker, ghost.nearest))
        if ghost.compared:
            line = self.tr("{}: {} s in all, sounds most like {}.")
        else:
            line = self.tr("{}: {} s in all, too little to compare; {} talks most.")
        return line.format(name, decimal(to_seconds(ghost.samples)), other)

    def _ask(self, ghost: FaintSpeaker) -> None:
        self._about = ghost.speaker
        self._asked.add(ghost.speaker)
        message = self._line(ghost)
        if others := len([g for g in self._found if g.speaker not in self._asked]):
            message += " " + self.tr("{} more like this.").format(others)
        if message == self._message and self._on_screen():
            return  # else the keyboard would lose its place
        self._message = message
        other = called(self._session.annotation.speaker(ghost.nearest)).replace("&", "&&")
        ways = (
            Way(self.tr("Hear"), partial(self._hear, ghost)),
            Way(self.tr("Fold into {}").format(other), partial(self._fold, ghost)),
            Way(self.tr("Keep"), partial(self._keep, ghost.speaker)),
        )
        self.notices.show_problem(Problem(message, severe=False, ways=ways, key=KEY))

    def _hear(self, ghost: FaintSpeaker) -> None:
        self._editors.speakers.pick(ghost.speaker)
        self._editors.audition.play_sample()
        if ghost in self._found:
            self._ask(ghost)  # pressing a button has taken the question away

    @told
    def _fold(self, ghost: FaintSpeaker) -> None:
        annotation = self._session.annotation
        after = edits.merge_speakers(annotation, ghost.nearest, ghost.speaker)
        self._session.edit(self.tr("Fold speaker"), after)

    @told
    def _keep(self, speaker: int) -> None:
        self._session.edit(
            self.tr("Keep speaker"), edits.keep_speaker(self._session.annotation, speaker)
        )
