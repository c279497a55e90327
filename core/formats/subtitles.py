"""Subtitles that show who speaks: SubRip (SRT) and WebVTT, a cue per turn.

In SRT the name is the text, and marks that a player could take for formatting become look-alikes.
WebVTT has a way to name a voice, ``<v Anna>``, and to write any character.
"""

from __future__ import annotations

from ..annotation import Annotation
from ..units import to_milliseconds
from .names import labels, one_line
from .rounding import rounded

_LOOK_ALIKES = str.maketrans("<>{}\\", "‹›()/")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render_srt(annotation: Annotation) -> str:
    """The SubRip text."""
    annotation = rounded(annotation)
    names = labels(annotation, lambda label: one_line(label).translate(_LOOK_ALIKES))
    return "".join(
        f"{number}\n{_time(t.start, ',')} --> {_time(t.end, ',')}\n{names[t.speaker]}\n\n"
        for number, t in enumerate(annotation.turns, 1)
    )


def render_vtt(annotation: Annotation) -> str:
    """The WebVTT text; the name stands in the voice tag and, for people to see, in the cue."""
    annotation = rounded(annotation)
    names = {i: label.translate(_ENTITIES) for i, label in labels(annotation).items()}
    cues = (
        f"{_time(t.start, '.')} --> {_time(t.end, '.')}\n<v {names[t.speaker]}>{names[t.speaker]}\n"
        for t in annotation.turns
    )
    return "\n".join(["WEBVTT\n", *cues])


def _time(samples: int, point: str) -> str:
    """``HH:MM:SS,mmm``; hours have more digits where they need them."""
    seconds, ms = divmod(to_milliseconds(samples), 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"
