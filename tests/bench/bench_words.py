"""What words cost: 20,000 of them in 2,000 turns over two hours, against the same turns without.

Run it: ``python tests/bench/bench_words.py``. The last line is JSON. Edits are made in the whole
window, with lanes, table and page of words in view, until all of it is painted; their times are
of the window's thread (processor time, so that other programs' load does not count). Saving and
opening are timed on the clock: the file alone, and in the window until it is painted.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication

from app.window.main_window import MainWindow
from core.annotation.values import Annotation, Speaker, Turn
from core.annotation.words import retold, spread
from core.meeting.file import Meeting, read_meeting, write_meeting
from core.meeting.sound import hashed
from core.units import SAMPLE_RATE

HOURS = 2
TEXT = (
    "Well, this is what I said about the project: we should ship it on Friday, and then look at how"
    " people use it before we change anything else."
)
SAID = TEXT.split()


def meeting(turns: int, words: int) -> Annotation:
    """Turns of four people, some over the next one, with words in each."""
    chance = np.random.default_rng(0)
    duration = HOURS * 3600 * SAMPLE_RATE
    pace = duration // turns
    made = []
    for n in range(turns):
        start = n * pace + int(chance.integers(0, pace // 5))
        end = start + int(pace * chance.uniform(0.4, 1.1))
        text = " ".join(SAID[(n + k) % len(SAID)] for k in range(words // turns))
        made.append(Turn(start, end, n * 3 % 4, words=tuple(spread(text, start, end))))
    people = tuple(Speaker(n, name) for n, name in enumerate(("Anna", "Ben", "Chloe", "Dan")))
    return Annotation(tuple(made), people, duration)


def silence(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for _ in range(HOURS * 60):
            file.writeframes(bytes(2 * 60 * SAMPLE_RATE))


def edits(window: MainWindow, app: QApplication, annotation: Annotation, times: int) -> dict:
    """The median of each step in ms."""
    session, act = window.session, window.actions_by_id
    session.load(annotation)
    middle = len(annotation.turns) // 2
    start = annotation.turns[middle].start / SAMPLE_RATE
    window.timeline.zoom_to(start, start + 30.0)
    app.processEvents()
    figures: dict[str, float] = {}

    def measure(name: str, *ready: str, step: Callable[[int], object] | None = None) -> None:
        taken = []
        for n in range(times):
            turn = session.annotation.turns[middle + 7 * n]
            window.transport.go_to(turn)
            window.transport.seek((turn.start + turn.end) // 2)
            for action in ready:
                act[action].trigger()
            app.processEvents()
            gc.collect()
            before = time.thread_time()
            if step:
                step(n)
            else:
                act[name].trigger()
            app.processEvents()  # paints what is due
            taken.append((time.thread_time() - before) * 1000)
        figures[name] = median(taken)

    def people() -> tuple[int, ...]:
        return tuple(speaker.id for speaker in session.annotation.speakers[:2])

    def within(n: int) -> int:
        return session.annotation.turns[middle + n].start + SAMPLE_RATE // 4

    def rewrite(n: int) -> None:
        turns = list(session.annotation.turns)
        place = middle + 7 * n
        turns[place] = replace(turns[place], words=retold(turns[place], f"It is said anew, {n}."))
        session.edit("words", replace(session.annotation, turns=tuple(turns)))

    def search(n: int) -> None:
        window.docks.turns.search.setText(f"{SAID[n % len(SAID)]}")

    for name in ("next_turn", "split", "give_1", "give_new", "undo"):
        measure(name)
    measure("redo", "undo")
    for name in ("merge", "delete", "end_later", "next_doubtful"):
        measure(name)
    measure("write_words", step=rewrite)
    measure("search", step=search)
    window.docks.turns.search.clear()
    measure("rename", step=lambda n: session.rename(0, f"Anna {n}"))
    measure("merge_speakers", "undo", step=lambda n: session.merge_speakers(*people()))
    measure("playing", step=lambda n: window.transport.seek(within(n)))

    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=2_000)
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=9, help="how often each step is made")
    options = parser.parse_args()
    app = QApplication([])
    worded = meeting(options.turns, options.words)
    bare = replace(worded, turns=tuple(replace(t, words=()) for t in worded.turns))
    found: dict[str, dict[str, float]] = {"bare": {}, "worded": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = QSettings(str(folder / "settings.ini"), QSettings.IniFormat)
        window = MainWindow(settings, prepare=lambda: None)
        window.resize(1400, 800)
        window.show()
        for kind, annotation in (("bare", bare), ("worded", worded)):
            own = found[kind]
            recording = folder / f"{kind}.wav"
            silence(recording)
            path = folder / f"{kind}.voicelanes.json"
            kept = write_meeting(Meeting(annotation, kind, hashed(recording)), path)
            saves, reads, opens = [], [], []
            for n in range(options.times):
                edited = replace(kept, annotation=annotation.with_names({0: f"Name {n}"}))
                before = time.perf_counter()
                kept = write_meeting(edited, path)
                saves.append(time.perf_counter() - before)
                before = time.perf_counter()
                read_meeting(path)
                reads.append(time.perf_counter() - before)
            for _ in range(3):
                before = time.perf_counter()
                window.open_recording(recording)
                while not (window.session.complete and window.session.annotation.turns):
                    app.processEvents()
                window.docks.show_turns(True)
                window.docks.show_words(True)
                window.docks.read_words()
                app.processEvents()
                window.grab()
                opens.append(time.perf_counter() - before)
                while window.work.busy:
                    app.processEvents()
                    time.sleep(0.01)
                window.actions_by_id["close"].trigger()
                while window.work.busy or window.session.path is not None:
                    app.processEvents()
                    time.sleep(0.01)
            own["save_s"], own["read_s"] = median(saves), median(reads)
            own["open_in_window_s"] = median(opens)
            own["mb"] = path.stat().st_size / 1e6
            window.open_recording(recording)
            while not window.session.complete or window.work.busy:
                app.processEvents()
                time.sleep(0.01)
            own |= {f"{k}_ms": v for k, v in edits(window, app, annotation, options.times).items()}
            window.session.saved()
        window.session.saved()
        window.close()
    print(f"{'':20} {'bare':>9} {'worded':>9} {'ratio':>7}")
    for name, value in found["worded"].items():
        other = found["bare"][name]
        ratio = f"{value / other:7.2f}" if other else ""
        print(f"{name:20} {other:9.3f} {value:9.3f} {ratio}")
    print(json.dumps({k: {n: round(v, 3) for n, v in own.items()} for k, own in found.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
