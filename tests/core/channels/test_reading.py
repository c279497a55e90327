"""Shares of the channels, read side by side from files."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from core.audio.read import AudioReader, read_audio
from core.channels.reading import ShareReader, split_of
from core.channels.separation import ChannelSplit
from core.errors import InputError
from tests.core.channels.calls import ADA, BEN, call, leaking, saved


def shares(path, split):
    with AudioReader(path) as reader:
        parts = list(ShareReader(reader, split).blocks())
        warnings = reader.warnings
    return [np.concatenate(part) for part in zip(*parts, strict=True)], warnings


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100])
def test_each_share_is_a_recording_of_its_own(tmp_path, rate):
    random = np.random.default_rng(1)
    sound = 0.1 * random.standard_normal((3 * rate + 17, 3)).astype(np.float32)
    path = saved(tmp_path / "three.wav", sound, rate)
    split = ChannelSplit(((0, 2), (1,)), np.ones((2, 160), np.bool_), ("a", "b"))
    (pair, single, whole), warnings = shares(path, split)
    for name, columns, found in (("pair", [0, 2], pair), ("single", [1], single)):
        alone = saved(tmp_path / f"{name}.wav", sound[:, columns], rate)
        np.testing.assert_array_equal(found, read_audio(alone))
    np.testing.assert_array_equal(whole, read_audio(path))
    assert warnings == []


@pytest.mark.parametrize("rate", [11025, 16000])
def test_a_share_is_silent_where_it_has_nothing_of_its_own(tmp_path, rate):
    path = saved(tmp_path / "ones.wav", np.full((2 * rate, 2), 0.5, np.float32), rate)
    gate = np.ones((2, 102), np.bool_)
    gate[0, 25:50] = False
    gate[1, 50:] = False
    (left, right, whole), _ = shares(path, ChannelSplit(((0,), (1,)), gate, ("a", "b")))
    for found, begins, ends in ((left, 0.5, 1.0), (right, 1.0, 2.0)):
        inside = slice(round((begins + 0.02) * 16000), round((ends - 0.02) * 16000))
        outside = np.r_[0 : round((begins - 0.02) * 16000)]
        assert np.abs(found[inside]).max() < 0.001
        np.testing.assert_allclose(found[outside][200:], 0.5, atol=0.01)
    assert len(left) == len(right) == len(whole)
    assert np.abs(np.diff(left[200:-200])).max() < 0.02


def test_a_call_in_a_file(tmp_path, sample):
    path = saved(tmp_path / "call.wav", leaking(call(sample, [ADA], [BEN]), -30))
    told = []
    split = split_of(path, on_frames=lambda reader: told.append(reader.position))
    assert split is not None
    assert split.names == ("Left", "Right")
    assert told == sorted(told)
    assert told[-1] == 1
    assert split_of(path, "mix") is None
    assert split_of(sample, "speakers") is None


def test_broken_values_and_files(tmp_path):
    sound = 0.1 * np.random.default_rng(1).standard_normal((16000, 2)).astype(np.float32)
    sound[500, 0] = np.nan
    path = tmp_path / "nan.wav"
    soundfile.write(path, sound, 16000, subtype="FLOAT")
    split_of(path)
    split = ChannelSplit(((0,), (1,)), np.ones((2, 52), np.bool_), ("a", "b"))
    found, warnings = shares(path, split)
    assert all(np.isfinite(part).all() for part in found)
    assert warnings == ["1 values were not numbers (NaN or infinite); read as 0"]
    with pytest.raises(InputError):
        split_of(tmp_path / "none.wav")
