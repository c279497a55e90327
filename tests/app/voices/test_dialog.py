"""The dialog of known voices: heard, inspected, repaired, renamed, merged, exported, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from core.models.manifest import shipped_models
from core.units import SAMPLE_RATE as S
from core.voices.book import VoiceBook
from tests.app.conftest import make_recording
from tests.app.knowing import (
    SURE,
    click,
    dialog,
    kept,
    know,
    meeting,
    names,
    opened,
    sample,
    settled,
    voice,
)
from tests.app.playback.test_player import Card


def stranger() -> Any:
    """A direction that is like none of the voices."""
    vector = np.random.default_rng(5).standard_normal(256).astype(np.float32)
    vector[[0, 100]] = 0
    return vector


@pytest.fixture
def voices(window: Any, qtbot: QtBot) -> Any:
    """The dialog, with Anna, of whom one sample is somebody else's, and Ben."""
    VoiceBook().remember(
        "Anna",
        [
            sample(0, where="/m/monday.wav"),
            sample(0, 60 * S, "/m/monday.wav"),
            sample(0, 5 * S, "/m/tuesday.wav", embedding=stranger()),
        ],
    )
    know("Ben", 1)
    return shown(window, qtbot)


def shown(window: Any, qtbot: QtBot) -> Any:
    window.actions_by_id["voices"].trigger()
    found = dialog(window, "voices", qtbot)
    settled(window, qtbot)
    return found


def cells(model: Any) -> list[list[str]]:
    return [
        [model.data(model.index(n, c)) for c in range(model.columnCount())]
        for n in range(model.rowCount())
    ]


def press(voices: Any, name: str, window: Any, qtbot: QtBot) -> None:
    click(voices.buttons[name])
    settled(window, qtbot)


def answer(parent: Any, name: str) -> None:
    box = next(b for b in parent.findChildren(QMessageBox) if b.isVisible())
    click(box.findChild(QPushButton, name))


def message(voices: Any) -> str:
    return str(voices.findChild(QLabel, "message").text())


def test_all_voices_and_each_of_their_samples_are_shown(
    voices: Any, window: Any, qtbot: QtBot
) -> None:
    assert [row[:3] for row in cells(voices.voices)] == [
        ["Anna", "3", "28.5 s"],
        ["Ben", "1", "9.5 s"],
    ]
    assert [row[4] for row in cells(voices.voices)] == ["recognised"] * 2
    rows = cells(voices.samples)
    assert [row[:3] for row in rows] == [
        ["monday.wav", "0:00", "9.5 s"],
        ["monday.wav", "1:00", "9.5 s"],
        ["tuesday.wav", "0:05", "9.5 s"],
    ]
    assert rows[2][4] == "0.00: somebody else?"
    assert str(VoiceBook().path) in voices.findChild(QLabel, "consent").text()
    QTest.keyClick(voices.voice_view, Qt.Key_Down)
    settled(window, qtbot)
    assert [row[4] for row in cells(voices.samples)] == ["–"]  # nothing to compare with


def test_a_poisoned_voice_is_repaired(voices: Any, window: Any, qtbot: QtBot) -> None:
    voices.sample_view.selectRow(2)
    press(voices, "remove", window, qtbot)
    assert kept("Anna") == [("monday.wav", 0), ("monday.wav", 60)]
    assert [row[4] for row in cells(voices.samples)] == ["1.00", "1.00"]
    assert message(voices) == "Samples deleted: 1"


def test_a_sample_is_played_from_memory(
    voices: Any, window: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Card()
    window.clips._backend = card
    QTest.keyClick(voices.sample_view, Qt.Key_Down)
    press(voices, "play", window, qtbot)
    qtbot.waitUntil(lambda: bool(card.streams))
    qtbot.waitUntil(card.stream.started.is_set)
    card.stream.run(4)
    (anna, _) = VoiceBook().voices()
    clip = VoiceBook().samples(anna.id)[1].clip
    start = np.flatnonzero(card.stream.played)[0]
    heard = card.stream.played[start : start + len(clip)] / 32767
    np.testing.assert_allclose(heard, clip[np.flatnonzero(clip)[0] :][: len(heard)], atol=1e-3)
    qtbot.waitUntil(lambda: not window.clips.playing)
    voices.buttons["play"].click()
    qtbot.waitUntil(lambda: len(card.streams) == 2)
    voices.reject()
    assert not window.clips.playing


def test_without_a_sound_card_it_says_so(voices: Any, window: Any, qtbot: QtBot) -> None:
    window.clips._backend = card = Card()
    card.present = False
    press(voices, "play", window, qtbot)
    qtbot.waitUntil(lambda: "no sound output" in message(voices))
    assert not window.clips.playing


def test_a_voice_is_renamed_in_place(voices: Any, window: Any, qtbot: QtBot) -> None:
    click(voices.buttons["rename"])
    field = voices.voice_view.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "ben")
    QTest.keyClick(field, Qt.Key_Return)
    qtbot.waitUntil(lambda: "merge the two" in message(voices))
    assert [v.name for v in VoiceBook().voices()] == ["Anna", "Ben"]
    click(voices.buttons["rename"])
    field = voices.voice_view.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "Zoe")
    QTest.keyClick(field, Qt.Key_Return)
    qtbot.waitUntil(lambda: [v.name for v in VoiceBook().voices()] == ["Ben", "Zoe"])
    settled(window, qtbot)
    assert voices.voice().name == "Zoe"


