"""How long the second pass takes over many hours of windows, how much memory, and its preview."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from core.bench.memory import peak_mb
from core.refine.refine import Refiner, SpeakerCount
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import to_seconds

WINDOW, HOP, DIM, SPEAKERS = 25_840, 8000, 256, 5


def talk(count: int, seed: int = 0) -> tuple[list[Window], Speech, int]:
    """Windows of random voices in turns of 4 s, speech without a pause, and the duration."""
    rng = np.random.default_rng(seed)
    voices = rng.normal(size=(SPEAKERS, DIM))
    labels = np.repeat(rng.integers(0, SPEAKERS, count // 8 + 1), 8)[:count]
    windows = [
        Window(n * HOP, n * HOP + WINDOW, (voices[v] + rng.normal(0, 1.5, DIM)).astype("f4"), 1.0)
        for n, v in enumerate(labels)
    ]
    duration = (count - 1) * HOP + WINDOW
    return windows, Speech(((0, duration),)), duration


def run(count: int = 50_000, *, tell: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Prepare the second pass over ``count`` windows, and ask it for turns.

    Returns
    -------
    dict
        ``refine_s`` (preparation and first answer), ``preview_s`` (each further answer),
        ``audio_h``, ``speakers`` found and ``peak_rss_mb`` of this process (None on Windows).
    """
    windows, speech, duration = talk(count)
    begun = time.perf_counter()
    refiner = Refiner(windows, speech, duration)
    found = refiner.annotation()
    refined = time.perf_counter() - begun
    previews = []
    for speakers, bias in ((None, -0.3), (None, 0.3), (SpeakerCount(4, 4), 0.0)):
        begun = time.perf_counter()
        refiner.annotation(speakers, bias)
        previews.append(time.perf_counter() - begun)
    figures = {
        "bench": "refine",
        "windows": count,
        "audio_h": round(to_seconds(duration) / 3600, 2),
        "refine_s": round(refined, 3),
        "preview_s": round(max(previews), 3),
        "speakers": len(found.speakers),
        "peak_rss_mb": peak_mb(),
    }
    tell(
        f"{count} windows ({figures['audio_h']} h of speech) in {refined:.1f} s,"
        f" another number of speakers in {max(previews):.2f} s"
    )
    return figures
