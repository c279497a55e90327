"""What there is of an archive, in the state in which a person left it.

A meeting that was saved beside its recording goes before the one among the results, which is the
archive's own until somebody opens and saves that very file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.archive.finding import Recording, is_url
from core.archive.linking import LITTLE
from core.archive.places import own_meeting
from core.archive.results import RECORD, Record, spoken
from core.archive.tables import Linked, linked
from core.arrays import Array
from core.errors import Cancelled, InputError
from core.meeting.file import Meeting, meeting_path, read_meeting
from core.models.manifest import ModelSet
from core.voices.recognition import Limits, voices_in


def saved_meeting(out: Path, recording: Recording) -> Path | None:
    """A meeting that a person saved, as far as the times of files tell."""
    if not is_url(recording.source):
        beside = meeting_path(Path(recording.source))
        if beside.exists():
            return beside
    own = own_meeting(out, recording)
    try:  # the record is written last
        changed = own.stat().st_mtime_ns > (own.parent / RECORD).stat().st_mtime_ns
    except OSError:
        return None
    return own if changed else None


def as_saved(out: Path, record: Record) -> Record:
    """The record with the speakers, names and seconds of the meeting that a person saved.

    As it is if there is none, or one that can't be read or has no voices.
    """
    saved = saved_meeting(out, record.recording)
    if saved is None:
        return record
    try:
        meeting = read_meeting(saved)
    except InputError:
        return record
    return as_in(record, meeting) if meeting.windows else record


def as_in(record: Record, meeting: Meeting) -> Record:
    """The record with the speakers of this meeting of its recording."""
    heard = voices_in(meeting.annotation, meeting.windows)
    encoder = meeting.models.encoder if meeting.models else ""
    return replace(record, encoder=encoder, speakers=spoken(meeting, heard))


def elsewhere(
    out: Path,
    records: Sequence[Record],
    meeting: Meeting,
    speaker: int,
    models: ModelSet,
    known: Mapping[str, Array] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Linked]:
    """Where the voice of a speaker of a meeting speaks in other recordings of an archive.

    The meeting needn't be of a recording of the archive; if it is, it is taken as it is here.

    Returns
    -------
    list[Linked]
        Speakers of other recordings with the same identity, who talks longest first.

    Raises
    ------
    InputError
        The voice can't be compared; the message says why.
    Cancelled
        ``cancelled`` said so, which is asked for each recording.
    """
    source = str(meeting.audio.path) if meeting.audio else ""
    here = as_in(Record(Recording(source, "", 0, ""), "", ""), meeting)
    limits, encoder = Limits.of(models.encoder), models.encoder.sha256
    own = next((one for one in here.speakers if one.id == speaker), None)
    if own is None or own.direction is None or own.heard < LITTLE:
        name = own.label if own else "this speaker"
        raise InputError(
            f"{name} speaks alone for less than {LITTLE:.0f} s: too little to know the voice again"
        )
    if limits is None or here.encoder != encoder:
        raise InputError(
            "this recording was heard by other models than those in use, so its voices can't be"
            " compared with others: listen to it again"
        )
    others = []
    for record in records:
        if cancelled():
            raise Cancelled("stopped")
        if not record.failed and record.recording.source != source:
            others.append(as_saved(out, record))
    rows = linked([here, *others], encoder, limits, known)
    voice = next(r.voice for r in rows if r.record is here and r.spoken.id == speaker)
    found = [r for r in rows if r.voice == voice and r.record is not here]
    return sorted(found, key=lambda r: -r.spoken.seconds)
