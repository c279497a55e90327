"""What a comparison with a reference says: the DER and its parts, and the way through them."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.scoring import Score
from core.units import clock

COLLAR_S = 0.25
"""What is commonly forgiven on each side of an edge of the reference."""


class ComparePanel(QFrame):
    """A few lines below the timeline; away while nothing is compared."""

    next_clicked = pyqtSignal()
    previous_clicked = pyqtSignal()
    close_clicked = pyqtSignal()
    rules_changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(self.tr("Comparison with the reference"))
        self._text = QLabel()
        self._text.setObjectName("der")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._collar = QPushButton(self.tr("Forgive {} s at edges").format(COLLAR_S))
        self._collar.setCheckable(True)
        self._collar.setAutoDefault(True)
        self._collar.setObjectName("collar")
        self._collar.toggled.connect(self.rules_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 6, 4)
        column.addWidget(self._text)
        row = QHBoxLayout()
        row.addWidget(self._collar)
        row.addStretch(1)
        column.addLayout(row)
        for name, text, clicked in (
            ("previous_mistake", self.tr("Previous mistake"), self.previous_clicked),
            ("next_mistake", self.tr("Next mistake"), self.next_clicked),
            ("close_comparison", self.tr("Close reference"), self.close_clicked),
        ):
            button = QPushButton(text)
            button.setObjectName(name)
            button.setAutoDefault(True)  # Enter presses it; Space plays
            button.clicked.connect(clicked)
            row.addWidget(button)
        for button in self.findChildren(QPushButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    @property
    def collar(self) -> float:
        """Seconds that are not scored on each side of an edge of the reference."""
        return COLLAR_S if self._collar.isChecked() else 0.0

    def show_score(self, name: str, score: Score) -> None:
        """The result against the reference of this name."""
        self._text.setText(f"{name}: {self._line(score)}")
        self.show()

    def _line(self, score: Score) -> str:
        if score.der is None:
            return self.tr("nobody speaks in the reference, so that there is no error rate")
        parts = (score.errors, score.missed, score.false_alarm, score.confusion)
        der, missed, false_alarm, confusion = (f"{part / score.total:.1%}" for part in parts)
        return self.tr(
            "DER {} = missed {} + false alarm {} + confusion {} of {} of speech;"
            " {} of {} speakers; overlap counts"
        ).format(
            der,
            missed,
            false_alarm,
            confusion,
            clock(score.total, hours=True),
            score.found,
            score.speakers,
        )
