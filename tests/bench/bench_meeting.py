"""How fast a meeting of eight hours and 10,000 turns is saved and opened.

Run it: ``python tests/bench/bench_meeting.py``. The last line is JSON. ``save`` is any save but the
first, which also writes the embeddings; ``open`` reads them too. All of it is brought to the disk.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.meeting.file import Meeting, kept_path, read_meeting, write_meeting
from core.meeting.sound import hashed
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE

HOURS, TURNS, DIM, HOP = 8, 10_000, 256, SAMPLE_RATE // 2


def meeting(recording: Path) -> Meeting:
    """Turns and embeddings of the size and the entropy of real ones."""
    chance = np.random.default_rng(0)
    duration = HOURS * 3600 * SAMPLE_RATE
    edges = np.sort(chance.choice(duration, 2 * TURNS, replace=False)).reshape(-1, 2).tolist()
    turns = tuple(Turn(start, end, n % 6) for n, (start, end) in enumerate(edges))
    rows = np.maximum(chance.normal(size=(duration // HOP, DIM)), 0).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    windows = tuple(Window(n * HOP, n * HOP + 25840, row, 1.0) for n, row in enumerate(rows))
    speakers = tuple(Speaker(n, f"Speaker number {n}") for n in range(6))
    markers = tuple(Marker(n * SAMPLE_RATE * 60, "a thought") for n in range(200))
    annotation = Annotation(turns, speakers, duration, markers, tuple(map(tuple, edges[::5])))
    speech = Speech(tuple(map(tuple, edges)))
    return Meeting(annotation, "talk", hashed(recording), windows, speech)


def seconds(function: Callable[[], Any]) -> float:
    started = perf_counter()
    function()
    return perf_counter() - started


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder, "talk.wav")
        recording.write_bytes(b"sound")
        path = Path(folder, "talk.voicelanes.json")
        made = meeting(recording)
        first = seconds(lambda: write_meeting(made, path))
        saved = read_meeting(path)
        saves = []
        for n in range(options.repeat):
            edited = replace(saved, annotation=saved.annotation.with_names({0: f"Name {n}"}))
            saves.append(seconds(lambda edited=edited: write_meeting(edited, path)))
        opens = [seconds(lambda: read_meeting(path)) for _ in range(options.repeat)]
        found = {
            "bench": "meeting",
            "turns": TURNS,
            "hours": HOURS,
            "first_save_s": round(first, 3),
            "save_s": round(median(saves), 3),
            "open_s": round(median(opens), 3),
            "json_mb": round(path.stat().st_size / 1e6, 2),
            "voices_mb": round(kept_path(path).stat().st_size / 1e6, 1),
        }
    print(f"first save {first:.2f} s, save {median(saves):.2f} s, open {median(opens):.2f} s")
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
