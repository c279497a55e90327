"""The sound of each speaker in a file of its own, cut from the recording as it is stored.

Where several speak at once, the file of each has all their voices, as they were recorded, unless
such stretches are left out. Rate and channels stay those of the recording. It is read once, a
second at a time, and every speaker's file is written alongside, so that memory doesn't grow with
the length.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

from core.annotation.overlap import minus, speech
from core.annotation.values import Annotation, Stretch
from core.atomic import why_not
from core.audio.decoders import open_source
from core.audio.source import Block, Source
from core.errors import Cancelled, InputError, OutputError
from core.formats.names import labels, one_line
from core.units import SAMPLE_RATE

Stored: TypeAlias = "NDArray[np.int16] | NDArray[np.int32]"

_MOST_CHARACTERS = 40
"""Of a name in the name of a file: with the rest it fits everywhere."""

_WAV_LIMIT = 2**32 - 2**16
"""Bytes of sound from which on a WAV file must be RF64, its form for large files."""


def file_names(annotation: Annotation, target: Path, ending: str = "") -> dict[int, str]:
    """``talk.Anna.wav`` for a target ``talk.wav``, by speaker id: for those who have turns.

    Parameters
    ----------
    ending
        Of the target, where that has more than one dot.
    """
    if not ending or not target.name.endswith(ending):
        ending = target.suffix
    stem = target.name.removesuffix(ending)
    speaking = {t.speaker for t in annotation.turns}
    names = labels(annotation, _for_file, str.casefold)
    return {i: f"{stem}.{names[i]}{ending}" for i in names if i in speaking}


def heard(
    annotation: Annotation, without: Annotation | None = None
) -> dict[int, tuple[Stretch, ...]]:
    """What of the recording is in the file of each speaker, by id.

    Parameters
    ----------
    without
        All turns of the recording, also those that were not chosen: while somebody else speaks
        there, nothing is in the file.
    """
    found = {}
    for speaker in annotation.speakers:
        own = tuple((t.start, t.end) for t in annotation.turns_of(speaker.id))
        if without is not None:
            others = [s.id for s in without.speakers if s.id != speaker.id]
            own = minus(own, speech(without, others))
        found[speaker.id] = own
    return found


def write_speakers(
    audio: Path,
    annotation: Annotation,
    target: Path,
    format: str,
    *,
    joined: bool = False,
    without: Annotation | None = None,
    track: int | None = None,
    on_progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Path, ...]:
    """Write :func:`file_names` beside the target, as ``wav`` or ``flac``.

    Parameters
    ----------
    joined
        Only the speech, one turn after the other, instead of files as long as the recording in
        which the others are silent.
    without
        As :func:`heard` takes it.
    track
        Number of the sound track that is cut, where there are several.

    Raises
    ------
    InputError, OutputError, Cancelled
        Nothing is left behind then, and files that were there are as they were.
    """
    names, parts = file_names(annotation, target), heard(annotation, without)
    if not names:
        raise OutputError("nobody speaks in what is chosen, so that there is no sound to write")
    source = open_source(audio, track)
    files: list[_SpeakerFile] = []
    try:
        _check_fits(source, format)
        for speaker_id, name in names.items():
            cut = _Cut(parts[speaker_id], source.sample_rate, joined)
            frames = sum(cut.lengths) if joined else _frame(annotation.duration, source.sample_rate)
            files.append(_SpeakerFile(target.with_name(name), source, format, cut, frames))
        at = 0
        for block in source.blocks():
            if cancelled and cancelled():
                raise Cancelled("stopped; nothing was written")
            stored = _whole_numbers(block, _fine(source))  # once, not for every speaker
            for file in files:
                file.write(stored, at)
            at += len(block)
            if on_progress:
                whole = _frame(annotation.duration, source.sample_rate)
                on_progress(min(1.0, at / max(whole, 1)))
        for file in files:
            file.complete()
        for file in files:
            file.publish()
    except OSError as error:
        raise OutputError(f"can't write into {target.parent}: {why_not(error)}") from error
    finally:
        source.close()
        for file in files:
            file.discard()
    return tuple(target.with_name(name) for name in names.values())


def _check_fits(source: Source, format: str) -> None:
    """Raise an InputError if the recording can't be stored in this format."""
    if format == "flac" and (source.channels > 8 or source.sample_rate > 655_350):
        raise InputError(
            f"FLAC can't hold {source.channels} channels at {source.sample_rate} Hz: write WAV"
        )


