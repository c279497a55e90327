"""Go to a time that the person types."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.units import SAMPLE_RATE, parse_time, short_time

ROUNDING = SAMPLE_RATE // 20
"""The end as it is shown, to a tenth of a second, may lie so far behind the end."""


class GoTo(QDialog):
    """Asks for a time within the recording; says what is wrong while one types."""

    chosen = pyqtSignal(int)
    """The time in samples."""

    def __init__(self, position: int, duration: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Go to time"))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._duration = duration
        self._time = QLineEdit(short_time(position))
        self._time.setObjectName("time")
        self._time.setAccessibleName(self.tr("Time"))
        self._time.selectAll()
        self._time.textChanged.connect(self._check)
        self._hint = QLabel()
        self._buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel)
        self._buttons.accepted.connect(self._choose)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(QLabel(self.tr("Seconds, or minutes:seconds, or hours:minutes:seconds")))
        column.addWidget(self._time)
        column.addWidget(self._hint)
        column.addWidget(self._buttons)
        self._check()

    def _check(self) -> None:
        samples = parse_time(self._time.text())
        if samples is None:
            hint = self.tr("Not a time")
        elif samples > self._duration + ROUNDING:
            hint = self.tr("The recording ends at {}").format(short_time(self._duration))
        else:
            hint = ""
        self._hint.setText(hint)
        self._buttons.button(QDialogButtonBox.Ok).setEnabled(not hint)

    def _choose(self) -> None:
        samples = parse_time(self._time.text())
        if samples is not None:
            self.chosen.emit(samples)
            self.accept()
