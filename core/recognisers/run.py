"""What is said in the turns of a recording, by a recogniser that listens in a process apart."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from core.annotation.values import Annotation, Word
from core.errors import Cancelled, InputError, RecogniserError
from core.folders import temporary_folder
from core.recognisers.kinds import RecogniserChoice, checked
from core.recognisers.portions import Portion, TurnKey, portions_of
from core.recognisers.serving import Failure, HeardPortion, Loaded, end_group, serve
from core.units import clock

PATIENCE_S = 600.0
"""For an answer, if not told otherwise: the model is loaded, or half a minute of sound is heard."""
_LOOK_S = 0.1
_MOMENT_S = 5.0
"""For a process that was told to end at once."""


@dataclass(frozen=True)
class HeardTurn:
    """What came of one turn.

    Parameters
    ----------
    turn
        Which; see :func:`core.recognisers.portions.with_heard`.
    words
        What is said in it; () if nothing was understood.
    """

    turn: TurnKey
    words: tuple[Word, ...]


def recognise(
    recording: Path,
    annotation: Annotation,
    choice: RecogniserChoice,
    *,
    track: int | None = None,
    again: bool = False,
    patience_s: float = PATIENCE_S,
    on_progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Generator[HeardTurn, None, None]:
    """The words of the turns, as they are heard. Closing the iterator ends the recogniser.

    Parameters
    ----------
    again
        Turns that have words are heard, too; else they are left as they are.
    patience_s
        How many seconds the answer to a portion of a turn may take. The model may take as long
        to load, and never less than :data:`PATIENCE_S`.
    on_progress
        Told which part of the sound has been heard, 0..1.

    Raises
    ------
    MissingExtraError, InputError
        The recogniser isn't there, its model isn't one, or the recording can't be read.
    RecogniserError
        It died, reported a fault or gave no answer. What was given before is right.
    Cancelled
        If ``cancelled`` said so.
    """
    choice = checked(choice)
    portions = portions_of(annotation, again=again)
    if not portions:
        return
    left = Counter(portion.turn for portion in portions)
    said: dict[TurnKey, list[Word]] = {turn: [] for turn in left}
    total = sum(portion.last - portion.first for portion in portions)
    done = 0
    with temporary_folder() as folder, _Listener(choice, cancelled, patience_s) as listener:
        listener.start(recording, track, portions, str(folder))
        for portion, words in zip(portions, listener.answers(portions), strict=True):
            said[portion.turn] += words
            left[portion.turn] -= 1
            done += portion.last - portion.first
            if on_progress:
                on_progress(done / total)
            if not left[portion.turn]:
                yield HeardTurn(portion.turn, tuple(sorted(said.pop(portion.turn))))


class _Listener:
    """The process; leaving the block ends it and all that it started."""

    def __init__(
        self, choice: RecogniserChoice, cancelled: Callable[[], bool], patience_s: float
    ) -> None:
        self._choice, self._cancelled, self._patience_s = choice, cancelled, patience_s
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    def __enter__(self) -> _Listener:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.pid is not None:
            end_group(self._process.pid)
            self._process.kill()
            self._process.join(_MOMENT_S)
        if self._pipe is not None:
            self._pipe.close()

    def start(
        self, recording: Path, track: int | None, portions: Sequence[Portion], folder: str
    ) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would have the window's threads
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve,
            args=(theirs, self._choice, recording, track, portions, folder),
            name="voicelanes-words",
            daemon=True,
        )
        self._process.start()
        theirs.close()

    def answers(self, portions: Sequence[Portion]) -> Iterator[tuple[Word, ...]]:
        """The words of each portion."""
        loading_s = max(self._patience_s, PATIENCE_S)  # of gigabytes, from a slow disk
        self._answer("while it loaded its model", Loaded, loading_s)
        for portion in portions:
            answer = self._answer(f"at {clock(portion.first)}", HeardPortion, self._patience_s)
            yield answer.words

    def _answer(self, when: str, kind: type[Any], patience_s: float) -> Any:
        assert self._pipe is not None
        name, since = self._choice.name, time.monotonic()
        try:
            while not self._pipe.poll(_LOOK_S):
                if self._cancelled():
                    raise Cancelled("stopped")
                if time.monotonic() - since > patience_s:
                    raise RecogniserError(
                        f"{name} gave no answer for {patience_s:.0f} s, {when}, and was ended"
                    )
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise RecogniserError(f"{name} died {when}{self._how()}") from error
        if self._cancelled():
            raise Cancelled("stopped")
        if isinstance(answer, Failure):
            if answer.input:
                raise InputError(answer.reason)
            raise RecogniserError(f"{name} failed {when}: {answer.reason}")
        assert isinstance(answer, kind)
        return answer

    def _how(self) -> str:
        assert self._process is not None
        self._process.join(_MOMENT_S)
        code = self._process.exitcode
        if code is None:
            return ""
        return f" (signal {-code})" if code < 0 else f" (code {code})"
