"""The real window on a real X server, with the real engine, by keys and clicks alone."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
import pytest

from core.annotation.values import OKABE_ITO
from core.formats import json_file
from core.pipeline import diarize_file


def _load(name: str) -> ModuleType:
    """A helper beside this file; pytest's import mode puts no test folder on the path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


screens = _load("screen")
pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(bool(screens.missing()), reason=screens.missing() or "-"),
]
PLAYHEAD = "#C8102E"
TALL = 200
LANES_END = 680
"""Above the overview and the status bar, whose messages come and go."""


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Any]:
    with screens.Screen(tmp_path) as screen:
        yield screen


def playhead(screen: Any) -> float:
    """Where the playhead stands, in pixels from the left."""
    columns = screen.columns_of(PLAYHEAD, TALL)
    return float(columns.mean()) if len(columns) else -1.0


def wait_for_turns(screen: Any, target: Path) -> None:
    """Save the meeting: the dialog opens only once all turns are found."""

    def asked() -> bool:
        screen.keys("ctrl+s")
        return bool(screen.window("Save meeting as"))

    screens.wait_for(asked, "the dialog that saves the meeting")
    screen.focus("Save meeting as")
    screen.keys("ctrl+a")
    screen.type(str(target))
    screen.keys("Return")
    screens.wait_for(target.exists, target.name)


def test_from_opening_to_the_saved_turns(screen: Any, sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "talk.voicelanes.json"
    with screens.App(screen, tmp_path, str(sample)) as app:
        screen.focus("sample.opus")
        wait_for_turns(screen, target)
        screen.focus("talk.voicelanes.json")
        expected = diarize_file(sample).annotation
        assert json_file.read(target) == (expected, "sample")

        # a coloured lane for each speaker
        for colour in OKABE_ITO[: len(expected.speakers)]:
            assert len(screen.columns_of(colour, 10)) > 5, colour

        # a click moves the playhead to the pointer
        screen.click(500, 200)
        screens.wait_for(lambda: abs(playhead(screen) - 500) <= 2, "the playhead at 500")
        # N and P go from turn to turn, Ctrl+Right to the next edge
        places = [playhead(screen)]
        for key in ("n", "ctrl+Right", "Home"):
            screen.keys(key)
            screens.wait_for(lambda: playhead(screen) not in (-1.0, places[-1]), f"a move by {key}")
            places.append(playhead(screen))
        clicked, turn, edge, home = places
        assert home < clicked < turn < edge

        # zooming changes the picture, fitting brings it back
        screen.click(640, 5)  # nothing there: the pointer leaves the lanes
        screen.keys("Escape", "Escape", "Home")
        whole = screen.still()[:LANES_END]
        screen.keys("ctrl+1", "ctrl+1")
        screens.wait_for(lambda: (screen.picture()[:LANES_END] != whole).mean() > 0.02, "a zoom")
        screen.keys("ctrl+shift+f")
        again = screen.still()[:LANES_END]
        assert (again != whole).mean() < 3e-4  # smoothing may differ in a few pixels of a turn

        screen.keys("ctrl+g")
        screen.focus("Go to time")
        screen.type("0:30")
        screen.keys("Return")
        screen.focus("talk.voicelanes.json")
        screens.wait_for(lambda: playhead(screen) > home, "the playhead at 0:30")

        screen.keys("F1")
        screen.focus("Keyboard and mouse")
        screen.keys("Escape")
        screen.focus("talk.voicelanes.json")
        screen.keys("ctrl+q")
        assert app.ended_well(), app.stderr()


def test_open_by_typing_and_quit_in_mid_work(screen: Any, sample: Path, tmp_path: Path) -> None:
    with screens.App(screen, tmp_path) as app:
        screen.focus("Voicelanes")
        screen.keys("ctrl+o")
        screen.focus("Open recording")
        screen.type(str(sample))
        screen.keys("Return")
        screen.focus("sample.opus")
        screen.keys("ctrl+q")
        assert app.ended_well(), app.stderr()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_in_mid_work(
    screen: Any, sample: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    """Ctrl+C in the terminal that it was started from, or the end of the desktop session."""
    with screens.App(screen, tmp_path, str(sample)) as app:
        screen.focus("sample.opus")
        app.process.send_signal(sign)
        assert app.ended_well(), app.stderr()


def test_a_signal_in_the_middle_of_a_folder_leaves_nothing_behind(
    screen: Any, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its processes end with it, and the temporary folder is as it was."""
    pytest.importorskip("distributed", reason="needs the [archive] extra")
    talks, temporary = tmp_path / "talks", tmp_path / "temporary"
    for folder in (talks, temporary):
        folder.mkdir()
    for number in range(12):
        shutil.copyfile(sample, talks / f"{number}.opus")
    monkeypatch.setenv("TMPDIR", str(temporary))
    with screens.App(screen, tmp_path, str(talks)) as app:
        screen.focus("Voicelanes")
        models = "voicelanes-*/**/ghostvlad.onnx"  # they came to a worker
        screens.wait_for(lambda: any(temporary.glob(models)), "a worker")
        workers = psutil.Process(app.process.pid).children(recursive=True)
        app.process.send_signal(signal.SIGTERM)
        assert app.ended_well(), app.stderr()
    _, left = psutil.wait_procs(workers, timeout=screens.PATIENCE_S)
    assert not left
    assert list(temporary.iterdir()) == []
