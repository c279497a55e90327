"""The panel to record with: which microphone, how loud, Record, Pause, Stop, and how it goes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.recording.boxes import DeviceBox, SourceBox
from app.recording.level_meter import LevelMeter, show_levels
from app.style.icons import icon
from app.style.wording import decimal
from core.units import short_time, to_seconds

if TYPE_CHECKING:
    from app.recording.inputs import Inputs
    from app.recording.live import Live
    from core.live.recording import Status

BEHIND_S = 3.0
"""Labels that come later than this are told of in words: nobody should wonder where they are."""
CALL_S = 2.5
"""Of a call so much more has to be heard before it is known what is an echo."""
NO_SOUND_S = 3.0
METER = 22
"""Pixels of the level, at least: it is looked at from afar."""
BRIEF_S = 60
LONG_S = 90 * 60


class CapturePanel(QToolBar):
    """A strip below the tools, as wide as the window.

    It is there while something is recorded, and when a person asks for it; only then the chosen
    microphone is listened to, for its level.
    """

    wanted_changed = pyqtSignal(bool)
    """Whether a person wants to see it, also while nothing is recorded."""
    folder_clicked = pyqtSignal()
    marker_clicked = pyqtSignal()
    mini_clicked = pyqtSignal()

    def __init__(self, live: Live, inputs: Inputs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._inputs = live, inputs
        self._wanted = False
        self._idle = True
        self.setObjectName("capture")
        self.setWindowTitle(self.tr("Recording"))
        self.setAccessibleName(self.tr("Recording"))
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.record = self._button("record", self.tr("Record"), "record")
        self.pause = self._button("pause", self.tr("Pause"), "pause")
        self.stop = self._button("stop", self.tr("Stop"), "stop")
        self.marker = self._button("marker", self.tr("Marker"), "marker")
        self.marker.setToolTip(self.tr("Mark this moment (Ctrl+M)"))
        self.elapsed = QLabel()
        self.elapsed.setAccessibleName(self.tr("Recorded so far"))
        font = self.elapsed.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self.elapsed.setFont(font)
        self.badge = QLabel()
        self.badge.setObjectName("badge")
        self.badge.setAccessibleName(self.tr("State"))
        self.meter = LevelMeter()
        self.meter.bar.setMinimumHeight(METER)
        self.computer_meter = LevelMeter()
        self.computer_meter.bar.setMinimumHeight(METER)
        self.computer_meter.setToolTip(self.tr("How loud what the computer plays is."))
        self.computer_meter.hide()
        self.mini = self._button("mini", self.tr("Mini view"), "mini")
        self.mini.setToolTip(self.tr("A small window that stays in front, beside a call"))
        self.sources = SourceBox()
        self.sources.setAccessibleName(self.tr("What is recorded"))
        self.devices = DeviceBox()
        self.devices.setAccessibleName(self.tr("Microphone"))
        self.again = QToolButton()
        self.again.setAutoRaise(True)
        self.again.setToolTip(self.tr("Look for microphones again"))
        self.again.setAccessibleName(self.tr("Look for microphones again"))
        self.folder = QPushButton()
        self.folder.setFlat(True)
        self.folder.setAccessibleName(self.tr("Folder for recordings"))
        self.facts = QLabel()
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setAccessibleName(self.tr("Losses, delay and room on the disk"))
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setAccessibleName(self.tr("Hint"))
        self._lay_out()
        self._connect()
        self._draw_icons()
        self._on_devices()
        self._on_state()

    def _button(self, name: str, text: str, picture: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setProperty("picture", picture)
        button.setAccessibleName(text)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(True)  # Enter presses it; Space plays
        return button

    def _lay_out(self) -> None:
        self.record.setMinimumHeight(34)
        for widget in (self.sources, self.devices, self.again, self.folder):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        first, second = QHBoxLayout(), QHBoxLayout()
        for widget in (self.record, self.pause, self.stop):
            first.addWidget(widget)
        first.addSpacing(10)
        first.addWidget(self.badge)
        first.addWidget(self.elapsed)
        first.addSpacing(10)
        meters = QVBoxLayout()
        meters.addWidget(self.meter)
        meters.addWidget(self.computer_meter)
        first.addLayout(meters, 1)
        first.addWidget(self.marker)
        first.addWidget(self.mini)
        caption = QLabel(self.tr("Record:"))
        caption.setBuddy(self.sources)
        second.addWidget(caption)
        second.addWidget(self.sources)
        second.addWidget(self.devices, 2)
        second.addWidget(self.again)
        second.addSpacing(10)
        second.addWidget(self.facts, 5)
        second.addWidget(self.folder)
        inside = QWidget()
        inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 2, 4, 4)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.hint)
        self.addWidget(inside)

    def _connect(self) -> None:
        live, inputs = self._live, self._inputs
        self.pause.clicked.connect(lambda: live.pause())
        self.stop.clicked.connect(lambda: live.stop())
        self.marker.clicked.connect(self.marker_clicked)
        self.mini.clicked.connect(self.mini_clicked)
        self.folder.clicked.connect(self.folder_clicked)
        self.again.clicked.connect(lambda: inputs.look())
        self.devices.activated.connect(self._on_device)
        self.sources.activated.connect(self._on_source)
        live.changed.connect(self._on_status)
        live.state_changed.connect(self._on_state)
        inputs.changed.connect(self._on_devices)
        inputs.level_changed.connect(self._on_level)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.findChild(QPushButton):
            self._draw_icons()

    def _draw_icons(self) -> None:
        """In the colours of the palette as it is now."""
        for button in (self.record, self.pause, self.stop, self.marker, self.mini):
            button.setIcon(icon(button.property("picture")))
        self.again.setIcon(icon("again"))

    # shown or not

    @property
    def wanted(self) -> bool:
        return self._wanted

    def show_panel(self, on: bool) -> None:
        """A person wants to see it, or not any more."""
        if on != self._wanted:
            self._wanted = on
            self.wanted_changed.emit(on)
        self.present()

    def present(self) -> None:
        """Be there or not, whatever a remembered layout says."""
        self.setVisible(self._wanted or self._live.busy)
        self._listen()

    def _listen(self) -> None:
        # The microphone is on only where a person asked to see it, and sees it.
        self._inputs.listen(self._wanted and not self._live.busy)

    def choose_input(self) -> None:
        """Give the keyboard to the list of microphones and open it."""
        self.show_panel(True)
        self.devices.setFocus(Qt.FocusReason.ShortcutFocusReason)
        # once it is on screen
        QTimer.singleShot(0, self.devices.showPopup)

    # what a person does

    @pyqtSlot(int)
    def _on_device(self, index: int) -> None:
        self._live.use(self._inputs.devices[index])

    @pyqtSlot(int)
    def _on_source(self, index: int) -> None:
        self._inputs.choose_source(SourceBox.SOURCES[index])

    # what the others say

    @pyqtSlot()
    def _on_devices(self) -> None:
        inputs = self._inputs
        status = self._live.status if self._live.busy else None
        current = status.device if status is not None else inputs.chosen
        self.devices.show_devices(inputs.devices, current)
        self.devices.setEnabled(bool(inputs.devices))
        self.sources.show_source(inputs.source, possible=inputs.played is not None)
        self.sources.setEnabled(bool(inputs.devices) and not self._live.busy)
        self._show_room()
        self._on_level()

    @pyqtSlot()
    def _on_state(self) -> None:
        state = self._live.state
        idle, on = state == "idle", state in ("recording", "paused", "interrupted")
        self.record.setEnabled(idle)
        self.pause.setEnabled(state in ("recording", "paused"))
        self.pause.setText(self.tr("Go on") if state == "paused" else self.tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        self.pause.setProperty("picture", "record" if state == "paused" else "pause")
        self.pause.setIcon(icon(self.pause.property("picture")))
        self.stop.setEnabled(on or state == "starting")
        self.marker.setEnabled(on)
        self.mini.setEnabled(on)
        self.record.setVisible(idle)
        text, sheet = badge(self._live)
        self.badge.setText(text)
        self.badge.setStyleSheet(sheet)
        self.badge.setVisible(bool(text))
        # PortAudio sees new devices only while it isn't in use
        self.again.setEnabled(idle or state == "interrupted")
        self.folder.setEnabled(idle)
        if idle:
            if not self._idle:  # after Stop the microphone is off
                self.show_panel(False)
            self.elapsed.setText(short_time(0))
            self._show_room()
            self.meter.call("")
            self.meter.set_level(None)
            self.computer_meter.hide()
        self._idle = idle
        self.present()
        self._on_devices()

    @pyqtSlot()
    def _on_status(self) -> None:
        status = self._live.status
        if status is None:
            return
        self.elapsed.setText(short_time(status.position))
        listening = self._live.state in ("recording", "paused")
        show_levels(status, self.meter, self.computer_meter)
        if not listening:
            self.meter.set_level(None)
        self._say(self._facts(status))
        self._tell(self._live.words if self._live.state != "recording" else "")

    def _facts(self, status: Status) -> list[str]:
        lost = to_seconds(status.lost)
        facts = [
            self.tr("nothing lost") if not lost else self.tr("{} s lost").format(decimal(lost))
        ]
        if lost:
            facts[0] = f"<b>{facts[0]}</b>"
        if any(t.kind == "models" for t in status.trouble):
            facts.append(f"<b>{self.tr('no labels')}</b>")
        elif status.lag_s < BEHIND_S + (CALL_S if status.sides else 0.0):
            facts.append(self.tr("labels {} s behind").format(decimal(status.lag_s)))
        else:
            text = self.tr("labels {:.0f} s behind, they will catch up").format(status.lag_s)
            facts.append(f"<b>{text}</b>")
        if status.free_s is not None:
            facts.append(self.tr("room for {}").format(self._length(status.free_s)))
        return facts

    @pyqtSlot()
    def _on_level(self) -> None:
        if self._live.busy:
            return
        inputs = self._inputs
        self.meter.set_level(inputs.level)
        if inputs.problem:
            self._tell(inputs.problem)
        elif inputs.known and not inputs.devices and not inputs.looking:
            from core.audio.devices import NO_INPUT

            self._tell(self.tr("No microphone was found: {}").format(NO_INPUT))
        elif inputs.level is not None and inputs.level.zeros_s >= NO_SOUND_S:
            from core.audio.devices import permission_hint

            self._tell(self.tr("No sound arrives: {}").format(permission_hint()))
        elif inputs.source == "call" and inputs.played is not None:
            text = self.tr("Speak: the bar should move. {} is recorded, too: the other side.")
            self._tell(text.format(inputs.played.name))
        else:
            self._tell(self.tr("Speak: the bar should move. Then press Record (Ctrl+R)."))

    def _show_room(self) -> None:
        """Folder, and how long the disk would last, while nothing is recorded."""
        folder = self._live.folder
        self.folder.setText(_shortened(folder))
        self.folder.setToolTip(
            self.tr("Recordings go to {}. Click to choose another folder.").format(folder)
        )
        device = self._inputs.chosen
        if self._live.busy or device is None:
            return
        there = next((f for f in (folder, *folder.parents) if f.exists()), folder)
        try:
            channels = 2 if self._inputs.source == "call" else device.channels
            seconds = shutil.disk_usage(there).free / (2 * device.rate * channels)
        except OSError:
            self._say([])
            return
        self._say([self.tr("room for {}").format(self._length(seconds))])

    def _length(self, seconds: float) -> str:
        if seconds < 2 * BRIEF_S:
            return self.tr("{:.0f} s").format(seconds)
        if seconds < LONG_S:
            return self.tr("{:.0f} min").format(seconds // 60)
        return self.tr("{:.0f} h").format(seconds // 3600)

    def _say(self, facts: list[str]) -> None:
        self.facts.setText(" · ".join(facts))

    def _tell(self, hint: str) -> None:
        if hint != self.hint.text():
            self.hint.setText(hint)
        self.hint.setVisible(bool(hint))


def badge(live: Live) -> tuple[str, str]:
    """The state of a recording in a word that can't be overlooked, and how that looks."""
    words = {
        "recording": f"\N{BLACK CIRCLE} {_tr('Recording')}",
        "paused": f"\N{DOUBLE VERTICAL LINE} {_tr('Paused')}",
        "interrupted": f"\N{WARNING SIGN} {_tr('No sound')}",
    }
    colour = {"recording": "#C00000; color: white", "paused": "#FFC400; color: black"}
    look = colour.get(live.state, "#FFC400; color: black")
    sheet = f"background: {look}; font-weight: bold; padding: 4px 10px; border-radius: 4px"
    return words.get(live.state, ""), sheet


def _tr(text: str) -> str:
    return QCoreApplication.translate("recording", text)


def _shortened(folder: Path) -> str:
    """The end of a path, enough to know it by."""
    return "…/" + "/".join(folder.parts[-2:]) if len(folder.parts) > 3 else str(folder)
