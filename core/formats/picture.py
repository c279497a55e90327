"""Pictures of results: the timeline of a recording (PNG or SVG), the heat map of a comparison.

They are written as SVG; a PNG is that, drawn by resvg.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import count, takewhile
from typing import TYPE_CHECKING, Literal

from core.annotation.values import OKABE_ITO, Annotation, Speaker
from core.formats.names import one_line, xml
from core.units import to_seconds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.audio.peaks import Peaks

HATCHES = (
    "",
    "M-2 8L8 -2M4 14L14 4",
    "M3 0V12M9 0V12",
    "M-2 8L8 -2M4 14L14 4M-2 4L8 14M4 -2L14 8",
    "M0 3H12M0 9H12",
)
"""Over the colours: as in the window, from the 8th speaker on. Strokes in squares of 12."""

VIRIDIS = (
    *("#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c"),
    *("#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725"),
)
"""From near to far, in equal steps: as bright as it is far, also for who sees few colours."""

_FONT = 13
_WIDTH, _LANE, _BAR, _WAVE = 1000, 36, 28, 110
_NAMES = 230
"""At most so wide are the names beside the lanes."""
_SCALE = 1.5
"""Pixels of a PNG for each unit of the SVG."""
_CRISP = 'shape-rendering="crispEdges"'
_TICKS = 10
_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)


def speaker_colour(speaker: Speaker) -> str:
    """``#rrggbb``: the one that the person chose, or else the one that goes with the id."""
    return speaker.colour or OKABE_ITO[speaker.id % len(OKABE_ITO)]


