import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyannote.database.util import load_rttm

from core.annotation.values import Annotation, Speaker, Turn, union
from core.errors import InputError
from core.formats import rttm
from core.formats.rounding import rounded
from tests.core.formats.strategies import annotations, labelled, read_or_refused

SECOND = 16_000


def test_a_line_per_turn():
    built = Annotation.build([Turn(4608, 70_496, 0), Turn(64_000, 80_000, 1)], names={1: "Anna B"})
    assert rttm.render(built, "my talk") == (
        "SPEAKER my%20talk 1 0.288 4.118 <NA> <NA> speaker1 <NA> <NA>\n"
        "SPEAKER my%20talk 1 4.000 1.000 <NA> <NA> Anna%20B <NA> <NA>\n"
    )


@given(annotations(grid=16), st.text(min_size=1, max_size=20))
def test_what_is_written_is_read_back(built, uri):
    text = rttm.render(built, uri)
    read = rttm.parse(text)
    assert list(read) == ([uri] if built.turns else [])
    if built.turns:
        assert labelled(read[uri]) == labelled(built)
        assert sorted(rttm.render(read[uri], uri).splitlines()) == sorted(text.splitlines())
    assert all(len(line.split()) == 10 for line in text.splitlines())


@given(annotations())
def test_lengths_add_up_to_the_rounded_edges(built):
    for line in rttm.render(built, "x").splitlines():
        onset, length = line.split()[3:5]
        end_ms = round(float(onset) * 1000) + round(float(length) * 1000)
        assert any((t.end * 1000 + 8000) // 16000 == end_ms for t in built.turns)


@given(st.text(max_size=20))
def test_a_name_is_one_field_and_comes_back(name):
    field = rttm.encode(name)
    assert len(field.split()) == 1
    assert rttm.decode(field) == name
    assert name == "" or rttm.speaker_label(rttm.speaker_token(name)) == name


def test_an_unnamed_speaker_stays_the_same_unnamed_speaker():
    built = Annotation.build([Turn(0, SECOND, 4), Turn(SECOND, 2 * SECOND, 0)], names={0: "Ben"})
    read = rttm.parse(rttm.render(built, "x"))["x"]
    assert {s.label: s.id for s in read.speakers} == {"Speaker 5": 4, "Ben": 0}


def test_somebody_called_speaker1_is_not_the_unnamed_one():
    built = Annotation.build([Turn(0, 16, 0), Turn(32, 48, 1)], names={1: "speaker1"})
    read = rttm.parse(rttm.render(built, "x"))["x"]
    assert read.speakers == (Speaker(0), Speaker(1, "speaker1"))


def test_pyannote_reads_the_same_turns(tmp_path):
    names = {0: "Anna B", 1: 'Ben "B"', 3: "50%", 4: "김"}
    edges = [(0, 70_000, 0), (64_000, 80_000, 1), (90_000, 90_016, 2), (95_000, 99_000, 3)]
    built = rounded(Annotation.build([*(Turn(*e) for e in edges), Turn(16, 32, 4)], names=names))
    path = tmp_path / "a.rttm"
    path.write_text(rttm.render(built, "my talk"), encoding="utf-8")
    (read,) = load_rttm(path).values()
    assert read.uri == "my%20talk"
    assert sorted(
        (round(segment.start * 16_000), round(segment.end * 16_000), rttm.speaker_label(name))
        for segment, _, name in read.itertracks(yield_label=True)
    ) == labelled(built)


def test_other_lines_are_skipped_and_recordings_kept_apart():
    read = rttm.parse(
        ";; a comment\n"
        "SPKR-INFO a 1 <NA> <NA> <NA> unknown x <NA>\r\n"
        "SPEAKER a 1 0.5 1.25 <NA> <NA> x <NA> <NA>\r\n"
        "\n"
        "SPEAKER b 1 0 1 <NA> <NA> x <NA>\n"
        "SPEAKER a 1 9 0 <NA> <NA> nobody <NA> <NA>\n"
    )
    assert read["a"].turns == (Turn(8000, 28_000, 0),)
    assert read["b"].turns == (Turn(0, 16_000, 0),)
    assert [s.label for s in read["a"].speakers] == ["x"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Hello there", "not RTTM"),
        ("SPEAKER a 1 0.5 1.25 <NA>", "10 fields, this one 6"),
        ("SPEAKER a 1 nan 1 <NA> <NA> x <NA> <NA>", "onset must be"),
        ("SPEAKER a 1 -1 1 <NA> <NA> x <NA> <NA>", "onset must be"),
        ("SPEAKER a 1 0 inf <NA> <NA> x <NA> <NA>", "duration must be"),
        ("SPEAKER a 1 0 1,5 <NA> <NA> x <NA> <NA>", "duration must be"),
        ("SPEAKER a 1 1e300 1 <NA> <NA> x <NA> <NA>", "onset must be"),
    ],
)
def test_bad_lines_are_named(line, problem):
    good = "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\n"
    with pytest.raises(InputError, match=rf"^t\.rttm, line 2: .*{problem}"):
        rttm.parse(good + line, "t.rttm")