def _stored_as(source: Source, format: str, frames: int) -> tuple[str, str]:
    """Container and sample type as soundfile calls them: 24 bit where the recording has more
    than 16."""
    fine = _fine(source)
    large = frames * source.channels * (3 if fine else 2) >= _WAV_LIMIT
    container = "FLAC" if format == "flac" else "RF64" if large else "WAV"
    return container, "PCM_24" if fine else "PCM_16"


def _fine(source: Source) -> bool:
    return source.format.endswith(("PCM_24", "PCM_32", "FLOAT", "DOUBLE"))


def _whole_numbers(block: Block, fine: bool) -> Stored:
    """The samples as they will be stored: the very numbers of a recording of 16 or 24 bits. What
    is no number is silent, what is too loud is cut."""
    block = np.nan_to_num(block, posinf=1.0, neginf=-1.0)
    if fine:  # the upper 24 of 32 bits
        top = 2.0**23
        return np.rint(np.clip(block.astype(np.float64) * top, -top, top - 1)).astype(np.int32) << 8
    return np.rint(np.clip(block * np.float32(2**15), -(2**15), 2**15 - 1)).astype(np.int16)


def _frame(sample: int, rate: int) -> int:
    """The nearest frame of the recording to a sample at 16 kHz."""
    return (sample * rate + SAMPLE_RATE // 2) // SAMPLE_RATE


def _for_file(label: str) -> str:
    """A name that any file system takes."""
    name = re.sub(r'[<>:"/\\|?*\ud800-\udfff]', "_", one_line(label))
    return name[:_MOST_CHARACTERS].strip(" .")


class _Cut:
    """The frames of one speaker."""

    def __init__(self, stretches: Sequence[Stretch], rate: int, joined: bool) -> None:
        self._starts = [_frame(start, rate) for start, _ in stretches]
        self._ends = [_frame(end, rate) for _, end in stretches]
        self._joined = joined
        self.lengths = [e - s for s, e in zip(self._starts, self._ends, strict=True)]

    def of(self, block: Stored, at: int) -> Iterator[Stored]:
        """What is written of a block that begins with the frame ``at``."""
        kept = block if self._joined else np.zeros_like(block)
        for start, end in self._inside(at, at + len(block)):
            if self._joined:
                yield block[start - at : end - at]
            else:
                kept[start - at : end - at] = block[start - at : end - at]
        if not self._joined:
            yield kept

    def _inside(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of the speaker's stretches between two frames."""
        n = bisect_right(self._ends, start)
        while n < len(self._starts) and self._starts[n] < end:
            yield max(self._starts[n], start), min(self._ends[n], end)
            n += 1


class _SpeakerFile:
    """One file while it is written: under another name until all are complete."""

    def __init__(self, path: Path, source: Source, format: str, cut: _Cut, frames: int) -> None:
        self._path = Path(os.path.realpath(path))
        self._cut = cut
        self._part = self._path.with_name(f".{secrets.token_hex(8)}.part")
        self._raw = _Raw(self._part)
        container, subtype = _stored_as(source, format, frames)
        try:
            self._sound = soundfile.SoundFile(
                self._raw, "w", source.sample_rate, source.channels, subtype, format=container
            )
        except BaseException:
            self._raw.close()
            self._part.unlink()
            raise

    def write(self, block: Stored, at: int) -> None:
        for part in self._cut.of(block, at):
            with self._raw.errors():
                self._sound.write(part)

    def complete(self) -> None:
        with self._raw.errors():
            self._sound.close()
        os.fsync(self._raw.fileno())
        self._raw.close()

    def publish(self) -> None:
        os.replace(self._part, self._path)

    def discard(self) -> None:
        """Close and remove what is not published."""
        with contextlib.suppress(OSError, soundfile.SoundFileError, AssertionError):
            self._sound.close()
        self._raw.close()
        with contextlib.suppress(OSError):
            self._part.unlink()


class _Raw(io.FileIO):
    """A new file for libsndfile, whose errors (a full disk) it would only print."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "x+")
        self._error: OSError | None = None

    def write(self, data: Any) -> int:
        done = 0
        try:
            while done < len(data):
                done += super().write(data[done:])
        except OSError as error:
            self._error = self._error or error
        return done

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """What libsndfile does in here raises the OSError that was behind it."""
        try:
            yield
        except (soundfile.SoundFileError, AssertionError):
            if self._error is None:
                raise
        if self._error is not None:
            raise self._error
