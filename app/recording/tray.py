"""The icon among the system's: it is red while something is recorded, and can pause and stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QMenu, QSystemTrayIcon

from app.style.icons import icon
from core.units import short_time

if TYPE_CHECKING:
    from app.recording.live import Live
    from app.widgets.host import Host


class Tray(QObject):
    """There only while it is recorded, and where the system has a place for it."""

    window_wanted = pyqtSignal()

    def __init__(self, live: Live, host: Host) -> None:
        super().__init__(host.window)
        self._live, self._window = live, host.window
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        live.state_changed.connect(self._on_state)
        live.changed.connect(self._on_status)

    @property
    def shown(self) -> bool:
        return self._icon is not None and self._icon.isVisible()

    @pyqtSlot()
    def _on_state(self) -> None:
        if not self._live.recording:
            if self._icon is not None:
                self._icon.hide()
            return
        if self._icon is None:
            if not QSystemTrayIcon.isSystemTrayAvailable():
                return
            self._make()
        assert self._icon is not None
        paused = self._live.state == "paused"
        self._icon.setIcon(icon("pause" if paused else "record"))
        self._pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        self._icon.show()

    def _make(self) -> None:
        self._menu = QMenu(self._window)
        show = self._menu.addAction(self.tr("Show the window"))
        show.triggered.connect(lambda: self.window_wanted.emit())
        self._pause = self._menu.addAction("")
        self._pause.triggered.connect(lambda: self._live.pause())
        stop = self._menu.addAction(self.tr("Stop and save"))
        stop.triggered.connect(lambda: self._live.stop())
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_click)

    @pyqtSlot(QSystemTrayIcon.ActivationReason)
    def _on_click(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.window_wanted.emit()

    @pyqtSlot()
    def _on_status(self) -> None:
        status = self._live.status
        if self._icon is not None and status is not None:
            self._icon.setToolTip(f"{self._live.words} {short_time(status.position)}".strip())
