"""Time: integer samples at 16 kHz inside, seconds and milliseconds only at the edges."""

SAMPLE_RATE = 16_000
"""Samples per second of everything between reading and writing."""


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
