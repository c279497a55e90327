"""Voices that a person asked to remember, in one file on this machine.

A voice has a name and several samples: an embedding each, the encoder that made it, the meeting and
the turn it came from, and a short clip, so that it can be heard, judged and, with another encoder,
heard anew. Nothing gets in here but by :meth:`VoiceBook.remember`, which a person has to ask for;
nothing leaves the machine. What is deleted is overwritten in place, in the file and in the journal
by which SQLite undoes what was interrupted; no block of the disk that held it is given back before.

The file is SQLite in the platform's data folder, readable by its owner alone. Several programs may
use it at once: each operation is one transaction. A damaged file is never written to.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import platformdirs
from numpy.typing import NDArray

from core.errors import InputError, NewerVersion, OutputError, VoicelanesError
from core.folders import private_folder
from core.formats.reading import MAX_SECONDS, MAX_VALUE
from core.units import SAMPLE_RATE, to_samples

Array = NDArray[np.float32]

CONSENT = (
    "A voice identifies a person: remember it only if that person agrees. "
    "It stays on this machine, and 'voicelanes voices remove' deletes it for good."
)
"""Shown wherever a voice is remembered."""

VERSION = 1
_MAX_CLIP = 2**24
"""Bytes, and samples (17 minutes); clips are of seconds."""
_PATIENCE = 10.0  # seconds that another program may hold the file
_BLOCK = 1 << 20
_SCHEMA = """
CREATE TABLE voice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    remembered TEXT NOT NULL
);
CREATE TABLE sample (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    voice INTEGER NOT NULL REFERENCES voice(id) ON DELETE CASCADE,
    encoder TEXT NOT NULL,
    embedding BLOB NOT NULL,
    seconds REAL NOT NULL,
    meeting TEXT NOT NULL,
    start INTEGER NOT NULL,
    clip BLOB NOT NULL,
    added TEXT NOT NULL
);
CREATE INDEX sample_voice ON sample(voice);
"""


@dataclass(frozen=True)
class Sample:
    """One stretch of speech of a voice.

    Parameters
    ----------
    embedding
        (dim,) float32.
    encoder
        SHA-256 of the encoder that made it: embeddings of others can't be compared with it.
    seconds
        Of speech behind it.
    meeting
        The file it came from, as a person would find it.
    start
        Where in it, in samples at 16 kHz.
    clip
        (n,) float32 at 16 kHz, a few seconds.
    id, added
        Set by the book: its number, and the day and time in UTC.
    """

    embedding: Array
    encoder: str
    seconds: float
    meeting: str
    start: int
    clip: Array
    id: int = 0
    added: str = ""


@dataclass(frozen=True)
class Voice:
    """A voice that is remembered.

    Parameters
    ----------
    id, name, remembered
        Its number, name, and day and time in UTC.
    samples, seconds
        How many there are, and how much speech they hold.
    encoders
        The SHA-256 of every encoder that samples of it were made with.
    """

    id: int
    name: str
    remembered: str
    samples: int
    seconds: float
    encoders: frozenset[str]


class Place(NamedTuple):
    """Where in a meeting a sample lies: its number, and samples at 16 kHz."""

    sample: int
    start: int
    end: int


def voices_path() -> Path:
    """Where the voices lie; the file needn't exist."""
    return Path(platformdirs.user_data_dir("Voicelanes", appauthor=False)) / "voices.sqlite"