@pytest.mark.parametrize(
    ("line", "uri", "speaker"),
    [
        ("SPEAKER my talk 1 0.5 1.25 <NA> <NA> Anna <NA> <NA>", "my talk", "Anna"),
        ("SPEAKER my talk 1 0.5 1.25 <NA> <NA> 3 <NA> <NA>", "my talk", "3"),
        ("SPEAKER my 2nd talk 2 1 0.5 1.25 <NA> <NA> Anna <NA>", "my 2nd talk 2", "Anna"),
        ("SPEAKER talk 1 0.5 1.25 <NA> <NA> Anna Meyer <NA> <NA>", "talk", "Anna Meyer"),
        ("SPEAKER talk 1 0.5 1.25 <NA> <NA> Anna Meyer <NA>", "talk", "Anna Meyer"),
        ("SPEAKER talk 1 0.5 1.25 <NA> <NA> Anna Meyer", "talk", "Anna Meyer"),
        ("SPEAKER talk 1 0.5 1.25 <NA> <NA> Anna Meyer 0.93 <NA>", "talk", "Anna Meyer"),
        ("SPEAKER talk 1 0.5 1.25 <NA> <NA> Dr Anna B <NA> <NA>", "talk", "Dr Anna B"),
        ("SPEAKER my talk 1 0.5 1.25 <NA> <NA> Speaker 2 <NA> <NA>", "my talk", "Speaker 2"),
        ("SPEAKER a%20b c 1 0.5 1.25 <NA> <NA> A%20B C <NA> <NA>", "a b c", "A B C"),
        ("SPEAKER my talk 1 0.5 1.25 hello lex Anna <NA> <NA>", "my talk", "Anna"),
        ("SPEAKER talk 1 0.5 1.25 <NA> <NA> Anna 1 <NA>", "talk", "Anna"),
        ("SPEAKER talk 1 0.5 1.25 <NA> <NA> Anna 0.5 1.5", "talk", "Anna"),
        ("SPEAKER talk 1 0.5 1.25 hello <NA> Anna <NA> <NA>", "talk", "Anna"),
    ],
)
def test_names_with_spaces_are_told_by_the_fields_around_them(line, uri, speaker):
    read = rttm.parse(line)
    assert list(read) == [uri]
    assert labelled(read[uri]) == [(8000, 28_000, speaker)]


