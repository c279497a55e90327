"""A meeting on disk: who speaks when in a recording, and all that a person and a pass know of it.

``talk.voicelanes.json`` lies beside ``talk.wav``, which is never touched. It is the JSON of
:mod:`core.formats.json_file` (version, recording, speakers, markers, edited, turns) with these
keys more, each of which may be missing::

    "audio": {
      "path": "/home/anna/talk.wav",     where the recording was, absolute
      "relative": "talk.wav",            and from the folder of this file; looked at first
      "size": 1920044,                   bytes
      "sha256": "4be1...",               of the whole file; "" if it was not known yet
      "track": 2                         the sound track that was heard, where one was chosen
    },
    "models": {"encoder": "d49e...", "decoder": "d47e...", "speech": "9ccd..."},
                                         SHA-256 of the model files that heard the voices
    "settings": {"speakers": "2-4"},     what was asked of the last pass
    "complete": true,                    false if not all of the recording was heard
    "origin": "/home/anna/talk.voicelanes.json",
                                         of unsaved changes: the file that they belong to
    "gaps": [[12.5, 13.1]],              stretches [start, end] in seconds that a microphone lost
    "pauses": [[60.0, 312.5]],           where a recording was paused, and for how many seconds
    "voices": {
      "file": "talk.voicelanes.npz",     windows, embeddings and speech (:mod:`core.meeting.prints`)
      "sha256": "77aa..."                of that file
    }

Turns that touch stay as they are. The file before the last save is kept as ``.bak``. Everything is
written to a temporary file, brought to disk and then renamed. A damaged file is never replaced: it
is set aside as ``.damaged``; one of a newer version is left alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.annotation.values import Annotation, Stretch
from core.atomic import why_not, write_file
from core.audio.source import MAX_TRACKS
from core.errors import ChangedOnDisk, InputError, NewerVersion, OutputError
from core.formats import json_file
from core.formats.json_file import stretches_in, text_in
from core.formats.reading import read_text, seconds
from core.meeting.names import backup_path, candidates, is_meeting, kept_path
from core.meeting.prints import MAX_BYTES, pack, unpack
from core.meeting.sound import AudioFile, hashed
from core.models.manifest import ModelSet
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE, to_seconds

__all__ = [
    "Meeting",
    "ModelIdentity",
    "backup_path",
    "is_meeting",
    "kept_path",
    "meeting_path",
    "read_meeting",
    "write_meeting",
]


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which models heard the voices: embeddings of others can't be compared with theirs."""

    encoder: str
    decoder: str
    speech: str

    @classmethod
    def of(cls, models: ModelSet) -> ModelIdentity:
        return cls(models.encoder.sha256, models.decoder.sha256, models.speech.sha256)


@dataclass(frozen=True)
class Meeting:
    """What is kept of a meeting; see the module for how.

    Attributes
    ----------
    annotation
        Exactly as a person left it.
    name
        Of the recording, without folder and ending.
    audio
        The recording; None if the file doesn't say.
    windows, speech
        What a second pass needs; () and None if it wasn't kept or can't be read.
    track
        Number of the sound track that the turns are of; None for the one that is heard unasked.
    models, settings
        Of the last pass.
    complete
        The turns are those of the whole recording.
    gaps, pauses
        Of a recording from the microphone: (start, end) in samples that it lost, and (sample,
        seconds) where it was paused.
    kept
        SHA-256 of the file that ``windows`` and ``speech`` came from or went to; "" if they have
        not been written yet. Clear it when they change.
    origin
        Of unsaved changes: the meeting file that they belong to, if there is one.
    places
        Where the audio may be now, the likeliest first; see :func:`core.meeting.sound.find`.
    warnings
        One line each: what could not be read, and what that means.
    state
        SHA-256 of the file as it was read or written; "" if it has not been.
    """

    annotation: Annotation
    name: str
    audio: AudioFile | None = None
    track: int | None = field(default=None, kw_only=True)
    windows: Sequence[Window] = ()
    speech: Speech | None = None
    models: ModelIdentity | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = True
    gaps: tuple[Stretch, ...] = ()
    pauses: tuple[tuple[int, float], ...] = ()
    kept: str = ""
    origin: Path | None = None
    places: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    state: str = field(default="", compare=False)


