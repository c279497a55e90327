"""Light, dark and high contrast: readable everywhere, and back to the system's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.style.palette import PATTERNS, SHADES, Theme, chip, contrast, speaker_style
from app.style.theme import use_theme
from core.annotation.values import OKABE_ITO, Speaker

ROLES = (
    (QPalette.Text, QPalette.Base),
    (QPalette.Text, QPalette.AlternateBase),
    (QPalette.WindowText, QPalette.Window),
    (QPalette.ButtonText, QPalette.Button),
    (QPalette.HighlightedText, QPalette.Highlight),
    (QPalette.ToolTipText, QPalette.ToolTipBase),
    (QPalette.Link, QPalette.Base),
    (QPalette.PlaceholderText, QPalette.Base),
)


@pytest.fixture(autouse=True)
def back_to_the_system(qapp: Any) -> Iterator[None]:
    use_theme("system")
    yield
    use_theme("system")


@pytest.mark.parametrize("name", SHADES)
def test_text_can_be_read_on_everything(name: str) -> None:
    palette = SHADES[name].palette()
    wanted = 7.0 if name == "contrast" else 4.5
    for ink, paper in ROLES:
        for group in (QPalette.Active, QPalette.Inactive):
            ratio = contrast(palette.color(group, ink), palette.color(group, paper))
            assert ratio >= wanted, (name, ink, paper, ratio)


@pytest.mark.parametrize("name", SHADES)
def test_the_timeline_can_be_read_too(name: str) -> None:
    theme = Theme.of(SHADES[name].palette())
    assert theme.dark == (name != "light")
    for ink in (theme.text, theme.muted):
        for paper in (theme.base, theme.panel):
            assert contrast(ink, paper) >= (7.0 if name == "contrast" else 4.5)
    for shape in (theme.wave, theme.playhead, theme.accent):
        assert contrast(shape, theme.base) >= 3.0
    assert contrast(theme.line, theme.base) >= (7.0 if name == "contrast" else 1.2)


def test_contrast_is_that_of_wcag() -> None:
    black, white, grey = (QColor(c) for c in ("#000000", "#FFFFFF", "#767676"))
    assert contrast(black, white) == contrast(white, black) == 21.0
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)


def test_a_window_follows_and_comes_back(qtbot: QtBot, window: Any) -> None:
    before = QPalette(QApplication.palette())
    style = QApplication.style().objectName()
    for name in (*SHADES, "system"):
        use_theme(name)
        base = QApplication.palette().color(QPalette.Base)
        for part in (window, window.timeline, window.docks.turns.view, window.welcome):
            assert part.palette().color(QPalette.Base) == base
        assert window.timeline.canvas.turns.theme.base == base
        assert window.timeline.names.theme.base == base
    assert QApplication.palette() == before
    assert QApplication.style().objectName() == style
    assert QApplication.instance().styleSheet() == ""


def test_an_unknown_theme_is_the_systems(qapp: Any) -> None:
    before = QPalette(qapp.palette())
    use_theme("dark")
    use_theme("mauve")
    assert qapp.palette() == before


def test_in_high_contrast_a_control_has_an_outline_and_the_focus_another(qtbot: QtBot) -> None:
    use_theme("contrast")
    button, other = QPushButton("Press"), QPushButton("Other")
    box = QWidget()
    row = QHBoxLayout(box)
    row.addWidget(button)
    row.addWidget(other)
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    box.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)

    def outline(one: QPushButton) -> QColor:
        picture = one.grab().toImage()
        return picture.pixelColor(picture.width() // 2, 0)

    assert contrast(outline(other), QColor("#000000")) > 15
    assert outline(button) == QColor(SHADES["contrast"].highlight)


# speakers


def test_the_colour_of_a_speaker_is_the_chosen_one_or_that_of_the_id() -> None:
    assert speaker_style(Speaker(1)).color == QColor(OKABE_ITO[1])
    assert speaker_style(Speaker(1, colour="#123456")).color == QColor("#123456")


def test_the_eighth_speaker_has_a_pattern_whatever_the_colour() -> None:
    for colour in ("", "#123456"):
        assert speaker_style(Speaker(6, colour=colour)).pattern == Qt.NoBrush
        assert speaker_style(Speaker(7, colour=colour)).pattern == PATTERNS[1]


def test_a_chip_shows_the_colour_at_both_scales(qapp: Any) -> None:
    icon = chip(speaker_style(Speaker(2)))
    for size in (16, 32):
        picture = icon.pixmap(size, size).toImage()
        assert picture.pixelColor(picture.rect().center()) == QColor(OKABE_ITO[2])
