"""Libraries of the system that the window needs: which are missing, and which packages have them.

PyQt5's wheel brings Qt, but not what Qt stands on; on Linux that is the distribution's. As a
program, ``python -m core.libraries`` prints the Debian packages of what is missing, one a line.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import sys

from .extras import pip_install

WINDOW = {
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libXext.so.6": "libxext6",
    "libxcb.so.1": "libxcb1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""What Qt and its plug-ins for X and Wayland are linked with, and Debian's name of its package.

Since Debian 13 and Ubuntu 24.04 some of these packages have another name (libglib2.0-0t64), but
apt-get takes this one too; dpkg doesn't, so the library itself is asked for.
"""

SOUND = {"libportaudio.so.2": "libportaudio2"}
"""What PyAudio is linked with."""

_NAMED = re.compile(r"\blib[\w.+-]+\.so[\w.]*")


def missing() -> list[str]:
    """Those of :data:`WINDOW` that can't be loaded; none on other systems than Linux."""
    return [name for name in WINDOW if not _loads(name)] if sys.platform == "linux" else []


def window_problem(said: str) -> tuple[str, str]:
    """Why no window can open, and what to do.

    Parameters
    ----------
    said
        By the loader or by Python, about the first thing that was missing.
    """
    if (module := re.search(r"No module named '([\w.]+)'", said)) is not None:
        return f"{module[1]}, which windows need, is not installed", pip_install("PyQt5")
    named = _NAMED.search(said)
    names = missing()
    if named is not None and named[0] not in WINDOW and not _loads(named[0]):
        names.append(named[0])
    if not names:
        again = pip_install("--force-reinstall", "PyQt5")
        return f"what windows need doesn't load ({said})", again
    what = "libraries that windows need are" if len(names) > 1 else "a library that windows need is"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{what} missing ({', '.join(names[:3])}{more})", _remedy(names)


def sound_remedy(said: str) -> str | None:
    """What to do if PyAudio doesn't load because PortAudio is missing; None if it isn't that."""
    named = _NAMED.search(said)
    return _remedy([named[0]]) if named is not None and named[0] in SOUND else None


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _remedy(names: list[str]) -> str:
    known = WINDOW | SOUND
    packages = dict.fromkeys(known[name] for name in names if name in known)
    if not packages or shutil.which("apt-get") is None:
        return "install what has them with your system's package manager"
    return f"apt-get install {' '.join(packages)}"


if __name__ == "__main__":
    for package in dict.fromkeys(WINDOW[name] for name in missing()):
        print(package)
