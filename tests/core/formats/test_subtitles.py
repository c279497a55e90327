import html

import pysubs2
import pytest
import webvtt
from hypothesis import given

from core.annotation.values import Annotation, Turn
from core.formats import subtitles
from core.formats.names import labels
from core.formats.rounding import rounded
from tests.core.formats.strategies import ODD, S, annotations

HOURS = Annotation.build([Turn(0, 15_994, 0), Turn(120 * 3600 * S, 120 * 3600 * S + 8, 1)])


def test_a_millisecond_is_never_a_thousandth_too_many():
    """999.6 ms is a second, not 0,1000."""
    assert subtitles.render_srt(HOURS).startswith("1\n00:00:00,000 --> 00:00:01,000\nSpeaker 1\n\n")
    assert "120:00:00.000 --> 120:00:00.001\n" in subtitles.render_vtt(HOURS)


def in_ms(built):
    return [(t.start // 16, t.end // 16) for t in rounded(built).turns]


@given(annotations())
def test_pysubs2_reads_the_same_times(built):
    for render, kind in ((subtitles.render_srt, "srt"), (subtitles.render_vtt, "vtt")):
        read = pysubs2.SSAFile.from_string(render(built), kind)
        assert sorted((cue.start, cue.end) for cue in read) == sorted(in_ms(built))


def test_srt_shows_names_and_runs_none():
    read = pysubs2.SSAFile.from_string(subtitles.render_srt(ODD), "srt")
    shown = [cue.plaintext for cue in read]
    assert shown == [
        'Anna "A" ‹b›&amp;',
        "tab in it",
        "line in it",
        "שלום עולם",
        "😀 & Co",
        "=SUM(A1)",
        "a|b*c_d`e",
        "‹v Ben› --› (/an8)",
        "Speaker 9",
        "Speaker 10",
        "Speaker 11",
    ]


def test_vtt_names_the_voice_and_any_name_comes_back(tmp_path):
    path = tmp_path / "a.vtt"
    path.write_text(subtitles.render_vtt(ODD), encoding="utf-8")
    read = webvtt.read(path)
    names = list(labels(ODD).values())
    assert [html.unescape(cue.voice) for cue in read] == names
    assert [html.unescape(cue.text) for cue in read] == names
    assert read[0].start == "00:00:00.000"


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_nobody_speaks(kind):
    text = {"srt": subtitles.render_srt, "vtt": subtitles.render_vtt}[kind](Annotation(duration=S))
    assert text == {"srt": "", "vtt": "WEBVTT\n"}[kind]
    assert len(pysubs2.SSAFile.from_string(text, kind)) == 0
