"""Where two or more speak at once: a hatched band behind the waveform, and a bar below it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QPainter

from app.style.palette import Theme, translucent
from app.timeline.panel import Frame, PanelItem
from app.timeline.turns import MOST_BOXES, Lane, hatch, paint_shades, turn_rect
from core.annotation.values import Speaker, Stretch, Turn

BAR = 3.0
"""Pixels: as high is the bar, also in the overview. It tells by its place, not by its colour."""


def overlap_lane(stretches: Sequence[Stretch]) -> Lane:
    """The stretches as a lane of nobody's, which knows what is visible and how dense it is."""
    return Lane(Speaker(0), [Turn(start, end, 0) for start, end in stretches])


def paint_overlap_bar(
    p: QPainter, lane: Lane, frame: Frame, bottom: float, color: QColor, height: float = BAR
) -> None:
    """The bar that ends at ``bottom``: its cost hangs on the width alone."""
    row = QRectF(frame.exposed.left(), bottom - height, frame.exposed.width(), height)
    paint_shades(p, lane, frame, row, color)


class OverlapsItem(PanelItem):
    """The marks of one annotation, behind the waveform."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.lane = overlap_lane(())

    def set_overlaps(self, stretches: Sequence[Stretch]) -> None:
        self.lane = overlap_lane(stretches)
        self.update()

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        seen = self.lane.visible(
            frame.seconds(frame.exposed.left()), frame.seconds(frame.exposed.right())
        )
        if seen.start >= seen.stop:
            return
        if seen.stop - seen.start <= MOST_BOXES:
            self._paint_bands(p, frame, seen)
        paint_overlap_bar(p, self.lane, frame, frame.rect.bottom(), self.theme.text)

    def _paint_bands(self, p: QPainter, frame: Frame, seen: slice) -> None:
        row = QRectF(frame.exposed.left(), frame.rect.top(), frame.exposed.width(), 0)
        row.setHeight(frame.rect.height())
        ground, lines = (
            translucent(self.theme.text, 0.08),
            hatch(self.theme.text, Qt.BrushStyle.BDiagPattern, 0.4),
        )
        p.setBrushOrigin(QPointF(math.fmod(round(frame.offset), 64), row.top()))
        for i in range(seen.start, seen.stop):
            rect = turn_rect(frame, row, self.lane.starts[i], self.lane.ends[i])
            p.fillRect(rect, ground)
            p.fillRect(rect, lines)
