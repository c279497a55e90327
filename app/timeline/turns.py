"""The lanes of turns: one item for all of them, which looks only at the visible ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Sequence
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QPointF, QRectF, Qt
from PyQt5.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from app.style.palette import PATTERNS, Theme, speaker_style, translucent
from app.timeline.drag import DragPreview
from app.timeline.panel import Frame, PanelItem
from core.annotation.statistics import talked
from core.annotation.values import Annotation, Speaker, Turn
from core.refine.review import SURE
from core.units import SAMPLE_RATE

FAINTEST = 0.4
"""The opacity of a pixel column with next to no speech: short turns must not get lost."""
FEW = 30
"""Even among too many turns for boxes, so many selected ones are outlined."""
NOTCH = 6.0
"""Size in pixels of the corner that marks an edited turn."""
DOTS = 3
"""Pixels of the dots that mark a turn of which it is doubtful who speaks."""
GAP = 3
"""Pixels between the parts of a narrow turn of a hatched speaker."""
LEGIBLE = 48
"""Pixels that a turn needs to be wide for its words to be written into it."""
MOST_BOXES = 600
"""With more turns than this in view, lanes are drawn as shades instead of boxes."""


class Lane:
    """The turns of one speaker as arrays in seconds, sorted: within a lane nothing overlaps."""

    def __init__(self, speaker: Speaker, turns: Sequence[Turn]) -> None:
        self.speaker = speaker
        self.turns = turns
        self.style = speaker_style(speaker)
        self.starts = np.array([t.start for t in turns], np.float64) / SAMPLE_RATE
        self.ends = np.array([t.end for t in turns], np.float64) / SAMPLE_RATE

    @cached_property
    def talk_time(self) -> float:
        """Seconds of speech."""
        return float(np.sum(self.ends - self.starts))

    @cached_property
    def _talked(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return talked(self.starts, self.ends)

    def visible(self, start: float, end: float) -> slice:
        """The turns that reach into a stretch of time."""
        return slice(
            int(np.searchsorted(self.ends, start)), int(np.searchsorted(self.starts, end, "right"))
        )

    def coverage(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share of speech, 0..1, between each two neighbours of ``times``."""
        if not self.turns:
            return np.zeros(len(times) - 1)
        return np.diff(np.interp(times, *self._talked)) / np.diff(times)

    def beside(self, turn: Turn) -> tuple[Turn | None, Turn | None]:
        """The turns before and after one of this lane."""
        i = int(np.searchsorted(self.starts, turn.start / SAMPLE_RATE))
        before = self.turns[i - 1] if i > 0 else None
        return before, self.turns[i + 1] if i + 1 < len(self.turns) else None

    def turn_at(self, seconds: float, tolerance: float = 0.0) -> Turn | None:
        """The turn at a time, or the nearest one within ``tolerance`` seconds."""
        near = self.visible(seconds - tolerance, seconds + tolerance)
        candidates = range(near.start, near.stop)
        if not candidates:
            return None
        away = [max(self.starts[i] - seconds, seconds - self.ends[i], 0.0) for i in candidates]
        return self.turns[candidates[int(np.argmin(away))]]


def lanes_of(annotation: Annotation) -> list[Lane]:
    """A lane per speaker, in the order in which the annotation lists them."""
    by_speaker: dict[int, list[Turn]] = {s.id: [] for s in annotation.speakers}
    for turn in annotation.turns:
        by_speaker[turn.speaker].append(turn)
    return [Lane(s, by_speaker[s.id]) for s in annotation.speakers]


