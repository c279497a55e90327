"""Damages good files and looks what comes of it: ``make fuzz SECONDS=600``.

Every module of this folder with these two takes part::

    seeds() -> dict[str, bytes]     good files: name and content
    check(path: Path) -> None       does with a file what Voicelanes would; a VoicelanesError of
                                    one line is an answer, any other exception a fault

Mutants are made and checked in a process of their own, so that a crash in native code is seen. A
process has 1 GB more memory than it begins with, and 10 s for each mutant; what goes beyond is a
fault, too. Each fault is kept in ``fuzz-faults``, and the same seed gives the same mutants again.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import os
import pkgutil
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from core.errors import VoicelanesError

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT / "fuzz-faults"
PATIENCE_S = 10.0
STARTING_S = 120.0
MEMORY = 2**30
PIECES = [
    *(b"", b"\0", b"\xff", b"\xff\xfe", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0"),
    *(b'"', b"<", b">", b"&", b"{", b"[", b"]", b",", b"\n", b"\t", b"'", b";", b"%", b"\\"),
    *(b"-1", b"0", b"1e999", b"1e300", b"nan", b"99999999999999999999", b"<NA>", b"null", b"true"),
    *(b"%00", b"\\u0000", b"\\ud800", b"&#0;", b"<![CDATA[", b"<!--", b"]]>", b"<exists>", b"-->"),
    *(b"SPEAKER", b"NOSCORE", b'"IntervalTier"', b"!", b"=========", "٣".encode(), "²".encode()),
    *(b"\xed\xa0\x80", b"RIFF", b"OggS", b"PK\3\4", b"SQLite format 3\0"),
]


def modules() -> list[str]:
    """The names of the parts that take part."""
    found = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return [name for name in found if name != "runner" and not name.startswith("test_")]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with some damage: bytes changed, pieces put in, parts lost, doubled or moved."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8, 30))):
        # Half of the damage goes to the head, where files say what they are.
        reach = len(data) if chance.random() < 0.5 else min(len(data), 200)
        at = chance.randrange(reach + 1)
        end = min(len(data), at + chance.choice((0, 1, 3, 10, 200)))
        match chance.randrange(7):
            case 0 if at < len(data):
                data[at] = chance.randrange(256)
            case 1 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 2:
                data[at:at] = chance.choice(PIECES)
            case 3:
                data[at:end] = chance.choice(PIECES)
            case 4:
                del data[at:end]
            case 5:
                data[at:at] = data[at:end] * chance.choice((1, 2, 50))
            case _:
                other = chance.randrange(len(data) + 1)
                data[at:end], data[other:other] = data[other : other + 20], data[at:end]
    return bytes(data) if chance.random() < 0.95 else bytes(data[: chance.randrange(len(data) + 1)])


@dataclass
class Outcome:
    """What came of the mutants of one part."""

    mutants: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    memory_mb: int = 0
    """The most that a process had, with the libraries; 0 where the system doesn't say."""
    faults: list[str] = field(default_factory=list)
    """A line each, and where the mutant is kept."""


def run(part: str, *, seconds: float, mutants: int, seed: int, faults: Path = FAULTS) -> Outcome:
    """Check mutants of a part until so many are done or the time is over."""
    outcome = Outcome()
    until = time.monotonic() + seconds
    while outcome.mutants < mutants and time.monotonic() < until:
        _one_process(part, outcome, until, mutants, f"{seed} {outcome.mutants}", faults)
        if len(outcome.faults) >= 20:
            break  # that is enough to begin with
    return outcome


