"""Channels of different people: told, named after, mixed when a person wants that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.channels.separation import ChannelSplit
from core.pipeline import Result


@pytest.fixture
def call(window: Any, engine: Any, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The engine hears two channels of two people; what is mixed since."""
    mixed: list[Path] = []
    real = type(engine).__call__

    def heard(self: Any, path: Path, **rest: Any) -> Result:
        result: Result = real(self, path, **rest)
        if path in mixed:
            return result
        split = ChannelSplit(((0,), (1,)), np.ones((2, 5), bool), ("Left", "Right"))
        return Result(
            result.annotation,
            result.first_pass,
            result.windows,
            result.speech,
            split=split,
            lanes={0: "Left", 1: "Right"},
        )

    monkeypatch.setattr(type(engine), "__call__", heard)
    monkeypatch.setattr(window._channels, "_mix_of", mixed.append)
    return mixed


def labels(window: Any) -> list[str]:
    return [s.label for s in window.session.annotation.speakers]


def done(window: Any) -> bool:
    return window.session.complete and not window.listening.busy and not window.known_voices.busy


def test_channels_of_people_are_told_and_name_the_lanes(
    window: Any, call: list[Path], recording: Path, qtbot: QtBot
) -> None:
    window.open_recording(recording)
    qtbot.waitUntil(lambda: done(window) and labels(window) == ["Left", "Right"])
    told = [n.findChild(QLabel).text() for n in window.notices.notices]
    assert "Left and Right are channels of different people, each heard alone" in told
    (way,) = window.notices.findChildren(QPushButton, "way")
    assert way.text() == "Mix the channels"
    QTest.mouseClick(way, Qt.LeftButton)
    assert call == [recording]
    qtbot.waitUntil(lambda: done(window) and not window.notices.notices)


def test_the_setting_reaches_the_engine(window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import core.pipeline
    from app.listening.usual_speakers import Diarize

    asked: list[str] = []
    monkeypatch.setattr(
        core.pipeline, "diarize_file", lambda _path, **rest: asked.append(rest["channels"])
    )
    diarize = Diarize(window.preferences)
    diarize(Path("a.wav"))
    window.preferences.channels = "speakers"
    diarize(Path("a.wav"))
    diarize.mix(Path("a.wav"))
    diarize(Path("a.wav"))
    diarize(Path("b.wav"))
    assert asked == ["auto", "speakers", "mix", "speakers"]
