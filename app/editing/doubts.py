"""How sure it is who speaks in each turn: found a moment after every change, not during it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from core.annotation.values import Annotation, Turn
from core.refine.review import Review, Sureness, doubtful

if TYPE_CHECKING:
    from app.session import Session
    from core.stream.changes import Window

WAIT_MS = 120


class Doubts(QObject):
    """Of the turns that are open, once the whole recording is heard."""

    changed = pyqtSignal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._review: tuple[Sequence[Window], Review] | None = None
        self._of: Annotation | None = None
        self._sure: dict[Turn, float] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._find)
        session.annotation_changed.connect(self._timer.start)
        session.loaded.connect(self._timer.start)

    def confidence(self, turn: Turn) -> float | None:
        """0..1; None where that isn't known yet."""
        return self._sure.get(turn)

    def sureness(self) -> Sureness | None:
        """Of all turns as they are now, for a file; None where the voices aren't known."""
        self._find()
        return Sureness(self._sure) if self._session.windows and self._sure else None

    def doubtful(self) -> list[Turn]:
        """What is worth a look, as it is now, in time order."""
        self._find()
        annotation = self._session.annotation
        return doubtful(annotation, (self._sure.get(turn, 1.0) for turn in annotation.turns))

    @pyqtSlot()
    def _find(self) -> None:
        session = self._session
        self._timer.stop()
        if not session.complete:
            if self._sure:
                self._sure, self._of = {}, None
                self.changed.emit()
            return
        if self._of is session.annotation:
            return
        if self._review is None or self._review[0] is not session.windows:
            self._review = session.windows, Review(session.windows)
        self._of = session.annotation
        sure = self._review[1].confidence(session.annotation)
        self._sure = dict(zip(session.annotation.turns, sure.tolist(), strict=True))
        self.changed.emit()
