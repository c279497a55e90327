"""The map: a point for each window, in the colour of who speaks there. Click, lasso, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QEvent, QPoint, QPointF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PyQt5.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from core.plane import inside
from core.similarity import NOBODY
from core.units import clock

from ..palette import Theme, translucent
from ..timeline.panel import painting
from .points import Points

if TYPE_CHECKING:
    from core.annotation import Speaker
    from core.similarity import Picture, Similarity

_FINE = 3.0
"""Pixels between the corners of a lasso."""


class VoiceMap(QWidget):
    """Windows by how they sound; some of them chosen, some speakers looked at."""

    heard = pyqtSignal(int)
    """The person wants to hear this window."""
    chosen_changed = pyqtSignal()
    menu_wanted = pyqtSignal(QPoint)
    give_wanted = pyqtSignal(int)
    """The chosen points to the speaker in this lane, counted from 1; 0 for somebody new."""

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
        self._press: QPointF | None = None
        self._lasso: list[QPointF] = []
        self._hovered: int | None = None
        self.setObjectName("voice_map")
        self.setAccessibleName(self.tr("Map of the voices"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
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
        who = self.tr("nobody, or several") if speaker is None else speaker.label
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
            self.tr("{}: {} points").format(s.label, int(np.count_nonzero(labels == s.id)))
            for s in speakers
            if not self.looked_at or s.id in self.looked_at
        ]
        if self.current is not None:
            parts.insert(0, self.describe(self.current))
        if count := int(self._chosen.sum()):
            parts.insert(0, self.tr("{} chosen").format(count))
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

    # the mouse

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._picture is not None:
            self._press = QPointF(event.pos())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        here = QPointF(event.pos())
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(here, event.globalPos())
            return
        way = here - self._press
        if not self._lasso:
            if max(abs(way.x()), abs(way.y())) < QApplication.startDragDistance():
                return
            QToolTip.hideText()
            self._lasso = [self._press]
            self.setCursor(Qt.CursorShape.CrossCursor)
        if (here - self._lasso[-1]).manhattanLength() >= _FINE:
            self._lasso.append(here)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        lasso, add = self._lasso, bool(event.modifiers() & _ADDING)
        self._cancel_lasso()
        points = self._laid()
        if points is None:
            return
        if lasso:
            held = inside(points.places, points.on_map([*lasso, QPointF(event.pos())]))
            self.choose(np.flatnonzero(held).tolist(), add)
        else:
            self._click(points, QPointF(event.pos()), add)

    def _click(self, points: Points, where: QPointF, add: bool) -> None:
        index, name = points.at(where), points.name_at(where)
        if name is not None:
            self.look_at(() if self.looked_at == {name.id} else (name.id,))
        elif index is None:
            self.look_at(())
            self.choose((), add)
        elif add:
            others = [i for i in self.chosen if i != index]
            self.choose(others if self._chosen[index] else [*others, index])
        else:
            self._go(index)
            self.heard.emit(index)

    def _cancel_lasso(self) -> bool:
        there, self._press, self._lasso = bool(self._lasso), None, []
        self.unsetCursor()
        self.update()
        return there

    def _hover(self, where: QPointF, screen: QPoint) -> None:
        points = self._laid()
        index = None if points is None or points.name_at(where) else points.at(where)
        if index != self._hovered:
            self._hovered = index
            self.update()
            if index is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(screen, self.describe(index), self)

    def leaveEvent(self, event: QEvent | None) -> None:
        self._hovered = None
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        where = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            points = self._laid()
            index = None if points is None else points.at(QPointF(event.pos()))
            if index is not None and not self._chosen[index]:
                self._go(index)
                self.choose([index])
        else:
            where = self.mapToGlobal(self.rect().center())
            if self.current is not None:
                where = self.mapToGlobal(self.pixel(self.current))
                if not self._chosen.any():
                    self.choose([self.current])
        if self._chosen.any():
            self.menu_wanted.emit(where)

    # the keyboard

    def event(self, event: QEvent | None) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._meaning(event) is not None:
            event.accept()  # else these keys would move the playhead
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        run = None if event is None else self._meaning(event)
        if run is None:
            super().keyPressEvent(event)
        else:
            run()

    def _meaning(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does here, if it isn't the window's."""
        key, keys = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = keys == Qt.KeyboardModifier.ShiftModifier
        if self._picture is None:
            return None
        if key == Qt.Key.Key_Escape and (self._lasso or self._chosen.any() or self.looked_at):
            return self._escape
        if keys == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_A:
            return self._choose_all_of_it
        if keys and not shift:
            return None
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            return lambda: self._step(step, shift)
        if shift:
            return None
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return lambda: self._next_speaker(1 if key == Qt.Key.Key_Down else -1)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            return self._hear
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and self._chosen.any():
            return lambda: self.give_wanted.emit(key - Qt.Key.Key_0)
        return None

    def _escape(self) -> None:
        """One thing after the other: the lasso, what is chosen, who is looked at."""
        if self._cancel_lasso():
            return
        if self._chosen.any():
            self.choose(())
        else:
            self.look_at(())

    def _hear(self) -> None:
        if self.current is not None:
            self.heard.emit(self.current)

    def _go(self, index: int) -> None:
        self.current = index
        self._describe()
        self.update()

    def _own(self) -> list[int]:
        """The windows among which the arrows move: those of whom is looked at, in time order."""
        if self._picture is None:
            return []
        labels = self._picture.labels
        among = np.isin(labels, list(self.looked_at)) if self.looked_at else labels != NOBODY
        return [int(i) for i in np.flatnonzero(among)]

    def _step(self, by: int, add: bool) -> None:
        own = self._own()
        if not own:
            return
        if self.current is None:
            place = 0 if by > 0 else len(own) - 1
        elif by > 0:
            place = next((n for n, i in enumerate(own) if i > self.current), len(own) - 1)
        else:
            place = next((n for n in reversed(range(len(own))) if own[n] < self.current), 0)
        if add:
            both = [own[place]] if self.current is None else [own[place], self.current]
            self.choose(both, add=True)
        self._go(own[place])

    def _next_speaker(self, by: int) -> None:
        """Look at the next speaker of those who have points, and begin at the first of them."""
        if self._picture is None:
            return
        labels = self._picture.labels
        ids = [s.id for s in self._picture.annotation.speakers if (labels == s.id).any()]
        if not ids:
            return
        here = next((n for n, i in enumerate(ids) if i in self.looked_at), -1 if by > 0 else 0)
        speaker = ids[(here + by) % len(ids)]
        self.look_at([speaker])
        self._go(int(np.flatnonzero(labels == speaker)[0]))

    def _choose_all_of_it(self) -> None:
        """All of whom is looked at; else of whom the current point is."""
        speaker = None if self.current is None else self._speaker(self.current)
        if self.looked_at or speaker is None:
            self.choose(self._own())
        else:
            self.choose_speaker(speaker.id)


_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
