"""One number of every speaker as bars in their colours."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import QRectF, QSize, Qt
from PyQt5.QtGui import QBrush, QFontMetricsF, QPaintEvent, QPalette, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.style.palette import SpeakerStyle, Theme, translucent
from app.timeline.panel import painting


@dataclass(frozen=True)
class Bar:
    """One bar: who, how long it is, and the same in words."""

    name: str
    value: float
    text: str
    style: SpeakerStyle


class Chart(QWidget):
    """Horizontal bars, the longest as long as there is room, name and number always in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(self.tr("Chart"))

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def show_bars(self, title: str, bars: tuple[Bar, ...]) -> None:
        """Draw these; a screen reader hears them as one sentence."""
        self._bars = bars
        self.setAccessibleName(self.tr("Chart: {}").format(title))
        self.setAccessibleDescription(", ".join(f"{b.name} {b.text}" for b in bars))
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def _row(self) -> float:
        return float(self.fontMetrics().height() * 1.7)

    def sizeHint(self) -> QSize:
        return QSize(240, round(self._row() * max(len(self._bars), 1)))

    def bar_rect(self, n: int) -> QRectF:
        """Where bar ``n`` is, in pixels."""
        metrics, row = QFontMetricsF(self.font()), self._row()
        widest = max((metrics.horizontalAdvance(b.name) for b in self._bars), default=0.0)
        left = min(widest, self.width() * 0.34) + 8
        number = max((metrics.horizontalAdvance(b.text) for b in self._bars), default=0.0) + 10
        most = max((b.value for b in self._bars), default=0.0)
        room = max(self.width() - left - number, 1.0)
        length = room * self._bars[n].value / most if most > 0 else 0.0
        return QRectF(left, n * row + row * 0.14, max(length, 1.0), row * 0.72)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        theme = Theme.of(self.palette())
        with painting(self) as p:
            metrics = QFontMetricsF(self.font())
            vertical = Qt.AlignmentFlag.AlignVCenter
            for n, bar in enumerate(self._bars):
                rect = self.bar_rect(n)
                name = QRectF(0, rect.top(), rect.left() - 8, rect.height())
                p.setPen(self.palette().color(QPalette.ColorRole.WindowText))
                elided = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, name.width())
                p.drawText(name, vertical | Qt.AlignmentFlag.AlignRight, elided)
                number = QRectF(rect.right() + 6, rect.top(), self.width(), rect.height())
                p.drawText(number, vertical | Qt.AlignmentFlag.AlignLeft, bar.text)
                edge = QPen(theme.line if theme.line == theme.text else bar.style.edge, 1)
                p.setPen(edge)
                p.setBrush(bar.style.color)
                p.drawRect(rect)
                if bar.style.pattern != Qt.BrushStyle.NoBrush:
                    p.fillRect(rect, QBrush(translucent(bar.style.ink, 0.55), bar.style.pattern))
