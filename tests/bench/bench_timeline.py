"""How fast the timeline is with 10,000 turns of five speakers over eight hours.

Run it: ``python tests/bench/bench_timeline.py``. The last line is JSON. Times are of whole frames:
moving the range, and painting every widget of the timeline into its window.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt5.QtWidgets import QApplication

from app.timeline import TimelineView
from core.annotation.values import Annotation, Turn
from core.audio.peaks import Peaks
from core.units import SAMPLE_RATE

HOURS = 8


def meeting(turns: int, speakers: int) -> Annotation:
    """Turns that sometimes overlap the next one, which is always somebody else's."""
    rng = np.random.default_rng(0)
    pace = (HOURS * 3600 - 10) / turns
    starts = np.arange(turns) * pace + rng.uniform(0, 0.3, turns) * pace
    lengths = rng.uniform(0.1, 1.3, turns) * pace
    who = np.cumsum(rng.integers(1, speakers, size=turns)) % speakers
    return Annotation.build(
        (
            Turn(round(a * SAMPLE_RATE), round((a + d) * SAMPLE_RATE), int(n))
            for a, d, n in zip(starts, lengths, who, strict=True)
        ),
        HOURS * 3600 * SAMPLE_RATE,
    )


def sound() -> Peaks:
    rng = np.random.default_rng(0)
    minute = rng.standard_normal(60 * SAMPLE_RATE).astype(np.float32) * 0.1
    peaks = Peaks()
    for _ in range(HOURS * 60):
        peaks.push(minute * rng.uniform(0.1, 1))
    return peaks


def frames(step: Callable[[int], None], app: QApplication, count: int) -> list[float]:
    """Milliseconds of this thread's processor time per frame: others' load does not count."""
    taken = []
    for n in range(count):
        start = time.thread_time()
        step(n)
        app.processEvents()  # paints what is due
        taken.append((time.thread_time() - start) * 1000)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--speakers", type=int, default=5)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--size", default="1400x700")
    options = parser.parse_args()
    app = QApplication([])
    annotation, peaks = meeting(options.turns, options.speakers), sound()
    view = TimelineView()
    view.resize(*(int(n) for n in options.size.split("x")))
    view.show()
    view.set_duration(annotation.duration)
    view.set_peaks(peaks)
    app.processEvents()

    figures: dict[str, float] = {"turns": len(annotation.turns), "speakers": options.speakers}
    setting = []
    for _ in range(7):
        start = time.thread_time()
        view.set_annotation(annotation)
        setting.append((time.thread_time() - start) * 1000)
    figures["set_annotation_ms"] = float(np.median(setting))
    app.processEvents()

    def measure(name: str, step: Callable[[int], None]) -> None:
        taken = frames(step, app, options.frames)
        for share in (50, 95, 99):
            figures[f"{name}_p{share}_ms"] = float(np.percentile(taken, share))
        print(
            f"{name:22} median {np.median(taken):5.1f} ms, 95 % {np.percentile(taken, 95):5.1f} ms,"
            f" most {max(taken):5.1f} ms"
        )

    print(f"set_annotation         median {figures['set_annotation_ms']:5.1f} ms")
    for name, span in (("30 s", 30), ("10 min", 600), ("1 h", 3600), ("4 h", 14_400)):
        view.zoom_to(3600, 3600 + span)
        key = "scroll_" + name.replace(" ", "_")
        measure(key, lambda n, span=span: view.scroll_by(span * 0.01 * (1 if n % 50 < 25 else -1)))
    view.fit()
    measure("zoom", lambda n: view.canvas.zoomed.emit(1.1 if n % 80 < 40 else 1 / 1.1, 9000.0))
    view.fit()
    measure("playhead_all_visible", lambda n: view.set_position(5 * n))
    view.zoom_to(0, 30)
    view.follow = True
    measure("playhead_following", lambda n: view.set_position(1 + n / 25))
    figures["scroll_worst_p95_ms"] = max(
        v for k, v in figures.items() if k.startswith("scroll") and k.endswith("p95_ms")
    )
    print(json.dumps({k: round(v, 2) for k, v in figures.items()}))


if __name__ == "__main__":
    main()
