"""Recordings and folders that are dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QEvent, QObject, QUrl, pyqtSignal

from app.widgets.host import Host


class FileDrop(QObject):
    """Takes what is dropped of files and folders on this computer, and says why not otherwise."""

    dropped = pyqtSignal(object)
    """Their paths, a list."""

    def __init__(self, host: Host) -> None:
        super().__init__(host.window)
        self._notices = host.notices
        host.window.setAcceptDrops(True)
        host.window.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event.type() == QEvent.Type.DragEnter and event.mimeData().hasUrls():
            event.acceptProposedAction()
        elif event.type() == QEvent.Type.Drop:
            event.acceptProposedAction()
            self._take(event.mimeData().urls())
        else:
            return bool(super().eventFilter(watched, event))
        return True

    def _take(self, urls: list[QUrl]) -> None:
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self.dropped.emit(paths)
        else:
            self._notices.tell(self.tr("That is not a file on this computer: download it first"))
