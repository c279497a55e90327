"""Files for editors of video and sound, as other programs read them."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import opentimelineio as otio
import pytest
from hypothesis import given

from core.annotation.values import Annotation, Marker, Speaker, Turn, Word
from core.formats import FORMATS, About
from core.formats.editors.timecode import RATES, events_on, turns_on
from core.units import clock, parse_time
from tests.core.formats.strategies import ODD, S, annotations
from tests.core.formats.test_words import worded

TALK = Annotation(
    (
        Turn(
            0,
            4 * S,
            0,
            words=(Word(0, S, "3"), Word(S, 2 * S, "people,"), Word(2 * S, 3 * S, "😀")),
        ),
        Turn(2 * S, 3 * S, 1, words=(Word(2 * S, 3 * S, "שלום"),)),
        Turn(2 * S, 6 * S, 2),
        Turn(8 * S, 30 * S, 1),
        Turn(3600 * S, 3700 * S, 0),
    ),
    (Speaker(0, "Anna | <b>", "#123456"), Speaker(1, "בן & Co"), Speaker(2)),
    3800 * S,
    (Marker(5 * S, 'the "decision"'), Marker(5 * S + 10), Marker(7 * S, "=1")),
)
"""Three at once, texts from right to left, a text that begins with a digit, markers at one time."""

NAMES = ["Anna | <b>", "בן & Co", "Speaker 3", "בן & Co", "Anna | <b>"]


def render(name, annotation=TALK, **more):
    about = About("my talk", more.pop("audio", Path("/x/my talk.mp4")), **more)
    return FORMATS[name].render(annotation, about)


def read(text, adapter, **more):
    return otio.adapters.read_from_string(text, adapter, **more)


def clips(text, rate):
    """Start and end (frames) and name in the list of the events of an EDL, by channel."""
    timeline = read(text, "cmx_3600", rate=float(rate.fps))
    return [
        (
            clip.source_range.start_time.value,
            clip.source_range.end_time_exclusive().value,
            track.name,
        )
        for track in timeline.tracks
        for clip in track.find_clips()
    ]


@pytest.mark.parametrize("name", [name for name in RATES if name != "47.952"])
def test_an_edit_list_at_every_rate(name):
    rate = RATES[name]
    start = "01:00:00;00" if rate.drop else "01:00:00:00"
    text = render("edl", frame_rate=name, timecode=start)
    assert text.splitlines()[:2] == [
        "TITLE: my talk",
        f"FCM: {'DROP FRAME' if rate.drop else 'NON-DROP FRAME'}",
    ]
    first = rate.frames(start)
    wanted = sorted((first + rate.frame(t.start), first + rate.frame(t.end)) for t in TALK.turns)
    found = sorted((start, end) for start, end, track in clips(text, rate) if track != "V")
    assert found == wanted


def test_an_edit_list_has_markers_for_resolve_and_avid():
    text = render("edl")
    timeline = read(text, "cmx_3600", rate=25)
    assert [track.name for track in timeline.tracks] == ["A1", "A2", "A3", "V"]
    made = [clip for track in timeline.tracks for clip in track.find_clips()]
    assert {clip.name for clip in made} == {"my talk.mp4"}
    marks = {(c.markers[0].name, c.markers[0].color) for c in made}
    assert ("Anna | <b>", "BLUE") in marks
    assert ('the "decision"', "WHITE") in marks
    assert made[0].metadata["cmx_3600"]["comments"][1] == "COMMENT: 3 people, 😀"
    lines = re.findall(r"^ \|C:(\w+) \|M:(.*) \|D:(\d+)$", text, re.MULTILINE)
    assert lines[0] == ("ResolveColorBlue", "Anna / <b>", "100")
    assert len(lines) == len(TALK.turns) + len(TALK.markers)


def test_markers_at_one_time_follow_each_other_on_the_picture():
    found = [
        (start, end) for start, end, track in clips(render("edl"), RATES["25"]) if track == "V"
    ]
    assert found == [(125, 126), (126, 127), (175, 176)]


@given(annotations())
def test_no_edit_list_overlaps_on_a_channel(built):
    about = About("talk", frame_rate="29.97df")
    text = FORMATS["edl"].render(built, about)
    wanted = sorted(event[:2] for event in events_on(built, about.timeline))
    if wanted:  # the reader refuses one that overlaps
        assert sorted(c[:2] for c in clips(text, RATES["29.97df"])) == wanted


@pytest.mark.parametrize("name", RATES)
def test_final_cut_has_a_range_for_each_turn(name):
    root = ElementTree.fromstring(render("fcpxml", frame_rate=name, timecode="01:00:00:00"))
    rate = RATES[name]
    first = rate.frames("01:00:00:00")

    def frames(text):
        number, _, under = text.removesuffix("s").partition("/")
        return int(number) / int(under or 1) * float(rate.fps)

    assert frames(root.find(".//format").get("frameDuration")) == pytest.approx(1)
    assert root.find(".//sequence").get("tcFormat") == ("DF" if rate.drop else "NDF")
    assert root.find(".//asset").get("src") == "file:///x/my%20talk.mp4"
    ranges = root.findall(".//keyword")
    assert [r.get("value") for r in ranges] == NAMES
    for found, turn in zip(ranges, TALK.turns, strict=True):
        start, length = frames(found.get("start")) - first, frames(found.get("duration"))
        assert start == pytest.approx(rate.frame(turn.start))
        assert start + length == pytest.approx(rate.frame(turn.end))
    assert len(root.findall(".//spine//marker")) == len(TALK.turns) + len(TALK.markers)
    assert ranges[0].get("note") == "3 people, 😀"


def test_opentimelineio_reads_the_project_of_final_cut():
    found = read(render("fcpxml"), "fcpx_xml")
    clip = next(iter(found.find_children(descended_from_type=otio.schema.Clip)))
    assert (clip.name, clip.source_range.duration.to_seconds()) == ("my talk", 3800)


def test_final_cut_without_a_recording_has_a_gap_with_markers():
    root = ElementTree.fromstring(render("fcpxml", audio=None))
    assert root.find(".//asset") is None
    assert len(root.findall(".//gap/marker")) == len(TALK.turns) + len(TALK.markers)


@pytest.mark.parametrize("name", RATES)
def test_premiere_has_a_marker_for_each_turn(name):
    rate = RATES[name]
    if name == "47.952":  # OpenTimelineIO doesn't know it
        return
    timeline = read(render("premiere", frame_rate=name), "fcp_xml")
    assert timeline.name == "my talk"
    found = [
        (m.marked_range.start_time.value, m.marked_range.duration.value, m.name)
        for m in timeline.tracks.markers
    ]
    turns = turns_on(TALK, About("", frame_rate=name).timeline)
    assert [m for m in found if m[1] > 0] == [(e.start, e.end - e.start, e.name) for e in turns]
    assert len(found) == len(TALK.turns) + len(TALK.markers)
    assert timeline.tracks.markers[0].marked_range.start_time.rate == pytest.approx(float(rate.fps))
    (clip,) = timeline.find_clips()
    assert clip.media_reference.target_url == "file:///x/my%20talk.mp4"


def rows(text, delimiter=","):
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_list_of_markers_has_timecodes():
    found = rows(render("markers", frame_rate="29.97df"))
    assert [r["Marker Name"] for r in found if r["Duration"] != "00:00:00;00"] == NAMES
    assert found[-1] == {
        "Marker Name": "Anna | <b>",
        "Description": "",
        "In": "01:00:00;00",
        "Out": "01:01:39;29",
        "Duration": "00:01:39;29",
        "Marker Type": "Comment",
    }
    assert next(r for r in found if r["Marker Name"] == "'=1")["Out"] == "00:00:07;00"


def test_audition_and_reaper_have_the_turns_to_the_millisecond():
    found = rows(render("audition"), "\t")
    cues = [r for r in found if r["Duration"] != "0:00.000"]
    assert [r["Name"] for r in cues] == NAMES
    assert [parse_time(r["Start"]) for r in cues] == [t.start for t in TALK.turns]
    assert [parse_time(r["Duration"]) for r in cues] == [t.duration for t in TALK.turns]
    assert cues[-1]["Start"] == "1:00:00.000"
    assert cues[0]["Description"] == "3 people, 😀"
    found = rows(render("reaper"))
    assert [r["#"] for r in found] == [*(f"R{n}" for n in range(1, 6)), "M1", "M2", "M3"]
    assert [parse_time(r["End"]) for r in found[:5]] == [t.end for t in TALK.turns]
    assert found[0]["Name"] == "Anna | <b>: 3 people, 😀"
    assert found[0]["Color"] == "123456"
    assert found[5] == {
        "#": "M1",
        "Name": 'the "decision"',
        "Start": clock(5 * S),
        "End": "",
        "Length": "",
        "Color": "",
    }


CHAPTER = re.compile(r"(?:(\d+):)?(\d+):(\d\d) (\S.*)")


def chapters(annotation):
    lines = render("youtube", annotation).splitlines()
    found = [CHAPTER.fullmatch(line).groups() for line in lines]
    return [(int(h or 0) * 3600 + int(m) * 60 + int(s), text) for h, m, s, text in found]


def test_chapters_are_the_markers_or_who_speaks_at_length():
    assert chapters(TALK) == [(0, 'the "decision" / =1')]
    assert chapters(replace(TALK, markers=())) == [(0, "בן & Co"), (3600, "Anna | <b>")]
    late = replace(TALK, markers=(Marker(60 * S, "a"), Marker(65 * S, "b"), Marker(3795 * S, "c")))
    assert chapters(late) == [(0, "my talk"), (60, "a / b / c")]
    assert chapters(Annotation()) == [(0, "my talk")]


@given(annotations())
def test_chapters_are_what_youtube_takes(built):
    found = chapters(built)
    starts = [at for at, _ in found]
    assert starts[0] == 0
    assert all(b - a >= 10 for a, b in pairwise(starts))
    assert len(starts) == 1 or built.duration - starts[-1] * S >= 10 * S


@pytest.mark.parametrize("name", ["edl", "markers", "audition", "reaper", "youtube"])
def test_odd_names_stay_on_their_line(name):
    lines = render(name, ODD).split("\n")
    count = {"edl": 5 * len(ODD.turns) + 3, "youtube": 2}.get(name, len(ODD.turns) + 2)
    assert len(lines) == count


@given(worded())
def test_whatever_is_said_the_files_can_be_read(built):
    about = About("talk", Path("/x/talk.mov"), frame_rate="23.976")
    for name, adapter in (("fcpxml", "fcpx_xml"), ("premiere", "fcp_xml")):
        assert read(FORMATS[name].render(built, about), adapter)
    found = rows(FORMATS["reaper"].render(built, about))
    assert len(found) == len(built.turns)
