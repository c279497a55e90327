"""A meeting recorded by clicks in the real window, from a real sound server's microphone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from scipy.signal import correlate

from app.playback.player import Player
from app.window.main_window import MainWindow
from core.annotation.values import OKABE_ITO, Annotation
from core.audio.read import read_audio
from core.formats import rttm
from core.pipeline import diarize_file
from core.units import SAMPLE_RATE as S
from tests.e2e.sound_server import MICROPHONE, MICROPHONE_NAME, SINK, SoundServer, missing

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(bool(missing()), reason=missing() or "-"),
]
pytest.importorskip("pyaudio", reason="PyAudio is not installed")

SPOKEN_S = 24


@pytest.fixture
def window(qtbot: QtBot, server: SoundServer, tmp_path: Path) -> Iterator[Any]:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.IniFormat)
    window = MainWindow(settings, player=Player())
    window.preferences.recordings_folder = str(tmp_path / "recordings")
    qtbot.addWidget(window, before_close_func=lambda _: window.end())
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.end()


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.LeftButton)


def likeness(source: Any, heard: Any) -> float:
    """The correlation of the source with where it lies in what was heard."""
    at = int(np.argmax(correlate(heard, source, "valid", "fft")))
    return float(np.corrcoef(source, heard[at : at + len(source)])[0, 1])


def test_a_conversation_recorded_by_clicks(
    qtbot: QtBot, window: Any, server: SoundServer, sample: Path, tmp_path: Path
) -> None:
    click(window.welcome.findChild(QPushButton, "check"))
    qtbot.waitUntil(lambda: window.inputs.level is not None, timeout=20_000)
    chosen = window.capture.devices.currentText()
    assert chosen == f"{MICROPHONE_NAME} · PulseAudio · mono · default"
    click(window.capture.record)
    qtbot.waitUntil(lambda: window.live.state == "recording", timeout=20_000)
    sound = np.round(read_audio(sample)[: SPOKEN_S * S] * 32767).astype(np.int16)
    talk = server.speak(sound)
    provisional = False

    def watch() -> None:
        nonlocal provisional
        provisional |= any(not t.settled for t in window.session.annotation.turns)

    window.session.annotation_changed.connect(watch)
    qtbot.waitUntil(lambda: talk.poll() is not None, timeout=90_000)
    qtbot.wait(700)  # what is still on its way
    assert provisional
    assert len(window.session.annotation.speakers) >= 2
    assert window.timeline.visible_range()[1] > SPOKEN_S - 1
    window.grab().save(str(tmp_path / "live.png"))
    first_pass: list[Annotation] = []
    window.session.live_changed.connect(lambda: first_pass.append(window.session.annotation))
    click(window.capture.stop)
    qtbot.waitUntil(lambda: not window.live.busy, timeout=60_000)
    qtbot.waitUntil(lambda: not window.meetings.unsaved, timeout=20_000)

    path = window.session.path
    heard = read_audio(path)
    assert window.session.gaps == ()
    assert likeness(sound.astype(float), heard.astype(float)) >= 0.999
    expected = diarize_file(path)
    assert rttm.render(first_pass[0], path.stem) == rttm.render(expected.first_pass, path.stem)
    assert [(t.start, t.end) for t in window.session.annotation.turns] == [
        (t.start, t.end) for t in expected.annotation.turns
    ]
    assert window.meetings.path.exists()
    assert window.player.position == 0
    for speaker in window.session.annotation.speakers:
        assert has_colour(window, OKABE_ITO[speaker.id])
    window.grab().save(str(tmp_path / "stopped.png"))


def has_colour(window: Any, colour: str) -> bool:
    """Whether a lane is painted in a colour."""
    picture = window.timeline.canvas.grab().toImage()
    steps = range(0, picture.width(), 4), range(0, picture.height(), 4)
    return any(
        picture.pixelColor(x, y).name().upper() == colour.upper()
        for x in steps[0]
        for y in steps[1]
    )


def test_a_suspended_microphone_is_told_and_gone_on_with(
    qtbot: QtBot, window: Any, server: SoundServer
) -> None:
    """``is_active()`` says that all is well then, and ``stop_stream()`` never returns."""
    click(window.welcome.findChild(QPushButton, "record"))
    qtbot.waitUntil(lambda: window.session.duration > S, timeout=20_000)
    server.pactl("suspend-source", MICROPHONE, "1")
    server.pactl("suspend-sink", SINK, "1")
    qtbot.waitUntil(lambda: window.live.state == "interrupted", timeout=10_000)
    server.pactl("suspend-sink", SINK, "0")
    server.pactl("suspend-source", MICROPHONE, "0")
    again = next(
        b for b in window.notices.findChildren(QPushButton, "way") if b.text() == "Try it again"
    )
    click(again)
    before = window.session.duration
    qtbot.waitUntil(lambda: window.live.state == "recording", timeout=20_000)
    qtbot.waitUntil(lambda: window.session.duration > before + S, timeout=20_000)
    assert window.live.status.lost > 0
    click(window.capture.stop)
    qtbot.waitUntil(lambda: not window.live.busy, timeout=60_000)
    assert len(window.session.gaps) == 1
    assert len(read_audio(window.session.path)) == window.session.duration


def test_another_microphone_that_the_server_chose_is_told(
    qtbot: QtBot, window: Any, server: SoundServer
) -> None:
    click(window.welcome.findChild(QPushButton, "record"))
    qtbot.waitUntil(lambda: window.session.duration > S, timeout=20_000)
    server.add_microphone("desk")
    server.carry_to("desk")
    text = f"The system took {MICROPHONE_NAME} away: desk_Microphone is recorded now"
    qtbot.waitUntil(
        lambda: text in [notice.problem.message for notice in window.notices.notices],
        timeout=20_000,
    )
    assert window.capture.devices.currentText().startswith("desk_Microphone")
    assert "From here on: desk_Microphone" in [m.text for m in window.session.annotation.markers]
    click(window.capture.stop)
    qtbot.waitUntil(lambda: not window.live.busy, timeout=60_000)
