"""A private PipeWire with its PulseAudio server and session manager, with two loudspeakers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.e2e.sound_server import ASOUND, _alsa_config
from tests.e2e.sound_server import missing as no_client

ROOM, CALLERS = "room", "callers"
MICROPHONE = "vmic"
"""Hears the room."""
RATE = 48_000


def missing() -> str:
    """What this machine lacks; an empty string if nothing."""
    for program in ("pipewire", "pipewire-pulse", "wireplumber", "dbus-run-session"):
        if shutil.which(program) is None:
            return f"no {program} on this machine (Debian: pipewire-pulse, wireplumber, dbus)"
    return no_client()


class PipeWireServer:
    """Started by ``with``; ``environment`` leads ALSA and pulse clients to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        asound = folder / "asound.conf"
        asound.write_text(ASOUND)
        self._socket = folder / "pulse" / "native"
        self.environment = {
            "PULSE_SERVER": f"unix:{self._socket}",
            "ALSA_CONFIG_PATH": _alsa_config(folder, asound),
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }
        self._session: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PipeWireServer:
        self._session = subprocess.Popen(
            ["dbus-run-session", "--", "sh", "-c", "pipewire & wireplumber & exec pipewire-pulse"],
            env=self._environ(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + 20
        while not self._socket.exists() or self.pactl("info").returncode:
            if self._session.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise OSError("PipeWire does not start")
            time.sleep(0.1)
        for words in (
            ("module-null-sink", f"sink_name={ROOM}", f"rate={RATE}"),
            ("module-null-sink", f"sink_name={CALLERS}", f"rate={RATE}"),
            ("module-remap-source", f"source_name={MICROPHONE}", f"master={ROOM}.monitor"),
        ):
            if self.pactl("load-module", *words).returncode:
                self.__exit__()
                raise OSError(f"{words[0]} can't be loaded")
        self.pactl("set-default-sink", CALLERS)
        self.pactl("set-default-source", MICROPHONE)
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            os.killpg(self._session.pid, signal.SIGTERM)
            try:
                self._session.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self._session.pid, signal.SIGKILL)
                self._session.wait()
            self._session = None

    def pactl(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *words], env=self._environ(), capture_output=True, timeout=10, check=False
        )

    def speak(self, sound: NDArray[np.int16], rate: int, sink: str) -> subprocess.Popen[bytes]:
        """A process that plays mono int16 to a loudspeaker; it ends when all is played."""
        path = self._folder / f"{sink}.raw"
        path.write_bytes(sound.astype("<i2").tobytes())
        words = ["paplay", f"--device={sink}", "--raw", f"--rate={rate}", "--channels=1"]
        return subprocess.Popen([*words, "--format=s16le", str(path)], env=self._environ())

    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.environment}