def _one_process(
    part: str, outcome: Outcome, until: float, mutants: int, seed: str, faults: Path
) -> None:
    """Go on until the process ends: with the budget, or by the first fault that kills it."""
    with tempfile.TemporaryDirectory(prefix="voicelanes-fuzz-") as folder:
        command = [sys.executable, "-m", "tests.fuzz.runner", "--child", part, folder, seed]
        errors = Path(folder, "stderr")
        with open(errors, "wb") as stderr:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        assert child.stdout is not None
        told: queue.SimpleQueue[str] = queue.SimpleQueue()
        stdout = child.stdout

        def listen() -> None:
            for line in stdout:
                told.put(line.rstrip("\n"))
            told.put("")

        listener = threading.Thread(target=listen)
        listener.start()
        name, began, patience = "", time.monotonic(), STARTING_S
        try:
            while True:
                try:
                    word, _, rest = told.get(timeout=patience).partition(" ")
                except queue.Empty:
                    _keep(part, outcome, Path(folder), name, f"took over {patience:.0f} s", faults)
                    return
                if word == "try":
                    name, began, patience = rest, time.monotonic(), PATIENCE_S
                    continue
                if word == "":
                    problem = _last_line(errors) or "no word"
                    code = child.wait()
                    _keep(
                        part, outcome, Path(folder), name, f"ended with {code}: {problem}", faults
                    )
                    return
                outcome.mutants += 1
                outcome.refused += word == "refused"
                outcome.slowest_s = max(outcome.slowest_s, time.monotonic() - began)
                if word == "fault":
                    _keep(part, outcome, Path(folder), name, rest, faults)
                if (
                    outcome.mutants >= mutants
                    or time.monotonic() > until
                    or len(outcome.faults) >= 20
                ):
                    return
        finally:
            outcome.memory_mb = max(outcome.memory_mb, _peak_mb(child.pid))
            child.kill()
            child.wait()
            listener.join()
            stdout.close()


def _peak_mb(pid: int) -> int:
    """The most memory that a running process has had, as Linux counts it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def _last_line(errors: Path) -> str:
    lines = [line for line in errors.read_text("utf-8", "replace").splitlines() if line.strip()]
    return next((line for line in lines if "Fatal" in line), lines[-1] if lines else "")


def _keep(part: str, outcome: Outcome, folder: Path, name: str, problem: str, faults: Path) -> None:
    kept = faults / f"{part}-{len(outcome.faults) + 1}-{name or 'start'}"
    mutant = folder / "mutant" / name
    if name and mutant.is_file():
        faults.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(mutant.read_bytes())
    outcome.faults.append(f"{problem} ({kept})")


# in the process that may crash


def _child(part: str, folder: Path, seed: str) -> None:
    faulthandler.enable()
    module = importlib.import_module(f"tests.fuzz.{part}")
    seeds: dict[str, bytes] = module.seeds()
    for name, content in seeds.items():
        _answer(module, folder / "good", name, content)  # loads what is loaded lazily
    _limit_memory()
    chance = random.Random(f"{part} {seed}")
    names = sorted(seeds)
    while True:
        name = chance.choice(names)
        content = mutated(seeds[name], chance)
        print("try", name, flush=True)
        print(_answer(module, folder / "mutant", name, content), flush=True)


def _answer(module: ModuleType, folder: Path, name: str, content: bytes) -> str:
    """ "read", "refused" or "fault" and why."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    for other in _others(folder, path):
        other.unlink()
    try:
        module.check(path)
    except VoicelanesError as error:
        lines = str(error).splitlines()
        return "refused" if len(lines) == 1 else f"fault the message has {len(lines)} lines"
    except Exception as error:
        traceback.print_exc()
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = " ".join(str(error).split())[:120]
        return f"fault {type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {text}"
    return "read"


def _others(folder: Path, path: Path) -> Iterator[Path]:
    return (other for other in folder.iterdir() if other != path and other.is_file())


def _limit_memory() -> None:
    if not sys.platform.startswith("linux"):
        return
    import resource

    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.runner", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="for all parts together")
    parser.add_argument("--mutants", type=int, default=10**9, help="of each part, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=modules(), action="append", help="this part")
    options = parser.parse_args()
    parts = options.only or modules()
    bad = 0
    for part in parts:
        share = options.seconds / len(parts)
        outcome = run(part, seconds=share, mutants=options.mutants, seed=options.seed)
        print(
            f"{part}: {outcome.mutants} mutants, {outcome.refused} refused,"
            f" the slowest took {outcome.slowest_s:.1f} s, {outcome.memory_mb} MB at most,"
            f" {len(outcome.faults)} faults",
            flush=True,
        )
        for fault in outcome.faults:
            print(f"  {fault}", flush=True)
        bad += len(outcome.faults)
    return 1 if bad else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
    sys.exit(main())
