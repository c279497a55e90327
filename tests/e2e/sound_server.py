"""A private PulseAudio daemon with a virtual loudspeaker: PortAudio for real, without hardware."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SINK = "vspk"
MICROPHONE = "vmic"
"""Hears what the loudspeaker plays, bit for bit, under the name that follows."""
MICROPHONE_NAME = "Virtual_Microphone"
RATE = 16000
"""As the player plays it: what is recorded is then the same, bit for bit."""
CONFIG = """\
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name={sink} rate={rate} channels=1 format=s16le
load-module module-remap-source source_name={mic} master={sink}.monitor {named}
set-default-sink {sink}
set-default-source {mic}
"""
ASOUND = """\
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
PLUGIN = "libasound_module_pcm_pulse.so"


def missing() -> str:
    """What this machine lacks for a sound server; an empty string if nothing."""
    for program in ("pulseaudio", "pactl", "parec"):
        if shutil.which(program) is None:
            return f"no {program} on this machine (Debian: pulseaudio, pulseaudio-utils)"
    folders = [*Path("/usr/lib").glob("*/alsa-lib"), Path("/usr/lib/alsa-lib")]
    if not any((folder / PLUGIN).exists() for folder in folders):
        return "ALSA has no pulse plugin here (Debian: libasound2-plugins)"
    return ""


class SoundServer:
    """Started by ``with``; ``environment`` leads ALSA and pulse clients to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "pulse.socket"
        asound = folder / "asound.conf"
        asound.write_text(ASOUND)
        self.environment = {
            "PULSE_SERVER": f"unix:{self._socket}",
            "ALSA_CONFIG_PATH": _alsa_config(folder, asound),
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }
        self._daemon: subprocess.Popen[bytes] | None = None
        self._wakers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> SoundServer:
        config = self._folder / "default.pa"
        named = f"source_properties=device.description={MICROPHONE_NAME}"
        names = {"sink": SINK, "mic": MICROPHONE, "named": named}
        config.write_text(CONFIG.format(socket=self._socket, rate=RATE, **names))
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "-F", str(config)]
        self._daemon = subprocess.Popen(
            [*command, "--log-level=error"],
            env=self._environ(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 10
        while not self._socket.exists() or self.pactl("info").returncode:
            if self._daemon.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise OSError("the pulseaudio daemon does not start")
            time.sleep(0.05)
        self._keep_awake(SINK)
        return self

    def _keep_awake(self, sink: str) -> None:
        """An idle sink takes its first block only after a second."""
        with open("/dev/zero", "rb") as zero:
            self._wakers.append(
                subprocess.Popen(
                    ["pacat", "--playback", "--raw", "--latency-msec=20", f"--device={sink}"],
                    env=self._environ(),
                    stdin=zero,
                    stderr=subprocess.DEVNULL,
                )
            )

    def __exit__(self, *_: object) -> None:
        while self._wakers:
            waker = self._wakers.pop()
            waker.kill()
            waker.wait()
        if self._daemon is not None:
            self.kill()
            self._daemon = None

    def pactl(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *words], env=self._environ(), capture_output=True, timeout=10, check=False
        )

    def add_microphone(self, name: str) -> None:
        """Another loudspeaker that sleeps, and a microphone of this name that hears it."""
        sink = f"{name}_speaker"
        layout = f"rate={RATE}", "channels=1"
        named = f"source_properties=device.description={name}_Microphone"
        for words in (
            ("module-null-sink", f"sink_name={sink}", *layout),
            ("module-remap-source", f"source_name={name}", f"master={sink}.monitor", named),
        ):
            if self.pactl("load-module", *words).returncode:
                raise OSError(f"{words[0]} can't be loaded")

    def add_loudspeaker(self, sink: str, rate: int, channels: int = 2) -> None:
        """Another loudspeaker; what it plays is heard by ``sink.monitor``."""
        words = ("module-null-sink", f"sink_name={sink}", f"rate={rate}", f"channels={channels}")
        if self.pactl("load-module", *words).returncode:
            raise OSError(f"{words[0]} can't be loaded")
        self._keep_awake(sink)

    def unload(self, argument: str) -> None:
        """Take away the module that was loaded with this argument."""
        modules = self.pactl("list", "short", "modules").stdout.decode().splitlines()
        (number,) = [line.split()[0] for line in modules if f"{argument} " in f"{line} "]
        if self.pactl("unload-module", number).returncode:
            raise OSError(f"{argument} can't be unloaded")

    def add_source(self, name: str, master: str, rate: int, description: str) -> None:
        """A microphone that hears what a loudspeaker plays."""
        named = f"source_properties=device.description={description}"
        layout = f"rate={rate}", "channels=1"
        words = ("module-remap-source", f"source_name={name}", f"master={master}.monitor", named)
        if self.pactl("load-module", *words, *layout).returncode:
            raise OSError(f"{words[0]} can't be loaded")

    def carry_to(self, source: str) -> None:
        """Give what this process records another source, as a person does in pavucontrol."""
        streams = json.loads(self.pactl("--format=json", "list", "source-outputs").stdout)
        (own,) = [
            stream["index"]
            for stream in streams
            if stream["properties"].get("application.process.id") == str(os.getpid())
        ]
        if self.pactl("move-source-output", str(own), source).returncode:
            raise OSError(f"the stream can't be carried to {source}")

    def kill(self) -> None:
        """The daemon is gone, as after a crash."""
        assert self._daemon is not None
        self._daemon.kill()
        self._daemon.wait()

    def speak(
        self, sound: NDArray[np.int16], rate: int = RATE, sink: str = SINK
    ) -> subprocess.Popen[bytes]:
        """A process that plays mono int16 into the microphone (or what hears another loudspeaker);
        it ends when all is played."""
        path = self._folder / f"{sink}.raw"
        path.write_bytes(sound.astype("<i2").tobytes())
        words = ["paplay", f"--device={sink}", "--raw", f"--rate={rate}", "--channels=1"]
        return subprocess.Popen([*words, "--format=s16le", str(path)], env=self._environ())

    def listen(self, rate: int) -> subprocess.Popen[bytes]:
        """A process whose standard output is what the loudspeaker plays: int16 mono."""
        command = ["parec", f"--device={SINK}.monitor", f"--rate={rate}", "--channels=1"]
        return subprocess.Popen(
            [*command, "--format=s16le", "--raw", "--latency-msec=20"],
            env=self._environ(),
            stdout=subprocess.PIPE,
        )

    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


def _alsa_config(folder: Path, own: Path) -> str:
    """ALSA's own configuration (it defines the plugin types), then ours."""
    system = Path("/usr/share/alsa/alsa.conf")
    return f"{system}:{own}" if system.exists() else str(own)
