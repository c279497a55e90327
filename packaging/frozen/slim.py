"""What goes into the frozen app and what doesn't, what it weighs, and its licences."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterable
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

Entry = tuple[str, str, str]
"""Where it lies in the app, where it comes from, and its kind: PyInstaller's."""

EXCLUDED = [
    *("tensorflow", "keras", "torch", "uisrnn", "librosa", "numba", "h5py", "onnx", "sklearn"),
    *("distributed", "dask", "fsspec", "pyarrow", "cryptography", "pandas", "sympy", "jax"),
    *("tkinter", "_tkinter", "IPython", "jupyter_rfb", "pytest", "setuptools", "pip", "wheel"),
    *("PyInstaller", "lib2to3", "pydoc_data", "ensurepip", "idlelib", "turtledemo", "test"),
    *("pyqtgraph.opengl", "pyqtgraph.examples", "pyqtgraph.jupyter", "pyqtgraph.console", "OpenGL"),
    *(f"PyQt5.{name}" for name in ("QtTest", "QtNetwork", "QtOpenGL", "QtQml", "QtQuick")),
    *(f"PyQt5.{name}" for name in ("QtPrintSupport", "QtSql", "QtXml", "QtWebSockets")),
    *("PySide2", "PySide6", "PyQt6", "onnxruntime.quantization", "onnxruntime.transformers"),
    *("onnxruntime.tools", "onnxruntime.training", "onnxruntime.datasets"),
    *("scipy.datasets", "scipy.differentiate", "scipy.io", "scipy.odr", "scipy.misc"),
    *("matplotlib", "fontTools", "PIL", "cupy"),
]  # fmt: skip
"""Modules that nothing in a plain install uses; some are tried by others, which do without."""

LEFT_OUT = [
    "PyQt5/Qt5/translations/*",  # but KEPT
    "PyQt5/Qt5/qml/*",
    *("*/platforms/libqeglfs*", "*/platforms/libqlinuxfb*", "*/platforms/libqvnc*"),
    *("*/platforms/libqminimal*", "*/platforms/libqwebgl*", "*/platforms/qwebgl*"),
    *("*/platforms/qminimal*", "*/platformthemes/libqgtk3.so", "*/egldeviceintegrations/*"),
    *("*/xcbglintegrations/*", "*/wayland-graphics-integration-*/*", "*/printsupport/*"),
    *("*/platforminputcontexts/*virtualkeyboard*", "*/generic/*", "*/bearer/*", "*/sqldrivers/*"),
    *("*/imageformats/*qwebp*", "*/imageformats/*qtiff*", "*/imageformats/*qpdf*"),
    *("*/imageformats/*qtga*", "*/imageformats/*qwbmp*", "*/imageformats/*qicns*"),
    *("*/imageformats/*qgif*", "*opengl32sw.dll", "*d3dcompiler*", "*libEGL.dll", "*libGLESv2.dll"),
    "ttf_opensans/ttf/*",  # but KEPT
    *("*/tests/*", "*/include/*", "*.pyi", "*.pxd", "*.lib", "pyqtgraph/colors/*"),
    # As in every app that goes from one Linux to another: these belong to the machine. The sound
    # and graphics of a system speak to its own drivers.
    *("libasound.so.*", "libGL.so.*", "libEGL.so.*", "libGLX*", "libGLdispatch*", "libdrm*"),
    *("libmvec.so.*", "libgbm*", "libstdc++.so.*", "libgcc_s.so.*", "libX11.so.*", "libxcb.so.*"),
    *("libX11-xcb.so.*", "libfontconfig.so.*", "libfreetype.so.*", "libwayland-client.so.*"),
]  # fmt: skip
KEPT = ["PyQt5/Qt5/translations/qtbase_de.qm", "ttf_opensans/ttf/OpenSans-Regular.ttf"]


def version() -> str:
    """That of the wheel which is frozen."""
    return metadata.version("voicelanes")


