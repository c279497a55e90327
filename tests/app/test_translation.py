"""The window in German: nearly every string is translated, and that is what one sees."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PyQt5.QtCore import QCoreApplication, QLocale, QSettings, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QDialog, QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, MENUS
from app.translation import FOLDER, LANGUAGES, use_language, wanted

TRANSLATED = [code for code in LANGUAGES if code != "en"]
ENOUGH = 0.9
"""A new string may come in before its translations do."""


@pytest.fixture(scope="module")
def update() -> ModuleType:
    """The script that keeps the translations up to date."""
    spec = importlib.util.spec_from_file_location("update", FOLDER / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def back_to_english(qapp: Any) -> Iterator[None]:
    yield
    use_language("en")


@pytest.fixture
def german(settings: QSettings, qtbot: QtBot, player: Any, engine: Any) -> Any:
    from app.window.main_window import MainWindow

    settings.setValue("language", "de")
    window = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def texts(update: ModuleType, code: str) -> dict[tuple[str, str], str]:
    known: dict[tuple[str, str], str] = update.read(FOLDER / f"voicelanes_{code}.ts")
    return {source: text for source, text in known.items() if text}


@pytest.mark.parametrize("code", TRANSLATED)
def test_nearly_all_strings_are_translated(update: ModuleType, code: str) -> None:
    sources, known = update.sources(), texts(update, code)
    missing = [source for source in sources if source not in known]
    assert len(missing) <= (1 - ENOUGH) * len(sources), missing


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_qm_file_is_made_of_the_ts_file(update: ModuleType, code: str) -> None:
    use_language(code)
    stale = [
        source
        for source, text in texts(update, code).items()
        if QCoreApplication.translate(*source) != text
    ]
    assert not stale, "run: python assets/translations/update.py"


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_filled_in_is_the_same(update: ModuleType, code: str) -> None:
    for (_, source), text in texts(update, code).items():
        assert Counter(re.findall(r"{[^}]*}", source)) == Counter(re.findall(r"{[^}]*}", text))
        assert text.count("&") <= max(1, source.count("&")), text


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_mnemonic_is_given_twice_in_a_menu(update: ModuleType, code: str) -> None:
    known = texts(update, code)
    for menu in MENUS:
        for submenu in {a.submenu for a in ACTIONS if a.menu == menu}:
            listed = [known.get(("actions", a.text), "") for a in ACTIONS
                      if a.menu == menu and a.submenu == submenu]  # fmt: skip
            letters = Counter(t[t.index("&") + 1].lower() for t in listed if "&" in t)
            assert [k for k, n in letters.items() if n > 1] == [], (menu, submenu)


def test_the_window_is_german(german: Any, recording: Path, qtbot: QtBot) -> None:
    titles = [action.text() for action in german.menuBar().actions()]
    assert "&Datei" in titles
    assert "&Hilfe" in titles
    assert german.actions_by_id["open"].text() == "Aufnahme ö&ffnen…"
    assert "Ctrl+O" in german.actions_by_id["open"].toolTip() or "Strg+O" in (
        german.actions_by_id["open"].toolTip()
    )
    german.open_recording(recording)
    qtbot.waitUntil(lambda: german.session.complete and not german.listening.busy)
    docks = german.docks
    assert docks.turns.model.titles()[:5] == ("Anfang", "Ende", "Länge", "Sprecher", "Zustand")
    assert docks.turns.count.text() == "6 Beiträge"
    assert docks.speakers.model.titles()[1] == "Redezeit"
    assert docks.speakers.buttons["merge"].accessibleName() == "Verbinden"
    assert german.timeline.accessibleName() == "Zeitleiste"
    assert german.bar.found.text() == "2 Sprecher · 6 Beiträge"
    german.actions_by_id["go_to"].trigger()
    dialog = next(d for d in german.findChildren(QDialog) if d.isVisible())
    assert dialog.windowTitle() == "Zu einer Zeit gehen"
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons.button(QDialogButtonBox.Cancel).text() == "Abbrechen"  # Qt's own
    QTest.keyClick(dialog, Qt.Key_Escape)


def test_a_refusal_is_german(german: Any, recording: Path, qtbot: QtBot) -> None:
    german.open_recording(recording)
    qtbot.waitUntil(lambda: german.session.complete and not german.listening.busy)
    german.docks.turns.model.setData(german.docks.turns.model.index(0, 0), "bald")
    assert "bald ist keine Zeit" in german.notices.notices[0].accessibleName()


def test_the_language_is_the_chosen_one_else_the_systems(
    settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class German(QLocale):
        def uiLanguages(self) -> list[str]:
            return ["fr-FR", "de-AT", "de", "en"]

    monkeypatch.setattr(QLocale, "system", lambda: German())
    assert wanted(settings) == "de"
    settings.setValue("language", "en")
    assert wanted(settings) == "en"
    settings.setValue("language", "tlh")
    assert wanted(settings) == "de"
    monkeypatch.setattr(German, "uiLanguages", lambda self: ["fr-FR"])
    assert wanted(settings) == "en"


def test_english_comes_back(qapp: Any) -> None:
    use_language("de")
    assert QCoreApplication.translate("actions", "&File") == "&Datei"
    use_language("en")
    assert QCoreApplication.translate("actions", "&File") == "&File"


SOURCE = """
from PyQt5.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
CONTEXT = "table"
def _(text): return str(QT_TRANSLATE_NOOP(CONTEXT, text))
def _tr(text): return QCoreApplication.translate("words", text)
NAMES = {"a": QT_TRANSLATE_NOOP("names", "one")}
ROW = _("two")
class Window:
    def a(self): return self.tr("three").format(self.b("no string"))
    def b(self, x): return self.tr("four" if x else "five") + _tr("six" "seven")
def start(window): window.tr("eight")
"""


def test_all_ways_to_mark_a_string_are_found(update: ModuleType) -> None:
    assert set(update.strings(ast.parse(SOURCE))) == {
        ("names", "one"),
        ("table", "two"),
        ("Window", "three"),
        ("Window", "four"),
        ("Window", "five"),
        ("words", "sixseven"),
        ("MainWindow", "eight"),
    }


def test_an_update_keeps_what_is_translated(update: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "voicelanes_xx.ts"
    known = {("a", "<b>&1</b>"): "„x“ & <y>", ("a", "gone"): "weg"}
    update.write(path, "xx", [("a", "<b>&1</b>"), ("b", "new")], known)
    assert update.read(path) == {("a", "<b>&1</b>"): "„x“ & <y>", ("b", "new"): ""}


def test_a_string_that_moves_to_another_class_stays_translated(update: ModuleType) -> None:
    known = {("Old", "Name"): "Name!", ("b", "Open"): "Auf", ("c", "Open"): ""}
    texts = [("New", "Name"), ("b", "Open"), ("c", "Open"), ("d", "fresh")]
    assert update.moved(known, texts) == {
        ("New", "Name"): "Name!",
        ("b", "Open"): "Auf",
        ("c", "Open"): "Auf",
        ("d", "fresh"): "",
    }
