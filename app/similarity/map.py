"""What the person does on the map: click, lasso, keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt, pyqtSignal
from PyQt5.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import QApplication, QToolTip, QWidget

from app.similarity.points import Points
from app.similarity.surface import MapSurface
from core.similarity.layout import inside
from core.similarity.meeting import NOBODY

_FINE = 3.0
"""Pixels between the corners of a lasso."""
_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class VoiceMap(MapSurface):
    """Windows by how they sound: heard, chosen, given to somebody."""

    heard = pyqtSignal(int)
    """The person wants to hear this window."""
    menu_wanted = pyqtSignal(QPoint)
    give_wanted = pyqtSignal(int)
    """The chosen points to the speaker in this lane, counted from 1; 0 for somebody new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._press: QPointF | None = None
        self.setObjectName("voice_map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

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
