"""Words are laid on the turns, read, written, found and followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QTextCursor
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.turns_model import WORDS
from app.session import Session
from app.words.page import WordsPage
from core.annotation import edits
from core.annotation.values import Annotation, Turn, Word
from core.audio.peaks import Peaks
from core.units import SAMPLE_RATE as S

CTRL, LEFT, NONE = Qt.ControlModifier, Qt.LeftButton, Qt.NoModifier


def press(window: Any, key: int, modifier: Any = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def paragraphs(page: WordsPage) -> list[str]:
    return page.view.toPlainText().split("\n")


def texts(window: Any) -> list[str]:
    return [turn.text for turn in window.session.annotation.turns]


def test_a_transcript_is_chosen_and_laid_on_the_turns(
    opened: Any, transcript: Path, qtbot: QtBot
) -> None:
    before = opened.session.annotation
    opened.actions_by_id["import_words"].trigger()
    dialog = opened.findChild(QFileDialog)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.setText(str(transcript))
    QTest.keyClick(field, Qt.Key_Return)
    qtbot.waitUntil(lambda: opened.session.annotation.has_words)
    assert texts(opened)[:2] == ["Good morning everybody.", "Hello 👋 there, Ünal!"]
    assert [(t.start, t.end) for t in opened.session.annotation.turns] == [
        (t.start, t.end) for t in before.turns
    ]
    assert opened.docks.dock("words").isVisible()
    assert "Good morning" in paragraphs(opened.docks.words)[0]
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.timeline.setFocus()
    press(opened, Qt.Key_Z, CTRL)
    assert opened.session.annotation == before
    assert not opened.session.annotation.has_words


def test_a_file_without_words_is_refused_in_one_line(
    opened: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "empty.srt"
    path.write_text("")
    opened.word_import.read(path)
    qtbot.waitUntil(lambda: bool(opened.notices.notices))
    assert "empty.srt" in opened.notices.notices[0].findChild(QLabel).text()
    assert not opened.session.annotation.has_words


def test_words_have_a_column_and_are_found(told: Any) -> None:
    table = told.docks.turns
    assert not table.view.isColumnHidden(WORDS)
    press(told, Qt.Key_F, CTRL)
    QTest.keyClicks(table.search, "everybody")
    assert table.model.rowCount() == 1
    assert table.model.index(0, WORDS).data() == "Good morning everybody."


def test_words_are_written_where_there_are_none(opened: Any, qtbot: QtBot) -> None:
    table = opened.docks.turns
    assert table.view.isColumnHidden(WORDS)
    opened.editing.select(opened.session.annotation.turns[1:2])
    opened.timeline.setFocus()
    press(opened, Qt.Key_W)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "I agree.")
    press(opened, Qt.Key_Return)
    qtbot.waitUntil(lambda: texts(opened)[:3] == ["", "I agree.", ""])
    assert opened.session.undo.undoText() == "Write words"
    assert "I agree." in paragraphs(opened.docks.words)[0]


def test_a_click_on_a_word_goes_there_and_playing_lights_it(told: Any, qtbot: QtBot) -> None:
    page = told.docks.words
    told.docks.read_words()
    words = told.session.annotation.turns[1].words
    start = page.view.toPlainText().index("there")
    units = start + 1  # the emoji before it is two for Qt
    cursor = QTextCursor(page.view.document())
    cursor.setPosition(units + 1)
    QTest.mouseClick(page.view.viewport(), LEFT, NONE, page.view.cursorRect(cursor).center())
    word = next(w for w in words if w.text == "there,")
    assert told.player.position == word.start
    told.player.seek(word.start + 10)
    (lit,) = page.view.extraSelections()
    assert lit.cursor.selectedText() == "there,"
    told.player.seek(19 * S)
    assert page.view.extraSelections() == []


def test_a_word_is_found_on_the_page_again_from_the_top(told: Any) -> None:
    page = told.docks.words
    told.docks.read_words()
    page.search.setFocus()
    page.search.setText("ünal")
    press(told, Qt.Key_Return)
    assert page.view.textCursor().selectedText() == "Ünal"
    there = told.player.position
    assert 3 * S < there < 5 * S
    told.player.seek(0)
    press(told, Qt.Key_Return)
    assert told.player.position == there


def test_the_page_follows_names_and_undo(told: Any) -> None:
    told.session.rename(0, "Anna")
    assert paragraphs(told.docks.words)[0].startswith("Anna")
    press(told, Qt.Key_Z, CTRL)
    assert paragraphs(told.docks.words)[0].startswith("Speaker 1")


def test_without_words_the_page_says_how_to_get_them(opened: Any) -> None:
    opened.docks.read_words()
    assert opened.docks.words.hint.isVisible()


def test_words_stand_in_the_lane(told: Any) -> None:
    told.timeline.zoom_to(0, 4)
    with_words = told.timeline.canvas.grab().toImage()
    told.session.edit("no words", edits.lay_words(told.session.annotation, ()))
    without = told.timeline.canvas.grab().toImage()
    heights = told.timeline.canvas.heights
    ink = 0
    for y in range(round(heights.lanes_top) + 8, round(heights.lanes_top + heights.lane) - 8):
        for x in range(0, with_words.width() // 2):
            ink += with_words.pixel(x, y) != without.pixel(x, y)
    assert ink > 100


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_page_is_what_it_would_be_anew(qtbot: QtBot, data: Any) -> None:
    """However the turns change, paragraphs that stay are not written again, and all are right."""
    session = Session()
    session.open(Path("talk.wav"), Peaks(), 100)
    page = WordsPage(session)
    qtbot.addWidget(page)
    one = st.tuples(st.integers(0, 2), st.sampled_from(["", "yes", "no no", "a 👋 b"]))
    for _ in range(data.draw(st.integers(1, 5))):
        said = data.draw(st.lists(one, max_size=7))
        turns = []
        for n, (who, text) in enumerate(said):
            words = tuple(
                Word(10 * n + k, 10 * n + k + 1, word) for k, word in enumerate(text.split())
            )
            turns.append(Turn(10 * n, 10 * n + 8, who, words=words))
        session.load(Annotation.build(turns, 100))
        fresh = WordsPage(session)
        qtbot.addWidget(fresh)
        assert page.view.toPlainText() == fresh.view.toPlainText()
        assert len([t for t in turns if t.words]) == len(page._lines)
        for row, line in enumerate(page._lines):
            block = page.view.document().findBlockByNumber(row).text()
            for word, at in zip(line[1], page._offsets(row), strict=True):
                utf16 = block.encode("utf-16-le")[2 * at :].decode("utf-16-le")
                assert utf16.startswith(word.text)


@pytest.mark.parametrize("count", [3000])
def test_long_meetings_change_by_a_paragraph(qtbot: QtBot, count: int) -> None:
    words = tuple(Word(k, k + 1, "word") for k in range(8))
    turns = [Turn(10 * n, 10 * n + 9, n % 3, words=words) for n in range(count)]
    session = Session()
    session.open(Path("talk.wav"), Peaks(), 10 * count)
    session.load(Annotation.build(turns, 10 * count))
    page = WordsPage(session)
    qtbot.addWidget(page)
    written: list[Any] = []
    page._write, write = lambda *line: (written.append(line), write(*line)), page._write
    session.edit("x", edits.say(session.annotation, session.annotation.turns[1500], "other"))
    assert len(written) == 1
    assert page.view.document().findBlockByNumber(1500).text().endswith("other")
    assert page.view.document().blockCount() == count
