"""The sides of a call that is being recorded: told as from its file, and without an echo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arrays import Array
from core.audio.read import AudioReader
from core.audio.wav import as_floats, is_call
from core.channels.levels import FRAMES_PER_S
from core.channels.reading import SIDES, CallShares, ShareReader, split_of
from core.channels.separation import CallGate
from core.units import SAMPLE_RATE
from tests.core.channels.calls import ADA, BEN, call, leaking, powers, saved, saved_as_call

_KNOWN_AFTER = FRAMES_PER_S


def bursts(seconds: float, rate: int, seed: int) -> Array:
    """(n, 2): noise that comes and goes on each side, and some of one on the other."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate)
    sound = 1e-4 * rng.standard_normal((count, 2))
    for side in range(2):
        at = 0
        while at < count:
            length = int(rng.integers(rate // 5, 3 * rate))
            if rng.random() < 0.5:
                part = sound[at : at + length, side]
                part += rng.choice([0.01, 0.1, 0.3]) * rng.standard_normal(len(part))
            at += length
    late = np.pad(sound[:, 1], (rate // 5, 0))[:count]
    sound[:, 0] += 0.1 * late
    return np.clip(sound, -1, 1).astype(np.float32)


@settings(max_examples=8, deadline=None)
@given(
    rate=st.sampled_from([8_000, 16_000, 44_100, 48_000]),
    seconds=st.floats(0.01, 20),
    block=st.integers(100, 200_000),
    seed=st.integers(0, 1000),
)
def test_while_it_is_recorded_the_sides_are_those_of_the_file(
    rate: int, seconds: float, block: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("call") / "call.wav"
    saved_as_call(path, bursts(seconds, rate, seed), rate)
    split = split_of(path, "auto")
    assert split is not None
    assert split.names == SIDES
    with AudioReader(path) as reader:
        file = [parts[:-1] for parts in ShareReader(reader, split).blocks()]
    with AudioReader(path) as reader:
        stored = np.concatenate(list(reader.frames()))
    shares, live = CallShares(rate), []
    for start in range(0, len(stored), block):
        frames = np.rint(stored[start : start + block] * 32768).astype(np.int16)
        live.append(shares.push(as_floats(frames)))
    live.append(shares.flush())
    for side in range(2):
        np.testing.assert_array_equal(
            np.concatenate([part[side] for part in live]),
            np.concatenate([part[side] for part in file]),
        )


@given(cut=st.integers(1, 500), seed=st.integers(0, 20), end=st.integers(0, 700))
@settings(max_examples=6, deadline=None)
def test_what_comes_later_changes_nothing(cut: int, seed: int, end: int) -> None:
    levels = powers(bursts(15, 8000, seed), 8000)
    whole, part = CallGate(2), CallGate(2)
    decided = np.concatenate(
        [whole.push(levels[n : n + cut]) for n in range(0, len(levels), cut)] + [whole.finish()],
        axis=1,
    )
    assert decided.shape == (2, len(levels))
    first = part.push(levels[:end])
    assert first.shape[1] >= min(end, len(levels)) - 3 * FRAMES_PER_S or end < 8 * FRAMES_PER_S
    np.testing.assert_array_equal(first, decided[:, : first.shape[1]])


@pytest.mark.parametrize(("gain", "later"), [(-15, 0.2), (-30, 0.0), (-25, 0.05)])
def test_an_echo_of_the_other_side_passes_for_a_moment_at_most(
    gain: float, later: float, sample: Path
) -> None:
    apart = call(sample, [ADA], [BEN])
    clean = powers(apart)
    heard = powers(leaking(apart, gain, later, to=0))
    gate = CallGate(2)
    mask = np.concatenate([gate.push(heard), gate.finish()], axis=1)
    loud = clean > 1e-5
    own, echo = loud[:, 0], (heard[:, 0] > 20 * clean[:, 0]) & (heard[:, 0] > 1e-6) & ~loud[:, 0]
    assert mask[0][own].mean() > 0.9
    assert mask[1][loud[:, 1]].mean() > 0.97
    assert echo.sum() > 3 * FRAMES_PER_S
    assert (mask[0] & echo).sum() < _KNOWN_AFTER


def test_only_what_this_program_recorded_is_a_call(tmp_path: Path, sample: Path) -> None:
    sound = bursts(3, SAMPLE_RATE, 1)
    assert is_call(saved_as_call(tmp_path / "a.wav", sound))
    assert not is_call(saved(tmp_path / "b.wav", sound))
    assert not is_call(sample)
    assert not is_call(tmp_path / "none.wav")
    assert split_of(tmp_path / "a.wav", "mix") is None
