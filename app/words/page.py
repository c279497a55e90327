"""What was said as a page to read, beside the timeline: click a word to go there; while it plays,
the word that is heard is lit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PyQt5.QtCore import QEvent, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PyQt5.QtWidgets import QLabel, QLineEdit, QStackedWidget, QTextEdit, QVBoxLayout, QWidget

from app.session import Session
from app.style.palette import Theme, readable, speaker_style
from app.style.wording import called
from app.widgets.tables import kept
from core.annotation.values import Speaker, Turn, Word
from core.annotation.writing import joined
from core.units import SAMPLE_RATE, clock

HOUR = 3600 * SAMPLE_RATE
_ENTER: tuple[int, ...] = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_Line = tuple[Turn, tuple[Word, ...], Speaker]


class WordsPage(QWidget):
    """A paragraph per turn with words, in the order of time."""

    word_clicked = pyqtSignal(int)
    """The sample at which the word begins that the person clicked."""
    import_wanted = pyqtSignal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._lines: list[_Line] = []
        self._starts: list[int] = []
        self._lit: tuple[int, int] | None = None
        self.view = _Page(self)
        self.view.clicked.connect(self._on_click)
        self.search = QLineEdit()
        self.search.setObjectName("find_word")
        self.search.setPlaceholderText(self.tr("Find a word"))
        self.search.setAccessibleName(self.tr("Find a word"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self.find_next)
        self.hint = QLabel(
            self.tr(
                "No words yet. File > Import words lays a transcript on the turns: subtitles, "
                "Whisper, Vosk, ELAN, Praat or text with names. Or write them in the table of "
                "turns (W)."
            )
        )
        self.hint.setWordWrap(True)
        self.hint.setMargin(12)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        reading = QWidget()
        column = QVBoxLayout(reading)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        self._pages.addWidget(self.hint)
        self._pages.addWidget(reading)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        session.annotation_changed.connect(self.take)
        session.recording_changed.connect(self.take)
        self.take()

    # what is shown

    @pyqtSlot()
    def take(self) -> None:
        """Show the session's words as they are now; only paragraphs that differ are written."""
        annotation = self._session.annotation
        speakers = {s.id: s for s in annotation.speakers}
        new = [(t, t.words, speakers[t.speaker]) for t in annotation.turns if t.words]
        self._pages.setCurrentIndex(bool(new))
        if new == self._lines:
            return
        self._light(None)
        first, last = kept(self._lines, new)
        self._exchange(first, len(self._lines) - last, new[first : len(new) - last])
        self._lines = new
        self._starts = [turn.start for turn, _, _ in new]

    def _exchange(self, first: int, last: int, lines: Sequence[_Line]) -> None:
        """Put these paragraphs in place of those from ``first`` to before ``last``."""
        document, cursor = self.view.document(), QTextCursor(self.view.document())
        cursor.beginEditBlock()
        if last > first:  # with the mark that ends each of them
            cursor.setPosition(document.findBlockByNumber(first).position())
            after = document.findBlockByNumber(last)
            if after.isValid():
                cursor.setPosition(after.position(), QTextCursor.MoveMode.KeepAnchor)
            else:
                cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        at_end = last >= len(self._lines)
        if at_end and first and lines and last > first and cursor.block().length() == 1:
            pass  # the empty paragraph that is left takes the first of them
        elif at_end and first and lines:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertBlock()
        else:
            cursor.setPosition(document.findBlockByNumber(first).position())
        for n, line in enumerate(lines):
            self._write(cursor, line)
            if n + 1 < len(lines) or not at_end:
                cursor.insertBlock()
        if at_end and not lines and first:  # the mark before the ones that are gone
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.deletePreviousChar()
        cursor.endEditBlock()

    def _write(self, cursor: QTextCursor, line: _Line) -> None:
        turn, words, speaker = line
        theme = Theme.of(self.palette())
        name, plain, time = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        name.setFontWeight(75)
        name.setForeground(readable(speaker_style(speaker).color, theme))
        time.setForeground(theme.muted)
        paragraph = QTextBlockFormat()
        paragraph.setBottomMargin(6)
        cursor.setBlockFormat(paragraph)
        cursor.insertText(called(speaker), name)
        hours = self._session.annotation.duration >= HOUR
        cursor.insertText(f"  {clock(turn.start, hours=hours).partition('.')[0]}  ", time)
        cursor.insertText(joined(word.text for word in words), plain)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._lines:
            lines, self._lines = self._lines, []
            self.view.clear()
            self._exchange(0, 0, lines)
            self._lines = lines

    # from a place on the page to a word, and back

    def _offsets(self, row: int) -> list[int]:
        """Where each word of a paragraph begins in it."""
        _, words, _ = self._lines[row]
        text = joined(word.text for word in words)
        units = self.view.document().findBlockByNumber(row).length() - 1 - _units(text)
        at, places = 0, []
        for word in words:
            begin = text.index(word.text, at)
            units += _units(text[at:begin])
            places.append(units)
            at = begin + len(word.text)
            units += _units(word.text)
        return places

    @pyqtSlot(int)
    def _on_click(self, position: int) -> None:
        block = self.view.document().findBlock(position)
        row = block.blockNumber()
        if row < len(self._lines):
            turn, words, _ = self._lines[row]
            index = bisect_right(self._offsets(row), position - block.position()) - 1
            self.word_clicked.emit(words[index].start if index >= 0 else turn.start)

    @pyqtSlot(int)
    def follow(self, at: int) -> None:
        """The playhead is at this sample."""
        if self.isVisible() and self._lines:
            self._light(self._word_at(at))

    def _word_at(self, at: int) -> tuple[int, int] | None:
        """The paragraph and the place in it of the word that is heard there."""
        last = bisect_right(self._starts, at) - 1
        for row in range(last, max(last - 8, -1), -1):
            turn, words, _ = self._lines[row]
            if at < turn.end:
                index = bisect_right(words, at, key=lambda word: word.start) - 1
                if index >= 0 and at < max(words[index].end, words[index].start + SAMPLE_RATE // 2):
                    return row, index
        return None

    def _light(self, word: tuple[int, int] | None) -> None:
        if word == self._lit:
            return
        self._lit = word
        if word is None:
            self.view.setExtraSelections([])
            return
        row, index = word
        cursor = QTextCursor(self.view.document().findBlockByNumber(row))
        start = cursor.position() + self._offsets(row)[index]
        length = _units(self._lines[row][1][index].text)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        lit = QTextEdit.ExtraSelection()
        lit.cursor = cursor
        palette = self.palette()
        lit.format.setBackground(palette.color(QPalette.ColorRole.Highlight))
        lit.format.setForeground(palette.color(QPalette.ColorRole.HighlightedText))
        self.view.setExtraSelections([lit])
        self.view.show_place(start)

    # finding

    @pyqtSlot()
    def find_next(self) -> None:
        """Select the next place of the text that is looked for, from the top after the last, and go
        there."""
        text = self.search.text()
        if not text:
            return
        if not self.view.find(text):
            self.view.moveCursor(QTextCursor.MoveOperation.Start)
            if not self.view.find(text):
                return
        self._on_click(self.view.textCursor().selectionStart())


class _Page(QTextEdit):
    """Text that can be read, selected and copied; a click that selects nothing is a click."""

    clicked = pyqtSignal(int)
    """A position in the document."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("words_page")
        self.setAccessibleName(self.tr("What is said"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlags()
            | Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        document = self.document()
        assert isinstance(document, QTextDocument)
        document.setDocumentMargin(6)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.clicked.emit(self.cursorForPosition(event.pos()).position())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event.key() in _ENTER:
            self.clicked.emit(self.textCursor().position())
        else:
            super().keyPressEvent(event)

    def show_place(self, position: int) -> None:
        """Scroll until a place is in view; the person's own cursor stays where it is."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        rect, port = self.cursorRect(cursor), self.viewport().rect()
        if rect.top() < port.top() or rect.bottom() > port.bottom():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + rect.top() - port.height() // 3)


def _units(text: str) -> int:
    """How long Qt takes a text to be: in UTF-16, where most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
