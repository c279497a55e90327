"""From the files of a corpus to utterances: decoded, without silence, words joined."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from core.arrays import Array
from core.audio.read import read_audio
from core.errors import InputError
from core.training.data.layouts import TELEPHONE
from core.training.data.silence import trim_silence
from core.units import SAMPLE_RATE

JOINED = 2 * SAMPLE_RATE
"""Words are joined until they are as long as this; what is left over goes to the last."""
_TELEPHONE_RATE = 8000


def read_speech(path: Path) -> Array:
    """Mono float32 (n,) at 16 kHz of a recording of any corpus, without silence.

    Raises
    ------
    InputError
        It can't be read.
    """
    return trim_silence(read_recording(path))


def read_recording(path: Path) -> Array:
    """Mono float32 (n,) at 16 kHz of a recording of any corpus, as it is.

    Raises
    ------
    InputError
        It can't be read.
    """
    return _telephone(path) if path.suffix.lower() == TELEPHONE else read_audio(path)


def _telephone(path: Path) -> Array:
    import soundfile
    import soxr

    try:
        samples, _ = soundfile.read(
            path,
            dtype="float32",
            samplerate=_TELEPHONE_RATE,
            channels=1,
            format="RAW",
            subtype="ULAW",
        )
    except soundfile.LibsndfileError as error:
        raise InputError(f"can't read {path}: {error.error_string}") from error
    return np.asarray(soxr.resample(samples, _TELEPHONE_RATE, SAMPLE_RATE), np.float32)


class CorpusRecording(Protocol):
    """A recording of a corpus: ``length`` in samples, ``session`` where it holds but a word."""

    @property
    def corpus(self) -> str: ...
    @property
    def speaker(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def length(self) -> int: ...


R = TypeVar("R", bound=CorpusRecording)


def join_words(recordings: Iterable[R]) -> tuple[tuple[R, ...], ...]:
    """The recordings of each utterance: one, or words of one speaker and session in their order.

    Sessions with less than :data:`JOINED` together make one shorter utterance.
    """
    found: list[list[R]] = []
    of_session: dict[tuple[str, str, str], list[list[R]]] = {}
    for recording in recordings:
        made = [recording]
        if recording.session:
            key = (recording.corpus, recording.speaker, recording.session)
            utterances = of_session.setdefault(key, [])
            if utterances and _length(utterances[-1]) < JOINED:
                utterances[-1].append(recording)
                continue
            utterances.append(made)
        found.append(made)
    for utterances in of_session.values():
        if len(utterances) > 1 and _length(utterances[-1]) < JOINED:
            utterances[-2] += utterances[-1]
            utterances[-1].clear()
    return tuple(tuple(parts) for parts in found if parts)


def _length(recordings: Iterable[CorpusRecording]) -> int:
    return sum(recording.length for recording in recordings)
