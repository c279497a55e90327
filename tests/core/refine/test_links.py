"""What windows say of each other by where they are and whose local voice they have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.refine.links import NEAR, OTHER, SAME, SPAN, WindowPlaces
from core.refine.refine import SpeakerCount, refine
from core.stream.changes import NOBODY, Window
from core.stream.speech import Speech
from tests.core.refine.test_refine import CONVERSATION, DURATION, SPEECH, windows_of

HOP = 8000


def placed(centres: list[int], voices: list[int]) -> WindowPlaces:
    return WindowPlaces(np.array(centres, np.int64), np.array(voices, np.int64))


def test_windows_of_one_local_voice_are_linked_and_those_of_two_repel() -> None:
    links = placed([0, 0, HOP, HOP], [4, 5, 4, 5]).links.toarray()
    assert links[0, 1] == pytest.approx(-OTHER)
    assert 0 < links[0, 2] < SAME
    assert -OTHER < links[0, 3] < 0
    assert links[0, 2] == links[1, 3]


def test_links_fade_and_end() -> None:
    centres = [0, HOP, 2 * HOP, SPAN, SPAN + 1]
    same = placed(centres, [1] * 5).links.toarray()[0]
    assert SAME > same[1] > same[2] > same[3] > 0
    assert same[4] == 0


def test_without_local_voices_windows_that_follow_are_linked() -> None:
    """As those of recordings that were heard before there were any."""
    links = placed([0, HOP, 2 * HOP, 5 * HOP], [NOBODY] * 4).links.toarray()
    assert links.tolist() == [[0, NEAR, 0, 0], [NEAR, 0, NEAR, 0], [0, NEAR, 0, 0], [0] * 4]
    mixed = placed([0, HOP], [3, NOBODY]).links.toarray()
    assert mixed[0, 1] == NEAR


def test_windows_that_follow_are_a_hop_apart_and_of_one_voice() -> None:
    alone = placed([0, 8000, 16_000, 40_000, 48_000], [NOBODY] * 5)
    assert alone.follows.tolist() == [False, True, True, False, True]
    two = placed([0, 8000, 8000, 16_000, 24_000], [1, 1, 2, 2, NOBODY])
    assert two.follows.tolist() == [False, True, False, True, True]
    assert placed([5], [1]).follows.tolist() == [False]
    assert placed([], []).follows.tolist() == []


@given(
    st.lists(st.tuples(st.integers(0, 200_000), st.sampled_from([NOBODY, 0, 1, 2])), max_size=40)
)
def test_links_are_symmetric_and_of_the_right_sign(windows: list[tuple[int, int]]) -> None:
    windows.sort()
    places = placed([at for at, _ in windows], [voice for _, voice in windows])
    links = places.links.toarray()
    assert links.shape == (len(windows), len(windows))
    np.testing.assert_array_equal(links, links.T)
    assert not links.diagonal().any()
    voices = places.voices
    known = (voices != NOBODY)[:, None] & (voices != NOBODY)
    same = voices[:, None] == voices
    assert (links[known & ~same] <= 0).all()
    assert (links[~known | same] >= 0).all()
    far = np.abs(places.centres[:, None] - places.centres) > SPAN
    assert not links[far].any()


def test_some_of_the_windows_keep_their_places() -> None:
    places = placed([0, HOP, 2 * HOP], [1, 2, NOBODY]).those(np.array([0, 2]))
    assert places.centres.tolist() == [0, 2 * HOP]
    assert places.voices.tolist() == [1, NOBODY]


def test_local_voices_help_where_embeddings_hardly_do() -> None:
    """The same windows with and without: whoever segmentation hears as one is one more often."""
    rng = np.random.default_rng(3)
    blurred = []
    for window in windows_of(CONVERSATION):
        embedding = window.embedding + rng.normal(0, 0.35, 64).astype(np.float32)
        blurred.append(Window(window.start, window.end, embedding, 1.0))
    plain = refine(blurred, SPEECH, DURATION, SpeakerCount(3, 3))
    known = [Window(w.start, w.end, w.embedding, 1.0, voice=n // 15) for n, w in enumerate(blurred)]
    helped = refine(known, SPEECH, DURATION, SpeakerCount(3, 3))
    assert len(helped.turns) < len(plain.turns)
    assert [t.speaker for t in helped.turns] == [0, 1, 0, 2]


def test_two_local_voices_at_once_are_two_turns() -> None:
    windows = [
        Window(w.start, w.end, w.embedding, 1.0, voice)
        for n in range(30)
        for voice, w in enumerate(
            (windows_of([0] * 30, seed=1)[n], windows_of([1] * 30, seed=1)[n])
        )
    ]
    end = windows[-1].end
    speech = Speech(((0, end),), voices=((0, end, 0), (5 * HOP, 9 * HOP, 1)))
    turns = refine(windows, speech, end).turns
    assert [(t.start, t.end, t.speaker) for t in turns] == [(0, end, 0), (5 * HOP, 9 * HOP, 1)]
