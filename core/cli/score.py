"""``voicelanes score``: how far turns are from the reference."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..annotation import Annotation
from ..errors import InputError
from ..formats import rttm, uem
from ..units import to_seconds
from .output import say, show
from .parser import command

if TYPE_CHECKING:
    from ..scoring import Score
    from .parser import Commands

_MORE = """\
REF and HYP are RTTM files or folders of them; recordings are matched by the name in the RTTM, else
by the name of the file. DER is the missed, wrongly added and confused speech as a share of the
reference speech; the total is over all seconds together, not a mean. A recording without a
hypothesis counts as all missed."""

_EXAMPLES = """\
  voicelanes score reference.rttm turns/talk.rttm
  voicelanes score references turns --uem scored.uem
  voicelanes score references turns --collar 0.25 --skip-overlap
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "score", "tell how right turns are (DER)", _MORE, _EXAMPLES)
    parser.add_argument("reference", metavar="REF", help="the right turns: RTTM file or folder")
    parser.add_argument("hypothesis", metavar="HYP", help="the turns to judge: RTTM file or folder")
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
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Score and print a line per recording, the total and the rules."""
    from ..scoring import score

    references = _load(options.reference)
    hypotheses = _load(options.hypothesis)
    regions = uem.read(options.uem) if options.uem else None
    if regions is not None:
        references = _only_in_uem(references, regions, options.uem)
    rows = []
    for name, hypothesis in _matched(references, hypotheses):
        rows.append(
            (
                name,
                score(
                    references[name].annotation,
                    hypothesis,
                    collar=options.collar,
                    skip_overlap=options.skip_overlap,
                    region=None if regions is None else regions[name],
                ),
            )
        )
    _print(rows)
    show(_rules(options))
    return 0


@dataclass(frozen=True)
class _Loaded:
    annotation: Annotation
    path: Path


def _load(given: str) -> dict[str, _Loaded]:
    """The annotations in a file or folder by the name of the recording.

    A file without turns still says something: that nobody speaks in the recording it is named for.
    """
    folder = Path(given)
    paths = [folder]
    if folder.is_dir():
        paths = sorted(folder.glob("*.rttm"))
        if not paths:
            raise InputError(f"there is no .rttm file in the folder {given}")
    loaded: dict[str, _Loaded] = {}
    for path in paths:
        for name, annotation in (rttm.read(path) or {path.stem: Annotation()}).items():
            if name in loaded:
                raise InputError(
                    f"{path} and {loaded[name].path} both hold turns of {name};"
                    " keep one of the two in the folder"
                )
            loaded[name] = _Loaded(annotation, path)
    return loaded


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
            if alone or hypothesis.path.stem in (name, reference.path.stem):
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
    from ..scoring import total

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


def _rules(options: argparse.Namespace) -> str:
    collar = (
        f"collar {options.collar:g} s on each side of the reference's edges"
        if options.collar
        else "no collar"
    )
    overlap = "overlapped speech not scored" if options.skip_overlap else "overlapped speech scored"
    region = (
        f"region from {options.uem}"
        if options.uem
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
