"""Recording as the menus, the panel and the notices ask for it, and what has to wait for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, Qt, pyqtSignal, pyqtSlot

from app.recording.mini import MiniView
from app.recording.questions import ask_folder, ask_stop
from app.recording.tray import Tray
from app.widgets.host import Host, to_front
from app.widgets.notices import Problem, Way

if TYPE_CHECKING:
    from app.meetings.meetings import Meetings
    from app.recording.live import Live
    from app.recording.panel import CapturePanel
    from app.session import Session


class Capturing(QObject):
    """Begins a recording, and ends it before something else is done."""

    open_wanted = pyqtSignal(object)
    """This Path, whose changes were set aside for a recording."""

    def __init__(
        self, session: Session, live: Live, panel: CapturePanel, meetings: Meetings, host: Host
    ) -> None:
        super().__init__(host.window)
        self._session, self._live = session, live
        self._panel, self._meetings = panel, meetings
        self._window, self._notices = host.window, host.notices
        self._once_saved: Callable[[], object] | None = None
        panel.record.clicked.connect(self.record)
        self._mini: MiniView | None = None
        self.tray = Tray(live, host)
        self.tray.window_wanted.connect(self.show_window)
        panel.mini_clicked.connect(self.show_mini)
        panel.folder_clicked.connect(self.choose_folder)
        live.problems.input_wanted.connect(panel.choose_input)
        live.problems.folder_wanted.connect(self.choose_folder)
        live.attaching.connect(self._on_attaching)
        meetings.saved.connect(self._on_saved)

    def record(self) -> None:
        """Record at once, whatever is open; pause, or go on, if it runs."""
        self._live.toggle()

    @pyqtSlot()
    def _on_attaching(self) -> None:
        """No question while people talk: what isn't saved is kept and told of."""
        path = self._meetings.set_aside()
        if path is None:
            return
        message = self.tr("What you changed in {} is kept: it is there when you open that again.")
        way = Way(self.tr("Open {}").format(path.name), partial(self.open_wanted.emit, path))
        self._notices.show_problem(
            Problem(
                message.format(path.name),
                severe=False,
                ways=(way,),
                key=f"set aside: {path}",
                general=True,
            )
        )

    @pyqtSlot()
    def show_mini(self) -> None:
        """A small window in front of all in place of this one, until it is closed."""
        if not self._live.recording or self._mini is not None:
            return
        self._mini = mini = MiniView(self._live, self._session)
        mini.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        mini.marker_clicked.connect(self._panel.marker_clicked)
        mini.closed.connect(self.show_window)
        mini.show()
        self._window.hide()

    @pyqtSlot()
    def show_window(self) -> None:
        """The window itself, in front."""
        mini, self._mini = self._mini, None
        if mini is not None:
            mini.close()
        to_front(self._window)

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
