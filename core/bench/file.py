"""How long a long recording takes, and how much memory, as a person would run it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.atomic import why_not
from core.audio.read import AudioReader
from core.bench.memory import maxrss_mb
from core.child import again
from core.errors import InputError, OutputError, VoicelanesError
from core.folders import temporary_folder
from core.formats import rttm
from core.runtime import cores
from core.units import SAMPLE_RATE, to_seconds

SAMPLE = Path(__file__).resolve().parents[2] / "assets" / "sample.opus"


def run(
    recording: str | Path | None = None,
    *,
    minutes: float = 60.0,
    second_pass: bool = True,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Diarize ``minutes`` of a recording that is repeated end to end, in a process of its own.

    Parameters
    ----------
    recording
        What is repeated; the sample conversation by default.
    tell
        Takes a line for the person at each step.

    Returns
    -------
    dict
        ``real_time_factor`` (seconds of work per second of sound), ``times_real_time`` (its
        inverse), ``wall_s``, ``peak_rss_mb`` (None on Windows), ``speech_share`` and the counts of
        what was found.
    """
    source = Path(recording or SAMPLE)
    with temporary_folder() as folder:
        long = folder / "long.wav"
        tell(f"making {minutes:g} minutes of {source.name}, end to end")
        samples = _repeated(source, long, round(minutes * 60 * SAMPLE_RATE))
        tell("telling who speaks when")
        arguments = ["diarize", str(long), "--out", str(folder)]
        spent = _measure(arguments if second_pass else [*arguments, "--first-pass"])
        found = rttm.read(folder / "long.rttm").get("long")
    if found is None:
        raise InputError(f"{source} holds no speech to measure with; give another recording")
    seconds = to_seconds(samples)
    figures = {
        "bench": "file",
        "source": source.name,
        "passes": 2 if second_pass else 1,
        "cores": cores(),
        "audio_s": round(seconds, 1),
        "wall_s": round(spent.wall, 2),
        "cpu_s": None if spent.cpu is None else round(spent.cpu, 2),
        "real_time_factor": round(spent.wall / seconds, 5),
        "times_real_time": round(seconds / spent.wall, 1),
        "peak_rss_mb": None if spent.peak is None else round(spent.peak, 1),
        "speech_share": round(sum(t.duration for t in found.turns) / samples, 3),
        "speakers": len(found.speakers),
        "turns": len(found.turns),
    }
    tell(
        f"{seconds:.0f} s of sound in {spent.wall:.1f} s: {figures['times_real_time']} times as"
        f" fast as it was spoken, at most {figures['peak_rss_mb']} MB of memory"
    )
    return figures


@dataclass(frozen=True)
class Spent:
    """What a process cost: seconds, processor seconds, and the peak of its memory in MB (10^6)."""

    wall: float
    cpu: float | None
    peak: float | None


def _measure(arguments: Sequence[str]) -> Spent:
    command, environment = again(*arguments)
    start = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        if not hasattr(os, "wait4"):  # Windows
            child.wait()
            spent = Spent(time.perf_counter() - start, None, None)
        else:
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            # Kilobytes on Linux, bytes on macOS.
            peak = maxrss_mb(used.ru_maxrss)
            spent = Spent(time.perf_counter() - start, used.ru_utime + used.ru_stime, peak)
    except BaseException:
        child.kill()
        child.wait()
        raise
    if child.returncode:
        raise VoicelanesError(
            f"the measured run failed with exit code {child.returncode};"
            " what it said is in the lines above"
        )
    return spent


def _repeated(source: Path, target: Path, length: int) -> int:
    """Write ``length`` samples of the source, over and over, as 16-bit WAV; returns ``length``."""
    import soundfile

    # The recording is read again for each repetition, so that its own length doesn't matter.
    left = length
    try:
        with soundfile.SoundFile(target, "w", SAMPLE_RATE, 1, "PCM_16") as file:
            while left:
                before = left
                with AudioReader(source) as reader:
                    for block in reader:
                        file.write(np.clip(block[:left], -1.0, 1.0))
                        left -= min(left, len(block))
                        if not left:
                            break
                if left == before:
                    raise InputError(f"{source} is empty; give another recording")
    except (OSError, soundfile.SoundFileError) as error:
        reason = why_not(error) if isinstance(error, OSError) else str(error)
        raise OutputError(f"can't make the long recording in {target.parent}: {reason}") from error
    return length
