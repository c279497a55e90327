"""``voicelanes score``: how far turns are from the reference."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.annotation.values import Annotation
from core.cli.output import say, show
from core.cli.parser import command, runs
from core.errors import InputError
from core.formats import FORMATS, READABLE, UnknownFormat, bare_name, read_recordings, uem
from core.units import to_seconds

if TYPE_CHECKING:
    from core.cli.parser import Commands
    from core.formats import RecordingInFile
    from core.scoring import Score

_MORE = """\
REF and HYP are files with turns in any format that Voicelanes reads, or folders of them. In a
folder RTTM counts where a name has several files. Recordings are matched by the name in the file,
else by the name of the file. Several HYP are the turns of several recordings. DER is the missed,
wrongly added and confused speech as a share of the reference speech; the total is over all seconds
together, not a mean. A recording without a hypothesis counts as all missed. What a NOSCORE line of
an RTTM reference names isn't scored."""

_EXAMPLES = """\
  voicelanes score reference.rttm turns/talk.rttm
  voicelanes score references turns --uem scored.uem
  voicelanes score corrected.TextGrid turns/talk.json
  voicelanes score references turns/monday.rttm turns/tuesday.rttm
  voicelanes score references turns --collar 0.25 --skip-overlap
"""

_ENDINGS = frozenset(Path(f"_{FORMATS[name].suffix}").suffix.lower() for name in READABLE)


class _Given(NamedTuple):
    reference: str
    hypotheses: tuple[str, ...]
    collar: float
    skip_overlap: bool
    uem: str | None


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "score", "tell how right turns are (DER)", _MORE, _EXAMPLES)
    parser.add_argument("reference", metavar="REF", help="the right turns: file or folder")
    parser.add_argument(
        "hypotheses", nargs="+", metavar="HYP", help="the turns to judge: files or folders"
    )
    parser.add_argument(
        "--collar",
        metavar="S",
        type=_seconds,
        default=0.0,
        help="don't score S seconds on each side of every edge of the reference (default: 0)",
    )
    parser.add_argument(
        "--skip-overlap", action="store_true", help="don't score where two or more people speak"
    )
    parser.add_argument("--uem", metavar="FILE", help="score only the stretches in this UEM file")
    runs(parser, run, _Given)


def run(given: _Given) -> int:
    """Score and print a line per recording, the total and the rules."""
    from core.scoring import score

    references = _load([given.reference])
    hypotheses = _load(given.hypotheses)
    regions: dict[str, uem.Region] = {}
    if given.uem:
        regions = _named(uem.read(given.uem, say), references)
        references = _only_in_uem(references, regions, given.uem)
    rows = []
    for name, hypothesis in _matched(references, hypotheses):
        reference = references[name]
        if reference.noscore:
            say(f"{name}: not scored where NOSCORE lines of {reference.path} say so")
        one = score(
            reference.annotation,
            hypothesis,
            collar=given.collar,
            skip_overlap=given.skip_overlap,
            region=regions.get(name),
            excluded=reference.noscore,
        )
        rows.append((name, one))
    _print(rows)
    show(_rules(given))
    return 0


@dataclass(frozen=True)
class _Loaded:
    annotation: Annotation
    path: Path
    noscore: uem.Region = ()


def _load(given: Sequence[str]) -> dict[str, _Loaded]:
    """The annotations in files and folders by the name of the recording."""
    loaded: dict[str, _Loaded] = {}
    for path, found in (pair for place in given for pair in _read(Path(place))):
        for name, one in found.items():
            if name in loaded:
                raise InputError(
                    f"{path} and {loaded[name].path} both hold turns of {name}: keep one of the"
                    " two, or score one after the other"
                )
            loaded[name] = _Loaded(one.annotation, path, one.noscore)
    return dict(sorted(loaded.items()))


def _read(place: Path) -> list[tuple[Path, dict[str, RecordingInFile]]]:
    if not place.is_dir():
        return [(place, read_recordings(place, _but_noscore))]
    read = []
    for path in _annotations_in(place):
        try:
            read.append((path, read_recordings(path, _but_noscore)))
        except UnknownFormat:  # notes beside the turns, a table of something else
            say(f"{path} is left out: it holds no turns that Voicelanes reads")
    if not read:
        raise InputError(f"there is no file with turns in the folder {place}")
    return read


