"""Colours: one per speaker, and the few that the timeline derives from the desktop's palette."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QPalette

from core.annotation import OKABE_ITO

PATTERNS = (
    Qt.BrushStyle.NoBrush,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.VerPattern,
    Qt.BrushStyle.DiagCrossPattern,
    Qt.BrushStyle.HorPattern,
)
"""The hatching of the first seven speakers (none), of the next seven, and so on."""


@dataclass(frozen=True)
class SpeakerStyle:
    """How one speaker is drawn: a colour and, from the 8th speaker on, a hatch pattern over it."""

    color: QColor
    pattern: Qt.BrushStyle

    @property
    def edge(self) -> QColor:
        """A darker shade of the colour, for outlines: it keeps yellow visible on white."""
        return self.color.darker(150)

    @property
    def ink(self) -> QColor:
        """What can be read on the colour, and what its pattern is drawn with."""
        return contrasting(self.color)


def speaker_style(speaker_id: int) -> SpeakerStyle:
    """The style of a speaker. It hangs on the id alone, so that colours never jump."""
    row, column = divmod(speaker_id, len(OKABE_ITO))
    return SpeakerStyle(QColor(OKABE_ITO[column]), PATTERNS[row % len(PATTERNS)])


@dataclass(frozen=True)
class Theme:
    """The neutral colours of the timeline, all derived from a ``QPalette``: light, dark or high
    contrast follow the desktop."""

    dark: bool
    base: QColor
    panel: QColor
    text: QColor
    muted: QColor
    line: QColor
    grid: QColor
    wave: QColor
    accent: QColor
    playhead: QColor

    @classmethod
    def of(cls, palette: QPalette) -> Theme:
        base = palette.color(QPalette.ColorRole.Base)
        text = palette.color(QPalette.ColorRole.Text)
        dark = base.lightness() < 128
        return cls(
            dark=dark,
            base=base,
            panel=palette.color(QPalette.ColorRole.Window),
            text=text,
            muted=mix(text, base, 0.35),
            line=mix(base, text, 0.22),
            grid=mix(base, text, 0.10),
            wave=mix(mix(text, base, 0.45), palette.color(QPalette.ColorRole.Highlight), 0.25),
            accent=palette.color(QPalette.ColorRole.Highlight),
            playhead=QColor("#FF6B5E" if dark else "#C8102E"),
        )


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """``first`` with ``share`` (0..1) of ``second`` in it."""

    def between(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QColor(
        between(first.red(), second.red()),
        between(first.green(), second.green()),
        between(first.blue(), second.blue()),
    )


def contrasting(color: QColor) -> QColor:
    """Black or white, whichever reads better on ``color``."""
    luma = 0.299 * color.red() + 0.587 * color.green() + 0.114 * color.blue()
    return QColor("#000000" if luma > 120 else "#FFFFFF")


def translucent(color: QColor, opacity: float) -> QColor:
    """The same colour with an opacity from 0 to 1."""
    return QColor(color.red(), color.green(), color.blue(), round(255 * opacity))
