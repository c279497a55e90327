"""What is known of a file that a person wants to open: looked up in a thread, shown by nobody."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.meetings import journal
from app.widgets.dialogs import TURNS
from core.errors import InputError, ModelError, NewerVersion
from core.meeting.names import backup_path, candidates, is_meeting

if TYPE_CHECKING:
    from core.annotation.values import Annotation, Marker
    from core.meeting.file import Meeting, ModelIdentity

ANNOTATIONS = tuple(ending.lower() for ending in TURNS)
"""Endings of files that hold turns and no sound."""


@dataclass(frozen=True)
class Opened:
    """What opening a file means.

    Attributes
    ----------
    asked
        The file that the person chose.
    recording
        Its sound; None if it is not where the meeting says.
    other
        A file of the recording's name in its place, which is not the same.
    file, meeting
        The meeting file and what is in it, if there is one.
    error
        Why the meeting file can't be read; ``backup`` then is an intact one, if there is.
    unsaved, changes
        The journal with changes that were never saved, and what is in it.
    decided
        A person wants those changes.
    kept
        The meeting is an analysis that was kept, of no file of the person's.
    """

    asked: Path
    recording: Path | None = None
    other: Path | None = None
    file: Path | None = None
    meeting: Meeting | None = None
    error: InputError | None = None
    backup: Path | None = None
    unsaved: Path | None = None
    changes: Meeting | None = None
    decided: bool = False
    kept: bool = False


def is_annotation(path: Path) -> bool:
    """Whether the name is that of turns without sound, other than a meeting."""
    return path.suffix.lower() in ANNOTATIONS and not is_meeting(path)


def nothing_known(recording: Path) -> bool:
    """Whether there is neither a meeting nor unsaved changes of a recording, at a glance."""
    return nothing_beside(recording) and journal.find(recording) is None


def nothing_beside(recording: Path) -> bool:
    """Whether no meeting lies beside a recording."""
    beside = (*candidates(recording), *map(backup_path, candidates(recording)))
    return not any(path.exists() for path in beside)


def look(
    asked: Path,
    folders: Sequence[Path],
    known: Path | None = None,
    kept: Callable[[Path], Meeting | None] = lambda _recording: None,
) -> Opened:
    """Find and read what belongs to a recording or a meeting file.

    ``folders`` are where the recording may have been moved to; ``known`` is a meeting file
    elsewhere, for a recording that has none of its own, and ``kept`` finds an analysis of it.
    """
    from core.meeting.file import meeting_path

    found = Opened(asked)
    if is_meeting(asked) or is_annotation(asked):
        found = replace(found, file=asked)
    else:
        beside = meeting_path(asked)
        there = beside.exists() or backup_path(beside).exists()
        found = replace(found, recording=asked, file=beside if there else None)
    file = found.file
    if file is not None:
        try:
            found = replace(found, meeting=_read(file))
        except InputError as error:
            return replace(found, error=error, backup=_intact_backup(file, error))
    elif known is not None:
        with contextlib.suppress(InputError):  # then the recording is heard anew
            found = replace(found, meeting=_read(known))
    if found.recording is None:
        found = with_recording(found, folders)
    found = with_changes(found)
    if found.meeting is None and found.changes is None and found.recording is not None:
        meeting = kept(found.recording)
        found = replace(found, meeting=meeting, kept=meeting is not None)
    return found


def left_behind(unsaved: Path) -> Opened | None:
    """What a journal without a window holds; None if it can't be read, it stays on the disk."""
    try:
        changes = _read(unsaved)
    except InputError:
        return None
    if changes.audio is None:
        return None
    return Opened(
        changes.audio.path,
        file=changes.origin,
        meeting=changes,
        unsaved=unsaved,
        changes=changes,
        decided=True,
    )


def recovered(recording: Path, markers: Sequence[Marker]) -> Opened:
    """A recording that was interrupted, with what was done to its turns until then.

    ``markers`` were kept beside its sound; the journal may know more of them, or fewer. Its sound
    went on after the journal was written, so that isn't compared.
    """
    from core.annotation.values import Annotation
    from core.meeting.file import Meeting
    from core.meeting.sound import AudioFile

    found = with_changes(Opened(recording, recording))
    if found.changes is None and not markers:
        return found
    audio = AudioFile(recording.absolute(), 0)
    changes = found.changes or Meeting(Annotation(), recording.stem, audio, complete=False)
    annotation = changes.annotation
    both = tuple(sorted({*annotation.markers, *markers}))
    duration = max([annotation.duration, *(marker.at for marker in both)])
    annotation = replace(annotation, markers=both, duration=duration)
    return replace(found, changes=replace(changes, annotation=annotation), decided=True)


