"""The theme of the whole program: the desktop's own, light, dark or high contrast."""

from __future__ import annotations

from PyQt5.QtCore import QEvent
from PyQt5.QtGui import QPalette
from PyQt5.QtWidgets import QApplication, QStyleFactory, QToolTip

from app.style.icons import FOLDER
from app.style.palette import SHADES

SYSTEM = "system"
THEMES = (SYSTEM, *SHADES)
STYLE = "Fusion"
"""The one style that paints everything from the palette, alike on every system."""

OUTLINES = """
QPushButton, QToolButton, QComboBox, QLineEdit, QAbstractSpinBox, QListView, QTreeView,
QTableView, QTextBrowser, QTabBar::tab, QGroupBox, QProgressBar, QMenu, QToolTip {
    border: 1px solid palette(text);
}
QPushButton, QToolButton, QComboBox, QLineEdit, QAbstractSpinBox { padding: 3px 6px }
QToolButton { padding: 3px }
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled, QLineEdit:disabled {
    border: 1px dashed palette(text);
}
QComboBox::drop-down { border: 0; width: 20px }
QComboBox::down-arrow { image: url(ICONS/open-box.svg); width: 14px; height: 14px }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid palette(text) }
QCheckBox::indicator:checked { background: palette(highlight); image: url(ICONS/check.svg) }
QCheckBox::indicator:focus { border: 2px solid palette(highlight) }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0 }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QAbstractSpinBox:focus,
QListView:focus, QTreeView:focus, QTableView:focus, QTextBrowser:focus {
    border: 2px solid palette(highlight);
}
QPushButton:hover, QToolButton:hover, QComboBox:hover { border-color: palette(highlight) }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QTabBar::tab:selected {
    background: palette(highlight);
    color: palette(highlighted-text);
}
QTabBar::tab { padding: 4px 10px; margin: 1px; background: palette(window); color: palette(text) }
QTabBar::tab:focus { border: 2px solid palette(link) }
QMenuBar { border-bottom: 1px solid palette(text) }
QMenuBar::item:selected, QMenu::item:selected {
    background: palette(highlight);
    color: palette(highlighted-text);
}
QHeaderView::section {
    background: palette(window);
    color: palette(text);
    border: 0;
    border-right: 1px solid palette(text);
    border-bottom: 1px solid palette(text);
    padding: 3px 5px;
}
QSlider::groove:horizontal { height: 4px; background: palette(text) }
QSlider::sub-page:horizontal { background: palette(highlight) }
QSlider::handle:horizontal {
    width: 12px;
    margin: -8px 0;
    background: palette(window);
    border: 3px solid palette(text);
}
QSlider::handle:horizontal:focus { border-color: palette(highlight) }
QSlider::handle:horizontal:disabled { border-style: dashed }
QStatusBar, QDockWidget::title { border-top: 1px solid palette(text) }
QGroupBox { margin-top: 1.1em; padding-top: 0.4em }
QGroupBox::title { subcontrol-origin: margin; left: 8px }
QSplitter::handle, QMainWindow::separator { background: palette(text); width: 3px; height: 3px }
"""
"""Fusion draws its outlines as shades of the background: black on black. High contrast needs lines
as strong as its text, and a focus that can't be missed."""


def _outlines() -> str:
    return OUTLINES.replace("ICONS", FOLDER.as_posix())


class Themes:
    """Switches the application from one theme to another, and back to how it began."""

    def __init__(self, application: QApplication) -> None:
        self.application = application
        style = application.style()
        self._style = style.objectName() if style is not None else STYLE
        self._palette = QPalette(application.palette())
        self.name = SYSTEM

    def use(self, name: str) -> None:
        """Take one of :data:`THEMES`; any other name is the system's. Takes effect at once."""
        name = name if name in SHADES else SYSTEM
        if name == self.name:
            return
        self.name = name
        application = self.application
        application.setStyle(QStyleFactory.create(self._style if name == SYSTEM else STYLE))
        palette = self._palette if name == SYSTEM else SHADES[name].palette()
        application.setPalette(palette)
        QToolTip.setPalette(palette)
        application.setStyleSheet(_outlines() if name == "contrast" else "")
        # A style sheet swallows the change of palette that widgets redraw their own colours upon.
        for widget in application.allWidgets():
            application.sendEvent(widget, QEvent(QEvent.Type.PaletteChange))


_themes: Themes | None = None


def use_theme(name: str) -> None:
    """Let the whole program look like this from now on."""
    global _themes
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    if _themes is None or _themes.application is not application:
        _themes = Themes(application)
    _themes.use(name)
