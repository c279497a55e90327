"""The timeline while the microphone is on: the newest sound stays in view until one looks back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt5.QtCore import QObject, pyqtSlot

from core.units import SAMPLE_RATE, to_seconds

if TYPE_CHECKING:
    from app.playback.transport import Transport
    from app.session import Session
    from app.timeline.view import TimelineView

SPAN_S = 40.0
"""So much is shown once there is more."""
ROUNDING = 1e-6
BACK = 2 * SAMPLE_RATE
"""Whoever goes back further than this (2 s) wants to look at something."""


class LiveView(QObject):
    """The playhead is at the newest sound; going or scrolling back suspends that, Follow resumes.

    Suspended, the playhead stays where the person put it.
    """

    def __init__(
        self,
        session: Session,
        timeline: TimelineView,
        transport: Transport,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._timeline = session, timeline
        self._growing = False
        session.live_changed.connect(self._on_live)
        session.sound_grew.connect(self._on_sound)
        transport.moved.connect(self._on_moved)

    @pyqtSlot()
    def _on_live(self) -> None:
        self._timeline.names.show_clock(not self._session.live)
        if self._session.live:
            self._growing = True
            self._timeline.follow = True
        else:
            self._timeline.fit()
            self._timeline.set_position(0.0)

    @pyqtSlot()
    def _on_sound(self) -> None:
        timeline, now = self._timeline, to_seconds(self._session.duration)
        if not (self._session.live and timeline.follow):
            return
        start, _ = timeline.visible_range()
        self._growing &= start < ROUNDING  # else somebody has zoomed in
        timeline.set_position(now)
        if self._growing and now <= SPAN_S:
            timeline.fit()
        elif self._growing:
            self._growing = False
            timeline.zoom_to(now - SPAN_S, now)

    @pyqtSlot(int)
    def _on_moved(self, samples: int) -> None:
        if self._session.live and samples < self._session.duration - BACK:
            self._timeline.follow = False
