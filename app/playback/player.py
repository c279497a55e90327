"""Playback. The cursor is where the sound card is, not where a timer thinks it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike, fspath
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QCoreApplication, QObject, QStandardPaths, Qt, QTimer, pyqtSignal, pyqtSlot

from app.playback.feed import Bounds, Feed
from app.playback.pcm_cache import Decoding
from app.playback.sound_card import AWAKE_S, VANISHED, Output
from core.annotation.values import Stretch
from core.audio.portaudio import Backend, portaudio
from core.errors import OutputError
from core.folders import private_folder
from core.units import SAMPLE_RATE

POLL_MS = 20
"""How often the position is looked at while playing; it comes from the sound card's clock."""
KEEP_OPEN_MS = 4000
"""A paused player holds the device so long: playing on is instant, and then others can have it."""


class Player(QObject):
    """Plays a recording, or a stretch of it, through the chosen output or the system's.

    Positions are samples at 16 kHz. Without an output device everything else goes on working and
    :attr:`failed` says what is wrong.
    """

    position_changed = pyqtSignal(int)
    state_changed = pyqtSignal(bool)
    """Playing or not."""
    failed = pyqtSignal(str)
    """One line; the player has paused."""
    told = pyqtSignal(str)
    """One line to know; the player goes on."""
    _output_failed = pyqtSignal(object, str)
    _output_replaced = pyqtSignal(object)

    def __init__(
        self, parent: QObject | None = None, backend: Callable[[], Backend] = portaudio
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._device = ""
        self._reopened = False  # after it had stalled, and no sound was heard since
        self._told = False  # that the chosen output isn't there
        self._decoding: Decoding | None = None
        self._output: Output | None = None
        self._feed: Feed | None = None
        self._playing = False
        self._position = 0
        self._bounds: Bounds = (0, None, False)
        self._speed = 1.0
        self._gain = 1.0
        self._left_out: tuple[Sequence[Stretch], Sequence[Stretch]] = ((), ())
        self._poll = QTimer(self)
        self._poll.setTimerType(Qt.TimerType.PreciseTimer)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(KEEP_OPEN_MS)
        self._idle.timeout.connect(self._release)
        self._output_failed.connect(self._on_output_failed)
        self._output_replaced.connect(self._on_output_replaced)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def position(self) -> int:
        """The sample that is heard now; where playing would go on while paused."""
        if self._playing and self._output is not None and self._feed is not None:
            self._position = self._feed.position(self._output.heard())
        return self._position

    @property
    def speed(self) -> float:
        """How fast it plays: 1 is as it was said."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """From 0.5 to 2 in steps of 1/4, at the same pitch; also for what plays now."""
        self._speed = speed
        if self._feed is not None:
            self._feed.set_speed(speed)

    def samples(self, start: int, count: int) -> NDArray[np.int16]:
        """Up to so many samples of the recording from one on, as far as they are decoded; from any
        thread."""
        decoding = self._decoding
        return np.zeros(0, np.int16) if decoding is None else decoding.cache.read(start, count)

    def set_volume(self, volume: float) -> None:
        """From 0 to 1, as a person hears it; also for what plays now."""
        self._gain = volume**2
        if self._feed is not None:
            self._feed.set_gain(self._gain)

    def set_device(self, key: str) -> None:
        """Play through this output (:mod:`core.audio.outputs`) from now on; empty: the system's."""
        if key == self._device:
            return
        self._device, self._told = key, False
        playing = self._playing
        self.pause()
        self._release()
        if playing:
            self._start(self._position)

    def leave_out(self, silent: Sequence[Stretch], skipped: Sequence[Stretch]) -> None:
        """Stretches, sorted and apart, that are played silently or jumped over."""
        self._left_out = (silent, skipped)
        if self._feed is not None:
            self._feed.leave_out(silent, skipped)

    def open(self, path: str | PathLike[str], track: int | None = None) -> None:
        """Take another recording (that sound track of it); it is decoded in the background and can
        be played meanwhile."""
        self._forget(wait=False)
        try:
            self._decoding = Decoding(Path(fspath(path)), _cache_folder(), track=track)
        except OutputError as error:
            self.failed.emit(str(error))

    def close(self) -> None:
        """Let go of recording and device. Returns when their threads are gone."""
        self._forget(wait=True)

    def play(self, start: int | None = None, end: int | None = None, loop: bool = False) -> None:
        """Play from ``start`` (None: from where it is) to ``end`` (None: to the end of the
        recording), once or over and over."""
        position = self.position if start is None else max(start, 0)
        self._bounds = (position, end, loop)
        self._start(position)

    def toggle(self) -> None:
        """Pause, or play on: to the end of the last :meth:`play` if that is still ahead."""
        if self._playing:
            self.pause()
            return
        start, end, _ = self._bounds
        if self._position < start or (end is not None and self._position >= end):
            self._bounds = (self._position, None, False)
        self._start(self._position)

    def pause(self) -> None:
        """Stop where it is."""
        if not self._playing:
            return
        self._move(self.position)
        self._playing = False
        if self._feed is not None:
            self._feed.hold()
        self._poll.stop()
        self._idle.start()
        self.state_changed.emit(False)

    def stop(self) -> None:
        """Pause, and forget end and loop."""
        self.pause()
        self._bounds = (0, None, False)

    def seek(self, samples: int) -> None:
        """Go to a sample; what plays plays on from there, to the same end."""
        samples = max(samples, 0)
        if self._playing and self._feed is not None:
            self._feed.go(samples, self._bounds)
        self._move(samples)

    def _start(self, position: int) -> None:
        if self._decoding is None:
            return
        if self._decoding.error and self._decoding.cache.length == 0:
            self.failed.emit(self._decoding.error)
            return
        self._idle.stop()
        if self._output is not None and self._output.stalled:
            self._release()
        if self._feed is None:
            self._feed = Feed(self._decoding.cache)
            self._feed.set_speed(self._speed)
            self._feed.set_gain(self._gain)
            self._feed.leave_out(*self._left_out)
        self._feed.go(position, self._bounds)
        if self._output is None:
            self._output = Output(
                self._feed.pull,
                self._output_failed.emit,
                self._backend,
                self._device,
                self._output_replaced.emit,
            )
        self._move(position)
        self._poll.start()
        if not self._playing:
            self._playing = True
            self.state_changed.emit(True)

    @pyqtSlot(object, str)
    def _on_output_failed(self, output: Output, message: str) -> None:
        if output is self._output:
            self._fail(message)

    @pyqtSlot(object)
    def _on_output_replaced(self, output: Output) -> None:
        if output is self._output and not self._told:
            self._told = True  # once, not with every press of Play
            text = self.tr("{} can't be used now: playing through the system's output")
            self.told.emit(text.format(self._device))

    def _look(self) -> None:
        """Poll the sound card: where is it, is it still there, has it come to the end."""
        output, feed = self._output, self._feed
        if output is None or feed is None or self._decoding is None:
            return
        heard = output.heard()
        self._move(feed.position(heard))
        if output.stalled:
            self._open_again()
            return
        if heard > AWAKE_S * SAMPLE_RATE:
            self._reopened = False
        if feed.ended(heard):
            self.pause()
            if self._decoding.error:
                self.failed.emit(self._decoding.error)

    def _open_again(self) -> None:
        """The output asks for nothing any more. A busy machine or sound server may be all that is
        wrong with it, so it is opened once more before that is told."""
        if self._reopened:
            self._fail(VANISHED)
            return
        self._reopened = True
        self._release()
        self._start(self._position)

    def _fail(self, message: str) -> None:
        self._reopened = False
        self.pause()
        self._release()
        self.failed.emit(message)

    def _release(self, wait: bool = False) -> None:
        """Give the device back; the next stream gets a feed of its own."""
        self._idle.stop()
        self._feed = None
        if self._output is not None:
            self._output.close(wait)
            self._output = None

    def _forget(self, wait: bool) -> None:
        self.stop()
        self._release(wait)
        if self._decoding is not None:
            self._decoding.close(wait)
            self._decoding = None
        self._move(0)

    def _move(self, position: int) -> None:
        if position != self._position:
            self._position = position
            self.position_changed.emit(position)


def _cache_folder() -> Path | None:
    """The user's cache folder, on disk: the system's temporary folder is often memory."""
    name = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    folder = Path(name) if name else None
    try:
        if folder is not None:
            private_folder(folder)
    except OSError:
        return None
    return folder