class TurnsItem(PanelItem):
    """All lanes. The panel's y axis is in pixels, from the top of the first lane."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.lanes: list[Lane] = []
        self.lane_height = 40.0
        self.selected: tuple[Turn, ...] = ()
        self._selected: dict[int, Lane] = {}
        self.hint = ""
        self.ghosts: tuple[DragPreview, ...] = ()
        self.crowded = False
        """There are too many turns in view for their edges to be taken hold of."""
        self.edited: Callable[[Turn], bool] = lambda turn: False
        """Whether a person had a hand in a turn."""
        self.confidence: Callable[[Turn], float | None] = lambda turn: None
        """How sure it is who speaks, where that is known."""

    def set_ghosts(self, ghosts: tuple[DragPreview, ...]) -> None:
        """Turns as they would be, drawn in place of those that they hide."""
        self.ghosts = ghosts
        self.update()

    def set_lanes(self, lanes: list[Lane]) -> None:
        self.lanes = lanes
        self.update()

    def select(self, turns: tuple[Turn, ...]) -> None:
        self.selected = turns
        by_speaker: dict[int, list[Turn]] = {}
        for turn in sorted(turns, key=attrgetter("start")):
            by_speaker.setdefault(turn.speaker, []).append(turn)
        self._selected = {i: Lane(Speaker(i), own) for i, own in by_speaker.items()}
        self.update()

    def set_hint(self, text: str) -> None:
        """What stands where the lanes will be, as long as there are none."""
        self.hint = text
        self.update()

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        exposed = frame.exposed
        if not self.lanes:
            p.setPen(self.theme.muted)
            p.drawText(frame.rect, Qt.AlignmentFlag.AlignCenter, self.hint)
            return
        start, end = frame.seconds(frame.rect.left()), frame.seconds(frame.rect.right())
        seen = [lane.visible(start, end) for lane in self.lanes]
        self.crowded = sum(s.stop - s.start for s in seen) > MOST_BOXES
        hidden = {ghost.hides for ghost in self.ghosts}
        for n, lane in enumerate(self.lanes):
            top, bottom = frame.y(n * self.lane_height), frame.y((n + 1) * self.lane_height)
            if bottom < exposed.top() or top > exposed.bottom():
                continue
            row = QRectF(exposed.left(), top, exposed.width(), bottom - top)
            if n % 2 == 0:
                p.fillRect(row, translucent(self.theme.text, 0.035))
            p.fillRect(QRectF(row.left(), bottom - 1, row.width(), 1), self.theme.grid)
            margin = max(2.0, round(self.lane_height * 0.14))
            row.adjust(0, margin, 0, -margin - 1)
            if self.crowded:
                paint_shades(p, lane, frame, row)
            else:
                paint_boxes(p, lane, frame, row, self, hidden)
            chosen = self._selected.get(lane.speaker.id)
            if chosen is not None:
                self._paint_chosen(p, chosen, frame, row, hidden)
        for ghost in self.ghosts:
            self._paint_ghost(p, ghost, frame)

    def _paint_chosen(
        self,
        p: QPainter,
        chosen: Lane,
        frame: Frame,
        row: QRectF,
        hidden: Container[Turn | None],
    ) -> None:
        """Outlines; among too many turns for those, a line below them."""
        seen = chosen.visible(frame.seconds(row.left() - 4), frame.seconds(row.right() + 4))
        if self.crowded and seen.stop - seen.start > FEW:
            line = QRectF(row.left(), row.bottom() - 1, row.width(), 3)
            paint_shades(p, chosen, frame, line, self.theme.text)
            return
        for turn in chosen.turns[seen]:
            if turn not in hidden:
                span = turn.start / SAMPLE_RATE, turn.end / SAMPLE_RATE
                paint_selected(p, span, frame, row, self.theme)

    def _paint_ghost(self, p: QPainter, ghost: DragPreview, frame: Frame) -> None:
        top, bottom = (frame.y(n * self.lane_height) for n in (ghost.lane, ghost.lane + 1))
        row = QRectF(frame.exposed.left(), top, frame.exposed.width(), bottom - top)
        margin = max(2.0, round(self.lane_height * 0.14))
        row.adjust(0, margin, 0, -margin - 1)
        rect = turn_rect(frame, row, ghost.start, ghost.end)
        known = ghost.lane < len(self.lanes)
        color = self.lanes[ghost.lane].style.color if known else self.theme.muted
        p.fillRect(rect, translucent(color, 0.85))
        paint_selected(p, (ghost.start, ghost.end), frame, row, self.theme)


def turn_rect(frame: Frame, row: QRectF, start: float, end: float) -> QRectF:
    """Where a turn is painted: crisp edges on whole device pixels, never thinner than one.

    What is far outside is cut off, for the rasteriser's sake.
    """
    left = math.floor(frame.x(start) * frame.ratio + 0.5) / frame.ratio
    right = math.floor(frame.x(end) * frame.ratio + 0.5) / frame.ratio
    right = min(max(right, left + 1 / frame.ratio), row.right() + 64)
    left = max(left, row.left() - 64)
    return QRectF(left, row.top(), right - left, row.height())


def paint_boxes(
    p: QPainter,
    lane: Lane,
    frame: Frame,
    row: QRectF,
    item: TurnsItem,
    hidden: Container[Turn | None],
) -> None:
    """A box per visible turn; provisional ones are pale with a dashed edge, those that a person
    edited have a notch in a corner, doubtful ones a dotted line along the bottom, those that are
    being dragged elsewhere are just an outline."""
    theme, edited = item.theme, item.edited
    seen = lane.visible(frame.seconds(row.left() - 4), frame.seconds(row.right() + 4))
    style = lane.style
    settled = QBrush(style.color), QPen(style.edge, 1), hatch(style.ink, style.pattern, 0.55)
    faint = style.color if theme.dark else style.edge
    provisional = (
        QBrush(translucent(style.color, 0.35)),
        QPen(faint, 1, Qt.PenStyle.DashLine),
        hatch(faint, style.pattern, 0.4),
    )
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setBrushOrigin(QPointF(math.fmod(round(frame.offset), 64), row.top()))
    for i in range(seen.start, seen.stop):
        turn = lane.turns[i]
        rect = turn_rect(frame, row, lane.starts[i], lane.ends[i])
        fill, pen, pattern = settled if turn.settled else provisional
        if turn in hidden:
            p.setPen(provisional[1])
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            continue
        if rect.width() < 10:
            for band in bands(rect, style.pattern):
                if turn.settled and rect.width() > 3:
                    p.fillRect(band, style.edge)
                    band.adjust(1, 1, -1, -1)
                p.fillRect(band, fill)
            continue
        p.setPen(pen)
        p.setBrush(fill)
        p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if style.pattern != Qt.BrushStyle.NoBrush:
            p.fillRect(rect.adjusted(1, 1, -1, -1), pattern)
        if turn.words and rect.width() > LEGIBLE:
            paint_words(p, turn, rect, row, style.ink if turn.settled else theme.text)
        sure = item.confidence(turn)
        if sure is not None and sure < SURE:
            p.setPen(QPen(style.ink, DOTS, Qt.PenStyle.DotLine, Qt.PenCapStyle.FlatCap))
            y = rect.bottom() - DOTS
            p.drawLine(QPointF(rect.left() + 4, y), QPointF(rect.right() - 4, y))
        if edited(turn):
            corner = rect.topRight()
            notch = [corner, corner - QPointF(NOTCH, 0), corner + QPointF(0, NOTCH)]
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(translucent(style.ink, 0.7))
            p.drawPolygon(QPolygonF(notch))


def paint_words(p: QPainter, turn: Turn, rect: QRectF, row: QRectF, ink: QColor) -> None:
    """What is said, in the part of the box that is in view, on as many lines as there is room."""
    room = rect.intersected(row.adjusted(0, -1, 0, 1)).adjusted(4, 2, -4, -2)
    metrics = p.fontMetrics()
    lines = int(room.height() // metrics.lineSpacing())
    if lines < 1 or room.width() < LEGIBLE - 8:
        return
    fits = round(lines * room.width() / max(metrics.averageCharWidth(), 1)) + 40
    text = turn.text[:fits]  # of a long speech the first words are enough
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    if lines == 1:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    p.save()
    p.setClipRect(QRectF(room.left(), room.top(), room.width(), lines * metrics.lineSpacing()))
    p.setPen(ink)
    p.drawText(room, int(flags), text)
    p.restore()


def paint_selected(
    p: QPainter, span: tuple[float, float], frame: Frame, row: QRectF, theme: Theme
) -> None:
    """An outline in the text colour, set off from the turn by a line of the background."""
    rect = turn_rect(frame, row, *span)
    if rect.right() < row.left() - 4 or rect.left() > row.right() + 4:
        return
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(QPen(theme.base, 1))
    p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    p.setPen(QPen(theme.text, 2))
    p.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), 3, 3)


def hatch(ink: QColor, pattern: Qt.BrushStyle, opacity: float) -> QBrush:
    return QBrush(translucent(ink, opacity), pattern)


def bands(rect: QRectF, pattern: Qt.BrushStyle) -> list[QRectF]:
    """What is too narrow for a pattern is parted across instead: once for the first pattern, twice
    for the second one, and so on."""
    count = PATTERNS.index(pattern) + 1
    if rect.height() < 3 * GAP * count:
        return [rect]
    height = (rect.height() - GAP * (count - 1)) / count
    return [
        QRectF(rect.left(), rect.top() + n * (height + GAP), rect.width(), height)
        for n in range(count)
    ]


def paint_shades(
    p: QPainter, lane: Lane, frame: Frame, row: QRectF, color: QColor | None = None
) -> None:
    """A crowded lane: every column of device pixels as opaque as the share of it that is speech.

    One line of pixels, stretched to the height of the row: the cost hangs on the width alone.
    """
    left = math.floor(row.left() * frame.ratio)
    edges = np.arange(left, math.ceil(row.right() * frame.ratio) + 1)
    share = lane.coverage((edges / frame.ratio - frame.offset) / frame.scale)
    opacity = np.where(share > 1e-6, FAINTEST + (1 - FAINTEST) * np.clip(share, 0, 1), 0)
    color = color or lane.style.color
    alpha, red, green, blue = (
        np.rint(opacity * channel).astype(np.uint32)
        for channel in (255, color.red(), color.green(), color.blue())
    )
    pixels = (alpha << 24 | red << 16 | green << 8 | blue).tobytes()
    count = len(opacity)
    line = QImage(pixels, count, 1, 4 * count, QImage.Format.Format_ARGB32_Premultiplied)
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    target = QRectF(left / frame.ratio, row.top(), count / frame.ratio, row.height())
    for band in bands(target, lane.style.pattern):
        p.drawImage(band, line)
