"""A window with microphones made of Python, and a stream that takes turns by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.recording.inputs import Sound
from core.annotation.values import Annotation, Turn
from core.audio.devices import InputDevice
from core.errors import ModelError
from core.live.recording import LevelPreview, LiveRecording
from core.live.voices import LiveVoices
from core.stream.changes import Changes, Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE as S
from tests.core.audio.fake_sound import FakeAudio, FakeStream, noise

DESK = InputDevice(0, "Desk", "Fake", 1, S, default=True)
HEADSET = InputDevice(1, "Headset", "Fake", 1, S)
SPEAKERS = InputDevice(2, "Monitor of speakers", "Fake", 2, 2 * S, monitor=True)


class Stream:
    """Stands in for the diarizer: two speakers take turns of 2 s; the last second may change."""

    turn = 2 * S

    def __init__(self) -> None:
        self.position = 0
        self.final = 0
        self.merged: dict[int, int] = {}
        self.pinned: list[int] = []
        self.most: int | None = None
        self.relearnt: list[list[int]] = []
        self.speech = Speech()
        self.rest: tuple[Window, ...] = ()

    @property
    def decided(self) -> int:
        return self.position

    def _turns(self, settled_to: int) -> tuple[Turn, ...]:
        turns = []
        for n, start in enumerate(range(0, self.position, self.turn)):
            end = min(start + self.turn - S // 4, self.position)
            who = self.merged.get(n % 2, n % 2)
            if end > start:
                turns.append(Turn(start, end, who, settled=end <= settled_to))
        return tuple(turns)

    def push(self, samples: Any) -> Changes:
        self.position += len(samples)
        turns, since = self._turns(max(0, self.position - S)), self.final
        self.final = max((t.end for t in turns if t.settled), default=0)
        listed = tuple(t for t in turns if t.end > since)
        return Changes(self.position, since, listed, shown=self.position)

    def finish(self) -> Annotation:
        return Annotation.build(self._turns(self.position), self.position)

    def merge(self, keep: int, gone: int) -> Changes:
        self.merged[gone] = keep
        return self.push(np.zeros(0, np.float32))

    def unmerge(self, gone: int) -> Changes:
        del self.merged[gone]
        return self.push(np.zeros(0, np.float32))

    def limit(self, most: int | None) -> Changes:
        self.most = most
        return self.push(np.zeros(0, np.float32))

    @property
    def folded(self) -> dict[int, int]:
        return {1: 0} if self.most == 1 else {}

    @property
    def heard(self) -> Annotation:
        return Annotation.build(self._turns(0), self.position)

    def relearn(self, said: dict[int, list[Window]]) -> Changes:
        self.relearnt.append(sorted(said))
        return self.push(np.zeros(0, np.float32))

    def pin(self, speaker: int) -> Changes:
        self.pinned.append(speaker)
        return self.push(np.zeros(0, np.float32))


@dataclass
class Studio:
    """The microphones, and what a test does to them."""

    audio: FakeAudio
    devices: list[InputDevice]
    stream: Stream
    voices: Callable[[], LiveVoices | None] = lambda: None
    """Recognises those that are known."""
    models: bool = True
    room: int = 1 << 40
    """Bytes that the disk has left."""
    looked: int = 0

    @classmethod
    def new(cls) -> Studio:
        return cls(FakeAudio(), [DESK, HEADSET, SPEAKERS], Stream())

    def sound(self) -> Sound:
        return Sound(self._inputs, self._preview, self._record)

    def _inputs(self) -> list[InputDevice]:
        self.looked += 1
        return list(self.devices)

    def _preview(self, device: InputDevice) -> LevelPreview:
        return LevelPreview(device, self.audio)

    def _record(
        self, path: Path, device: InputDevice, computer: InputDevice | None
    ) -> LiveRecording:
        def diarizer() -> Any:
            if not self.models:
                raise ModelError("models/ghostvlad.onnx is missing: reinstall Voicelanes")
            return self.stream if computer is None else Stream()  # one for each side of a call

        return LiveRecording(
            path,
            device,
            computer=computer,
            diarizer=diarizer,
            backend=self.audio,
            free=lambda _: self.room,
            voices=self.voices(),
        )

    def open_stream(self) -> FakeStream | None:
        """The one that runs now."""
        streams = [s for s in self.audio.streams if s.running and not s.closed]
        return streams[-1] if streams else None

    def give(self, seconds: float, *, level: float = 4000, lost: float = 0) -> None:
        """Sound from the microphone that is open."""
        stream = self.open_stream()
        assert stream is not None
        count = round(seconds * stream.rate)
        sound = noise(count, stream.channels, level=level)
        if not level:
            sound = np.zeros_like(sound)
        elif level > 32_000:  # a microphone that is overdriven
            sound = np.where(sound > 0, 32_767, -32_768).astype(np.int16)
        block = stream.rate // 50
        for n, start in enumerate(range(0, count, block)):
            part = sound[start : start + block]
            stream.give(part, lost=round(lost * stream.rate) if n == 0 else 0)


def wait_running(studio: Studio, qtbot: Any) -> FakeStream:
    """The stream that is open, once there is one."""
    qtbot.waitUntil(lambda: studio.open_stream() is not None)
    stream = studio.open_stream()
    assert stream is not None
    return stream
