"""The settings: what is chosen takes effect at once, or the dialog says when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtGui import QColor, QKeySequence, QPalette
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QColorDialog, QFileDialog, QTextBrowser
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS
from app.listening.usual_speakers import Diarize, count
from app.preferences import Preferences
from app.settings import shortcuts
from app.settings.dialog import SettingsDialog
from core.annotation.values import OKABE_ITO
from core.models import folders, manifest
from core.refine.refine import SpeakerCount


@pytest.fixture
def dialog(window: Any, qtbot: QtBot) -> Any:
    QTest.keyClick(window, Qt.Key_Comma, Qt.ControlModifier)
    dialog = window.findChild(SettingsDialog)
    qtbot.waitUntil(lambda: bool(dialog.isVisible()))
    return dialog


def choose(box: Any, data: Any) -> None:
    """As by the keyboard: the arrow keys go through what there is."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key_Home)
    while box.currentData() != data:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key_Down)
        assert box.currentIndex() != before, f"{data} isn't offered"


def kept(window: Any) -> Preferences:
    """The settings as after a restart."""
    window.settings.sync()
    return Preferences(QSettings(window.settings.fileName(), QSettings.IniFormat))


# general


def test_the_theme_changes_at_once(window: Any, dialog: Any) -> None:
    for theme, dark in (("dark", True), ("light", False), ("contrast", True), ("system", None)):
        choose(dialog.theme, theme)
        base = QApplication.palette().color(QPalette.Base)
        assert kept(window).theme == theme
        if dark is not None:
            assert (base.lightness() < 128) == dark
            assert window.timeline.canvas.turns.theme.base == base


def test_the_language_needs_a_restart_and_says_so(window: Any, dialog: Any) -> None:
    choose(dialog.language, "de")
    assert kept(window).language == "de"
    assert dialog.restart.isVisible()
    assert "started again" in dialog.restart.text()


def test_follow_and_autosave_are_ticked(window: Any, dialog: Any) -> None:
    for box, name in ((dialog.follow, "follow"), (dialog.autosave, "autosave")):
        assert box.isChecked()
        QTest.keyClick(box, Qt.Key_Space)
        assert getattr(kept(window), name) is False
    assert window.timeline.follow is False


def test_follow_is_as_chosen_for_the_next_recording(
    window: Any, dialog: Any, recording: Path, qtbot: QtBot
) -> None:
    window.open_recording(recording)
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    assert window.timeline.follow
    window.preferences.follow = False
    window.timeline.follow = True
    window.open_recording(recording)
    qtbot.waitUntil(lambda: not window.timeline.follow)
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)


def test_defaults_set_everything_back(window: Any, dialog: Any) -> None:
    choose(dialog.theme, "dark")
    QTest.keyClick(dialog.follow, Qt.Key_Space)
    QTest.mouseClick(dialog.defaults, Qt.LeftButton)
    assert (kept(window).theme, kept(window).follow) == ("system", True)
    assert dialog.theme.currentData() == "system"
    assert dialog.follow.isChecked()


def test_the_colours_of_speakers_are_chosen(opened: Any) -> None:
    session, second = opened.session, opened.session.annotation.speakers[1]
    opened.show_settings()
    dialog = opened.findChild(SettingsDialog)

    def pick(n: int, colour: str) -> None:
        button = dialog.colours[n]
        assert button.accessibleName() == f"Colour of speaker {n + 1}"
        QTest.mouseClick(button, Qt.LeftButton)
        asked = dialog.findChild(QColorDialog)
        asked.setCurrentColor(QColor(colour))
        asked.accept()
        asked.setParent(None)

    def shown(n: int) -> list[str]:
        lane = opened.timeline.canvas.turns.lanes[n].style.color
        panel = opened.docks.speakers
        icons = (dialog.colours[n].icon(), panel.model.data(panel.model.index(n, 0), 1))
        middles = [icon.pixmap(16, 16).toImage() for icon in icons]
        return [lane.name(), *(p.pixelColor(p.rect().center()).name() for p in middles)]

    pick(0, "#123456")
    assert kept(opened).colours == ("#123456", *OKABE_ITO[1:])
    assert shown(0) == ["#123456"] * 3
    assert not session.undo.canUndo()
    session.recolour(second.id, "#abcdef")
    pick(1, "#654321")
    assert opened.timeline.canvas.turns.lanes[1].style.color.name() == "#abcdef"
    session.recolour(second.id, "")
    assert shown(1) == ["#654321"] * 3
    QTest.mouseClick(dialog.usual_colours, Qt.LeftButton)
    assert kept(opened).colours == OKABE_ITO
    assert shown(0) == [OKABE_ITO[0].lower()] * 3


