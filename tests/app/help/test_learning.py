"""One learns the program from itself: the tour, the guide, the sheet of keys with a search."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import Qt, QUrl
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QLineEdit, QTextBrowser
from pytestqt.qtbot import QtBot

from app.help.guide import Guide, chapters
from app.help.help_sheet import HelpSheet
from app.help.tour import STEPS


def press(key: int) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)


def test_the_tour_goes_through_all_steps_and_can_be_repeated(opened: Any) -> None:
    opened.actions_by_id["tour"].trigger()
    for step in range(len(STEPS)):
        balloon = opened.tour.balloon
        assert balloon.isVisible()
        assert balloon.text.text().startswith(f"{step + 1}/{len(STEPS)}  ")
        assert opened.rect().contains(balloon.geometry())
        assert balloon.next.hasFocus()
        press(Qt.Key_Return)
    assert opened.tour.balloon is None
    opened.tour.start()
    press(Qt.Key_Return)
    QTest.mouseClick(opened.tour.balloon.back, Qt.LeftButton)
    assert opened.tour.step == 0
    press(Qt.Key_Escape)
    assert opened.tour.balloon is None
    assert opened.timeline.visible_range() == (0, 20), "Esc was the balloon's"


def test_the_tour_opens_the_sample_where_nothing_is_open(window: Any, monkeypatch: Any) -> None:
    from app.window.welcome import SAMPLE

    asked: list[Any] = []
    monkeypatch.setattr(window.opening, "open", asked.append)
    window.actions_by_id["tour"].trigger()
    assert asked == [SAMPLE]
    assert window.tour.balloon is None


@pytest.fixture
def guide(window: Any, qtbot: QtBot) -> Guide:
    window.actions_by_id["guide"].trigger()
    guide: Guide = window.findChild(Guide)
    qtbot.waitUntil(guide.isVisible)
    return guide


def test_the_guide_has_its_chapters_and_finds_over_all_of_them(guide: Guide) -> None:
    titles = [guide.list.item(n).text() for n in range(guide.list.count())]
    assert titles == [chapter.title for chapter in chapters()]
    assert titles[0] == "A first meeting"
    assert "Ctrl+S saves everything" in guide.page.toPlainText()
    QTest.keyClicks(guide.search, "rttm")
    assert 0 < guide.list.count() < len(titles)
    QTest.keyClick(guide.search, Qt.Key_Return)
    assert guide.page.textCursor().selectedText().casefold() == "rttm"
    QTest.keyClicks(guide.search, "xyzzy")
    assert guide.list.count() == 0


def test_a_link_in_the_guide_goes_to_its_chapter(guide: Guide) -> None:
    QTest.keyClicks(guide.search, "pauses")
    guide.page.anchorClicked.emit(QUrl("exports.md"))
    assert guide.list.currentItem().data(Qt.UserRole) == "exports"


def test_every_link_between_chapters_leads_somewhere() -> None:
    import re

    names = {chapter.name for chapter in chapters()}
    for chapter in chapters():
        for link in re.findall(r"\]\(([\w-]+)\.md\)", chapter.text):
            assert link in names | {"models"}, (chapter.name, link)  # the card, on the web site


def test_the_sheet_of_keys_finds_what_to_do(window: Any, qtbot: QtBot) -> None:
    window.actions_by_id["shortcuts"].trigger()
    sheet = window.findChild(HelpSheet)
    text = sheet.findChild(QTextBrowser, "sheet")
    whole = text.toPlainText()
    field = sheet.findChild(QLineEdit, "find_key")
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "new speaker")
    found = text.toPlainText()
    assert "somebody new" in found
    assert len(found) < len(whole) / 4
    field.setText("import words")
    assert "Import words" in text.toPlainText(), "also what has no key"
    field.clear()
    assert text.toPlainText() == whole
