"""What happens around the window: the log, traces of a crash, uncaught errors, is there a display.

The log holds no names and no speech: neither a file's path nor an exception's text goes into it,
for a recording may be called after the people in it.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import logging
import os
import signal
import socket
import sys
import threading
import traceback
from contextlib import ExitStack
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs
from PyQt5.QtCore import (
    QLibraryInfo,
    QObject,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    pyqtSignal,
    qInstallMessageHandler,
)

from core.folders import private_folder
from core.runtime import ENDING
from core.version import VERSION, commit

log = logging.getLogger("voicelanes")

LOG_BYTES = 500_000
LOG_FILES = 3


def log_commit() -> None:
    """For once the window is on the screen: in a checkout, git is asked."""
    log.info("commit %s", commit() or "unknown")


def log_folder() -> Path:
    """Where the log lies; made on first use."""
    folder = Path(platformdirs.user_log_dir("Voicelanes", appauthor=False))
    with contextlib.suppress(OSError):  # a read-only disk must not keep the window from opening
        private_folder(folder)
    return folder


def describe(kind: type[BaseException], trace: TracebackType | None) -> str:
    """An exception for the log: its type and where, without its text and the person's home."""
    frames = "".join(traceback.format_tb(trace))
    return f"{kind.__name__}\n{frames}".replace(str(Path.home()), "~")


class Reporter(QObject):
    """Carries uncaught exceptions of any thread to whoever shows them.

    As a context manager it is in charge of ``sys.excepthook``, ``threading.excepthook`` and
    ``sys.unraisablehook``.
    """

    caught = pyqtSignal(object)
    """The exception; connect a slot of the GUI thread."""

    def __enter__(self) -> Reporter:
        self._showing = False
        self._hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable
        return self

    def __exit__(self, *_: object) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("uncaught %s", describe(kind, trace))
        if self._showing:  # whoever shows them fails at it: once more would never end
            sys.__excepthook__(kind, error, trace)
            return
        self._showing = True
        try:
            self.caught.emit(error.with_traceback(trace))
        finally:
            self._showing = False

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self._uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        """In a destructor or a callback from C: nothing the person did failed, so only the log."""
        log.error("unraisable %s", describe(args.exc_type, args.exc_traceback))


class Signals(QObject):
    """Ctrl+C in the terminal, its end, or that of the desktop session, as a Qt signal.

    Python runs its handlers between two of its own instructions, which Qt's event loop never comes
    to by itself; so the interpreter's wake-up descriptor is one that Qt watches.
    """

    told_to_end = pyqtSignal()

    def __enter__(self) -> Signals:
        self._ours, self._interpreter = socket.socketpair()
        for end in (self._ours, self._interpreter):
            end.setblocking(False)
        watched: Any = self._ours.fileno()  # the stubs want a voidptr
        self._notifier = QSocketNotifier(watched, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        self._wakeup = signal.set_wakeup_fd(self._interpreter.fileno(), warn_on_full_buffer=False)
        self._handlers = {
            s: signal.signal(s, self._on_signal)
            for s in ENDING
            if signal.getsignal(s) is not signal.SIG_IGN  # by nohup, which means it
        }
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._interpreter.close()

    def _wake(self) -> None:
        self._ours.recv(64)  # coming here lets Python run the handler

    def _on_signal(self, _number: int, _frame: object) -> None:
        # From the loop: while the window is being shown there is none yet that could be ended.
        QTimer.singleShot(0, self.told_to_end.emit)


class Logs:
    """The rotating log and faulthandler's file, as a context manager.

    Attributes:
        last_crash: what faulthandler wrote in the run before, empty if that ended well.
    """

    def __init__(self, folder: Path) -> None:
        self.last_crash = ""
        self._folder = folder

    def __enter__(self) -> Logs:
        crash = self._folder / "crash.log"
        try:
            self.last_crash = crash.read_text("utf-8", "replace") if crash.exists() else ""
            self._handler: logging.Handler = RotatingFileHandler(
                self._folder / "voicelanes.log",
                maxBytes=LOG_BYTES,
                backupCount=LOG_FILES - 1,
                encoding="utf-8",
            )
            self._crash = crash.open("w", encoding="utf-8")
        except OSError:  # a full or read-only disk must not keep the window from opening
            self._handler = logging.NullHandler()
            self._crash = open(os.devnull, "w")
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(self._handler)
        log.setLevel(logging.INFO)
        faulthandler.enable(self._crash)
        qInstallMessageHandler(_qt_message)
        log.info("start of version %s on %s", VERSION, sys.platform)
        return self

    def __exit__(self, *_: object) -> None:
        log.info("end")
        qInstallMessageHandler(None)
        faulthandler.disable()
        self._crash.close()
        log.removeHandler(self._handler)
        self._handler.close()


def _qt_message(kind: QtMsgType, _context: object, text: str | None) -> None:
    level = logging.INFO if kind in (0, 4) else logging.WARNING
    log.log(level, "Qt: %s", (text or "").replace(str(Path.home()), "~"))


def display_problem(until_qt: ExitStack) -> str | None:
    """Why no window can open here, in one line; None if one can.

    Qt itself ends the process with an abort where there is no display, so this is asked before.
    The connection that asks stays open until ``until_qt`` closes: an X server without other
    clients starts anew when its last one leaves, and would not answer Qt just then.
    """
    if not sys.platform.startswith("linux"):
        return None
    chosen = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen and chosen != "xcb":
        return None
    display = os.environ.get("DISPLAY", "")
    if not display:
        if os.environ.get("WAYLAND_DISPLAY") and not chosen:
            return _plugin_problem("libqwayland-generic.so")
        return "there is no display here (DISPLAY is not set)"
    if not _answers(display, until_qt):
        return f"the display {display} does not answer"
    return _plugin_problem("libqxcb.so")


def _plugin_problem(name: str) -> str | None:
    """Why Qt can't load a platform plug-in that it has: a library that this needs is missing."""
    plugin = Path(QLibraryInfo.location(QLibraryInfo.PluginsPath), "platforms", name)
    if not plugin.exists():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        from core.libraries import window_problem

        return ": ".join(window_problem(str(error)))
    return None


def _answers(display: str, until_qt: ExitStack) -> bool:
    """Whether something listens at an X display such as ``:0`` or ``host:10.0``."""
    host, _, number = display.rpartition(":")
    try:
        n = int(number.partition(".")[0])
    except ValueError:
        return False
    if "/" in host:  # the path of a socket, as macOS has it
        return True
    if host and host != "unix":
        return _connects(socket.AF_INET, (host, 6000 + n), until_qt)
    path = f"/tmp/.X11-unix/X{n}"
    return any(_connects(socket.AF_UNIX, at, until_qt) for at in ("\0" + path, path))


def _connects(family: int, address: object, until_qt: ExitStack) -> bool:
    connection = until_qt.enter_context(socket.socket(family, socket.SOCK_STREAM))
    connection.settimeout(2)
    try:
        connection.connect(address)  # type: ignore[arg-type]
    except OSError:
        return False
    return True
