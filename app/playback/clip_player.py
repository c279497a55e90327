"""Plays a few seconds that lie in memory: the kept samples of voices, which are in no file."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal, pyqtSlot

from app.playback.sound_card import VANISHED, Output
from core.audio.portaudio import Backend, portaudio

LOOK_MS = 100


class ClipPlayer(QObject):
    """One clip at a time, through the chosen output."""

    failed = pyqtSignal(str)
    """One line."""
    ended = pyqtSignal()
    _output_failed = pyqtSignal(object, str)

    def __init__(
        self, parent: QObject | None = None, backend: Callable[[], Backend] | None = None
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self.device = ""
        """The key of an output (:mod:`core.audio.outputs`); empty: the system's."""
        self._lock = threading.Lock()
        self._left: NDArray[np.int16] = np.zeros(0, np.int16)
        self._pulled = 0
        self._length = 0
        self._output: Output | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._output_failed.connect(self._on_failed)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)

    @property
    def playing(self) -> bool:
        return self._output is not None

    def play(self, clip: NDArray[np.float32]) -> None:
        """Play (n,) samples at 16 kHz, instead of what plays now."""
        self.stop()
        sound = (np.clip(clip, -1, 1) * 32767).astype(np.int16)
        if not len(sound):
            return
        with self._lock:
            self._left, self._length = sound, len(sound)
        self._output = Output(
            self._pull, self._output_failed.emit, self._backend or portaudio, self.device
        )
        self._timer.start()

    @pyqtSlot()
    def stop(self) -> None:
        """Be silent, and let go of the device."""
        self._timer.stop()
        output, self._output = self._output, None
        if output is not None:
            output.close(wait=True)
            self.ended.emit()

    def _pull(self, count: int) -> NDArray[np.int16]:
        with self._lock:
            part, self._left = self._left[:count], self._left[count:]
        return np.concatenate([part, np.zeros(count - len(part), np.int16)])

    @pyqtSlot()
    def _look(self) -> None:
        output = self._output
        if output is None:
            return
        if output.stalled:
            self._on_failed(output, VANISHED)
        elif not len(self._left) and output.heard() >= self._length:
            self.stop()

    @pyqtSlot(object, str)
    def _on_failed(self, output: Output, message: str) -> None:
        if output is self._output:
            self.stop()
            self.failed.emit(message)
