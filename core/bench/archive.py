"""What an archive gains by a second process, its cost per recording, and the scheduler's memory.

Each process has one core: one thread in every pool, whatever the machine has. One and two take
turns and the best of each counts, since other programs want the cores, too. Beside the seconds on
the clock stand the processor's seconds of the process that took most: on a machine with other work
they say how long it would have taken on cores of its own, but not what it waited for.

The scheduler runs in this process, so that its memory is that of all of this process. For that
figure the recordings are missing files: each is scheduled, tried by a worker, reported and written
as any other, but no time goes into sound.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.archive.finding import Recording, local_state
from core.archive.job import Asked
from core.archive.run import Run
from core.bench.file import SAMPLE
from core.bench.memory import peak_mb
from core.folders import temporary_folder
from core.models.folders import current_models
from core.models.manifest import ModelSet
from core.pipeline import diarize_file
from core.runtime import cores, limit_cores
from core.units import SAMPLE_RATE
from core.workers.cluster import connected

PROCESSES = (1, 2)
TINY = 40
"""Recordings of half a second that the cost per recording is measured with."""


def run(
    *,
    recordings: int = 10_000,
    copies: int = 16,
    rounds: int = 3,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Measure; ``copies`` of the sample conversation for the speed, ``recordings`` for memory."""
    models = current_models()
    figures: dict[str, Any] = {"bench": "archive", "cores": cores(), "copies": copies}
    walls: dict[int, list[float]] = {n: [] for n in PROCESSES}
    cpus: dict[int, list[float]] = {n: [] for n in PROCESSES}
    with temporary_folder() as folder:
        sources = [folder / f"talk {n}{SAMPLE.suffix}" for n in range(copies)]
        for source in sources:
            shutil.copyfile(SAMPLE, source)
        tiny = _tiny(folder)
        for turn in range(rounds):
            for processes in PROCESSES:
                out = folder / f"{turn} {processes}"
                with connected(processes) as client:
                    _timed(client, [*tiny[: 4 * processes], *sources[:processes]], out, models)
                    before = _processor(client)
                    wall = _timed(client, sources, out, models)
                    cpu = max(t - before[worker] for worker, t in _processor(client).items())
                    walls[processes].append(wall)
                    cpus[processes].append(cpu)
                    tell(
                        f"{copies} recordings in {processes} process{'es'[: 2 * processes - 2]}:"
                        f" {wall:.2f} s, {cpu:.2f} s of processor for the busiest"
                    )
                    if processes == 1 and not turn:
                        wall = _timed(client, tiny, folder / "tiny", models)
                        figures["overhead_s"] = round(wall / TINY - _alone(tiny, models), 3)
        for n in PROCESSES:
            figures[f"wall_s_{n}"] = round(min(walls[n]), 2)
            figures[f"processor_s_{n}"] = round(min(cpus[n]), 2)
        one, two = PROCESSES
        figures["speed_up"] = round(min(walls[one]) / min(walls[two]), 2)
        figures["speed_up_processor"] = round(min(cpus[one]) / min(cpus[two]), 2)
        tell(f"{recordings} recordings scheduled")
        missing = [folder / "nowhere" / f"{n}.wav" for n in range(recordings)]
        with connected(two) as client:
            wall = _timed(client, missing, folder / "missing", models)
        figures["scheduled"] = recordings
        figures["scheduled_wall_s"] = round(wall, 1)
        figures["scheduler_peak_rss_mb"] = peak_mb()
    tell(
        f"{figures['speed_up']} times as fast with two processes"
        f" ({figures['speed_up_processor']} by the processors' time),"
        f" {figures['overhead_s']} s more per recording than without Dask"
    )
    return figures


def _processor(client: Any) -> dict[str, float]:
    """Seconds that each worker has had of a processor so far."""
    return dict(client.run(time.process_time))


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
