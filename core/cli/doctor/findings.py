"""What Voicelanes stands on here: versions, devices, models, and how to get what is missing."""

from __future__ import annotations

import importlib
import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from typing import TYPE_CHECKING

from core.child import again
from core.cli.shared import RECOVER
from core.errors import VoicelanesError
from core.extras import MODULES, Extra, absent, how_to_add, pip_install
from core.libraries import sound_remedy, window_problem
from core.version import described

if TYPE_CHECKING:
    from core.models.manifest import ModelSet

_ESSENTIAL = ("numpy", "scipy", "onnxruntime", "soundfile", "soxr")
_USEFUL = (
    ("av", "m4a, mp4 and webm can't be read"),
    ("resvg-py", "no pictures"),
    ("tqdm", "no progress bar"),
    ("PyQt5", "no window"),
    ("pyqtgraph", "no window"),
    ("PyAudio", "no microphone and no playback; on Linux portaudio19-dev comes first"),
)
_EXTRAS: tuple[tuple[Extra, str], ...] = (
    ("archive", "only voicelanes archive and watch need it"),
    ("train", "only training, import and --engine keras need it"),
    ("words", "only voicelanes words --with faster-whisper needs it"),
)

_WINDOW = """
import ctypes, os, sys
from PyQt5 import QtCore, QtSvg, QtWidgets
if sys.platform == "linux":
    plugins = QtCore.QLibraryInfo.location(QtCore.QLibraryInfo.PluginsPath)
    ctypes.CDLL(os.path.join(plugins, "platforms", "libqxcb.so"))
print("Qt", QtCore.QT_VERSION_STR)
"""
"""As the window's start does it, in a process of its own: the engine knows no Qt."""

_DEVICES = """
import pyaudio
audio = pyaudio.PyAudio()
for i in range(audio.get_device_count()):
    d = audio.get_device_info_by_index(i)
    ways = [w for w, n in (("in", d["maxInputChannels"]), ("out", d["maxOutputChannels"])) if n]
    print("/".join(ways), int(d["defaultSampleRate"]), d["name"], sep="\\t")
"""
QUESTIONS = {"window": _WINDOW, "devices": _DEVICES}
"""What is asked in processes of their own, by ``voicelanes doctor --ask NAME``."""
_ANSWER_WITHIN_S = 15


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: str
    to_do: str = ""
    """How to get it right; empty if it is."""
    broken: bool = False
    """Whether Voicelanes can't do its main job without it."""

    def __str__(self) -> str:
        mark = "BROKEN " if self.broken else "missing" if self.to_do else "ok     "
        return f"{mark} {self.what}: {self.state}" + (f"; {self.to_do}" if self.to_do else "")


def examine() -> Iterator[Finding]:
    """Look at everything, one finding at a time."""
    yield _system()
    for name in _ESSENTIAL:
        yield _package(name, "recordings can't be read or understood", essential=True)
    for name, loss in _USEFUL:
        yield _package(name, loss, essential=False)
    yield from _libraries()
    yield from _window()
    for extra, use in _EXTRAS:
        yield _extra(extra, use)
    yield from _models()
    yield from _devices()
    yield from _interrupted()


def _system() -> Finding:
    python = platform.python_version()
    return Finding(
        f"Voicelanes {described()}",
        f"Python {python} on {platform.platform()}, {os.cpu_count()} processors",
    )


def _package(name: str, loss: str, *, essential: bool) -> Finding:
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, f"not installed ({loss})", pip_install(name), broken=essential)
    if not essential:
        return Finding(name, found)
    try:
        importlib.import_module(name)
    except Exception as error:  # a broken native library can raise anything
        again = pip_install("--force-reinstall", name)
        return Finding(name, f"{found} doesn't load ({error})", again, broken=True)
    return Finding(name, found)


def _libraries() -> Iterator[Finding]:
    """The native libraries that decode sound."""
    try:
        import soundfile

        known = soundfile.available_formats()
        kinds = ", ".join(kind for kind in ("WAV", "FLAC", "OGG", "MP3") if kind in known)
        yield Finding("libsndfile", f"{soundfile.__libsndfile_version__} reads {kinds}")
    except Exception as error:
        yield Finding(
            "libsndfile",
            f"doesn't load ({error})",
            f"{pip_install('--force-reinstall', 'soundfile')}, or install libsndfile1",
            broken=True,
        )
    if util.find_spec("av") is None:
        return
    try:
        import av

        versions = ", ".join(
            f"{name} {'.'.join(map(str, number))}" for name, number in av.library_versions.items()
        )
        yield Finding("ffmpeg", versions)
    except Exception as error:
        yield Finding("ffmpeg", f"doesn't load ({error})", pip_install("--force-reinstall", "av"))


