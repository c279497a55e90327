"""What goes wrong while something is recorded."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from core.live.recording import (
    Finished,
    Gap,
    Pause,
    Trouble,
    TroubleOver,
)
from tests.core.audio.fake_sound import FakeAudio, microphone_named, noise, wait_for
from tests.core.live.recorded import (
    Recording,
    from_file,
    light,
    talk,
)


@pytest.mark.usefixtures("impatient")
def test_a_device_that_goes_away_and_the_next_one(
    start: Callable[..., Recording], path: Path
) -> None:
    recording = start(microphone_named("Old", rate=16_000))
    before = talk(3.0, 16_000)
    recording.give(before)
    recording.audio.streams[0].stalled = True
    trouble = recording.wait(Trouble, lambda t: t.kind == "device")
    assert "Old gives no sound any more: the recording is kept" in trouble.text
    assert recording.live.status.state == "interrupted"
    assert recording.live.status.trouble == (trouble,)
    assert soundfile.info(path).frames == len(before)

    recording.live.switch_device(microphone_named("New", rate=48_000, channels=2))
    wait_for(lambda: len(recording.audio.streams) == 2)
    after = talk(3.0, 48_000, 2, seed=5)
    recording.give(after[:960])
    recording.wait(TroubleOver, lambda over: over.kind == "device")
    gap = recording.wait(Gap)
    recording.give(after[960:], 960)
    assert gap.why == "device"
    assert gap.start == len(before)
    assert gap.end > gap.start
    result = recording.finish()
    stored, rate = soundfile.read(path, dtype="int16")
    assert rate == 16_000
    np.testing.assert_array_equal(stored[: len(before)], before[:, 0])
    assert not stored[gap.start : gap.end].any()
    assert len(stored) == pytest.approx(gap.end + len(after) / 3, abs=2)
    assert stored[gap.end :].max() == pytest.approx(after.max(), rel=0.2)
    assert result.gaps == (gap,)
    assert result.annotation.turns == from_file(path, light()).turns
    assert not recording.audio.streams[0].closed


@pytest.mark.usefixtures("impatient")
def test_time_of_an_interruption_counts_and_that_of_a_pause_does_not(
    start: Callable[..., Recording],
) -> None:
    recording = start(diarizer=None)
    recording.give(noise(8000))
    recording.wait(Trouble)
    recording.live.pause()
    gap = recording.wait(Gap)
    assert gap.end - gap.start > 0.4 * 16_000
    time.sleep(0.5)
    recording.live.resume()
    recording.wait(Pause)
    assert recording.live.status.state == "interrupted"
    recording.live.switch_device(recording.device)
    wait_for(lambda: len(recording.audio.streams) == 2)
    recording.give(noise(8000))
    recording.settle()
    result = recording.finish()
    assert result.pauses[0].seconds > 0.5
    silent = sum(g.end - g.start for g in result.gaps)
    assert result.annotation.duration == 16_000 + silent == 16_000 + recording.live.status.lost


def test_another_device_is_chosen_while_all_is_well(
    start: Callable[..., Recording], path: Path
) -> None:
    recording = start(diarizer=None)
    recording.give(noise(8000))
    recording.live.switch_device(microphone_named("Other", channels=3))
    wait_for(lambda: len(recording.audio.streams) == 2)
    recording.give(np.repeat(noise(8000, seed=1), 3, axis=1))
    recording.settle()
    result = recording.finish()
    stored, _ = soundfile.read(path, dtype="int16")
    np.testing.assert_array_equal(stored[:8000], noise(8000)[:, 0])
    np.testing.assert_array_equal(stored[-8000:], noise(8000, seed=1)[:, 0])
    assert sum(g.end - g.start for g in result.gaps) == len(stored) - 16_000
    assert recording.audio.streams[0].closed


def test_a_device_that_cannot_be_opened_leaves_no_file(
    path: Path, start: Callable[..., Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: FakeAudio, **options: Any) -> None:
        raise OSError(-9985, "Device unavailable")

    monkeypatch.setattr(FakeAudio, "open", refused)
    recording = start()
    trouble = recording.wait(Trouble)
    assert "Device unavailable" in trouble.text
    assert recording.live.status.state == "starting"
    monkeypatch.undo()
    recording.live.switch_device(recording.device)  # once it is free
    recording.give(noise(4000))
    recording.wait(TroubleOver)
    assert recording.finish().path == path


def test_stopped_before_any_sound(start: Callable[..., Recording], path: Path) -> None:
    result = start().finish()
    assert (result.path, result.annotation.duration) == (None, 0)
    assert list(path.parent.iterdir()) == []


def test_only_zeros_are_told_with_the_way_out(start: Callable[..., Recording]) -> None:
    recording = start(diarizer=None)
    recording.give(np.zeros((16_000 * 3, 1), np.int16))
    trouble = recording.wait(Trouble)
    assert trouble.kind == "no sound"
    assert trouble.text.startswith("no sound arrives from Desk: ")
    recording.give(noise(1600))
    recording.wait(TroubleOver, lambda over: over.kind == "no sound")
    recording.finish()


def test_overflows_are_counted_filled_and_marked(
    start: Callable[..., Recording], path: Path
) -> None:
    recording = start(diarizer=None)
    recording.give(noise(8000))
    time.sleep(0.3)
    recording.give(noise(8000, seed=1), lost=4000)
    gap = recording.wait(Gap)
    assert gap == Gap(8000, 12_000, "overflow")
    recording.settle()
    assert (recording.live.status.overflows, recording.live.status.lost) == (1, 4000)
    recording.finish()
    stored, _ = soundfile.read(path, dtype="int16")
    expected = np.concatenate([noise(8000), np.zeros((4000, 1), np.int16), noise(8000, seed=1)])
    np.testing.assert_array_equal(stored, expected[:, 0])


def test_a_disk_that_fills_up(start: Callable[..., Recording], path: Path) -> None:
    room = [32_000 * 30]
    recording = start(free=lambda folder: room[0])
    recording.give(talk(2.0, 16_000))
    low = recording.wait(Trouble)
    assert low.kind == "disk low"
    assert recording.live.status.free_s == pytest.approx(28, abs=1)
    time.sleep(1.1)
    room[0] = 0
    recording.give(talk(2.0, 16_000))
    full = recording.wait(Trouble, lambda t: t.kind == "disk full")
    assert "everything before is saved" in full.text
    result = recording.wait(Finished).result  # without a stop
    assert soundfile.info(path).frames >= 32_000
    assert result.annotation.turns == from_file(path, light()).turns
    assert result.diarized
    assert recording.audio.streams[0].closed
