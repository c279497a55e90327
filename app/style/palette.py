"""Colours: one per speaker, the palettes of the themes, and what the timeline derives from them."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QBrush, QColor, QIcon, QPainter, QPalette, QPen, QPixmap

from core.annotation.values import OKABE_ITO, Speaker

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


_colours: tuple[str, ...] = OKABE_ITO


def use_colours(colours: tuple[str, ...]) -> None:
    """Let speakers without a colour of their own have these, by id; what is on screen stays."""
    global _colours
    _colours = colours


def speaker_style(speaker: Speaker) -> SpeakerStyle:
    """The style of a speaker: the chosen colour, else the one that goes with the id, so that
    colours never jump. The pattern goes with the id in either case."""
    row, column = divmod(speaker.id, len(_colours))
    colour = QColor(speaker.colour or _colours[column])
    return SpeakerStyle(colour, PATTERNS[row % len(PATTERNS)])


def paint_chip(p: QPainter, rect: QRectF, style: SpeakerStyle) -> None:
    """The small square that stands for a speaker beside a name."""
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(QPen(style.edge, 1))
    p.setBrush(style.color)
    p.drawRoundedRect(rect, 3, 3)
    if style.pattern != Qt.BrushStyle.NoBrush:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QBrush(translucent(style.ink, 0.55), style.pattern))
        p.drawRoundedRect(rect, 3, 3)


def chip(style: SpeakerStyle, size: int = 16) -> QIcon:
    """The same as an icon, sharp at 100 and at 200 %."""
    icon = QIcon()
    for ratio in (1, 2):
        picture = QPixmap(size * ratio, size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        try:
            paint_chip(painter, QRectF(1.5, 1.5, size - 3, size - 3), style)
        finally:
            painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # not tinted in a selected row
            icon.addPixmap(picture, mode)
    return icon


@dataclass(frozen=True)
class Theme:
    """The neutral colours of the timeline, all derived from a ``QPalette``.

    A palette whose lines (``Mid``) are as strong as its text is one of high contrast: there every
    shade of grey becomes the colour of the text.
    """

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
        accent = palette.color(QPalette.ColorRole.Highlight)
        if palette.color(QPalette.ColorRole.Mid) == text:
            return cls(
                dark=dark,
                base=base,
                panel=palette.color(QPalette.ColorRole.Window),
                text=text,
                muted=text,
                line=text,
                grid=mix(base, text, 0.4),
                wave=text,
                accent=accent,
                playhead=QColor("#FF6B5E" if dark else "#C8102E"),
            )
        return cls(
            dark=dark,
            base=base,
            panel=palette.color(QPalette.ColorRole.Window),
            text=text,
            muted=mix(text, base, 0.35),
            line=mix(base, text, 0.22),
            grid=mix(base, text, 0.10),
            wave=mix(mix(text, base, 0.45), accent, 0.25),
            accent=accent,
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


@dataclass(frozen=True)
class Shades:
    """What a theme's palette is made of."""

    window: str
    base: str
    other: str
    """Every second row of a table."""
    button: str
    text: str
    faint: str
    """What is disabled, and placeholders."""
    mid: str
    highlight: str
    highlighted: str
    link: str

    def palette(self) -> QPalette:
        """All roles, so that nothing of the desktop's own palette shines through."""
        made = QPalette(QColor(self.button), QColor(self.window))
        role = QPalette.ColorRole
        for which, colour in (
            (role.Window, self.window),
            (role.Base, self.base),
            (role.AlternateBase, self.other),
            (role.Button, self.button),
            (role.WindowText, self.text),
            (role.Text, self.text),
            (role.ButtonText, self.text),
            (role.BrightText, self.text),
            (role.Mid, self.mid),
            (role.ToolTipBase, self.base),
            (role.ToolTipText, self.text),
            (role.PlaceholderText, self.faint),
            (role.Highlight, self.highlight),
            (role.HighlightedText, self.highlighted),
            (role.Link, self.link),
            (role.LinkVisited, self.link),
        ):
            made.setColor(which, QColor(colour))
        off = QPalette.ColorGroup.Disabled
        for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
            made.setColor(off, which, QColor(self.faint))
        made.setColor(off, role.Highlight, QColor(self.other))
        return made


SHADES = {
    "light": Shades(
        window="#F3F4F6", base="#FFFFFF", other="#F6F8FA", button="#FAFBFC", text="#1B1F24",
        faint="#6A737D", mid="#B4BBC4", highlight="#0B62C4", highlighted="#FFFFFF", link="#0B57B0",
    ),
    "dark": Shades(
        window="#26282C", base="#1C1E21", other="#222529", button="#33363B", text="#ECEDEE",
        faint="#9AA0A6", mid="#55595F", highlight="#4C9AFF", highlighted="#0A0C0E", link="#7FB6FF",
    ),
    "contrast": Shades(
        window="#000000", base="#000000", other="#000000", button="#000000", text="#FFFFFF",
        faint="#B8FFB8", mid="#FFFFFF", highlight="#FFEB00", highlighted="#000000", link="#8FD8FF",
    ),
}  # fmt: skip
"""The themes that are ours; "system" is whatever the desktop says."""


READABLE = 4.5
"""The contrast that WCAG 2 wants of text."""


def contrast(first: QColor, second: QColor) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21; text wants 4.5, high contrast 7."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: QColor, theme: Theme) -> QColor:
    """As much of the colour as can be read on the theme's background."""
    for share in (0.0, 0.15, 0.3, 0.45, 0.6, 0.75):
        mixed = mix(colour, theme.text, share)
        if contrast(mixed, theme.base) >= READABLE:
            return mixed
    return theme.text


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
