import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core import libraries
from core.libraries import WINDOW, missing, sound_remedy, window_problem

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt's wheel brings all")


@pytest.fixture
def without(monkeypatch):
    """A system with apt-get that lacks some libraries."""
    lacks = set()
    loads = libraries._loads
    monkeypatch.setattr(libraries, "_loads", lambda name: name not in lacks and loads(name))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    return lacks


@pytest.mark.skipif(shutil.which("ldd") is None, reason="needs ldd")
def test_all_that_qt_is_linked_with_is_known():
    """The table against the files of the wheel: what they name, and the wheel doesn't bring."""
    qt = Path(__import__("PyQt5").__file__).parent / "Qt5"
    files = [qt / "lib" / f"libQt5{name}.so.5" for name in ("Core", "Gui", "Widgets", "Svg")]
    plugins = ("xcb", "wayland-generic", "wayland-egl")
    files += [qt / "plugins" / "platforms" / f"libq{name}.so" for name in plugins]
    assert all(file.exists() for file in files)
    said = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True).stdout
    linked = {line.split()[0] for line in said.splitlines() if "=>" in line}
    brought = {path.name for path in (qt / "lib").iterdir()}
    always = (
        "libc.",
        "libm.",
        "libdl.",
        "libpthread.",
        "librt.",
        "libgcc_s.",
        "libstdc++.",
        "libz.",
    )
    direct = {name for name in WINDOW if name in linked}
    assert len(direct) >= 20
    unknown = {name for name in linked - brought - set(WINDOW) if not name.startswith(always)}
    # What is left comes with packages of the table, as what those libraries are linked with.
    beneath = set()
    for name in direct:
        path = next(line.split()[2] for line in said.splitlines() if line.split()[0] == name)
        below = subprocess.run(["ldd", path], capture_output=True, text=True).stdout
        beneath |= {line.split()[0] for line in below.splitlines()}
    assert unknown <= beneath


def test_here_all_are_there_and_a_missing_one_is_seen(without):
    assert missing() == []
    without.add("libEGL.so.1")
    assert missing() == ["libEGL.so.1"]


def test_all_that_is_missing_is_named_not_only_what_failed_first(without):
    without |= {"libgthread-2.0.so.0", "libxcb-icccm.so.4", "libGL.so.1"}
    problem, to_do = window_problem("libgthread-2.0.so.0: cannot open shared object file: No such")
    assert problem == (
        "libraries that windows need are missing"
        " (libgthread-2.0.so.0, libGL.so.1, libxcb-icccm.so.4)"
    )
    assert to_do == "apt-get install libglib2.0-0 libgl1 libxcb-icccm4"


def test_many_are_counted_and_every_package_is_named(without):
    without |= set(WINDOW)
    problem, to_do = window_problem("libgthread-2.0.so.0: cannot open shared object file")
    assert problem.endswith(f" and {len(WINDOW) - 3} more)")
    assert to_do.split()[2:] == list(dict.fromkeys(WINDOW.values()))


def test_portaudio_is_asked_for_where_it_is_what_is_missing(without):
    said = "ImportError: libportaudio.so.2: cannot open shared object file: No such file"
    assert sound_remedy(said) == "apt-get install libportaudio2"
    assert sound_remedy("OSError: no default device") is None


def test_a_library_that_nobody_thought_of_is_named(without):
    problem, to_do = window_problem("libnew-4.2.so.7: cannot open shared object file: No such file")
    assert problem == "a library that windows need is missing (libnew-4.2.so.7)"
    assert "package manager" in to_do


def test_on_other_systems_than_debian_the_library_is_what_helps(without, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    without.add("libGL.so.1")
    assert "package manager" in window_problem("libGL.so.1: cannot open")[1]


def test_a_part_of_qt_that_is_not_installed(without):
    problem, to_do = window_problem("No module named 'PyQt5.QtSvg'")
    assert problem == "PyQt5.QtSvg, which windows need, is not installed"
    assert to_do.endswith(" -m pip install PyQt5")


def test_what_is_no_missing_library_is_told_as_it_is(without):
    problem, to_do = window_problem("libQt5Core.so.5: undefined symbol: x")
    assert "undefined symbol: x" in problem
    assert "--force-reinstall PyQt5" in to_do


def test_a_bare_python_prints_packages():
    """As .ci/system-packages asks, before anything is installed: there are no site-packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import runpy, sys; sys.path.insert(0, sys.argv[1]);"
         "import ctypes; ctypes.CDLL = lambda name: (_ for _ in ()).throw(OSError(name));"
         "runpy.run_module('core.libraries', run_name='__main__')", str(ROOT)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == list(dict.fromkeys(WINDOW.values()))