@pytest.mark.parametrize(
    "line",
    [
        "SPEAKER talk 1 0.5 1.25 <NA> <NA> Speaker 2 <NA>",
        "SPEAKER talk 1 0.5 1.25 <NA> <NA> Speaker 1",
        "SPEAKER talk 1 0.5 1.25 2 <NA> Anna <NA> <NA>",
        "SPEAKER my talk 1 0.5 1.25 3 4 Anna <NA> <NA>",
        "SPEAKER talk 1 0.5 1.25 <NA> <NA> 1 2 <NA> <NA> Anna <NA> <NA>",
        "SPEAKER talk 1 0.5 1.25 <NA> <NA> Anna <NA> <NA> <NA>",
    ],
)
def test_a_line_that_can_be_taken_in_two_ways_is_refused(line):
    with pytest.raises(InputError, match=r"^t\.rttm, line 1: .*unclear which .*: SPEAKER .*talk"):
        rttm.parse(line, "t.rttm")


@given(annotations(grid=16), st.text(min_size=1, max_size=20))
def test_names_as_others_write_them_are_read_or_refused_but_never_mixed_up(built, uri):
    """Spaces in names as they are: what is read has the names, or one line says why not."""
    assume(all(s.label.split() for s in built.speakers))
    text = rttm.render(built, uri).replace("%20", " ")
    read = read_or_refused(lambda: rttm.parse(text))
    if read:
        same = " ".join(uri.split())
        assert [" ".join(name.split()) for name in read] == [same]
        (found,) = read.values()
        turns = [(s, e, " ".join(label.split())) for s, e, label in labelled(found)]
        assert turns == [(s, e, " ".join(label.split())) for s, e, label in labelled(built)]


def test_what_is_left_out_is_told():
    told = []
    rttm.parse(
        "NOSCORE a 1 5 1 <NA> <NA> <NA> <NA>\nSPEAKER a 1 9 0 <NA> <NA> x <NA> <NA>\n"
        "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\n",
        "t.rttm",
        told.append,
    )
    assert told == [
        "t.rttm: NOSCORE lines, which only scoring heeds, are left out (1)",
        "t.rttm: turns without length are left out (1)",
    ]


def test_stretches_that_are_not_scored():
    text = "NOSCORE my talk 1 5 1.5 <NA> <NA> <NA> <NA>\nNOSCORE b 1 0 1 <NA> <NA> <NA> <NA> <NA>\n"
    assert rttm.noscore(text) == {"my talk": ((80_000, 104_000),), "b": ((0, 16_000),)}
    assert rttm.parse(text) == {}


@given(st.text(max_size=200) | st.text("SPEAKER 0.19eEinfna<>%-+\n", max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text):
    read = read_or_refused(lambda: rttm.parse(text))
    assert all(t.start < t.end for a in (read or {}).values() for t in a.turns)


def test_references_of_others_are_read(shared):
    paths = sorted((shared / "eval").glob("*/*.rttm"))
    assert paths
    for path in paths:
        (annotation,) = rttm.read(path).values()
        fields = [line.split() for line in path.read_text().splitlines()]
        said: dict[str, list[tuple[int, int]]] = {}
        for line in fields:
            start, length = round(float(line[3]) * 16000), round(float(line[4]) * 16000)
            said.setdefault(line[7], []).append((start, start + length))
        # Lines of one speaker may overlap: nobody speaks twice at the same time.
        total = sum(end - start for turns in said.values() for start, end in union(turns))
        spoken = sum(t.duration for t in annotation.turns)
        assert spoken == pytest.approx(total, abs=len(fields))


def test_two_speakers_of_one_name_stay_two():
    built = Annotation.build([Turn(0, SECOND, 0), Turn(SECOND, 2 * SECOND, 1)], 0, {0: "A", 1: "A"})
    assert [s.name for s in rttm.parse(rttm.render(built, "x"))["x"].speakers] == ["A", "A (2)"]


def test_a_split_turn_comes_back_as_two():
    split = Annotation((Turn(0, SECOND, 0), Turn(SECOND, 2 * SECOND, 0)), (Speaker(0),), 2 * SECOND)
    assert rttm.parse(rttm.render(split, "x"))["x"] == split
