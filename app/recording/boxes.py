"""The lists to choose from before something is recorded: what, and by which input.

The wheel scrolls nothing here, for that would switch the microphone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QStandardItemModel, QWheelEvent
from PyQt5.QtWidgets import QComboBox

from app.recording.inputs import Source

if TYPE_CHECKING:
    from core.audio.devices import InputDevice


class SourceBox(QComboBox):
    """The microphone, what the computer plays, or both."""

    SOURCES: tuple[Source, ...] = get_args(Source)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sources")
        self.addItems(
            [self.tr("Microphone"), self.tr("Computer's sound"), self.tr("Both (a call)")]
        )

    def show_source(self, source: Source, *, possible: bool) -> None:
        """The choice; ``possible`` is whether the computer's sound can be recorded."""
        from core.audio.devices import no_computer_sound

        self.setCurrentIndex(self.SOURCES.index(source))
        why = "" if possible else self.tr("Not possible here: {}").format(no_computer_sound())
        self.setToolTip(why)
        model = self.model()
        for row in (1, 2):
            self.setItemData(row, why or None, Qt.ItemDataRole.ToolTipRole)
            if isinstance(model, QStandardItemModel):
                model.item(row).setEnabled(possible)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        event.ignore()


class DeviceBox(QComboBox):
    """The inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("devices")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)

    def show_devices(self, devices: list[InputDevice], current: InputDevice | None) -> None:
        texts = [self._text(device) for device in devices]
        if texts != [self.itemText(i) for i in range(self.count())]:
            self.clear()
            self.addItems(texts)
            for i, text in enumerate(texts):
                self.setItemData(i, text, Qt.ItemDataRole.ToolTipRole)
        index = next((i for i, d in enumerate(devices) if current and d.key == current.key), -1)
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def _text(self, device: InputDevice) -> str:
        channels = {1: self.tr("mono"), 2: self.tr("stereo")}.get(
            device.channels, self.tr("{} channels").format(device.channels)
        )
        parts = [device.name, device.host_api, channels]
        if device.monitor:
            parts.append(self.tr("what this computer plays"))
        if device.default:
            parts.append(self.tr("default"))
        return " · ".join(parts)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        event.ignore()
