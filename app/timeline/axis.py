"""The time axis: where its ticks lie, its labels, and the grid that continues it downwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PyQt5.QtCore import QLineF, QPointF
from PyQt5.QtGui import QFontMetricsF, QPainter, QPen
from PyQt5.QtWidgets import QApplication

from app.style.palette import Theme
from app.timeline.panel import Frame, PanelItem
from core.units import axis_time

STEPS = (
    *((0.01, 5), (0.02, 4), (0.05, 5), (0.1, 5), (0.2, 4), (0.5, 5)),
    *((1.0, 5), (2.0, 4), (5.0, 5), (10.0, 5), (15.0, 3), (30.0, 3)),
    *((60.0, 4), (120.0, 4), (300.0, 5), (600.0, 5), (900.0, 3), (1800.0, 3)),
    *((3600.0, 4), (7200.0, 4), (14400.0, 4), (43200.0, 4)),
)
"""Distances of labelled ticks in seconds, and into how many parts small ticks cut them."""


@dataclass(frozen=True)
class Ticks:
    """The ticks of a stretch of time: labelled ones and small ones, in seconds."""

    major: list[float]
    minor: list[float]
    decimals: int


def ticks(start: float, end: float, pixels: float, label_width: float) -> Ticks:
    """Ticks on round times, as dense as labels of ``label_width`` pixels allow."""
    room = (end - start) * label_width / max(pixels, 1.0)
    step, parts = next((s for s in STEPS if s[0] >= room), STEPS[-1])
    first, last = math.floor(start / step), math.ceil(end / step)
    major = [k * step for k in range(first, last + 1)]
    minor = [k * step / parts for k in range(first * parts, last * parts + 1) if k % parts]
    return Ticks(major, minor, 0 if step >= 1 else 1 if step >= 0.1 else 2)


def frame_ticks(frame: Frame, metrics: QFontMetricsF) -> Ticks:
    """The ticks of the exposed part of a panel, and of labels that reach into it."""
    width = metrics.horizontalAdvance("00:00:00.00") + metrics.height()
    left, right = frame.exposed.left() - width, frame.exposed.right() + 1
    return ticks(frame.seconds(left), frame.seconds(right), right - left, width)


class AxisItem(PanelItem):
    """Tick marks with ``h:mm:ss`` labels to their right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        p.fillRect(frame.exposed, self.theme.panel)
        font = QApplication.font()
        metrics = QFontMetricsF(font)
        marks = frame_ticks(frame, metrics)
        bottom = frame.rect.bottom() - 0.5
        p.setPen(QPen(self.theme.line, 1))
        height = frame.rect.height()
        p.drawLines(
            QLineF(frame.exposed.left(), bottom, frame.exposed.right(), bottom),
            *(_upright(frame.x(t), bottom, bottom - height * 0.22) for t in marks.minor),
            *(_upright(frame.x(t), bottom, bottom - height * 0.85) for t in marks.major),
        )
        p.setFont(font)
        p.setPen(self.theme.text)
        baseline = frame.rect.center().y() + metrics.ascent() / 2 - 2
        for t in marks.major:
            if t >= 0:
                p.drawText(QPointF(frame.x(t) + 4, baseline), axis_time(t, marks.decimals))


class GridItem(PanelItem):
    """Fine upright lines at the labelled ticks, behind everything else in a panel."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setZValue(-10)

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        marks = frame_ticks(frame, QFontMetricsF(QApplication.font()))
        p.setPen(QPen(self.theme.grid, 1))
        top, bottom = frame.rect.top(), frame.rect.bottom()
        p.drawLines(*(_upright(frame.x(t), top, bottom) for t in marks.major))


def _upright(x: float, top: float, bottom: float) -> QLineF:
    """An upright line in the middle of a pixel, so that it is one pixel wide."""
    x = math.floor(x) + 0.5
    return QLineF(x, top, x, bottom)
