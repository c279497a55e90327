"""Every shortcut and mouse gesture on one sheet, made from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from PyQt5.QtCore import Qt, pyqtSlot
from PyQt5.QtGui import QIcon, QShowEvent
from PyQt5.QtWidgets import (
    QAction,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS, MENUS, MOUSE, tr
from app.settings.shortcuts import native


class HelpSheet(QDialog):
    """Stays open beside the window, so that one can try what it says."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setWindowTitle(self.tr("Keyboard and mouse"))
        self.resize(640, 620)
        self._text = text = QTextBrowser()
        text.setObjectName("sheet")
        text.setAccessibleName(self.tr("Shortcuts"))
        self.search = QLineEdit()
        self.search.setObjectName("find_key")
        self.search.setPlaceholderText(self.tr("Find what to do, or a key"))
        self.search.setAccessibleName(self.tr("Find what to do, or a key"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        buttons = QDialogButtonBox(QDialogButtonBox.Close)
        buttons.button(QDialogButtonBox.Close).setIcon(
            QIcon()
        )  # Qt's own is black, in the dark too
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(text)
        column.addWidget(buttons)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)

    def showEvent(self, event: QShowEvent | None) -> None:
        """With the keys as they are now: a person may have chosen others."""
        self._fill()
        self.search.setFocus()
        super().showEvent(event)

    @pyqtSlot()
    def _fill(self) -> None:
        keys = {name: native(action) for name, action in self._actions.items()}
        self._text.setHtml(sheet(keys, self.tr("Mouse on the timeline"), self.search.text()))


def sheet(keys: Mapping[str, str], mouse_title: str, wanted: str = "") -> str:
    """The sheet as HTML: a table for each menu and one for the mouse, of what has all the words
    that are looked for; then also of what has no key, for it is in the menu."""
    words = wanted.casefold().split()

    def fits(row: tuple[str, str, str]) -> bool:
        return all(word in " ".join(row).casefold() for word in words)

    parts = []
    for menu in MENUS:
        listed = [a for a in ACTIONS if a.menu == menu and (keys[a.id] or words)]
        rows = [(keys[a.id], a.label, tr(a.tip)) for a in listed]
        parts.append(_table(tr(menu).replace("&", ""), list(filter(fits, rows))))
    mouse = [(tr(how), tr(what), "") for how, what in MOUSE]
    parts.append(_table(mouse_title, list(filter(fits, mouse))))
    return "".join(parts)


def _table(title: str, rows: list[tuple[str, str, str]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr><td width='32%'><b>{escape(keys)}</b></td>"
        f"<td>{escape(name)}{f'<br><small>{escape(tip)}</small>' if tip else ''}</td></tr>"
        for keys, name, tip in rows
    )
    return f"<h3>{escape(title)}</h3><table width='100%' cellpadding='3'>{body}</table>"
