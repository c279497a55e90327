"""A screen made of software: Xvfb, real keys and clicks by xdotool, its picture as an array."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 1280, 800
PATIENCE_S = 180.0
SMOOTHED = 70
"""A line between two pixels is drawn a little paler than its colour."""


def missing() -> str:
    """What this machine lacks for a screen; an empty string if nothing."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            return f"no {program} on this machine (Debian: xvfb, xdotool)"
    return ""


def wait_for(what: Callable[[], bool], description: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {description}")
        time.sleep(0.05)


class Screen:
    """An X server of its own, started by ``with``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Screen:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24",
             "-fbdir", str(self._folder), "-noreset", "-nolisten", "tcp",
             "-r"],  # a busy machine may hold a key so long that it would be typed again
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = f":{pipe.readline().strip()}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait()

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def picture(self) -> NDArray[np.uint8]:
        """What is on the screen: (height, width, 3), red first. Reads Xvfb's XWD file."""
        raw = (self._folder / "Xvfb_screen0").read_bytes()
        header = np.frombuffer(raw, ">u4", 25)
        width, height, stride, colours = header[4], header[5], header[12], header[19]
        pixels = np.frombuffer(raw, np.uint8, height * stride, header[0] + 12 * colours)
        little = header[7] == 0
        bgrx = pixels.reshape(height, stride // 4, 4)[:, :width]
        return bgrx[:, :, 2::-1] if little else bgrx[:, :, 1:]

    def still(self) -> NDArray[np.uint8]:
        """The picture once nothing moves any more."""
        before = self.picture()
        while True:
            time.sleep(0.4)
            now = self.picture()
            if np.array_equal(before, now):
                return now
            before = now

    def columns_of(self, colour: str, least: int) -> NDArray[np.intp]:
        """Where from left to right at least so many pixels of a column have this colour."""
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        near = abs(self.picture().astype(int) - rgb).max(axis=2) <= SMOOTHED
        return np.flatnonzero(near.sum(axis=0) >= least)

    def do(self, *words: str) -> str:
        """Run xdotool; its output, empty if it failed."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=60
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    def window(self, title: str) -> str:
        """The id of the visible window with this in its title, empty if there is none."""
        return self.do("search", "--onlyvisible", "--name", title).partition("\n")[0]

    def focus(self, title: str) -> None:
        """Wait for a window and give it the keyboard; there is no window manager to do that."""
        wait_for(lambda: bool(self.window(title)), f"a window called {title}")
        self.do("windowfocus", "--sync", self.window(title))

    def keys(self, *names: str) -> None:
        self.do("key", "--delay", "30", *names)

    def type(self, text: str) -> None:
        self.do("type", "--delay", "10", text)

    def click(self, x: int, y: int, times: int = 1) -> None:
        self.do("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "50", "1")


class App:
    """The program in a process of its own; killed at the end of ``with`` if it still runs."""

    def __init__(
        self, screen: Screen, folder: Path, *words: str, under: Sequence[str] = ()
    ) -> None:
        self._stderr = folder / "stderr.txt"
        self._screen, self._words = screen, words
        self._under = under  # a program that starts it

    def __enter__(self) -> App:
        with self._stderr.open("w") as stderr:
            self.process = subprocess.Popen(
                [*self._under, sys.executable, "-m", "app.main", *self._words],
                cwd=ROOT,
                env=self._screen.environment,
                stderr=stderr,
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            print(f"exit code {self.process.poll()}, stderr:\n{self.stderr()}")
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stderr(self) -> str:
        return self._stderr.read_text()

    def ended_well(self) -> bool:
        """Exit code 0 and not a word of a defect."""
        code = self.process.wait(PATIENCE_S)
        said = self.stderr()
        return code == 0 and "Traceback" not in said and "QThread" not in said
