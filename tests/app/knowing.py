"""Meetings in which voices of numbers speak, and what a person does about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from core.annotation.values import Turn
from core.models.manifest import shipped_models
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S
from core.voices.book import Sample, VoiceBook
from core.voices.recognition import Limits

HOP, LENGTH = S // 2, 25_840
TURN = 10 * S
DIM = 256

found = Limits.of(shipped_models().encoder)
assert found is not None
LIMITS = found
SURE, PERHAPS = 0.99, (LIMITS.sure + LIMITS.perhaps) / 2


def voice(number: int, cosine: float = 1.0) -> NDArray[np.float32]:
    """A direction; with a cosine, one that is as like that voice as this and like no other."""
    vector = np.zeros(DIM, np.float32)
    vector[number] = cosine
    vector[100 + number] = np.sqrt(1 - cosine**2)
    return vector


def meeting(*voices: NDArray[np.float32]) -> tuple[tuple[Turn, ...], tuple[Window, ...], Speech]:
    """Each voice speaks for 10 s in turn, twice around."""
    order = [n for _ in range(2) for n in range(len(voices))]
    turns = tuple(Turn(n * TURN, (n + 1) * TURN - S // 2, who) for n, who in enumerate(order))
    windows = [
        Window(start, start + LENGTH, voices[who], 1.0)
        for n, who in enumerate(order)
        for start in range(n * TURN, (n + 1) * TURN - LENGTH, HOP)
    ]
    return turns, tuple(windows), Speech(tuple((t.start, t.end) for t in turns), ())


def sample(number: int, start: int = 0, where: str = "/old/talk.wav", **more: Any) -> Sample:
    """What the book may hold of a voice."""
    clip = (0.1 * np.random.default_rng(number + start).standard_normal(2 * LENGTH)).astype("f4")
    encoder = more.get("encoder", shipped_models().encoder.sha256)
    return Sample(more.get("embedding", voice(number)), encoder, 9.5, where, start, clip)


def know(name: str, number: int, **more: Any) -> int:
    """Remember a voice of an earlier meeting."""
    return VoiceBook().remember(name, [sample(number, **more)]).id


def kept(name: str) -> list[tuple[str, int]]:
    """(meeting, second) of the samples of a voice."""
    book = VoiceBook()
    ids = {v.name: v.id for v in book.voices()}
    if name not in ids:
        return []
    return sorted((Path(s.meeting).name, s.start // S) for s in book.samples(ids[name]))


def settled(window: Any, qtbot: QtBot) -> None:
    """All that has to be looked up about voices is known."""
    known = window.known_voices
    qtbot.waitUntil(
        lambda: not (known.busy or window.voice_keeping.jobs.busy),
        timeout=15_000,
    )


def opened(window: Any, qtbot: QtBot, recording: Path) -> Any:
    """Open a recording and wait until its voices are known."""
    window.open_recording(recording)
    qtbot.waitUntil(
        lambda: (
            window.session.path == recording
            and window.session.complete
            and not window.listening.busy
        )
    )
    settled(window, qtbot)
    return window


def names(window: Any) -> list[str]:
    return [s.label for s in window.session.annotation.speakers]


def shown(window: Any) -> list[str]:
    """What stands in the panel of speakers."""
    model = window.docks.speakers.model
    return [model.cell(n, 0) for n in range(len(model.rows))]


def press(window: Any, key: int, modifier: Any = Qt.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.LeftButton)


def dialog(window: Any, name: str, qtbot: QtBot) -> Any:
    """The dialog of that name, once it is there."""

    def there() -> Any:
        return next((d for d in window.findChildren(QDialog, name) if d.isVisible()), None)

    qtbot.waitUntil(lambda: there() is not None)
    return there()


def remember(window: Any, qtbot: QtBot, speaker: int, name: str) -> None:
    """Right-click the speaker's name, "Remember this voice", type the name, Enter."""
    column = window.timeline.names
    lanes = [s.id for s in window.session.annotation.speakers]
    where = column.name_rect(lanes.index(speaker)).center().toPoint()
    column.picked.emit(speaker)
    column.menu_wanted.emit(speaker, column.mapToGlobal(where))
    menu = next(m for m in window.findChildren(QMenu, "context") if m.isVisible())
    entry = next(a for a in menu.actions() if a.objectName() == "remember_voice")
    QTest.mouseClick(menu, Qt.LeftButton, pos=menu.actionGeometry(entry).center())
    asked = dialog(window, "remember", qtbot)
    field = asked.findChild(QLineEdit, "name")
    field.selectAll()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key_Return)
    settled(window, qtbot)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
