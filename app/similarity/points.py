"""The points of the map in pixels: where they are, which is meant, how they are painted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from app.style.palette import Theme, mix, paint_chip, speaker_style, translucent
from app.style.wording import called
from core.annotation.values import Speaker
from core.similarity.meeting import NOBODY, Picture

if TYPE_CHECKING:
    from core.arrays import Array


MARGIN = 16.0
REACH = 9.0
"""A click so many pixels beside a point still means it."""
DIMMED = 0.82
"""How far the points of others fade while some speakers are looked at."""
SHAPES = (
    (),
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    ((0, -1.3), (1.2, 0.9), (-1.2, 0.9)),
    ((-1.2, -0.9), (1.2, -0.9), (0, 1.3)),
)
"""Where lanes have a pattern, from the 8th speaker on, points have corners."""


@dataclass(frozen=True)
class NameLabel:
    """A speaker's name on the map."""

    speaker: Speaker
    rect: QRectF


class Points:
    """One picture on a widget of some size."""

    def __init__(self, places: Array, picture: Picture, size: QSize, font: QFont) -> None:
        self.places, self.picture = places, picture
        self.size, self._font = size, font
        room = QPointF(size.width() / 2 - MARGIN, size.height() / 2 - MARGIN)
        self._scale = np.array([max(room.x(), 1.0), max(room.y(), 1.0)])
        self._middle = np.array([size.width() / 2, size.height() / 2])
        shown = picture.shown
        self._pixels = places[shown] * self._scale + self._middle
        self._labels = picture.labels[shown]
        self.radius = 4.0 if len(shown) < 1200 else 3.0 if len(shown) < 4000 else 2.2
        self.names = self._place_names()

    def pixel(self, index: int) -> QPointF:
        """Where a window lies."""
        x, y = self.places[index] * self._scale + self._middle
        return QPointF(float(x), float(y))

    def on_map(self, outline: Collection[QPointF]) -> Array:
        """Pixels as places of the map, (n, 2)."""
        pixels = np.array([(p.x(), p.y()) for p in outline]).reshape(-1, 2)
        return np.asarray((pixels - self._middle) / self._scale, np.float32)

    def at(self, point: QPointF) -> int | None:
        """The index of the window that a click there means."""
        if not len(self._pixels):
            return None
        away = np.hypot(*(self._pixels - (point.x(), point.y())).T)
        nearest = int(away.argmin())
        return int(self.picture.shown[nearest]) if away[nearest] <= REACH else None

    def name_at(self, point: QPointF) -> Speaker | None:
        """Whose name is there."""
        return next((n.speaker for n in reversed(self.names) if n.rect.contains(point)), None)

    def _place_names(self) -> list[NameLabel]:
        """Each above its points, moved on where another one stands already."""
        metrics = QFontMetricsF(self._font)
        height = metrics.height() + 4
        names: list[NameLabel] = []
        for speaker in self.picture.annotation.speakers:
            own = self._pixels[self._labels == speaker.id]
            if not len(own):
                continue
            x, y = np.median(own[:, 0]), np.quantile(own[:, 1], 0.05)
            width = min(metrics.horizontalAdvance(called(speaker)) + height + 8, self.size.width())
            left = min(max(float(x) - width / 2, 0.0), self.size.width() - width)
            top = max(float(y) - height - 2 * self.radius, 0.0)
            rect = QRectF(left, top, width, height)
            step = height / 2
            while any(rect.intersects(n.rect) for n in names):
                if rect.bottom() + step > self.size.height():
                    step = -step
                if rect.top() + step < 0:
                    break  # more names than there is room for
                rect.translate(0, step)
            names.append(NameLabel(speaker, rect))
        return names

    def paint(
        self, p: QPainter, theme: Theme, chosen: NDArray[np.bool_], looked_at: Collection[int]
    ) -> None:
        """All points, those that are chosen with a ring, and the names."""
        p.fillRect(QRectF(0, 0, self.size.width(), self.size.height()), theme.base)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        ringed = chosen[self.picture.shown]
        self._dots(
            p, self._labels == NOBODY, 0, self.radius * 0.8, mix(theme.base, theme.muted, 0.5)
        )
        speakers = self.picture.annotation.speakers
        for speaker in sorted(speakers, key=lambda s: s.id in looked_at):
            own = self._labels == speaker.id
            style = speaker_style(speaker)
            faded = bool(looked_at) and speaker.id not in looked_at
            shape = speaker.id // 7 % len(SHAPES)
            edge = theme.text if theme.line == theme.text else style.edge
            self._dots(p, own & ringed, shape, self.radius + 3.2, theme.text)
            self._dots(p, own & ringed, shape, self.radius + 1.8, theme.base)
            for radius, colour in ((self.radius, edge), (self.radius - 0.9, style.color)):
                shade = mix(colour, theme.base, DIMMED) if faded else colour
                self._dots(p, own, shape, radius, shade)
        for name in self.names:
            self._paint_name(p, theme, name, bool(looked_at) and name.speaker.id not in looked_at)

    def _dots(
        self, p: QPainter, which: NDArray[np.bool_], shape: int, radius: float, colour: QColor
    ) -> None:
        points = [QPointF(x, y) for x, y in self._pixels[which].tolist()]
        if not points:
            return
        if not SHAPES[shape]:
            pen = QPen(colour, 2 * radius)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            p.setPen(pen)
            p.drawPoints(QPolygonF(points))
            return
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        corners = [QPointF(x * radius, y * radius) for x, y in SHAPES[shape]]
        for point in points:
            path.addPolygon(QPolygonF([point + c for c in corners]))
        p.fillPath(path, colour)

    def _paint_name(self, p: QPainter, theme: Theme, name: NameLabel, faded: bool) -> None:
        rect = name.rect
        p.setPen(QPen(theme.line, 1))
        p.setBrush(translucent(theme.base, 0.86))
        p.drawRoundedRect(rect, 4, 4)
        size = rect.height() - 8
        style = speaker_style(name.speaker)
        paint_chip(p, QRectF(rect.left() + 4, rect.top() + 4, size, size), style)
        p.setPen(theme.muted if faded else theme.text)
        p.setFont(self._font)
        room = rect.adjusted(size + 9, 0, -3, 0)
        text = QFontMetricsF(self._font).elidedText(
            called(name.speaker), Qt.TextElideMode.ElideRight, room.width()
        )
        p.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
