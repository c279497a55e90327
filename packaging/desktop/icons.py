"""Draw the program's icon in all sizes that desktops ask for: ``icons.py FOLDER``."""

import sys
from pathlib import Path

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QGuiApplication, QImage, QPainter
from PyQt5.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
SOURCE = Path(__file__).resolve().parents[2] / "assets" / "icons" / "voicelanes.svg"


def drawn(renderer: QSvgRenderer, size: int) -> QImage:
    """The icon on nothing."""
    image = QImage(size, size, QImage.Format_ARGB32)
    image.fill(Qt.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def main() -> None:
    """Sizes of Linux's icon theme; one file for Windows and one for macOS."""
    application = QGuiApplication(sys.argv[:1])
    renderer = QSvgRenderer(str(SOURCE))
    target = Path(sys.argv[1])
    for size in SIZES:
        folder = target / "hicolor" / f"{size}x{size}"
        for place, name in (("apps", "voicelanes"), ("mimetypes", "application-x-voicelanes+json")):
            (folder / place).mkdir(parents=True, exist_ok=True)
            if not drawn(renderer, size).save(str(folder / place / f"{name}.png")):
                sys.exit(f"the icon of {size} pixels can't be written")
    for name in ("voicelanes.ico", "voicelanes.icns"):
        if not drawn(renderer, 256).save(str(target / name)):
            sys.exit(f"{name} can't be written")
    del application


if __name__ == "__main__":
    main()