def meeting_path(recording: Path) -> Path:
    """Where the meeting of a recording lies, or will: beside it.

    ``talk.mp3`` has ``talk.voicelanes.json``; if that is the meeting of ``talk.wav``,
    ``talk.mp3.voicelanes.json``.
    """
    short, full = candidates(recording)
    if full.exists() or (short.exists() and not _may_be_of(short, recording)):
        return full
    return short


# reading


def read_meeting(path: str | Path, *, voices: bool = True) -> Meeting:
    """The meeting in a file; its audio may be elsewhere by now.

    ``voices`` False leaves the embeddings on disk. Any JSON of ours can be read as a meeting.

    Raises
    ------
    NewerVersion
        The file is intact, but this program is too old for it.
    InputError
        It can't be read, isn't a meeting or is damaged. :func:`backup_path` may be intact.
    """
    path = Path(path)
    state = _hash_of(path)
    meeting, kept = _parse(read_text(path), path)
    meeting = replace(meeting, state=state)
    return _with_voices(meeting, kept, path) if voices else meeting


def _parse(text: str, path: Path) -> tuple[Meeting, tuple[str, str]]:
    source = str(path)
    content = json_file.content_of(text, source)
    annotation, name = json_file.annotation_in(content, source)
    settings = content.get("settings", {})
    complete = content.get("complete", True)
    origin = content.get("origin", "")
    if not (isinstance(settings, dict) and isinstance(complete, bool) and isinstance(origin, str)):
        raise InputError(f"{source}: the settings of the last pass are not as they should be")
    models = _texts(content, "models", ("encoder", "decoder", "speech"), source)
    kept = _texts(content, "voices", ("file", "sha256"), source)
    audio, places = _audio(content, path)
    meeting = Meeting(
        annotation,
        name,
        audio,
        track=_track(content, source),
        models=ModelIdentity(*models) if models else None,
        settings=settings,
        complete=complete,
        gaps=tuple(stretches_in(content.get("gaps", []), f"{source}: gaps")),
        pauses=_pauses(content, source),
        origin=Path(text_in(origin)) if origin else None,
        places=places,
    )
    return meeting, (kept[0], kept[1]) if kept else ("", "")


def _audio(content: dict[str, Any], path: Path) -> tuple[AudioFile | None, tuple[Path, ...]]:
    texts = _texts(content, "audio", ("path", "relative", "sha256"), str(path))
    if texts is None:
        return None, ()
    size = content["audio"].get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size < 2**60:
        raise InputError(f"{path}: the size of the audio must be a number of bytes")
    where, relative, sha256 = texts
    if not where or "\0" in where or "\0" in relative:
        raise InputError(f"{path}: the audio has no path")
    audio = AudioFile(Path(where), size, sha256)
    folder = path.absolute().parent
    # Beside the meeting first: a folder that was copied goes with its own recording.
    near = [Path(os.path.normpath(folder / relative))] if relative else []
    return audio, tuple(dict.fromkeys([*near, audio.path, folder / audio.path.name]))


def _track(content: dict[str, Any], source: str) -> int | None:
    """The sound track that a person chose."""
    audio = content.get("audio")
    track = audio.get("track") if isinstance(audio, dict) else None
    if track is None:
        return None
    if not isinstance(track, int) or isinstance(track, bool) or not 1 <= track <= MAX_TRACKS:
        raise InputError(f"{source}: the sound track of the audio must be a number from 1 on")
    return track


def _pauses(content: dict[str, Any], source: str) -> tuple[tuple[int, float], ...]:
    pauses = content.get("pauses", [])
    try:
        return tuple(
            (seconds(at, "time", source), seconds(length, "length", source) / SAMPLE_RATE)
            for at, length in pauses
        )
    except (TypeError, ValueError):
        raise InputError(f"{source}: a pause is [time, seconds]") from None


def _texts(
    content: dict[str, Any], key: str, fields: Sequence[str], source: str
) -> list[str] | None:
    table = content.get(key)
    if table is None:
        return None
    if not isinstance(table, dict):
        raise InputError(f"{source}: {key} is not as it should be")
    values = [table.get(name, "") for name in fields]
    if not all(isinstance(value, str) for value in values):
        raise InputError(f"{source}: {key} is not as it should be")
    return [text_in(value) for value in values]


