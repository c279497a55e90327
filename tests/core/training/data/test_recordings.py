"""Recordings of every kind become speech at 16 kHz, and words become utterances."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.training.data.recordings import JOINED, join_words, read_speech
from core.units import SAMPLE_RATE


@dataclass(frozen=True)
class Word:
    number: int
    length: int
    session: str
    speaker: str = "made:a"
    corpus: str = "made"


words = st.lists(
    st.tuples(st.integers(1, 2 * JOINED), st.sampled_from(["", "x", "y"])), max_size=40
).map(lambda rows: [Word(number, length, session) for number, (length, session) in enumerate(rows)])


@given(words)
def test_every_word_is_in_one_utterance_and_none_is_needlessly_short(
    recordings: list[Word],
) -> None:
    utterances = join_words(recordings)
    assert sorted(w.number for parts in utterances for w in parts) == [*range(len(recordings))]
    short: set[str] = set()
    for parts in utterances:
        (session,) = {word.session for word in parts}
        assert [w.number for w in parts] == sorted(w.number for w in parts)
        if not session:
            assert len(parts) == 1
        elif sum(word.length for word in parts) < JOINED:
            assert session not in short
            short.add(session)
            assert sum(w.length for w in recordings if w.session == session) < JOINED
        else:
            # Not more than was needed, but for what was left over at the end.
            lengths = [word.length for word in parts]
            assert sum(lengths) < 2 * JOINED + max(lengths)


def test_sessions_and_speakers_are_not_mixed() -> None:
    first, second = Word(0, 5, "x"), Word(1, 5, "x", speaker="made:b")
    other = Word(2, 5, "x", corpus="again")
    assert join_words([first, second, other]) == ((first,), (second,), (other,))


def test_telephone_recordings_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "WUWII00000_001.ulaw"
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    soundfile.write(path, tone, 8000, format="RAW", subtype="ULAW")
    assert path.stat().st_size == 8000
    samples = read_speech(path)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(SAMPLE_RATE, abs=320)
    middle = samples[2000:14000]
    assert np.abs(middle).max() == pytest.approx(0.3, abs=0.02)
    peak = np.abs(np.fft.rfft(middle)).argmax() * SAMPLE_RATE / len(middle)
    assert peak == pytest.approx(440, abs=2)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    for name in ("gone.ulaw", "gone.wav"):
        with pytest.raises(InputError, match=name):
            read_speech(tmp_path / name)
