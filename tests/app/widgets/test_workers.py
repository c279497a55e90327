"""Work in threads: reports, errors, cancelling and joining."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.listening.worker import Listen, TimeLeft
from app.widgets.workers import INTERVAL_S, Task
from core.audio.peaks import Peaks
from core.errors import Cancelled, InputError
from core.units import SAMPLE_RATE


def outcome(qtbot: QtBot, task: Task) -> list[Any]:
    """Every signal of a run in the order in which they arrive."""
    heard: list[Any] = []
    task.done.connect(lambda result: heard.append(("done", result)))
    task.failed.connect(lambda error: heard.append(("failed", error)))
    task.cancelled.connect(lambda: heard.append("cancelled"))
    task.ended.connect(lambda: heard.append("ended"))
    with qtbot.waitSignal(task.ended):
        task.start()
    assert task.join(5)
    return heard


def test_work_runs_in_its_own_thread(qtbot: QtBot) -> None:
    gui = QThread.currentThread()
    signals = outcome(qtbot, Task("test", lambda: QThread.currentThread() is not gui))
    assert signals == [("done", True), "ended"]


@pytest.mark.parametrize(
    "error", [InputError("no"), ValueError("no"), SystemExit(3), MemoryError()], ids=repr
)
def test_no_error_dies_silently(qtbot: QtBot, error: BaseException) -> None:
    def fail() -> None:
        raise error

    assert outcome(qtbot, Task("test", fail)) == [("failed", error), "ended"]


def test_cancelled_is_no_error(qtbot: QtBot) -> None:
    def stop() -> None:
        raise Cancelled("stopped")

    assert outcome(qtbot, Task("test", stop)) == ["cancelled", "ended"]


def test_a_result_after_cancel_is_dropped(qtbot: QtBot) -> None:
    task = Task("test", lambda: 1)
    task.cancel()
    assert outcome(qtbot, task) == ["cancelled", "ended"]


def test_join_gives_up_in_time(qtbot: QtBot) -> None:
    release = threading.Event()
    task = Task("test", release.wait)
    task.start()
    assert not task.join(0.01)
    release.set()
    assert task.join(5)


def listen(qtbot: QtBot, engine: Any, path: Path, peaks: Peaks) -> list[Any]:
    worker = Listen(path, peaks, engine)
    reports: list[Any] = []
    worker.advanced.connect(reports.append)
    with qtbot.waitSignal(worker.done):
        worker.start()
    assert worker.join(5)
    return reports


def test_listening_reports_everything_heard(qtbot: QtBot, engine: Any, recording: Path) -> None:
    peaks = Peaks()
    reports = listen(qtbot, engine, recording, peaks)
    assert peaks.duration == 20 * SAMPLE_RATE
    assert reports[-1].heard == 20 * SAMPLE_RATE
    assert reports[-1].progress.stage == "refining"
    assert sum(len(r.changes.turns) for r in reports if r.changes) == 6


def test_reports_come_no_faster_than_people_see(
    qtbot: QtBot, engine: Any, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty seconds of sound in one tenth of a second of work: few reports, nothing lost."""
    clock = [0.0]

    def tick() -> float:
        clock[0] += INTERVAL_S / 1000
        return clock[0]

    monkeypatch.setattr(time, "monotonic", tick)
    reports = listen(qtbot, engine, recording, Peaks())
    # the first, one as each of the two stages begins, the last
    assert len(reports) <= 4
    assert sum(len(r.changes.turns) for r in reports if r.changes) == 6


def test_time_left_follows_the_pace() -> None:
    left = TimeLeft()
    left.update(0.1, 10.0)
    assert left.seconds is None
    left.update(0.2, 10.5)
    assert left.seconds is None, "half a second tells nothing"
    left.update(0.5, 14.0)
    assert left.seconds == pytest.approx(5.0)
    left.update(1.0, 20.0)
    assert left.seconds == 0
    left.update(None, 21.0)
    assert left.seconds is None
