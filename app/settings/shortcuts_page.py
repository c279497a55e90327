"""The page of the settings on which every shortcut can be changed."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, Qt, pyqtSlot
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS, tr
from app.preferences import Preferences, Shortcuts
from app.settings import shortcuts
from app.widgets.keys import OwnKeys

ID = Qt.ItemDataRole.UserRole
NAME, KEYS = range(2)


_ALONE: set[int] = {
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_unknown,
}
"""Not shortcuts by themselves."""


class KeyField(QLineEdit):
    """Shows the key that is pressed in it; Tab leaves it. Unlike QKeySequenceEdit it takes one
    chord and doesn't wait for more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    @property
    def key(self) -> str:
        """As portable text; empty before anything was pressed."""
        shown = QKeySequence(self.text(), QKeySequence.SequenceFormat.NativeText)
        return shown.toString(QKeySequence.SequenceFormat.PortableText)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # the key is to be shown, not to do what it does
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event.key() in _ALONE:
            return
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        text = event.text()
        symbol = text.isprintable() and not text.isalnum() and not text.isspace()
        if text and symbol:  # "?" says Shift by itself
            keys &= ~Qt.KeyboardModifier.ShiftModifier
        sequence = QKeySequence(int(keys) | event.key())
        self.setText(sequence.toString(QKeySequence.SequenceFormat.NativeText))


class ShortcutsPage(QWidget):
    """All actions with their keys; new keys are pressed, not written, and conflicts are shown."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find an action or a key"))
        self.search.setAccessibleName(self.tr("Find an action or a key"))
        self.search.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setObjectName("shortcuts")
        self.list.setAccessibleName(self.tr("Actions and their shortcuts"))
        self.list.setHeaderLabels([self.tr("Action"), self.tr("Shortcut")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(KEYS, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.keys = KeyField()
        self.keys.setObjectName("new_keys")
        self.keys.setAccessibleName(self.tr("Press the new shortcut"))
        self.conflict = QLabel(" ")
        self.conflict.setObjectName("conflict")
        self.conflict.setWordWrap(True)
        self.conflict.setAccessibleName(self.tr("Conflict"))
        self.give = QPushButton(self.tr("&Use this shortcut"))
        self.none = QPushButton(self.tr("&No shortcut"))
        self.reset = QPushButton(self.tr("&As it was"))
        self.reset_all = QPushButton(self.tr("A&ll as they were"))
        self._own_keys = OwnKeys(self)
        self._own_keys.claim(self.list)
        self._lay_out()
        self._fill()
        self.search.textChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self._on_current)
        self.keys.textChanged.connect(self._on_keys)
        self.give.clicked.connect(self._give)
        self.none.clicked.connect(lambda: self._set(()))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(lambda: self._take({}))
        preferences.changed.connect(self._on_changed)
        self.list.setCurrentItem(self.list.topLevelItem(0))

    def _lay_out(self) -> None:
        label = QLabel(self.tr("&New shortcut:"))
        label.setBuddy(self.keys)
        new, buttons = QHBoxLayout(), QHBoxLayout()
        new.addWidget(label)
        new.addWidget(self.keys, 1)
        new.addWidget(self.give)
        for button in (self.none, self.reset):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.reset_all)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(new)
        column.addWidget(self.conflict)
        column.addLayout(buttons)

    def _fill(self) -> None:
        for row in ACTIONS:
            item = QTreeWidgetItem()
            menu = tr(row.menu).replace("&", "")
            item.setText(NAME, f"{menu}: {row.label}")
            item.setToolTip(NAME, tr(row.tip))
            item.setData(NAME, ID, row.id)
            self.list.addTopLevelItem(item)
        self._show_keys()

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.list.topLevelItem(n) for n in range(self.list.topLevelItemCount()))
        return [item for item in items if item is not None]

    @property
    def current(self) -> str:
        """The id of the action that is to get other keys."""
        item = self.list.currentItem()
        return "" if item is None else str(item.data(NAME, ID))

    def select(self, action: str) -> None:
        """Go to an action."""
        for item in self._items():
            if item.data(NAME, ID) == action:
                self.list.setCurrentItem(item)

    def _show_keys(self) -> None:
        chosen = self._preferences.shortcuts
        for item in self._items():
            action = str(item.data(NAME, ID))
            item.setText(KEYS, ", ".join(map(_native, shortcuts.keys_of(action, chosen))))
            font = item.font(KEYS)
            font.setBold(action in chosen)
            item.setFont(KEYS, font)

    def _filter(self, text: str) -> None:
        wanted = text.casefold()
        for item in self._items():
            item.setHidden(wanted not in f"{item.text(NAME)} {item.text(KEYS)}".casefold())

    @pyqtSlot()
    def _on_current(self) -> None:
        self.keys.clear()
        self._on_keys()

    @pyqtSlot()
    def _on_keys(self) -> None:
        key = self.keys.key
        others = [a for a in shortcuts.users(key, self._preferences.shortcuts) if a != self.current]
        names = [row.label for row in ACTIONS if row.id in others]
        self.conflict.setText(
            self.tr("{} is the shortcut of “{}”, which would lose it.").format(
                _native(key), ", ".join(names)
            )
            if key and names
            else " "
        )
        self.give.setEnabled(bool(key and self.current))

    @pyqtSlot()
    def _give(self) -> None:
        self._set((self.keys.key,))

    def _set(self, keys: tuple[str, ...]) -> None:
        if self.current:
            self._take(shortcuts.assigned(self._preferences.shortcuts, self.current, keys))

    @pyqtSlot()
    def _reset(self) -> None:
        if self.current:
            self._take(shortcuts.restored(self._preferences.shortcuts, self.current))

    def _take(self, chosen: Shortcuts) -> None:
        self._preferences.shortcuts = chosen
        self.keys.clear()

    @pyqtSlot(str)
    def _on_changed(self, name: str) -> None:
        if name == "shortcuts":
            self._show_keys()
            self._on_keys()


def _native(key: str) -> str:
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)
