"""Who speaks in a call, by side, while it is recorded: as from its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.arrays import Array
from core.formats import rttm
from core.live.recording import Trouble, Turns
from core.pipeline import diarize_file
from core.units import SAMPLE_RATE
from tests.core.channels.calls import ADA, BEN, call, leaking
from tests.core.live.calls import Call, Side
from tests.core.live.recorded import light
from tests.core.live.test_steering import steered


def side_of(sound: Array) -> Callable[[np.ndarray], np.ndarray]:
    """What is heard then."""
    return lambda seconds: np.interp(seconds * SAMPLE_RATE, np.arange(len(sound)), sound, right=0.0)


def with_noise(levels: np.ndarray, rng: np.random.Generator) -> Array:
    """To the stream a voice is its level; what a channel has of its own is told by the noise."""
    noise = 0.03 * rng.choice([-1.0, 1.0], levels.shape)
    return np.asarray(levels + noise * (levels > 0), np.float32)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Call]]:
    calls: list[Call] = []

    def start(*arguments: Any, **options: Any) -> Call:
        calls.append(Call(tmp_path / "call.wav", monkeypatch, *arguments, **options))
        return calls[-1]

    yield start
    for one in calls:
        one.stop()
        assert one.live.join(30)


@pytest.mark.slow
def test_live_turns_are_those_of_the_file(
    start: Callable[..., Call], sample: Path, tmp_path: Path
) -> None:
    from core.pipeline import new_diarizer

    sound = leaking(call(sample, [ADA], [BEN])[: 40 * SAMPLE_RATE], -20, 0.2, to=0)
    recording = start((16_000, 48_000), diarizer=partial(new_diarizer, live=True))
    sides = [Side(recording, n, side_of(sound[:, n]), (1 - 2 * n) * 3e-5) for n in range(2)]
    recording.go_on(40, *sides)
    result = recording.finish()
    again = diarize_file(tmp_path / "call.wav", channels="auto")
    first = result.annotation.numbered_by_appearance()
    assert len(first.turns) >= 4
    assert rttm.render(first, "call") == rttm.render(again.first_pass, "call")
    assert result.speech == again.speech
    assert len(result.windows) == len(again.windows) > 10
    assert len(result.sides) == 2
    second, lanes = result.heard_again_by_side()
    assert rttm.render(second, "call") == rttm.render(again.annotation, "call")
    assert dict(lanes) == dict(again.lanes)
    assert {lane.split()[0] for lane in lanes.values()} == {"Computer", "Microphone"}
    # Turns of one side are never the other's.
    for event in recording.seen:
        for turn in event.changes.turns if isinstance(event, Turns) else ():
            middle = (turn.start + turn.end) // 2
            around = slice(max(0, middle - 8000), middle + 8000)
            power = np.square(sound[around]).sum(axis=0)
            assert power[turn.speaker % 2] > 0.1 * power[1 - turn.speaker % 2]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_however_it_came_turns_are_those_of_the_file(
    seed: int, start: Callable[..., Call], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stream whose voices are levels, and a side that is missing for a while."""
    import core.pipeline as pipeline

    rng = np.random.default_rng(seed)
    steps = rng.choice([0.0, 0.0, 0.2, 0.4], (40, 2)).astype(np.float32)
    sound = with_noise(np.repeat(steps, SAMPLE_RATE, axis=0), rng)
    recording = start(diarizer=light)
    sides = [Side(recording, n, side_of(sound[:, n]), 0.0) for n in range(2)]
    recording.go_on(15, *sides, each=float(rng.choice([0.05, 0.1, 0.3])))
    recording.go_on(2, sides[0])
    recording.go_on(15, *sides)
    result = recording.finish()
    monkeypatch.setattr(pipeline, "new_diarizer", lambda *given, **named: light())
    again = diarize_file(tmp_path / "call.wav", channels="auto", second_pass=False)
    assert again.first_pass.turns
    first = result.annotation.numbered_by_appearance()
    assert rttm.render(first, "call") == rttm.render(again.first_pass, "call")
    assert result.speech == again.speech


def test_a_person_steers_each_side_alone(start: Callable[..., Call]) -> None:
    recording = start(diarizer=steered)
    rng = np.random.default_rng(0)
    levels = np.array([[0.2, 0], [0, 0.2], [0.4, 0], [0, 0.4]] * 6, np.float32)
    spaced = np.stack([levels, np.zeros_like(levels)], 1).reshape(-1, 2)
    sound = with_noise(np.repeat(spaced, 3 * SAMPLE_RATE // 2, axis=0), rng)
    sides = [Side(recording, n, side_of(sound[:, n]), 0.0) for n in range(2)]
    recording.go_on(36, *sides)
    recording.until(lambda: recording.live.status.labelled > 28 * SAMPLE_RATE)
    recording.live.rename(1, "Ben")
    recording.live.merge(0, 1)
    trouble = recording.wait(Trouble, lambda trouble: trouble.kind == "steering")
    assert "different sides of the call" in trouble.text
    recording.live.limit(2)
    recording.go_on(30, *sides)
    result = recording.finish()
    names = {s.id: s.name for s in result.annotation.speakers}
    assert names[1] == "Ben"
    assert {0, 1} <= set(names)
    late = [t for t in result.annotation.turns if t.start > 60 * SAMPLE_RATE]
    assert {t.speaker for t in late} <= {0, 1}
