"""What the Help menu shows of the program itself."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication, Qt
from PyQt5.QtWidgets import QMessageBox, QWidget

from app.startup import version
from app.style.icons import app_icon


def show_about(parent: QWidget) -> None:
    """Version and licence."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(_tr("About Voicelanes"))
    box.setIconPixmap(app_icon().pixmap(64, 64))
    box.setText(_tr("<b>Voicelanes {}</b><br>shows who speaks when").format(version()))
    box.setInformativeText(
        _tr(
            "Everything runs on this computer: no account and no network.<br>"
            "Free software under the GNU General Public License, version 3 or later."
        )
    )
    box.open()


def _tr(text: str) -> str:
    return QCoreApplication.translate("about", text)
