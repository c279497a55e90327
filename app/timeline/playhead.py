"""What lies over all panels: the playhead, the selected stretch of time, help for dragging."""

from __future__ import annotations

import pyqtgraph as pg
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QPainter, QPen, QPolygonF
from PyQt5.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.style.palette import Theme, mix, translucent

HANDLE = 6.0
"""Half the width of the playhead's handle on the time axis, in pixels."""


class Playhead(pg.GraphicsObject):
    """An upright line with a handle on the time axis. It is placed in pixels with ``setPos``:
    then a frame of playback repaints two slim columns and nothing else."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._height = 0.0
        self._axis = 0.0
        self.setZValue(100)

    def set_size(self, axis_height: float, height: float) -> None:
        self.prepareGeometryChange()
        self._axis, self._height = axis_height, height

    def boundingRect(self) -> QRectF:
        return QRectF(-HANDLE - 1, 0, 2 * HANDLE + 2, self._height)

    def paint(
        self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(QPen(self.theme.playhead, 1.5))
        tip = self._axis - 1
        p.drawLine(QPointF(0, tip - HANDLE), QPointF(0, self._height))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(self.theme.playhead)
        shoulder = tip - HANDLE
        top = shoulder - HANDLE
        p.drawPolygon(
            QPolygonF(
                [
                    QPointF(-HANDLE, top),
                    QPointF(HANDLE, top),
                    QPointF(HANDLE, shoulder),
                    QPointF(0, tip),
                    QPointF(-HANDLE, shoulder),
                ]
            )
        )


class TimeSelection(pg.GraphicsObject):
    """A tinted band over a stretch of time, placed in pixels."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._rect = QRectF()
        self.setZValue(50)
        self.hide()

    def set_rect(self, rect: QRectF) -> None:
        self.prepareGeometryChange()
        self._rect = rect

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-1, 0, 1, 0)

    def paint(
        self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        p.fillRect(self._rect, translucent(self.theme.accent, 0.22))
        p.setPen(QPen(self.theme.accent, 1))
        p.drawLine(self._rect.topLeft(), self._rect.bottomLeft())
        p.drawLine(self._rect.topRight(), self._rect.bottomRight())


class SnapLine(pg.GraphicsObject):
    """A fine upright line where a dragged edge has snapped to something, placed with ``setPos``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._span = (0.0, 0.0)
        self.setZValue(60)
        self.hide()

    def set_span(self, top: float, bottom: float) -> None:
        self.prepareGeometryChange()
        self._span = (top, bottom)

    def boundingRect(self) -> QRectF:
        return QRectF(-1, self._span[0], 2, self._span[1] - self._span[0])

    def paint(
        self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        p.setPen(QPen(self.theme.text, 1, Qt.PenStyle.DashLine))
        p.drawLine(QPointF(0, self._span[0]), QPointF(0, self._span[1]))


class DropArea(pg.GraphicsObject):
    """Where turns are dropped to give them to a new speaker; seen only while they are dragged."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.text = ""
        self._rect = QRectF()
        self._hovered = False
        self.setZValue(70)
        self.hide()

    def set_rect(self, rect: QRectF) -> None:
        self.prepareGeometryChange()
        self._rect = rect

    def set_hovered(self, hovered: bool) -> None:
        self._hovered = hovered
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(QPen(self.theme.accent, 1.5, Qt.PenStyle.DashLine))
        fill = mix(self.theme.base, self.theme.accent, 0.35 if self._hovered else 0.08)
        p.setBrush(translucent(fill, 0.92))
        p.drawRoundedRect(self._rect.adjusted(3, 2, -3, -2), 4, 4)
        p.setPen(self.theme.text)
        p.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, self.text)
