"""The listener's thread of a live recording: from the file on the disk to turns."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from core.annotation.values import Annotation, Turn
from core.audio.mono import Intake
from core.audio.wav import Layout, as_floats
from core.channels.reading import CallShares
from core.errors import EditError, OutputError, VoicelanesError
from core.live.board import Board, Tape
from core.live.events import RecognisedVoices, Turns
from core.live.sides import SideHeard, SidesDiarizer
from core.stream.window_store import WindowStore

if TYPE_CHECKING:
    from core.live.voices import LiveVoices
    from core.stream.changes import Changes, Window
    from core.stream.diarizer import Diarizer
    from core.stream.speech import Speech

LiveStream: TypeAlias = "Diarizer | SidesDiarizer"
Steer = Callable[[LiveStream], "Changes"]

_READ_S = 4.0
"""At most so much at a time: it stays responsive when it is far behind."""
_ENOUGH = 60
"""So many windows (30 s) tell how a voice sounds."""


class Listener:
    """Reads what the recorder wrote, as far as it has come, and feeds the diarizer.

    Parameters
    ----------
    path
        The file that is being written.
    diarizer
        Makes the stream; called in the thread. None for no turns.
    done
        Called in the thread at the end.
    voices
        Recognises those that are known; None for nobody.
    """

    def __init__(
        self,
        path: Path,
        diarizer: Callable[[], Diarizer] | None,
        board: Board,
        tape: Tape,
        done: Callable[[Listener], None],
        voices: LiveVoices | None = None,
    ) -> None:
        self.annotation = Annotation()
        self.windows: tuple[Window, ...] = ()
        self.speech: Speech | None = None
        self.sides: tuple[SideHeard, ...] = ()
        """The same of each side of a call."""
        self.warnings: list[str] = []
        self.diarized = False
        """It heard the recording to its end."""
        self._path, self._make, self._board, self._tape = path, diarizer, board, tape
        self._done = done
        self._voices = voices
        self._pinned: set[int] = set()
        self._steering: deque[Steer] = deque()
        self._waiting: list[tuple[int, Steer]] = []
        self._store: WindowStore | None = None
        self._taken = 0  # frames
        self._last_lag = 0.0
        self._shown = 0  # samples of which it is said who speaks
        self.thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self.thread.start()

    @property
    def lag_s(self) -> float:
        """How old the oldest sound without a label is, or the last label was when it came."""
        behind = self._tape.samples(self._taken)
        if self._taken < self._tape.frames:
            return max(self._last_lag, time.monotonic() - self._tape.arrival(behind + 1))
        return self._last_lag

    def steer(self, how: Steer) -> None:
        """Correct the diarizer, between two blocks."""
        with self._tape.changed:
            self._steering.append(how)
            self._tape.changed.notify_all()

    # In the listener's thread

    def steer_again(self, until: int, how: Steer) -> None:
        """The same once all windows before this sample are there."""
        self._waiting.append((until, how))

    def windows_in(self, turns: Sequence[Turn]) -> list[Window]:
        """Those heard so far in these turns, in time order; not more of the last ones than tell
        how a voice sounds. For a :data:`Steer`."""
        windows: list[Window] = []
        for turn in sorted(turns, reverse=True):
            if self._store is not None and len(windows) < _ENOUGH:
                windows = [*self._store.between(turn.start, turn.end), *windows]
        return windows[-_ENOUGH:]

    def _run(self) -> None:
        try:
            self._hear_all()
        except VoicelanesError as error:
            self._give_up(str(error))
        except BaseException as error:
            self._give_up(f"defect in Voicelanes ({type(error).__name__}: {error})")
            raise
        finally:
            with self._tape.changed:
                self._tape.changed.wait_for(lambda: self._tape.ended)
            self._done(self)

    def _give_up(self, why: str) -> None:
        self.warnings.append(f"no more turns are found, the recording goes on: {why}")
        self._board.trouble("models", self.warnings[-1])

    def _hear_all(self) -> None:
        if self._make is None:
            return
        first = self._make()  # takes its time: the file may not be there yet
        with self._tape.changed:
            self._tape.changed.wait_for(lambda: self._tape.layout or self._tape.ended)
        layout = self._tape.layout
        if layout is None:
            return
        diarizer: LiveStream = first
        intake: Intake | CallShares = Intake(layout.rate, layout.channels)
        if layout.call:
            made = [first, *(self._make() for _ in range(layout.channels - 1))]
            diarizer, intake = SidesDiarizer(made), CallShares(layout.rate)
        with WindowStore() as windows:
            self._store = windows
            with self._path.open("rb", buffering=0) as file:
                file.seek(layout.data_start)
                while frames := self._next(diarizer, layout):
                    data = _exactly(file, frames * layout.frame_bytes)
                    stored = np.frombuffer(data, "<i2").reshape(frames, -1)
                    self._hear(diarizer, windows, intake.push(as_floats(stored)))
                    self._taken += frames
            self._hear(diarizer, windows, intake.flush())
            self.annotation = diarizer.finish()
            windows.add(diarizer.rest)
            self.speech = diarizer.speech
            self.windows = windows.all()
            if isinstance(diarizer, SidesDiarizer):
                self.sides = diarizer.sides
            self.diarized = True

    def _next(self, diarizer: LiveStream, layout: Layout) -> int:
        """Wait for frames to read; 0 at the end. Meanwhile heed what the person says."""
        while True:
            with self._tape.changed:
                self._tape.changed.wait_for(
                    lambda: self._tape.frames > self._taken or self._tape.ended or self._steering
                )
                frames = self._tape.frames - self._taken
                ended = self._tape.ended
            while self._steering:
                self._heed(diarizer, self._steering.popleft())
            if frames or ended:
                return min(frames, round(_READ_S * layout.rate))

    def _heed(self, diarizer: LiveStream, how: Steer) -> None:
        from core.stream.diarizer import TooEarlyError

        try:
            changes = how(diarizer)
        except TooEarlyError as error:
            self.steer_again(error.until, how)
        except VoicelanesError as error:
            self._board.trouble("steering", str(error))
        else:
            self._board.emit(Turns(changes))
            self._recognise(diarizer, changes)

    def _hear(self, diarizer: LiveStream, windows: WindowStore, samples: Any) -> None:
        if not samples.size:
            return
        changes = diarizer.push(samples)
        windows.add(changes.windows)
        now = time.monotonic()
        lag = now - self._tape.arrival(changes.shown)
        if changes.shown > self._shown:
            self._shown, self._last_lag = changes.shown, lag
            lags: tuple[float, ...] = (lag,)
        else:
            lags = ()
            self._last_lag = max(self._last_lag, lag)
        self._board.set(labelled=changes.shown)
        self._board.emit(Turns(changes, lags))
        self._recognise(diarizer, changes)
        waiting, self._waiting = self._waiting, []
        for until, how in waiting:
            if until <= diarizer.decided:
                self._heed(diarizer, how)
            else:
                self.steer_again(until, how)

    def _recognise(self, diarizer: LiveStream, changes: Changes) -> None:
        """Say whose voices these are; who is named for certain isn't given up again."""
        if self._voices is None:
            return
        try:
            names = self._voices.push(changes)
        except VoicelanesError as error:
            self._voices = None
            self._board.trouble("voices", f"nobody is recognised, the recording goes on: {error}")
            return
        if names is None:
            return
        self._board.emit(RecognisedVoices(names))
        for speaker, name in names.by_speaker.items():
            if name.found.outcome == "known" and speaker not in self._pinned:
                self._pinned.add(speaker)
                with contextlib.suppress(EditError):  # the label is gone, or can't be pinned
                    changes = diarizer.pin(speaker)
                    self._voices.take(changes)
                    self._board.emit(Turns(changes))


def _exactly(file: Any, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0:
        part = file.read(size)
        if not part:
            raise OutputError("the file of the recording was cut off by another program")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