def _with_voices(meeting: Meeting, kept: tuple[str, str], path: Path) -> Meeting:
    file, sha256 = kept
    if not file:
        return meeting
    try:
        content = _read_kept(path.parent / Path(file).name)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise InputError(f"{file} belongs to another state of the meeting")
        windows, speech = unpack(content, file)
    except InputError as error:
        line = f"the voices kept beside the meeting can't be used ({error}): listen again for them"
        return replace(meeting, warnings=(line,))
    return replace(meeting, windows=windows, speech=speech, kept=sha256)


def _read_kept(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name} is too large")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = why_not(error) if isinstance(error, OSError) else "no name of a file"
        raise InputError(f"{path.name}: {reason}") from error


def _may_be_of(path: Path, recording: Path) -> bool:
    """Whether a meeting file is that of this recording, as far as names tell."""
    try:
        meeting = read_meeting(path, voices=False)
    except InputError:
        return True  # to be told when it is opened, not passed over
    return meeting.audio is None or meeting.audio.path.name == recording.name


# writing


def write_meeting(
    meeting: Meeting,
    path: str | Path,
    *,
    backup: bool = True,
    private: bool = False,
    expected: str | None = None,
) -> Meeting:
    """Write a meeting; what was there before becomes the backup, or is gone without ``backup``.

    The voice prints beside it are its owner's alone, and so is all of it if ``private``.

    Parameters
    ----------
    expected
        The ``state`` of the file that may be replaced, "" if none may be; None is for any.

    Returns
    -------
    Meeting
        The meeting as it is on disk now, with ``kept`` known.

    Raises
    ------
    ChangedOnDisk
        If another file is there than the one expected: it still is.
    OutputError
        If it can't be written, or a file of a newer version is there: what was there still is.
    """
    path = Path(path)
    if expected is not None and _hash_of(path) not in ("", expected):
        raise ChangedOnDisk(f"{path.name} was saved by another window or program meanwhile")
    beside = kept_path(path)
    if backup:
        _set_aside(path)
    if meeting.windows or meeting.speech is not None:
        if not meeting.kept or _hash_of(beside) != meeting.kept:
            content = pack(meeting.windows, meeting.speech)
            write_file(beside, content, private=True)
            meeting = replace(meeting, kept=hashlib.sha256(content).hexdigest())
    else:
        meeting = replace(meeting, kept="")
    text = json_file.render(meeting.annotation, meeting.name, _more(meeting, path))
    written = text.encode("utf-8", "replace")
    write_file(path, written, private=private)
    state = hashlib.sha256(written).hexdigest()
    return replace(meeting, warnings=(), state=state)


def _set_aside(path: Path) -> None:
    """Keep what is there now."""
    try:
        old = path.read_bytes()
        private = not path.stat().st_mode & 0o077  # a copy is no easier to read
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(f"can't write {path}: {why_not(error)}") from error
    try:
        _parse(read_text(path), path)
    except NewerVersion as error:
        raise OutputError(f"{error}, or save under another name") from error
    except InputError:
        number = 0
        while (aside := path.with_name(f"{path.name}.damaged{number or ''}")).exists():
            number += 1
        write_file(aside, old, private=private)
    else:
        write_file(backup_path(path), old, private=private)


def _hash_of(path: Path) -> str:
    try:
        return hashed(path).sha256
    except InputError:
        return ""


def _more(meeting: Meeting, path: Path) -> dict[str, Any]:
    more: dict[str, Any] = {"complete": meeting.complete}
    if meeting.audio is not None:
        more["audio"] = {
            "path": str(meeting.audio.path),
            "relative": _relative(meeting.audio.path, path.absolute().parent),
            "size": meeting.audio.size,
            "sha256": meeting.audio.sha256,
        }
        if meeting.track is not None:
            more["audio"]["track"] = meeting.track
    if meeting.models is not None:
        models = meeting.models
        more["models"] = {
            "encoder": models.encoder,
            "decoder": models.decoder,
            "speech": models.speech,
        }
    if meeting.settings:
        more["settings"] = dict(meeting.settings)
    if meeting.origin is not None:
        more["origin"] = str(meeting.origin)
    if meeting.gaps:
        more["gaps"] = json_file.stretches(meeting.gaps)
    if meeting.pauses:
        more["pauses"] = [[to_seconds(at), length] for at, length in meeting.pauses]
    if meeting.kept:
        more["voices"] = {"file": kept_path(path).name, "sha256": meeting.kept}
    return more


def _relative(audio: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(audio, folder)).as_posix()
    except ValueError:  # another drive
        return ""
