"""Final Cut Pro's XML (FCPXML 1.8), which Resolve and others read as well.

An event with the recording, in which every turn is a range with the speaker as its keyword, so that
all of what one says is found at once; and a project with a marker at each turn.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from core.annotation.values import Annotation
from core.formats.editors.timecode import (
    Event,
    FrameRate,
    Timeline,
    events_on,
    length_on,
    turns_on,
)
from core.formats.names import one_line, xml

_SIZE = (1920, 1080)
"""Of a project for sound alone."""


def render(annotation: Annotation, uri: str, timeline: Timeline, audio: Path | None = None) -> str:
    """The XML text; ``audio`` is the recording that the editor shall open with it."""
    rate = timeline.rate
    name = xml(one_line(uri))
    first, length = _time(timeline.first, rate), _time(length_on(annotation, timeline), rate)
    ranges = "".join(
        f'<keyword start="{_time(e.start, rate)}" duration="{_time(e.end - e.start, rate)}"'
        f' value="{xml(e.name)}"{_note(e)}/>\n'
        for e in turns_on(annotation, timeline)
    )
    marks = "".join(
        f'<marker start="{_time(e.start, rate)}" duration="{_time(1, rate)}"'
        f' value="{xml(e.name)}"{_note(e)}/>\n'
        for e in events_on(annotation, timeline)
    )
    width, height = timeline.size or _SIZE
    counted = f'tcFormat="{"DF" if rate.drop else "NDF"}"'
    clip = f'name="{name}" start="{first}" duration="{length}"'
    if audio is None:
        asset = event = ""
        shown = f"<gap {clip}>\n{marks}</gap>\n"
    else:
        video = ' hasVideo="1"' if timeline.size else ""
        asset = (
            f'<asset id="r2" name="{name}" src="{xml(audio.absolute().as_uri())}"'
            f' start="{first}" duration="{length}"{video} hasAudio="1" format="r1"/>\n'
        )
        clip += f' ref="r2" format="r1" {counted} audioRole="dialogue"'
        event = f"<asset-clip {clip}>\n{ranges}</asset-clip>\n"
        shown = f'<asset-clip {clip} offset="{first}">\n{marks}</asset-clip>\n'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.8">\n'
        f'<resources>\n<format id="r1" frameDuration="{_time(1, rate)}"'
        f' width="{width}" height="{height}"/>\n{asset}</resources>\n'
        f'<library>\n<event name="{name}">\n{event}'
        f'<project name="{name}">\n<sequence format="r1" duration="{length}" tcStart="{first}"'
        f" {counted}>\n<spine>\n{shown}</spine>\n</sequence>\n</project>\n"
        "</event>\n</library>\n</fcpxml>\n"
    )


def _time(frames: int, rate: FrameRate) -> str:
    """Seconds as a fraction on the frames, as Final Cut wants them.

    >>> from core.formats.editors.timecode import RATES
    >>> _time(30, RATES["29.97"]), _time(50, RATES["25"])
    ('30030/30000s', '2s')
    """
    if rate.ntsc:
        return f"{frames * 1001}/{rate.nominal * 1000}s" if frames else "0s"
    time = Fraction(frames, rate.nominal)
    return f"{time}s"


def _note(event: Event) -> str:
    return f' note="{xml(event.said)}"' if event.said else ""
