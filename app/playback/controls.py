"""How fast and how loud it plays, beside the buttons that start and stop it."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QSize, Qt, pyqtSlot
from PyQt5.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from app.playback.transport import SPEEDS, Transport
from app.preferences import Preferences
from app.style.icons import icon
from app.style.marks import percent
from app.widgets.keys import OwnKeys

STEPS = 100
"""Of the volume."""


class Controls(QWidget):
    """A list of speeds and a slider; they follow the keys and menus, too."""

    def __init__(self, transport: Transport, preferences: Preferences) -> None:
        super().__init__()
        self._transport, self._preferences = transport, preferences
        self.speed = QComboBox()
        self.speed.setObjectName("speed")
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("How fast it plays, at the same pitch (< and >)"))
        for speed in SPEEDS:
            self.speed.addItem(f"{self.locale().toString(speed)}\N{MULTIPLICATION SIGN}", speed)
        self.speed.activated.connect(self._on_speed)
        self._picture = QLabel()
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setObjectName("volume")
        self.volume.setAccessibleName(self.tr("Volume"))
        self.volume.setRange(0, STEPS)
        self.volume.setPageStep(STEPS // 10)
        self.volume.setFixedWidth(80)
        self.volume.valueChanged.connect(self._on_volume)
        for control in (self.speed, self.volume):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._keys = OwnKeys(self)
        self._keys.claim(self.speed, self.volume)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        for part in (self.speed, self._picture, self.volume):
            row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        transport.speed_changed.connect(self._show_speed)
        preferences.changed.connect(self._on_preference)
        self._show_speed(1.0)
        self._on_preference("volume")
        self._draw()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self._picture.setPixmap(icon("volume").pixmap(QSize(18, 18)))

    @pyqtSlot(float)
    def _show_speed(self, speed: float) -> None:
        self.speed.setCurrentIndex(SPEEDS.index(speed))

    @pyqtSlot(int)
    def _on_speed(self, index: int) -> None:
        self._transport.set_speed(SPEEDS[index])

    @pyqtSlot(int)
    def _on_volume(self, value: int) -> None:
        self._preferences.volume = value / STEPS

    @pyqtSlot(str)
    def _on_preference(self, name: str) -> None:
        if name == "volume":
            volume = max(self._preferences.volume, 0.0)
            self.volume.setValue(round(volume * STEPS))
            self.volume.setToolTip(self.tr("Volume: {}").format(percent(volume)))
