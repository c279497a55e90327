"""The log, the traces of a crash, uncaught errors, the display."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import startup
from app.startup import Logs, Reporter, describe, display_problem, log_folder

NAME = "Anna"


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest's own hooks come back after the test."""
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    monkeypatch.setattr("faulthandler.enable", lambda *_: None)
    monkeypatch.setattr("faulthandler.disable", lambda: None)
    monkeypatch.setattr(startup, "qInstallMessageHandler", lambda _: None)


def trouble() -> BaseException:
    try:
        raise ValueError(f"interview with {NAME}.wav")
    except ValueError as error:
        return error


def test_the_log_holds_no_names(qtbot: QtBot, hooks: None, tmp_path: Path) -> None:
    with Logs(tmp_path), Reporter() as reporter:
        heard: list[BaseException] = []
        reporter.caught.connect(heard.append)
        error = trouble()
        sys.excepthook(type(error), error, error.__traceback__)
    log = (tmp_path / "voicelanes.log").read_text()
    assert "ValueError" in log
    assert "test_startup.py" in log, "where it happened is there"
    assert NAME not in log
    assert heard == [error]
    assert sys.excepthook is sys.__excepthook__


def test_the_home_folder_is_not_in_a_description(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path(__file__).parent)
    error = trouble()
    text = describe(type(error), error.__traceback__)
    assert str(Path(__file__).parent) not in text
    assert "~" in text


def test_errors_of_plain_threads_are_reported(qtbot: QtBot, hooks: None) -> None:
    with Reporter() as reporter:
        with qtbot.waitSignal(reporter.caught) as caught:
            thread = threading.Thread(target=lambda: [][1])
            thread.start()
        thread.join()
    assert isinstance(caught.args[0], IndexError)


def test_errors_in_destructors_are_in_the_log(qtbot: QtBot, hooks: None, tmp_path: Path) -> None:
    class Broken:
        def __del__(self) -> None:
            raise trouble()

    with Logs(tmp_path), Reporter():
        broken = Broken()
        del broken
    log = (tmp_path / "voicelanes.log").read_text()
    assert "unraisable ValueError" in log
    assert NAME not in log
    assert sys.unraisablehook is sys.__unraisablehook__


def test_an_error_while_showing_an_error_ends(qtbot: QtBot, hooks: None) -> None:
    """PyQt hands what a slot raises to sys.excepthook, which is us."""
    shown: list[BaseException] = []

    def show(error: BaseException) -> None:
        shown.append(error)
        again = trouble()
        sys.excepthook(type(again), again, again.__traceback__)

    with Reporter() as reporter:
        reporter.caught.connect(show)
        error = trouble()
        sys.excepthook(type(error), error, error.__traceback__)
        sys.excepthook(type(error), error, error.__traceback__)
    assert shown == [error, error]


def test_the_log_rotates(hooks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "LOG_BYTES", 300)
    with Logs(tmp_path):
        for n in range(50):
            logging.getLogger("voicelanes").info("line %d", n)
    assert len(list(tmp_path.glob("voicelanes.log*"))) == startup.LOG_FILES
    assert sum(f.stat().st_size for f in tmp_path.glob("voicelanes.log*")) < 1200


def test_a_crash_is_told_by_the_next_run(hooks: None, tmp_path: Path) -> None:
    with Logs(tmp_path) as logs:
        assert logs.last_crash == ""
    (tmp_path / "crash.log").write_text("Fatal Python error: Aborted")
    with Logs(tmp_path) as logs:
        assert logs.last_crash == "Fatal Python error: Aborted"
    with Logs(tmp_path) as logs:
        assert logs.last_crash == "", "told once"


def test_no_place_for_a_log_is_no_reason_not_to_start(hooks: None, tmp_path: Path) -> None:
    with Logs(tmp_path / "missing") as logs:
        logging.getLogger("voicelanes").info("lost")
    assert logs.last_crash == ""


def test_log_folder_is_there() -> None:
    assert log_folder().is_dir()


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X displays")


@linux
@pytest.mark.parametrize(
    ("platform", "display", "wayland", "part"),
    [
        ("offscreen", "", "", None),
        ("", "", "wayland-0", None),
        ("", "", "", "DISPLAY is not set"),
        ("xcb", "", "wayland-0", "DISPLAY is not set"),
        ("", "nonsense", "", "does not answer"),
        ("", ":4711", "", "does not answer"),
        ("", "localhost:4711.0", "", "does not answer"),
    ],
)
def test_display_problem(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, wayland: str, part: str | None
) -> None:
    for name, value in (
        ("QT_QPA_PLATFORM", platform),
        ("DISPLAY", display),
        ("WAYLAND_DISPLAY", wayland),
    ):
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        problem = display_problem(stack)
    if part is None:
        assert problem is None
    else:
        assert part in str(problem)


@linux
def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str) -> None:
        raise OSError("libxcb-icccm.so.4: cannot open shared object file: No such file")

    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    with socket.socket(socket.AF_UNIX) as server, ExitStack() as stack:
        server.bind("\0/tmp/.X11-unix/X4712")
        server.listen()
        monkeypatch.setenv("DISPLAY", ":4712")
        monkeypatch.setattr("ctypes.CDLL", refuse)
        problem = str(display_problem(stack))
        assert "libraries that windows need are missing" in problem
        assert "libxcb-icccm4" in problem  # its package
