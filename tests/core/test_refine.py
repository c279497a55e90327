"""The second pass over kept windows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.annotation import Annotation, Turn
from core.diarizer import Window
from core.refine import SpeakerCount, refine
from core.speech import Speech

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


def test_the_first_pass_decides_where_all_sounds_like_one() -> None:
    windows = windows_of([0] * 120)
    alone = refine(windows, SPEECH, DURATION)
    assert len(alone.speakers) == 1
    assert len(refine(windows, SPEECH, DURATION, heard=2).speakers) > 1
    assert len(refine(windows, SPEECH, DURATION, SpeakerCount(1, 1), heard=2).speakers) == 1


def test_speech_without_windows_and_nothing_at_all() -> None:
    assert refine([], Speech(((10, 20),)), 50) == Annotation.build([Turn(10, 20, 0)], 50)
    assert refine([], Speech(), 50) == Annotation(duration=50)
