import os
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Marker, Speaker, Turn, Word, join_turns
from core.errors import Cancelled, InputError, OutputError
from core.export import meeting as module
from core.export.meeting import Options, export, selected, suffix, targets
from core.formats import FORMATS, About, read_annotation
from tests.core.formats.strategies import annotations

S = 16_000
TALK = Annotation(
    (Turn(0, 2 * S, 0), Turn(2 * S, 5 * S, 1), Turn(S * 5 + 800, 7 * S, 1), Turn(8 * S, 9 * S, 0)),
    (Speaker(0, "Anna"), Speaker(1, "Ben", "#123456"), Speaker(2, "Cleo")),
    10 * S,
    (Marker(3 * S, "Anna is right"), Marker(9 * S, "end")),
    ((0, 2 * S), (6 * S, 9 * S)),
)


def edges(annotation):
    return [(t.start / S, t.end / S, t.speaker) for t in annotation.turns]


def test_without_options_all_is_selected():
    assert selected(TALK, Options()) == TALK


def test_a_part_keeps_its_times_and_cuts_what_reaches_out():
    part = selected(TALK, Options(span=(S, 6 * S)))
    assert edges(part) == [(1, 2, 0), (2, 5, 1), (5.05, 6, 1)]
    assert part.markers == TALK.markers[:1]
    assert part.edited == ((S, 2 * S),)
    assert (part.duration, part.speakers) == (TALK.duration, TALK.speakers)


def test_speakers_gaps_and_lengths():
    assert edges(selected(TALK, Options(speakers=frozenset({0})))) == [(0, 2, 0), (8, 9, 0)]
    assert [s.name for s in selected(TALK, Options(speakers=frozenset({2, 0}))).speakers] == [
        "Anna",
        "Cleo",
    ]
    merged = selected(TALK, Options(merge_gaps=801))
    assert edges(merged) == [(0, 2, 0), (2, 7, 1), (8, 9, 0)]
    assert edges(selected(TALK, Options(merge_gaps=800))) == edges(TALK)
    assert edges(selected(TALK, Options(shortest=2 * S))) == [(0, 2, 0), (2, 5, 1)]
    assert edges(selected(TALK, Options(shortest=2 * S, merge_gaps=801)))[1] == (2, 7, 1)


def test_turns_that_were_split_by_hand_stay_split_unless_gaps_are_merged():
    split = Annotation((Turn(0, S, 0), Turn(S, 2 * S, 0)), (Speaker(0),), 2 * S)
    assert selected(split, Options()).turns == split.turns
    assert edges(selected(split, Options(merge_gaps=1))) == [(0, 2, 0)]


def test_no_name_is_left_when_anonymous():
    hidden = selected(TALK, Options(anonymous=True))
    assert [s.label for s in hidden.speakers] == ["Speaker 1", "Speaker 2", "Speaker 3"]
    assert hidden.speakers[1].colour == "#123456"
    assert [m.text for m in hidden.markers] == ["", ""]
    assert edges(hidden) == edges(TALK)


@given(
    annotations(),
    st.builds(
        Options,
        st.none() | st.tuples(st.integers(0, 100_000), st.integers(100_001, 300_000)),
        st.none() | st.frozensets(st.integers(0, 5)),
        st.integers(0, 50_000),
        st.integers(0, 50_000),
        st.booleans(),
    ),
)
def test_what_is_selected_is_a_valid_part(built, options):
    part = selected(built, options)
    assert list(part.turns) == join_turns(part.turns, gap=-1)
    assert {t.speaker for t in part.turns} <= {s.id for s in part.speakers}
    if options.span:
        assert all(options.span[0] <= t.start < t.end <= options.span[1] for t in part.turns)
    covered = {i: np.zeros(400_000, bool) for i in range(6)}
    for t in built.turns:
        covered[t.speaker][t.start : t.end] = True
    if not options.merge_gaps:
        assert all(covered[t.speaker][t.start : t.end].all() for t in part.turns)


@pytest.mark.parametrize("name", FORMATS)
def test_an_existing_file_is_replaced_only_when_allowed(tmp_path, name):
    target = tmp_path / f"talk{suffix(name)}"
    target.write_text("old")
    with pytest.raises(OutputError, match="is there already"):
        export(TALK, target, name)
    assert target.read_text() == "old"
    assert export(TALK, target, name, replace_existing=True) == (target,)
    assert target.read_bytes() != b"old"
    assert os.listdir(tmp_path) == [target.name]


