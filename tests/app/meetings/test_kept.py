"""A finished analysis isn't thrown away when another recording is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QListWidget, QPushButton

from core.meeting.analyses import KeptAnalyses
from core.stream.changes import Window
from core.stream.speech import Speech
from tests.app.conftest import make_recording
from tests.app.meetings.desk import S, idle, messages


@pytest.fixture
def heard(engine: Any, window: Any) -> Any:
    """The engine tells voices, as the real one does, and what it finds is kept."""
    window.preferences.keep_analyses = True
    engine.windows = tuple(
        Window(n * S, (n + 2) * S, np.ones(4, np.float32), n % 2) for n in range(3)
    )
    engine.speech = Speech(((0, 20 * S),))
    return engine


def open_(wait: Any, window: Any, path: Path) -> None:
    window.open_recording(path)
    wait(lambda: window.session.path == path and window.session.complete and idle(window))
    wait(lambda: not window.meetings._hashing.busy)


def test_a_recording_that_was_analysed_is_there_at_once(
    wait: Any, window: Any, heard: Any, recording: Path, tmp_path: Path
) -> None:
    other = make_recording(tmp_path / "other.wav", 7)
    open_(wait, window, recording)
    found = window.session.annotation
    open_(wait, window, other)
    assert len(heard.runs) == 2
    open_(wait, window, recording)
    assert len(heard.runs) == 2, "nothing was analysed again"
    assert window.session.annotation == found
    assert window.session.windows
    assert not window.meetings.unsaved
    assert "talk.wav was analysed before: that is shown" in messages(window)
    way = next(b for b in window.notices.findChildren(QPushButton, "way"))
    QTest.mouseClick(way, Qt.LeftButton)
    wait(lambda: len(heard.runs) == 3 and window.session.complete and idle(window))


def test_other_settings_are_another_analysis(
    wait: Any, window: Any, heard: Any, recording: Path
) -> None:
    open_(wait, window, recording)
    window.preferences.speakers = "3"
    open_(wait, window, recording)
    assert len(heard.runs) == 2


def test_nothing_is_kept_where_that_is_not_wanted(
    wait: Any, window: Any, heard: Any, recording: Path
) -> None:
    window.preferences.keep_analyses = False
    open_(wait, window, recording)
    assert KeptAnalyses().entries() == []
    open_(wait, window, recording)
    assert len(heard.runs) == 2


def test_they_are_listed_and_removed_in_the_settings(
    wait: Any, window: Any, heard: Any, recording: Path
) -> None:
    open_(wait, window, recording)
    window.show_settings()
    listed = window.findChild(QListWidget, "analyses")
    assert listed.count() == 1
    assert listed.item(0).text().startswith("talk")
    QTest.mouseClick(window.findChild(QPushButton, "clear_analyses"), Qt.LeftButton)
    assert listed.count() == 0
    assert KeptAnalyses().entries() == []
