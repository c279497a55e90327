"""Markers: a flag with its text on the waveform, and a fine line down through the lanes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PyQt5.QtWidgets import QApplication

from app.style.palette import Theme, contrasting, mix
from app.timeline.panel import Frame, PanelItem
from core.annotation.values import Marker
from core.units import SAMPLE_RATE

POLE = 7.0
"""Width of the flag of a marker without text, in pixels."""
LONGEST = 180.0
"""Of the text of a marker, in pixels."""


def flag_height(metrics: QFontMetricsF) -> float:
    return metrics.height() + 4


class MarkersItem(PanelItem):
    """The markers of one panel; ``flags`` is False where there are just their lines."""

    def __init__(self, theme: Theme, flags: bool) -> None:
        super().__init__()
        self.theme = theme
        self.markers: Sequence[Marker] = ()
        self._flags = flags
        self._boxes: list[tuple[QRectF, Marker]] = []
        self.setZValue(20)

    def set_markers(self, markers: Sequence[Marker]) -> None:
        self.markers = markers
        self.update()

    def marker_at(self, x: float, y: float) -> Marker | None:
        """The marker whose flag was last painted there, in pixels of the widget."""
        hits = [m for box, m in self._boxes if box.contains(x, y)]
        return hits[-1] if hits else None

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        rect = frame.rect
        first = bisect_left(
            self.markers, frame.seconds(rect.left() - LONGEST), key=lambda m: m.at / SAMPLE_RATE
        )
        last = bisect_right(
            self.markers, frame.seconds(rect.right()), key=lambda m: m.at / SAMPLE_RATE
        )
        seen = self.markers[first:last]
        color = mix(self.theme.accent, self.theme.text, 0.25)
        p.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
        places = [round(frame.x(m.at / SAMPLE_RATE)) + 0.5 for m in seen]
        for x in places:
            p.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
        if not self._flags:
            return
        self._boxes = []
        font = QApplication.font()
        metrics = QFontMetricsF(font)
        p.setFont(font)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        for n, (marker, x) in enumerate(zip(seen, places, strict=True)):
            following = places[n + 1] if n + 1 < len(places) else rect.right() + LONGEST
            room = min(LONGEST, max(following - x - 2, POLE))
            text = metrics.elidedText(marker.text, Qt.TextElideMode.ElideRight, room - 8)
            width = max(metrics.horizontalAdvance(text) + 8 if text else POLE, POLE)
            box = QRectF(x, rect.top() + 1, min(width, room), flag_height(metrics))
            self._boxes.append((box.adjusted(-3, -2, 3, 2), marker))
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(color)
            if text:
                p.drawRoundedRect(box, 2, 2)
                p.setPen(contrasting(color))
                middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                p.drawText(box.adjusted(4, 0, 0, 0), middle, text)
            else:
                tip = QPointF(box.right() + 2, box.top() + box.height() * 0.3)
                foot = QPointF(x, box.top() + box.height() * 0.6)
                p.drawPolygon(QPolygonF([box.topLeft(), tip, foot]))
