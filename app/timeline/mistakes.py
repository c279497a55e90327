"""Below the lanes: where they differ from a reference, and the lanes of the reference itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt5.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QBrush, QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt5.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.style.palette import SpeakerStyle, Theme, speaker_style, translucent
from app.style.wording import called
from app.timeline.panel import painting
from app.timeline.turns import lanes_of
from core.annotation.values import Annotation, Speaker
from core.arrays import Doubles
from core.scoring import Comparison, Mistake, MistakeKind
from core.units import SAMPLE_RATE, clock, to_samples, to_seconds

KINDS: tuple[MistakeKind, ...] = ("missed", "false alarm", "confusion")
"""A row each, from the top; told apart by place, name and pattern."""
_PATTERNS = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.Dense4Pattern,
)
ROW = 14
MOST = 220
"""Pixels of height, however many speakers the reference has."""


class MistakeRow:
    """Stretches in seconds that are painted in one row."""

    def __init__(self, label: str, stretches: Sequence[tuple[int, int]], brush: QBrush) -> None:
        self.label, self.brush = label, brush
        edges = np.array(stretches, np.float64).reshape(-1, 2) / SAMPLE_RATE
        self._starts: Doubles = edges[:, 0]
        self._ends: Doubles = edges[:, 1]

    def boxes(self, start: float, end: float, width: int) -> list[tuple[int, int]]:
        """Pixel columns (from, to) that are covered while start..end is shown, none empty."""
        inside = (self._ends > start) & (self._starts < end)
        scale = width / (end - start)
        left = np.clip(np.floor((self._starts[inside] - start) * scale), 0, width - 1)
        right = np.clip(np.ceil((self._ends[inside] - start) * scale), left + 1, width)
        change = np.zeros(width + 1, np.int64)
        np.add.at(change, left.astype(int), 1)
        np.add.at(change, right.astype(int), -1)
        covered = np.concatenate([[0], np.cumsum(change) > 0, [0]])
        edges = np.flatnonzero(np.diff(covered))
        return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


class ErrorRows(QWidget):
    """The rows, in step with the lanes above; a click goes there."""

    clicked = pyqtSignal(float)
    """Seconds."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.rows: list[MistakeRow] = []
        self._mistakes: tuple[Mistake, ...] = ()
        self._range = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Differences from the reference"))

    def sizeHint(self) -> QSize:
        return QSize(100, min(ROW * len(self.rows), MOST) + 2)

    def set_range(self, start: float, end: float) -> None:
        """The stretch of time, in seconds, that is visible."""
        self._range = (start, end)
        self.update()

    def show_comparison(
        self, comparison: Comparison, reference: Annotation, speakers: Sequence[Speaker]
    ) -> None:
        """Show this; lanes of the reference have the colours of those who stand for them."""
        self._mistakes = comparison.mistakes
        colour = self.theme.playhead
        names = (self.tr("Missed"), self.tr("False alarm"), self.tr("Confusion"))
        self.rows = [
            MistakeRow(
                name,
                [(m.start, m.end) for m in comparison.mistakes if m.kind == kind],
                QBrush(colour, pattern),
            )
            for kind, name, pattern in zip(KINDS, names, _PATTERNS, strict=True)
        ]
        styles = {speaker.id: speaker_style(speaker) for speaker in speakers}
        for lane in lanes_of(reference):
            style = styles.get(comparison.matched.get(lane.speaker.id, -1))
            turns = [(turn.start, turn.end) for turn in lane.turns]
            self.rows.append(MistakeRow(called(lane.speaker), turns, self._brush(style)))
        self.updateGeometry()
        self.update()

    def _brush(self, style: SpeakerStyle | None) -> QBrush:
        return QBrush(style.color if style else QColor(self.theme.muted))

    def mistake_at(self, seconds: float) -> Mistake | None:
        """What is wrong at a time; the first if there are several."""
        at = to_samples(seconds)
        return next((m for m in self._mistakes if m.start <= at < m.end), None)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        with painting(self) as p:
            p.fillRect(self.rect(), self.theme.base)
            height = self.height() / max(len(self.rows), 1)
            for n, row in enumerate(self.rows):
                self._paint_row(p, row, n * height, height)
            p.setPen(self.theme.line)
            p.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
            below = height * len(KINDS)
            p.drawLine(QPointF(0, below), QPointF(self.width(), below))

    def _paint_row(self, p: QPainter, row: MistakeRow, top: float, height: float) -> None:
        ground = translucent(row.brush.color(), 0.45)
        for left, right in row.boxes(*self._range, max(self.width(), 1)):
            box = QRectF(left, top + 1.5, right - left, max(height - 3, 1))
            p.fillRect(box, ground)  # of a narrow box a pattern alone may hit nothing
            p.fillRect(box, row.brush)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self._seconds(event.x()))

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mistake = self.mistake_at(self._seconds(event.x()))
            if mistake is None:
                QToolTip.hideText()
            else:
                name = self.rows[KINDS.index(mistake.kind)].label
                start, end = clock(mistake.start), clock(mistake.end)
                QToolTip.showText(event.globalPos(), f"{name}, {start} \N{EN DASH} {end}", self)
            return True
        return bool(super().event(event))

    def _seconds(self, x: float) -> float:
        start, end = self._range
        return start + x / max(self.width(), 1) * (end - start)


class ErrorNames(QWidget):
    """The names of the rows, beside them."""

    def __init__(self, rows: ErrorRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Rows of the reference"))

    def sizeHint(self) -> QSize:
        return self._rows.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        rows = self._rows.rows
        with painting(self) as p:
            height = self.height() / max(len(rows), 1)
            font = self.font()
            font.setPixelSize(max(6, min(round(height * 0.85), 12)))
            p.setFont(font)
            p.setPen(self._rows.theme.text)
            for n, row in enumerate(rows):
                room = QRectF(6, n * height, self.width() - 12, height)
                text = p.fontMetrics().elidedText(
                    row.label, Qt.TextElideMode.ElideRight, int(room.width())
                )
                p.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def next_mistake(mistakes: Sequence[Mistake], at: int) -> Mistake | None:
    """The first that begins after a sample."""
    return next((m for m in mistakes if m.start > at), None)


def previous_mistake(mistakes: Sequence[Mistake], at: int) -> Mistake | None:
    """The last that begins before a sample."""
    return next((m for m in reversed(mistakes) if m.start < at), None)


def seconds_of(mistake: Mistake) -> tuple[float, float]:
    return to_seconds(mistake.start), to_seconds(mistake.end)
