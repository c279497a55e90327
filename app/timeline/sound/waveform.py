"""The waveform, drawn from a min/max pyramid and never from samples, in the speakers' colours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QPointF, QRectF
from PyQt5.QtGui import QColor, QImage, QPainter
from PyQt5.sip import voidptr

from app.style.palette import Theme, mix
from app.timeline.panel import Frame, PanelItem
from app.timeline.turns import Lane
from core.units import SAMPLE_RATE

MOST_GAIN = 8.0
"""Quiet recordings are drawn up to this much larger than they are."""
OUTLINE = 0.5
"""How much of a speaker's colour is in the outline."""
DEEPER = 0.12
"""How much of the colour of the text is in the body, so that yellow is seen on white."""
LOOSE = 0.45
"""How much of the colours is left while turns may still change."""
SOMEBODY = 0.3
"""A column of which less is speech is nobody's."""
FEW = 50
"""Turns at the end of a lane among which those are that may still change."""


class PeakSource(Protocol):
    """What the waveform needs of :class:`core.audio.peaks.Peaks`."""

    @property
    def duration(self) -> int: ...

    def query(
        self, start: int, end: int, columns: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...

    def rms(self, start: int, end: int, columns: int) -> NDArray[np.float32]: ...


class Columns(NamedTuple):
    """The exposed columns of device pixels."""

    left: NDArray[np.float64]
    """Left edges in pixels."""
    low: NDArray[np.float32]
    """Lowest sample of each."""
    high: NDArray[np.float32]
    rms: NDArray[np.float32]
    edges: NDArray[np.float64]
    """In seconds, one more than there are columns."""


class WaveformItem(PanelItem):
    """The outline of the loudest and the quietest sample of each pixel column, paler, and within it
    the body: the root mean square. Both in the colour of whoever speaks there, paler yet as long
    as that may change; who else speaks shows in the lanes and by the hatch.

    The height is scaled so that the loudest moment of the recording nearly fills the panel.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._peaks: PeakSource | None = None
        self._gain = 1.0
        self._lanes: Sequence[Lane] = ()
        self._settled = math.inf

    def set_lanes(self, lanes: Sequence[Lane]) -> None:
        """Who speaks when."""
        self._lanes = lanes
        loose = (t.start for lane in lanes for t in lane.turns[-FEW:] if not t.settled)
        self._settled = min(loose, default=math.inf) / SAMPLE_RATE
        self.update()

    def set_peaks(self, peaks: PeakSource | None) -> None:
        self._peaks = peaks
        self.refresh()

    def refresh(self) -> None:
        """The peaks grew: measure the loudest again and repaint."""
        self._gain = gain_of(self._peaks)
        self.update()

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        middle = frame.rect.center().y()
        line = QRectF(frame.exposed.left(), middle - 0.5, frame.exposed.width(), 1)
        p.fillRect(line, self.theme.line)
        if self._peaks is not None:
            rect = frame.rect.adjusted(0, 3, 0, -3)
            columns = visible_columns(self._peaks, frame)
            if columns is not None:
                self._paint(p, columns, frame, rect)

    def _paint(self, p: QPainter, columns: Columns, frame: Frame, rect: QRectF) -> None:
        base, grey = self.theme.base, self.theme.wave
        inks = [(mix(base, grey, OUTLINE), grey)]
        for lane in self._lanes:
            colour = lane.style.color
            inks.append((mix(base, colour, OUTLINE), mix(colour, self.theme.text, DEEPER)))
        inks += [(mix(base, outline, LOOSE), mix(base, body, LOOSE)) for outline, body in inks]
        whose = speaker_of_columns(self._lanes, columns.edges)
        whose = np.where(columns.edges[:-1] < self._settled, whose, whose + len(self._lanes) + 1)
        outlines, bodies = (_rgb(ink)[whose] for ink in zip(*inks, strict=True))
        rms = np.minimum(columns.rms, np.maximum(columns.high, -columns.low))
        shape = _Shape(frame, rect, self._gain)
        outline = shape.covered(columns.low, columns.high)
        body = shape.covered(-rms, rms)
        shape.paint(p, columns.left[0], (outline * (1 - body), outlines), (body, bodies))


def gain_of(peaks: PeakSource | None) -> float:
    """The factor that lets the loudest moment fill the height, limited to ``MOST_GAIN``."""
    if peaks is None or peaks.duration == 0:
        return 1.0
    low, high = peaks.query(0, peaks.duration, 1)
    loudest = max(float(np.max(high)), -float(np.min(low)))
    return min(MOST_GAIN, 1 / loudest) if loudest > 0 else 1.0


def paint_wave(
    p: QPainter,
    peaks: PeakSource,
    frame: Frame,
    rect: QRectF,
    color: QColor,
    gain: float | None = None,
) -> None:
    """Paint the exposed part of the waveform into the height of ``rect``."""
    gain = gain_of(peaks) if gain is None else gain
    columns = visible_columns(peaks, frame)
    if columns is None:
        return
    shape = _Shape(frame, rect, gain)
    ink = np.repeat(_rgb([color]), len(columns.left), axis=0)
    shape.paint(p, columns.left[0], (shape.covered(columns.low, columns.high), ink))


def speaker_of_columns(lanes: Sequence[Lane], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """The place (from 1) of the lane that has most of each column, 0 where hardly anybody speaks:
    (n + 1,) edges in seconds to (n,)."""
    if not lanes:
        return np.zeros(len(edges) - 1, np.int64)
    shares = np.stack([lane.coverage(edges) for lane in lanes])
    return np.where(shares.sum(axis=0) > SOMEBODY, 1 + shares.argmax(axis=0), 0)


def _rgb(colours: Iterable[QColor]) -> NDArray[np.float32]:
    """(n, 3), 0..255: blue, green and red, as the bytes of an image lie."""
    return np.array([(c.blue(), c.green(), c.red()) for c in colours], np.float32)


class _Shape:
    """Columns as an image: as bars or as one polygon, the noise-like outline of speech would take
    Qt many times as long."""

    def __init__(self, frame: Frame, rect: QRectF, gain: float) -> None:
        self._ratio, self._rect = frame.ratio, rect
        self._rows = np.arange(round(rect.height() * frame.ratio), dtype=np.float32)[:, np.newaxis]
        self._middle = len(self._rows) / 2
        self._scale = gain * len(self._rows) / 2
        self._hair = 0.4 * frame.ratio
        """Of height keeps silence visible as a line."""

    def covered(self, low: NDArray[np.float32], high: NDArray[np.float32]) -> NDArray[np.float32]:
        """(rows, columns): how much of each pixel lies between the lowest and highest sample."""
        tops = self._middle - np.maximum(high * self._scale, self._hair)
        bottoms = self._middle - np.minimum(low * self._scale, -self._hair)
        rows = self._rows
        inside = np.minimum(bottoms - rows, 1) - np.maximum(tops - rows, 0)
        return np.asarray(np.clip(inside, 0, 1, out=inside), np.float32)

    def paint(
        self,
        p: QPainter,
        left: float,
        *layers: tuple[NDArray[np.float32], NDArray[np.float32]],
    ) -> None:
        """Layers that don't cover each other, each with a colour (columns, 3) per column."""
        count = layers[0][0].shape[1]
        pixels = np.empty((len(self._rows), count, 4), np.uint8)
        for channel in range(3):
            value = layers[0][0] * layers[0][1][:, channel]
            for share, colours in layers[1:]:
                value += share * colours[:, channel]
            pixels[..., channel] = value
        alpha = layers[0][0] * np.float32(255)
        for share, _ in layers[1:]:
            alpha += share * np.float32(255)
        pixels[..., 3] = alpha
        image = QImage(
            voidptr(pixels.ctypes.data), count, len(self._rows), QImage.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(self._ratio)
        p.drawImage(QPointF(left, self._rect.top()), image)


def visible_columns(peaks: PeakSource, frame: Frame) -> Columns | None:
    """What is known of the exposed columns; None where there is no sound.

    The columns lie on a grid that is fixed in time, so that scrolling does not make them flicker.
    """
    column = SAMPLE_RATE / (frame.scale * frame.ratio)  # samples per device pixel
    first = max(0, math.floor(frame.seconds(frame.exposed.left()) * SAMPLE_RATE / column) - 1)
    last = math.ceil(frame.seconds(frame.exposed.right()) * SAMPLE_RATE / column) + 1
    last = min(last, math.ceil(peaks.duration / column))
    if last <= first:
        return None
    span = round(first * column), round(last * column), last - first
    shift = math.floor(frame.offset * frame.ratio + 0.5)
    left = (np.arange(first, last) + shift) / frame.ratio
    edges = np.arange(first, last + 1, dtype=np.float64) * (column / SAMPLE_RATE)
    return Columns(left, *peaks.query(*span), peaks.rms(*span), edges)
