"""The icons, drawn in the colours of the person's theme at every scale."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from PyQt5.QtCore import QByteArray, QRect, QSize, Qt
from PyQt5.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PyQt5.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "icons"
INK = "#000000"
"""The colour in the files that stands for the theme's text colour."""
SIZES = (16, 20, 24, 32, 48, 64)
"""What a system tray is offered; everything else asks for the size that it shows."""


def app_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    return QIcon(str(FOLDER / "voicelanes.svg"))


def icon(name: str) -> QIcon:
    """A one-colour icon of assets/icons in the text colours of the palette."""
    palette = QGuiApplication.palette()
    usual = palette.color(QPalette.Active, QPalette.ButtonText)
    colours = {
        QIcon.Mode.Normal: usual,
        QIcon.Mode.Active: usual,
        QIcon.Mode.Disabled: palette.color(QPalette.Disabled, QPalette.ButtonText),
        QIcon.Mode.Selected: palette.color(QPalette.Active, QPalette.HighlightedText),
    }
    return QIcon(_Engine(name, colours))


class _Engine(QIconEngine):
    """Draws when somebody looks: a window has hundreds of sizes and modes that are never shown."""

    def __init__(self, name: str, colours: Mapping[QIcon.Mode, QColor]) -> None:
        super().__init__()
        self._name, self._colours = name, colours
        self._drawn: dict[tuple[int, int, QIcon.Mode], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        key = (size.width(), size.height(), mode)
        if key not in self._drawn:
            self._drawn[key] = _draw(self._name, self._colours[mode], size)
        return self._drawn[key]

    def paint(
        self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.pixmap(rect.size() * ratio, mode, state))

    def availableSizes(
        self,
        mode: QIcon.Mode = QIcon.Mode.Normal,
        state: QIcon.State = QIcon.State.Off,
    ) -> list[QSize]:
        return [QSize(size, size) for size in SIZES]

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colours)


def _draw(name: str, colour: QColor, size: QSize) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace(INK, colour.name()).encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.Antialiasing)
    renderer.render(painter)
    painter.end()
    return pixmap


@cache
def _svg(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text("utf-8")
