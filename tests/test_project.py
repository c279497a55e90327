"""What an install brings, what the wheel holds, and whether README and sample tell the truth."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from importlib import metadata, util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.cli import COMMANDS
from core.licences import plain_install
from core.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"tensorflow", "tensorflow-cpu", "keras", "torch", "uisrnn", "librosa", "numba", "onnx"}
HEAVY |= {"h5py", "distributed", "fsspec", "pyarrow"}

SOURCES = sorted(p for room in ("app", "core") for p in (ROOT / room).rglob("*.py"))


def test_plain_install_is_light() -> None:
    assert not plain_install().keys() & {canonicalize_name(name) for name in HEAVY}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and top-level package of every absolute import in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 can't tell who provides what")
def test_everything_imported_is_declared() -> None:
    providers = metadata.packages_distributions()
    declared = {
        canonicalize_name(Requirement(text).name) for text in metadata.requires("voicelanes") or []
    }
    here = {"app", "core", "tests", "tomli"} | set(sys.stdlib_module_names)
    unknown = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in SOURCES
        for line, name in imports(path)
        if name not in here
        and declared.isdisjoint(map(canonicalize_name, providers.get(name, [name])))
    ]
    assert not unknown, "imported, yet not among the requirements in pyproject.toml"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(build("wheel", tmp_path_factory.mktemp("wheel")))


def build(kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (path,) = folder.iterdir()
    return path


def wheel_text(wheel: zipfile.ZipFile, suffix: str) -> Message:
    (name,) = [n for n in wheel.namelist() if n.endswith(suffix)]
    return HeaderParser().parsestr(wheel.read(name).decode())


def test_wheel_holds_every_source_and_model_and_the_sample(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    wanted = {path.relative_to(ROOT).as_posix() for path in SOURCES}
    wanted |= {f"models/{path.name}" for path in (ROOT / "models").iterdir() if path.is_file()}
    wanted |= {"assets/sample.opus", "assets/sample.rttm", "core/built.json", "py.typed"}
    assert {f"voicelanes/{name}" for name in wanted} <= names
    # app and core would be in the way of other people's
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"voicelanes"}


def test_wheel_runs_beside_other_packages_of_our_old_names(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    """Nothing of it imports ``core`` or ``app``, and classes are pickled under their new names."""
    wheel.extractall(tmp_path)
    for name in ("app", "core"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('another one')\n")
    code = (
        "import json, pickle, pkgutil, sys, voicelanes, voicelanes.app.window.main_window\n"
        "from voicelanes.core import cli\n"
        "turn = pickle.loads(pickle.dumps(voicelanes.Turn(0, 16000, 0)))\n"
        "code = cli.main(['diarize', sys.argv[1], '--first-pass'])\n"
        "print(json.dumps([type(turn).__module__, code, 'core' in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "assets" / "sample.opus")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *turns, last = done.stdout.splitlines()
    assert json.loads(last) == ["voicelanes.core.annotation.values", 0, False]
    assert any(" ==> " in line for line in turns)


def test_a_build_is_the_same_every_time(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    again = build("wheel", tmp_path)
    assert again.read_bytes() == Path(str(wheel.filename)).read_bytes()


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        ("from core.units import clock", "from voicelanes.core.units import clock"),
        ("if 1:\n    from core import units", "if 1:\n    from voicelanes.core import units"),
        ("import core", "from voicelanes import core"),
        ("import core.units", "import voicelanes.core.units"),
        ('"""See :mod:`core.units.clock`."""', '"""See :mod:`voicelanes.core.units.clock`."""'),
        ("app.exec()", "app.exec()"),
        ("hard.core.units", "hard.core.units"),
        ("import core_dump", "import core_dump"),
    ],
)
def test_a_mention_of_a_module_gets_the_new_name(source: str, becomes: str) -> None:
    assert hook().renamed(source, {"core", "core.units"}) == becomes


@pytest.mark.parametrize(
    "source", ["import core.units\ncore.units.clock(0)", "import core as engine", "import os, core"]
)
def test_what_would_not_run_under_the_new_name_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r":\d: "):
        hook().renamed(source, {"core", "core.units"})


def hook() -> ModuleType:
    spec = util.spec_from_file_location("hook", ROOT / "packaging" / "hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    about = wheel_text(wheel, ".dist-info/METADATA")
    assert about["Name"] == "voicelanes"
    assert about["Version"] == VERSION
    assert about["License-Expression"] == "GPL-3.0-or-later"  # PyQt5's GPL-3 asks for it
    assert {"train", "dev"} <= set(about.get_all("Provides-Extra") or [])
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
    (scripts,) = [n for n in wheel.namelist() if n.endswith("entry_points.txt")]
    assert "voicelanes = voicelanes:main" in wheel.read(scripts).decode()


def test_sample_is_a_conversation_with_exact_turns(sample: Path) -> None:
    samples, rate = soundfile.read(sample)
    lines = [line.split() for line in sample.with_suffix(".rttm").read_text().splitlines()]
    turns = [(float(line[3]), float(line[3]) + float(line[4]), line[7]) for line in lines]
    assert 60 <= len(samples) / rate <= 90
    assert len({speaker for _, _, speaker in turns}) >= 3
    assert any(b < turns[i][1] for i, (b, _, _) in enumerate(turns[1:])), "nobody overlaps"
    # Speech stands at least 15 dB above what is left between the turns, 0.3 s of echo after one
    # excepted, and no turn begins or ends in silence.
    power = np.mean(samples[: len(samples) // 240 * 240].reshape(-1, 240) ** 2, axis=1)
    time = (np.arange(len(power)) + 0.5) * 240 / rate
    silent = np.ones(len(power), bool)
    for start, end, _ in turns:
        silent &= (time < start - 0.02) | (time > end + 0.3)
    quiet = np.percentile(power[silent], 95)
    for start, end, speaker in turns:
        for edge in (start, end - 0.15):
            loudest = power[(time > edge) & (time < edge + 0.15)].max()
            assert loudest > 30 * quiet, f"{speaker} is silent at {edge:.2f} s"


def test_readme_shows_commands_and_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
    commands = re.findall(r"^voicelanes (\w+)(?: |$)", text, re.MULTILINE)
    assert set(commands) == set(COMMANDS)


def test_the_landing_page_is_as_accurate_as_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    page = (ROOT / "docs" / "landing.html").read_text("utf-8")
    rows = [
        re.sub(r"[*]", "", row).split("|")[2:4]
        for row in re.findall(r"^\| \w+ pass .*", readme, re.M)
    ]
    real, ami = ([float(row[n]) for row in rows] for n in (0, 1))
    shown = [float(figure) for figure in re.findall(r">([\d.]+) %</td>", page)]
    assert shown == [*real, *ami]
    (time,) = re.findall(r"An hour of talk takes (.+?) on two cores", readme)
    assert f"An hour of talk takes {time} on two cores" in page


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_what_is_named_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    places = r"[`(]((?:app|core|tests|assets|models)/[\w./]+|\w+\.(?:md|toml))[`)]"
    named = set(re.findall(places, text)) - {"assets/translations/voicelanes_XX.ts"}
    assert len(named) > 5
    assert not [place for place in named if not (ROOT / place).exists()]


def test_the_reference_has_a_page_for_all_of_the_engine() -> None:
    pages = [path.read_text("utf-8") for path in (ROOT / "docs/api").glob("*.md")]
    shown = [name for page in pages for name in re.findall(r"^::: ([\w.]+)", page, re.MULTILINE)]
    left_out = ("core.cli", "core.bench", "core.training", "core.__main__")
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
    ]
    assert not [
        name
        for name in names
        if name.startswith("core.")
        and not f"{name}.".startswith(tuple(f"{room}." for room in left_out))
        and not any(f"{name}.".startswith(f"{room}.") for room in shown if room != "core")
        and name != "core.annotation"
    ]
    nav = (ROOT / "mkdocs.yml").read_text("utf-8")
    for path in (ROOT / "docs").rglob("*.md"):
        assert f"- {path.relative_to(ROOT / 'docs').as_posix()}\n" in nav


def asked_without_rights(
    tmp_path: Path, installed: str, without: str = ""
) -> subprocess.CompletedProcess[str]:
    """``.ci/system-packages test`` by a user without rights, on a Debian made of words.

    ``installed`` is what dpkg knows, and ``without`` a library that Python doesn't find.
    """
    commands = {
        "apt-get": "exit 9",
        "dpkg-query": f"cat <<'END'\n{installed}\nEND",
        "id": "echo 1000",
        "cc": "exit 0",
        "python": f'[ "$2" = core.libraries ] && echo \'{without}\' || exec {sys.executable} "$@"',
    }
    for name, body in commands.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    for name in ("bash", "cat", "dirname", "grep", "sed", "sh", "tr"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    return subprocess.run(
        ["bash", str(ROOT / ".ci" / "system-packages"), "test"],
        env={"PATH": str(tmp_path), "PYTHON": str(tmp_path / "python")},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


DEBIAN = """\
installed portaudio19-dev, libportaudio-dev, portaudio-dev
installed python3.99-dev,
installed fonts-dejavu-core,
installed xvfb, xserver
installed xauth,
installed xdotool,
installed strace,
installed pulseaudio,
installed pulseaudio-utils,
installed strace,
installed libasound2-plugins64, libasound2-plugins (= 1.2.12-2+b1), other (= 2)"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_without_rights_make_says_what_to_install(tmp_path: Path) -> None:
    done = asked_without_rights(tmp_path, "config-files xvfb,", "libxcb-icccm4")
    assert done.returncode == 1, done.stderr
    assert "apt-get install" in done.stderr
    assert {"portaudio19-dev", "xvfb", "libxcb-icccm4"} <= set(done.stderr.split())
    assert "Installing" not in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_a_package_that_stands_for_another_is_as_good(tmp_path: Path) -> None:
    """As libglib2.0-0t64 for libglib2.0-0 since Debian 13 and Ubuntu 24.04."""
    done = asked_without_rights(tmp_path, DEBIAN)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_a_package_that_stands_for_nothing_is_asked_for(tmp_path: Path) -> None:
    done = asked_without_rights(tmp_path, DEBIAN.replace("libasound2-plugins (", "another ("))
    assert done.returncode == 1
    assert done.stderr.split("apt-get install ")[1].split() == ["libasound2-plugins"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere PyPI's PyTorch has no CUDA")
@pytest.mark.parametrize(("had_by", "asked"), [(1, 1), (2, 2), (3, 2)])
def test_torch_without_cuda_is_looked_for_nearby_first(
    tmp_path: Path, had_by: int, asked: int
) -> None:
    """By whichever call gets it; where none does, that is said and no failure."""
    calls, pip = tmp_path / "calls", tmp_path / "pip"
    pip.write_text(f'#!/bin/sh\necho "$*" >>{calls}\n[ $(wc -l <{calls}) -ge {had_by} ]\n')
    pip.chmod(0o755)
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "cpu-torch"), str(pip), "install"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("with CUDA" in done.stdout) == (had_by > asked)
    lines = calls.read_text().splitlines()
    assert len(lines) == asked
    assert all(re.fullmatch(r"install --no-deps .*torch==[\d.]+\+cpu", line) for line in lines)
    assert ["--index-url" in line for line in lines] == [False, True][:asked]
