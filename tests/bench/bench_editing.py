"""How long an edit takes until it is on the screen, with 10,000 turns over eight hours.

Run it: ``python tests/bench/bench_editing.py``. The last line is JSON. In the whole window, with
panels and table, each action is triggered and everything that it makes due is painted. Times are
of the window's thread: processor time, so that other programs' load does not count.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_timeline import meeting, sound
from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication

from app.window.main_window import MainWindow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--speakers", type=int, default=5)
    parser.add_argument("--times", type=int, default=12, help="how often each edit is made")
    parser.add_argument("--span", type=float, default=60.0, help="seconds in view")
    options = parser.parse_args()
    app = QApplication([])
    folder = tempfile.TemporaryDirectory()
    settings = QSettings(str(Path(folder.name) / "settings.ini"), QSettings.IniFormat)
    window = MainWindow(settings, prepare=lambda: None)
    window.resize(1400, 800)
    window.show()
    annotation = meeting(options.turns, options.speakers)
    session, act = window.session, window.actions_by_id
    session.open(Path(folder.name) / "meeting.wav", sound(), annotation.duration)
    session.load(annotation)
    middle = options.turns // 2
    start = annotation.turns[middle].start / 16_000
    window.timeline.zoom_to(start, start + options.span)
    app.processEvents()

    figures: dict[str, float] = {}

    def measure(name: str, *ready: str, step: Callable[[], None] | None = None) -> None:
        """Take a turn each time, make it ready, and measure one action."""
        taken = []
        for n in range(options.times):
            turn = session.annotation.turns[middle + 7 * n]
            window.transport.go_to(turn)
            window.transport.seek((turn.start + turn.end) // 2)
            for action in ready:
                act[action].trigger()
            app.processEvents()
            gc.collect()
            before = time.thread_time()
            (step or act[name].trigger)()
            app.processEvents()  # paints what is due
            taken.append((time.thread_time() - before) * 1000)
        figures[f"{name}_median_ms"] = float(np.median(taken))
        figures[f"{name}_most_ms"] = max(taken)
        print(f"{name:16} median {np.median(taken):6.1f} ms, most {max(taken):6.1f} ms")

    measure("next_turn")
    measure("split")
    measure("give_1")
    measure("give_new")
    measure("undo")
    measure("redo", "undo")
    measure("merge")
    measure("delete")
    measure("end_later")
    measure("end_here")
    measure("lane_down")
    measure("add_marker")
    measure("select_all")
    measure("next_doubtful")

    def rename() -> None:
        session.rename(0, f"Anna {time.monotonic()}")

    measure("rename", step=rename)

    def merge() -> None:
        first, second, *_ = session.annotation.speakers
        session.merge_speakers(first.id, second.id)

    measure("merge_speakers", "undo", step=merge)
    edits = [v for k, v in figures.items() if k.endswith("_median_ms")]
    figures["worst_median_ms"] = max(edits)
    print(json.dumps({k: round(v, 1) for k, v in figures.items()}))
    session.saved()
    window.close()


if __name__ == "__main__":
    main()
