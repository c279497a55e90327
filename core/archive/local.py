"""All recordings of some folders in a single process beside this one: what the plain install has.

It gives what :class:`core.archive.run.Run` gives on Dask, one recording after the other. That they
are worked on elsewhere keeps a window smooth, and a recording that takes the process with it takes
nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any

from core.archive.finding import Recording
from core.archive.job import Asked, RecordingOutcome, heard
from core.archive.results import Record, basis_of
from core.archive.run import kept, known_bytes
from core.errors import VoicelanesError
from core.folders import temporary_folder
from core.models.manifest import ModelSet
from core.runtime import cores

MOMENT_S = 5.0
"""For a process that was told to end at once."""
DIED = "the process that worked on it died, perhaps for want of memory: look again to try once more"


class LocalRun:
    """Works through recordings in a process of its own. Leaving the block ends that at once.

    Parameters
    ----------
    out
        Where the results go.
    models, asked
        What they come of.
    """

    def __init__(self, out: Path, models: ModelSet, asked: Asked) -> None:
        self._out, self._models = out, models
        self._asked = replace(asked, cores=cores())
        self.basis = basis_of(models, asked)
        self._waiting: deque[Recording] = deque()
        self._now: Recording | None = None
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self.fractions: dict[str, float] = {}
        """How far the one that is worked on is, 0..1, by folder."""
        self._temporary = temporary_folder()

    def __enter__(self) -> LocalRun:
        self._folder = self._temporary.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()
        self._waiting.clear()
        self._now = None
        self._temporary.__exit__(kind, error, traceback)

    @property
    def waiting(self) -> int:
        """How many recordings have no result yet."""
        return len(self._waiting) + (self._now is not None)

    def submit(self, recordings: Sequence[Recording]) -> None:
        """Put recordings into the queue: the short ones first, so that there is soon something."""
        self._waiting.extend(sorted(recordings, key=lambda recording: recording.size))

    def finished(self, timeout: float) -> list[Record]:
        """What finished since the last call, written; waits so many seconds for it.

        Raises
        ------
        OutputError
            A result can't be written.
        """
        if self._now is None:
            if not self._waiting:
                return []
            self._begin(self._waiting.popleft())
        outcome = self._outcome(timeout)
        if outcome is None or self._now is None:
            return []
        recording, self._now = self._now, None
        self.fractions.clear()
        return [kept(self._out, recording, outcome, self.basis)]

    def _begin(self, recording: Recording) -> None:
        if self._process is None:
            context = multiprocessing.get_context("spawn")  # a fork would have the window's threads
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(
                target=_serve,
                args=(theirs, self._models.folder, self._asked, str(self._folder)),
                name="voicelanes-folder",
                daemon=True,
            )
            self._process.start()
            theirs.close()
        self._now = recording
        self.fractions[recording.folder] = 0.0
        assert self._pipe is not None
        self._pipe.send((recording, known_bytes(self._out, recording, self.basis)))

    def _outcome(self, timeout: float) -> RecordingOutcome | None:
        """What came of the recording in work, if it has come."""
        assert self._pipe is not None
        assert self._now is not None
        try:
            while self._pipe.poll(timeout):
                said = self._pipe.recv()
                if isinstance(said, RecordingOutcome):
                    return said
                self.fractions[self._now.folder] = said
                timeout = 0.0
        except (EOFError, OSError):
            self._end()
            return RecordingOutcome("failed", DIED, passing=True)
        return None

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(MOMENT_S)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


class _LocalTask:
    """Tells how far the one recording is; who wants it no more ends the process."""

    def __init__(self, pipe: Connection[Any, Any], folder: str) -> None:
        self._pipe, self.folder = pipe, folder

    def unwanted(self) -> bool:
        return False

    def tell(self, fraction: float | None) -> None:
        if fraction is not None:
            self._pipe.send(fraction)


def _serve(pipe: Connection[Any, Any], folder: Path, asked: Asked, temporary: str) -> None:
    """The process: recordings in, how far they are and what came of them out."""
    # Ctrl+C in a terminal reaches both, but it is the other that ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["TMPDIR"] = temporary  # killed, it leaves nothing behind
    models = ModelSet.load(folder)
    while True:
        try:
            recording, known = pipe.recv()
        except EOFError:
            return
        try:
            outcome = heard(recording, asked, models, known, _LocalTask(pipe, temporary))
        except VoicelanesError as error:
            outcome = RecordingOutcome("failed", str(error), passing=True)
        except Exception as error:
            text = " ".join(str(error).split())[:300]
            reason = f"it failed ({type(error).__name__}: {text})"
            outcome = RecordingOutcome("failed", reason, passing=True)
        pipe.send(outcome)
