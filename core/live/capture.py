"""The recorder's thread of a live recording: from the microphone to the disk, before all else."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable

from core.audio.devices import InputDevice, permission_hint
from core.audio.levels import Level, Meter
from core.audio.microphone import Microphone, Piece
from core.audio.portaudio import Streams
from core.audio.recorder import DiskFull
from core.audio.switching import Adapter
from core.audio.wav import Layout
from core.errors import OutputError
from core.live.board import Board, Tape
from core.live.events import Gap, Moved, Pause, Why
from core.live.reel import Reel
from core.live.whereabouts import Whereabouts

LOOK_S = 0.05
"""The ring is emptied so often."""
NO_SOUND_S = 3.0
"""Exact zeros for so long are no silence: muted, or not permitted."""


class Capturer(ABC):
    """A thread that takes sound to a reel; wishes are heeded within :data:`LOOK_S`."""

    def __init__(self, reel: Reel, board: Board, tape: Tape) -> None:
        self.reel = reel
        self.pauses: list[Pause] = []
        self._board, self._tape = board, tape
        self._wishes: deque[Callable[[], None]] = deque()
        self._stopping = False
        self._paused_since: float | None = None
        self.thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def pause(self) -> None:
        self._wishes.append(self._pause)

    def resume(self) -> None:
        self._wishes.append(self._resume)

    def stop(self) -> None:
        self._wishes.append(self._stop)

    def switch(self, device: InputDevice) -> None:
        self._wishes.append(lambda: self._switch(device))

    # In the recorder's thread

    @abstractmethod
    def _take(self) -> None:
        """Everything that has come, to the disk."""

    @abstractmethod
    def _watch(self) -> None:
        """Tell what the person should know."""

    @abstractmethod
    def _switch(self, device: InputDevice) -> None: ...

    @abstractmethod
    def _pause(self) -> None: ...

    @abstractmethod
    def _resume(self) -> None: ...

    @abstractmethod
    def _let_go(self) -> None:
        """Close what is open, and take what it still gave."""

    @abstractmethod
    def _close(self) -> None:
        """Close what is open; the disk takes no more."""

    def _run(self) -> None:
        try:
            while not self._stopping:
                time.sleep(LOOK_S)
                while self._wishes:
                    self._wishes.popleft()()
                self._take()
                self._watch()
        except OutputError as error:
            self._tell(error)
        finally:
            self._end()

    def _paused_until(self, now: float) -> None:
        """Keep the pause that is over."""
        assert self._paused_since is not None
        pause = Pause(self.reel.position, now - self._paused_since)
        self._paused_since = None
        self.pauses.append(pause)
        self.reel.note(pause=[pause.at, pause.seconds])
        self._board.emit(pause)

    def _check_sound(self, level: Level, name: str) -> None:
        if level.zeros_s >= NO_SOUND_S:
            self._board.trouble("no sound", f"no sound arrives from {name}: {permission_hint()}")
        else:
            self._board.over("no sound")

    def _stop(self) -> None:
        self._stopping = True

    def _end(self) -> None:
        try:
            if self._stopping:
                self._let_go()
            else:
                self._close()
            self.reel.close()
        except OutputError as error:
            self._tell(error)
        finally:
            self._board.set(state="finishing")
            self._tape.end()

    def _tell(self, error: OutputError) -> None:
        self._board.trouble("disk full" if isinstance(error, DiskFull) else "writing", str(error))


class Capture(Capturer):
    """Records one input from the moment it is made.

    Parameters
    ----------
    device, backend
        The input and what opens it.
    reel, board, tape
        Where to put the sound, and where to tell what happens.
    """

    def __init__(
        self,
        device: InputDevice,
        backend: Callable[[], Streams],
        reel: Reel,
        board: Board,
        tape: Tape,
    ) -> None:
        super().__init__(reel, board, tape)
        self._backend = backend
        self._microphone: Microphone | None = Microphone(device, backend)
        self._adapter: Adapter | None = None  # these two belong to the present microphone
        self._meter: Meter | None = None
        self._whereabouts: Whereabouts | None = None
        self._missing_since: float | None = None  # no sound since then, and not by intention
        self._overflows = 0  # of earlier microphones
        self.thread.start()

    # In the recorder's thread

    def _take(self) -> None:
        """Everything that the microphone has, to the disk."""
        microphone = self._microphone
        if microphone is None:
            return
        if microphone.error is not None:
            self._let_go()
            self._board.trouble("device", str(microphone.error))
            return
        for piece in microphone.read():
            self._take_piece(microphone, piece)

    def _take_piece(self, microphone: Microphone, piece: Piece) -> None:
        reel = self.reel
        if not reel.begun:
            layout = Layout(microphone.rate, microphone.channels)
            reel.begin(layout, device=microphone.device.key)
        if self._meter is None or self._adapter is None:  # the first of this microphone
            self._meter = Meter(microphone.rate)
            self._whereabouts = Whereabouts(microphone.device)
            self._adapter = Adapter(microphone.rate, microphone.channels, reel.layout)
            self._board.over("device")
        self._check_sound(self._meter.push(piece.frames), self._board.status.device.name)
        if self._paused_since is not None:
            return
        if self._missing_since is not None:
            began = piece.at - len(piece.frames) / microphone.rate
            self._fill(began - self._missing_since, "device")
            self._missing_since = None
            self._board.set(state="recording")
        if piece.lost:
            self._fill(piece.lost / microphone.rate, "overflow")
        reel.write(self._adapter.push(piece.frames), piece.at)

    def _fill(self, seconds: float, why: Why) -> None:
        """Silence for what was lost, so that time stays true."""
        start = self.reel.position
        self.reel.silence(round(seconds * self.reel.layout.rate))
        self.reel.tell_gap(Gap(start, self.reel.position, why))

    def _watch(self) -> None:
        microphone = self._microphone
        if microphone is not None:
            self._board.set(overflows=self._overflows + microphone.overflows)
            if self._whereabouts is not None:
                self._follow(microphone, self._whereabouts.device)
            if microphone.opened.is_set() and microphone.gone:
                kept = " any more: the recording is kept" if self.reel.begun else ""
                name = self._board.status.device.name
                self._let_go()  # first, so that whoever hears of it sees how things are
                self._board.trouble(
                    "device",
                    f"{name} gives no sound{kept}; choose another input to go on, or stop",
                )
        if self._meter is not None:
            self._board.set(level=self._meter.level)
        self.reel.watch()

    def _follow(self, microphone: Microphone, now: InputDevice) -> None:
        """Tell if the sound comes from another input than it did."""
        before, at = self._board.status.device, self.reel.position
        if now.source != before.source:
            microphone.wait_for_another()
            self._board.set(device=now)
            self.reel.note(moved=[at, now.key])
            self._board.emit(Moved(at, before, now))

    def _let_go(self) -> None:
        """The microphone is gone or no longer wanted; take what it still gave."""
        microphone, self._microphone = self._microphone, None
        if microphone is None:
            return
        microphone.close()
        last = time.monotonic() - microphone.age
        for piece in microphone.read():
            self._take_piece(microphone, piece)
        self._overflows += microphone.overflows
        adapter = self._adapter
        self._meter = self._adapter = None
        if self._whereabouts is not None:
            self._whereabouts.close()
            self._whereabouts = None
        if self.reel.begun:
            if adapter is not None and self._paused_since is None:
                self.reel.write(adapter.flush(), last)
            if self._missing_since is None:
                self._missing_since = last
        if self._paused_since is None:
            self._board.set(state="interrupted" if self.reel.begun else "starting")
        self._board.set(level=Level())

    def _switch(self, device: InputDevice) -> None:
        self._let_go()
        self._microphone = Microphone(device, self._backend)
        self._board.set(device=device)

    def _pause(self) -> None:
        if self._paused_since is None and self.reel.begun:
            self._take()  # what was said before the button was pressed
            self._paused_since = now = time.monotonic()
            if self._missing_since is not None:
                self._fill(now - self._missing_since, "device")
            self._board.set(state="paused")

    def _resume(self) -> None:
        if self._paused_since is None:
            return
        self._take()  # not wanted yet
        now = time.monotonic()
        self._paused_until(now)
        if self._missing_since is not None:
            self._missing_since = now
        self._board.set(state="interrupted" if self._missing_since else "recording")

    def _close(self) -> None:
        if self._microphone is not None:
            self._microphone.close()
        if self._whereabouts is not None:
            self._whereabouts.close()
