"""A main window with a silent sound card and a diarizer that the test is in charge of."""

from __future__ import annotations

import threading
import time
import wave
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import QObject, QSettings, pyqtSignal
from pytestqt.qtbot import QtBot

from core.annotation.values import Annotation, Turn
from core.errors import Cancelled
from core.pipeline import Result
from core.stream.changes import Changes, Window
from core.stream.speech import Speech
from core.units import SAMPLE_RATE
from tests.app.studio import Studio

S = SAMPLE_RATE


class SilentPlayer(QObject):
    """The interface of app.playback.player.Player without a sound card: it stands where it is
    put."""

    position_changed = pyqtSignal(int)
    state_changed = pyqtSignal(bool)
    failed = pyqtSignal(str)
    told = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.device = ""
        self.path: Path | None = None
        self.position = 0
        self.playing = False
        self.span: tuple[int | None, int | None, bool] = (None, None, False)
        self.speed = self.volume = 1.0
        self.left_out: tuple[Any, Any] = ((), ())

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def set_speed(self, speed: float) -> None:
        self.speed = speed

    def set_device(self, key: str) -> None:
        self.device = key

    def leave_out(self, silent: Any, skipped: Any) -> None:
        self.left_out = (silent, skipped)

    def open(self, path: Path, track: int | None = None) -> None:
        self.close()
        self.path, self.track = path, track

    def close(self) -> None:
        self.stop()
        self.path = None
        self.seek(0)

    def play(self, start: int | None = None, end: int | None = None, loop: bool = False) -> None:
        if start is not None:
            self.seek(start)
        self.span = (start, end, loop)
        self._set(True)

    def pause(self) -> None:
        self._set(False)

    def stop(self) -> None:
        self.span = (None, None, False)
        self._set(False)

    def seek(self, samples: int) -> None:
        self.position = samples
        self.position_changed.emit(samples)

    def _set(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.state_changed.emit(playing)


class Engine:
    """Stands in for ``diarize_file``: a second of sound per step, turns of 2 s by two speakers.

    ``hold`` names a stage at which it waits until it is cancelled; ``error`` is raised at its end.
    """

    def __init__(self) -> None:
        self.hold = ""
        self.error: BaseException | None = None
        self.warnings: list[str] = []
        self.turns: tuple[Turn, ...] | None = None
        self.windows: tuple[Window, ...] = ()
        self.speech: Speech | None = None
        self.runs: list[Path] = []
        self.reached = threading.Event()

    def __call__(
        self,
        path: Path,
        *,
        on_progress: Callable[[Any], None],
        on_changes: Callable[[Any], None],
        on_samples: Callable[[Any], None],
        cancelled: Callable[[], bool],
        track: int | None = None,
    ) -> Any:
        self.runs.append(path)
        self._stage("loading", cancelled, lambda: None)
        with wave.open(str(path)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16) / np.float32(32768)
        seconds = len(sound) // S

        def progress(stage: str, fraction: float | None, position: int) -> None:
            on_progress(SimpleNamespace(stage=stage, fraction=fraction, position=position))

        turns: list[Turn] = []
        for n in range(seconds):
            if n == seconds // 2:
                self._stage("listening", cancelled, partial(progress, "listening", 0.5, n * S))
            on_samples(sound[n * S : (n + 1) * S])
            if n % 3 == 2 and not self.windows:
                turns.append(Turn((n - 2) * S, n * S, n // 3 % 2))
                on_changes(Changes(n * S, (n - 2) * S, (turns[-1],)))
            progress("listening", (n + 1) / seconds, n * S)
        refining = partial(progress, "refining", None, len(sound))
        refining()
        self._stage("refining", cancelled, refining)
        if self.error is not None:
            raise self.error
        annotation = Annotation.build(turns if self.turns is None else self.turns, len(sound))
        return Result(
            annotation,
            annotation,
            self.windows,
            self.speech,  # type: ignore[arg-type]
            tuple(self.warnings),
        )

    def _stage(self, name: str, cancelled: Callable[[], bool], step: Callable[[], None]) -> None:
        if self.hold == name:
            self.reached.set()
            while not cancelled():
                step()
                time.sleep(0.005)
        if cancelled():
            raise Cancelled("stopped")


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def player() -> SilentPlayer:
    return SilentPlayer()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Twenty seconds of a quiet tone."""
    return make_recording(tmp_path / "talk.wav", 20)


def make_recording(path: Path, seconds: int) -> Path:
    tone = np.sin(np.arange(seconds * S) * 0.05) * 3000
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, S, 0, "NONE", ""))
        file.writeframes(tone.astype(np.int16).tobytes())
    return path


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Of a person who keeps no analyses: tests open one recording again and again, and what the
    engine finds in it changes."""
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.IniFormat)
    settings.setValue("keep_analyses", False)
    return settings


@pytest.fixture
def window(qtbot: QtBot, player: SilentPlayer, engine: Engine, settings: QSettings) -> Any:
    """The main window on screen with nothing open."""
    from app.window.main_window import MainWindow

    window = MainWindow(settings, player=player, diarize=engine, prepare=lambda: None)
    # at the end of a test nobody answers whether to save
    qtbot.addWidget(window, before_close_func=lambda _: window.meetings.end())
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


@pytest.fixture
def opened(qtbot: QtBot, window: Any, recording: Path) -> Any:
    """The main window with the recording open and all its turns found."""
    window.open_recording(recording)
    qtbot.waitUntil(lambda: window.session.complete and not window.listening.busy)
    return window


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Studio:
    """Microphones that are given their sound, and are never gone by having waited for it."""
    from core.audio import microphone

    monkeypatch.setattr(microphone, "STALLED_S", 8.0)
    monkeypatch.setattr(microphone, "STARTING_S", 8.0)
    return Studio.new()


@pytest.fixture
def studio_window(
    qtbot: QtBot, studio: Studio, player: Any, engine: Any, settings: Any, tmp_path: Path
) -> Iterator[Any]:
    """The window, with those microphones."""
    from app.window.main_window import MainWindow

    window = MainWindow(
        settings, player=player, diarize=engine, prepare=lambda: None, sound=studio.sound()
    )
    window.preferences.recordings_folder = str(tmp_path / "recordings")
    qtbot.addWidget(window, before_close_func=lambda _: window.end())
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield window
    window.end()
