"""The whole job on recordings whose channels are different people's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.annotation.values import Annotation
from core.arrays import Array
from core.audio.read import read_audio
from core.errors import Cancelled
from core.pipeline import Progress, Result, SpeakerCount, diarize_file
from core.scoring import score
from core.stream.changes import Changes
from tests.core.channels.calls import ADA, BEN, CORA, DUNCAN, call, leaking, reference, saved

pytestmark = pytest.mark.slow


def der(sample: Path, found: Annotation, *names: str) -> float:
    wanted = reference(sample, *names)
    rate = score(wanted, found, collar=0.1, region=((0, wanted.duration),)).der
    assert rate is not None
    return rate


@pytest.fixture(scope="module")
def talk(sample: Path) -> Array:
    return call(sample, [ADA], [BEN])


@pytest.fixture(scope="module")
def recording(talk: Array, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("calls") / "call.wav", talk)


@pytest.fixture(scope="module")
def found(recording: Path) -> Result:
    return diarize_file(recording, channels="auto")


def test_each_caller_has_a_lane_that_is_called_after_the_channel(
    found: Result, sample: Path
) -> None:
    assert found.split is not None
    assert found.lanes == {0: "Left", 1: "Right"}
    for annotation in (found.first_pass, found.annotation):
        assert der(sample, annotation, ADA, BEN) < 0.08
    named = found.with_lanes(found.annotation.with_names({0: "Anna"}))
    assert [s.label for s in named.speakers] == ["Anna", "Right"]


@pytest.mark.parametrize(
    ("gain", "later"), [(-30, 0.0), (-20, 0.2)], ids=["crosstalk", "echo of the other side"]
)
def test_what_leaks_makes_no_turns(
    talk: Array, sample: Path, tmp_path: Path, gain: float, later: float
) -> None:
    path = saved(tmp_path / "call.wav", leaking(talk, gain, later))
    leaky = diarize_file(path, channels="auto")
    assert leaky.split is not None
    assert len(leaky.split.leaks) == 2
    assert leaky.lanes == {0: "Left", 1: "Right"}
    assert der(sample, leaky.annotation, ADA, BEN) < 0.1


def test_a_channel_may_hold_several_voices(sample: Path, tmp_path: Path) -> None:
    path = saved(tmp_path / "rooms.wav", leaking(call(sample, [ADA, CORA], [BEN, DUNCAN]), -30))
    rooms = diarize_file(path, channels="auto", speakers=SpeakerCount(4, 4))
    assert sorted(rooms.lanes.values()) == ["Left 1", "Left 2", "Right 1", "Right 2"]
    assert der(sample, rooms.annotation, ADA, BEN, CORA, DUNCAN) < 0.2
    sides = rooms.annotation.relabelled(lambda n: int(rooms.lanes[n].startswith("Right")))
    for side, names in ((0, [ADA, CORA]), (1, [BEN, DUNCAN])):
        own = Annotation.build(sides.turns_of(side), sides.duration)
        rate = score(reference(sample, *names).relabelled(lambda _: 0), own, collar=0.1).der
        assert rate is not None
        assert rate < 0.1


def test_the_number_of_speakers_is_that_of_all_channels(recording: Path) -> None:
    for low, high, channels, count in ((2, 2, 2, 2), (3, 4, 2, 3), (1, 1, 0, 1)):
        asked = SpeakerCount(low, high)
        result = diarize_file(recording, channels="auto", speakers=asked)
        assert len(result.annotation.speakers) == count
        assert len(result.split.shares if result.split else ()) == channels


def test_mixed_and_mono_are_as_ever(recording: Path, sample: Path, tmp_path: Path) -> None:
    plain, mixed = diarize_file(recording), diarize_file(recording, channels="mix")
    assert (plain.annotation, plain.speech) == (mixed.annotation, mixed.speech)
    assert plain.split is mixed.split is None
    stereo = saved(tmp_path / "stereo.wav", np.tile(read_audio(sample)[:320_000, None], (1, 2)))
    for path in (sample, stereo):
        before = diarize_file(path)
        after = diarize_file(path, channels="auto")
        assert (after.annotation, after.speech) == (before.annotation, before.speech)
        assert after.split is None


def test_changes_samples_and_progress_are_those_of_one_recording(
    recording: Path, found: Result
) -> None:
    told: list[Progress] = []
    samples: list[Array] = []
    shown = Annotation()
    windows = []

    def change(changes: Changes) -> None:
        nonlocal shown
        shown = changes.applied_to(shown)
        windows.extend(changes.windows)

    again = diarize_file(
        recording,
        channels="auto",
        on_progress=told.append,
        on_changes=change,
        on_samples=samples.append,
    )
    assert (again.annotation, again.first_pass) == (found.annotation, found.first_pass)
    assert (again.speech, again.lanes) == (found.speech, found.lanes)
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages == ["reading", "listening", "refining"]
    np.testing.assert_array_equal(np.concatenate(samples), read_audio(recording))
    rate = score(found.first_pass, shown).der
    assert rate is not None
    assert rate < 0.2  # the newest seconds are only there at the end
    assert len({s.id % 2 for s in shown.speakers}) == 2
    assert len(found.windows) >= len(windows) > 20
    centres = [window.centre for window in found.windows]
    assert centres == sorted(centres)


def test_cancelled_while_the_channels_are_looked_at(recording: Path) -> None:
    with pytest.raises(Cancelled):
        diarize_file(recording, channels="auto", cancelled=lambda: True)


def test_a_dead_channel_and_silence(talk: Array, tmp_path: Path) -> None:
    one = talk[:320_000].copy()
    one[:, 1] = 0
    path = saved(tmp_path / "dead.wav", one)
    assert diarize_file(path, channels="speakers").split is None
    path = saved(tmp_path / "silence.wav", np.zeros((32_000, 3), np.float32))
    assert diarize_file(path, channels="speakers").annotation.turns == ()
