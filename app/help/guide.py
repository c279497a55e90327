"""The user guide, offline: the chapters of docs/guide, with a search over all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PyQt5.QtCore import Qt, QUrl, pyqtSlot
from PyQt5.QtGui import QDesktopServices, QTextCursor, QTextDocument
from PyQt5.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "guide"
ORDER = (
    *("first-meeting", "correcting", "exports", "known-voices", "archives"),
    *("accuracy", "meeting-file", "training"),
)
"""Of the chapters; others follow by name."""


@dataclass(frozen=True)
class Chapter:
    """One file of the guide."""

    name: str
    title: str
    text: str


def chapters(folder: Path = FOLDER) -> list[Chapter]:
    """All of them, in the order in which one reads; those without text of their own are left."""
    found = {}
    for path in sorted(folder.glob("*.md")):
        text = path.read_text("utf-8")
        title = re.match(r"# (.+)", text)
        if title:
            found[path.stem] = Chapter(path.stem, title[1], text)
    names = [*(n for n in ORDER if n in found), *(n for n in found if n not in ORDER)]
    return [found[name] for name in names]


class Guide(QDialog):
    """Stays open beside the window, so that one can try what it says."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("guide")
        self.setWindowTitle(self.tr("User guide"))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.resize(860, 620)
        self._chapters = chapters()
        self.search = QLineEdit()
        self.search.setObjectName("find_in_guide")
        self.search.setPlaceholderText(self.tr("Find in the guide"))
        self.search.setAccessibleName(self.tr("Find in the guide"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self.find_next)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Chapters"))
        self.list.setMaximumWidth(230)
        self.list.currentItemChanged.connect(self._on_chapter)
        self.page = QTextBrowser()
        self.page.setAccessibleName(self.tr("Chapter"))
        self.page.setOpenLinks(False)
        self.page.anchorClicked.connect(self._on_link)
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.list)
        row = QHBoxLayout(self)
        row.addLayout(left)
        row.addWidget(self.page, 1)
        self._filter()
        self.search.setFocus()

    def show_chapter(self, name: str) -> bool:
        """Go to a chapter by the name of its file; False if there is none."""
        for n in range(self.list.count()):
            item = self.list.item(n)
            if item.data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentItem(item)
                return True
        return False

    @pyqtSlot()
    def _filter(self) -> None:
        """Chapters in which the text stands."""
        wanted = self.search.text().casefold().strip()
        current = self.list.currentItem()
        before = current.data(Qt.ItemDataRole.UserRole) if current is not None else ""
        self.list.clear()
        for chapter in self._chapters:
            if wanted in chapter.text.casefold():
                item = QListWidgetItem(chapter.title, self.list)
                item.setData(Qt.ItemDataRole.UserRole, chapter.name)
        if not self.show_chapter(before) and self.list.count():
            self.list.setCurrentRow(0)
        if wanted:
            self.page.moveCursor(QTextCursor.MoveOperation.Start)
            self.page.find(self.search.text().strip())

    @pyqtSlot()
    def find_next(self) -> None:
        """The next place in this chapter, then in those after it, and round again."""
        text = self.search.text().strip()
        if not text or self.page.find(text) or not self.list.count():
            return
        self.list.setCurrentRow((self.list.currentRow() + 1) % self.list.count())
        self.page.moveCursor(QTextCursor.MoveOperation.Start)
        self.page.find(text, QTextDocument.FindFlags())

    @pyqtSlot()
    def _on_chapter(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            name = item.data(Qt.ItemDataRole.UserRole)
            text = next(c.text for c in self._chapters if c.name == name)
            self.page.setMarkdown(re.sub(r"^=== .*$|^!!! .*$", "", text, flags=re.MULTILINE))

    @pyqtSlot(QUrl)
    def _on_link(self, link: QUrl) -> None:
        name = Path(link.path()).stem
        if link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)  # in the person's own browser, as they asked
        elif not self.show_chapter(name):
            self.search.clear()
            self.show_chapter(name)
