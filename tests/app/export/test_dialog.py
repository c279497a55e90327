"""Exporting as a person does it: choose, look, name, confirm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTextBrowser,
)
from pytestqt.qtbot import QtBot

from app.export import tasks
from app.export.dialog import ExportDialog
from app.export.format_list import FormatList
from app.export.groups import ALL, GROUPS
from core.annotation.values import Annotation, Turn
from core.annotation.words import spread
from core.export.meeting import TITLES
from core.formats import rttm
from core.stream.changes import Window
from core.stream.speech import Speech


class Hand:
    """What a person does with the dialog."""

    def __init__(self, window: Any, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        QTest.keyClick(window, Qt.Key_E, Qt.ControlModifier | Qt.ShiftModifier)
        self.dialog: ExportDialog = window.findChild(ExportDialog)
        assert self.dialog.isVisible()

    def part(self, kind: type, name: str) -> Any:
        found = self.dialog.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def formats(self) -> FormatList:
        return self.part(FormatList, "formats")

    def choose(self, name: str) -> None:
        """Click on a format."""
        item = self.formats.item_of(name)
        self.formats.scrollToItem(item)
        where = self.formats.visualItemRect(item).center()
        QTest.mouseClick(self.formats.viewport(), Qt.LeftButton, pos=where)

    def tick(self, name: str) -> None:
        """Click on the box of a format."""
        item = self.formats.item_of(name)
        self.formats.scrollToItem(item)
        where = self.formats.box(item)
        QTest.mouseClick(self.formats.viewport(), Qt.LeftButton, pos=where)

    def type(self, name: str, text: str) -> None:
        edit = self.part(QLineEdit, name)
        edit.selectAll()
        QTest.keyClicks(edit, text)

    def preview(self, expected: str) -> None:
        text = self.part(QPlainTextEdit, "preview")
        self.qtbot.waitUntil(lambda: expected in text.toPlainText() and text.isVisible())

    @property
    def button(self) -> QAbstractButton:
        return self.part(QDialogButtonBox, "").button(QDialogButtonBox.Ok)

    @property
    def hint(self) -> str:
        return str(self.part(QLabel, "hint").text())

    def export(self) -> None:
        QTest.mouseClick(self.button, Qt.LeftButton)

    def wait_for(self, path: Path) -> None:
        self.qtbot.waitUntil(lambda: "Exported" in self.window.bar.currentMessage())
        assert path.exists()


@pytest.fixture
def hand(qtbot: QtBot, opened: Any) -> Hand:
    return Hand(opened, qtbot)


def test_a_table_is_exported_beside_the_recording(hand: Hand, recording: Path) -> None:
    hand.choose("csv")
    hand.preview("file,speaker,start,end,duration\ntalk,Speaker 1,0.000,2.000,2.000")
    assert hand.part(QLineEdit, "target").text() == str(recording.with_suffix(".csv"))
    hand.export()
    hand.wait_for(recording.with_suffix(".csv"))
    assert recording.with_suffix(".csv").read_text().startswith("file,speaker")
    assert hand.window.settings.value("export/formats") == ["csv"]


def test_the_preview_follows_every_choice(hand: Hand) -> None:
    hand.choose("rttm")
    hand.preview("SPEAKER talk 1 0.000 2.000")
    hand.choose("txt")
    hand.preview("========= 0 =========\n0:00.000 ==> 0:02.000")
    QTest.mouseClick(hand.part(QCheckBox, "part"), Qt.LeftButton, pos=hand_pos(hand))
    hand.type("from", "1")
    hand.type("to", "0:05")
    hand.preview("========= 0 =========\n0:01.000 ==> 0:02.000\n========= 1 =========\n0:03")
    speakers = hand.part(QListWidget, "speakers")
    speakers.setFocus()
    QTest.keyClick(speakers, Qt.Key_Home)
    QTest.keyClick(speakers, Qt.Key_Space)
    text = hand.part(QPlainTextEdit, "preview")
    hand.qtbot.waitUntil(lambda: "= 0 =" not in text.toPlainText())
    assert "========= 1 =========\n0:03.000 ==> 0:05.000" in text.toPlainText()


def test_a_file_per_speaker_and_a_document_have_a_preview_of_their_text(
    hand: Hand, recording: Path
) -> None:
    hand.choose("docx")
    hand.preview("[0:00:00.000 - 0:00:02.000] Speaker 1:")
    hand.choose("audacity-set")
    hand.preview("talk.Speaker 1.labels.txt\n0.000000\t2.000000\tSpeaker 1\n")
    hand.export()
    hand.wait_for(recording.with_name("talk.Speaker 2.labels.txt"))


def hand_pos(hand: Hand) -> Any:
    return hand.part(QCheckBox, "part").rect().center().__class__(8, 8)


def test_gaps_are_merged_and_short_turns_left_out(hand: Hand) -> None:
    hand.choose("rttm")
    gaps = hand.part(QDoubleSpinBox, "gaps")
    gaps.selectAll()
    QTest.keyClicks(gaps, "4.5")
    hand.preview("SPEAKER talk 1 0.000 14.000")
    shortest = hand.part(QDoubleSpinBox, "shortest")
    shortest.selectAll()
    QTest.keyClicks(shortest, "60")
    text = hand.part(QPlainTextEdit, "preview")
    hand.qtbot.waitUntil(lambda: text.toPlainText() == "")


def test_names_are_left_out_on_request(qtbot: QtBot, opened: Any) -> None:
    opened.session.rename(0, "Anna")
    hand = Hand(opened, qtbot)
    hand.choose("vtt")
    hand.preview("<v Anna>Anna")
    QTest.keyClick(hand.dialog, Qt.Key_N, Qt.AltModifier)
    hand.preview("<v Speaker 1>Speaker 1")


def test_a_picture_is_shown_as_one(hand: Hand) -> None:
    picture = hand.part(QLabel, "picture")
    for name in ("png", "svg"):
        hand.choose(name)
        picture.clear()
        hand.qtbot.waitUntil(
            lambda: picture.isVisible() and picture.pixmap() is not None, timeout=20_000
        )
        assert picture.pixmap().width() > 100


def test_the_preview_of_another_format_is_gone_at_once(hand: Hand) -> None:
    hand.choose("csv")
    hand.preview("file,speaker")
    hand.choose("png")
    text = hand.part(QPlainTextEdit, "preview")
    assert text.isVisible()
    assert text.toPlainText() == "The preview comes in a moment…"
    hand.choose("csv")
    hand.preview("file,speaker")


@pytest.mark.parametrize("name", ["html", "report"])
def test_a_web_page_is_shown_as_one(hand: Hand, name: str) -> None:
    page = hand.part(QTextBrowser, "page")
    hand.choose(name)
    hand.qtbot.waitUntil(page.isVisible, timeout=20_000)
    text = page.toPlainText()
    assert "Speaker 1" in text
    assert "<" not in text
    assert "font:" not in text
    drawn = page.viewport().grab().toImage()
    colours = {
        drawn.pixelColor(x, y).name()
        for x in range(0, drawn.width(), 2)
        for y in range(0, drawn.height(), 2)
    }
    assert "#e69f00" in colours, "the picture of the lanes"


def test_of_a_long_web_page_the_beginning_is_shown(hand: Hand) -> None:
    turns = [Turn(n * 16_000, n * 16_000 + 8_000, n % 2) for n in range(2000)]
    hand.window.session.load(Annotation.build(turns))
    QTest.keyClick(hand.dialog, Qt.Key_Escape)
    hand.window.activateWindow()
    hand.qtbot.waitUntil(hand.window.isActiveWindow)
    hand = Hand(hand.window, hand.qtbot)
    hand.choose("html")
    page = hand.part(QTextBrowser, "page")
    hand.qtbot.waitUntil(page.isVisible, timeout=20_000)
    assert page.toPlainText().rstrip().endswith("…")
    assert page.toPlainText().count("Speaker 1") < 60


def test_an_existing_file_is_replaced_only_after_a_yes(hand: Hand, recording: Path) -> None:
    target = recording.with_suffix(".srt")
    target.write_text("old")
    hand.choose("srt")
    hand.export()
    box = hand.part(QMessageBox, "replace")
    assert "talk.srt" in box.text()
    QTest.keyClick(box, Qt.Key_Escape)
    hand.qtbot.waitUntil(lambda: not box.isVisible())
    assert hand.dialog.isVisible()
    assert target.read_text() == "old"
    hand.qtbot.waitUntil(lambda: hand.dialog.findChild(QMessageBox, "replace") is None)
    hand.export()
    QTest.mouseClick(hand.part(QPushButton, "yes"), Qt.LeftButton)
    hand.wait_for(target)
    assert target.read_text().startswith("1\n00:00:00,000")


def test_sound_per_speaker(hand: Hand, recording: Path) -> None:
    hand.choose("flac")
    hand.preview("talk.Speaker 1.flac  0:00:06.000\ntalk.Speaker 2.flac  0:00:06.000")
    joined = hand.part(QCheckBox, "joined")
    assert joined.isVisible()
    QTest.keyClick(hand.dialog, Qt.Key_S, Qt.AltModifier)
    hand.qtbot.waitUntil(joined.isChecked)  # the box shows the press for a moment
    hand.export()
    hand.wait_for(recording.with_name("talk.Speaker 1.flac"))
    assert soundfile.info(recording.with_name("talk.Speaker 2.flac")).duration == 6.0
    assert soundfile.info(recording).frames == 20 * 16_000


def test_sound_without_what_two_say_at_once(qtbot: QtBot, opened: Any, recording: Path) -> None:
    turns = [Turn(0, 6 * 16_000, 0), Turn(4 * 16_000, 8 * 16_000, 1)]
    opened.session.load(Annotation.build(turns, 20 * 16_000))
    hand = Hand(opened, qtbot)
    hand.choose("flac")
    hand.preview("talk.Speaker 1.flac  0:00:06.000\ntalk.Speaker 2.flac  0:00:04.000")
    alone = hand.part(QCheckBox, "alone")
    hand.choose("rttm")
    assert not alone.isVisible()
    hand.choose("flac")
    assert alone.isVisible()
    QTest.keyClick(hand.dialog, Qt.Key_W, Qt.AltModifier)
    qtbot.waitUntil(alone.isChecked)
    hand.preview("talk.Speaker 1.flac  0:00:04.000\ntalk.Speaker 2.flac  0:00:02.000")
    QTest.keyClick(hand.dialog, Qt.Key_S, Qt.AltModifier)
    qtbot.waitUntil(hand.part(QCheckBox, "joined").isChecked)
    hand.export()
    hand.wait_for(recording.with_name("talk.Speaker 1.flac"))
    assert soundfile.info(recording.with_name("talk.Speaker 1.flac")).duration == 4.0
    assert soundfile.info(recording.with_name("talk.Speaker 2.flac")).duration == 2.0


@pytest.fixture
def spoken(qtbot: QtBot, opened: Any) -> Hand:
    """The dialog of a recording in which it is known what is said, also by two at once."""
    opened.session.annotation = Annotation.build(
        [
            Turn(0, 64_000, 0, words=tuple(spread("Well, I have said it before. " * 4, 0, 64_000))),
            Turn(32_000, 96_000, 1, words=tuple(spread("And so have I.", 32_000, 96_000))),
        ],
        opened.session.annotation.duration,
    )
    return Hand(opened, qtbot)


def test_editors_have_frames_and_a_timecode(spoken: Hand) -> None:
    rate, timecode = spoken.part(QComboBox, "frame rate"), spoken.part(QLineEdit, "timecode")
    spoken.choose("srt")
    assert not rate.isVisible()
    assert not timecode.isVisible()
    spoken.choose("edl")
    spoken.preview("00:00:00:00 00:00:04:00")
    rate.setFocus()
    QTest.keyClicks(rate, "29.97")
    QTest.keyClick(rate, Qt.Key_Down)
    assert rate.currentText() == "29.97 drop frame"
    spoken.preview("FCM: DROP FRAME")
    spoken.type("timecode", "01:00:00;00")
    spoken.preview("01:00:00;00 01:00:04;00")
    spoken.type("timecode", "01:01:00;00")
    assert spoken.hint == "01:01:00;00 is no timecode at 29.97df frames a second"
    assert not spoken.button.isEnabled()
    rate.setCurrentIndex(0)
    spoken.type("timecode", "noon")
    assert spoken.hint.startswith("A timecode is hours, minutes")
    spoken.choose("srt")
    assert not spoken.hint


def test_captions_and_words_are_as_a_person_wants_them(spoken: Hand, recording: Path) -> None:
    spoken.choose("vtt")
    spoken.preview("<v Speaker 1>Well, I have said it before.\n")
    for name, value in (("columns", "74"), ("lines", "1"), ("speed", "40")):
        box = spoken.part(QSpinBox, name)
        box.selectAll()
        QTest.keyClicks(box, value)
    spoken.preview("said it before. Well, I have said it before.\n")
    words = spoken.part(QCheckBox, "words")
    QTest.mouseClick(words, Qt.LeftButton, pos=words.rect().center().__class__(8, 8))
    spoken.preview("<v Speaker 1>Speaker 1\n")
    spoken.export()
    spoken.wait_for(recording.with_suffix(".vtt"))
    spoken.qtbot.waitUntil(lambda: not spoken.window.findChildren(ExportDialog))
    spoken.window.activateWindow()
    spoken.qtbot.waitUntil(spoken.window.isActiveWindow)
    again = Hand(spoken.window, spoken.qtbot)
    assert [again.part(QSpinBox, n).value() for n in ("columns", "lines", "speed")] == [74, 1, 40]
    assert not again.part(QCheckBox, "words").isChecked()


def test_without_words_there_is_nothing_to_choose_about_them(hand: Hand) -> None:
    hand.choose("srt")
    for kind, name in ((QSpinBox, "columns"), (QCheckBox, "words")):
        assert not hand.part(kind, name).isVisible()


def test_a_table_says_how_sure_it_is(qtbot: QtBot, opened: Any) -> None:
    turns = [Turn(0, 32_000, 0), Turn(48_000, 96_000, 1), Turn(96_000, 128_000, 0)]
    voices = np.eye(2, 8, dtype=np.float32)
    heard = [Window(n * 16_000, (n + 1) * 16_000, voices[int(n > 1)], 1.0) for n in range(8)]
    opened.session.load(Annotation.build(turns, 160_000), tuple(heard), Speech(((0, 128_000),)))
    hand = Hand(opened, qtbot)
    hand.choose("csv")
    hand.preview("duration,confidence\ntalk,Speaker 1,0.000,2.000,2.000,0.")


def test_what_can_not_overlap_is_said(spoken: Hand) -> None:
    spoken.choose("srt")
    assert not spoken.hint
    spoken.choose("transcript")
    assert spoken.hint.startswith("What is said at once stands one after the other")


def test_what_cannot_be_exported_is_said_at_once(hand: Hand, recording: Path) -> None:
    hand.type("target", str(recording))
    assert "is the recording itself" in hand.hint
    assert not hand.button.isEnabled()
    hand.type("target", str(recording.parent / "none" / "a.rttm"))
    assert "There is no folder" in hand.hint
    hand.part(QLineEdit, "target").clear()
    assert "Choose a file" in hand.hint
    hand.type("target", str(recording.with_name("a.rttm")))
    assert hand.hint == ""
    QTest.mouseClick(hand.part(QCheckBox, "part"), Qt.LeftButton, pos=hand_pos(hand))
    hand.type("to", "x")
    assert "Times are seconds" in hand.hint
    hand.type("to", "0")
    assert "must end after it begins" in hand.hint
    assert not hand.button.isEnabled()


def test_a_failed_export_is_a_notice(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.errors import OutputError

    def full(*_: Any, **__: Any) -> Any:
        raise OutputError("can't write talk.rttm: the disk is full")

    monkeypatch.setattr(tasks, "export", full)
    hand.export()
    hand.qtbot.waitUntil(lambda: bool(hand.window.notices.notices))
    assert "the disk is full" in hand.window.notices.notices[0].problem.message
    assert hand.window.bar.currentMessage() == ""


def test_the_ending_follows_the_format_unless_it_is_the_persons_own(
    hand: Hand, recording: Path
) -> None:
    target = hand.part(QLineEdit, "target")
    hand.choose("audacity")
    assert target.text().endswith("talk.labels.txt")
    hand.choose("eaf")
    assert target.text().endswith("talk.eaf")
    hand.type("target", str(recording.with_name("mine.xml")))
    hand.choose("csv")
    assert target.text().endswith("mine.xml")


def test_browse_fills_in_the_file(hand: Hand, recording: Path) -> None:
    hand.choose("rttm")
    QTest.mouseClick(hand.part(QPushButton, "browse"), Qt.LeftButton)
    dialog = hand.dialog.findChild(QFileDialog)
    dialog.fileSelected.emit(str(recording.with_name("other.rttm")))
    dialog.reject()
    assert hand.part(QLineEdit, "target").text().endswith("other.rttm")
    hand.export()
    hand.wait_for(recording.with_name("other.rttm"))
    assert list(rttm.read(recording.with_name("other.rttm"))) == ["talk"]


def test_the_selected_time_is_offered_and_the_last_format(qtbot: QtBot, opened: Any) -> None:
    opened.settings.setValue("export/format", "vtt")
    opened.timeline.set_selection((3.0, 5.0))
    hand = Hand(opened, qtbot)
    assert hand.dialog.format == "vtt"
    assert hand.part(QCheckBox, "part").isChecked()
    assert hand.part(QLineEdit, "from").text() == "0:00:03.000"
    hand.preview("00:00:03.000 --> 00:00:05.000")


def test_every_control_has_a_name_and_takes_the_keyboard(hand: Hand) -> None:
    for kind in (QLineEdit, QListWidget, QDoubleSpinBox, QPlainTextEdit, QAbstractButton):
        for widget in hand.dialog.findChildren(kind):
            if widget.objectName().startswith("qt_") or isinstance(
                widget.parent(), QAbstractSpinBox
            ):
                continue
            assert widget.accessibleName() or widget.text(), widget.objectName()
            assert widget.focusPolicy() & Qt.TabFocus, widget.objectName()


def test_closing_during_a_preview_does_no_harm(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.choose("html")
    hand.qtbot.wait(250)  # until the preview has begun
    QTest.keyClick(hand.dialog, Qt.Key_Escape)
    hand.qtbot.waitUntil(lambda: not hand.window.findChildren(ExportDialog))
    hand.qtbot.waitUntil(lambda: not hand.window.work.busy, timeout=20_000)
    assert not hand.window.notices.notices


def test_every_format_has_a_translated_name_and_a_group() -> None:
    assert list(tasks.NAMES) == list(TITLES)
    assert sorted(ALL) == sorted(TITLES)
    assert len(set(ALL)) == len(ALL)


def test_the_groups_are_titles_that_the_keys_pass_over(hand: Hand) -> None:
    shown = [hand.formats.topLevelItem(n).text(0) for n in range(hand.formats.topLevelItemCount())]
    assert shown == list(GROUPS)
    hand.choose("tsv")
    QTest.keyClick(hand.formats, Qt.Key_Down)
    assert hand.formats.chosen == ("srt",)
    assert hand.dialog.format == "srt"


def test_several_formats_at_once(hand: Hand, recording: Path) -> None:
    hand.choose("csv")
    hand.tick("srt")
    hand.tick("flac")
    assert hand.formats.chosen == ("csv", "srt", "flac")
    assert hand.part(QLineEdit, "target").text() == str(recording.with_suffix(""))
    assert hand.hint.startswith("4 files: talk.csv, talk.srt, talk.Speaker 1.flac")
    assert hand.part(QCheckBox, "joined").isVisible()
    hand.choose("srt")  # only to look
    hand.preview("00:00:00,000 --> 00:00:02,000")
    assert hand.formats.chosen == ("csv", "srt", "flac")
    hand.tick("csv")
    assert hand.formats.chosen == ("srt", "flac")
    hand.export()
    hand.wait_for(recording.with_suffix(".srt"))
    assert recording.with_name("talk.Speaker 2.flac").exists()
    assert not recording.with_suffix(".csv").exists()


def test_formats_with_one_ending_get_names_of_their_own(hand: Hand, recording: Path) -> None:
    hand.choose("audacity")
    hand.tick("audacity-set")
    hand.export()
    hand.wait_for(recording.with_name("talk.audacity.labels.txt"))
    assert {file.name for file in recording.parent.glob("talk.*.txt")} == {
        "talk.audacity.labels.txt",
        "talk.audacity-set.Speaker 1.labels.txt",
        "talk.audacity-set.Speaker 2.labels.txt",
    }


def test_several_by_keys_alone(hand: Hand) -> None:
    hand.choose("csv")
    QTest.keyClick(hand.formats, Qt.Key_Down, Qt.ControlModifier)
    assert hand.formats.chosen == ("csv",)
    QTest.keyClick(hand.formats, Qt.Key_Space)
    assert hand.formats.chosen == ("csv", "tsv")
    QTest.keyClick(hand.formats, Qt.Key_Down)
    assert hand.formats.chosen == ("csv", "tsv")
    QTest.keyClick(hand.formats, Qt.Key_Up)
    QTest.keyClick(hand.formats, Qt.Key_Space)
    assert hand.formats.chosen == ("csv",)
    QTest.keyClick(hand.formats, Qt.Key_Up)
    QTest.keyClick(hand.formats, Qt.Key_Space)
    assert hand.formats.chosen == ()
    assert hand.hint == "Tick at least one format"
    assert not hand.button.isEnabled()


def test_of_several_all_that_are_there_are_asked_about(hand: Hand, recording: Path) -> None:
    for ending in (".csv", ".srt"):
        recording.with_suffix(ending).write_text("old")
    for name in ("csv", "vtt", "srt"):
        (hand.choose if name == "csv" else hand.tick)(name)
    hand.export()
    box = hand.part(QMessageBox, "replace")
    assert "talk.csv, talk.srt" in box.text()
    QTest.mouseClick(hand.part(QPushButton, "yes"), Qt.LeftButton)
    hand.wait_for(recording.with_suffix(".vtt"))
    assert recording.with_suffix(".srt").read_text().startswith("1\n")


def test_a_folder_for_several(hand: Hand, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    hand.choose("csv")
    hand.tick("srt")
    QTest.mouseClick(hand.part(QPushButton, "browse"), Qt.LeftButton)
    dialog = hand.dialog.findChild(QFileDialog)
    assert dialog.fileMode() == QFileDialog.Directory
    dialog.fileSelected.emit(str(elsewhere))
    dialog.reject()
    hand.export()
    hand.wait_for(elsewhere / "talk.srt")
    assert (elsewhere / "talk.csv").exists()


def test_choices_are_remembered(qtbot: QtBot, hand: Hand, recording: Path) -> None:
    hand.choose("vtt")
    hand.tick("json")
    hand.part(QDoubleSpinBox, "gaps").setValue(1.5)
    rate = hand.part(QComboBox, "frame rate")
    rate.setCurrentIndex(rate.findData("29.97df"))
    QTest.keyClick(hand.dialog, Qt.Key_N, Qt.AltModifier)
    qtbot.waitUntil(hand.part(QCheckBox, "anonymous").isChecked)
    hand.export()
    hand.wait_for(recording.with_suffix(".vtt"))
    qtbot.waitUntil(lambda: not hand.window.findChildren(ExportDialog))
    hand.window.activateWindow()
    qtbot.waitUntil(hand.window.isActiveWindow)
    again = Hand(hand.window, qtbot)
    assert again.formats.chosen == ("vtt", "json")
    assert again.part(QDoubleSpinBox, "gaps").value() == 1.5
    assert again.part(QDoubleSpinBox, "shortest").value() == 0
    assert again.part(QComboBox, "frame rate").currentData() == "29.97df"
    assert again.part(QCheckBox, "anonymous").isChecked()
    assert not again.part(QCheckBox, "part").isChecked()


@pytest.mark.parametrize(
    "habits",
    ["x", "[1]", '{"gaps": "x"}', '{"gaps": {}}', '{"columns": NaN}', '{"frame rate": [25]}'],
)
def test_remembered_choices_that_make_no_sense_are_forgotten(
    qtbot: QtBot, opened: Any, habits: str
) -> None:
    opened.settings.setValue("export/options", habits)
    opened.settings.setValue("export/formats", ["none", "srt"])
    hand = Hand(opened, qtbot)
    assert hand.formats.chosen == ("srt",)
    assert hand.part(QDoubleSpinBox, "gaps").value() == 0


def test_what_was_exported_is_shown_in_its_folder(
    hand: Hand, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url) or True)
    hand.choose("csv")
    hand.export()
    hand.wait_for(recording.with_suffix(".csv"))
    (notice,) = hand.window.notices.notices
    assert notice.problem.message == f"Exported talk.csv to {recording.parent}"
    (way,) = notice.findChildren(QPushButton, "way")
    assert way.text() == "Show in folder"
    QTest.mouseClick(way, Qt.LeftButton)
    assert [url.toLocalFile() for url in shown] == [str(recording.parent)]
    assert hand.window.notices.notices == []
