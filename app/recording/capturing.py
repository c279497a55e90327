"""Recording as the menus, the panel and the notices ask for it, and what has to wait for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSlot

from app.recording.questions import ask_folder, ask_stop

if TYPE_CHECKING:
    from app.meetings.meetings import Meetings
    from app.recording.live import Live
    from app.recording.panel import CapturePanel
    from app.widgets.host import Host


class Capturing(QObject):
    """Begins a recording once it may, and ends it before something else is done."""

    def __init__(self, live: Live, panel: CapturePanel, meetings: Meetings, host: Host) -> None:
        super().__init__(host.window)
        self._live, self._panel, self._meetings = live, panel, meetings
        self._window = host.window
        self._once_saved: Callable[[], object] | None = None
        panel.record.clicked.connect(self.record)
        panel.folder_clicked.connect(self.choose_folder)
        live.problems.input_wanted.connect(panel.choose_input)
        live.problems.folder_wanted.connect(self.choose_folder)
        meetings.saved.connect(self._on_saved)

    def record(self) -> None:
        """Record, once it is decided about what isn't saved; pause, or go on, if it runs."""
        if self._live.busy:
            self._live.toggle()
        else:
            self._meetings.leave(self._live.record)

    def choose_folder(self) -> None:
        """Ask where recordings are kept from now on."""
        ask_folder(self._window, str(self._live.folder), self._live.keep_in)

    @pyqtSlot()
    def show_panel(self) -> None:
        """Show the microphone and its level."""
        self._panel.show_panel(True)

    def after(self, then: Callable[[], object]) -> None:
        """Do something that needs the recording to be over, heard and saved."""

        def go_on() -> None:
            if self._meetings.unsaved:  # it is being written
                self._once_saved = then
            else:
                then()

        if self._live.recording:
            ask_stop(self._window, lambda: self._live.stop(go_on))
        elif self._live.busy:
            self._live.stop(go_on)
        else:
            then()

    @pyqtSlot(object)
    def _on_saved(self, _path: Path) -> None:
        then, self._once_saved = self._once_saved, None
        if then is not None:
            then()
