"""The tool bar and the panel to record with: their icons have the colours of the theme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PyQt5.QtGui import QIcon, QPalette
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.style.icons import icon
from app.style.palette import SHADES


@pytest.fixture(autouse=True)
def back_to_the_system(window: Any) -> Iterator[None]:
    yield
    window.preferences.theme = "system"


def ink(shown: QIcon) -> str:
    """The colour of an icon where it is painted fully."""
    image = shown.pixmap(64, 64).toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    return " ".join(sorted(colours))


@pytest.mark.parametrize("theme", SHADES)
def test_icons_are_drawn_in_the_colours_of_the_theme(window: Any, qtbot: QtBot, theme: str) -> None:
    window.preferences.theme = theme
    wanted = QApplication.palette().color(QPalette.ButtonText).name()
    window.capturing.show_panel()

    def shown() -> set[str]:
        actions = [window.actions_by_id[name] for name in ("open", "save", "play")]
        return {ink(one.icon()) for one in (*actions, window.capture.stop, window.capture.again)}

    qtbot.waitUntil(lambda: shown() == {wanted})


def test_what_a_button_will_do_outlasts_another_theme(opened: Any) -> None:
    opened.actions_by_id["play"].trigger()
    opened.preferences.theme = "dark"
    play = opened.actions_by_id["play"]
    assert play.iconText() == "Pause"
    assert play.icon().pixmap(64, 64).toImage() == icon("pause").pixmap(64, 64).toImage()
