"""A recording with a meeting beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.app.meetings.desk import (
    CTRL,
    idle,
    press,
    rename,
)


@pytest.fixture
def beside(recording: Path) -> Path:
    return recording.with_name("talk.voicelanes.json")


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda condition: qtbot.waitUntil(condition)


@pytest.fixture
def saved(wait: Any, opened: Any, beside: Path) -> Any:
    """The window with a meeting that was named and saved."""
    rename(opened, "Anna")
    press(opened, Qt.Key_S, CTRL)
    wait(lambda: not opened.session.dirty and idle(opened))
    return opened
