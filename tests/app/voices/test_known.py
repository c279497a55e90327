"""Voices that are known, in the window: remembered, recognised, asked about, corrected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from core.meeting.file import read_meeting
from core.voices.book import VoiceBook
from tests.app.conftest import make_recording
from tests.app.knowing import (
    PERHAPS,
    SURE,
    click,
    kept,
    know,
    meeting,
    names,
    opened,
    press,
    remember,
    settled,
    shown,
    voice,
)

CTRL, SHIFT = Qt.ControlModifier, Qt.ShiftModifier


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    return make_recording(tmp_path / "talk.wav", 61)


def hears(engine: Any, *voices: Any) -> None:
    """What the diarizer finds from now on."""
    engine.turns, engine.windows, engine.speech = meeting(*voices)


def ask(window: Any) -> list[str]:
    return [row.accessibleName() for row in window.voice_questions.rows]


def answer(window: Any, name: str, qtbot: QtBot) -> None:
    click(window.voice_questions.rows[0].findChild(QPushButton, name))
    settled(window, qtbot)


def notices(window: Any) -> list[str]:
    return [n.findChild(QLabel).text() for n in window.notices.notices]


def way(window: Any, text: str) -> Any:
    return next(b for b in window.notices.findChildren(QPushButton, "way") if b.text() == text)


def one_speaker_and_two_again(window: Any, qtbot: QtBot) -> None:
    """Two second passes, by the number of speakers."""
    for count in (1, 2):
        QTest.keyClick(window.speaker_count.number, Qt.Key_Down)
        qtbot.waitUntil(
            lambda n=count: len({t.speaker for t in window.session.annotation.turns}) == n
        )
        settled(window, qtbot)


def test_a_voice_is_remembered_and_recognised_in_the_next_meeting(
    window: Any, engine: Any, talk: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    assert names(window) == ["Speaker 1", "Speaker 2"]
    assert not VoiceBook().path.exists()
    remember(window, qtbot, 1, "Anna")
    assert names(window) == ["Speaker 1", "Anna"]
    assert kept("Anna") == [("talk.wav", 10), ("talk.wav", 30)]
    assert "The voice of Anna is remembered" in notices(window)[0]
    window.meetings.save()
    qtbot.waitUntil(lambda: not window.meetings.unsaved)

    hears(engine, voice(2), voice(1, SURE), voice(3))
    opened(window, qtbot, make_recording(tmp_path / "next.wav", 61))
    assert names(window) == ["Speaker 1", "Anna", "Speaker 3"]
    assert shown(window)[1].startswith("Anna  9")
    assert "sure" in window.timeline.names.describe(window.timeline.canvas.turns.lanes[1])
    assert not window.session.dirty  # that is what the pass heard, no change to be saved
    assert kept("Anna") == [("talk.wav", 10), ("talk.wav", 30)]  # nobody has said that it is her
    press(window, Qt.Key_Z, CTRL)
    assert names(window)[1] == "Anna"


def test_consent_is_shown_and_nothing_is_kept_without_it(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    from tests.app.knowing import dialog

    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    window.actions_by_id["remember_voice"].trigger()
    asked = dialog(window, "remember", qtbot)
    words = asked.findChild(QLabel, "consent").text()
    assert "only if that person agrees" in words
    assert str(VoiceBook().path) in words
    assert "Nothing leaves it" in words
    assert not asked.findChild(QPushButton, "agree").isEnabled()  # without a name
    press(window, Qt.Key_Escape)
    settled(window, qtbot)
    assert not VoiceBook().path.exists()


def test_an_unsure_voice_is_asked_about_and_yes_is_one_step_that_teaches(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    know("Anna", 0)
    hears(engine, voice(0, PERHAPS), voice(1))
    opened(window, qtbot, talk)
    assert names(window) == ["Speaker 1", "Speaker 2"]  # no name that isn't sure
    assert shown(window)[0].startswith("Speaker 1 (Anna?)")
    assert len(ask(window)) == 1
    assert "Speaker 1 (Anna?)" in ask(window)[0]
    answer(window, "voice_yes", qtbot)
    assert names(window) == ["Anna", "Speaker 2"]
    assert window.session.annotation.speakers[0].named_by_hand
    assert window.session.undo.count() == 1
    assert not window.voice_questions.isVisible()
    assert kept("Anna") == [("talk.wav", 0), ("talk.wav", 0), ("talk.wav", 20)]
    press(window, Qt.Key_Z, CTRL)
    settled(window, qtbot)
    assert names(window) == ["Speaker 1", "Speaker 2"]
    assert len(ask(window)) == 1
    assert kept("Anna") == [("talk.wav", 0)]  # what was known before
    press(window, Qt.Key_Z, CTRL | SHIFT)
    settled(window, qtbot)
    assert names(window) == ["Anna", "Speaker 2"]
    assert len(kept("Anna")) == 3


def test_no_is_one_step_and_never_asked_again_in_this_meeting(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    know("Anna", 0)
    hears(engine, voice(0, PERHAPS), voice(1))
    opened(window, qtbot, talk)
    answer(window, "voice_no", qtbot)
    assert ask(window) == []
    assert shown(window)[0] == "Speaker 1"
    assert window.session.undo.count() == 1
    press(window, Qt.Key_Z, CTRL)
    settled(window, qtbot)
    assert len(ask(window)) == 1
    press(window, Qt.Key_Y, SHIFT)  # the same by its key
    settled(window, qtbot)
    assert ask(window) == []

    press(window, Qt.Key_F5)
    qtbot.waitUntil(lambda: window.listening.busy)
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    settled(window, qtbot)
    assert ask(window) == []
    one_speaker_and_two_again(window, qtbot)
    assert ask(window) == []
    window.meetings.save()
    qtbot.waitUntil(lambda: not window.meetings.unsaved)
    window.close_recording()
    opened(window, qtbot, talk)
    assert window.meetings.path is not None
    assert ask(window) == []
    assert all(not s.name for s in window.session.annotation.speakers)


def test_a_wrong_name_is_taken_back_and_stays_away(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    know("Anna", 0)
    hears(engine, voice(0, SURE), voice(1))
    opened(window, qtbot, talk)
    assert names(window) == ["Anna", "Speaker 2"]
    press(window, Qt.Key_Y, SHIFT)
    settled(window, qtbot)
    assert names(window) == ["Speaker 1", "Speaker 2"]
    assert ask(window) == []


def test_the_names_belong_to_the_step_of_the_pass_that_heard_them(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    know("Anna", 0)
    hears(engine, voice(0, SURE), voice(1))
    engine.turns = tuple(replace(t, speaker=0) for t in engine.turns)  # two voices, taken for one
    opened(window, qtbot, talk)
    assert names(window) == ["Speaker 1"]
    number = window.speaker_count.number
    number.setCurrentIndex(2)
    number.activated.emit(2)
    qtbot.waitUntil(lambda: "Anna" in names(window), timeout=20_000)
    settled(window, qtbot)
    assert window.session.undo.count() == 1
    press(window, Qt.Key_Z, CTRL)
    settled(window, qtbot)
    assert names(window) == ["Speaker 1"]


def test_what_the_person_named_stays(window: Any, engine: Any, talk: Path, qtbot: QtBot) -> None:
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    window.session.rename(0, "Zoe")
    know("Anna", 0)
    window.known_voices.look_again()
    one_speaker_and_two_again(window, qtbot)
    assert "Zoe" in names(window)
    assert "Anna" not in names(window)
    assert not any("Zoe" in question for question in ask(window))


def test_a_name_that_another_speaker_has_is_asked_about_and_merges(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    window.session.rename(1, "Anna")
    know("Anna", 0)
    window.known_voices.look_again()
    settled(window, qtbot)
    assert "Speaker 1 (Anna?)" in ask(window)[0]
    click(window.voice_questions.rows[0].findChild(QPushButton, "voice_yes"))
    box = window.findChild(QMessageBox, "offer_merge")
    click(box.defaultButton())
    assert names(window) == ["Anna"]


def test_turns_that_are_given_to_others_are_no_evidence_any_more(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    remember(window, qtbot, 0, "Anna")
    remember(window, qtbot, 1, "Ben")
    assert kept("Anna") == [("talk.wav", 0), ("talk.wav", 20)]
    turn = next(t for t in window.session.annotation.turns if t.start == 20 * 16_000)
    window.timeline.select_turn(turn)
    press(window, Qt.Key_2)  # it was Ben's
    settled(window, qtbot)
    assert kept("Anna") == [("talk.wav", 0)]
    assert kept("Ben") == [("talk.wav", 10), ("talk.wav", 20), ("talk.wav", 30)]
    press(window, Qt.Key_Z, CTRL)
    settled(window, qtbot)
    assert kept("Anna") == [("talk.wav", 0), ("talk.wav", 20)]
    assert kept("Ben") == [("talk.wav", 10), ("talk.wav", 30)]


def test_only_what_was_chosen_is_remembered(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    know("Anna", 5)
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    window.session.rename(0, "Ben")
    window.session.rename(1, "Anna")  # perhaps another Anna
    settled(window, qtbot)
    assert [v.name for v in VoiceBook().voices()] == ["Anna"]
    assert kept("Anna") == [("talk.wav", 0)]
    assert any("Is this the Anna whose voice you remember?" in text for text in notices(window))
    click(way(window, "Yes, learn from it"))
    settled(window, qtbot)
    assert kept("Anna") == [("talk.wav", 0), ("talk.wav", 10), ("talk.wav", 30)]


def test_a_question_about_one_meeting_goes_with_it(
    window: Any, engine: Any, talk: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    know("Anna", 5)
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    window.session.rename(1, "Anna")
    settled(window, qtbot)
    assert len(notices(window)) == 1
    window.session.saved()
    opened(window, qtbot, make_recording(tmp_path / "next.wav", 61))
    assert notices(window) == []


def test_another_name_for_a_remembered_speaker_is_asked_about(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    remember(window, qtbot, 0, "Ana")
    window.session.rename(0, "Anna")
    settled(window, qtbot)
    assert kept("Ana") == [("talk.wav", 0), ("talk.wav", 20)]  # nothing is lost meanwhile
    click(way(window, "Rename the voice, too"))
    settled(window, qtbot)
    assert kept("Anna") == [("talk.wav", 0), ("talk.wav", 20)]
    window.session.rename(0, "Ben")
    settled(window, qtbot)
    click(way(window, "It is somebody else's"))
    settled(window, qtbot)
    assert kept("Anna") == []


def test_another_encoder_is_said_and_the_samples_are_heard_anew(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    anna = know("Anna", 0, encoder="another")
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    assert names(window) == ["Speaker 1", "Speaker 2"]
    assert any("another encoder heard the voice" in text for text in notices(window))
    click(way(window, "Hear them anew"))
    settled(window, qtbot)
    assert not any("another encoder" in text for text in notices(window))
    assert any("recognised again: 1" in text for text in notices(window))
    from core.models.manifest import shipped_models

    assert {s.encoder for s in VoiceBook().samples(anna)} == {shipped_models().encoder.sha256}


def test_a_meeting_that_others_heard_is_not_compared(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    from core.meeting.file import ModelIdentity, write_meeting

    know("Anna", 0)
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    assert names(window)[0] == "Anna"
    window.meetings.save()
    qtbot.waitUntil(lambda: window.meetings.path is not None)
    window.close_recording()
    file = talk.with_name("talk.voicelanes.json")
    was = read_meeting(file)
    write_meeting(replace(was, models=ModelIdentity("other", "d", "s")), file)
    opened(window, qtbot, talk)
    assert names(window)[0] == "Anna"  # what was found then stays
    window.actions_by_id["remember_voice"].trigger()
    assert any("analyse again (F5)" in text for text in notices(window))


def test_voices_that_can_not_be_read_disturb_nothing(
    window: Any, engine: Any, talk: Path, qtbot: QtBot
) -> None:
    VoiceBook().path.parent.mkdir(parents=True)
    VoiceBook().path.write_bytes(b"no database at all" * 100)
    hears(engine, voice(0), voice(1))
    opened(window, qtbot, talk)
    assert names(window) == ["Speaker 1", "Speaker 2"]
    assert any("are damaged" in text for text in notices(window))
