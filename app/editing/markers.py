"""Markers: put one, type its text, find it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSignal, pyqtSlot
from PyQt5.QtWidgets import QMenu, QWidget

from app.widgets.refusals import told
from core.annotation.values import Marker
from core.errors import EditError
from core.units import SAMPLE_RATE, clock

if TYPE_CHECKING:
    from app.playback.scene import Scene
    from app.session import Session
    from app.widgets.host import Host

NEAR = SAMPLE_RATE
"""A marker so close to the playhead (1 s) is the one that is meant."""


class Marking(QObject):
    """The handlers of everything about markers."""

    def __init__(self, scene: Scene, host: Host) -> None:
        super().__init__(host.window)
        self.notices = host.notices
        self._session, self._timeline = scene.session, scene.timeline
        self._transport, self._player = scene.transport, scene.player
        timeline = scene.timeline
        timeline.marker_text.connect(self._on_text)
        timeline.marker_left.connect(self._on_left)
        timeline.canvas.marker_clicked.connect(self.go_to)
        timeline.canvas.marker_double_clicked.connect(timeline.edit_marker)

    @told
    def add(self) -> None:
        """Put a marker at the playhead, while recording at what is heard now; its text can be
        typed at once."""
        at = self._session.duration if self._session.live else self._player.position
        there = self._session.annotation.markers
        self._session.add_marker(at)
        marker = next(
            (m for m in self._session.annotation.markers if m not in there and not m.text), None
        )
        if marker is not None:
            self._timeline.edit_marker(marker)

    @told
    def edit(self) -> None:
        """Type another text for the marker at the playhead."""
        self._timeline.edit_marker(self._here())

    @told
    def remove(self) -> None:
        self._session.remove_marker(self._here())

    @pyqtSlot(object, str)
    @told
    def _on_text(self, marker: Marker, text: str) -> None:
        text = " ".join(text.split())
        if text != marker.text and marker in self._session.annotation.markers:
            self._session.edit_marker(marker, text)

    @pyqtSlot(object)
    def _on_left(self, marker: Marker) -> None:
        """Esc takes a marker back that was put just now."""
        if not marker.text:
            self._session.put_no_marker(marker.at)

    def _here(self) -> Marker:
        """The marker nearest to the playhead."""
        at = self._player.position
        near = min(self._session.annotation.markers, key=lambda m: abs(m.at - at), default=None)
        if near is None or abs(near.at - at) > NEAR:
            raise EditError(
                self.tr("go to a marker first: click it, or press Ctrl+PgDown for the next")
            )
        return near

    @pyqtSlot(object)
    def go_to(self, marker: Marker) -> None:
        self._transport.seek(marker.at)

    def next(self) -> None:
        at = self._player.position
        later = [m for m in self._session.annotation.markers if m.at > at]
        if later:
            self.go_to(later[0])

    def previous(self) -> None:
        at = self._player.position
        earlier = [m for m in self._session.annotation.markers if m.at < at]
        if earlier:
            self.go_to(earlier[-1])


class MarkerMenu(QMenu):
    """All markers as a menu, looked up anew each time that it opens."""

    chosen = pyqtSignal(object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("markers_menu")
        self.setTitle(self.tr("To &marker"))
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for marker in self._session.annotation.markers:
            text = marker.text.replace("&", "&&")
            entry = self.addAction(f"{clock(marker.at, hours=True)}  {text}".rstrip())
            entry.triggered.connect(lambda _on, m=marker: self.chosen.emit(m))
        if self.isEmpty():
            self.addAction(self.tr("No markers yet")).setEnabled(False)
