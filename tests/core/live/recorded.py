"""A live recording of made sound, and what it said."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.annotation.values import Annotation
from core.audio.devices import InputDevice
from core.audio.read import AudioReader
from core.live.recording import (
    Finished,
    LiveRecording,
    LiveResult,
)
from core.stream.diarizer import Diarizer, OnlineDecoder
from core.stream.encoder import Columns
from core.stream.segmentation import STEP, Segmentation
from tests.core.audio.fake_sound import FakeAudio, Frames, microphone_named, wait_for
from tests.core.stream.test_diarizer import (
    HesitantDecoder,
    LevelEncoder,
    LoudIsSpeech,
)
from tests.core.stream.test_segmentation import frames_of, log_of


class Levels(LevelEncoder):
    """The same for any sound."""

    def embed(self, windows: np.ndarray, columns: Sequence[Columns] | None = None) -> np.ndarray:
        return super().embed(np.minimum(np.abs(windows), 1.0), columns)


class Hesitant(HesitantDecoder):
    """It can try out what may come."""

    def fork(self) -> Hesitant:
        return copy.deepcopy(self)


def one_at_a_time(samples: np.ndarray) -> np.ndarray:
    """A network to which every third level is the same local voice."""
    levels = np.rint(np.abs(samples[495::STEP][: frames_of(len(samples))]) * 10).astype(int)
    return log_of(np.where(levels == 0, 0, 1 + levels % 3))


def stream_of(encoder: LevelEncoder, decoder: OnlineDecoder) -> Diarizer:
    stages = Segmentation(one_at_a_time), LoudIsSpeech()
    return Diarizer(encoder, decoder, *stages, live=True)


def light() -> Diarizer:
    """A stream whose voices are levels: fast enough for many examples."""
    return stream_of(Levels(), Hesitant())


class Recording:
    """A live recording and the hand on its microphone."""

    def __init__(
        self,
        path: Path,
        device: InputDevice | None = None,
        diarizer: Callable[[], Diarizer] | None = light,
        **options: Any,
    ) -> None:
        self.audio = FakeAudio()
        self.device = device or microphone_named()
        self.live = LiveRecording(
            path, self.device, diarizer=diarizer, backend=self.audio, **options
        )
        self.seen: list[Any] = []

    def give(self, frames: Frames, block: int = 320, number: int = -1, lost: int = 0) -> None:
        """Speak into the newest microphone (or the one with this number)."""
        stream = self.audio.stream(number % len(self.audio.streams) if self.audio.streams else 0)
        ahead = round(10 * stream.rate)
        for start in range(0, len(frames), block):
            stream.give(frames[start : start + block], lost if start == 0 else 0)
            if start % ahead < block <= ahead and start:
                self.settle()

    def settle(self) -> None:
        """Until everything given is on the disk."""
        stream = self.audio.streams[-1]
        before = -1
        while before != (before := self.live.status.position) or not before:
            time.sleep(0.12)
        assert stream is self.audio.streams[-1]

    def events(self) -> list[Any]:
        self.seen += self.live.events()
        return self.seen

    def wait(self, kind: type, true: Callable[[Any], bool] = lambda event: True) -> Any:
        """The first event of that kind."""
        return wait_for(
            lambda: next((e for e in self.events() if isinstance(e, kind) and true(e)), None)
        )

    def finish(self) -> LiveResult:
        self.live.stop()
        result: LiveResult = self.wait(Finished).result
        assert self.live.join(5)
        assert self.live.status.state == "finished"
        assert not self.live.running
        return result


def talk(seconds: float, rate: int, channels: int = 1, seed: int = 0) -> Frames:
    """Voices of several levels with pauses between."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    left = round(seconds * rate)
    while left > 0:
        count = min(left, int(rng.integers(rate // 4, 2 * rate)))
        level = rng.choice([0.0, 0.0, 0.2, 0.4, 0.6])
        parts.append(np.full(count, level * 32768))
        left -= count
    mono = np.concatenate(parts)[:, None]
    return np.repeat(mono, channels, axis=1).astype(np.int16)


def from_file(path: Path, diarizer: Diarizer) -> Annotation:
    with AudioReader(path) as reader:
        for samples in reader:
            diarizer.push(samples)
    return diarizer.finish()


def voice(level: float, seconds: float = 2.0) -> Frames:
    return np.full((round(seconds * 16_000), 1), round(level * 32768), np.int16)