def timeline(
    annotation: Annotation,
    title: str,
    peaks: Peaks | None = None,
    *,
    span: tuple[int, int] | None = None,
    kind: Literal["png", "svg"] = "png",
) -> bytes:
    """A lane per speaker over time, with the waveform above if ``peaks`` of the sound are given.

    ``span`` (samples) is the part that is shown; without it the whole recording is.
    """
    start, end = span or (0, annotation.duration)
    end = max(end, start + 16)
    labels = [_cut(s.label, _NAMES) for s in annotation.speakers]
    left = 16 + max((_width(label) for label in labels), default=0) + 10
    right = _WIDTH - 24
    scale = (right - left) / (end - start)
    top = 36
    lanes = top + (_WAVE + 8 if peaks else 0)
    bottom = lanes + _LANE * max(len(labels), 1)

    parts = [_text(_cut(title, _WIDTH - 40), _WIDTH / 2, 24, "middle", size=_FONT + 2)]
    for seconds in _ticks(to_seconds(start), to_seconds(end)):
        x = left + (seconds - to_seconds(start)) * (right - left) / to_seconds(end - start)
        parts.append(f'<path d="M{x:.1f} {top}V{bottom}" stroke="#dddddd" {_CRISP}/>')
        parts.append(f'<path d="M{x:.1f} {bottom}v4" stroke="#222222"/>')
        parts.append(_text(_axis_time(seconds), x, bottom + 20, "middle"))
    if peaks:
        parts.append(_wave(peaks, start, end, (left, right), top))
        parts.append(_frame(left, top, right, top + _WAVE))
    for row, (speaker, label) in enumerate(zip(annotation.speakers, labels, strict=True)):
        middle = lanes + _LANE * (row + 0.5)
        parts.append(_text(label, left - 10, middle + 4.5, "end"))
        hatch = HATCHES[speaker.id // len(OKABE_ITO) % len(HATCHES)]
        colour = speaker_colour(speaker).lower()
        if hatch:
            parts.append(_pattern(f"lane{row}", colour, hatch))
        fill = f"url(#lane{row})" if hatch else colour
        parts.append(f'<g fill="{fill}" stroke="#333333" stroke-width="0.3">')
        for turn in annotation.turns_of(speaker.id):
            if turn.start < end and turn.end > start:
                x = left + (max(turn.start, start) - start) * scale
                width = (min(turn.end, end) - max(turn.start, start)) * scale
                at = f'x="{x:.2f}" y="{middle - _BAR / 2:g}" width="{width:.2f}"'
                parts.append(f'<rect {at} height="{_BAR}"/>')
        parts.append("</g>")
    parts.append(_frame(left, lanes, right, bottom))
    if not annotation.turns:
        parts.append(_text("no speech found", (left + right) / 2, (lanes + bottom) / 2, "middle"))
    content = _svg(_WIDTH, bottom + 32, title, parts)
    return content.encode() if kind == "svg" else _png(content)


def heat_map(matrix: NDArray[np.float64], names: Sequence[str]) -> bytes:
    """Distances (n, n) between named utterances as coloured cells; near is dark. A PNG."""
    n = len(names)
    cell = max(4.0, min(46.0, 2600 / n))
    size = min(float(_FONT), cell)
    labels = [_cut(name, _NAMES) for name in names]
    room = 20 + max(_width(label) for label in labels) * size / _FONT
    side = n * cell
    most = float(matrix.max(initial=0.0)) or 1.0
    parts = []
    for i in range(n):
        y = 16 + (i + 0.5) * cell
        parts.append(_text(labels[i], room - 8, y + 0.35 * size, "end", size=size))
        x = room + (i + 0.5) * cell + 0.35 * size
        turned = f' transform="rotate(-90 {x:.1f} {24 + side:.1f})"'
        parts.append(_text(labels[i], x, 24 + side, "end", size=size, more=turned))
    for i in range(n):
        for j in range(n):
            x, y, value = room + j * cell, 16 + i * cell, float(matrix[i, j])
            at = f'x="{x:.1f}" y="{y:.1f}" width="{cell:.1f}" height="{cell:.1f}"'
            parts.append(f'<rect {at} fill="{_viridis(value / most)}" {_CRISP}/>')
            if n <= 30:
                colour = "#ffffff" if value < most / 2 else "#000000"
                middle = (x + cell / 2, y + cell / 2 + 4)
                parts.append(_text(f"{value:.2f}", *middle, "middle", size=11, colour=colour))
    # The scale beside it, from 0 at the bottom.
    x, height = room + side + 24, max(side, 120.0)
    stops = "".join(
        f'<stop offset="{k / (len(VIRIDIS) - 1):.2f}" stop-color="{colour}"/>'
        for k, colour in enumerate(VIRIDIS)
    )
    ways = 'x1="0" y1="1" x2="0" y2="0"'
    parts.append(f'<linearGradient id="scale" {ways}>{stops}</linearGradient>')
    at = f'x="{x:.1f}" y="16" width="18" height="{height:.1f}"'
    parts.append(f'<rect {at} fill="url(#scale)"/>')
    for k in range(5):
        y = 16 + height * (1 - k / 4)
        parts.append(_text(f"{most * k / 4:.2f}", x + 26, y + 4.5, "start"))
    turned = f' transform="rotate(-90 {x + 82:.1f} {16 + height / 2:.1f})"'
    parts.append(_text("distance", x + 82, 16 + height / 2, "middle", more=turned))
    below = max(24 + side + room, 32 + height)
    return _png(_svg(x + 96, below, "Distances between voices", parts))


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    body = "\n".join(parts)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}"\
 viewBox="0 0 {width:g} {height:g}" font-family="'Open Sans', 'DejaVu Sans', Arial, sans-serif">
