"""Frames and timecodes, as OpenTimelineIO counts them, and the timeline of a film."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from opentimelineio import opentime

from core.annotation.values import Annotation, Marker, Turn
from core.errors import InputError
from core.formats import About
from core.formats.editors.timecode import RATES, Timeline, events_on, nearest

S = 16_000
DAY = 24 * 3600


@pytest.mark.parametrize("name", RATES)
@given(st.integers(0, DAY * 23))
def test_timecodes_are_those_of_opentimelineio_and_come_back(name, frame):
    rate = RATES[name]
    text = rate.timecode(frame)
    assert rate.frames(text) == frame
    if rate.fps != RATES["47.952"].fps:  # it doesn't know this one
        time = opentime.RationalTime(frame, float(rate.fps))
        assert text == opentime.to_timecode(time, float(rate.fps), drop_frame=rate.drop)


@pytest.mark.parametrize("name", ["29.97df", "59.94df"])
def test_an_hour_of_drop_frame_is_an_hour(name):
    rate = RATES[name]
    assert rate.timecode(rate.frame(3600 * S)) == "01:00:00;00"
    assert RATES[name[:-2]].timecode(rate.frame(3600 * S)) == "00:59:56:{}".format(
        "12" if name < "5" else "24"
    )


@pytest.mark.parametrize("name", RATES)
def test_every_frame_starts_where_it_should(name):
    rate = RATES[name]
    for frame in (0, 1, 1799, 107_892, 10_000_001):
        at = float(frame / rate.fps) * S
        assert rate.frame(round(at)) == frame
        assert rate.frame(round(at + 0.4 * S / float(rate.fps))) == frame
        assert rate.frame(round(at + 0.6 * S / float(rate.fps))) == frame + 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("25", "00:00:00:25"), ("25", "00:60:00:00"), ("25", "0:00:00:00"), ("25", "hello")),
        *(("29.97df", "00:01:00;00"), ("29.97df", "00:11:00;01"), ("59.94df", "00:01:00;03")),
    ],
)
def test_what_is_no_timecode(name, text):
    assert RATES[name].frames(text) is None
    with pytest.raises(InputError, match="is no timecode at"):
        Timeline.starting(RATES[name], text)


def test_the_rate_of_a_film():
    assert nearest(Fraction(24000, 1001)) is RATES["23.976"]
    assert nearest(Fraction(24)) is RATES["24"]
    assert nearest(Fraction(2997, 100)) is RATES["29.97"]
    assert nearest(Fraction(30000, 1001), "01:00:00;00") is RATES["29.97df"]
    assert nearest(Fraction(25), "01:00:00;00") is RATES["25"]
    assert nearest(Fraction(15)) is None


def test_the_shortest_turn_has_a_frame_and_names_differ():
    built = Annotation.build([Turn(0, 1, 0), Turn(5, 9, 1)], S, {0: "A\n", 1: "A"})
    built = Annotation(built.turns, built.speakers, S, (Marker(S),))
    events = events_on(built, Timeline(RATES["25"], 100))
    assert [e[:3] for e in events] == [(100, 101, "A"), (100, 101, "A (2)"), (125, 126, "Marker")]


@pytest.fixture
def movie(tmp_path):
    """Writes a film of a second with picture and sound."""

    def write(rate, timecode="", name="talk.mov"):
        with av.open(str(tmp_path / name), "w") as container:
            picture = container.add_stream("mpeg4", rate=rate)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
            if timecode:
                picture.metadata["timecode"] = timecode
            sound = container.add_stream("aac", rate=16_000)
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))
            for n in range(round(rate)):
                frame.pts = n
                container.mux(picture.encode(frame))
            quiet = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            quiet.sample_rate, quiet.pts = 16_000, 0
            container.mux(sound.encode(quiet))
            container.mux(picture.encode())
            container.mux(sound.encode())
        return tmp_path / name

    return write


def test_a_film_says_its_rate_its_timecode_and_its_size(movie):
    film = movie(Fraction(30000, 1001), "10:00:00;00")
    assert About("talk", film).timeline == Timeline(
        RATES["29.97df"], RATES["29.97df"].frames("10:00:00;00"), (64, 48)
    )
    own = About("talk", film, frame_rate="50", timecode="01:00:00:00").timeline
    assert own == Timeline(RATES["50"], 180_000, (64, 48))
    plain = About("talk", movie(24, name="talk.mp4")).timeline
    assert plain == Timeline(RATES["24"], 0, (64, 48))
    odd = About("talk", movie(10, name="odd.mp4")).timeline
    assert odd.rate is RATES["25"]


def test_sound_alone_and_what_is_no_recording_have_25_frames(tmp_path):
    soundfile.write(tmp_path / "talk.wav", np.zeros(160), S)
    (tmp_path / "text.mp4").write_text("hello")
    for name in ("talk.wav", "text.mp4", "missing.mp4"):
        assert About("talk", tmp_path / name).timeline == Timeline(RATES["25"])
