import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from praatio import textgrid as praat

from core.annotation.values import Annotation, Marker, Turn
from core.errors import InputError
from core.formats import textgrid
from core.formats.names import labels
from tests.core.formats.strategies import ODD, S, annotations, read_or_refused

SHORT = '''\
File type = "ooTextFile"
"TextGrid"

0
9.5
<exists>
2
"IntervalTier"
"Anna ""A"""
0
9.5
3
0
1.25
"xxx"
1.25
4
""
4
9.5
"hi ""there"""
"TextTier"
"clicks"
0
9.5
1
3
"!"
'''


def in_praat(text):
    """The tiers as praatio reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.TextGrid"
        path.write_text(text, encoding="utf-8")
        return praat.openTextgrid(str(path), includeEmptyIntervals=True).tiers


@given(annotations(grid=16))
def test_what_is_written_is_read_back(built):
    names = labels(built)
    read = textgrid.parse(textgrid.render(built))
    back = labels(read)
    assert sorted((t.start, t.end, back[t.speaker]) for t in read.turns) == sorted(
        (t.start, t.end, names[t.speaker]) for t in built.turns
    )
    assert read.duration == max(built.duration, 16)


def test_praatio_reads_tiers_that_tile_the_recording():
    tiers = in_praat(textgrid.render(ODD))
    names = labels(ODD)
    assert [tier.name for tier in tiers] == list(names.values())
    for tier, (speaker_id, name) in zip(tiers, names.items(), strict=True):
        entries = tier.entries
        assert entries[0].start == 0
        assert entries[-1].end == 36_000
        assert all(a.end == b.start for a, b in pairwise(entries))
        spoken = [(round(e.start * S), round(e.end * S)) for e in entries if e.label]
        assert spoken == [(t.start, t.end) for t in ODD.turns_of(speaker_id)]
        assert {e.label for e in entries} == {"", name}


def test_touching_turns_of_a_speaker_stay_apart():
    split = Annotation((Turn(0, S, 0), Turn(S, 2 * S, 0)), ODD.speakers[:1], 2 * S)
    assert textgrid.parse(textgrid.render(split)).turns == split.turns
    assert len(in_praat(textgrid.render(split))[0].entries) == 2


@pytest.mark.parametrize("built", [Annotation(), Annotation(duration=S)])
def test_nobody_speaks(built):
    (tier,) = in_praat(textgrid.render(built))
    assert [e.label for e in tier.entries] == [""]
    assert textgrid.parse(textgrid.render(built)).turns == ()


def test_somebody_called_silence_is_heard():
    built = Annotation.build([Turn(0, S, 0)], names={0: "Silence"})
    assert textgrid.parse(textgrid.render(built)) == built


def test_the_short_form_and_points_are_read():
    read = textgrid.parse(SHORT)
    assert read.turns == (Turn(0, 20_000, 0), Turn(4 * S, 152_000, 0))
    assert [s.name for s in read.speakers] == ['Anna "A"']
    assert read.duration == 152_000
    assert read.markers == (Marker(3 * S, "!"),)


def test_markers_come_back_from_a_tier_of_points():
    markers = (Marker(0, 'a "b"'), Marker(S, "first"), Marker(S, "second"), Marker(2 * S, ""))
    built = Annotation((Turn(0, S, 0),), ODD.speakers[:1], 2 * S, markers)
    read = textgrid.parse(textgrid.render(built))
    assert read.turns == built.turns
    assert read.markers == (Marker(0, 'a "b"'), Marker(S, "first; second"), Marker(2 * S))
    points = in_praat(textgrid.render(built))[1]
    assert [(p.time, p.label.replace('""', '"')) for p in points.entries] == [
        (0, 'a "b"'),  # of points praatio gives the doubled quotes as they stand
        (1, "first; second"),
        (2, ""),
    ]


def test_praatio_writes_what_is_read(tmp_path):
    grid = praat.Textgrid()
    grid.addTier(praat.IntervalTier("Ben", [(0.5, 1.5, "hello"), (2.0, 3.0, "sil")], 0, 5))
    grid.addTier(praat.IntervalTier("Anna", [(1.0, 1.75, "x")], 0, 5))
    for form in ("long_textgrid", "short_textgrid"):
        grid.save(str(tmp_path / "a.TextGrid"), form, includeBlankSpaces=True)
        read = textgrid.read(tmp_path / "a.TextGrid")
        assert read.turns == (Turn(8000, 24_000, 0), Turn(S, 28_000, 1))
        assert [s.name for s in read.speakers] == ["Ben", "Anna"]


def test_a_single_tier_of_speakers_holds_their_names():
    text = SHORT.replace('"Anna ""A"""', '"Speakers"').replace("xxx", "Cleo")
    read = textgrid.parse(text)
    assert [s.name for s in read.speakers] == ["Cleo", 'hi "there"']


def test_the_utf_16_of_praat_is_read(tmp_path):
    (tmp_path / "a.TextGrid").write_text(SHORT.replace("Anna", "Zoë"), encoding="utf-16")
    assert textgrid.read(tmp_path / "a.TextGrid").speakers[0].name == 'Zoë "A"'


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("ooTextFile", "ooBinaryFile", "not a text file of Praat"),
        ('"TextGrid"', '"PitchTier"', "not a TextGrid"),
        ("<exists>", "", "flag <exists> is missing"),
        ("9.5", "-1", "end must be"),
        ("<exists>\n2", "<exists>\n2.5", "number of tiers must be a whole number"),
        ("<exists>\n2", "<exists>\n99999999", "number of tiers must be a whole number"),
        ("<exists>\n2", "<exists>\n3", "tier 3: the file ends before the class"),
        ('"TextTier"', '"Tier"', "tier 2: its class"),
        ("1.25\n4", "4\n1.25", "tier 1: an interval ends before it starts"),
        ("1.25", "1e400", "tier 1: the end must be"),
        ("1.25", "x", "tier 1: the end is missing"),
        ('"xxx"', '"xxx', "tier 1"),
    ],
)
def test_bad_grids_are_named(old, new, problem):
    with pytest.raises(InputError, match=rf"^a\.TextGrid.*{problem}"):
        textgrid.parse(SHORT.replace(old, new, 1), "a.TextGrid")


@given(st.lists(st.sampled_from([*SHORT.split(), '"', "!", "7", "-3", "1e9"]), max_size=40))
def test_any_text_is_read_or_refused_in_one_line(parts):
    text = '"ooTextFile" "TextGrid" 0 9 <exists> ' + " ".join(parts)
    read_or_refused(lambda: textgrid.parse(text))
