"""One voice in other recordings, and what a person did to their meetings."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.annotation import edits
from core.annotation.values import Annotation, Turn
from core.archive.finding import Recording, find
from core.archive.job import RecordingOutcome
from core.archive.places import chosen_out, own_meeting, usual_out
from core.archive.reading import as_in, elsewhere
from core.archive.results import Record, read_record, write
from core.errors import Cancelled, InputError
from core.meeting.file import Meeting, ModelIdentity, read_meeting, write_meeting
from core.meeting.prints import pack
from core.meeting.sound import AudioFile
from core.models.manifest import ModelSet, shipped_models
from core.stream.changes import Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S
from core.voices.recognition import voices_in

DIM = 32


@pytest.fixture(scope="module")
def models() -> ModelSet:
    return shipped_models()


def meeting(recording: Path, people: list[int], models: ModelSet) -> Meeting:
    """These people say 5 s each, one after the other; each has a voice of their own."""
    windows = [
        Window(s * S, (s + 1) * S, np.eye(DIM, dtype=np.float32)[person], 1.0)
        for n, person in enumerate(people)
        for s in range(5 * n, 5 * n + 5)
    ]
    turns = [Turn(5 * n * S, 5 * n * S + 5 * S, n) for n in range(len(people))]
    return Meeting(
        Annotation.build(turns, 5 * len(people) * S),
        recording.stem,
        AudioFile(recording, recording.stat().st_size, "0" * 64),
        windows,
        Speech(),
        ModelIdentity.of(models),
    )


def done(out: Path, recording: Recording, people: list[int], models: ModelSet) -> Record:
    """Written as an archive writes it."""
    found = meeting(Path(recording.source), people, models)
    outcome = RecordingOutcome(
        "done",
        audio=found.audio,
        meeting=replace(found, windows=()),
        kept=pack(found.windows, Speech()),
        voices=voices_in(found.annotation, found.windows),
        files={".rttm": b"turns"},
    )
    return write(out, recording, outcome, "basis", read_record(out, recording))


@pytest.fixture
def archive(tmp_path: Path, models: ModelSet) -> tuple[Path, list[Record]]:
    """Three recordings: of 0 and 1, of 1 and 2, of 1 alone."""
    folder, out = tmp_path / "talks", tmp_path / "results"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.wav").write_bytes(name.encode())
    people = ([0, 1], [1, 2], [1])
    found = find([str(folder)], out)
    return out, [done(out, r, p, models) for r, p in zip(found, people, strict=True)]


def names(rows: list) -> list[tuple[str, str, float]]:
    return [(r.record.recording.name, r.spoken.label, r.spoken.seconds) for r in rows]


def test_one_voice_in_other_recordings(
    archive: tuple[Path, list[Record]], models: ModelSet
) -> None:
    out, records = archive
    opened = read_meeting(own_meeting(out, records[0].recording))
    assert names(elsewhere(out, records, opened, 1, models)) == [
        ("b", "Speaker 1", 5.0),
        ("c", "Speaker 1", 5.0),
    ]
    assert elsewhere(out, records, opened, 0, models) == []
    with pytest.raises(Cancelled):
        elsewhere(out, records, opened, 1, models, cancelled=lambda: True)


def test_what_a_person_saved_counts(archive: tuple[Path, list[Record]], models: ModelSet) -> None:
    out, records = archive
    # beside the recording: a name, and half of what she said belongs to somebody else
    source = Path(records[1].recording.source)
    theirs = read_meeting(own_meeting(out, records[1].recording))
    after, other = edits.new_speaker(edits.rename(theirs.annotation, 0, "Anna"))
    after = edits.split(after, after.turns[0], 2 * S)
    after = edits.reassign(after, after.turns[:1], other)
    beside = source.with_name("b.voicelanes.json")
    write_meeting(replace(theirs, annotation=after, kept=""), beside)
    # the file among the results itself
    own = own_meeting(out, records[2].recording)
    third = read_meeting(own)
    write_meeting(replace(third, annotation=edits.rename(third.annotation, 0, "Ben")), own)
    later = own.parent.stat().st_mtime + 5
    os.utime(own, (later, later))
    opened = read_meeting(own_meeting(out, records[0].recording))
    found = elsewhere(out, records, opened, 1, models)
    assert names(found)[:2] == [("c", "Ben", 5.0), ("b", "Anna", 3.0)]


def test_a_recording_outside_the_archive(
    archive: tuple[Path, list[Record]], models: ModelSet, tmp_path: Path
) -> None:
    out, records = archive
    other = tmp_path / "other.wav"
    other.write_bytes(b"sound")
    found = elsewhere(out, records, meeting(other, [2], models), 0, models)
    assert names(found) == [("b", "Speaker 2", 5.0)]


def test_why_a_voice_can_not_be_compared(
    archive: tuple[Path, list[Record]], models: ModelSet
) -> None:
    out, records = archive
    opened = read_meeting(own_meeting(out, records[0].recording))
    silent = replace(opened, windows=())
    with pytest.raises(InputError, match=r"Speaker 2 speaks alone for less than 2 s"):
        elsewhere(out, records, silent, 1, models)
    foreign = replace(opened, models=ModelIdentity("1" * 64, "2" * 64, "3" * 64))
    with pytest.raises(InputError, match="listen to it again"):
        elsewhere(out, records, foreign, 1, models)
    assert [s.label for s in as_in(records[0], foreign).speakers] == ["Speaker 1", "Speaker 2"]


def test_a_meeting_changed_by_hand_is_left_as_it_is(
    archive: tuple[Path, list[Record]], models: ModelSet
) -> None:
    out, records = archive
    own = own_meeting(out, records[0].recording)
    found = read_meeting(own)
    write_meeting(replace(found, annotation=edits.rename(found.annotation, 0, "Anna")), own)
    before = own.read_bytes()
    again = done(out, records[0].recording, [2], models)
    assert own.read_bytes() == before
    assert read_meeting(own).windows, "its voices are gone"
    assert any("changed by hand" in line for line in again.warnings)
    assert len(again.speakers) == 1
    assert read_record(out, records[0].recording) is not None
    # what nobody touched is replaced
    done(out, records[2].recording, [1, 2], models)
    assert len(read_meeting(own_meeting(out, records[2].recording)).annotation.speakers) == 2


def test_results_replace_nothing_that_is_there(tmp_path: Path) -> None:
    talks, place = tmp_path / "talks", tmp_path / "documents"
    assert chosen_out(place, talks) == place
    place.mkdir()
    assert chosen_out(place, talks) == place
    (place / "summary.csv").write_text("mine")
    assert chosen_out(place, talks) == place / "talks - Voicelanes"
    (place / "recordings").mkdir()
    assert chosen_out(place, talks) == place, "results of an archive are there"


def test_two_folders_of_one_name_have_results_of_their_own(tmp_path: Path) -> None:
    assert usual_out(tmp_path / "a" / "talks") != usual_out(tmp_path / "b" / "talks")
    assert usual_out(tmp_path / "talks").name.endswith("-talks")
