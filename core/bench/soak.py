"""A meeting of a whole day in minutes, to see whether a live recording stays as it began."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audio.wav import look_at
from core.bench.file import SAMPLE
from core.bench.memory import resident_mb
from core.bench.microphone import BenchMicrophone
from core.errors import InputError
from core.folders import temporary_folder
from core.formats import rttm
from core.live.events import Event
from core.live.recording import Finished, LiveRecording, Trouble
from core.runtime import cores
from core.units import SAMPLE_RATE

SPEAKERS = 12
PART_S = 600.0
"""The first ten minutes and the last ten are compared."""
_WARM_UP_S = 60.0
_AHEAD_S = 8.0
"""The microphone speaks fast until it is so far ahead of the labels."""
_SLOW_S = 0.1


def run(*, hours: float = 8.0, tell: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Record a meeting of twelve that is spoken as fast as it can be heard.

    Returns
    -------
    dict
        ``growth_mb``: memory at the end less that after ten minutes (None where the system doesn't
        tell); ``cost_ratio``: processor time per second of sound in the last ten minutes over that
        in the first ten; ``lost_s``: seconds of sound that aren't in the file; ``labelled``:
        whether all of it has been heard by the diarizer.
    """
    length = round(hours * 3600 * SAMPLE_RATE)
    part = min(PART_S, hours * 3600 / 3)
    meeting = _meeting(_voices())
    given = 0
    spare: NDArray[np.int16] = np.zeros(0, np.int16)
    live: LiveRecording | None = None

    def give(count: int) -> NDArray[np.int16] | None:
        nonlocal given, spare
        count = min(count, length - given)
        if not count or live is None:
            return None
        if given - live.status.labelled > _AHEAD_S * SAMPLE_RATE:
            time.sleep(_SLOW_S)  # slower, but never still: that would be a device that is gone
        while len(spare) < count:
            spare = np.concatenate([spare, next(meeting)])
        taken, spare = spare[:count], spare[count:]
        given += count
        return taken[:, None]

    microphone = BenchMicrophone(give, SAMPLE_RATE, 1, real_time=False)
    course = _Course(microphone)
    tell(f"a meeting of {SPEAKERS} for {hours:g} hours, as fast as it can be heard")
    with temporary_folder() as folder:
        path = folder / "soak.wav"
        live = LiveRecording(path, microphone.device, backend=microphone)
        told = 0
        while (position := live.status.position) < length:
            _troubles(live.events(), tell)
            course.note(live.status.labelled / SAMPLE_RATE)
            if position // (3600 * SAMPLE_RATE) > told:
                told += 1
                tell(f"{told} h: {course.last_mb} MB")
            time.sleep(0.1)
        live.stop()
        events: list[Event] = []
        while live.running:
            events += live.events()
            course.note(live.status.labelled / SAMPLE_RATE)
            time.sleep(0.05)
        (result,) = (event.result for event in events if isinstance(event, Finished))
        stored = look_at(path)
    frames = stored.frames if stored and stored.healthy else 0
    first = course.cost(min(_WARM_UP_S, part / 10), part)
    last = course.cost(hours * 3600 - part, hours * 3600)
    figures = {
        "bench": "soak",
        "hours": hours,
        "cores": cores(),
        "speakers": len(result.annotation.speakers),
        "turns": len(result.annotation.turns),
        "windows": len(result.windows),
        "wall_s": round(course.wall_s, 1),
        "rss_mb": course.last_mb,
        "growth_mb": course.growth_mb(part),
        "cost_first": round(first, 5),
        "cost_last": round(last, 5),
        "cost_ratio": round(last / first, 3),
        "lost_s": (length - frames) / SAMPLE_RATE + live.status.lost / SAMPLE_RATE,
        "labelled": result.diarized and result.annotation.duration == length,
    }
    tell(
        f"{figures['growth_mb']} MB more than after {part / 60:.0f} minutes, a second costs"
        f" {figures['cost_ratio']} times as much; {figures['lost_s']} s lost"
    )
    return figures


class _Course:
    """Memory and processor time as the meeting goes on, once per second of it or more rarely."""

    def __init__(self, microphone: BenchMicrophone) -> None:
        self._microphone = microphone
        self._began = time.monotonic()
        self._points: list[tuple[float, float, float]] = []  # second, processor seconds, MB
        self.last_mb: float | None = None

    @property
    def wall_s(self) -> float:
        return time.monotonic() - self._began

    def note(self, second: float) -> None:
        if self._points and second < self._points[-1][0] + 1:
            return
        memory = resident_mb()
        self.last_mb = memory and round(memory, 1)
        cpu = time.process_time() - self._microphone.cpu_s
        self._points.append((second, cpu, memory or 0.0))

    def cost(self, start: float, end: float) -> float:
        """Processor seconds per second of sound."""
        inside = [p for p in self._points if start <= p[0] <= end]
        if len(inside) < 2:
            raise InputError("the meeting is too short to compare its start with its end")
        return (inside[-1][1] - inside[0][1]) / (inside[-1][0] - inside[0][0])

    def growth_mb(self, after: float) -> float | None:
        if self.last_mb is None:
            return None
        return round(self.last_mb - max(p[2] for p in self._points if p[0] <= after), 1)


def _troubles(events: list[Event], tell: Callable[[str], None]) -> None:
    for event in events:
        if isinstance(event, Trouble):
            tell(event.text)


def _voices() -> list[NDArray[np.int16]]:
    """The sample's speakers at several speeds: each is another voice."""
    import soxr

    from core.audio.read import read_audio

    samples = read_audio(SAMPLE)
    (reference,) = rttm.read(SAMPLE.with_suffix(".rttm")).values()
    voices: list[NDArray[np.int16]] = []
    speeds = cycle([1.0, 0.85, 1.18, 0.75, 1.35])
    while len(voices) < SPEAKERS:
        speed = next(speeds)
        for speaker in reference.speakers:
            spoken = [samples[t.start : t.end] for t in reference.turns_of(speaker.id)]
            sound = soxr.resample(np.concatenate(spoken), 16_000 * speed, 16_000)
            voices.append((np.clip(sound, -1, 1) * 32767).astype(np.int16))
    return voices[:SPEAKERS]


def _meeting(voices: list[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
    """Turns of 1 to 15 s with pauses up to 1.5 s, for ever, the same each time."""
    rng = np.random.default_rng(12)
    while True:
        voice = voices[rng.integers(len(voices))]
        length = min(len(voice), int(rng.uniform(1, 15) * SAMPLE_RATE))
        start = int(rng.integers(len(voice) - length + 1))
        pause = np.zeros(int(rng.uniform(0, 1.5) * SAMPLE_RATE), np.int16)
        yield np.concatenate([voice[start : start + length], pause])