class VoiceBook:
    """The voices in a file, the platform's by default; it is made when the first is remembered.

    Every method raises :class:`InputError` if the file can't be read or is damaged,
    :class:`NewerVersion` if a newer program wrote it, and :class:`OutputError` if it can't be
    written. It is as it was then. May be used from several threads.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or voices_path()

    # what is there

    def voices(self) -> list[Voice]:
        """All voices by name."""
        with self._open() as db:
            rows = db.execute(
                "SELECT v.id, v.name, v.remembered, count(s.id), coalesce(sum(s.seconds), 0),"
                " group_concat(DISTINCT s.encoder) FROM voice v"
                " LEFT JOIN sample s ON s.voice = v.id GROUP BY v.id ORDER BY v.name COLLATE NOCASE"
            ).fetchall()
            return [_voice(*row) for row in rows]

    def named(self, name: str) -> Voice:
        """The voice of that name, in whichever case; :class:`InputError` if there is none."""
        wanted = _name(name).casefold()
        for voice in self.voices():
            if voice.name.casefold() == wanted:
                return voice
        raise InputError(f"no voice called {name!r} is remembered; 'voices list' shows all")

    def samples(self, voice: int) -> list[Sample]:
        """The samples of a voice, the oldest first."""
        with self._open() as db:
            rows = db.execute(
                "SELECT embedding, encoder, seconds, meeting, start, clip, id, added FROM sample"
                " WHERE voice = ? ORDER BY id",
                (voice,),
            ).fetchall()
            return [_sample(*row) for row in rows]

    def places(self, voice: int, meetings: Sequence[str]) -> list[Place]:
        """Which stretches of a meeting a voice has samples of; a meeting may have several names."""
        marks = ", ".join("?" * len(meetings))
        with self._open() as db:
            rows = db.execute(
                "SELECT id, start, seconds FROM sample"
                f" WHERE voice = ? AND meeting IN ({marks}) ORDER BY id",
                (voice, *meetings),
            ).fetchall()
            for number, start, length in rows:
                _check_times(number, start, length)
        return [Place(number, start, start + to_samples(length)) for number, start, length in rows]

    def profiles(self, encoder: str) -> dict[int, Array]:
        """(k, dim) samples of each voice that has some from this encoder, by number."""
        found: dict[int, list[Array]] = {}
        with self._open() as db:
            for voice, number, blob in db.execute(
                "SELECT voice, id, embedding FROM sample WHERE encoder = ? ORDER BY id", (encoder,)
            ):
                found.setdefault(voice, []).append(_embedding(blob, number))
            if len({len(row) for rows in found.values() for row in rows}) > 1:
                raise sqlite3.DatabaseError("one encoder made embeddings of several lengths")
        return {voice: np.stack(rows) for voice, rows in found.items()}

    # what a person asks for

    def remember(self, name: str, samples: Sequence[Sample]) -> Voice:
        """Remember a voice, or more of one that is there; the same stretch counts once.

        Raises
        ------
        InputError
            If there is nothing to remember.
        """
        name = _name(name)
        if not samples:
            raise InputError(f"there is too little speech to remember {name} by: give more of it")
        with self._open(write=True) as db:
            found = db.execute("SELECT id FROM voice WHERE name = ?", (name,)).fetchone()
            if found is None:
                made = db.execute(
                    "INSERT INTO voice (name, remembered) VALUES (?, ?)", (name, _now())
                )
                found = (made.lastrowid,)
            for sample in samples:
                same = (found[0], sample.encoder, sample.meeting, sample.start)
                db.execute(
                    "DELETE FROM sample WHERE voice = ? AND encoder = ? AND meeting = ?"
                    " AND start = ?",
                    same,
                )
                _insert(db, found[0], sample)
        return self.named(name)

    def add_samples(self, voice: int, samples: Sequence[Sample]) -> None:
        """More of a voice that is remembered; :class:`InputError` if it no longer is."""
        with self._open(write=True) as db:
            if db.execute("SELECT 1 FROM voice WHERE id = ?", (voice,)).fetchone() is None:
                raise InputError("that voice is forgotten: remember it anew first")
            for sample in samples:
                _insert(db, voice, sample)

    def rename(self, voice: int, name: str) -> None:
        """Another name; :class:`InputError` if it is taken."""
        with self._open(write=True) as db:
            try:
                db.execute("UPDATE voice SET name = ? WHERE id = ?", (_name(name), voice))
            except sqlite3.IntegrityError:
                raise InputError(
                    f"another voice is called {name}: merge the two, or take another name"
                ) from None

    def merge(self, keep: int, gone: int) -> None:
        """Two voices are one person's: ``keep`` gets the samples of ``gone``, which is deleted."""
        if keep == gone:
            raise InputError("a voice can't be merged with itself")
        with self._open(write=True) as db:
            db.execute("UPDATE sample SET voice = ? WHERE voice = ?", (keep, gone))
            db.execute("DELETE FROM voice WHERE id = ?", (gone,))

    def forget(self, voice: int) -> None:
        """Delete a voice with all its samples, for good."""
        with self._open(write=True) as db:
            db.execute("DELETE FROM voice WHERE id = ?", (voice,))

    def forget_samples(self, samples: Sequence[int]) -> None:
        """Delete some samples for good: they were somebody else's."""
        with self._open(write=True) as db:
            db.executemany("DELETE FROM sample WHERE id = ?", [(sample,) for sample in samples])

    def renew(self, voice: int, samples: Sequence[Sample]) -> None:
        """Put the same stretches, heard by another encoder, in place of what was heard before."""
        with self._open(write=True) as db:
            for sample in samples:
                db.execute("DELETE FROM sample WHERE id = ?", (sample.id,))
                _insert(db, voice, replace(sample, added=sample.added or _now()))

    # the file

    @contextlib.contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction; what it deletes is gone from the disk afterwards."""
        if not write and not self._begun():
            with contextlib.closing(sqlite3.connect(":memory:")) as empty:
                empty.executescript(_SCHEMA)
                yield empty
            return
        try:
            if write:
                self._make()
            with contextlib.closing(self._connect()) as db:
                _check(db, self.path)
                db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                if write:
                    # From here on nobody else gets in until the journal is blank, too.
                    db.execute("PRAGMA locking_mode = EXCLUSIVE")
                if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                    _create(db)
                try:
                    yield db
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):
                        db.execute("ROLLBACK")
                    raise
                db.execute("COMMIT")
                if write:
                    _blank(self.path.with_name(f"{self.path.name}-journal"))
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise self._explained(error, write) from error

    def _begun(self) -> bool:
        """Whether anything was ever written; an empty file is one that is about to be."""
        try:
            return self.path.stat().st_size > 0
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._explained(error, write=False) from error

    def _make(self) -> None:
        private_folder(self.path.parent)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA temp_store = MEMORY")
        return db

    def _explained(self, error: Exception, write: bool) -> VoicelanesError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return OutputError(
                f"another program holds the voices in {self.path}: close it and try again"
            )
        text = "could not decode" in str(error).lower()  # of a damaged page, says sqlite
        if isinstance(error, sqlite3.OperationalError | OSError) and not text:
            kind = OutputError if write else InputError
            return kind(
                f"can't use the voices in {self.path} ({error}): check its rights and space"
            )
        problem = " ".join(str(error).split())
        return InputError(
            f"the voices in {self.path} are damaged ({problem}) and were left as they are: put a"
            " copy of the file there, or move it away to begin anew"
        )


def _blank(journal: Path) -> None:
    """Overwrite what SQLite noted to undo the last transaction, which is over.

    The file stays as long as it is: blocks that it gave back might hold what nobody overwrote.
    """
    with contextlib.suppress(FileNotFoundError), journal.open("r+b") as file:
        left = file.seek(0, os.SEEK_END)
        file.seek(0)
        while left > 0:
            left -= file.write(bytes(min(left, _BLOCK)))
        file.flush()
        os.fsync(file.fileno())


def _check(db: sqlite3.Connection, path: Path) -> None:
    # Else SQLite unlinks the journal, and the disk keeps what is in it.
    db.execute("PRAGMA journal_mode = PERSIST")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise NewerVersion(f"{path} was written by a newer version of Voicelanes: install that")
    problem = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise sqlite3.DatabaseError(" ".join(str(problem).split()))


def _create(db: sqlite3.Connection) -> None:
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise sqlite3.DatabaseError("it holds something else")
    for statement in filter(str.strip, _SCHEMA.split(";")):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {VERSION}")


def _insert(db: sqlite3.Connection, voice: int, sample: Sample) -> None:
    db.execute(
        "INSERT INTO sample (voice, encoder, embedding, seconds, meeting, start, clip, added)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            voice,
            sample.encoder,
            sample.embedding.astype("<f4").tobytes(),
            sample.seconds,
            sample.meeting,
            sample.start,
            packed_clip(sample.clip),
            sample.added or _now(),
        ),
    )


def packed_clip(clip: Array) -> bytes:
    """A clip as it is kept: FLAC of 16 bits."""
    import soundfile

    if not len(clip):
        return b""
    packed = io.BytesIO()
    soundfile.write(packed, np.clip(clip, -1, 1), SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return packed.getvalue()


def _clip(blob: Any, number: Any) -> Array:
    import soundfile

    if blob == b"":
        return np.zeros(0, np.float32)
    try:
        if len(blob) > _MAX_CLIP:
            raise ValueError("too long")
        samples, rate = soundfile.read(io.BytesIO(blob), _MAX_CLIP, dtype="float32")
    except (soundfile.SoundFileError, ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"the clip of sample {number} can't be read") from error
    if samples.ndim != 1 or rate != SAMPLE_RATE:
        raise sqlite3.DatabaseError(f"the clip of sample {number} is no clip of a voice")
    return np.asarray(samples, np.float32)


# SQLite takes any value in any column: what is read is checked, or it would come up far from here.


def _voice(number: Any, name: Any, since: Any, count: Any, seconds: Any, encoders: Any) -> Voice:
    if not (isinstance(name, str) and name and isinstance(since, str)):
        raise sqlite3.DatabaseError(f"voice {number} has no name")
    if not (isinstance(seconds, int | float) and math.isfinite(seconds)):
        raise sqlite3.DatabaseError(f"a sample of voice {number} has no length")
    if not isinstance(encoders, str | None):
        raise sqlite3.DatabaseError(f"a sample of voice {number} has no encoder")
    made_by = frozenset((encoders or "").split(",")) - {""}
    return Voice(number, name, since, count, seconds, made_by)


def _sample(
    blob: Any,
    encoder: Any,
    seconds: Any,
    meeting: Any,
    start: Any,
    clip: Any,
    number: Any,
    added: Any,
) -> Sample:
    _check_times(number, start, seconds)
    if not all(isinstance(text, str) for text in (encoder, meeting, added)):
        raise sqlite3.DatabaseError(f"sample {number} doesn't say where it comes from")
    embedding = _embedding(blob, number).copy()
    return Sample(embedding, encoder, seconds, meeting, start, _clip(clip, number), number, added)


def _check_times(number: Any, start: Any, seconds: Any) -> None:
    good = isinstance(start, int) and isinstance(seconds, int | float)
    if not (good and 0 <= start <= MAX_SECONDS * SAMPLE_RATE and 0 <= seconds <= MAX_SECONDS):
        raise sqlite3.DatabaseError(f"sample {number} has no time")


def _embedding(blob: Any, number: Any) -> Array:
    if not isinstance(blob, bytes) or not blob or len(blob) % 4:
        raise sqlite3.DatabaseError(f"sample {number} has no embedding")
    embedding = np.frombuffer(blob, "<f4")
    if not np.all(np.abs(embedding) <= MAX_VALUE) or not embedding.any():
        raise sqlite3.DatabaseError(f"the embedding of sample {number} is none")
    return embedding


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise InputError("a voice needs a name that can be read")
    return name


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