def _annotations_in(folder: Path) -> list[Path]:
    """The files that may hold turns; what was exported in several formats is there once, if one of
    them is RTTM."""
    # A Mac puts ._talk.rttm beside talk.rttm on disks of others.
    paths = [p for p in folder.iterdir() if p.suffix.lower() in _ENDINGS and p.name[0] != "."]
    exact = {bare_name(path) for path in paths if path.suffix.lower() == ".rttm"}
    return sorted(p for p in paths if p.suffix.lower() == ".rttm" or bare_name(p) not in exact)


def _but_noscore(line: str) -> None:
    if "NOSCORE" not in line:  # those of the reference are heeded
        say(line)


def _named(regions: dict[str, uem.Region], references: dict[str, _Loaded]) -> dict[str, uem.Region]:
    """The regions by the names that the reference has: a UEM may name talk.wav where that is talk,
    or the other way round."""
    bare = {Path(name).stem: name for name in regions}
    found = {}
    for name in references:
        other = next((n for n in (name, bare.get(name), Path(name).stem) if n in regions), None)
        if other is not None:
            if other != name:
                say(f"{name} is scored where the UEM says so of {other}")
            found[name] = regions[other]
    return found


def _only_in_uem(
    references: dict[str, _Loaded], regions: dict[str, uem.Region], path: str
) -> dict[str, _Loaded]:
    for name in sorted(references.keys() - regions.keys()):
        say(f"{name} is not in {path} and is not scored")
    kept = {name: loaded for name, loaded in references.items() if name in regions}
    if not kept:
        raise InputError(f"{path} names none of the recordings of the reference")
    return kept


def _matched(
    references: dict[str, _Loaded], hypotheses: dict[str, _Loaded]
) -> list[tuple[str, Annotation]]:
    """Each recording of the reference with the turns to judge."""
    left = dict(hypotheses)
    found = {name: left.pop(name) for name in references if name in left}
    alone = len(references) == len(hypotheses) == 1
    for name, reference in references.items():
        if name in found:
            continue
        # By the name of the file, or because there is nothing else to compare with.
        for other, hypothesis in left.items():
            if alone or bare_name(hypothesis.path) in (name, bare_name(reference.path)):
                say(f"{name} is compared with {other} of {hypothesis.path}")
                found[name] = left.pop(other)
                break
        else:
            say(f"{name} has no hypothesis: all of its speech counts as missed")
    for name, hypothesis in left.items():
        say(f"{name} of {hypothesis.path} has no reference and is not scored")
    nothing = Annotation()
    return [(n, found[n].annotation if n in found else nothing) for n in references]


def _print(rows: list[tuple[str, Score]]) -> None:
    from core.scoring import total

    width = max(len("recording"), *(len(name) for name, _ in rows))
    show(
        f"{'recording':{width}}  {'DER %':>7}  {'missed %, s':>17}  {'false alarm %, s':>17}"
        f"  {'confusion %, s':>17}  {'speech':>9}  speakers"
    )
    for name, one in rows:
        show(_line(name, one, width))
    if len(rows) > 1:
        show(_line("total", total(one for _, one in rows), width))


def _line(name: str, one: Score, width: int) -> str:
    parts = (
        f"{_percent(part, one.total):>6} {to_seconds(part):>8.2f} s"
        for part in (one.missed, one.false_alarm, one.confusion)
    )
    return (
        f"{name:{width}}  {_percent(one.errors, one.total):>7}  {'  '.join(parts)}"
        f"  {to_seconds(one.total):>7.2f} s  {one.found} of {one.speakers}"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def _rules(given: _Given) -> str:
    collar = (
        f"collar {given.collar:g} s on each side of the reference's edges"
        if given.collar
        else "no collar"
    )
    overlap = "overlapped speech not scored" if given.skip_overlap else "overlapped speech scored"
    region = (
        f"region from {given.uem}"
        if given.uem
        else "region from the first to the last edge of reference and hypothesis"
    )
    return f"rules: {collar}; {overlap}; {region}; speakers: found of in the reference"


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"give seconds from 0 on, such as 0.25, not {text!r}")
    return value
