"""Files shown where they lie, by what each desktop understands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtGui import QDesktopServices

from app.widgets import revealing
from app.widgets.revealing import show_in_folder

FILE_MANAGER = """
import sys
from pathlib import Path
from PyQt5.QtCore import Q_CLASSINFO, QCoreApplication, QObject, QTimer, pyqtSlot
from PyQt5.QtDBus import QDBusAbstractAdaptor, QDBusConnection
from app.widgets.revealing import show_in_folder

class Adaptor(QDBusAbstractAdaptor):
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.FileManager1")

    @pyqtSlot("QStringList", "QString")
    def ShowItems(self, uris, startup):
        print(*uris, sep="\\n")
        QCoreApplication.quit()

application = QCoreApplication(sys.argv)
place = QObject()
adaptor = Adaptor(place)
bus = QDBusConnection.sessionBus()
bus.registerObject("/org/freedesktop/FileManager1", place)
bus.registerService("org.freedesktop.FileManager1")
assert show_in_folder([Path("/talks/a b.csv"), Path("/talks/\\u00fc.srt")])
QTimer.singleShot(60_000, QCoreApplication.quit)
application.exec()
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs a message bus")
@pytest.mark.skipif(sys.platform != "linux", reason="that of Linux")
def test_the_file_manager_of_linux_marks_them() -> None:
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", FILE_MANAGER],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["file:///talks/a b.csv", "file:///talks/ü.srt"]


@pytest.mark.parametrize("works", [True, False])
def test_without_one_the_folder_is_opened(monkeypatch: pytest.MonkeyPatch, works: bool) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(revealing, "_marked", lambda _files: False)
    shown: list[Any] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url) or works)
    assert show_in_folder([Path("/talks/a.csv"), Path("/talks/b.srt")]) is works
    assert [url.toLocalFile() for url in shown] == ["/talks"]


def test_finder_and_explorer(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(subprocess, "Popen", started.append)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert show_in_folder([Path("/talks/a.csv"), Path("/talks/b.srt")])
    monkeypatch.setattr(sys, "platform", "win32")
    assert show_in_folder([Path("/talks/a, b.csv")])
    assert started == [
        ["open", "-R", "/talks/a.csv", "/talks/b.srt"],
        'explorer /select,"/talks/a, b.csv"',
    ]

    def missing(_command: Any) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "Popen", missing)
    assert not show_in_folder([Path("/talks/a.csv")])