@pytest.mark.parametrize("text", ["", "#123456", "red " * 7, "#12345g " * 7])
def test_colours_that_are_none_count_as_the_usual_ones(window: Any, text: str) -> None:
    window.settings.setValue("colours", text)
    assert kept(window).colours == OKABE_ITO


# recording


def test_the_microphone_is_one_of_those_that_are_there(
    settings: QSettings, qtbot: QtBot, player: Any, engine: Any
) -> None:
    from app.recording.inputs import Sound
    from app.window.main_window import MainWindow
    from core.audio.devices import InputDevice

    devices = [InputDevice(n, f"Mic {n}", "ALSA", 1, 16000, default=n == 0) for n in range(2)]
    never: Any = None
    sound = Sound(lambda: devices, never, never)
    window = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None, sound=sound)
    qtbot.addWidget(window)
    window.show()
    window.show_settings()
    dialog: Any = window.findChild(SettingsDialog)
    dialog.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.microphone.count() == 2)
    assert dialog.microphone.currentText() == "Mic 0"
    choose(dialog.microphone, devices[1])
    assert kept(window).input_device == devices[1].key
    assert window.inputs.chosen == devices[1]
    devices.clear()
    QTest.mouseClick(dialog.look, Qt.LeftButton)
    qtbot.waitUntil(lambda: not dialog.microphone.isEnabled())


def test_the_output_is_one_of_those_that_are_there(
    settings: QSettings, qtbot: QtBot, player: Any, engine: Any
) -> None:
    from app.recording.inputs import Sound
    from app.window.main_window import MainWindow
    from core.audio.outputs import OutputDevice

    devices = [OutputDevice(n, name, "ALSA", 48000) for n, name in enumerate(("HDMI", "Headset"))]
    never: Any = None
    sound = Sound(list, never, never, lambda: list(devices))
    window = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None, sound=sound)
    qtbot.addWidget(window)
    window.show()
    window.show_settings()
    dialog: Any = window.findChild(SettingsDialog)
    dialog.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.output.count() == 3)
    assert dialog.output.currentData() == ""
    choose(dialog.output, "Headset [ALSA]")
    assert kept(window).output_device == "Headset [ALSA]"
    assert player.device == "Headset [ALSA]"
    devices.pop()  # unplugged
    QTest.mouseClick(dialog.look, Qt.LeftButton)
    qtbot.waitUntil(lambda: "not there" in dialog.output.currentText())
    assert dialog.output.currentData() == "Headset [ALSA]"
    QTest.mouseClick(dialog.defaults, Qt.LeftButton)
    assert dialog.output.currentData() == player.device == kept(window).output_device == ""
    assert dialog.output.count() == 2
    window.player.told.emit("playing elsewhere")
    assert any("elsewhere" in n.problem.message for n in window.notices.notices)


def test_the_folder_of_recordings(window: Any, dialog: Any, tmp_path: Path) -> None:
    dialog.tabs.setCurrentIndex(1)
    assert dialog.folder.placeholderText()
    dialog.folder.setFocus()
    QTest.keyClicks(dialog.folder, str(tmp_path))
    QTest.keyClick(dialog.folder, Qt.Key_Return)
    assert kept(window).recordings_folder == str(tmp_path)
    assert dialog.isVisible()  # Enter belonged to the field
    QTest.mouseClick(dialog.browse, Qt.LeftButton)
    asked = dialog.findChild(QFileDialog)
    assert asked.fileMode() == QFileDialog.Directory
    asked.fileSelected.emit("/elsewhere")
    asked.reject()
    assert kept(window).recordings_folder == "/elsewhere"
    assert dialog.folder.text() == "/elsewhere"


# speakers and models


