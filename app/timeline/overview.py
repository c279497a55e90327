"""The overview strip: the whole recording in one line, with the viewport as a box."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.style.palette import Theme, translucent
from app.timeline.overlaps import overlap_lane, paint_overlap_bar
from app.timeline.panel import Frame, painting
from app.timeline.sound.waveform import PeakSource, paint_wave
from app.timeline.turns import Lane, paint_shades

NARROWEST = 8.0
"""The viewport box is drawn at least this wide, so that it can be seen and caught."""


class Overview(QWidget):
    """Waveform and lanes of the whole recording. Click or drag moves the viewport."""

    centred = pyqtSignal(float)
    """The person wants this time, in seconds, in the middle of the view."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._duration = 0.0
        self._viewport = (0.0, 0.0)
        self._position = 0.0
        self._lanes: list[Lane] = []
        self._overlaps = overlap_lane(())
        self._peaks: PeakSource | None = None
        self._picture: QPixmap | None = None
        self._grip: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Overview"))
        self.setAccessibleDescription(
            self.tr("The whole recording. Click or drag to move the visible part.")
        )

    def sizeHint(self) -> QSize:
        return QSize(400, round(self.fontMetrics().height() * 3.2))

    def set_content(
        self, duration: float, lanes: list[Lane], overlaps: Lane, peaks: PeakSource | None
    ) -> None:
        """What to draw; ``overlaps`` is where two or more speak at once."""
        self._duration, self._lanes, self._peaks = duration, lanes, peaks
        self._overlaps = overlaps
        self.repaint_content()

    def repaint_content(self) -> None:
        """The content changed: draw the picture anew at the next paint."""
        self._picture = None
        self.update()

    def set_viewport(self, start: float, end: float) -> None:
        self._viewport = (start, end)
        self.update()

    def set_position(self, seconds: float) -> None:
        old, self._position = self._x(self._position), seconds
        for x in (old, self._x(seconds)):
            self.update(round(x) - 2, 0, 5, self.height())

    def box(self) -> QRectF:
        """The viewport box in pixels."""
        left, right = (self._x(t) for t in self._viewport)
        spare = max(0.0, NARROWEST - (right - left)) / 2
        return QRectF(left - spare, 1, right - left + 2 * spare, self.height() - 2)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self._picture is None:
            self._picture = self._draw()
        with painting(self) as p:
            p.drawPixmap(0, 0, self._picture)
            if self._duration > 0:
                self._paint_viewport(p)

    def _paint_viewport(self, p: QPainter) -> None:
        box, height = self.box(), self.height()
        shade = translucent(self.theme.panel, 0.62)
        p.fillRect(QRectF(0, 0, box.left(), height), shade)
        p.fillRect(QRectF(box.right(), 0, self.width() - box.right(), height), shade)
        p.setPen(QPen(self.theme.playhead, 1.5))
        x = self._x(self._position)
        p.drawLine(QPointF(x, 0), QPointF(x, height))
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(QPen(self.theme.accent, 2))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(box.adjusted(1, 0, -1, 0), 3, 3)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._picture = None

    def changeEvent(self, event: QEvent | None) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._picture = None
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._duration <= 0:
            event.ignore()
            return
        box = self.box()
        middle = (self._viewport[0] + self._viewport[1]) / 2
        inside = box.left() <= event.x() <= box.right()
        # A box that is caught keeps its place under the pointer; elsewhere it jumps there.
        self._grip = middle - self._seconds(event.x()) if inside else 0.0
        if not inside:
            self.centred.emit(self._seconds(event.x()))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.centred.emit(self._seconds(event.x()) + self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._grip = None

    def _x(self, seconds: float) -> float:
        return seconds / self._duration * self.width() if self._duration > 0 else 0.0

    def _seconds(self, x: float) -> float:
        return min(max(x / max(self.width(), 1), 0.0), 1.0) * self._duration

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self.theme.base)
        if self._duration <= 0:
            return picture
        with painting(picture) as p:
            self._paint_content(p, ratio)
        return picture

    def _paint_content(self, p: QPainter, ratio: float) -> None:
        rect = QRectF(0, 0, self.width(), self.height())
        frame = Frame(self.width() / self._duration, 0.0, 1.0, 0.0, rect, rect, ratio)
        top = rect.height() * 0.5 if self._lanes else rect.height()
        if self._peaks is not None:
            paint_wave(p, self._peaks, frame, QRectF(0, 1, rect.width(), top - 2), self.theme.wave)
        paint_overlap_bar(p, self._overlaps, frame, top, self.theme.text)
        row = (rect.height() - top - 4) / max(len(self._lanes), 1)
        for n, lane in enumerate(self._lanes):
            paint_shades(p, lane, frame, QRectF(0, top + 1 + n * row, rect.width(), row * 0.85))
