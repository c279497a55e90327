"""Chunks to learn from: who speaks in which frame, and the same chunks every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Turn
from core.errors import InputError
from core.stream.segmentation import CHUNK, LOCAL, OFFSET, STEP, frame_at
from core.training.segmentation.chunks import FRAMES, batch, marks, read_conversations

TURNS = st.lists(
    st.builds(
        lambda start, length, speaker: Turn(start, start + length, speaker),
        st.integers(0, 3 * CHUNK),
        st.integers(1, CHUNK),
        st.integers(0, 5),
    ),
    max_size=12,
)


@given(TURNS, st.integers(0, 2 * CHUNK))
def test_marks_are_of_voices_that_speak(turns: list[Turn], start: int) -> None:
    found = marks(turns, start)
    assert found.shape == (FRAMES, LOCAL)
    assert found.sum(axis=1).max() <= 2
    people = [[t for t in turns if t.speaker == speaker] for speaker in {t.speaker for t in turns}]
    centres = STEP * np.arange(1, FRAMES + 1) + OFFSET + STEP // 2 + start
    anybody = np.zeros(FRAMES, bool)
    for own in people:
        anybody |= np.any([(t.start <= centres) & (centres < t.end) for t in own], axis=0)
    assert not found.any(axis=1)[~anybody].any()
    if len(people) <= LOCAL:
        assert found.any(axis=1)[anybody].all()
    firsts = [int(column.argmax()) for column in found.T if column.any()]
    assert firsts == sorted(firsts)
    assert not found[:, len(firsts) :].any()


def test_frames_are_those_of_the_stage() -> None:
    start = 100 * STEP
    turn = Turn(start + 50 * STEP, start + 80 * STEP, 0)
    rows = np.flatnonzero(marks([turn], start)[:, 0])
    # The first frame of a chunk that begins at 100 steps is the recording's 101st.
    frames = rows + 101
    assert frame_at(turn.start) <= frames[0] <= frame_at(turn.start) + 1
    assert frame_at(turn.end) - 1 <= frames[-1] <= frame_at(turn.end)
    assert len(rows) == 30


def test_those_who_speak_most_are_told_apart() -> None:
    turns = [Turn(n * 1000, n * 1000 + 10_000 * (n + 1), n) for n in range(4)]
    found = marks(turns, 0)
    lengths = found.sum(axis=0)
    assert sorted(lengths.tolist(), reverse=True)[0] == len(
        np.flatnonzero(marks([turns[3]], 0)[:, 0])
    )
    assert not found[: (1000 - OFFSET) // STEP - 1].any()  # the shortest is left out


def write(folder: Path, name: str, seconds: float = 12.0, rate: int = 16000) -> Path:
    """A recording of a tone that is on while its only speaker speaks, from 2 to 5 s."""
    folder.mkdir(parents=True, exist_ok=True)
    times = np.arange(round(seconds * rate)) / rate
    sound = 0.1 * np.sin(2 * np.pi * 300 * times) * ((times >= 2) & (times < 5))
    soundfile.write(folder / f"{name}.flac", sound, rate)
    (folder / f"{name}.rttm").write_text(f"SPEAKER {name} 1 2 3 <NA> <NA> a <NA> <NA>\n")
    return folder


def test_samples_and_marks_belong_together(tmp_path: Path) -> None:
    (talk,) = read_conversations([write(tmp_path, "one")])
    chunk = talk.chunk(16000)
    heard = np.abs(chunk.samples[: 400 * 40].reshape(-1, 400)).max(axis=1) > 0.01
    assert heard.argmax() == 40 or not heard.any()
    loud = np.flatnonzero(np.abs(chunk.samples) > 1e-3)
    rows = np.flatnonzero(chunk.voices[:, 0])
    assert loud[0] / 16000 == pytest.approx(1.0, abs=0.01)
    assert (rows[0] + 1) * STEP / 16000 == pytest.approx(1.0, abs=0.03)
    assert (rows[-1] + 1) * STEP / 16000 == pytest.approx(4.0, abs=0.03)
    after = talk.chunk(11 * 16000).samples
    assert len(after) == CHUNK
    assert not after[16000:].any()


def test_batches_follow_from_seed_and_number(tmp_path: Path) -> None:
    write(tmp_path / "a", "one", 30.0)
    talks = read_conversations([write(tmp_path / "a", "two", 5.0)])
    samples, voices = batch(talks, 4, 1, 7)
    assert samples.shape == (4, 1, CHUNK)
    assert voices.shape == (4, FRAMES, LOCAL)
    again, _ = batch(talks, 4, 1, 7)
    np.testing.assert_array_equal(samples, again)
    for other in (batch(talks, 4, 2, 7)[0], batch(talks, 4, 1, 8)[0]):
        assert not np.array_equal(samples, other)


def test_what_is_no_conversation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no conversation in"):
        read_conversations([tmp_path])
    with pytest.raises(InputError, match="16 kHz with one channel"):
        read_conversations([write(tmp_path / "8k", "x", rate=8000)])
    broken = write(tmp_path / "broken", "x")
    (broken / "x.flac").write_bytes(b"nothing")
    with pytest.raises(InputError, match="can't read"):
        read_conversations([broken])
    two = write(tmp_path / "two", "x")
    line = "SPEAKER y 1 2 3 <NA> <NA> a <NA> <NA>\n"
    (two / "x.rttm").write_text((two / "x.rttm").read_text() + line)
    with pytest.raises(InputError, match="turns of one recording"):
        read_conversations([two])
