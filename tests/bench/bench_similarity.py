"""The map of the voices of a long meeting: 50,000 windows, 10,000 turns.

Run it: ``python tests/bench/bench_similarity.py``. The last line is JSON. First the core alone:
seconds and peak memory. Then in the window: how long the map takes to be there; how long the window
was ever kept from answering meanwhile (the longest time between two beats of a timer of 5 ms; other
programs make it longer, so before that the same is measured with nothing to do, and the longest
step is given in processor time, too); and milliseconds of the window's thread to paint the map, to
hover, to close a lasso and to give what it holds to another speaker.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from core.annotation.values import Annotation, Turn
from core.audio.peaks import Peaks
from core.bench.memory import peak_mb, resident_mb
from core.bench.refine import HOP, talk
from core.similarity.meeting import Similarity
from core.stream.changes import Window


def turns(windows: list[Window], count: int, duration: int) -> Annotation:
    """Turns of five speakers without gaps."""
    edges = np.linspace(0, len(windows) * HOP, count + 1).astype(int).tolist()
    made = (Turn(a, b, n % 5) for n, (a, b) in enumerate(pairwise(edges)))
    return Annotation.build(made, duration)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=50_000)
    parser.add_argument("--turns", type=int, default=10_000)
    options = parser.parse_args()
    windows, speech, duration = talk(options.windows)
    annotation = turns(windows, options.turns, duration)
    figures: dict[str, float | None] = {"windows": options.windows, "before_mb": resident_mb()}

    def seconds(name: str, work: Callable[[], object]) -> None:
        wall, own = time.perf_counter(), time.process_time()
        work()
        figures[f"{name}_s"] = time.perf_counter() - wall
        figures[f"{name}_cpu_s"] = time.process_time() - own

    made: list[Similarity] = []
    seconds("prepare", lambda: made.append(Similarity(windows)))
    seconds("picture", lambda: made[0].picture(annotation))
    figures["peak_mb"] = peak_mb()
    made.clear()
    in_window(windows, speech, annotation, figures)
    print(json.dumps({k: v if v is None else round(v, 2) for k, v in figures.items()}))


def in_window(windows, speech, annotation, figures) -> None:  # type: ignore[no-untyped-def]
    """The same in the main window."""
    from PyQt5.QtCore import QPointF, QSettings, QTimer
    from PyQt5.QtWidgets import QApplication

    from app.window.main_window import MainWindow

    app = QApplication([])
    folder = tempfile.TemporaryDirectory()
    settings = QSettings(str(Path(folder.name) / "settings.ini"), QSettings.IniFormat)
    window = MainWindow(settings, prepare=lambda: None)
    window.resize(1400, 900)
    window.show()
    session, panel = window.session, window.docks.similarity
    session.open(Path(folder.name) / "meeting.wav", Peaks(), annotation.duration)
    session.load(annotation, windows, speech)
    app.processEvents()
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start(5)
    while len(beats) < 200:
        app.processEvents()
    figures["idle_pause_ms"] = 1000 * float(np.diff(beats).max())
    beats.clear()
    begun = time.perf_counter()
    window.docks.dock("similarity").raise_()
    own, more = [], 50
    while panel.picture is None or more:
        more -= panel.picture is not None  # what there is then to be painted
        before = time.thread_time()
        app.processEvents()
        own.append(time.thread_time() - before)
        if panel.picture is not None and "shown_s" not in figures:
            figures["shown_s"] = time.perf_counter() - begun
    timer.stop()
    figures["longest_step_ms"] = 1000 * max(own)
    figures["longest_pause_ms"] = 1000 * float(np.diff(beats).max())

    def own_ms(name: str, work: Callable[[], object], times: int = 5) -> None:
        taken = []
        for _ in range(times):
            start = time.thread_time()
            work()
            taken.append(1000 * (time.thread_time() - start))
        figures[f"{name}_ms"] = float(np.median(taken))

    drawn = panel.map

    def paint() -> None:
        drawn.look_at(())
        drawn.repaint()

    def lasso() -> None:
        from core.similarity.layout import inside

        angles = np.linspace(0, 2 * np.pi, 200)
        radius = min(drawn.width(), drawn.height()) / 3
        middle = QPointF(drawn.rect().center())
        outline = [middle + QPointF(np.cos(a), np.sin(a)) * radius for a in angles.tolist()]
        points = drawn._laid()
        drawn.choose(np.flatnonzero(inside(points.places, points.on_map(outline))).tolist())

    own_ms("paint", paint)
    own_ms("hover", lambda: drawn._laid().at(QPointF(200, 200)))
    own_ms("lasso", lasso)
    figures["held"] = len(drawn.chosen)
    own_ms("give", lambda: panel._give_number(0), times=1)
    session.saved()
    window.close()


if __name__ == "__main__":
    main()