def required() -> list[str]:
    """Modules of what a plain install stands on, also those that no import statement names."""
    asked = (Requirement(text) for text in metadata.requires("voicelanes") or [])
    names = {
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
    return sorted(
        module
        for module, providers in metadata.packages_distributions().items()
        if module.isidentifier() and not names.isdisjoint(map(canonicalize_name, providers))
    )


def python_licence() -> list[tuple[str, str]]:
    """The text, where the app looks for it."""
    text = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")
    return [(str(text), ".")] if text.is_file() else []


def alsa_plugins() -> list[Path]:
    """ALSA's way to a sound server, for systems that lack it (Debian: libasound2-plugins)."""
    for folder in [*Path("/usr/lib").glob("*/alsa-lib"), Path("/usr/lib64/alsa-lib")]:
        if (folder / "libasound_module_pcm_pulse.so").exists():
            return [folder / f"libasound_module_{kind}_pulse.so" for kind in ("pcm", "ctl")]
    raise SystemExit("ALSA's plug-in for PulseAudio isn't here: apt-get install libasound2-plugins")


def slim(analysis: Any, folder: Path) -> None:
    """Take out what nobody needs, and then the libraries that only this needed.

    What stands in for one of them is made in the folder.
    """
    analysis.datas = [one for one in analysis.datas if wanted(one[0])]
    analysis.binaries = [one for one in analysis.binaries if wanted(one[0])]
    if sys.platform == "linux":
        without_jack(analysis, folder)
        analysis.binaries = needed(analysis.binaries)
        # Links to libraries beside the app's folder, which PyInstaller makes for each of Qt's.
        there = {name for name, _, _ in analysis.binaries}
        analysis.datas = [
            one for one in analysis.datas if one[2] != "SYMLINK" or _end_of(one) in there
        ]


def wanted(name: str) -> bool:
    """Whether this belongs into the app."""
    name = name.replace(os.sep, "/")
    return any(fnmatch(name, kept) for kept in KEPT) or not any(
        fnmatch(name, pattern) for pattern in LEFT_OUT
    )


def _end_of(link: Entry) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(link[0]), link[1]))


def needed(binaries: list[Entry]) -> list[Entry]:
    """Without the shared libraries that nothing which is left is linked with."""
    # A list for each name: NumPy and SciPy bring one each.
    libraries: dict[str, list[Entry]] = defaultdict(list)
    for one in binaries:
        if _is_library(one):
            libraries[Path(one[0]).name].append(one)
    kept = [one for one in binaries if not _is_library(one)]
    waiting = list(kept)
    while waiting:
        for name in linked_with(waiting.pop()[1]):
            found = libraries.pop(name, [])
            kept += found
            waiting += found
    return kept


def _is_library(entry: Entry) -> bool:
    """A library that is there for others; no module of Python, no plug-in."""
    name, _, kind = entry
    at = Path(name).parent.as_posix()
    plain = kind == "BINARY" and bool(re.search(r"\.so(\.|$)", name)) and "libpython" not in name
    return plain and (at in (".", "PyQt5/Qt5/lib") or at.endswith(".libs"))


