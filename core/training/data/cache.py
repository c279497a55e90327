"""Speech at 16 kHz, decoded and trimmed once, so that training reads any crop in microseconds.

A folder with ``shard-0000.int16``, ... (raw samples) and ``index.jsonl``: a first line about the
cache, then one line per utterance, written after its samples. A build that was stopped goes on
where it was; what changed on disk since is read again, and what is no longer asked for is no
longer in the cache. The shards are mapped, not read: 1,000 h cost no memory.

Recordings of a word each are joined: those of one speaker and session make utterances of 2 s and
more, in their order in the cache. A word alone is too short to be compared or to take a turn.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array
from core.atomic import why_not, writable_folder, write_file
from core.errors import InputError, OutputError
from core.runtime import cores
from core.training.data.layouts import Utterance
from core.training.data.recordings import join_words, read_speech
from core.units import SAMPLE_RATE, to_seconds
from core.workers.pool import Here, Pool

INDEX = "index.jsonl"
SHARD = 1 << 28
"""Samples after which the next shard begins (512 MiB)."""
SHORTEST = SAMPLE_RATE // 5
"""Less speech than 0.2 s is a click or a breath."""
_FULL = 32767.0
_BYTES = 2
_HEADER = {"voicelanes-cache": 1, "sample_rate": SAMPLE_RATE, "trimmed": "energy-1"}
"""A cache that was made otherwise is made anew."""


@dataclass(frozen=True)
class CacheEntry:
    """Where an utterance lies in the cache, and which state of its file that was."""

    path: str
    speaker: str
    corpus: str
    id: str
    size: int
    modified: int
    shard: int
    start: int
    length: int
    scale: float
    """Full scale of its samples; above 1 only for recordings beyond full scale."""
    session: str = ""


class Cache:
    """Utterances on disk as mono float32 at 16 kHz without silence.

    Open one by :meth:`build` or :meth:`load`. Reading is safe from several threads and processes;
    building takes a folder for itself.
    """

    def __init__(
        self, folder: Path, entries: Sequence[CacheEntry], problems: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self._parts = join_words(entries)
        self._shards: dict[int, NDArray[np.int16]] = {}
        self.problems = tuple(problems)
        """One line for each recording that couldn't be used; known after a build only."""
        self.utterances = tuple(map(_utterance, self._parts))
        self.speakers = tuple(sorted({entry.speaker for entry in entries}))
        self.durations = np.array([sum(e.length for e in parts) for parts in self._parts], np.int64)
        """Samples of each utterance."""

    def __len__(self) -> int:
        return len(self._parts)

    def samples(self, index: int) -> Array:
        """Float32 ``(n,)`` of the utterance ``utterances[index]``; a copy."""
        return self.crop(index, 0, int(self.durations[index]))

    def crop(self, index: int, start: int, length: int) -> Array:
        """Samples ``start`` to ``start + length`` of an utterance; nothing else is read."""
        end, there = start + length, int(self.durations[index])
        if not 0 <= start <= end <= there:
            raise ValueError(f"{start} + {length} is not in an utterance of {there} samples")
        crop = np.empty(length, np.float32)
        at = 0  # where in the utterance the part begins
        for entry in self._parts[index]:
            first, last = max(start, at), min(end, at + entry.length)
            if first < last:
                stored = self._shard(entry.shard)[
                    entry.start + first - at : entry.start + last - at
                ]
                np.multiply(
                    stored, np.float32(entry.scale / _FULL), crop[first - start : last - start]
                )
            at += entry.length
        return crop

    def of_speaker(self) -> dict[str, list[int]]:
        """Indices of the utterances of each speaker."""
        found: dict[str, list[int]] = {speaker: [] for speaker in self.speakers}
        for index, utterance in enumerate(self.utterances):
            found[utterance.speaker].append(index)
        return found

    def __getstate__(self) -> dict[str, object]:
        # Another process maps the files itself, and works in another folder.
        return {**self.__dict__, "_folder": self._folder.absolute(), "_shards": {}}

    def _shard(self, number: int) -> NDArray[np.int16]:
        shard = self._shards.get(number)
        if shard is None:
            shard = np.memmap(_shard_path(self._folder, number), np.int16, "r")
            self._shards[number] = shard
        return shard

    @classmethod
    def load(cls, folder: Path) -> Cache:
        """What has been built so far.

        Raises
        ------
        InputError
            There is no cache in the folder, or none that this version reads.
        """
        entries = _read_index(folder)
        if entries is None:
            raise InputError(f"there is no cache of speech in {folder} that can be read: build it")
        return cls(folder, entries)

    @classmethod
    def build(
        cls,
        utterances: Sequence[Utterance],
        folder: Path,
        *,
        on_progress: Callable[[int, int], None] | None = None,
        pool: Pool | None = None,
    ) -> Cache:
        """Bring the cache to exactly these utterances, in this order.

        What can't be read, or has no speech, is left out and told in :attr:`problems`.

        Parameters
        ----------
        on_progress
            Called with (utterances looked at, of how many); what it raises stops the
            build, which the next one continues.
        pool
            Who decodes; a thread for each core by default. The bytes don't depend on it.

        Raises
        ------
        OutputError
            The disk is full or the folder can't be written.
        """
        utterances = list(dict.fromkeys(utterances))
        writable_folder(folder)
        there = {(e.path, e.speaker, e.id, e.session): e for e in _read_index(folder) or ()}
        kept: dict[Utterance, CacheEntry] = {}
        for utterance in utterances:
            key = (str(utterance.path), utterance.speaker, utterance.id, utterance.session)
            entry = there.get(key)
            if entry and _state(utterance.path) == (entry.size, entry.modified):
                kept[utterance] = entry
        missing = [utterance for utterance in utterances if utterance not in kept]
        problems: list[str] = []
        _write_index(folder, kept.values())
        try:
            paths = [utterance.path.absolute() for utterance in missing]
            decoded = (pool or Here(cores())).map(_speech, None, paths)
            with _Writer(folder, list(kept.values())) as writer, closing(decoded):
                done = len(utterances) - len(missing)
                for utterance, result in zip(missing, decoded, strict=True):
                    if isinstance(result, str):
                        problems.append(f"{utterance.path}: {result}")
                    else:
                        kept[utterance] = writer.append(utterance, result)
                    done += 1
                    if on_progress:
                        on_progress(done, len(utterances))
        except OSError as error:
            raise OutputError(
                f"can't write the cache {folder}: {why_not(error)}; what is there is kept"
            ) from error
        entries = [kept[utterance] for utterance in utterances if utterance in kept]
        _write_index(folder, entries)
        return cls(folder, entries, problems)


