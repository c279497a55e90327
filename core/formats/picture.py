"""Pictures of results: the timeline of a recording (PNG or SVG), the heat map of a comparison.

Drawn by matplotlib without a screen and without its global state.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from core.annotation.values import OKABE_ITO, Annotation, Speaker
from core.formats.names import clean, one_line
from core.units import to_seconds

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from core.audio.peaks import Peaks

HATCHES = ("", "///", "|||", "xxx", "---")
"""Over the colours: as in the window, from the 8th speaker on."""

_COLUMNS = 1600


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
    lanes = len(annotation.speakers)
    start, end = span or (0, annotation.duration)
    end = max(end, start + 16)
    figure = _figure(12, 1.3 + 0.4 * max(lanes, 1) + (1.2 if peaks else 0))
    if peaks:
        grid = figure.add_gridspec(2, 1, height_ratios=(1.2, 0.4 * max(lanes, 1)))
        axes = figure.add_subplot(grid[1])
        wave = figure.add_subplot(grid[0], sharex=axes)
        low, high = peaks.query(start, end, _COLUMNS)
        step = to_seconds(end - start) / _COLUMNS
        steps = [to_seconds(start) + step * (i + 0.5) for i in range(_COLUMNS)]
        wave.fill_between(steps, low, high, color="#555555", linewidth=0.5)
        wave.set_yticks([])
        wave.tick_params(labelbottom=False)
        top = wave
    else:
        axes = top = figure.add_subplot()
    top.set_title(_literal(title))
    for row, speaker in enumerate(annotation.speakers):
        turns = [t for t in annotation.turns_of(speaker.id) if t.start < end and t.end > start]
        axes.broken_barh(
            [(to_seconds(t.start), to_seconds(t.duration)) for t in turns],
            (row - 0.4, 0.8),
            facecolor=speaker_colour(speaker),
            hatch=HATCHES[speaker.id // len(OKABE_ITO) % len(HATCHES)],
            edgecolor="#333333",
            linewidth=0.3,
        )
    axes.set_yticks(range(lanes), [_literal(s.label) for s in annotation.speakers])
    axes.set_ylim(max(lanes, 1) - 0.5, -0.5)
    axes.set_xlim(to_seconds(start), to_seconds(end))
    axes.xaxis.set_major_formatter(lambda value, _: _axis_time(value))
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)
    if not annotation.turns:
        axes.text(0.5, 0.5, "no speech found", transform=axes.transAxes, ha="center", va="center")
    return _svg(figure, title) if kind == "svg" else _png(figure)


def heat_map(matrix: NDArray[np.float64], names: Sequence[str]) -> bytes:
    """Distances (n, n) between named utterances as coloured cells; near is dark."""
    n = len(names)
    side = min(3.0 + 0.45 * n, 40.0)
    figure = _figure(side + 1, side)
    axes = figure.add_subplot()
    image = axes.imshow(matrix, cmap="viridis", vmin=0)
    figure.colorbar(image, ax=axes, label="distance")
    labels = [_literal(name) for name in names]
    axes.set_xticks(range(n), labels, rotation=90)
    axes.set_yticks(range(n), labels)
    if n <= 30:
        middle = float(matrix.max(initial=0.0)) / 2
        for i in range(n):
            for j in range(n):
                colour = "white" if matrix[i, j] < middle else "black"
                cell = f"{matrix[i, j]:.2f}"
                axes.text(j, i, cell, ha="center", va="center", color=colour, fontsize=8)
    return _png(figure)


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    content = io.BytesIO()
    FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that no installed font has is drawn as a box
        figure.savefig(content, format="png", dpi=110)
    return content.getvalue()


def _svg(figure: Figure, title: str) -> bytes:
    import matplotlib

    content = io.BytesIO()
    # Letters stay letters, so that the names can be found and changed; the same annotation gives
    # the same file.
    look = matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "voicelanes"})
    with warnings.catch_warnings(), look:
        warnings.simplefilter("ignore")
        figure.savefig(
            content, format="svg", metadata={"Date": None, "Title": clean(one_line(title))}
        )
    return content.getvalue()


def _literal(text: str) -> str:
    """The text as it is: matplotlib would take what stands between dollar signs for a formula."""
    return clean(one_line(text)).replace("$", r"\$")


def _axis_time(value: float) -> str:
    minutes, rest = divmod(max(value, 0.0), 60)
    if minutes >= 60:
        return f"{int(minutes // 60)}:{int(minutes % 60):02d}:{rest:02.0f}"
    return f"{int(minutes)}:{rest:04.1f}" if rest % 1 else f"{int(minutes)}:{rest:02.0f}"
