"""The icons, drawn in the colours of the person's theme at every scale."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PyQt5.QtCore import QByteArray, Qt
from PyQt5.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PyQt5.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "icons"
INK = "#000000"
"""The colour in the files that stands for the theme's text colour."""
SIZES = (16, 20, 24, 32, 48, 64)


def app_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    return QIcon(str(FOLDER / "voicelanes.svg"))


def icon(name: str) -> QIcon:
    """A one-colour icon of assets/icons in the text colours of the palette."""
    palette = QGuiApplication.palette()
    made = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.Active),
        (QIcon.Mode.Disabled, QPalette.Disabled),
    ):
        for size in SIZES:
            made.addPixmap(_drawn(name, palette.color(group, QPalette.ButtonText), size), mode)
    return made


def _drawn(name: str, colour: QColor, size: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace(INK, colour.name()).encode()))
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.Antialiasing)
    renderer.render(painter)
    painter.end()
    return pixmap


@cache
def _svg(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text("utf-8")
