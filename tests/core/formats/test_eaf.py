import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pympi import Elan

from core.annotation import Annotation, Turn
from core.errors import InputError
from core.formats import eaf
from core.formats.names import labels
from core.formats.rounding import rounded

from .strategies import ODD, S, annotations, read_or_refused

GOOD = eaf.render(Annotation.build([Turn(S, 2 * S, 0)], names={0: "Anna"}), Path("/x/my talk.wav"))


def in_elan(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.eaf"
        path.write_text(text, encoding="utf-8")
        return Elan.Eaf(str(path))


@given(annotations(grid=16))
def test_what_is_written_is_read_back(built):
    names = {i: eaf.xml(label) for i, label in labels(built).items()}
    read, _ = eaf.parse(eaf.render(built))
    back = {i: eaf.xml(label) for i, label in labels(read).items()}
    assert sorted((t.start, t.end, back[t.speaker]) for t in read.turns) == sorted(
        (t.start, t.end, names[t.speaker]) for t in built.turns
    )


@given(annotations())
def test_slots_are_in_order_and_whole_milliseconds(built):
    root = ElementTree.fromstring(eaf.render(built))
    values = [int(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")]
    assert values == sorted(values)
    assert len(values) == 2 * len(rounded(built).turns)
    ids = [slot.get("TIME_SLOT_ID") for slot in root.iter("TIME_SLOT")]
    assert len(set(ids)) == len(ids)


def test_pympi_reads_a_tier_per_speaker():
    read = in_elan(eaf.render(ODD))
    names = labels(ODD)
    assert list(read.get_tier_names()) == list(names.values())
    for speaker_id, name in names.items():
        expected = [(t.start // 16, t.end // 16, name) for t in rounded(ODD).turns_of(speaker_id)]
        assert read.get_annotation_data_for_tier(name) == expected
        assert read.get_parameters_for_tier(name)["PARTICIPANT"] == name


def test_the_recording_is_linked():
    (link,) = in_elan(GOOD).get_linked_files()
    assert link["MEDIA_URL"].endswith("/x/my%20talk.wav")
    assert link["MEDIA_URL"].startswith("file:///")
    assert link["RELATIVE_MEDIA_URL"] == "./my%20talk.wav"
    assert link["MIME_TYPE"] == "audio/x-wav"
    assert eaf.parse(GOOD)[1] == "my talk"
    assert eaf.parse(eaf.render(Annotation()))[1] == ""


def test_pympi_writes_what_is_read(tmp_path):
    made = Elan.Eaf(author="x")
    made.add_tier("Ben")
    made.add_tier("Anna", part="Anna Smith")
    made.add_tier("gestures", parent="Ben", ling="default-lt")
    made.add_annotation("Ben", 500, 1500, "hello")
    made.add_annotation("Ben", 1500, 1700, "there")
    made.add_annotation("Anna", 1000, 1750, "")
    made.to_file(str(tmp_path / "a.eaf"))
    read, _ = eaf.read(tmp_path / "a.eaf")
    assert read.turns == (Turn(8000, 24_000, 0), Turn(S, 28_000, 1), Turn(24_000, 27_200, 0))
    assert [s.name for s in read.speakers] == ["Ben", "Anna Smith"]


@pytest.mark.parametrize("built", [Annotation(), Annotation(duration=S)])
def test_nobody_speaks(built):
    assert list(in_elan(eaf.render(built)).get_tier_names()) == []
    assert eaf.parse(eaf.render(built))[0].turns == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<ANNOTATION_DOCUMENT", "<ANNOTATION_DOC", "not XML"),
        ("ANNOTATION_DOCUMENT", "HTML", "not of ELAN"),
        ('TIME_VALUE="1000"', 'TIME_VALUE="1.5"', "no time in milliseconds"),
        ('TIME_VALUE="1000"', 'TIME_VALUE="-1"', "no time in milliseconds"),
        ('TIME_VALUE="1000"', 'TIME_VALUE="99999999999"', "no time in milliseconds"),
        ('TIME_VALUE="1000"', 'TIME_VALUE="3000"', "tier 'Anna': a turn ends before it starts"),
        ('"milliseconds"', '"PAL-frames"', "only milliseconds"),
        ("<HEADER", '<!DOCTYPE x [<!ENTITY a "b">]><HEADER', "entities"),
    ],
)
def test_bad_files_are_named(old, new, problem):
    with pytest.raises(InputError, match=rf"^a\.eaf.*{problem}"):
        eaf.parse(GOOD.replace(old, new), "a.eaf")


def test_times_that_are_open_or_missing_are_left_out():
    assert eaf.parse(GOOD.replace(' TIME_VALUE="1000"', ""))[0].turns == ()
    assert eaf.parse(GOOD.replace('TIME_SLOT_REF1="ts1"', ""))[0].turns == ()


def placed(text, **settings):
    told = []
    read, uri = eaf.parse(text, "a.eaf", **settings, tell=told.append)
    return [(t.start, t.end) for t in read.turns], uri, told


def test_the_recording_begins_elsewhere_than_the_annotation():
    """TIME_ORIGIN: at which millisecond of the recording the time of the annotation is 0."""
    link = "<MEDIA_DESCRIPTOR "
    later = GOOD.replace(link, link + 'TIME_ORIGIN="2500" ')
    assert placed(later) == ([(56_000, 72_000)], "my talk", [])
    earlier = GOOD.replace(link, link + 'TIME_ORIGIN="-1500" ')
    assert placed(earlier) == ([(0, 8000)], "my talk", [])
    before = GOOD.replace(link, link + 'TIME_ORIGIN="-2000" ')
    told = ["a.eaf: turns before the recording begins are left out (1)"]
    assert placed(before) == ([], "my talk", told)
    with pytest.raises(InputError, match="'x' is no time in milliseconds"):
        eaf.parse(GOOD.replace(link, link + 'TIME_ORIGIN="x" '))


def test_each_of_several_recordings_has_its_own_origin():
    link = "<MEDIA_DESCRIPTOR "
    video = link + 'MEDIA_URL="file:///x/film.mp4" MIME_TYPE="video/mp4" TIME_ORIGIN="1000"/>'
    both = GOOD.replace(link, video + link)
    assert placed(both, recording="my talk") == ([(16_000, 32_000)], "my talk", [])
    for recording in ("film", "other", ""):
        assert placed(both, recording=recording) == ([(32_000, 48_000)], "film", [])


def with_slots(*values, turns):
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{n}"' + (f' TIME_VALUE="{v}"/>' if v is not None else "/>")
        for n, v in enumerate(values, 1)
    )
    tiers = "".join(
        f'<TIER TIER_ID="{tier}">'
        + "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts{a}" TIME_SLOT_REF2="ts{b}"/>'
            "</ANNOTATION>"
            for a, b in pairs
        )
        + "</TIER>"
        for tier, pairs in turns.items()
    )
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>"


def test_times_that_are_open_lie_evenly_between_those_of_their_tier():
    text = with_slots(
        *(1000, None, 1200, None, 4000, 9000),
        turns={"Anna": [(1, 2), (2, 4), (4, 5)], "Ben": [(3, 6)]},
    )
    turns, _, told = placed(text)
    assert turns == [(16_000, 32_000), (19_200, 144_000), (32_000, 48_000), (48_000, 64_000)]
    assert told == ["a.eaf: times that ELAN left open were set evenly between others (3)"]


def test_open_times_without_others_around_them_are_left_out_and_told():
    turns, _, told = placed(
        with_slots(None, 1000, 2000, None, turns={"A": [(1, 2), (2, 3), (3, 4)]})
    )
    assert turns == [(16_000, 32_000)]
    assert told == ["a.eaf: turns without a time are left out (2)"]


def test_a_deep_file_is_read_or_refused():
    deep = "<a>" * 100_000 + "</a>" * 100_000
    read_or_refused(lambda: eaf.parse(deep))


@given(st.text(max_size=50) | st.text("<>/ANOTIER=\"'&; 1", max_size=100))
def test_any_text_is_read_or_refused_in_one_line(text):
    read_or_refused(lambda: eaf.parse(text))
    read_or_refused(lambda: eaf.parse(f"<ANNOTATION_DOCUMENT>{text}</ANNOTATION_DOCUMENT>"))
