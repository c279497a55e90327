"""The process in which a recogniser listens, apart from the program that asked for it.

It may die, hang, or fill the memory: whoever started it ends it and has all that it sent before.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import numpy as np

from core.annotation.values import Word
from core.audio.read import AudioReader
from core.errors import InputError, VoicelanesError
from core.recognisers.engines import OFFLINE, Samples, load
from core.recognisers.kinds import RecogniserChoice
from core.recognisers.portions import Portion, wanted


@dataclass(frozen=True)
class Loaded:
    """The recogniser is ready."""


@dataclass(frozen=True)
class HeardPortion:
    """The words of the next portion."""

    words: tuple[Word, ...]


@dataclass(frozen=True)
class Failure:
    """It can't go on, for a reason that a line tells; ``input`` is at fault or the recogniser."""

    reason: str
    input: bool = False


def serve(
    pipe: Connection[Any, Any],
    choice: RecogniserChoice,
    recording: Path,
    track: int | None,
    portions: Sequence[Portion],
    temporary: str,
) -> None:
    """The process: :class:`Loaded`, then a :class:`HeardPortion` for each portion in its order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this one ends it
    if hasattr(os, "setsid"):
        os.setsid()  # with whatever it starts
        # Locks that libraries make then leave nothing behind, also if this process is ended.
        multiprocessing.set_start_method("fork", force=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.update(OFFLINE, TMPDIR=temporary)
    _stay_offline()
    _be_silent()
    try:
        listen = load(choice, Path(temporary))
        pipe.send(Loaded())
        for portion, samples in sound_of(recording, track, portions):
            words = listen(samples) if len(samples) else []
            pipe.send(HeardPortion(tuple(wanted(words, portion))))
    except InputError as error:
        pipe.send(Failure(str(error), input=True))
    except VoicelanesError as error:
        pipe.send(Failure(str(error)))
    except MemoryError:
        pipe.send(Failure("there is not enough memory; take a smaller model"))
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        pipe.send(Failure(f"{type(error).__name__}: {text}" if text else type(error).__name__))


def sound_of(
    recording: Path, track: int | None, portions: Sequence[Portion]
) -> Iterator[tuple[Portion, Samples]]:
    """Each portion with its sound, (n,) 16 kHz mono, less where the recording ends earlier.

    Portions are sorted by their start; no more of the recording is in memory than one needs.
    """
    with AudioReader(recording, track) as reader:
        blocks = iter(reader)
        kept: Samples = np.zeros(0, np.float32)
        at = 0  # the sample that ``kept`` begins with
        ended = False
        for portion in portions:
            parts = [kept]
            reached = at + len(kept)
            while reached < portion.end and not ended:
                block = next(blocks, None)
                if block is None:
                    ended = True
                    break
                reached += len(block)
                parts.append(block)
                if reached <= portion.start:
                    parts, at = [], reached
            kept = np.concatenate(parts) if parts else np.zeros(0, np.float32)
            cut = min(max(portion.start - at, 0), len(kept))
            kept, at = kept[cut:], at + cut
            yield portion, kept[: max(portion.end - at, 0)]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        end_group(os.getpid())
        os._exit(1)


def end_group(pid: int) -> None:
    """End such a process with all that it started, where the system can."""
    try:
        if hasattr(os, "killpg") and os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
    except (OSError, ProcessLookupError):
        pass  # it has ended


def _stay_offline() -> None:
    """Refuse what any Python library here may still try."""

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.getaddrinfo", "socket.gethostbyname") or (
            event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple)
        ):
            raise PermissionError("a recogniser has no network here; its model has to be whole")

    sys.addaudithook(look)


def _be_silent() -> None:
    """Libraries print past Python what nobody can use."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