def test_the_usual_number_of_speakers_is_that_of_the_next_recording(
    window: Any, dialog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.tabs.setCurrentIndex(2)
    diarize = Diarize(window.preferences)
    asked: list[Any] = []
    monkeypatch.setattr(
        "core.pipeline.diarize_file", lambda path, speakers, **rest: asked.append(speakers)
    )
    diarize(Path("a.wav"))
    dialog.speakers.setFocus()
    QTest.keyClicks(dialog.speakers, "2-4")
    assert kept(window).speakers == "2-4"
    assert "next recording" in dialog.speakers_note.text()
    diarize(Path("a.wav"))
    assert asked == [None, SpeakerCount(2, 4)]


def test_fewer_or_more_speakers_is_heeded_by_the_next_recording(
    window: Any, dialog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.tabs.setCurrentIndex(2)
    diarize = Diarize(window.preferences)
    asked: list[float] = []
    monkeypatch.setattr("core.pipeline.diarize_file", lambda path, bias, **rest: asked.append(bias))
    diarize(Path("a.wav"))
    dialog.sensitivity.setFocus()
    for key in (Qt.Key_Right, Qt.Key_Right, Qt.Key_Right):
        QTest.keyClick(dialog.sensitivity, key)
    diarize(Path("a.wav"))
    assert kept(window).sensitivity == 0.3
    assert dialog.sensitivity.accessibleName() == "Fewer or more speakers"
    QTest.keyClick(dialog.sensitivity, Qt.Key_Home)
    diarize(Path("a.wav"))
    assert asked == [0.0, 0.3, -1.0]
    QTest.mouseClick(dialog.defaults, Qt.LeftButton)
    assert dialog.sensitivity.value() == 0
    assert kept(window).sensitivity == 0


@pytest.mark.parametrize("text", ["2", "nan", "much", "-1.01"])
def test_a_sensitivity_that_is_none_counts_as_the_default(window: Any, text: str) -> None:
    window.settings.setValue("second_pass/sensitivity", text)
    assert kept(window).sensitivity == 0
    window.show_settings()
    assert window.findChild(SettingsDialog).sensitivity.value() == 0


@pytest.mark.parametrize("text", ["many", "0", "4-2", "-"])
def test_what_is_no_number_of_speakers_is_not_kept(window: Any, dialog: Any, text: str) -> None:
    dialog.tabs.setCurrentIndex(2)
    QTest.keyClicks(dialog.speakers, text)
    assert "write 3" in dialog.speakers_note.text()
    assert count(text) is None
    assert count(kept(window).speakers) is None or kept(window).speakers != text


def test_the_models_in_use_their_window_and_hop(window: Any, dialog: Any) -> None:
    shipped = manifest.shipped_models()
    assert dialog.models.currentData() == folders.SHIPPED
    assert f"{shipped.encoder.window / 16000:.2f} s" in dialog.about.text()
    assert f"{shipped.encoder.hop / 16000:.2f} s" in dialog.about.text()
    assert shipped.encoder.licence in dialog.about.text()


def test_other_models_are_used_from_then_on(window: Any, qtbot: QtBot) -> None:
    shipped = manifest.shipped_models()
    names = [entry.file for entry in shipped.entries] + ["manifest.toml"]
    folders.install("mine", {n: (shipped.folder / n).read_bytes() for n in names})
    window.show_settings()
    dialog = window.findChild(SettingsDialog)
    dialog.tabs.setCurrentIndex(2)
    choose(dialog.models, "mine")
    assert folders.chosen_name() == "mine"
    (folders.models_folder() / "mine" / shipped.encoder.file).write_bytes(b"damaged")
    choose(dialog.models, "shipped")
    QTest.keyClick(dialog.models, Qt.Key_Down)  # damaged: refused, and it says why
    assert folders.chosen_name() == "shipped"
    assert dialog.models.currentData() == "shipped"
    assert "reinstall" in dialog.about.text() or "bytes" in dialog.about.text()


# shortcuts


def test_a_shortcut_is_pressed_and_works_at_once(opened: Any) -> None:
    opened.show_settings()
    dialog = opened.findChild(SettingsDialog)
    page = dialog.shortcuts
    dialog.tabs.setCurrentWidget(page)
    QTest.keyClicks(page.search, "Zoom in")
    page.select("zoom_in")
    page.keys.setFocus()
    QTest.keyClick(page.keys, Qt.Key_U, Qt.ControlModifier | Qt.ShiftModifier)
    assert page.conflict.text().strip() == ""
    QTest.mouseClick(page.give, Qt.LeftButton)
    action = opened.actions_by_id["zoom_in"]
    assert [k.toString() for k in action.shortcuts()] == ["Ctrl+Shift+U"]
    assert action.toolTip().endswith("(Ctrl+Shift+U)")
    assert kept(opened).shortcuts == {"zoom_in": ("Ctrl+Shift+U",)}
    dialog.close()
    opened.help.show_keys()
    assert "Ctrl+Shift+U" in opened.findChild(QTextBrowser, "sheet").toPlainText()
    QTest.mouseClick(page.reset, Qt.LeftButton)


def test_a_conflict_is_shown_and_the_other_loses_it(window: Any, dialog: Any) -> None:
    page = dialog.shortcuts
    dialog.tabs.setCurrentWidget(page)
    page.select("zoom_in")
    page.keys.setFocus()
    QTest.keyClick(page.keys, Qt.Key_O, Qt.ControlModifier)
    assert "Ctrl+O" in page.conflict.text()
    assert "Open recording" in page.conflict.text()
    assert window.actions_by_id["open"].shortcut().toString() == "Ctrl+O"  # nothing done yet
    QTest.mouseClick(page.give, Qt.LeftButton)
    assert window.actions_by_id["open"].shortcuts() == []
    assert window.actions_by_id["zoom_in"].shortcut().toString() == "Ctrl+O"
    QTest.mouseClick(page.reset, Qt.LeftButton)
    assert "Ctrl+1" in shortcuts.native(window.actions_by_id["zoom_in"])
    QTest.mouseClick(page.reset_all, Qt.LeftButton)
    assert kept(window).shortcuts == {}
    assert window.actions_by_id["open"].shortcut().toString() == "Ctrl+O"


@pytest.mark.parametrize(
    ("key", "modifiers", "shown"),
    [
        (Qt.Key_Question, Qt.ShiftModifier, "?"),
        (Qt.Key_K, Qt.ShiftModifier, "Shift+K"),
        (Qt.Key_Space, Qt.ControlModifier, "Ctrl+Space"),
        (Qt.Key_F9, Qt.NoModifier, "F9"),
        (Qt.Key_Comma, Qt.ControlModifier, "Ctrl+,"),
        (Qt.Key_Plus, Qt.ControlModifier, "Ctrl++"),
        (Qt.Key_Return, Qt.NoModifier, "Return"),
    ],
)
def test_any_key_can_be_pressed(
    window: Any, dialog: Any, key: Any, modifiers: Any, shown: str
) -> None:
    page = dialog.shortcuts
    dialog.tabs.setCurrentWidget(page)
    page.keys.setFocus()
    QTest.keyClick(page.keys, Qt.Key_Shift, Qt.ShiftModifier)
    assert page.keys.text() == ""
    QTest.keyClick(page.keys, key, modifiers)
    assert page.keys.text() == shown
    assert QKeySequence(page.keys.key) == QKeySequence(shown)
    QTest.keyClick(page.keys, Qt.Key_Tab)
    assert not page.keys.hasFocus()


def test_an_action_can_be_without_shortcut(window: Any, dialog: Any) -> None:
    page = dialog.shortcuts
    dialog.tabs.setCurrentWidget(page)
    page.select("fit")
    QTest.mouseClick(page.none, Qt.LeftButton)
    assert window.actions_by_id["fit"].shortcuts() == []
    assert window.actions_by_id["fit"].toolTip() == next(r.tip for r in ACTIONS if r.id == "fit")


def test_chosen_keys_are_there_in_the_next_window(
    window: Any, qtbot: QtBot, player: Any, engine: Any
) -> None:
    from app.window.main_window import MainWindow

    window.preferences.shortcuts = {"fit": ("Ctrl+Alt+F",), "gone in this version": ("X",)}
    other = MainWindow(window.settings, player=player, diarize=engine, prepare=lambda: None)
    qtbot.addWidget(other)
    assert other.actions_by_id["fit"].shortcut() == QKeySequence("Ctrl+Alt+F")
    assert shortcuts.assigned(other.preferences.shortcuts, "fit", ("Ctrl+Shift+F",)) == {}
