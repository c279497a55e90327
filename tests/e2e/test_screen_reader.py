"""The window as screen readers find it: over AT-SPI, with Debian's Qt.

The Qt in PyQt5's wheel is built without that bridge, so this needs Debian's ``python3-pyqt5``,
``python3-pyatspi`` and ``at-spi2-core``, and a Python of the same version.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.screen import ROOT, Screen, missing

SYSTEM = "/usr/bin/python3"
PACKAGES = Path("/usr/lib/python3/dist-packages")


def lacking() -> str:
    """What this machine lacks; an empty string if nothing."""
    if missing():
        return missing()
    for part in ("PyQt5", "pyatspi"):
        if not (PACKAGES / part).is_dir():
            return f"no {part} of the system (Debian: python3-pyqt5, python3-pyatspi)"
    if shutil.which("dbus-run-session") is None:
        return "no dbus-run-session on this machine (Debian: dbus, at-spi2-core)"
    version = "import sys; print(*sys.version_info[:2], sep='.')"
    theirs = subprocess.run([SYSTEM, "-c", version], capture_output=True, text=True, check=False)
    ours = ".".join(map(str, sys.version_info[:2]))
    if theirs.stdout.strip() != ours:
        return f"the system's Python is {theirs.stdout.strip()}, this one {ours}"
    return ""


pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(bool(lacking()), reason=lacking() or "-"),
]


def test_a_screen_reader_finds_every_control_by_name(tmp_path: Path) -> None:
    qt = tmp_path / "qt"
    qt.mkdir()
    (qt / "PyQt5").symlink_to(PACKAGES / "PyQt5")
    with Screen(tmp_path) as screen:
        environment = {
            **screen.environment,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_PLUGIN_PATH": "",
            "PYTHONPATH": os.pathsep.join([str(qt), str(ROOT)]),
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(tmp_path),
        }
        script = (
            f'"{sys.executable}" -m app.main & window=$!\n'
            f'env -u PYTHONPATH {SYSTEM} "{Path(__file__).with_name("screen_reader.py")}"\n'
            "answer=$?; kill -TERM $window; wait $window; exit $answer"
        )
        with subprocess.Popen(
            ["dbus-run-session", "--", "sh", "-c", script],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as session:
            try:
                out, errors = session.communicate(timeout=300)
            finally:
                if session.poll() is None:
                    os.killpg(session.pid, signal.SIGKILL)
    assert session.returncode == 0, errors
    heard = json.loads(out.splitlines()[-1])
    assert not heard["nameless"]
    assert heard["roles"]["menu item"] > 100
    assert heard["roles"]["push button"] > 5
