"""How many speakers there are: one control, and what it would change is seen at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QEvent, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QFocusEvent, QKeyEvent
from PyQt5.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from app.preferences import Preferences
from app.session import DEPTH, Session
from app.timeline.view import TimelineView
from app.widgets.workers import Task, Worker
from core.annotation.another_pass import carried_over
from core.annotation.values import Annotation

if TYPE_CHECKING:
    from core.refine.refine import Refiner

MOST = 12
STEPS = 10
"""Of the slider, to each side."""
OWN_KEYS = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
)


class BiasSlider(QSlider):
    """From fewer to more speakers; Enter or letting go takes it, Esc or leaving it does not."""

    taken = pyqtSignal()
    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(-STEPS, STEPS)
        self.sliderReleased.connect(self.taken)

    def event(self, event: QEvent | None) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in OWN_KEYS:
            event.accept()  # else these keys would move the playhead
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Return:
            self.taken.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.left.emit()
        super().focusOutEvent(event)


class SpeakerCountPanel(QWidget):
    """A number of speakers, or automatic with a slider. One undo step for each choice.

    While it is recorded, a number is the most that the stream tells apart, and then what the
    second pass is done with.

    Parameters
    ----------
    run
        Starts a worker and holds it until it has ended; its failure is shown there.
    """

    def __init__(
        self,
        session: Session,
        timeline: TimelineView,
        preferences: Preferences,
        run: Callable[[Worker], None],
    ) -> None:
        super().__init__()
        self._session, self._timeline, self._run = session, timeline, run
        self._preferences = preferences
        self._refiner: Refiner | None = None
        self._base: Annotation | None = None  # with these the refiner was prepared
        self._heard: object = None
        self._set = (0, 0)  # what the turns come from: number, slider
        self._known: deque[tuple[Annotation, tuple[int, int]]] = deque(maxlen=2 * DEPTH)
        self._voices: object = None  # of the turns in there
        self._wanted: tuple[int, int] | None = None
        self._taking = False
        self._preview: tuple[tuple[int, int], Annotation] | None = None
        self._busy = False
        self.number = QComboBox()
        self.number.setAccessibleName(self.tr("Number of speakers"))
        self.number.addItems([self.tr("automatic"), *(str(n) for n in range(1, MOST + 1))])
        self.slider = BiasSlider()
        self.slider.setMaximumWidth(220)
        self.slider.setAccessibleName(self.tr("Fewer or more speakers"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        for part in (QLabel(self.tr("Speakers:")), self.number, QLabel(self.tr("fewer"))):
            row.addWidget(part)
        row.addWidget(self.slider, 1)
        row.addWidget(QLabel(self.tr("more")))
        row.addStretch(1)
        self.number.activated.connect(self._on_number)
        self.slider.valueChanged.connect(self._want)
        self.slider.taken.connect(self._take)
        self.slider.left.connect(self.cancel)
        session.recording_changed.connect(self._on_recording)
        session.annotation_changed.connect(self._on_annotation)
        self._on_recording()

    @pyqtSlot()
    def cancel(self) -> None:
        """Back to the turns as they are, unless a choice is on its way."""
        if not self._taking:
            shown, self._preview, self._wanted = self._preview, None, None
            self._place(self._set)
            if shown is not None:
                self._timeline.set_annotation(self._session.annotation)

    def _place(self, values: tuple[int, int]) -> None:
        for control in (self.number, self.slider):
            control.blockSignals(True)
        self.number.setCurrentIndex(values[0])
        self.slider.setValue(values[1])
        for control in (self.number, self.slider):
            control.blockSignals(False)
        self._enable()

    @pyqtSlot()
    def _on_recording(self) -> None:
        self._refiner = self._base = self._heard = self._preview = self._wanted = None
        self._taking = False
        self._begin_anew()
        self._place(self._set)
        self.setVisible(self._session.is_open)

    @pyqtSlot()
    def _on_annotation(self) -> None:
        self._preview = self._wanted = None
        self._taking = False
        session = self._session
        if not session.complete or session.windows is not self._voices:
            self._begin_anew()
        # Undo and redo bring the very same turns back; what is new comes from what was there.
        known = (values for turns, values in self._known if turns is session.annotation)
        self._set = next(known, self._set)
        self._remember()
        self._place(self._set)

    def _begin_anew(self) -> None:
        self._known.clear()
        self._voices = self._session.windows if self._session.complete else None
        said = self._session.most if self._voices or self._steering else 0
        self._set = (said, round(self._preferences.sensitivity * STEPS))

    def _remember(self) -> None:
        turns = self._session.annotation
        if not any(known is turns for known, _ in self._known):
            self._known.append((turns, self._set))

    def _enable(self) -> None:
        known = bool(self._session.complete and self._session.windows and self._session.speech)
        self.number.setEnabled(known or self._steering)
        self.slider.setEnabled(known and self.number.currentIndex() == 0)
        reason = self.tr("Possible once all voices are known: analyse the recording again (F5)")
        if self._steering:
            reason = self.tr("No more speakers than this are told apart, from now on")
        self.setToolTip("" if known else reason)
        self.setAccessibleDescription("" if known else reason)

    @property
    def _steering(self) -> bool:
        """It is being recorded: a number limits what is heard now and what comes."""
        return self._session.live and not self._session.complete

    @pyqtSlot()
    def _on_number(self) -> None:
        if self._steering:
            self._session.set_most(self.number.currentIndex())
            return
        self._enable()
        self._want()
        self._take()

    def again(self) -> None:
        """Another second pass with what is set, which heeds what a person put right since."""
        if self.number.isEnabled() and not self._steering:
            self._preview = None
            self._want()
            self._take()

    @pyqtSlot()
    def _want(self) -> None:
        self._wanted = (self.number.currentIndex(), self.slider.value())
        self._next()

    @pyqtSlot()
    def _take(self) -> None:
        if self._wanted is not None:
            self._taking = True
            self._next()

    def _next(self) -> None:
        """Compute what is wanted; one at a time, only the newest counts."""
        wanted, session, speech = self._wanted, self._session, self._session.speech
        if wanted is None or self._busy or speech is None:
            return
        if self._preview is not None and self._preview[0] == wanted:
            if self._taking:
                self._set, found = self._preview
                self._on_taken(found)
            return
        self._busy = True
        before, windows = session.annotation, session.windows
        # Only corrections change what a prepared refiner would say.
        same = self._base is not None and windows is self._heard
        same = same and (before is self._base or not (before.edited or self._base.edited))
        refiner = self._refiner if same else None

        def work() -> tuple[Any, ...]:
            from core.refine.refine import Refiner, SpeakerCount

            ready = refiner or Refiner(windows, speech, before.duration, corrected=before)
            count = SpeakerCount(wanted[0], wanted[0]) if wanted[0] else None
            found = ready.annotation(count, wanted[1] / STEPS)
            return windows, before, wanted, ready, found, carried_over(before, found)

        task = Task("speaker count", work)
        task.done.connect(self._on_found)
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)
        self._run(task)

    def _on_taken(self, found: Annotation) -> None:
        self._taking, self._wanted, self._preview = False, None, None
        self._timeline.set_annotation(self._session.annotation)
        self._session.rerun(self.tr("Number of speakers"), found)

    @pyqtSlot(object)
    def _on_found(self, found: tuple[Any, ...]) -> None:
        windows, before, wanted, refiner, turns, after = found
        if windows is not self._session.windows or before is not self._session.annotation:
            return
        self._refiner, self._base, self._heard = refiner, before, windows
        if self._wanted == wanted:
            self._preview = (wanted, turns)
            self._timeline.set_annotation(after)

    @pyqtSlot(object)
    def _on_failed(self, _error: object) -> None:
        self._taking = False
        self.cancel()

    @pyqtSlot()
    def _on_ended(self) -> None:
        self._busy = False
        self._next()
