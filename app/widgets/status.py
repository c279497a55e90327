"""The status bar: where the playhead is, what was found, and what is being worked on."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, pyqtSignal
from PyQt5.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from core.annotation.values import Annotation
from core.units import short_time

STEPS = 1000


class StatusBar(QStatusBar):
    """State, progress and Cancel; position and length; speakers and turns."""

    cancel_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = QLabel()
        self.state.setAccessibleName(self.tr("State"))
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.setFixedWidth(160)
        self.progress.setTextVisible(False)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setObjectName("cancel")
        self.cancel.setAccessibleName(self.tr("Cancel analysing"))
        self.cancel.setAutoDefault(True)  # Enter presses it; Space plays
        self.cancel.clicked.connect(self.cancel_clicked)
        self.found = QLabel()
        self.found.setAccessibleName(self.tr("Speakers and turns"))
        self.selected = QLabel()
        self.selected.setAccessibleName(self.tr("Length of the selection"))
        self.time = QLabel()
        self.time.setAccessibleName(self.tr("Position and length"))
        for widget in (
            self.state,
            self.progress,
            self.cancel,
            self.found,
            self.selected,
            self.time,
        ):
            self.addPermanentWidget(widget)
            if isinstance(widget, QLabel):
                widget.setContentsMargins(9, 0, 9, 0)
        self.set_idle("")

    def set_idle(self, text: str) -> None:
        """No work under way."""
        self.state.setText(text)
        self.progress.hide()
        self.cancel.hide()

    def set_busy(
        self, text: str, fraction: float | None = None, *, can_cancel: bool = True
    ) -> None:
        """Work under way; a fraction of None shows that it moves but not how far it is."""
        self.state.setText(text)
        self.progress.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self.progress.setValue(round(fraction * STEPS))
        self.progress.show()
        self.cancel.setVisible(can_cancel)

    def set_found(self, annotation: Annotation | None) -> None:
        """How much was found; None while nothing is open."""
        if annotation is None:
            self.found.clear()
            return
        speakers, turns = len(annotation.speakers), len(annotation.turns)
        self.found.setText(
            (self.tr("1 speaker") if speakers == 1 else self.tr("{} speakers").format(speakers))
            + " · "
            + (self.tr("1 turn") if turns == 1 else self.tr("{} turns").format(turns))
        )

    def set_selected(self, samples: int, turns: int = 0) -> None:
        """How long what is selected is, and how many turns that are; 0 for nothing."""
        length = self.tr("selected: {}").format(short_time(samples))
        if turns > 1:
            length = self.tr("{} turns selected: {}").format(turns, short_time(samples))
        self.selected.setText(length if samples else "")

    def set_time(self, position: int, duration: int | None) -> None:
        """Playhead and length in samples; a length of None while nothing is open."""
        self.time.setText(
            "" if duration is None else f"{short_time(position)} / {short_time(duration)}"
        )


def left(seconds: float) -> str:
    """How long something still takes, as roughly as it is known."""
    if seconds < 99.5:
        return _tr("{} s left").format(max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 100:
        return _tr("{} min left").format(minutes)
    return _tr("{} h {} min left").format(minutes // 60, minutes % 60)


def _tr(text: str) -> str:
    return QCoreApplication.translate("status", text)
