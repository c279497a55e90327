"""The map as it is seen: points in the colours of who speaks, some chosen, some standing out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.similarity.points import Points
from app.style.palette import Theme, translucent
from app.style.wording import called
from app.timeline.panel import painting
from core.similarity.meeting import NOBODY
from core.units import clock

if TYPE_CHECKING:
    from core.annotation.values import Speaker
    from core.similarity.meeting import Picture, Similarity


def _tr(text: str) -> str:
    return QCoreApplication.translate("VoiceMap", text)


class MapSurface(QWidget):
    """Paints a picture and knows what is chosen in it. What the person does is
    :mod:`app.similarity.map`'s."""

    chosen_changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current: int | None = None
        """The window that the keyboard is at."""
        self.looked_at: frozenset[int] = frozenset()
        """Speakers who stand out; nobody: all alike."""
        self._similarity: Similarity | None = None
        self._picture: Picture | None = None
        self._chosen: NDArray[np.bool_] = np.zeros(0, bool)
        self._points: Points | None = None
        self._drawn: QPixmap | None = None
        self._lasso: list[QPointF] = []
        self._hovered: int | None = None
        self.setAccessibleName(_tr("Map of the voices"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)

    def sizeHint(self) -> QSize:
        return QSize(380, 330)

    # what it shows

    def show_picture(self, similarity: Similarity, picture: Picture) -> None:
        """Draw these windows; what was chosen stays chosen while they are the same."""
        if similarity is not self._similarity:
            self._chosen = np.zeros(len(similarity.windows), bool)
            self.current, self.looked_at = None, frozenset()
        self._similarity, self._picture = similarity, picture
        self.looked_at &= {s.id for s in picture.annotation.speakers}
        self._changed()
        self._describe()

    def clear(self) -> None:
        """Nothing is known any more."""
        self._similarity = self._picture = self._points = self._drawn = None
        self._chosen = np.zeros(0, bool)
        self.current, self.looked_at = None, frozenset()

    @property
    def chosen(self) -> list[int]:
        """Indices of the chosen windows, in time order; drawn or not."""
        return [int(i) for i in np.flatnonzero(self._chosen)]

    def choose(self, windows: Iterable[int], add: bool = False) -> None:
        """These windows, instead of those chosen before or beside them."""
        if not add:
            self._chosen[:] = False
        self._chosen[np.fromiter(windows, np.int64)] = True
        self._changed()
        self._describe()
        self.chosen_changed.emit()

    def choose_speaker(self, speaker: int) -> None:
        """Every point of a speaker."""
        if self._picture is not None:
            self.choose(np.flatnonzero(self._picture.labels == speaker).tolist())

    def look_at(self, speakers: Iterable[int]) -> None:
        """Let these stand out among the others."""
        self.looked_at = frozenset(speakers)
        self._changed()
        self._describe()

    def pixel(self, index: int) -> QPoint:
        """Where the point of a window is."""
        points = self._laid()
        return QPoint() if points is None else points.pixel(index).toPoint()

    def name_rects(self) -> dict[int, QPoint]:
        """The middles of the names, by speaker."""
        points = self._laid()
        names = [] if points is None else points.names
        return {n.speaker.id: n.rect.center().toPoint() for n in names}

    def _go(self, index: int) -> None:
        self.current = index
        self._describe()
        self.update()

    def _changed(self) -> None:
        self._points = self._drawn = None
        self.update()

    def _laid(self) -> Points | None:
        similarity, picture = self._similarity, self._picture
        if self._points is None and similarity is not None and picture is not None:
            self._points = Points(similarity.places, picture, self.size(), self.font())
        return self._points

    def describe(self, index: int) -> str:
        """What is said of a point: who speaks, and when."""
        if self._similarity is None or self._picture is None:
            return ""
        time = clock(self._similarity.windows[index].centre, hours=True)
        speaker = self._speaker(index)
        who = _tr("nobody, or several") if speaker is None else called(speaker)
        return f"{who}, {time}"

    def _speaker(self, index: int) -> Speaker | None:
        if self._picture is None or self._picture.labels[index] == NOBODY:
            return None
        return self._picture.annotation.speaker(int(self._picture.labels[index]))

    def _describe(self) -> None:
        """What a screen reader says."""
        if self._picture is None:
            return
        labels, speakers = self._picture.labels, self._picture.annotation.speakers
        parts = [
            _tr("{}: {} points").format(called(s), int(np.count_nonzero(labels == s.id)))
            for s in speakers
            if not self.looked_at or s.id in self.looked_at
        ]
        if self.current is not None:
            parts.insert(0, self.describe(self.current))
        if count := int(self._chosen.sum()):
            parts.insert(0, _tr("{} chosen").format(count))
        self.setAccessibleDescription("; ".join(parts))

    # painting

    def paintEvent(self, event: QPaintEvent | None) -> None:
        points, theme = self._laid(), Theme.of(self.palette())
        if points is not None and self._drawn is None:
            ratio = self.devicePixelRatioF()
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            with painting(self._drawn) as p:
                points.paint(p, theme, self._chosen, self.looked_at)
        with painting(self) as p:
            if points is None or self._drawn is None:
                p.fillRect(self.rect(), theme.base)
            else:
                p.drawPixmap(0, 0, self._drawn)
                p.setBrush(Qt.BrushStyle.NoBrush)
                for index, colour in ((self._hovered, theme.text), (self.current, theme.accent)):
                    if index is not None:
                        p.setPen(QPen(colour, 2))
                        reach = points.radius + 3
                        p.drawEllipse(points.pixel(index), reach, reach)
            if self._lasso:
                p.setPen(QPen(theme.accent, 1.5, Qt.PenStyle.DashLine))
                p.setBrush(translucent(theme.accent, 0.15))
                p.drawPolygon(QPolygonF(self._lasso))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.setPen(QPen(theme.accent if self.hasFocus() else theme.line, 2))
            p.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._changed()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._changed()

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.update()
