"""The waveform, drawn from a min/max pyramid and never from samples."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QPainter

from app.style.palette import Theme
from app.timeline.panel import Frame, PanelItem
from core.units import SAMPLE_RATE

MOST_GAIN = 8.0
"""Quiet recordings are drawn up to this much larger than they are."""


class PeakSource(Protocol):
    """What the waveform needs of :class:`core.audio.peaks.Peaks`."""

    @property
    def duration(self) -> int: ...

    def query(
        self, start: int, end: int, columns: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...


class WaveformItem(PanelItem):
    """The outline of the loudest and the quietest sample of each pixel column.

    The height is scaled so that the loudest moment of the recording nearly fills the panel.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._peaks: PeakSource | None = None
        self._gain = 1.0

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
            paint_wave(p, self._peaks, frame, rect, self.theme.wave, self._gain)


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
    x, low, high = columns
    middle, height = rect.center().y(), gain * rect.height() / 2
    # A hair of height keeps silence visible as a line.
    tops = middle - np.maximum(high * height, 0.4)
    bottoms = middle - np.minimum(low * height, -0.4)
    width = 1 / frame.ratio
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(color)
    # Upright bars: as one polygon, the noise-like outline of speech would take 20 times as long.
    bars = zip(x.tolist(), tops.tolist(), (bottoms - tops).tolist(), strict=True)
    p.drawRects(*(QRectF(left, top, width, tall) for left, top, tall in bars))


def visible_columns(
    peaks: PeakSource, frame: Frame
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float32]] | None:
    """Left edges of the exposed columns of device pixels, and lowest and highest sample of each.

    The columns lie on a grid that is fixed in time, so that scrolling does not make them flicker.
    None where there is no sound.
    """
    column = SAMPLE_RATE / (frame.scale * frame.ratio)  # samples per device pixel
    first = max(0, math.floor(frame.seconds(frame.exposed.left()) * SAMPLE_RATE / column) - 1)
    last = math.ceil(frame.seconds(frame.exposed.right()) * SAMPLE_RATE / column) + 1
    last = min(last, math.ceil(peaks.duration / column))
    if last <= first:
        return None
    low, high = peaks.query(round(first * column), round(last * column), last - first)
    shift = math.floor(frame.offset * frame.ratio + 0.5)
    return (np.arange(first, last) + shift) / frame.ratio, low, high
