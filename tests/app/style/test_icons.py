"""An icon is as sharp as the screen, in every state of a button."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtCore import QRect, QSize, Qt
from PyQt5.QtGui import QIcon, QPainter, QPalette, QPixmap
from PyQt5.QtWidgets import QApplication, QSystemTrayIcon

from app.style.icons import icon

pytestmark = pytest.mark.usefixtures("qapp")


def ink(pixmap: QPixmap) -> set[str]:
    """The colours of what is painted fully."""
    image = pixmap.toImage()
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return {
        image.pixelColor(x, y).name() for x, y in points if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("side", [16, 37, 96])
def test_it_is_drawn_in_the_size_that_is_shown(side: int) -> None:
    assert icon("open").pixmap(side, side).size() == QSize(side, side)


@pytest.mark.parametrize(
    ("mode", "group", "role"),
    [
        (QIcon.Normal, QPalette.Active, QPalette.ButtonText),
        (QIcon.Active, QPalette.Active, QPalette.ButtonText),
        (QIcon.Disabled, QPalette.Disabled, QPalette.ButtonText),
        (QIcon.Selected, QPalette.Active, QPalette.HighlightedText),
    ],
)
def test_its_colour_is_that_of_the_text_beside_it(mode: Any, group: Any, role: Any) -> None:
    wanted = QApplication.palette().color(group, role).name()
    assert ink(icon("stop").pixmap(64, 64, mode)) == {wanted}


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_it_is_as_sharp_as_the_screen(ratio: float) -> None:
    """What is painted at a scale is what would be drawn that large."""
    paper = QPixmap(QSize(20, 20) * ratio)
    paper.setDevicePixelRatio(ratio)
    paper.fill(Qt.transparent)
    painter = QPainter(paper)
    icon("merge").paint(painter, QRect(0, 0, 20, 20))
    painter.end()
    large = icon("merge").pixmap(QSize(20, 20) * ratio)
    found, wanted = paper.toImage(), large.toImage()
    found.setDevicePixelRatio(1.0)
    assert found.convertToFormat(wanted.format()) == wanted


def test_a_copy_outlives_the_first() -> None:
    first = icon("play")
    wanted = first.pixmap(24, 24).toImage()
    tray = QSystemTrayIcon(first)
    second = QIcon(first)
    second.swap(QIcon(second))
    del first
    assert second.pixmap(24, 24).toImage() == wanted
    assert tray.icon().pixmap(24, 24).toImage() == wanted
    assert len(tray.icon().availableSizes()) > 1, "the system's tray asks for them"
