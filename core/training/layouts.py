"""How corpora lie on disk: each reader turns a folder into utterances with speakers.

Speakers are named ``namespace:id``, and copies of one corpus share a namespace: LibriSpeech's
``1088`` is ``librispeech:1088`` whoever published the excerpt. File names that carry the speaker
are believed over folders, because excerpts are often laid out anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

AUDIO = (".wav", ".flac", ".mp3", ".opus", ".m4a", ".aac", ".ogg")


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
    """

    path: Path
    speaker: str
    corpus: str
    id: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other: two files with the same key are copies."""
        return self.speaker, self.id or str(self.path)


Reader = Callable[[Path], list[Utterance]]


def audio_files(folder: Path) -> Iterator[Path]:
    """Audio files below ``folder`` in the order of their paths; hidden ones are left out."""
    for root, folders, files in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(AUDIO) and not name.startswith("."):
                yield Path(root, name)


def by_path(corpus: str, pattern: str, namespace: str | None = None) -> Reader:
    """A reader of files whose path below the folder (with ``/``) ends as ``pattern`` says.

    Its groups ``speaker`` and ``id`` name the utterance; other files are left out. Paths are
    matched with the folder's own name in front, so that a single speaker's folder can be read.
    """
    expression = re.compile(rf"(?:^|/){pattern}$", re.IGNORECASE)

    def read(folder: Path) -> list[Utterance]:
        found = []
        for path in audio_files(folder):
            match = expression.search(path.absolute().as_posix())
            if match:
                speaker = f"{namespace or corpus}:{match['speaker']}"
                found.append(Utterance(path, speaker, corpus, match["id"]))
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
