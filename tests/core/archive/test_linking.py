"""One voice, one identity: by likeness, and never two of one recording."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.archive import linking
from core.archive.linking import LIKELY, RecordingSpeaker, link, names, threshold
from core.voices.recognition import Limits

LIMITS = Limits(0.9, 0.8, 30.0, -24.0)


def voice(
    recording: int, person: int, rng: np.random.Generator, spread: float = 0.1
) -> RecordingSpeaker:
    direction = np.eye(32)[person] + spread * rng.standard_normal(32) / 32**0.5
    return RecordingSpeaker(
        recording, (direction / np.linalg.norm(direction)).astype(np.float32), 20.0
    )


def test_people_are_found_again_in_other_recordings() -> None:
    rng = np.random.default_rng(1)
    people = [(recording, person) for recording in range(6) for person in range(recording % 4 + 1)]
    found = link([voice(r, p, rng) for r, p in people], threshold(LIMITS))
    assert found == [person for _, person in people]


def test_blocks_come_to_the_same(monkeypatch) -> None:
    rng = np.random.default_rng(2)
    voices = [voice(recording, recording % 5, rng) for recording in range(40)]
    whole = link(voices, threshold(LIMITS))
    monkeypatch.setattr(linking, "BLOCK", 15)
    assert link(voices, threshold(LIMITS)) == whole == [n % 5 for n in range(40)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=24), st.integers(0, 99))
def test_two_speakers_of_one_recording_are_never_one(
    places: list[tuple[int, int]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    found = link([voice(r, p, rng, spread=1.0) for r, p in places], 0.1)
    assert len(set(zip([r for r, _ in places], found, strict=True))) == len(places)
    assert sorted(set(found)) == list(range(len(set(found))))


def test_who_was_hardly_heard_stays_alone() -> None:
    rng = np.random.default_rng(3)
    one = voice(0, 0, rng)
    assert link(
        [one, RecordingSpeaker(1, one.direction, 0.5), RecordingSpeaker(2, None, 0.0)], 0.5
    ) == [0, 1, 2]


def test_known_voices_give_names() -> None:
    rng = np.random.default_rng(4)
    voices = [voice(0, 0, rng), voice(1, 1, rng), voice(2, 0, rng)]
    assert voices[1].direction is not None
    known = {"Anna": voices[1].direction[np.newaxis]}
    identities = link(voices, threshold(LIMITS))
    assert names(voices, identities, known, LIMITS) == {1: "Anna"}
    assert names(voices, identities, known, None) == {}


def test_the_threshold_is_where_the_calibration_says() -> None:
    assert abs(LIMITS.probability(threshold(LIMITS)) - LIKELY) < 1e-9
