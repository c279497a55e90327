"""Has the spectrogram of what is in view made, off the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QObject, QTimer, pyqtSlot

from app.playback.spectrogram import spectrogram
from app.widgets.workers import Task
from core.units import SAMPLE_RATE, to_samples

if TYPE_CHECKING:
    from app.playback.scene import Scene
    from app.widgets.host import Host

MOST_S = 120.0
"""Of more than that a spectrogram shows nothing but noise."""
WAIT_MS = 40
LATER_MS = 500
"""Between two looks whether the sound has been decoded."""
ROWS = 192
_Picture = tuple[NDArray[np.uint8], tuple[float, float], int]


class Spectrograms(QObject):
    """Keeps the picture in step with the timeline: as wide again at each side, so that scrolling
    shows it at once."""

    def __init__(self, scene: Scene, host: Host) -> None:
        super().__init__(host.window)
        self._session, self._timeline, self._player = scene.session, scene.timeline, scene.player
        self._run = host.run
        self._top = 0
        self._made: tuple[float, float, int, bool] | None = None
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        scene.timeline.range_changed.connect(self._on_range)
        scene.session.recording_changed.connect(self._on_recording)

    def show(self, top: int) -> None:
        """Up to this pitch in Hz in place of the waveform; 0 for the waveform."""
        self._top = top
        self._made = None
        canvas = self._timeline.canvas
        canvas.wave.setVisible(not top)
        canvas.spectrogram.setVisible(bool(top))
        canvas.spectrogram.show_picture(None, (0.0, 0.0), top)
        self._on_range()

    @pyqtSlot()
    def _on_recording(self) -> None:
        self._made = None
        self._timeline.canvas.spectrogram.show_picture(None, (0.0, 0.0), self._top)
        self._on_range()

    @pyqtSlot()
    def _on_range(self) -> None:
        if self._top and not self._timer.isActive():
            self._timer.start(WAIT_MS)

    @pyqtSlot()
    def _look(self) -> None:
        """Make the picture, unless the one that is there will do."""
        item = self._timeline.canvas.spectrogram
        start, end = self._timeline.visible_range()
        if not self._top or not self._session.is_open or end <= start:
            return
        item.hint = "" if end - start <= MOST_S else self.tr("Zoom in to see the spectrogram")
        item.update()
        if item.hint or self._task is not None:
            return
        if self._made is not None:
            first, last, top, whole = self._made
            scale = (end - start) / (last - first)
            inside = first <= max(start, 0.0) and min(end, self._timeline.canvas.duration) <= last
            if inside and top == self._top and 0.2 < scale <= 1 and whole:
                return
        span = (
            max(start - (end - start), 0.0),
            min(end + (end - start), self._timeline.canvas.duration),
        )
        self._make(span, round(self._timeline.canvas.width() * (span[1] - span[0]) / (end - start)))

    def _make(self, span: tuple[float, float], columns: int) -> None:
        first, last = to_samples(span[0]), to_samples(span[1])
        top, player = self._top, self._player

        def work() -> tuple[_Picture, bool]:
            sound = player.samples(first, last - first)
            whole = len(sound) >= last - first - SAMPLE_RATE // 10
            sound = np.pad(sound, (0, max(last - first - len(sound), 0)))
            return (spectrogram(sound, columns, ROWS, top), span, top), whole

        self._task = Task("spectrogram", work)
        self._task.done.connect(self._on_made)
        self._task.ended.connect(self._on_ended)
        self._run(self._task)

    @pyqtSlot(object)
    def _on_made(self, made: tuple[_Picture, bool]) -> None:
        (picture, span, top), whole = made
        if top == self._top:
            self._made = (*span, top, whole)
            self._timeline.canvas.spectrogram.show_picture(picture, span, top)

    @pyqtSlot()
    def _on_ended(self) -> None:
        self._task = None
        if self._top:
            whole = self._made is None or self._made[3]
            self._timer.start(WAIT_MS if whole else LATER_MS)