def with_recording(found: Opened, folders: Sequence[Path]) -> Opened:
    """With the sound of the meeting, if it can be found."""
    from core.meeting.sound import find

    meeting, file = found.meeting, found.file
    if meeting is None or meeting.audio is None:
        return found
    near = [file.absolute().parent, *folders] if file is not None else folders
    recording = find(meeting.audio, meeting.places, near)
    other = next((p for p in meeting.places if _is_file(p)), None)
    return replace(found, recording=recording, other=None if recording else other)


def chosen(found: Opened, path: Path) -> Opened:
    """With the recording that a person chose, if it is the one of the meeting."""
    from core.meeting.sound import AudioFile, hashed

    audio = found.meeting.audio if found.meeting is not None else None
    try:
        same = audio is None or (AudioFile.at(path).same_as(audio) and hashed(path).same_as(audio))
    except InputError:
        same = False
    return accepted(found, path) if same else replace(found, other=path)


def accepted(found: Opened, path: Path) -> Opened:
    """With this recording, whether it is the one of the meeting or not."""
    meeting = found.meeting
    if meeting is not None and found.file is not None and is_annotation(found.file):
        warnings = (*meeting.warnings, *_beyond(meeting, path))
        found = replace(found, meeting=replace(meeting, warnings=warnings))
    return with_changes(replace(found, recording=path, other=None))


def _beyond(meeting: Meeting, recording: Path) -> tuple[str, ...]:
    """A line about turns beyond the end of a recording, as far as its header tells that."""
    from app.listening.worker import header_duration
    from core.annotation.imported import beyond

    try:
        duration = header_duration(recording)
    except InputError:  # told when it is opened
        return ()
    count = sum(beyond(duration, meeting.annotation)) if duration else 0
    return (f"turns that reach beyond the end of {recording.name}: {count}",) if count else ()


def with_changes(found: Opened) -> Opened:
    """With the unsaved changes of the recording; what can't be read of them stays on the disk."""
    unsaved = journal.find(found.recording) if found.recording is not None else None
    if unsaved is None or found.decided:
        return found
    try:
        return replace(found, unsaved=unsaved, changes=_read(unsaved))
    except InputError:
        return found


def write(meeting: Meeting, path: Path | None, expected: str | None) -> tuple[Path, Meeting]:
    """Save it, without a path beside its recording: where to, and the meeting as it is there.

    ``expected`` is what :func:`core.meeting.file.write_meeting` may replace.
    """
    from core.meeting.file import meeting_path, write_meeting
    from core.meeting.sound import hashed

    assert meeting.audio is not None
    if not meeting.audio.sha256:
        with contextlib.suppress(InputError):  # the recording is away: what is known has to do
            meeting = replace(meeting, audio=hashed(meeting.audio.path))
    target = path or meeting_path(meeting.audio.path)
    return target, write_meeting(meeting, target, expected=expected)


def turns_in(path: Path, recording: str) -> tuple[Annotation, tuple[str, ...]]:
    """The turns in a file of another program, of this recording if it has several, and a line for
    all of it that is left out."""
    from core.formats import read_annotation

    notes: list[str] = []
    return read_annotation(path, recording, notes.append)[0], tuple(notes)


def current_identity() -> ModelIdentity | None:
    """Which models run now; None if they can't be told."""
    from core.meeting.file import ModelIdentity
    from core.models.folders import current_models

    try:
        return ModelIdentity.of(current_models())
    except ModelError:
        return None


def _read(path: Path) -> Meeting:
    from core.formats import read_annotation
    from core.meeting.file import Meeting, read_meeting

    ours = path.suffix.lower() == ".json" and not path.name.lower().endswith(".seglst.json")
    if is_meeting(path) or ours:
        return read_meeting(path)
    notes: list[str] = []
    return Meeting(*read_annotation(path, tell=notes.append), warnings=tuple(notes))


def _intact_backup(file: Path, error: InputError) -> Path | None:
    from core.meeting.file import read_meeting

    backup = backup_path(file)
    if isinstance(error, NewerVersion) or backup == file:
        return None
    try:
        read_meeting(backup, voices=False)
    except InputError:
        return None
    return backup


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
