"""How soon a live recording tells who speaks, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..folders import temporary_folder
from ..live import LiveRecording, Trouble, Turns
from ..runtime import cores
from .file import SAMPLE
from .memory import resident_mb
from .microphone import BenchMicrophone

RATE, CHANNELS = 48_000, 2
"""What most microphones give."""
_WARM_UP_S = 5.0
"""Loading the models isn't part of the running cost."""


def run(
    recording: str | Path | None = None,
    *,
    minutes: float = 2.0,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Record so long from a microphone that hears a recording over and over, in real time.

    Parameters
    ----------
    recording
        What it hears; the sample conversation by default.
    tell
        Takes a line for the person at each step.

    Returns
    -------
    dict
        ``latency_p50_s``, ``latency_p95_s`` and ``latency_max_s``: from the end of a window (and so
        of the hop that it belongs to) in the microphone to its label in the hand of whoever shows
        it; ``cpu_cores``: processors in use on average; ``rss_mb``: memory at the end (None where
        the system doesn't tell); ``lost_s``; ``labels``: how many there were.
    """
    sound = _at_the_microphone(Path(recording or SAMPLE))
    place = 0

    def give(count: int) -> NDArray[np.int16]:
        nonlocal place
        taken = sound.take(range(place, place + count), axis=0, mode="wrap")
        place += count
        return taken

    tell(f"listening for {minutes:g} minutes, as a person would speak")
    microphone = BenchMicrophone(give, RATE, CHANNELS, real_time=True)
    lags: list[float] = []
    began: tuple[float, float, float] | None = None
    with temporary_folder() as folder:
        live = LiveRecording(folder / "live.wav", microphone.device, backend=microphone)
        start = time.monotonic()
        end = start + minutes * 60
        while (now := time.monotonic()) < end:
            if began is None and now - start > _WARM_UP_S:
                began = (now, time.process_time(), microphone.cpu_s)
            for event in live.events():
                if isinstance(event, Turns):
                    lags += event.lags
                elif isinstance(event, Trouble):
                    tell(event.text)
            time.sleep(0.05)  # as often as a window looks
        spent = _spent(began or (start, 0.0, 0.0), microphone)
        status, memory = live.status, resident_mb()
        live.stop()
        live.join()
    found = np.array(lags or [np.nan])
    figures = {
        "bench": "live",
        "minutes": minutes,
        "cores": cores(),
        "labels": len(lags),
        "latency_p50_s": round(float(np.percentile(found, 50)), 3),
        "latency_p95_s": round(float(np.percentile(found, 95)), 3),
        "latency_max_s": round(float(found.max()), 3),
        "cpu_cores": round(spent, 3),
        "rss_mb": memory and round(memory, 1),
        "lost_s": status.lost / 16_000,
    }
    tell(
        f"{len(lags)} labels, half of them within {figures['latency_p50_s']} s and 95 % within"
        f" {figures['latency_p95_s']} s; {100 * spent:.0f} % of one processor"
    )
    return figures


def _spent(began: tuple[float, float, float], microphone: BenchMicrophone) -> float:
    wall, process, giving = began
    used = time.process_time() - process - (microphone.cpu_s - giving)
    return used / (time.monotonic() - wall)


def _at_the_microphone(path: Path) -> NDArray[np.int16]:
    """A recording as (n, :data:`CHANNELS`) int16 at :data:`RATE`."""
    import soxr

    from ..audio.read import read_audio

    mono = soxr.resample(read_audio(path), 16_000, RATE)
    return np.repeat((np.clip(mono, -1, 1) * 32767).astype(np.int16)[:, None], CHANNELS, axis=1)
