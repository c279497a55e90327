"""Playback. The cursor is where the sound card is, not where a timer thinks it is."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from os import PathLike, fspath
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QCoreApplication, QObject, QStandardPaths, Qt, QTimer, pyqtSignal, pyqtSlot

from core.errors import OutputError

from .output import VANISHED, Backend, Output, portaudio
from .pcm_cache import Decoding, PcmCache

POLL_MS = 20
"""How often the position is looked at while playing; it comes from the sound card's clock."""
KEEP_OPEN_MS = 4000
"""A paused player holds the device so long: playing on is instant, and then others can have it."""


Bounds = tuple[int, "int | None", bool]
"""What is played: from a sample, to a sample (None: the end of the recording), over and over."""


class Feed:
    """Cuts the stretch that is being played into what the sound card asks for.

    The sound card sees one endless stream of samples. ``_pieces`` tells which sample of the
    recording a sample of that stream was, through seeks, loops and pauses.
    """

    def __init__(self, cache: PcmCache) -> None:
        self._lock = threading.Lock()
        self._cache = cache
        self._pulled = 0
        self._next = 0
        self._bounds: Bounds = (0, None, False)
        self._running = False
        self._ended: int | None = None
        self._pieces: list[tuple[int, int, bool]] = [(0, 0, False)]

    def go(self, position: int, bounds: Bounds) -> None:
        """Play on from this sample of the recording."""
        with self._lock:
            self._next, self._bounds, self._running = position, bounds, True
            self._begin()

    def hold(self) -> None:
        """Give silence until :meth:`go`."""
        with self._lock:
            self._running = False
            self._begin()

    def _begin(self) -> None:
        self._ended = None
        self._pieces = [(self._pulled, self._next, self._running)]

    def pull(self, count: int) -> NDArray[np.int16]:
        """The next ``count`` samples for the sound card; silence where there is nothing to play."""
        out = np.zeros(count, np.int16)
        with self._lock:
            done = 0
            while done < count and self._running:
                start, end, loop = self._bounds
                room = count - done if end is None else min(count - done, end - self._next)
                sound = self._cache.read(self._next, room)
                if len(sound):
                    self._piece(done, True)
                    out[done : done + len(sound)] = sound
                    self._next += len(sound)
                    done += len(sound)
                elif room <= 0 or (self._cache.complete and self._next >= self._cache.length):
                    if not loop or self._next <= start:
                        if self._ended is None:
                            self._ended = self._pulled + done
                        break
                    self._next = start
                else:  # not decoded yet: wait here
                    break
            if done < count:
                self._piece(done, False)
            self._pulled += count
        return out

    def _piece(self, done: int, moving: bool) -> None:
        """From ``done`` on in this block the stream is at ``_next``; merge what just goes on."""
        index = self._pulled + done
        since, position, was_moving = self._pieces[-1]
        expected = position + (index - since if was_moving else 0)
        if (moving, self._next) != (was_moving, expected):
            self._pieces.append((index, self._next, moving))

    def position(self, heard: float) -> int:
        """The sample of the recording that is heard when so much of the stream has been."""
        with self._lock:
            n = max(bisect_right(self._pieces, heard, key=lambda piece: piece[0]) - 1, 0)
            del self._pieces[:n]
            index, position, moving = self._pieces[0]
            if moving and heard > index:
                limit = self._pieces[1][0] if len(self._pieces) > 1 else self._pulled
                position += round(min(heard, limit) - index)
            return position

    def ended(self, heard: float) -> bool:
        """Whether the end of the stretch has been heard."""
        with self._lock:
            return self._ended is not None and heard >= self._ended


class Player(QObject):
    """Plays a recording, or a stretch of it, through the default output.

    Positions are samples at 16 kHz. Without an output device everything else goes on working and
    :attr:`failed` says what is wrong.
    """

    position_changed = pyqtSignal(int)
    state_changed = pyqtSignal(bool)
    """Playing or not."""
    failed = pyqtSignal(str)
    """One line; the player has paused."""
    _output_failed = pyqtSignal(object, str)

    def __init__(
        self, parent: QObject | None = None, backend: Callable[[], Backend] = portaudio
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._decoding: Decoding | None = None
        self._output: Output | None = None
        self._feed: Feed | None = None
        self._playing = False
        self._position = 0
        self._bounds: Bounds = (0, None, False)
        self._poll = QTimer(self)
        self._poll.setTimerType(Qt.TimerType.PreciseTimer)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(KEEP_OPEN_MS)
        self._idle.timeout.connect(self._release)
        self._output_failed.connect(self._on_output_failed)
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

    def open(self, path: str | PathLike[str]) -> None:
        """Take another recording; it is decoded in the background and can be played meanwhile."""
        self._forget(wait=False)
        try:
            self._decoding = Decoding(Path(fspath(path)), _cache_folder())
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
        self._feed.go(position, self._bounds)
        if self._output is None:
            self._output = Output(self._feed.pull, self._output_failed.emit, self._backend)
        self._move(position)
        self._poll.start()
        if not self._playing:
            self._playing = True
            self.state_changed.emit(True)

    @pyqtSlot(object, str)
    def _on_output_failed(self, output: Output, message: str) -> None:
        if output is self._output:
            self._fail(message)

    def _look(self) -> None:
        """Poll the sound card: where is it, is it still there, has it come to the end."""
        output, feed = self._output, self._feed
        if output is None or feed is None or self._decoding is None:
            return
        heard = output.heard()
        self._move(feed.position(heard))
        if output.stalled:
            self._fail(VANISHED)
        elif feed.ended(heard):
            self.pause()
            if self._decoding.error:
                self.failed.emit(self._decoding.error)

    def _fail(self, message: str) -> None:
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
            folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder
