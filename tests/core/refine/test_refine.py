"""The second pass over kept windows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.annotation import edits
from core.annotation.another_pass import carried_over
from core.annotation.values import Annotation, Turn
from core.refine.refine import Refiner, SpeakerCount, ghosts, refine, speaker_at
from core.stream.changes import Window
from core.stream.speech import Speech

LENGTH, HOP = 25_840, 8000


def windows_of(labels: list[int], *, seed: int = 0) -> list[Window]:
    """A window every hop; each voice has its own direction."""
    rng = np.random.default_rng(seed)
    means = np.maximum(rng.normal(0, 1, (max(labels) + 1, 64)), 0) + 0.3

    def embedding(label: int) -> NDArray[np.float32]:
        found = np.maximum(means[label] + rng.normal(0, 0.25, 64), 0)
        return (found / np.linalg.norm(found)).astype(np.float32)

    return [
        Window(n * HOP, n * HOP + LENGTH, embedding(label), 1.0) for n, label in enumerate(labels)
    ]


CONVERSATION = [2] * 30 + [0] * 30 + [2] * 30 + [1] * 30
SPEECH = Speech(((0, 119 * HOP + LENGTH),))
DURATION = 119 * HOP + LENGTH + 16_000


@pytest.mark.parametrize(("text", "low", "high"), [("3", 3, 3), ("2-4", 2, 4), (" 1 - 9 ", 1, 9)])
def test_speaker_count_is_read(text: str, low: int, high: int) -> None:
    assert SpeakerCount.parse(text) == SpeakerCount(low, high)


@pytest.mark.parametrize("text", ["", "0", "4-2", "two", "-3", "2-", "1.5", "0-3", "9999"])
def test_what_is_no_speaker_count_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="number of speakers"):
        SpeakerCount.parse(text)
    with pytest.raises(ValueError, match="number of speakers"):
        SpeakerCount(3, 2)


def test_voices_are_found_and_numbered_by_appearance() -> None:
    annotation = refine(windows_of(CONVERSATION), SPEECH, DURATION)
    assert [t.speaker for t in annotation.turns] == [0, 1, 0, 2]
    assert [s.id for s in annotation.speakers] == [0, 1, 2]
    assert annotation.duration == DURATION
    for turn, change in zip(annotation.turns, (30, 60, 90), strict=False):
        true = change * HOP + (LENGTH - HOP) // 2
        assert abs(turn.end - true) <= HOP // 2


def test_a_change_lies_in_the_pause_near_it() -> None:
    change = 30 * HOP + (LENGTH - HOP) // 2
    speech = Speech(SPEECH.stretches, ((change + 800, change + 2800),))
    annotation = refine(windows_of(CONVERSATION), speech, DURATION)
    assert annotation.turns[0].end == change + 1800


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_the_asked_number_is_kept(count: int) -> None:
    annotation = refine(windows_of(CONVERSATION), SPEECH, DURATION, SpeakerCount(count, count))
    assert len(annotation.speakers) == count


def test_one_refiner_gives_every_number_and_the_same_as_refine() -> None:
    windows = windows_of(CONVERSATION)
    refiner = Refiner(windows, SPEECH, DURATION)
    for speakers in (None, SpeakerCount(2, 2), SpeakerCount(4, 6)):
        assert refiner.annotation(speakers) == refine(windows, SPEECH, DURATION, speakers)
    counts = [len(refiner.annotation(bias=bias).speakers) for bias in (-1, -0.5, 0, 0.5, 1)]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert counts[-1] > 3


def test_what_sounds_like_a_corrected_turn_goes_along() -> None:
    windows = windows_of([0] * 30 + [1] * 30 + [2] * 30 + [1] * 30 + [2] * 30)
    speech = Speech(((0, 150 * HOP + LENGTH),))
    # Another pass took the voice of the third and the last turn for that of the first.
    turns = [Turn(30 * n * HOP, 30 * (n + 1) * HOP, n % 2) for n in range(5)]
    before, anna = edits.new_speaker(Annotation.build(turns, 153 * HOP), "Anna")
    said = edits.reassign(before, [before.turns[2]], anna)
    after = refine(windows, speech, said.duration, corrected=said)
    labels = speaker_at(carried_over(said, after), windows)
    assert [set(labels[n + 2 : n + 26].tolist()) for n in range(0, 150, 30)] == [
        {0},
        {1},
        {anna},
        {1},
        {anna},
    ]


def test_who_speaks_alone_at_each_window() -> None:
    windows = windows_of([0] * 4)
    centre = windows[1].centre
    turns = [Turn(0, centre + 1, 7), Turn(windows[2].centre, DURATION, 3)]
    turns.append(Turn(windows[3].centre - 10, windows[3].centre + 10, 5))
    annotation = Annotation.build(turns, DURATION)
    assert speaker_at(annotation, windows).tolist() == [7, 7, 3, -1]
    assert speaker_at(Annotation(), windows).tolist() == [-1] * 4


def test_a_ghost_is_told_with_who_sounds_like_it_and_stays() -> None:
    labels = [0] * 200 + [1] * 200
    windows = windows_of([*labels, *[0] * 20])
    turns = [
        Turn(0, 197 * HOP, 0),
        Turn(197 * HOP, 200 * HOP, 2),  # 1.5 s that sound like speaker 0
        Turn(202 * HOP, 400 * HOP, 1),
        Turn(401 * HOP, 418 * HOP, 0),
    ]
    annotation = Annotation.build(turns, 430 * HOP)
    assert ghosts(annotation, windows) == [(2, 0)]
    assert ghosts(annotation, ()) == [(2, 0)]
    named = edits.rename(annotation, 2, "Ben")
    assert ghosts(named, windows) == []
    by_hand = edits.reassign(annotation, [turns[1]], 2)
    assert ghosts(by_hand, windows) == []
    assert ghosts(edits.keep_speaker(annotation, 2), windows) == []


def test_nobody_is_a_ghost_when_all_say_little() -> None:
    short = Annotation.build([Turn(0, HOP, 0), Turn(HOP, 2 * HOP, 1)], 3 * HOP)
    assert ghosts(short, windows_of([0, 1])) == []
    assert ghosts(Annotation(), ()) == []


def test_speech_without_windows_and_nothing_at_all() -> None:
    assert refine([], Speech(((10, 20),)), 50) == Annotation.build([Turn(10, 20, 0)], 50)
    assert refine([], Speech(), 50) == Annotation(duration=50)
