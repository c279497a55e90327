"""How loud the microphone is: a bar with its peak held, the number, and the word for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QCoreApplication, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPaintEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.style.palette import Theme
from app.timeline.panel import painting

if TYPE_CHECKING:
    from core.audio.levels import Level
    from core.live.recording import Status

LOWEST = -60.0
"""Where the bar begins, in dB of full scale; what is quieter is no speech."""
SILENT = -96.0
"""What a meter says that has heard nothing."""
LOUD = -12.0
TOO_LOUD = -3.0
"""From here on the bar is red: the next laugh will clip."""
GREEN, AMBER, RED = QColor("#009E73"), QColor("#E69F00"), QColor("#D55E00")
"""Okabe and Ito's, which differ in lightness too; and the word says the same."""


class LevelBar(QWidget):
    """The bar alone: RMS filled, peak paler, the held peak as a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level: Level | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)

    def sizeHint(self) -> QSize:
        return QSize(180, max(14, self.fontMetrics().height()))

    def set_level(self, level: Level | None) -> None:
        if level != self._level:
            self._level = level
            self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        theme = Theme.of(self.palette())
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        with painting(self) as p:
            p.setPen(theme.line)
            p.setBrush(theme.base)
            p.drawRect(whole)
            if self._level is None:
                return
            inner = whole.adjusted(1, 1, -1, -1)
            p.setPen(Qt.PenStyle.NoPen)
            for start, end, colour in (
                (LOWEST, LOUD, GREEN),
                (LOUD, TOO_LOUD, AMBER),
                (TOO_LOUD, 0.0, RED),
            ):
                for value, opacity in ((self._level.peak, 0.45), (self._level.rms, 1.0)):
                    left, right = _at(inner, start), _at(inner, min(end, value))
                    if right > left:
                        p.setOpacity(opacity)
                        p.fillRect(QRectF(left, inner.top(), right - left, inner.height()), colour)
            p.setOpacity(1.0)
            if self._level.hold > LOWEST:
                x = min(_at(inner, self._level.hold), inner.right() - 2)
                p.fillRect(QRectF(x, inner.top(), 2, inner.height()), theme.text)


class LevelMeter(QWidget):
    """The bar with the peak in dB and, in words, ``clipping``, ``silence`` or ``good``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLabel()
        self.bar = LevelBar()
        self.number = QLabel()
        self.word = QLabel()
        metrics = self.fontMetrics()
        self.number.setFixedWidth(metrics.horizontalAdvance("-88.8 dB") + 4)
        self.number.setAlignment(
            Qt.Alignment() | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self._words = {
            "clipping": self.tr("clipping"),
            "silence": self.tr("silence"),
            "good": self.tr("good"),
        }
        self.word.setFixedWidth(max(metrics.horizontalAdvance(w) for w in self._words.values()) + 8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.name, self.bar, self.number, self.word):
            row.addWidget(widget)
        self.setToolTip(
            self.tr("How loud the microphone is. Speech is best between -30 and -12 dB.")
        )
        self.call("")
        self.set_level(None)

    def call(self, name: str) -> None:
        """Say whose level it is; nothing where there is but one."""
        self.name.setText(name)
        width = self.fontMetrics().horizontalAdvance
        self.name.setFixedWidth(max(width(side) for side in (name, *_sides())) + 4)
        self.name.setVisible(bool(name))
        self.setAccessibleName(self.tr("Level of {}").format(name) if name else self.tr("Level"))

    def set_level(self, level: Level | None) -> None:
        """Show a moment; None while nothing listens."""
        self.bar.set_level(level)
        if level is None or (level.hold <= SILENT and level.words == "good"):  # not a moment yet
            number = word = ""
        else:
            number, word = f"{round(level.hold)} dB", self._words[level.words]
        self.number.setText(number)
        if word != self.word.text():
            self.word.setText(word)
            severe = level is not None and level.words != "good"
            self.word.setStyleSheet("font-weight: bold" if severe else "")
            self.setAccessibleDescription(word)


def _sides() -> tuple[str, str]:
    """What the meters of a call are called: one below the other, bars begin at one place."""
    translate = QCoreApplication.translate
    return translate("recording", "Microphone"), translate("recording", "Computer")


def show_levels(status: Status, meter: LevelMeter, computer: LevelMeter) -> None:
    """The level of what is recorded, and of a call that of each side."""
    meter.set_level(status.level)
    names = _sides() if status.sides else ("", "")
    if (meter.name.text(), computer.name.text()) != names:
        meter.call(names[0])
        computer.call(names[1])
    for side in status.sides[1:]:
        computer.set_level(side.level if side.there else None)
    computer.setVisible(bool(status.sides))


def _at(rect: QRectF, decibels: float) -> float:
    """Where a level is, from left to right."""
    share = (min(max(decibels, LOWEST), 0.0) - LOWEST) / -LOWEST
    return float(rect.left() + share * rect.width())