def test_a_label_track_per_speaker_says_what_they_say(tmp_path):
    first = replace(TALK.turns[0], words=(Word(0, S, "Good"), Word(S, 2 * S, "day.")))
    built = replace(TALK, turns=(first, *TALK.turns[1:]))
    written = export(built, tmp_path / "my.talk.labels.txt", "audacity-set")
    speaking = [s for s in TALK.speakers if TALK.turns_of(s.id)]
    assert [p.name for p in written] == [f"my.talk.{s.label}.labels.txt" for s in speaking]
    lines = written[0].read_text().splitlines()
    assert lines[0] == "0.000000\t2.000000\tGood day."
    assert [line.split("\t")[2] for line in lines[1:]] == ["Anna"] * (len(lines) - 1)
    with pytest.raises(OutputError, match="is there already"):
        export(built, tmp_path / "my.talk.labels.txt", "audacity-set")


def test_the_recording_is_never_replaced(tmp_path, recording):
    with pytest.raises(OutputError, match="is the recording itself"):
        export(TALK, recording, "rttm", about=About("t", recording), replace_existing=True)
    link = tmp_path / "talk.Anna.flac"
    os.link(recording, link)
    with pytest.raises(OutputError, match="is the recording itself"):
        export(
            TALK, tmp_path / "talk.flac", "flac", about=About("t", recording), replace_existing=True
        )
    assert len(soundfile.read(recording)[0]) == 100_000


def test_a_part_is_what_pictures_show_and_uem_states(tmp_path):
    export(TALK, tmp_path / "t.uem", "uem", Options(span=(S, 2 * S)))
    assert (tmp_path / "t.uem").read_text() == "t 1 1.000 2.000\n"
    export(TALK, tmp_path / "all.uem", "uem", about="my talk")
    assert (tmp_path / "all.uem").read_text() == "my%20talk 1 0.000 10.000\n"


def test_what_is_exported_can_be_read(tmp_path):
    for name in ("rttm", "audacity", "textgrid", "eaf", "json"):
        (path,) = export(TALK, tmp_path / f"talk{suffix(name)}", name)
        read, uri = read_annotation(path)
        assert edges(read) == edges(TALK), name
        assert uri == "talk"


def test_a_target_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(OutputError, match="folder doesn't exist"):
        export(TALK, tmp_path / "none" / "a.csv", "csv")


# sound


@pytest.fixture
def recording(tmp_path):
    """10 s of stereo noise at 10 kHz, 16 bit."""
    path = tmp_path / "in.wav"
    noise = np.random.default_rng(1).integers(-30_000, 30_000, (100_000, 2)).astype(np.int16)
    soundfile.write(path, noise, 10_000)
    return path


@pytest.mark.parametrize("format", ["wav", "flac"])
def test_a_file_per_speaker_holds_exactly_the_turns(tmp_path, recording, format):
    about = About("talk", recording)
    told = []
    files = export(TALK, tmp_path / f"talk.{format}", format, about=about, on_progress=told.append)
    assert [f.name for f in files] == [f"talk.Anna.{format}", f"talk.Ben.{format}"]
    assert files == targets(TALK, tmp_path / f"talk.{format}", format)
    assert told == sorted(told)
    assert told[-1] == 1.0
    whole, _ = soundfile.read(recording, dtype="int16")
    for file, turns in zip(files, ([(0, 2), (8, 9)], [(2, 5), (5.05, 7)]), strict=True):
        expected = np.zeros_like(whole)
        for start, end in turns:
            a, b = round(start * 10_000), round(end * 10_000)
            expected[a:b] = whole[a:b]
        sound, rate = soundfile.read(file, dtype="int16")
        assert rate == 10_000
        assert np.array_equal(sound, expected)
    assert soundfile.info(files[0]).format == format.upper()
    assert soundfile.info(files[0]).subtype == "PCM_16"


def test_joined_only_the_speech_is_there(tmp_path, recording):
    options = Options(joined=True, speakers=frozenset({1}), span=(0, 6 * S))
    (file,) = export(TALK, tmp_path / "t.wav", "wav", options, about=About("t", recording))
    whole, _ = soundfile.read(recording, dtype="int16")
    sound, _ = soundfile.read(file, dtype="int16")
    assert np.array_equal(sound, np.concatenate([whole[20_000:50_000], whole[50_500:60_000]]))


CHATTER = Annotation.build(
    [Turn(0, 5 * S, 0), Turn(4 * S, 7 * S, 1), Turn(5 * S, 6 * S, 2), Turn(8 * S, 9 * S, 2)],
    10 * S,
    {0: "Anna", 1: "Ben", 2: "Cleo"},
)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (Options(joined=True), ([(0, 5)], [(4, 7)], [(5, 6), (8, 9)])),
        (Options(joined=True, alone=True), ([(0, 4)], [(6, 7)], [(8, 9)])),
        # who isn't written is still heard, and so is who speaks in a gap that was closed
        (Options(joined=True, alone=True, speakers=frozenset({0})), ([(0, 4)],)),
        (
            Options(joined=True, alone=True, speakers=frozenset({2}), merge_gaps=3 * S),
            ([(7, 9)],),
        ),
    ],
)
def test_what_two_say_at_once_is_in_both_files_or_in_none(tmp_path, recording, options, kept):
    files = export(CHATTER, tmp_path / "t.wav", "wav", options, about=About("t", recording))
    whole, _ = soundfile.read(recording, dtype="int16")
    for file, stretches in zip(files, kept, strict=True):
        sound, _ = soundfile.read(file, dtype="int16")
        parts = [whole[start * 10_000 : end * 10_000] for start, end in stretches]
        assert np.array_equal(sound, np.concatenate(parts))


