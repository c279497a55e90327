"""The column at the left: the clock beside the waveform, and a name for every lane."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PyQt5.QtCore import QCoreApplication, QPoint, QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from app.style.marks import Mark
from app.style.palette import Theme, paint_chip, translucent
from app.style.wording import called
from app.timeline.panel import painting
from app.timeline.turns import Lane
from core.units import axis_time

MUTE, SOLO = "mute", "solo"
TWO_LINES = 2.4
"""Heights of the letters from which on a lane has room for a second line."""
MERGING = 0.3
"""A name dropped on another one this far from its edges (share of the height) is merged with it;
nearer to an edge it goes in between."""


class NameList(QWidget):
    """Paints names with a chip in their speaker's colour, in step with the lanes, and knows what
    lies where. Names that are too long are elided."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.current: int | None = None
        """The id of the speaker that the keyboard is at."""
        self._lanes: list[Lane] = []
        self._top = 0.0
        self._lane_height = 1.0
        self._offset = 0.0
        self._axis_height = 0.0
        self._position = 0.0
        self._duration = 0.0
        self._speed = 1.0
        self._clock_shown = True
        self._muted: Collection[int] = ()
        self._soloed: Collection[int] = ()
        self._marks: Mapping[int, Mark] = {}
        self._hovered: int | None = None
        self._drag_y: float | None = None  # where a name is being dragged
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(round(self.fontMetrics().averageCharWidth() * 24), 100)

    def set_current(self, speaker: int | None) -> None:
        """Mark the lane that actions on a speaker are about."""
        if speaker != self.current:
            self.current = speaker
            self.update()

    def set_switches(self, muted: Collection[int], soloed: Collection[int]) -> None:
        """Whose voices are silent, and whose alone are heard."""
        self._muted, self._soloed = muted, soloed
        self.update()

    def set_marks(self, marks: Mapping[int, Mark]) -> None:
        """Who was recognised or may be known, by speaker id."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def called(self, lane: Lane) -> str:
        """The name of a lane, or the question who it is."""
        mark = self._marks.get(lane.speaker.id)
        return called(lane.speaker) if mark is None else mark.label

    def set_clock(self, position: float, duration: float) -> None:
        """The times, in seconds, that stand beside the waveform."""
        if axis_time(position, 1) != axis_time(self._position, 1) or duration != self._duration:
            self._position, self._duration = position, duration
            self._update_clock()

    def show_clock(self, on: bool) -> None:
        """Whether the times are shown: while it is recorded, the panel above has the one clock."""
        self._clock_shown = on
        self._update_clock()

    def set_speed(self, speed: float) -> None:
        """How fast it plays, shown if it isn't 1."""
        self._speed = speed
        self._update_clock()

    def _update_clock(self) -> None:
        self.update(0, 0, self.width(), round(self._top))

    # where it is

    def name_rect(self, n: int) -> QRectF:
        """Where the name of lane ``n`` stands, in pixels."""
        return QRectF(
            0,
            self._top + n * self._lane_height - self._offset,
            self.width(),
            self._lane_height,
        )

    def switch_rect(self, n: int, switch: str) -> QRectF:
        """Where lane ``n`` is muted (MUTE) or played alone (SOLO)."""
        rect, size = self.name_rect(n), min(self.fontMetrics().height() + 2, self._lane_height - 4)
        left = rect.right() - 6 - size * (1 if switch == SOLO else 2) - (switch == MUTE) * 2
        return QRectF(left, rect.center().y() - size / 2, size, size)

    def lane_at(self, point: QPoint) -> int | None:
        """The number of the lane whose name is there."""
        if point.y() < self._top:
            return None
        n = int((point.y() - self._top + self._offset) / self._lane_height)
        return n if n < len(self._lanes) else None

    def _drop(self, y: float) -> tuple[int, int | None]:
        """A name dropped there goes before this lane, or onto this one."""
        lanes = (y - self._top + self._offset) / self._lane_height
        n, part = int(max(lanes, 0)), lanes % 1
        if 0 <= lanes < len(self._lanes) and MERGING < part < 1 - MERGING:
            return n, n
        return min(max(round(lanes), 0), len(self._lanes)), None

    # painting

    def paintEvent(self, event: QPaintEvent | None) -> None:
        with painting(self) as p:
            p.fillRect(self.rect(), self.theme.panel)
            p.setPen(QPen(self.theme.line, 1))
            right, axis = self.width() - 0.5, round(self._axis_height) - 0.5
            p.drawLine(QPointF(right, 0), QPointF(right, self.height()))
            p.drawLine(QPointF(0, axis), QPointF(right, axis))
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_clock(p)
            p.setClipRect(QRectF(0, self._top, self.width(), self.height() - self._top))
            for n, lane in enumerate(self._lanes):
                rect = self.name_rect(n)
                if rect.bottom() >= self._top and rect.top() <= self.height():
                    self._paint_name(p, n, lane, rect)
            if self._drag_y is not None:
                self._paint_drop(p, self._drag_y)

    def _paint_clock(self, p: QPainter) -> None:
        room = self._top - self._axis_height
        line = QFontMetricsF(self.font()).height()
        if not self._clock_shown or self._duration <= 0 or room < 3.2 * line:
            return
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.6)
        big = QFontMetricsF(font)
        top = self._axis_height + (room - big.height() - line) / 2
        p.setFont(font)
        p.setPen(self.theme.text)
        p.drawText(
            QRectF(0, top, self.width(), big.height()),
            Qt.AlignmentFlag.AlignCenter,
            axis_time(self._position, 1),
        )
        p.setFont(self.font())
        p.setPen(self.theme.muted)
        text = QCoreApplication.translate("NamesColumn", "of {}").format(axis_time(self._duration))
        if self._speed != 1:
            text += f"  \N{MULTIPLICATION SIGN} {self._speed:g}"
        p.drawText(
            QRectF(0, top + big.height(), self.width(), line), Qt.AlignmentFlag.AlignCenter, text
        )

    def _paint_name(self, p: QPainter, n: int, lane: Lane, rect: QRectF) -> None:
        speaker, metrics = lane.speaker, QFontMetricsF(self.font())
        if speaker.id == self.current:
            p.fillRect(rect.adjusted(0, 0, -1, -1), translucent(self.theme.accent, 0.22))
            if self.hasFocus():
                p.setPen(QPen(self.theme.accent, 2))
                p.setBrush(Qt.BrushStyle.NoBrush)
                p.drawRect(rect.adjusted(1, 1, -2, -2))
        p.setPen(QPen(self.theme.line, 1))
        p.drawLine(QPointF(0, rect.bottom() - 0.5), QPointF(rect.right(), rect.bottom() - 0.5))
        size = min(metrics.height() * 0.95, rect.height() - 6)
        paint_chip(p, QRectF(10, rect.center().y() - size / 2, size, size), lane.style)
        room = QRectF(rect)
        room.setLeft(10 + size + 7)
        room.setRight(rect.right() - 6)
        if n < 9:  # the key that gives a turn to this speaker
            p.setPen(self.theme.muted)
            left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            p.drawText(room, left, str(n + 1))
        room.setLeft(room.left() + metrics.horizontalAdvance("0") + 6)
        if n == self._hovered or speaker.id in self._muted or speaker.id in self._soloed:
            self._paint_switches(p, n, speaker.id)
            room.setRight(self.switch_rect(n, MUTE).left() - 4)
        mark, name = self._marks.get(speaker.id), self.called(lane)
        if mark is not None and room.height() >= TWO_LINES * metrics.height():
            name = called(speaker)
            room.translate(0, -metrics.height() / 2)
            p.setPen(self.theme.muted)
            self._paint_text(p, room.translated(0, metrics.height()), mark.note)
        p.setPen(self.theme.muted if speaker.id in self._muted else self.theme.text)
        self._paint_text(p, room, name)

    def _paint_text(self, p: QPainter, room: QRectF, text: str) -> None:
        metrics = QFontMetricsF(self.font())
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        p.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_switches(self, p: QPainter, n: int, speaker: int) -> None:
        for switch, letter, on in (
            (MUTE, QCoreApplication.translate("NamesColumn", "M", "mute"), speaker in self._muted),
            (SOLO, QCoreApplication.translate("NamesColumn", "S", "solo"), speaker in self._soloed),
        ):
            rect = self.switch_rect(n, switch)
            p.setPen(QPen(self.theme.accent if on else self.theme.muted, 1))
            p.setBrush(self.theme.accent if on else self.theme.panel)
            p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            p.setPen(self.palette().highlightedText().color() if on else self.theme.text)
            p.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)

    def _paint_drop(self, p: QPainter, y: float) -> None:
        place, onto = self._drop(y)
        p.setPen(QPen(self.theme.accent, 2))
        if onto is not None:
            p.setBrush(translucent(self.theme.accent, 0.3))
            p.drawRect(self.name_rect(onto).adjusted(1, 1, -2, -2))
        else:
            top = min(max(self.name_rect(place).top(), self._top + 1), self.height() - 1)
            p.drawLine(QPointF(2, top), QPointF(self.width() - 2, top))
