"""Makes the strip of screenshots of a live session for the README, from the running program.

Run it: ``python tests/bench/live_pictures.py [TARGET]``. A sound server of its own plays the sample
conversation into a virtual microphone; the window records it by clicks, and is pictured while
people talk, later on, and after Stop. Needs PulseAudio (see tests/e2e/sound_server.py); takes two
minutes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtGui import QImage, QPainter, QPixmap
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QPushButton

from app.window.main_window import MainWindow
from core.audio.read import read_audio
from core.units import SAMPLE_RATE as S
from tests.e2e.sound_server import SoundServer

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1080, 520)
MOMENTS_S = (12, 62)
GAP = 12


def wait(app: QApplication, true: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise SystemExit("it never came")
        app.processEvents()
        time.sleep(0.01)


def strip(pictures: list[QPixmap]) -> QImage:
    """The pictures below each other, on white."""
    height = sum(picture.height() + GAP for picture in pictures) - GAP
    image = QImage(pictures[0].width(), height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    top = 0
    for picture in pictures:
        painter.drawPixmap(0, top, picture)
        top += picture.height() + GAP
    painter.end()
    return image


def main() -> None:
    default = ROOT / "assets" / "screenshots" / "live.png"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with SoundServer(folder) as server:
            os.environ.update(server.environment)
            for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
                os.environ[f"XDG_{kind}_HOME"] = name
            app = QApplication([])
            settings = QSettings(f"{name}/settings.ini", QSettings.IniFormat)
            window = MainWindow(settings)
            window.resize(*SIZE)
            for panel in (window.docks.show_speakers, window.docks.show_turns):
                panel(False)
            window.docks.show_markers(False)
            window.show()
            QTest.mouseClick(window.welcome.findChild(QPushButton, "record"), Qt.LeftButton)
            wait(app, lambda: window.session.live)
            sound = read_audio(ROOT / "assets" / "sample.opus")
            talk = server.speak(np.round(sound * 32767).astype(np.int16))
            pictures = []
            for moment in MOMENTS_S:
                wait(app, lambda at=moment: window.session.duration > at * S)
                pictures.append(window.grab())
            window.session.rename(window.session.annotation.speakers[0].id, "Ada")
            wait(app, lambda: talk.poll() is not None)
            QTest.mouseClick(window.capture.stop, Qt.LeftButton)
            wait(app, lambda: not window.live.busy and not window.meetings.unsaved)
            wait(app, lambda: not window.bar.currentMessage())
            pictures.append(window.grab())
            target.parent.mkdir(parents=True, exist_ok=True)
            strip(pictures).save(str(target), "PNG", 0)
            window.end()
    print(f"{target}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
