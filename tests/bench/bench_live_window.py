"""How smooth the window is while a meeting is recorded, with an hour of it already on screen.

Run it: ``python tests/bench/bench_live_window.py``. The last line is JSON. The sound card is made
of Python and gives noise by the clock, after ``--minutes`` given as fast as they are taken; turns
come from a stand-in of the diarizer, so that what is measured is the window. A frame is all that
the window's thread does between two looks at its events: ``frame`` counts that thread's processor
time (others' load doesn't count), ``wall`` the time that passes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication

from app.window.main_window import MainWindow
from core.units import SAMPLE_RATE as S
from tests.app.studio import Studio

FRAME_S = 1 / 60


def run(app: QApplication, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)


def until(app: QApplication, samples: int, window: MainWindow) -> None:
    while window.session.duration < samples:
        run(app, 0.01)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seconds", type=float, default=10, help="measured for so long")
    parser.add_argument("--size", default="1400x800")
    options = parser.parse_args()
    app = QApplication([])
    studio = Studio.new()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = folder
        settings = QSettings(f"{folder}/settings.ini", QSettings.IniFormat)
        window = MainWindow(settings, prepare=lambda: None, sound=studio.sound())
        window.preferences.recordings_folder = f"{folder}/recordings"
        window.resize(*(int(n) for n in options.size.split("x")))
        window.show()
        window.capturing.record()
        while studio.open_stream() is None:
            run(app, 0.02)
        given = 0
        while given < options.minutes * 60:
            studio.give(10)
            given += 10
            until(app, given * S, window)
        run(app, 1)

        frames, walls = [], []
        began = last = time.monotonic()
        while last - began < options.seconds:
            now = time.monotonic()
            studio.give(now - last)
            last = now
            processor = time.thread_time()
            app.processEvents()
            frames.append((time.thread_time() - processor) * 1000)
            walls.append((time.monotonic() - now) * 1000)
            time.sleep(max(0.0, FRAME_S - (time.monotonic() - now)))
        turns = len(window.session.annotation.turns)
        window.end()

    figures: dict[str, float] = {"minutes": options.minutes, "turns": turns, "frames": len(frames)}
    for name, taken in (("frame", frames), ("wall", walls)):
        for share in (50, 95, 99):
            figures[f"{name}_p{share}_ms"] = round(float(np.percentile(taken, share)), 2)
        print(f"{name:6} median {np.median(taken):5.1f} ms, most {max(taken):5.1f} ms")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
