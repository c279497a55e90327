"""Recordings and folders that are dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QEvent, QObject, QUrl, pyqtSignal

from app.widgets.host import Host


class FileDrop(QObject):
    """Takes what is dropped of files and folders on this computer, and says why not otherwise."""

    dropped = pyqtSignal(object)
    """The path of the one thing."""
    several_dropped = pyqtSignal(object)
    """The paths of several recordings and folders."""

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
        from core.audio.kinds import is_recording

        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if len(paths) > 1:  # with a recording may come its meeting, a transcript, a picture
            paths = [p for p in paths if p.is_dir() or is_recording(p.name)] or paths[:1]
        if len(paths) > 1:
            self.several_dropped.emit(paths)
        elif paths:
            self.dropped.emit(paths[0])
        else:
            self._notices.tell(self.tr("That is not a file on this computer: download it first"))
