"""Time: integer samples at 16 kHz inside, seconds and milliseconds only at the edges."""

from __future__ import annotations

import re

SAMPLE_RATE = 16_000
"""Samples per second of everything between reading and writing."""
_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?|[.,]\d+)")


def to_samples(seconds: float) -> int:
    """Nearest sample of a time in seconds."""
    return round(seconds * SAMPLE_RATE)


def to_seconds(samples: int) -> float:
    """Seconds of a count of samples."""
    return samples / SAMPLE_RATE


def to_milliseconds(samples: int) -> int:
    """Whole milliseconds of a count of samples, rounded half up, so that 999.6 ms becomes 1000."""
    return (samples * 1000 + SAMPLE_RATE // 2) // SAMPLE_RATE


def clock(samples: int, *, hours: bool = False) -> str:
    """``M:SS.mmm`` as the listing prints it (milliseconds padded), ``H:MM:SS.mmm`` with hours:
    where they are asked for, and from the first hour on.

    >>> clock(71 * 16000 + 80), clock(3600 * 16000)
    ('1:11.005', '1:00:00.000')
    """
    ms = to_milliseconds(samples)
    minutes, ms = divmod(ms, 60_000)
    seconds, ms = divmod(ms, 1000)
    if hours or minutes >= 60:
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}.{ms:03d}"
    return f"{minutes}:{seconds:02d}.{ms:03d}"


def axis_time(seconds: float, decimals: int = 0) -> str:
    """A time as ``h:mm:ss``, with decimals if asked for.

    >>> axis_time(3661), axis_time(0.25, 2)
    ('1:01:01', '0:00:00.25')
    """
    units = 10**decimals
    whole, fraction = divmod(round(seconds * units), units)
    text = f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{fraction:0{decimals}d}" if decimals else text


def short_time(samples: int) -> str:
    """A time as the timeline writes it, to a tenth of a second."""
    return axis_time(to_seconds(samples), 1)


def clock_samples(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    """Samples of a time whose digits a pattern has found; which of them may be is its own matter.

    >>> clock_samples(None, "1", "2", "5"), clock_samples("1", "0", "0", None)
    (1000000, 57600000)
    """
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * SAMPLE_RATE + to_samples(float(f"0.{fraction or 0}"))


def parse_time(text: str) -> int | None:
    """Samples of ``83.5``, ``1:23.5`` or ``1:02:03``; None if it isn't a time."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    if minutes is not None and float(seconds.replace(",", ".")) >= 60:
        return None
    if hours is not None and int(minutes) >= 60:
        return None
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60
    return to_samples(whole + float(seconds.replace(",", ".")))
