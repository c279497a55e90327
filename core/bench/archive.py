"""What an archive gains by a second process, its cost per recording, and the scheduler's memory.

The scheduler runs in this process, so that its memory is that of all of this process. For that
figure the recordings are missing files: each is scheduled, tried by a worker, reported and written
as any other, but no time goes into sound.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..archive.cluster import connected
from ..archive.finding import Recording, local_state
from ..archive.run import Run
from ..archive.worker import Asked
from ..model_folders import current_models
from ..models import ModelSet
from ..pipeline import diarize_file
from ..runtime import cores, limit_cores
from ..units import SAMPLE_RATE
from .file import SAMPLE
from .memory import peak_mb

PROCESSES = (1, 2)
TINY = 40
"""Recordings of half a second that the cost per recording is measured with."""


def run(
    *, recordings: int = 10_000, copies: int = 8, tell: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """Measure; ``copies`` of the sample conversation for the speed, ``recordings`` for memory."""
    models = current_models()
    figures: dict[str, Any] = {"bench": "archive", "cores": cores(), "copies": copies}
    with tempfile.TemporaryDirectory(prefix="voicelanes-bench-") as name:
        folder = Path(name)
        sources = [folder / f"talk {n}{SAMPLE.suffix}" for n in range(copies)]
        for source in sources:
            shutil.copyfile(SAMPLE, source)
        tiny = _tiny(folder)
        for processes in PROCESSES:
            tell(f"{copies} recordings in {processes} process{'es' if processes > 1 else ''}")
            with connected(processes) as client:
                _timed(client, tiny[:processes], folder / f"warm {processes}", models)
                wall = _timed(client, sources, folder / f"talk {processes}", models)
                figures[f"wall_s_{processes}"] = round(wall, 2)
                if processes == 1:
                    wall = _timed(client, tiny, folder / "tiny", models)
                    figures["overhead_s"] = round(wall / TINY - _alone(tiny, models), 3)
        figures["speed_up"] = round(figures["wall_s_1"] / figures["wall_s_2"], 2)
        tell(f"{recordings} recordings scheduled")
        missing = [folder / "nowhere" / f"{n}.wav" for n in range(recordings)]
        with connected(PROCESSES[-1]) as client:
            wall = _timed(client, missing, folder / "missing", models)
        figures["scheduled"] = recordings
        figures["scheduled_wall_s"] = round(wall, 1)
        figures["scheduler_peak_rss_mb"] = peak_mb()
    tell(
        f"{figures['speed_up']} times as fast with two processes,"
        f" {figures['overhead_s']} s more per recording than without Dask"
    )
    return figures


def _tiny(folder: Path) -> list[Path]:
    import soundfile

    paths = [folder / f"tiny {n}.wav" for n in range(TINY)]
    for n, path in enumerate(paths):
        noise = np.random.default_rng(n).normal(0, 0.01, SAMPLE_RATE // 2)
        soundfile.write(path, noise, SAMPLE_RATE)
    return paths


def _timed(client: Any, sources: Sequence[Path], out: Path, models: ModelSet) -> float:
    """Seconds from the first recording's scheduling to the last one's result on disk."""
    found = [
        Recording(str(p), f"recordings/{p.name}", *(local_state(p) if p.exists() else (0, "")))
        for p in sources
    ]
    with Run(client, out, models, Asked(""), cores=1) as work:
        start = time.perf_counter()
        work.submit(found)
        while work.waiting:
            work.finished(timeout=1.0)
        return time.perf_counter() - start


def _alone(sources: Sequence[Path], models: ModelSet) -> float:
    """Seconds for one recording without Dask and without results on disk."""
    limit_cores(1)
    try:
        diarize_file(sources[0], models=models)
        start = time.perf_counter()
        for source in sources:
            diarize_file(source, models=models)
        return (time.perf_counter() - start) / len(sources)
    finally:
        limit_cores(0)