def _window() -> Iterator[Finding]:
    """Whether Qt and its platform plug-in load, with all that they are linked with."""
    if util.find_spec("PyQt5") is None:
        return  # told as a package
    try:
        done = _asked("window")
    except (OSError, subprocess.TimeoutExpired) as error:
        yield Finding("window", f"can't be asked for ({error})", "try again", broken=True)
        return
    if not done.returncode:
        yield Finding("window", f"{done.stdout.strip()} loads")
        return
    said = done.stderr.strip().splitlines() or [f"Qt ends with code {done.returncode}"]
    problem, to_do = window_problem(said[-1])
    yield Finding("window", f"can't open (the commands work); {problem}", to_do, broken=True)


def _asked(question: str) -> subprocess.CompletedProcess[str]:
    """What such a process of ours answers."""
    command, environment = again("doctor", "--ask", question)
    return subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_ANSWER_WITHIN_S,
    )


def _extra(extra: Extra, use: str) -> Finding:
    missing = absent(*MODULES[extra])
    if missing:
        state = f"not there: {', '.join(missing)}; {use}"
        return Finding(f"[{extra}]", state, how_to_add(extra))
    return Finding(f"[{extra}]", ", ".join(map(_with_version, MODULES[extra])))


def _with_version(name: str) -> str:
    for distribution in (name, f"{name}-cpu"):  # tensorflow-cpu is tensorflow without CUDA
        try:
            return f"{name} {metadata.version(distribution)}"
        except metadata.PackageNotFoundError:
            continue
    return name


def _models() -> Iterator[Finding]:
    """The set in use; where it can't be used, the one that comes with the program as well."""
    try:
        from core.models.folders import SHIPPED, chosen_name, current_models

        problems: list[str] = []
        models = current_models(on_problem=problems.append)
        if problems:
            yield Finding("models in use", problems[0], "voicelanes models use shipped")
        elif (name := chosen_name()) != SHIPPED:
            yield Finding("models in use", f"{name}, in {models.folder}")
        intact = True
        for entry, problem in models.verify_all():
            intact &= problem is None
            if problem:
                yield Finding(entry.file, problem, broken=True)
            else:
                yield Finding(entry.file, f"intact, {entry.size / 1e6:.1f} MB")
        if intact:
            yield _encoder_runs(models)
    except (VoicelanesError, ImportError) as error:
        yield Finding("models", str(error), broken=True)


def _encoder_runs(models: ModelSet) -> Finding:
    """A second of noise through the encoder: the one native part that is not merely a version."""
    import numpy as np

    from core.stream.encoder import OnnxEncoder

    try:
        encoder = OnnxEncoder(models)
        noise = np.random.default_rng(0).normal(0, 0.1, (1, encoder.window)).astype(np.float32)
        length = float(np.linalg.norm(encoder.embed(noise)[:, : encoder.dim]))
    except Exception as error:
        return Finding("encoder", f"doesn't run ({error})", "reinstall onnxruntime", broken=True)
    if not 0.99 < length < 1.01:
        state = f"gives embeddings of length {length:.3f} instead of 1"
        return Finding("encoder", state, "reinstall onnxruntime", broken=True)
    return Finding("encoder", f"runs, embeddings of {encoder.dim}")


def _interrupted() -> Iterator[Finding]:
    """Recordings that a crash left without their end."""
    from core.audio.recorder import find_interrupted

    for unfinished in find_interrupted():
        state = f"{unfinished.path} was interrupted while recording"
        yield Finding("end of a recording", state, RECOVER)


def _devices() -> Iterator[Finding]:
    """Sound devices, asked for in a process of its own: a sound server that hangs can't hang us."""
    if util.find_spec("pyaudio") is None:
        return
    to_do = "plug in a microphone, start the sound server, or look at the system's sound settings"
    try:
        asked = _asked("devices")
    except subprocess.TimeoutExpired:
        state = f"the sound system gave no answer in {_ANSWER_WITHIN_S} s"
        yield Finding("sound devices", state, to_do)
        return
    except OSError as error:
        yield Finding("sound devices", f"can't be asked for ({error.strerror})", to_do)
        return
    if asked.returncode:
        said = asked.stderr.strip().splitlines() or ["no reason given"]
        to_do = sound_remedy(said[-1]) or to_do
        yield Finding("sound devices", f"can't be asked for ({said[-1]})", to_do)
        return
    devices = [line.split("\t", 2) for line in asked.stdout.splitlines() if line.count("\t") >= 2]
    if not devices:
        yield Finding("sound devices", "none; recordings can still be opened", to_do)
    elif not any("in" in ways.split("/") for ways, _, _ in devices):
        yield Finding("microphone", "none; recordings can still be opened", to_do)
    for ways, rate, name in devices:
        yield Finding("sound device", f"{name} ({ways}, {rate} Hz)")
