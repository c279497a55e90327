"""The floors of the house: who may import whom. The table is the rule; ARCHITECTURE tells it.

Each room, a folder or a module that stands alone, imports only rooms on floors below its own,
wherever in a file the import stands: also in functions and for types only. So there are no circles
between rooms. What is an exception is listed, and has to be one.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = {
    "app": """
        main
        window
        help
        folder home settings
        export comparing voices recording
        meetings
        listening
        panels similarity words
        editing
        playback
        timeline
        session
        undo actions widgets
        startup
        style translation
        preferences
    """,
    "core": """
        __main__
        cli
        bench
        live archive training
        pipeline
        voices similarity recognisers
        refine meeting export scoring transcripts
        formats stream channels
        audio models uisrnn workers
        annotation
        libraries
        runtime atomic extras
        errors units arrays folders printable version child licences
    """,
    "core.training": """
        speech_edges
        speakers
        reference
        encoder segmentation
        measure
        data
        files
        config
    """,
}
"""Rooms of a package from the top floor to the ground; those of one line don't know each other."""

EXCEPTIONS = {
    ("core.pipeline", "core.training"): "the reference engine, where it is asked for",
}
"""Imports upwards that are meant, each of them within a function."""

TRAINING = {
    "core.bench.decoder",
    "core.cli.train.encoder",
    "core.cli.train.segmentation",
    "core.cli.train.speakers",
    "core.cli.models",
    "core.pipeline",
}
"""All that may load training, within functions: nothing that a plain install does reaches it. The
bench of the decoder may at once, since it measures against the package and is loaded on request."""

MOST = 18
"""Modules in a folder. More than about 15 is a sign that there are two ideas in it."""

ENTRIES = {
    ".ci",
    ".github",
    ".gitignore",
    ".pre-commit-config.yaml",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "app",
    "assets",
    "core",
    "docs",
    "mkdocs.yml",
    "models",
    "packaging",
    "pyproject.toml",
    "tests",
}
"""What may lie at the top of the repository."""
MADE = {".git", ".venv", ".hypothesis", ".coverage", "__pycache__", "build", "dist", "out", "site"}
"""What work on it leaves there, and git ignores."""

PATHS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("app", "core")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(name: str) -> Iterator[tuple[str, bool]]:
    """Our own modules that one imports, and whether that is within a function."""
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(PATHS[name].read_text("utf-8")), False)]
    while waiting:
        node, late = waiting.pop()
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in PATHS else node.module), late
        elif isinstance(node, ast.Import):
            yield from ((alias.name, late) for alias in node.names)
        late |= isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        waiting.extend((child, late) for child in ast.iter_child_nodes(node))


IMPORTS = [
    (name, other, late) for name in PATHS for other, late in imported(name) if other in PATHS
]


def room(module: str, package: str) -> str:
    """The room of a package that a module lies in; empty for others and the package itself."""
    inside = module.removeprefix(f"{package}.")
    return "" if inside == module else inside.partition(".")[0]


def floors(package: str) -> dict[str, int]:
    lines = FLOORS[package].split("\n")
    return {name: -number for number, line in enumerate(lines) for name in line.split()}


@pytest.mark.parametrize("package", FLOORS)
def test_every_room_has_its_floor(package: str) -> None:
    rooms = {room(name, package) for name in PATHS} - {""}
    assert rooms == set(floors(package))


@pytest.mark.parametrize("package", FLOORS)
def test_rooms_import_downwards_only(package: str) -> None:
    level = floors(package)
    upwards = []
    needed = set()
    for name, other, late in IMPORTS:
        here, there = room(name, package), room(other, package)
        if not here or not there or here == there or level[there] < level[here]:
            continue
        exception = (f"{package}.{here}", f"{package}.{there}")
        needed.add(exception)
        if exception not in EXCEPTIONS or not late:
            upwards.append(f"{name} imports {other}")
    assert not upwards
    stated = {pair for pair in EXCEPTIONS if pair[0].rpartition(".")[0] == package}
    assert stated == needed, "an exception that is none any more"


def test_the_map_shows_every_room() -> None:
    shown = set(re.findall(r"`(\w+)`", (ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert {*floors("app"), *floors("core")} <= shown


def test_no_module_is_in_a_circle() -> None:
    """Not even for types: of two that need each other, one needs a Protocol, or they are one."""
    uses: dict[str, set[str]] = defaultdict(set)
    for name, other, _ in IMPORTS:
        if other != name:
            uses[name].add(other)
    done: set[str] = set()
    path: list[str] = []
    circles: list[str] = []

    def visit(name: str) -> None:
        if name in path:
            circles.append(" > ".join([*path[path.index(name) :], name]))
        elif name not in done:
            path.append(name)
            for other in sorted(uses[name]):
                visit(other)
            done.add(path.pop())

    for name in sorted(PATHS):
        visit(name)
    assert not circles


def test_training_is_reached_only_where_it_is_asked_for() -> None:
    from_outside = {
        (name, late)
        for name, other, late in IMPORTS
        if f"{other}.".startswith("core.training.") and not f"{name}.".startswith("core.training.")
    }
    assert {name for name, _ in from_outside} == TRAINING
    at_once = {name for name, late in from_outside if not late and not types_only(name)}
    assert at_once == {"core.bench.decoder"}
    assert all(late for _, other, late in IMPORTS if other in at_once)


def types_only(name: str) -> bool:
    """Whether all imports of training at a module's own level are for types."""
    return all(
        isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for node in ast.parse(PATHS[name].read_text("utf-8")).body
        if "core.training" in ast.unparse(node)
        and isinstance(node, ast.If | ast.Import | ast.ImportFrom)
    )


def test_no_command_imports_another() -> None:
    from core.cli import COMMANDS

    commands = {f"core.cli.{name}" for name in COMMANDS}
    assert not [
        f"{name} imports {other}"
        for name, other, _ in IMPORTS
        for one in commands
        if other in commands and f"{name}.".startswith(f"{one}.") and other != one
    ]


def test_no_folder_is_crowded() -> None:
    count: dict[str, int] = defaultdict(int)
    for path in PATHS.values():
        count[path.parent.relative_to(ROOT).as_posix()] += path.name != "__init__.py"
    assert {folder: n for folder, n in count.items() if n > MOST} == {}


def test_no_class_has_the_name_of_another() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for name, path in PATHS.items():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(name)
    assert {c: homes for c, homes in found.items() if len(homes) > 1 and c[0] != "_"} == {}


def test_the_root_holds_what_belongs_there() -> None:
    there = {path.name for path in ROOT.iterdir()}
    caches = {name for name in there if name.endswith(("_cache", ".egg-info"))}
    assert there - ENTRIES - MADE - caches == set()
