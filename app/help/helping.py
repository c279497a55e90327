"""What the Help menu opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QAction

from app.startup import log_folder
from app.widgets.host import Host, to_front

if TYPE_CHECKING:
    from app.help.guide import Guide
    from app.help.help_sheet import HelpSheet


class Help(QObject):
    """The sheet of keys and the guide, which stay beside the window, and what is said once.

    Attributes:
        actions: those of the window by name, once there are any; the sheet shows their keys.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host.window)
        self.actions: Mapping[str, QAction] = {}
        self._window, self._notices = host.window, host.notices
        self._keys: HelpSheet | None = None
        self._guide: Guide | None = None

    def show_keys(self) -> None:
        from app.help.help_sheet import HelpSheet

        if self._keys is None:
            self._keys = HelpSheet(self.actions, self._window)
        to_front(self._keys)

    def show_guide(self) -> None:
        from app.help.guide import Guide

        if self._guide is None:
            self._guide = Guide(self._window)
        to_front(self._guide)

    def open_log_folder(self) -> None:
        folder = log_folder()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._notices.tell(self.tr("The log is in {}").format(folder))

    def show_about(self) -> None:
        from app.help.about import AboutDialog

        AboutDialog(self._window).open()

    def show_new_version(self) -> None:
        from app.help.about import show_new_version

        show_new_version(self._window)
