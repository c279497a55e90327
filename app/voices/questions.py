"""Whose voice is this? Asked below the lanes, one line per speaker, answered by Yes or No."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt5.QtCore import QSize, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.style.icons import icon
from app.style.marks import percent
from app.style.palette import chip, speaker_style
from app.style.wording import called

if TYPE_CHECKING:
    from app.session import Session
    from core.annotation.values import Speaker
    from core.voices.naming import Name

MOST = 3
"""Questions on screen at once: the lanes need the room."""


class Question(QFrame):
    """One speaker and the voice that it may be."""

    yes = pyqtSignal(int, str)
    """The speaker's id and the name."""
    no = pyqtSignal(int, str)
    speaker_wanted = pyqtSignal(int)
    """Play some of what this speaker says here."""
    voice_wanted = pyqtSignal(int)
    """Play some of what is remembered of the voice with this id."""

    def __init__(self, speaker: Speaker, name: Name, live: bool, parent: QWidget) -> None:
        """``live``: the microphone is on and would hear what is played."""
        super().__init__(parent)
        self.speaker, self.name = speaker, name
        assert name.voice is not None
        known, voice = name.voice.name, name.voice.id
        self.setObjectName("question")
        self.setStyleSheet(
            "QFrame#question { background: palette(base); border-left: 6px solid #0072B2 }"
        )
        picture = QLabel()
        picture.setPixmap(chip(speaker_style(speaker)).pixmap(QSize(16, 16)))
        text = self.tr("{} ({}?): the voice is alike, {} sure").format(
            called(speaker), known, percent(name.confidence)
        )
        words = QLabel(text)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)  # somebody may be called <b>
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 6, 3)
        row.addWidget(picture)
        row.addWidget(words, 1)
        hear = self._button("hear_speaker", self.tr("Hear {}").format(called(speaker)), row)
        hear.setIcon(icon("play_sample"))
        hear.clicked.connect(lambda: self.speaker_wanted.emit(speaker.id))
        kept = self._button("hear_voice", self.tr("Hear {} as remembered").format(known), row)
        kept.setIcon(icon("play_sample"))
        kept.clicked.connect(lambda: self.voice_wanted.emit(voice))
        for button in (hear, kept):
            button.setVisible(not live)
        yes = self._button("voice_yes", self.tr("Yes, it is {}").format(known), row)
        yes.clicked.connect(lambda: self.yes.emit(speaker.id, known))
        no = self._button("voice_no", self.tr("No"), row)
        no.setToolTip(self.tr("It isn't, and it isn't asked again in this meeting"))
        no.clicked.connect(lambda: self.no.emit(speaker.id, known))

    def _button(self, name: str, text: str, row: QHBoxLayout) -> QPushButton:
        button = QPushButton(text.replace("&", "&&"))
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(True)  # Enter presses it; Space plays
        row.addWidget(button)
        return button


class VoiceQuestions(QWidget):
    """The questions of the session, the first few; away while there is none."""

    yes = pyqtSignal(int, str)
    no = pyqtSignal(int, str)
    speaker_wanted = pyqtSignal(int)
    voice_wanted = pyqtSignal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[bool, list[tuple[Speaker, Name]]] = (False, [])
        self.setAccessibleName(self.tr("Voices that may be known"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._more = QLabel()
        self._more.setContentsMargins(16, 2, 6, 2)
        self._column.addWidget(self._more)
        session.annotation_changed.connect(self.refresh)
        session.names_changed.connect(self.refresh)
        session.recording_changed.connect(self.refresh)
        session.live_changed.connect(self.refresh)
        self.hide()

    @property
    def rows(self) -> list[Question]:
        """What is on screen, in the order of the lanes."""
        return [
            row
            for n in range(self._column.count())
            if isinstance(row := self._column.itemAt(n).widget(), Question)
        ]

    @pyqtSlot()
    def refresh(self) -> None:
        """Ask what is to be asked now; a question that stays keeps its buttons."""
        annotation = self._session.annotation
        asked: Mapping[int, Name] = self._session.names.questions(annotation)
        wanted = [(s, asked[s.id]) for s in annotation.speakers if s.id in asked]
        live = self._session.live
        if (live, wanted) == self._shown:
            return
        self._shown = (live, wanted)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for n, (speaker, name) in enumerate(wanted[:MOST]):
            row = Question(speaker, name, live, self)
            row.yes.connect(self.yes)
            row.no.connect(self.no)
            row.speaker_wanted.connect(self.speaker_wanted)
            row.voice_wanted.connect(self.voice_wanted)
            self._column.insertWidget(n, row)
        self._more.setText(self.tr("{} more are asked after these").format(len(wanted) - MOST))
        self._more.setVisible(len(wanted) > MOST)
        self.setVisible(bool(wanted))
