"""The column at the left: the clock beside the waveform, and a name for every lane."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PyQt5.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..palette import Theme
from .axis import label
from .panel import painting
from .turns import Lane, hatch


class NamesColumn(QWidget):
    """Names with a chip in their speaker's colour, in step with the lanes.

    Names that are too long are elided; the tooltip has the whole name and the talk time.
    """

    scrolled = pyqtSignal(float)
    """The wheel was turned here: scroll the lanes down by so many pixels."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._lanes: list[Lane] = []
        self._top = 0.0
        self._lane_height = 1.0
        self._offset = 0.0
        self._axis_height = 0.0
        self._position = 0.0
        self._duration = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Speakers"))

    def sizeHint(self) -> QSize:
        return QSize(round(self.fontMetrics().averageCharWidth() * 24), 100)

    def set_lanes(self, lanes: list[Lane]) -> None:
        self._lanes = lanes
        self.setAccessibleDescription(", ".join(lane.speaker.label for lane in lanes))
        self.update()

    def set_layout(
        self, axis_height: float, lanes_top: float, lane_height: float, offset: float
    ) -> None:
        """Where the lanes are beside this column; ``offset`` pixels of them are scrolled away."""
        self._axis_height, self._top = axis_height, lanes_top
        self._lane_height, self._offset = lane_height, offset
        self.update()

    def set_clock(self, position: float, duration: float) -> None:
        """The times, in seconds, that stand beside the waveform."""
        if label(position, 1) != label(self._position, 1) or duration != self._duration:
            self._position, self._duration = position, duration
            self.update(0, 0, self.width(), round(self._top))

    def name_rect(self, n: int) -> QRectF:
        """Where the name of lane ``n`` stands, in pixels."""
        return QRectF(
            0,
            self._top + n * self._lane_height - self._offset,
            self.width(),
            self._lane_height,
        )

    def paintEvent(self, event: QPaintEvent | None) -> None:
        with painting(self) as p:
            p.fillRect(self.rect(), self.theme.panel)
            p.setPen(QPen(self.theme.line, 1))
            right, axis = self.width() - 0.5, round(self._axis_height) - 0.5
            p.drawLine(QPointF(right, 0), QPointF(right, self.height()))
            p.drawLine(QPointF(0, axis), QPointF(right, axis))
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_clock(p)
            p.setClipRect(QRectF(0, self._top, self.width(), self.height() - self._top))
            for n, lane in enumerate(self._lanes):
                rect = self.name_rect(n)
                if rect.bottom() >= self._top and rect.top() <= self.height():
                    self._paint_name(p, lane, rect)

    def _paint_clock(self, p: QPainter) -> None:
        room = self._top - self._axis_height
        line = QFontMetricsF(self.font()).height()
        if self._duration <= 0 or room < 3.2 * line:
            return
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.6)
        big = QFontMetricsF(font)
        top = self._axis_height + (room - big.height() - line) / 2
        p.setFont(font)
        p.setPen(self.theme.text)
        p.drawText(
            QRectF(0, top, self.width(), big.height()),
            Qt.AlignmentFlag.AlignCenter,
            label(self._position, 1),
        )
        p.setFont(self.font())
        p.setPen(self.theme.muted)
        p.drawText(
            QRectF(0, top + big.height(), self.width(), line),
            Qt.AlignmentFlag.AlignCenter,
            self.tr("of {}").format(label(self._duration)),
        )

    def _paint_name(self, p: QPainter, lane: Lane, rect: QRectF) -> None:
        p.setPen(QPen(self.theme.line, 1))
        p.drawLine(QPointF(0, rect.bottom() - 0.5), QPointF(rect.right(), rect.bottom() - 0.5))
        metrics = QFontMetricsF(self.font())
        size = min(metrics.height() * 0.95, rect.height() - 6)
        chip = QRectF(10, rect.center().y() - size / 2, size, size)
        p.setPen(QPen(lane.style.edge, 1))
        p.setBrush(lane.style.color)
        p.drawRoundedRect(chip, 4, 4)
        if lane.style.pattern != Qt.BrushStyle.NoBrush:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(hatch(lane.style.ink, lane.style.pattern, 0.55))
            p.drawRoundedRect(chip, 4, 4)
        room = QRectF(rect)
        room.setLeft(chip.right() + 8)
        room.setRight(rect.right() - 6)
        p.setPen(self.theme.text)
        text = metrics.elidedText(lane.speaker.label, Qt.TextElideMode.ElideRight, room.width())
        p.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for n, lane in enumerate(self._lanes):
                if event.y() >= self._top and self.name_rect(n).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), self.describe(lane), self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def describe(self, lane: Lane) -> str:
        """The whole name, the talk time and the number of turns."""
        return self.tr("{name}\nspeaks {time}, turns: {turns}").format(
            name=lane.speaker.label, time=label(lane.talk_time), turns=len(lane.turns)
        )

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        delta = event.angleDelta()
        self.scrolled.emit(-(delta.y() or delta.x()) / 120 * self._lane_height)
        event.accept()
