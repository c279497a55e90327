"""The command ``voicelanes``: which words open the window, which work in the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import main as command
from core import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """The window's recordings, if a window was opened."""
    windows: list[list[Path]] = []
    monkeypatch.setattr(command, "open_window", lambda paths: windows.append(paths) or 0)
    return windows


def test_without_arguments_the_window_opens(opened: list[list[Path]]) -> None:
    assert command.main([]) == 0
    assert opened == [[]]


def test_a_file_opens_in_the_window(opened: list[list[Path]], tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    path.touch()
    assert command.main([str(path)]) == 0
    assert opened == [[path]]


def test_several_files_open_in_the_window(opened: list[list[Path]], tmp_path: Path) -> None:
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for path in paths:
        path.touch()
    assert command.main([str(path) for path in paths]) == 0
    assert opened == [paths]


@pytest.mark.parametrize("words", [["--version"], ["-h"], *([name] for name in cli.COMMANDS)])
def test_commands_and_options_go_to_the_terminal(
    opened: list[list[Path]], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda argv: seen.append(list(argv)) or 5)
    assert command.main(words) == 5
    assert seen == [words]
    assert not opened


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["diarise"], 2, "did you mean: voicelanes diarize"),
        (["xyzzy"], 2, "see: voicelanes --help"),
        (["talk.wav"], 1, "there is no file talk.wav"),
        (["somewhere/talk"], 1, "there is no file"),
        (["pyproject.toml", "b.wav"], 1, "there is no file b.wav"),
        (["diarise", "pyproject.toml"], 2, "did you mean: voicelanes diarize"),
    ],
)
def test_what_is_neither_is_told_in_one_line(
    opened: list[list[Path]],
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    part: str,
) -> None:
    assert command.main(words) == code
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert part in error
    assert not opened


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python code in a process of its own; a variable that is empty is not set."""
    env = {k: v for k, v in {**os.environ, **environment}.items() if v}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120
    )


def test_the_terminal_needs_no_qt() -> None:
    done = run(
        "import sys; from app.main import main; code = main(['--version']);"
        "sys.exit(code or any(m.startswith(('PyQt5', 'pyqtgraph')) for m in sys.modules))"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks for an X display")
def test_no_display_is_one_line_with_the_way_out() -> None:
    done = run(
        "import sys; from app.main import main; sys.exit(main([]))",
        QT_QPA_PLATFORM="",
        DISPLAY="",
        WAYLAND_DISPLAY="",
    )
    assert done.returncode == 1
    assert done.stderr == (
        "voicelanes: there is no display here (DISPLAY is not set); "
        "to work without a window use: voicelanes diarize FILE\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt's wheel brings all")
@pytest.mark.parametrize("lacks", ["libgthread-2.0.so.0", "libGL.so.1"])
def test_a_library_that_qt_needs_is_named_in_one_line(lacks: str, tmp_path: Path) -> None:
    """The loader finds a file of this name first, and it is no library."""
    (tmp_path / lacks).write_bytes(b"")
    done = run(
        "import sys; from app.main import main; sys.exit(main([]))", LD_LIBRARY_PATH=str(tmp_path)
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"voicelanes: a library that windows need is missing ({lacks}): ")
    assert done.stderr.endswith("to work without a window use: voicelanes diarize FILE\n")
    assert done.stderr.count("\n") == 1


def test_qt_that_is_not_installed_is_one_line() -> None:
    done = run(
        "import sys; sys.modules['PyQt5.QtSvg'] = None;"
        "from app.main import main; sys.exit(main([]))"
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "PyQt5" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks for an X display")
def test_a_display_that_is_not_there_is_no_abort() -> None:
    done = run(
        "import sys; from app.main import main; sys.exit(main([]))",
        QT_QPA_PLATFORM="",
        DISPLAY=":4711",
    )
    assert done.returncode == 1
    assert "the display :4711 does not answer" in done.stderr
    assert done.stderr.count("\n") == 1


def test_nothing_heavy_is_loaded_before_the_window_is_painted() -> None:
    """Whatever the machine's speed: this is what keeps the start under a second."""
    done = run(
        """
import os
import sys
from app.main import make_application
from app.window.main_window import MainWindow
application = make_application()
heavy = "onnxruntime scipy av resvg_py pyaudio torch tensorflow core.pipeline core.formats".split()
seen = []
window = MainWindow(prepare=lambda: None)
window.first_painted.connect(lambda: seen.extend([m for m in heavy if m in sys.modules]))
window.first_painted.connect(window.close)
window.show()
application.exec()
print(f"loaded too early: {seen}", file=sys.stderr, flush=True)
os._exit(bool(seen))  # taking Qt apart is another test's
"""
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal comes there")
def test_a_signal_while_the_window_appears_ends_it() -> None:
    """There is no loop yet that could be ended: it is heeded once there is."""
    done = run(
        """
import os, signal, sys
from app.main import open_window
from app.window.main_window import MainWindow
class Told(MainWindow):
    def showEvent(self, event):
        os.kill(os.getpid(), signal.SIGTERM)
        super().showEvent(event)
import app.window.main_window
app.window.main_window.MainWindow = Told
sys.exit(open_window())
""",
        QT_QPA_PLATFORM="offscreen",
    )
    assert done.returncode == 0, done.stderr


def test_the_whole_window_from_start_to_end(sample: Path) -> None:
    """Open with a file, listen for real, quit by closing: exit code 0 and a quiet stderr."""
    done = run(
        f"""
import sys
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication
from app import main

def look():
    window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "main")
    if window.session.complete:
        timer.stop()
        print(len(window.session.annotation.speakers), window.bar.state.text())
        window.close()

timer = QTimer()
make = main.make_application

def make_and_look():
    application = make()
    timer.moveToThread(application.thread())
    timer.timeout.connect(look)
    timer.start(100)
    return application

main.make_application = make_and_look
sys.exit(main.main([{str(sample)!r}]))
"""
    )
    assert done.returncode == 0, done.stderr
    speakers, state = done.stdout.split()
    assert int(speakers) >= 2
    assert state == "Ready"
    assert "Traceback" not in done.stderr
    assert "QThread" not in done.stderr
