"""A live recording of made sound, by a microphone that is never gone unless a test wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.audio import microphone as microphone_module
from tests.core.live.recorded import (
    Recording,
)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that takes its time is no microphone that is gone."""
    monkeypatch.setattr(microphone_module, "STALLED_S", 3600.0)
    monkeypatch.setattr(microphone_module, "STARTING_S", 3600.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talk.wav"


@pytest.fixture
def start(path: Path) -> Iterator[Callable[..., Recording]]:
    started: list[Recording] = []

    def start(*arguments: Any, **options: Any) -> Recording:
        started.append(Recording(path, *arguments, **options))
        return started[-1]

    yield start
    for recording in started:
        for stream in recording.audio.streams:
            stream.stalled = False
        recording.live.stop()
        assert recording.live.join(10)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphone_module, "STALLED_S", 0.4)
    monkeypatch.setattr(microphone_module, "STARTING_S", 0.6)
