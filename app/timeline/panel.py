"""A strip of the timeline that time runs through, and items that paint it in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyqtgraph as pg
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QPaintDevice, QPainter
from PyQt5.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter that is ended even after an error: Qt aborts the process over one that is not."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


class Panel(pg.ViewBox):
    """A ViewBox whose range is set by the timeline alone: no mouse, no menu, no automatic range."""

    def __init__(self) -> None:
        super().__init__(enableMouse=False, enableMenu=False, invertY=True, defaultPadding=0)
        self.disableAutoRange()

    def show_range(self, start: float, end: float, top: float, bottom: float) -> None:
        """Show these seconds from left to right and these units of y from top to bottom."""
        self.setRange(xRange=(start, end), yRange=(top, bottom), padding=0)


@dataclass(frozen=True)
class Frame:
    """Where a panel lies on the widget, in pixels, and which part of it must be painted."""

    scale: float
    """Pixels per second."""
    offset: float
    """Pixel of 0 s; far outside the widget when zoomed in."""
    y_scale: float
    y_offset: float
    rect: QRectF
    exposed: QRectF
    ratio: float
    """Device pixels per pixel: 2.0 on a display at 200 %."""

    def x(self, seconds: float) -> float:
        return seconds * self.scale + self.offset

    def y(self, units: float) -> float:
        return units * self.y_scale + self.y_offset

    def seconds(self, x: float) -> float:
        return (x - self.offset) / self.scale


class PanelItem(pg.UIGraphicsItem):
    """An item as large as its panel. Subclasses paint in pixels, in :meth:`paint_frame`.

    Painting through the panel's own transform would ask Qt to rasterise coordinates of up to
    1e9 pixels (8 hours at the closest zoom); so positions are computed here, in doubles, and only
    what is visible reaches the painter.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        """What the panel shows now.

        pyqtgraph keeps the one before when range and size change in one go, and Qt then leaves
        lanes unpainted.
        """
        panel = self.getViewBox()
        return QRectF() if panel is None else QRectF(panel.viewRect())

    def paint(
        self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        transform = p.worldTransform()
        p.save()
        p.resetTransform()
        frame = Frame(
            transform.m11(),
            transform.dx(),
            transform.m22(),
            transform.dy(),
            transform.mapRect(self.boundingRect()),
            transform.mapRect(option.exposedRect),
            p.device().devicePixelRatioF(),
        )
        try:
            if frame.scale > 0 and not frame.exposed.isEmpty():
                self.paint_frame(p, frame)
        finally:
            p.restore()

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        raise NotImplementedError
