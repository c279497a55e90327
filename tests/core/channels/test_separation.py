"""Whose the channels are: callers, copies, stereo pictures, tables, crosstalk and echoes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.channels.levels import FRAMES_PER_S
from core.channels.separation import MOST, ChannelSplit, separate
from core.units import SAMPLE_RATE
from tests.core.channels.calls import ADA, BEN, CORA, DUNCAN, call, leaking, powers, reference


def own(separation: ChannelSplit, share: int, sample: Path, *names: str) -> float:
    """The part of what these people say for which a share is open."""
    rows = separation.open[share]
    heard = [
        rows[t.start * FRAMES_PER_S // SAMPLE_RATE : t.end * FRAMES_PER_S // SAMPLE_RATE]
        for t in reference(sample, *names).turns
    ]
    return float(np.concatenate(heard).mean())


@pytest.fixture(scope="module")
def clean(sample: Path) -> np.ndarray:
    return call(sample, [ADA], [BEN])


def test_a_call_is_of_two_people(clean, sample):
    found = separate(powers(clean))
    assert found is not None
    assert (found.shares, found.names, found.leaks) == (((0,), (1,)), ("Left", "Right"), ())
    assert found.said == "Left and Right are channels of different people, each heard alone"
    assert own(found, 0, sample, ADA) == own(found, 1, sample, BEN) == 1


@pytest.mark.parametrize(
    ("gain", "later", "level"),
    [(-30, 0.0, 1.0), (-20, 0.2, 1.0), (-12, 0.4, 1.0), (-30, 0.0, 0.2), (-12, 0.003, 1.0)],
)
def test_crosstalk_and_echo_are_explained(clean, sample, gain, later, level):
    sound = leaking(clean, gain, later) * np.array([1, level], np.float32)
    found = separate(powers(sound))
    assert found is not None
    assert {(leak.source, leak.target) for leak in found.leaks} == {(0, 1), (1, 0)}
    assert all(abs(leak.lag - later) <= 0.021 for leak in found.leaks)
    assert own(found, 0, sample, ADA) > 0.85
    assert own(found, 1, sample, BEN) > 0.85
    for share, other in ((0, BEN), (1, ADA)):
        late = np.roll(found.open[share], -round(later * FRAMES_PER_S))
        shifted = ChannelSplit(found.shares, np.stack([late, late]), found.names)
        assert own(shifted, 0, sample, other) < 0.2
    assert ("ms later" in found.said) == (later > 0.05)


def test_an_echo_of_one_side_only(clean, sample):
    found = separate(powers(leaking(clean, -15, 0.2, to=1)))
    assert found is not None
    (leak,) = found.leaks
    assert (leak.source, leak.target, leak.lag) == (0, 1, 0.2)
    assert "what is said on Left is heard on Right, too" in found.said
    assert own(found, 0, sample, ADA) == 1


@pytest.mark.parametrize("gain", [0, -3, -6])
def test_a_stereo_picture_is_one_sound(clean, gain):
    assert separate(powers(leaking(clean, gain))) is None


@pytest.mark.parametrize("level", [1.0, 0.1, -1.0])
def test_a_copy_is_one_sound(clean, level):
    mono = clean.sum(axis=1)
    noise = 1e-4 * np.random.default_rng(1).standard_normal((len(mono), 2))
    assert separate(powers((mono[:, np.newaxis] * [1, level] + noise).astype(np.float32))) is None


def test_somebody_between_two_microphones_makes_them_one_sound(sample):
    clean = call(sample, [ADA], [BEN])
    middle = call(sample, [CORA, DUNCAN]) / np.sqrt(2)
    assert separate(powers(clean + middle)) is None
    found = separate(powers(clean + middle), "speakers")
    assert found is not None
    both = found.open.all(axis=0)[np.newaxis]
    assert own(ChannelSplit(found.shares, both, found.names), 0, sample, CORA, DUNCAN) < 0.3


@pytest.mark.parametrize("second", ["silence", "noise", "tone"])
def test_a_channel_without_voices_is_nobody(sample, second):
    voices = call(sample, [ADA, BEN, CORA])[:, 0]
    time = np.arange(len(voices)) / SAMPLE_RATE
    other = {
        "silence": np.zeros(len(voices)),
        "noise": 0.05 * np.random.default_rng(2).standard_normal(len(voices)),
        "tone": 0.3 * np.sin(2 * np.pi * 1000 * time),
    }[second]
    assert separate(powers(np.stack([voices, other], 1).astype(np.float32))) is None


def test_many_channels_with_a_stereo_pair_among_them(sample):
    people = call(sample, [ADA], [BEN], [CORA])
    sound = np.stack([people[:, 0], people[:, 0], 0 * people[:, 0], *people[:, 1:].T], 1)
    found = separate(powers(leaking(sound, -40)))
    assert found is not None
    assert found.shares == ((0, 1), (3,), (4,))
    assert found.names == ("Channels 1 and 2", "Channel 4", "Channel 5")


def test_what_is_asked_for(clean):
    sound = powers(clean)
    assert separate(sound, "mix") is None
    assert separate(sound[:, :1], "speakers") is None
    assert separate(np.zeros((500, 2), np.float32), "speakers") is None
    assert separate(np.zeros((0, 2), np.float32), "speakers") is None
    wide = powers(leaking(clean, -3))
    assert separate(wide) is None
    assert separate(wide, "speakers") is not None
    many = np.tile(sound, (1, MOST))
    assert separate(many, "speakers") is None


def test_levels_do_not_depend_on_how_the_recording_is_cut(clean):
    whole = powers(clean[:50_000], cut=50_000)
    for cut in (1, 317, 4096):
        np.testing.assert_allclose(powers(clean[:20_000], cut=cut)[:60], whole[:60], rtol=1e-4)


def test_levels_bear_what_is_no_sound(clean):
    broken = clean[:16_000].copy()
    broken[100], broken[200], broken[300] = np.nan, np.inf, 1e30
    found = powers(broken)
    assert np.isfinite(found).all()
    assert len(found) >= 50
    assert all(a <= b for a, b in pairwise([0, *np.cumsum(found[:, 0])]))