<title>{xml(one_line(title))}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
{body}
</svg>
"""


def _png(svg: str) -> bytes:
    import resvg_py
    import ttf_opensans

    # A font of our own: the same picture everywhere, and one with names where there is none. What
    # it hasn't, Korean for example, is taken from the system's.
    font = str(ttf_opensans.OPENSANS_REGULAR.path)
    return resvg_py.svg_to_bytes(svg_string=svg, zoom=_SCALE, font_files=[font])


def _text(
    text: str,
    x: float,
    y: float,
    anchor: Literal["start", "middle", "end"],
    *,
    size: float = _FONT,
    colour: str = "#1a1a1a",
    more: str = "",
) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}"{more}'
    return f'<text {where} fill="{colour}">{xml(text)}</text>'


def _frame(left: float, top: float, right: float, bottom: float) -> str:
    path = f"M{left:.1f} {top}H{right:.1f}V{bottom}H{left:.1f}Z"
    return f'<path d="{path}" fill="none" stroke="#222222" {_CRISP}/>'


def _pattern(name: str, colour: str, strokes: str) -> str:
    square = 'width="12" height="12" patternUnits="userSpaceOnUse"'
    inside = f'<path d="M0 0H12V12H0Z" fill="{colour}"/><path d="{strokes}" stroke="#333333"/>'
    return f'<pattern id="{name}" {square}>{inside}</pattern>'


def _wave(peaks: Peaks, start: int, end: int, across: tuple[float, float], top: float) -> str:
    """The loudest and the lowest of each column, as high as there is room for."""
    columns = round(across[1] - across[0])
    low, high = peaks.query(start, end, columns)
    most = max(float(abs(low).max(initial=0.0)), float(abs(high).max(initial=0.0))) or 1.0
    middle, half = top + _WAVE / 2, 0.94 * _WAVE / 2
    step = (across[1] - across[0]) / columns
    above = [f"{across[0] + step * (i + 0.5):.1f} {middle - half * high[i] / most:.1f}"
             for i in range(columns)]  # fmt: skip
    below = [f"{across[0] + step * (i + 0.5):.1f} {middle - half * low[i] / most:.1f}"
             for i in reversed(range(columns))]  # fmt: skip
    path = "M" + "L".join(above + below) + "Z"
    return f'<path d="{path}" fill="#555555" stroke="#555555" stroke-width="0.5"/>'


def _ticks(start: float, end: float) -> Iterator[float]:
    """Round times from ``start`` to ``end`` (seconds), as many as there is room for."""
    hours = (float(h) for h in count(3600, 3600))
    steps = (*_STEPS_S, *takewhile(lambda h: h <= end, hours))
    step = next((s for s in steps if (end - start) / s <= _TICKS), steps[-1])
    first = -int(-start // step)
    for k in count(first):
        if k * step > end + 1e-6:
            return
        yield k * step


def _width(text: str) -> float:
    """About how wide a text is: nobody here knows which font it will be shown in."""
    return sum(
        _FONT * (1.05 if unicodedata.east_asian_width(letter) in "WF" else 0.8 if letter.isupper()
                 else 0.0 if unicodedata.combining(letter) else 0.6)
        for letter in text
    )  # fmt: skip


def _cut(text: str, room: float) -> str:
    """The text on one line; one that is too long for the room ends in dots."""
    text = one_line(text)
    if _width(text) <= room:
        return text
    while text and _width(text) > room - _FONT:
        text = text[: min(len(text) - 1, int(room / (0.4 * _FONT)))]
    return text.rstrip() + "…"


def _viridis(value: float) -> str:
    at = min(max(value, 0.0), 1.0) * (len(VIRIDIS) - 1)
    low = min(int(at), len(VIRIDIS) - 2)
    channels = (
        round(int(a, 16) + (at - low) * (int(b, 16) - int(a, 16)))
        for a, b in ((VIRIDIS[low][k : k + 2], VIRIDIS[low + 1][k : k + 2]) for k in (1, 3, 5))
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _axis_time(value: float) -> str:
    minutes, rest = divmod(max(value, 0.0), 60)
    if minutes >= 60:
        return f"{int(minutes // 60)}:{int(minutes % 60):02d}:{rest:02.0f}"
    return f"{int(minutes)}:{rest:04.1f}" if rest % 1 else f"{int(minutes)}:{rest:02.0f}"
