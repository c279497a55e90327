"""Frames and timecode (SMPTE 12M), and the events of a recording on such a timeline.

Drop frame leaves numbers out, not frames: at 29.97 the timecodes :00 and :01 of each minute, but of
every tenth, so that an hour of timecode lasts an hour.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from core.annotation.values import Annotation
from core.errors import InputError
from core.formats.names import labels, one_line
from core.units import SAMPLE_RATE


class FrameRate(NamedTuple):
    """How many frames a second has, and how they are numbered."""

    name: str
    fps: Fraction
    drop: bool = False

    @property
    def nominal(self) -> int:
        """Frames in a second of timecode: 30 at 29.97."""
        return round(self.fps)

    @property
    def ntsc(self) -> bool:
        """Whether it is a thousandth slower than that."""
        return self.fps.denominator == 1001

    def frame(self, samples: int) -> int:
        """The nearest frame."""
        return (2 * samples * self.fps.numerator // (SAMPLE_RATE * self.fps.denominator) + 1) // 2

    def timecode(self, frame: int) -> str:
        """``01:00:00:00``; drop frame is written ``01:00:00;00``.

        >>> RATES["29.97df"].timecode(1800), RATES["29.97"].timecode(1800)
        ('00:01:00;02', '00:01:00:00')
        """
        if self.drop:
            left_out = self.nominal // 15  # of each minute
            minute, ten = 60 * self.nominal - left_out, 600 * self.nominal - 9 * left_out
            tens, rest = divmod(frame, ten)
            frame += 9 * left_out * tens + left_out * (max(rest - left_out, 0) // minute)
        whole, frames = divmod(frame, self.nominal)
        mark = ";" if self.drop else ":"
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{frames:02d}"

    def frames(self, timecode: str) -> int | None:
        """The number of the frame with this timecode; None for what is none at this rate."""
        match = TIMECODE.fullmatch(timecode.strip())
        if match is None:
            return None
        hours, minutes, seconds, frames = map(int, match.groups())
        if minutes > 59 or seconds > 59 or frames >= self.nominal:
            return None
        number = ((hours * 60 + minutes) * 60 + seconds) * self.nominal + frames
        if self.drop:
            whole = hours * 60 + minutes
            left_out = self.nominal // 15
            if frames < left_out and seconds == 0 and minutes % 10:
                return None
            number -= left_out * (whole - whole // 10)
        return number


TIMECODE = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})[:;.]([0-9]{2})")


def _ntsc(count: int) -> Fraction:
    return Fraction(count * 1000, 1001)


RATES = {
    rate.name: rate
    for rate in (
        FrameRate("23.976", _ntsc(24)),
        FrameRate("24", Fraction(24)),
        FrameRate("25", Fraction(25)),
        FrameRate("29.97", _ntsc(30)),
        FrameRate("29.97df", _ntsc(30), drop=True),
        FrameRate("30", Fraction(30)),
        FrameRate("47.952", _ntsc(48)),
        FrameRate("48", Fraction(48)),
        FrameRate("50", Fraction(50)),
        FrameRate("59.94", _ntsc(60)),
        FrameRate("59.94df", _ntsc(60), drop=True),
        FrameRate("60", Fraction(60)),
    )
}
"""The frame rates of editors, by the names that people know them by."""

DEFAULT = RATES["25"]
"""Of what isn't a film."""

_NEAR = Fraction(1, 2000)
"""A film that is this much slower or faster (0.05 %) than a rate has it."""


def nearest(fps: Fraction, timecode: str = "") -> FrameRate | None:
    """The rate of a film, and whether its timecode drops frames; None if no editor has it."""
    drop = ";" in timecode
    found = [rate for rate in RATES.values() if abs(rate.fps / fps - 1) <= _NEAR]
    return next((rate for rate in found if rate.drop == drop), found[0] if found else None)


class Timeline(NamedTuple):
    """How an editor counts the time of a recording."""

    rate: FrameRate = DEFAULT
    first: int = 0
    """The frame at which the recording begins."""
    size: tuple[int, int] | None = None
    """Width and height of its picture; None if it has none."""

    def timecode(self, frame: int) -> str:
        """Of a frame, counted from midnight."""
        return self.rate.timecode(frame)

    @staticmethod
    def starting(rate: FrameRate, timecode: str, size: tuple[int, int] | None = None) -> Timeline:
        """A timeline whose first frame has this timecode.

        Raises
        ------
        InputError
            If there is no such timecode at this rate.
        """
        first = rate.frames(timecode)
        if first is None:
            raise InputError(f"{timecode!r} is no timecode at {rate.name} frames a second")
        return Timeline(rate, first, size)


class Event(NamedTuple):
    """A turn, or a marker, on a timeline."""

    start: int
    end: int
    """Frames, counted from midnight; the end is after the start."""
    name: str
    """The speaker's, or the marker's text."""
    said: str = ""
    lane: int | None = None
    """Place of the speaker among the others; None for a marker."""


def turns_on(annotation: Annotation, timeline: Timeline) -> list[Event]:
    """The turns, each a frame long at least."""
    names = labels(annotation)
    lanes = {speaker.id: n for n, speaker in enumerate(annotation.speakers)}
    made = []
    for turn in annotation.turns:
        start, end = (timeline.first + timeline.rate.frame(at) for at in (turn.start, turn.end))
        lane = lanes[turn.speaker]
        made.append(Event(start, max(end, start + 1), names[turn.speaker], turn.text, lane))
    return made


def events_on(annotation: Annotation, timeline: Timeline) -> list[Event]:
    """The turns and the markers, of a frame each, in the order of time."""
    found = ((timeline.first + timeline.rate.frame(m.at), m.text) for m in annotation.markers)
    markers = [Event(at, at + 1, one_line(text) or "Marker") for at, text in found]
    return sorted([*turns_on(annotation, timeline), *markers], key=lambda event: event[:4])


def length_on(annotation: Annotation, timeline: Timeline) -> int:
    """Frames of the whole recording, at least one."""
    return max(timeline.rate.frame(annotation.duration), 1)