def test_who_never_speaks_alone_is_a_silent_file_without_the_others(tmp_path, recording):
    inside = Annotation.build([Turn(0, 5 * S, 0), Turn(S, 2 * S, 1)], 10 * S)
    about = About("t", recording)
    files = export(inside, tmp_path / "t.wav", "wav", Options(alone=True), about=about)
    sound, _ = soundfile.read(files[1], dtype="int16")
    assert (len(sound), np.any(sound)) == (100_000, False)
    options = Options(alone=True, joined=True)
    files = export(inside, tmp_path / "j.wav", "wav", options, about=about)
    assert soundfile.info(files[1]).frames == 0


def test_a_recording_of_floats_keeps_24_bits_and_what_is_no_number_is_silent(tmp_path):
    sound = np.full(S, 0.123456, np.float32)
    sound[5] = np.nan
    soundfile.write(tmp_path / "in.wav", sound, S, subtype="FLOAT")
    (file,) = export(
        Annotation.build([Turn(0, S, 0)]),
        tmp_path / "t.flac",
        "flac",
        about=About("t", tmp_path / "in.wav"),
    )
    back, _ = soundfile.read(file)
    assert soundfile.info(file).subtype == "PCM_24"
    assert back[5] == 0
    assert back[6] == pytest.approx(0.123456, abs=2e-7)


def test_names_of_people_become_names_of_files(tmp_path):
    odd = ["a/b", "A\\B", 'q"?*', ".", "con\tsole", "x" * 99, "😀", "שלום", "Anna."]
    turns = [Turn(n * S, n * S + S, n) for n in range(len(odd))]
    built = Annotation.build(turns, names=dict(enumerate(odd)))
    names = [f.name for f in targets(built, tmp_path / "talk.wav", "wav")]
    assert names[:5] == [
        "talk.a_b.wav",
        "talk.A_B (2).wav",  # as others do, some file systems take a and A for the same
        "talk.q___.wav",
        "talk.Speaker 4.wav",
        "talk.con sole.wav",
    ]
    assert all(len(name.encode()) < 200 for name in names)
    for name in names:
        (tmp_path / name).touch()


def test_no_file_is_left_when_it_is_stopped(tmp_path, recording):
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(Cancelled):
        export(TALK, tmp_path / "t.wav", "wav", about=About("t", recording), cancelled=lambda: True)
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files only")
def test_no_file_is_left_when_the_disk_is_full(tmp_path, recording):
    """The system itself ends the write, as it does on a full disk."""
    import resource

    (tmp_path / "t.Anna.wav").write_text("old")
    before = sorted(os.listdir(tmp_path))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(OutputError, match="the file would be too large"):
            export(
                TALK, tmp_path / "t.wav", "wav", about=About("t", recording), replace_existing=True
            )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(os.listdir(tmp_path)) == before
    assert (tmp_path / "t.Anna.wav").read_text() == "old"


def test_what_sound_needs_is_said(tmp_path, recording):
    with pytest.raises(InputError, match="say where the recording is"):
        export(TALK, tmp_path / "t.wav", "wav")
    with pytest.raises(InputError, match="no such file"):
        export(TALK, tmp_path / "t.wav", "wav", about=About("t", tmp_path / "none.wav"))
    with pytest.raises(OutputError, match="nobody speaks"):
        export(Annotation(duration=S), tmp_path / "t.wav", "wav", about=About("t", recording))
    soundfile.write(tmp_path / "wide.wav", np.zeros((S, 9), np.int16), S)
    with pytest.raises(InputError, match="write WAV"):
        export(TALK, tmp_path / "t.flac", "flac", about=About("t", tmp_path / "wide.wav"))


def test_a_file_of_4_gib_is_announced_as_such(recording):
    from core.audio.decoders import open_source
    from core.export import speakers

    source = open_source(recording)
    try:
        kinds = [speakers._stored_as(source, "wav", n)[0] for n in (10**6, 2**30)]
    finally:
        source.close()
    assert kinds == ["WAV", "RF64"]


def test_every_format_has_a_title():
    assert list(module.TITLES) == [*FORMATS, "audacity-set", "wav", "flac", "report"]
    assert all(module.TITLES.values())
