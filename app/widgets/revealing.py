"""Files shown where they lie, in the file manager of the desktop."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PyQt5.QtCore import QUrl
from PyQt5.QtGui import QDesktopServices

PATIENCE_MS = 1000
"""How long the message bus may take to answer; it needs some milliseconds."""
_DAEMON = "org.freedesktop.DBus"


def show_in_folder(files: Sequence[Path]) -> bool:
    """Open the folder of some files, those marked if the desktop can; whether that went."""
    first = files[0].absolute()
    if sys.platform == "win32":
        return _started(f'explorer /select,"{first}"')
    if sys.platform == "darwin":
        return _started(["open", "-R", *(str(file.absolute()) for file in files)])
    return _marked(files) or QDesktopServices.openUrl(QUrl.fromLocalFile(str(first.parent)))


def _started(command: str | list[str]) -> bool:
    try:
        subprocess.Popen(command)
    except OSError:
        return False
    return True


def _marked(files: Sequence[Path]) -> bool:
    """By what the file managers of Linux understand, if one of them is there to listen."""
    try:
        from PyQt5.QtCore import QMetaType
        from PyQt5.QtDBus import QDBus, QDBusArgument, QDBusConnection, QDBusMessage
    except ImportError:  # an install without it
        return False
    bus, name = QDBusConnection.sessionBus(), "org.freedesktop.FileManager1"
    if not bus.isConnected():
        return False
    there: list[str] = []
    for question in ("ListNames", "ListActivatableNames"):
        asked = QDBusMessage.createMethodCall(_DAEMON, "/", _DAEMON, question)
        answer = bus.call(asked, QDBus.CallMode.Block, PATIENCE_MS).arguments()
        there += answer[0] if answer and isinstance(answer[0], list) else []
    if name not in there:
        return False
    call = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    uris = QDBusArgument()
    uris.beginArray(int(QMetaType.Type.QString))
    for file in files:
        uris.add(QUrl.fromLocalFile(str(file.absolute())).toString())
    uris.endArray()
    call.setArguments([uris, ""])
    return bool(bus.send(call))