def linked_with(path: str) -> list[str]:
    """Names of the libraries in an ELF file's table."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", readelf("-d", path))


def without_jack(analysis: Any, folder: Path) -> None:
    """Put a library without a server in place of JACK's.

    Debian's PortAudio is linked with it. What goes along would only do for a server of the very
    same version, and it complains of files of another; ALSA and the sound servers are ways enough.
    """
    own = folder / "libjack.so.0"
    for name, source, _ in analysis.binaries:
        if Path(name).name.startswith("libportaudio.so"):
            said = readelf("--dyn-syms", source)
            answers = sorted(set(re.findall(r"UND (jack_\w+)", said)))
            code = "".join(f"void *{answer}(void) {{ return 0; }}\n" for answer in answers)
            command = ["cc", "-shared", "-fPIC", "-Os", "-s", f"-Wl,-soname,{own.name}"]
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run([*command, "-x", "c", "-o", own, "-"], input=code, text=True, check=True)
    analysis.binaries = [
        (name, str(own) if name == own.name else source, kind)
        for name, source, kind in analysis.binaries
    ]


def strip(app: Path) -> None:
    """Take out of every library what is for debuggers alone, where that leaves it loadable.

    Wheels move the parts of libraries about, and not every one can be put together again.
    """
    for path in sorted(app.rglob("*.so*")):
        if path.is_symlink() or not path.is_file() or path.read_bytes()[:4] != b"\x7fELF":
            continue
        smaller = path.with_name(path.name + ".stripped")
        done = subprocess.run(
            ["strip", "--strip-unneeded", "-o", smaller, path], capture_output=True, text=True
        )
        if done.returncode == 0 and _loadable(smaller, path):
            smaller.replace(path)
        else:
            smaller.unlink(missing_ok=True)


def _loadable(library: Path, original: Path) -> bool:
    """Whether it can be laid into memory, and is linked as the original is."""
    loads = re.findall(
        r"LOAD +(0x\w+) (0x\w+) 0x\w+ 0x\w+ 0x\w+ [RWE ]+ (0x\w+)", readelf("-l", str(library))
    )
    numbers = [[int(number, 16) for number in one] for one in loads]
    asked = ("-d", "--dyn-syms")
    return all((offset - address) % align == 0 for offset, address, align in numbers) and readelf(
        *asked, str(library)
    ) == readelf(*asked, str(original))


def readelf(*words: str) -> str:
    """What binutils says of an ELF file."""
    done = subprocess.run(["readelf", "-W", *words], capture_output=True, text=True)
    return re.sub(r"^(File: .*|Dynamic section at offset .*)$", "", done.stdout, flags=re.M)


def weights(analysis: Any) -> dict[str, int]:
    """Bytes of all that would go into the app."""
    return _summed(
        (name, os.path.getsize(source))
        for name, source, kind in [*analysis.binaries, *analysis.datas]
        if kind != "SYMLINK" and os.path.isfile(source)
    )


def weighed(app: Path) -> dict[str, int]:
    """Bytes of all that is in it."""
    inside = app / "_internal"
    files = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink()]
    return _summed(
        (str(path.relative_to(inside if inside in path.parents else app)), path.stat().st_size)
        for path in files
    )


def _summed(sizes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """By the first folder, of Qt by two more."""
    found: dict[str, int] = defaultdict(int)
    for name, size in sizes:
        parts = Path(name).parts
        depth = 3 if parts[0] == "PyQt5" else 1
        found["/".join(parts[: min(depth, max(1, len(parts) - 1))])] += size
    return found


def report(before: dict[str, int], after: dict[str, int], target: Path) -> None:
    """The heaviest, before and after, as a table."""
    before = {**dict.fromkeys(after, 0), **before}
    rows = sorted(before, key=lambda name: -before[name])
    lines = [f"{sum(before.values()) / 1e6:8.1f} {sum(after.values()) / 1e6:8.1f}  all, in MB"]
    lines += [f"{before[n] / 1e6:8.1f} {after.get(n, 0) / 1e6:8.1f}  {n}" for n in rows[:60]]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("  before    after\n" + "\n".join(lines) + "\n", "utf-8")


def licences(analysis: Any, folder: Path) -> list[Entry]:
    """Texts for the libraries of the system that went along, a file for each package of Debian.

    Raises
    ------
    SystemExit
        Of a library nobody knows where it comes from: then its licence would be missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.txt"):
        old.unlink()
    ours = (Path(sys.prefix).resolve(), folder.parent.resolve())
    foreign = [
        Path(source)
        for _, source, kind in analysis.binaries
        if kind != "SYMLINK" and not any(Path(source).resolve().is_relative_to(p) for p in ours)
    ]
    stdlib = Path(sysconfig.get_path("stdlib"))
    unknown = []
    for path in foreign:
        if path.is_relative_to(stdlib) or path.name.startswith(("libpython", "python3")):
            continue
        package = owner(path)
        if package is None:
            unknown.append(str(path))
            continue
        name, number = package
        text = Path("/usr/share/doc", name, "copyright").read_text("utf-8", "replace")
        (folder / f"{name}_{number.replace('/', '-')}.txt").write_text(text, "utf-8")
    if unknown and sys.platform == "linux":
        raise SystemExit(f"nobody knows whose these are, so what licence they have: {unknown}")
    loader = metadata.distribution("pyinstaller")
    for file in loader.files or []:
        if file.name == "COPYING.txt" and ".dist-info" in str(file):
            text = Path(str(file.locate())).read_text("utf-8", "replace")
            (folder / f"PyInstaller_{loader.version}.txt").write_text(text, "utf-8")
    return [(f"licences/{p.name}", str(p), "DATA") for p in sorted(folder.glob("*.txt"))]


def owner(path: Path) -> tuple[str, str] | None:
    """Package and version of a file of Debian; its name may be one from before /usr was merged."""
    real = path.resolve()
    for one in dict.fromkeys(
        (path, real, *(Path(str(p).removeprefix("/usr")) for p in (path, real)))
    ):
        asked = subprocess.run(["dpkg-query", "-S", one], capture_output=True, text=True)
        if asked.returncode == 0:
            name = asked.stdout.partition(": ")[0].partition(",")[0].partition(":")[0]
            said = subprocess.run(
                ["dpkg-query", "-W", "-f", "${Version}\n", name], capture_output=True, text=True
            )
            return name, said.stdout.split("\n")[0]
    return None
