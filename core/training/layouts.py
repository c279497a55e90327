"""How corpora lie on disk: each reader turns a folder into utterances with speakers.

Speakers are named ``namespace:id``, and copies of one corpus share a namespace: LibriSpeech's
``1088`` is ``librispeech:1088`` whoever published the excerpt. File names that carry the speaker
are believed over folders, because excerpts are often laid out anew.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

AUDIO = (".wav", ".flac", ".mp3", ".opus", ".m4a", ".aac", ".ogg")
TELEPHONE = ".ulaw"
"""Mu-law at 8 kHz without a header, as telephone exchanges record it."""


@dataclass(frozen=True, order=True)
class Utterance:
    """One recording of one person.

    Parameters
    ----------
    path
        The audio file.
    speaker
        ``namespace:id``; the same person in two copies of a corpus has one name.
    corpus
        Name of the reader.
    id
        The utterance among its speaker's, the same in every copy of the corpus.
    session
        Recordings of a word or two say in which session they were made: those of one speaker and
        session are joined to utterances (:mod:`core.training.cache`). Empty where a recording is
        an utterance.
    """

    path: Path
    speaker: str
    corpus: str
    id: str = ""
    session: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other: two files with the same key are copies."""
        return self.speaker, self.id or str(self.path)


Reader = Callable[[Path], list[Utterance]]


def audio_files(folder: Path, suffixes: tuple[str, ...] = AUDIO) -> Iterator[Path]:
    """Audio files below ``folder`` in the order of their paths; hidden ones are left out."""
    for root, folders, files in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield Path(root, name)


def by_path(
    corpus: str, pattern: str, namespace: str | None = None, *, words: bool = False
) -> Reader:
    """A reader of files whose path below the folder (with ``/``) ends as ``pattern`` says.

    Its groups ``speaker`` and ``id`` name the utterance; other files are left out. Paths are
    matched with the folder's own name in front, so that a single speaker's folder can be read.

    With ``words``, a file holds a word, and the words of a speaker are one session.
    """
    expression = re.compile(rf"(?:^|/){pattern}$", re.IGNORECASE)

    def read(folder: Path) -> list[Utterance]:
        found = []
        for path in audio_files(folder):
            match = expression.search(path.absolute().as_posix())
            if match:
                speaker = f"{namespace or corpus}:{match['speaker']}"
                session = match["speaker"] if words else ""
                found.append(Utterance(path, speaker, corpus, match["id"], session))
        return found

    return read


def read_speechocean762(folder: Path) -> list[Utterance]:
    """``WAVE/SPEAKERxxxx/*.WAV``; where the folders are gone, Kaldi's ``utt2spk`` names them."""
    kaldi = dict(_utt2spk(folder))
    found = []
    for path in audio_files(folder):
        match = re.fullmatch(r"(?i:speaker)(\d{4})", path.parent.name)
        number = match[1] if match else kaldi.get(path.stem)
        if number:
            speaker = f"speechocean762:SPEAKER{number}"
            found.append(Utterance(path, speaker, "speechocean762", path.stem))
    return found


def read_common_voice(folder: Path) -> list[Utterance]:
    """Clips and the tables beside them (``validated.tsv``, ...) that tell who speaks.

    Clips that no table names are left out: without a speaker, they are for ``--unlabelled``.
    """
    speakers: dict[str, str] = {}
    for path in _tables(folder, "*.tsv"):
        with (
            open(path, encoding="utf-8", errors="replace", newline="") as file,
            contextlib.suppress(csv.Error),  # another table, which names no clips
        ):
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row.get("client_id") and row.get("path"):
                    speakers[Path(row["path"]).stem] = row["client_id"]
    found = []
    for path in audio_files(folder):
        client = speakers.get(path.stem)
        if client:
            # 64 bits tell clients apart, and lists of speakers stay readable.
            speaker = f"common-voice:{client[:16]}"
            found.append(Utterance(path, speaker, "common-voice", path.stem))
    return found


def read_wuw(folder: Path) -> list[Utterance]:
    """``calls/NNNNN/WUWIINNNNN_NNN.ulaw``; who calls follows from ``data.json``.

    The first recording of a call is the caller's spoken name. Names stay in that file: a speaker
    is called by a hash, the same in every call. Without ``data.json`` each call is a speaker.
    """
    callers: dict[str, str] = {}
    for table in _tables(folder, "data.json"):
        try:
            entries = json.loads(table.read_text("utf-8"))["entries"]
            spoken = [e for e in entries if e["utteranceNumber"] == "000"]
            callers |= {e["sessionNumber"]: _plain(e["transcription"]) for e in spoken}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    found = []
    for path in audio_files(folder, (TELEPHONE,)):
        match = re.fullmatch(r"WUWII(\d{5})_(\d{3})", path.stem)
        if match:
            name = callers.get(match[1]) or f"call {match[1]}"
            digest = hashlib.sha256(f"wuw-corpus-ii {name}".encode()).hexdigest()[:16]
            speaker = f"wuw-corpus-ii:{digest}"
            found.append(Utterance(path, speaker, "wuw-corpus-ii", path.stem, match[1]))
    return found


def _tables(folder: Path, pattern: str) -> list[Path]:
    """Tables in the folder or, if it is only a part of a corpus, in the two folders above."""
    found = _shown(folder.rglob(pattern))
    for above in folder.resolve().parents[:2]:
        found = found or _shown(above.glob(pattern))
    return found


def _shown(paths: Iterable[Path]) -> list[Path]:
    """Sorted, without hidden ones: a Mac puts ``._x`` beside ``x`` on disks of others."""
    return sorted(path for path in paths if not path.name.startswith("."))


def _plain(transcription: str) -> str:
    """A spoken name without remarks such as ``{breath}``, in small letters."""
    words = re.sub(r"\{.*?\}|\[.*?\]|<.*?>", " ", transcription)
    return " ".join(re.sub(r"[^\w]+", " ", words.lower()).split())


def read_folders(folder: Path) -> list[Utterance]:
    """``<speaker>/**/*``: the folders at the top are the speakers; the corpus is the folder's name.

    Two corpora must not be in folders of the same name, or their speakers would be mixed up.
    """
    name = folder.resolve().name
    found = []
    for path in audio_files(folder):
        speaker, *rest = path.relative_to(folder).parts
        if rest:
            found.append(Utterance(path, f"{name}:{speaker}", "folders", "/".join(rest)))
    return found


def _utt2spk(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("utt2spk")):
        for line in path.read_text("utf-8", "replace").splitlines():
            fields = line.split()
            if len(fields) == 2:
                number = re.sub(r"(?i)^speaker", "", fields[1])
                yield fields[0], number.zfill(4)
