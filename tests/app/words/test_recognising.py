"""File > Recognise words: the dialog, the words as they come, stopping, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.words.recogniser_dialog import RecogniserDialog
from core.recognisers import kinds
from tests.core.recognisers.stand_ins import put_vosk, put_whisper_cpp


@pytest.fixture
def vosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    return partial(put_vosk, tmp_path, monkeypatch)


def texts(window: Any) -> list[str]:
    return [turn.text for turn in window.session.annotation.turns]


def said(window: Any) -> list[str]:
    return [notice.findChild(QLabel).text() for notice in window.notices.notices]


def ask(window: Any, name: str, model: object) -> Any:
    """The dialog with these filled in."""
    window.actions_by_id["recognise_words"].trigger()
    dialog = window.findChildren(RecogniserDialog)[-1]
    dialog.findChild(QComboBox, "which").setCurrentText(name)
    dialog.findChild(QLineEdit, "model").setText(str(model))
    return dialog


def press_go(dialog: Any) -> None:
    QTest.mouseClick(dialog.findChild(QPushButton, "go"), Qt.LeftButton)


def ended(window: Any, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.word_recognition.busy and not window.work.busy)


def test_words_come_into_the_turns_and_are_one_step(
    opened: Any, qtbot: QtBot, vosk: Callable[..., Path]
) -> None:
    before = opened.session.annotation
    press_go(ask(opened, "vosk", vosk()))
    qtbot.waitUntil(lambda: opened.bar.cancel.isVisible())
    assert "Recognising words" in opened.bar.state.text()
    ended(opened, qtbot)
    assert texts(opened) == ["well"] * len(before.turns)
    assert opened.docks.dock("words").isVisible()
    assert not opened.bar.cancel.isVisible()
    assert not said(opened)
    opened.actions_by_id["undo"].trigger()
    assert opened.session.annotation == before
    assert not opened.session.annotation.has_words
    assert not opened.session.undo.canUndo()


def test_a_real_one(opened: Any, qtbot: QtBot) -> None:
    """A tone says nothing, but it is heard to the end."""
    pytest.importorskip("pocketsphinx")
    press_go(ask(opened, "pocketsphinx", ""))
    ended(opened, qtbot)
    assert not said(opened)
    assert opened.word_recognition.fraction == 1


def test_stop_keeps_what_is_there_and_the_next_time_goes_on(
    opened: Any, qtbot: QtBot, vosk: Callable[..., Path], tmp_path: Path
) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    model = vosk(f"while n == 2 and os.path.exists({str(hold)!r}): time.sleep(0.05)")
    press_go(ask(opened, "vosk", model))
    qtbot.waitUntil(lambda: "well" in texts(opened))
    QTest.mouseClick(opened.bar.cancel, Qt.LeftButton)
    ended(opened, qtbot)
    count = len(opened.session.annotation.turns)
    assert texts(opened) == ["well", *[""] * (count - 1)]
    assert not said(opened)
    hold.unlink()
    dialog = ask(opened, "vosk", model)
    assert dialog.findChild(QLineEdit, "model").text() == str(model)
    press_go(dialog)
    ended(opened, qtbot)
    assert texts(opened) == ["well"] * count


def test_one_that_dies_is_one_line_and_its_words_stay(
    opened: Any, qtbot: QtBot, vosk: Callable[..., Path]
) -> None:
    press_go(ask(opened, "vosk", vosk("if n == 2: os.abort()")))
    qtbot.waitUntil(lambda: bool(said(opened)))
    ended(opened, qtbot)
    assert texts(opened)[:2] == ["well", ""]
    assert len(said(opened)) == 1
    assert said(opened)[0].startswith("vosk died at ")


def test_a_wrong_model_is_told_in_the_dialog(
    opened: Any, vosk: Callable[..., Path], tmp_path: Path
) -> None:
    vosk()
    for model, line in ((tmp_path, "is no model of vosk"), ("", "Vosk needs a model")):
        dialog = ask(opened, "vosk", model)
        press_go(dialog)
        assert dialog.isVisible()
        assert line in dialog.findChild(QLabel, "problem").text()
        dialog.reject()
    assert not opened.word_recognition.busy
    assert not opened.session.annotation.has_words


def test_right_to_left(
    opened: Any, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = put_whisper_cpp(tmp_path, monkeypatch, " שלום עולם")
    press_go(ask(opened, "whisper.cpp", model))
    ended(opened, qtbot)
    assert set(texts(opened)) == {"שלום עולם"}
    assert "שלום עולם" in opened.docks.words.view.toPlainText()


def test_another_recording_stops_it(opened: Any, qtbot: QtBot, vosk: Callable[..., Path]) -> None:
    press_go(ask(opened, "vosk", vosk("time.sleep(3600)")))
    qtbot.waitUntil(lambda: opened.word_recognition.busy)
    opened.actions_by_id["close"].trigger()
    ended(opened, qtbot)
    assert not said(opened)


def test_without_any_the_window_says_what_there_is(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "found", list)
    opened.actions_by_id["recognise_words"].trigger()
    assert "faster-whisper, whisper.cpp, vosk, pocketsphinx" in said(opened)[0]
