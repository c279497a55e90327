"""A small window that stays in front of others: is it recording, how loud, who speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt5.QtCore import QSize, Qt, pyqtSignal, pyqtSlot
from PyQt5.QtGui import QCloseEvent
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.recording.level_meter import LevelMeter, show_levels
from app.recording.panel import badge
from app.style.icons import icon
from app.style.palette import chip, speaker_style
from app.style.wording import called
from core.units import short_time

if TYPE_CHECKING:
    from app.recording.live import Live
    from app.session import Session

RECENT = 3
"""Speakers shown, the one who spoke last first."""


class MiniView(QWidget):
    """While it is there the window itself is away; closing it brings that back."""

    marker_clicked = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, live: Live, session: Session) -> None:
        flags = Qt.WindowFlags() | Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self._live, self._session = live, session
        self.setObjectName("mini_view")
        self.setWindowTitle("Voicelanes")
        self.badge, self.elapsed = QLabel(), QLabel()
        self.badge.setAccessibleName(self.tr("State"))
        self.elapsed.setAccessibleName(self.tr("Recorded so far"))
        font = self.elapsed.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.elapsed.setFont(font)
        self.meter = LevelMeter()
        self.computer_meter = LevelMeter()
        self.speakers = QHBoxLayout()
        self.pause = self._button("pause", live.pause)
        self.stop = self._button("stop", live.stop)
        self.stop.setText(self.tr("Stop"))
        self.marker = self._button("marker", self.marker_clicked.emit)
        self.marker.setText(self.tr("Marker"))
        self.whole = self._button("fit", self._close)
        self.whole.setText(self.tr("Whole window"))
        top, keys = QHBoxLayout(), QHBoxLayout()
        for widget in (self.badge, self.elapsed):
            top.addWidget(widget)
        top.addStretch(1)
        for button in (self.pause, self.stop, self.marker, self.whole):
            keys.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.meter)
        column.addWidget(self.computer_meter)
        column.addLayout(self.speakers)
        column.addLayout(keys)
        live.changed.connect(self._on_status)
        live.state_changed.connect(self._on_state)
        session.annotation_changed.connect(self._on_turns)
        self._on_state()
        self._on_turns()

    def _button(self, name: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(icon(name), "")
        button.setObjectName(f"mini_{name}")
        button.setIconSize(QSize(18, 18))
        button.clicked.connect(lambda _on: run())
        return button

    def _close(self) -> None:
        self.close()

    @pyqtSlot()
    def _on_state(self) -> None:
        text, sheet = badge(self._live)
        self.badge.setText(text or self._live.words)
        self.badge.setStyleSheet(sheet if text else "")
        paused = self._live.state == "paused"
        self.pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        self.pause.setIcon(icon("record" if paused else "pause"))
        self.pause.setEnabled(self._live.state in ("recording", "paused"))
        self._on_status()
        if not self._live.recording and self.isVisible():
            self.close()

    @pyqtSlot()
    def _on_status(self) -> None:
        status = self._live.status
        if status is not None and self.isVisible():
            self.elapsed.setText(short_time(status.position))
            show_levels(status, self.meter, self.computer_meter)

    @pyqtSlot()
    def _on_turns(self) -> None:
        """Who spoke last."""
        annotation = self._session.annotation
        last = dict.fromkeys(turn.speaker for turn in reversed(annotation.turns[-40:]))
        while (item := self.speakers.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for number in list(last)[:RECENT]:
            speaker = annotation.speaker(number)
            picture, name = QLabel(), QLabel(called(speaker))
            picture.setPixmap(chip(speaker_style(speaker)).pixmap(QSize(14, 14)))
            name.setTextFormat(Qt.TextFormat.PlainText)
            self.speakers.addWidget(picture)
            self.speakers.addWidget(name)
        self.speakers.addStretch(1)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        super().closeEvent(event)
        self.closed.emit()