def test_two_voices_are_merged_after_a_question(voices: Any, window: Any, qtbot: QtBot) -> None:
    click(voices.buttons["merge"])
    menu = voices.findChild(QMenu, "merge_voices")
    menu.actions()[-1].trigger()
    menu.close()
    answer(voices, "cancel")
    assert len(VoiceBook().voices()) == 2
    click(voices.buttons["merge"])
    menu = next(m for m in voices.findChildren(QMenu, "merge_voices") if m.isVisible())
    assert [a.text() for a in menu.actions() if not a.isSeparator()] == ["Ben"]
    menu.actions()[-1].trigger()
    menu.close()
    answer(voices, "merge")
    settled(window, qtbot)
    assert [(v.name, v.samples) for v in VoiceBook().voices()] == [("Anna", 4)]


def test_all_that_is_known_is_exported(
    voices: Any, window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    click(voices.buttons["export"])
    asked = voices.findChild(QFileDialog)
    asked.fileSelected.emit(str(tmp_path / "out"))
    asked.close()
    settled(window, qtbot)
    written = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert written == ["Anna-1.flac", "Anna-2.flac", "Anna-3.flac", "Anna.json"]
    assert "Files written" in message(voices)


def test_delete_asks_and_then_nothing_is_left_on_the_disk(
    voices: Any, window: Any, qtbot: QtBot
) -> None:
    folder = VoiceBook().path.parent

    def traces() -> list[bool]:
        content = b"".join(p.read_bytes() for p in folder.iterdir() if p.is_file())
        return [mark in content for mark in (b"monday.wav", stranger().tobytes()[4:68], b"Anna")]

    assert traces() == [True] * 3
    click(voices.buttons["forget"])
    answer(voices, "keep")
    assert traces() == [True] * 3
    click(voices.buttons["forget"])
    answer(voices, "delete")
    settled(window, qtbot)
    assert traces() == [False] * 3
    assert [row[0] for row in cells(voices.voices)] == ["Ben"]
    assert message(voices) == "Anna is deleted"


def test_samples_of_two_encoders_are_brought_together(window: Any, qtbot: QtBot) -> None:
    know("Anna", 0, encoder="another")
    VoiceBook().remember("Anna", [sample(0, 7 * S)])
    voices = shown(window, qtbot)
    assert cells(voices.voices)[0][4] == "recognised"
    assert voices.banner.isVisible()
    press(voices, "renew", window, qtbot)
    assert not voices.banner.isVisible()
    assert VoiceBook().named("Anna").encoders == {shipped_models().encoder.sha256}


def test_another_encoder_is_said_and_the_samples_are_heard_anew(window: Any, qtbot: QtBot) -> None:
    know("Anna", 0, encoder="another")
    voices = shown(window, qtbot)
    assert voices.banner.isVisible()
    assert cells(voices.voices)[0][4] == "heard by another encoder: not recognised"
    assert "another encoder" in cells(voices.samples)[0][4]
    press(voices, "renew", window, qtbot)
    assert not voices.banner.isVisible()
    assert cells(voices.voices)[0][4] == "recognised"
    assert VoiceBook().named("Anna").encoders == {shipped_models().encoder.sha256}


def test_who_speaks_in_the_open_recording_is_tested(
    window: Any, engine: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    know("Anna", 0)
    voices = shown(window, qtbot)
    assert not voices.buttons["test"].isEnabled()
    voices.reject()
    engine.turns, engine.windows, engine.speech = meeting(voice(0, SURE), voice(1))
    opened(window, qtbot, make_recording(tmp_path / "talk.wav", 41))
    assert names(window) == ["Anna", "Speaker 2"]
    voices = shown(window, qtbot)
    press(voices, "test", window, qtbot)
    lines = message(voices).splitlines()
    assert lines[0].startswith("Anna: Anna, 9")
    assert lines[1] == "Speaker 2: nobody who is known"


def test_without_voices_it_says_how_to_come_by_one(window: Any, qtbot: QtBot) -> None:
    voices = shown(window, qtbot)
    assert "Remember this voice" in message(voices)
    on = {name for name, button in voices.buttons.items() if button.isEnabled()}
    assert on == {"renew"}  # which is hidden
    assert not voices.banner.isVisible()


def test_the_window_closes_with_the_dialog_open(voices: Any, window: Any) -> None:
    voices.refresh()
    window.close()
    QApplication.processEvents()
    assert not window.isVisible()
