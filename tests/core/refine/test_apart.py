"""Several streams as one: numbers that tell the stream, and how many speak on each."""

from __future__ import annotations

import numpy as np
import pytest

from core.annotation.values import Annotation, Turn
from core.refine.apart import StreamsAsOne, named_after, refine_apart, shared_out
from core.refine.refine import SpeakerCount
from core.stream.changes import NOBODY, Changes, Window
from core.stream.speech import Speech

NEVER = -np.inf


def window(start: int, voice: int = NOBODY) -> Window:
    return Window(start, start + 10, np.ones(2, np.float32), 1.0, voice)


def test_changes_of_streams_are_one_change():
    one = StreamsAsOne(2)
    shown = Annotation()
    first = one.push(
        [
            Changes(100, 0, (Turn(0, 40, 0), Turn(50, 90, 1, settled=False)), (window(0, 0),), 90),
            Changes(90, 0, (Turn(20, 60, 0),), (window(5, 0), window(2)), 80),
        ]
    )
    assert (first.position, first.since, first.shown) == (90, 0, 80)
    assert first.turns == (Turn(0, 40, 0), Turn(20, 60, 1), Turn(50, 90, 2))
    assert [(w.start, w.voice) for w in first.windows] == [(0, 0), (2, NOBODY), (5, 1)]
    shown = first.applied_to(shown)
    second = one.push(
        [Changes(200, 40, (Turn(50, 120, 0),)), Changes(200, 0, (Turn(20, 60, 0), Turn(70, 99, 3)))]
    )
    assert second.since == 0
    shown = second.applied_to(shown)
    assert shown.turns == (Turn(0, 40, 0), Turn(20, 60, 1), Turn(50, 120, 0), Turn(70, 99, 7))
    third = one.push([Changes(300, 130, ()), Changes(300, 99, (Turn(150, 160, 0),))])
    assert third.applied_to(shown).turns == (*shown.turns, Turn(150, 160, 1))
    rest = one.end([(window(200, 4),), ()])
    assert [(w.start, w.voice) for w in rest] == [(200, 8)]
    assert [w.start for w in one.windows] == [0, 2, 5, 200]
    assert [w.voice for w in one.windows_of(1)] == [0, NOBODY]


def test_speech_is_that_of_all():
    found = StreamsAsOne(2).speech(
        [
            Speech(((0, 50), (90, 120)), ((10, 12), (100, 105)), ((0, 50, 0), (90, 120, 1))),
            Speech(((40, 80), (95, 110)), ((60, 62),), ((40, 80, 0),)),
        ]
    )
    assert found.stretches == ((0, 80), (90, 120))
    assert found.pauses == ((10, 12), (60, 62))
    assert found.voices == ((0, 50, 0), (40, 80, 1), (90, 120, 2))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1, None, [1, 2]),
        (2, 2, [1, 1]),
        (4, None, [1, 3]),
        (1, 1, [1, 1]),
        (5, 6, [2, 3]),
        (99, None, [3, 3]),
    ],
)
def test_as_many_speak_on_all_streams_as_were_asked_for(low, high, expected):
    scores = [np.array([0.0, -2.0, -9.0]), np.array([0.0, 3.0, 2.0])]
    assert shared_out(scores, SpeakerCount(low, high)) == expected


def test_what_cannot_be_is_taken_only_where_it_must():
    scores = [np.array([0.0, NEVER]), np.array([0.0, -50.0])]
    assert shared_out(scores, SpeakerCount(3)) == [1, 2]
    assert shared_out(scores, SpeakerCount(4)) == [2, 2]


def test_streams_without_a_voice_are_refined_too():
    speech = [Speech(((0, 160),)), Speech()]
    found = refine_apart([(), ()], speech, 320)
    assert [part.turns for part in found] == [(Turn(0, 160, 0),), ()]
    assert found[0].duration == 320


def test_lanes_are_called_after_their_streams():
    left = Annotation.build([Turn(10, 20, 0), Turn(40, 50, 1)], 80)
    right = Annotation.build([Turn(0, 15, 5)], 90)
    found, lanes = named_after([left, right], ["Left", "Right"])
    assert found.turns == (Turn(0, 15, 0), Turn(10, 20, 1), Turn(40, 50, 2))
    assert found.duration == 90
    assert lanes == {0: "Right", 1: "Left 1", 2: "Left 2"}