def _utterance(parts: Sequence[CacheEntry]) -> Utterance:
    """What the recordings are called together: after the first."""
    first = parts[0]
    more = f"+{len(parts) - 1}" if len(parts) > 1 else ""
    return Utterance(Path(first.path), first.speaker, first.corpus, first.id + more, first.session)


class _Writer:
    """Appends utterances to the last shard, first the samples and then their line."""

    def __init__(self, folder: Path, kept: Sequence[CacheEntry]) -> None:
        self._folder = folder
        self._number = max((entry.shard for entry in kept), default=0)
        ends = [e.start + e.length for e in kept if e.shard == self._number]
        self._end = max(ends, default=0)
        for path in folder.glob("shard-*.int16"):
            if int(path.stem[6:]) not in {entry.shard for entry in kept}:
                path.unlink()
        # What a stopped build wrote without a line is written over.
        self._shard = open(_shard_path(folder, self._number), "ab")  # noqa: SIM115
        self._shard.truncate(self._end * _BYTES)
        self._index = open(folder / INDEX, "a", encoding="utf-8")  # noqa: SIM115

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._shard.close()
        self._index.close()

    def append(self, utterance: Utterance, samples: Array) -> CacheEntry:
        if self._end >= SHARD:
            self._shard.close()
            self._number, self._end = self._number + 1, 0
            self._shard = open(_shard_path(self._folder, self._number), "wb")  # noqa: SIM115
        scale = max(1.0, float(np.abs(samples).max()))
        stored = np.round(samples * np.float32(_FULL / scale)).astype(np.int16)
        size, modified = _state(utterance.path)
        entry = CacheEntry(
            str(utterance.path),
            utterance.speaker,
            utterance.corpus,
            utterance.id,
            size,
            modified,
            self._number,
            self._end,
            len(stored),
            scale,
            utterance.session,
        )
        self._shard.write(stored.tobytes())
        self._shard.flush()
        self._index.write(_line(entry))
        self._index.flush()
        self._end += len(stored)
        return entry


def _speech(_: None, path: Path) -> Array | str:
    """The speech of a recording, or why there is none."""
    try:
        samples = read_speech(path)
    except (InputError, OSError) as error:
        return str(error)
    if len(samples) < SHORTEST:
        return f"only {to_seconds(len(samples)):.2f} s of it are speech"
    return samples


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return -1, -1
    return state.st_size, state.st_mtime_ns


def _shard_path(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:04d}.int16"


def _line(entry: CacheEntry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=True) + "\n"


def _write_index(folder: Path, entries: Iterable[CacheEntry]) -> None:
    lines = [json.dumps(_HEADER) + "\n", *map(_line, entries)]
    write_file(folder / INDEX, "".join(lines))


def _read_index(folder: Path) -> list[CacheEntry] | None:
    """Entries whose samples are there; None without an index of this version."""
    try:
        header, *lines = (folder / INDEX).read_text("utf-8").splitlines()
        if json.loads(header) != _HEADER:
            return None
    except (OSError, ValueError):
        return None
    entries: list[CacheEntry] = []
    sizes: dict[int, int] = {}
    for line in lines:
        try:
            entry = CacheEntry(**json.loads(line))
        except (ValueError, TypeError):  # the last line of a build that was cut off
            continue
        if entry.shard not in sizes:
            path = _shard_path(folder, entry.shard)
            sizes[entry.shard] = os.path.getsize(path) if path.exists() else 0
        if (entry.start + entry.length) * _BYTES <= sizes[entry.shard]:
            entries.append(entry)
    return entries
