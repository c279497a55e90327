"""Where the frozen app begins."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

INSIDE = Path(getattr(sys, "_MEIPASS", ""))
ALSA = Path("/usr/share/alsa/alsa.conf")


def give_back_library_path() -> None:
    """PyInstaller's loader points the loader of libraries here; programs of the system that are
    started from here (``pactl``, a browser) have their own. This program once more is to be loaded
    as if from outside, or it would look for its libraries where it was told no more."""
    if "LD_LIBRARY_PATH_ORIG" in os.environ:
        os.environ["LD_LIBRARY_PATH"] = os.environ.pop("LD_LIBRARY_PATH_ORIG")
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def lead_to_sound_server() -> None:
    """Where ALSA has no way to PulseAudio (or PipeWire in its place) of its own, it takes ours."""
    own = INSIDE / "alsa" / "alsa.conf"
    if "ALSA_CONFIG_PATH" in os.environ or not own.exists() or not ALSA.exists():
        return
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    served = "PULSE_SERVER" in os.environ or Path(runtime, "pulse", "native").exists()
    folders = [*Path("/usr").glob("lib*/alsa-lib"), *Path("/usr/lib").glob("*/alsa-lib")]
    if served and not any((f / "libasound_module_pcm_pulse.so").exists() for f in folders):
        os.environ["VOICELANES_ALSA"] = str(own.parent)
        os.environ["ALSA_CONFIG_PATH"] = f"{ALSA}:{own}"


def main() -> int:
    """The program, as pip installs it."""
    if sys.platform == "linux":
        give_back_library_path()
        lead_to_sound_server()
    if sys.platform == "win32" and sys.stderr is None:  # the windowed program has no terminal
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID("voicelanes")
    from voicelanes import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
