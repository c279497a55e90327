"""How a past meeting is drawn: its lanes in small, its name and speakers, when and how long."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
from PyQt5.QtCore import QModelIndex, QRectF, QSize, Qt
from PyQt5.QtGui import QFont, QFontMetrics, QImage, QPainter, QPalette
from PyQt5.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.home.model import SUMMARY, MeetingsModel
from app.style.palette import Theme, mix, speaker_style, translucent

if TYPE_CHECKING:
    from core.meeting.summary import MeetingSummary

MARGIN = 8
LETTERS = 24
"""The width of the small picture."""
THICKEST = 9.0
"""Pixels of a lane in it."""


class MeetingRows(QStyledItemDelegate):
    """Draws the rows of a :class:`~app.home.model.MeetingsModel`."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        metrics = QFontMetrics(option.font)
        return QSize(metrics.averageCharWidth() * 60, 2 * metrics.height() + 2 * MARGIN + 2)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        assert painter is not None
        model = cast(MeetingsModel, index.model())
        one: MeetingSummary = index.data(SUMMARY)
        self._background(painter, option, index)
        theme, chosen = (
            Theme.of(option.palette),
            bool(option.state & QStyle.StateFlag.State_Selected),
        )
        group = QPalette.ColorGroup.Active
        bright = option.palette.color(group, QPalette.ColorRole.HighlightedText)
        ink = bright if chosen else theme.text
        faint = mix(bright, theme.accent, 0.2) if chosen else theme.muted
        area = QRectF(option.rect).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        metrics = QFontMetrics(option.font)
        wide = metrics.averageCharWidth()
        picture = QRectF(area.x(), area.y(), wide * LETTERS, area.height())
        self._picture(painter, picture, one, theme)
        when, length = model.when(one), model.length(one)
        side = max(map(metrics.horizontalAdvance, (when, length, "00/00/0000, 00:00")))
        right = QRectF(area.right() - side, area.y(), side, area.height())
        middle = QRectF(area)
        middle.setLeft(picture.right() + 2 * MARGIN)
        middle.setRight(right.left() - MARGIN)
        bold = QFont(option.font)
        bold.setBold(True)
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        for box, font, colour, text, at in (
            (middle, bold, ink, one.name, top | Qt.AlignmentFlag.AlignLeft),
            (middle, option.font, faint, model.who(one), bottom | Qt.AlignmentFlag.AlignLeft),
            (right, option.font, ink, when, top | Qt.AlignmentFlag.AlignRight),
            (right, option.font, faint, length, bottom | Qt.AlignmentFlag.AlignRight),
        ):
            painter.setFont(font)
            painter.setPen(colour)
            room = round(box.width())
            short = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, int(at), short)

    def _background(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        frame = QStyleOptionViewItem(option)
        self.initStyleOption(frame, index)
        frame.text = ""
        style = option.widget.style() if option.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, frame, painter, option.widget)
        if (
            option.state & QStyle.StateFlag.State_MouseOver
            and not option.state & QStyle.StateFlag.State_Selected
        ):
            accent = option.palette.color(QPalette.ColorRole.Highlight)
            painter.fillRect(option.rect, translucent(accent, 0.12))

    def _picture(self, painter: QPainter, box: QRectF, one: MeetingSummary, theme: Theme) -> None:
        painter.fillRect(box, theme.base)
        painter.setPen(theme.line)
        painter.drawRect(box)
        if not one.lanes:
            return
        colours = tuple(speaker_style(speaker).color.rgb() for speaker in one.speakers)
        strips, inside = _strips(one.lanes, colours), box.adjusted(3, 3, -2, -2)
        step = min(inside.height() / len(one.lanes), THICKEST + 1)
        thick = step - min(1.0, step / 4)
        top = inside.center().y() - step * len(one.lanes) / 2
        for n in range(len(one.lanes)):
            lane = QRectF(inside.x(), top + n * step, inside.width(), thick)
            painter.fillRect(lane, translucent(theme.line, 0.2))
            painter.drawImage(lane, strips, QRectF(0, n, strips.width(), 1))


@lru_cache(maxsize=256)
def _strips(lanes: tuple[bytes, ...], colours: tuple[int, ...]) -> QImage:
    """A row of pixels for each lane: its colour, as dense as its speaker speaks."""
    shares = np.array([np.frombuffer(lane, np.uint8) for lane in lanes], np.float32) / 255
    # by the root, so that a word in a long silence is seen as well
    pixels = (np.sqrt(shares) * 255).astype(np.uint32) << 24
    pixels |= np.array(colours, np.uint32)[:, None] & 0xFFFFFF
    rows, columns = pixels.shape
    made = QImage(pixels.tobytes(), columns, rows, columns * 4, QImage.Format.Format_ARGB32)
    return made.copy()  # of its own: the bytes go
