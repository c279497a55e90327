"""What commands have in common: options, what they take, and lines that they print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.output import report, say, show
from core.cli.parser import add_track, whole_number
from core.export.meeting import AUDIO, REPORT, SETS, TITLES

if TYPE_CHECKING:
    from core.archive.job import Asked
    from core.archive.results import Record
    from core.arrays import Array
    from core.cli.parser import Parser
    from core.models.manifest import ModelSet
    from core.pipeline import SpeakerCount
    from core.refine.methods import MethodName

_STEP = 0.5
METHOD = "in-turns"
"""Of the second pass, unless another is asked for."""
RECOVER = "start voicelanes without a command: the window offers to recover it"
"""How to get a recording back that was interrupted."""


def chosen_models(name: str | None) -> ModelSet:
    """The set of that name, or else the one in use; if that is gone, it is said."""
    from core.models.folders import current_models, load

    return load(name) if name else current_models(on_problem=say)


class SecondPass(NamedTuple):
    """What is asked of the second pass."""

    speakers: SpeakerCount | None
    bias: float
    method: MethodName


def add_second_pass(parser: argparse.ArgumentParser) -> None:
    """The options of :class:`SecondPass`."""
    _add_count(parser)
    _add_method(parser)


def _add_count(parser: argparse.ArgumentParser) -> None:
    """The options that say how many speakers there are: a number, or fewer or more of them."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--speakers",
        metavar="N|MIN-MAX",
        type=speaker_count,
        help="how many people speak, if you know: 2, or 2-4",
    )
    how.add_argument(
        "--bias",
        metavar="B",
        type=_bias,
        default=0.0,
        help="from -1 (fewer speakers) to 1 (more), for the second pass; default: 0",
    )
    how.add_argument(
        "--fewer", dest="bias", action="store_const", const=-_STEP, help=f"--bias {-_STEP}"
    )
    how.add_argument(
        "--more", dest="bias", action="store_const", const=_STEP, help=f"--bias {_STEP}"
    )


def _add_method(parser: argparse.ArgumentParser) -> None:
    """The option that says how the second pass groups what it heard."""
    parser.add_argument(
        "--method",
        metavar="NAME",
        type=_method,
        default=METHOD,
        help="how the second pass tells voices apart: in-turns (best on average, the default),"
        " spectral, vbx or uis-rnn (slow); models/README.md compares them",
    )


def _method(text: str) -> MethodName:
    from core.refine.methods import METHODS

    for name in METHODS:
        if text == name:
            return name
    raise argparse.ArgumentTypeError(f"there is no {text!r}; give one of {', '.join(METHODS)}")


def _bias(text: str) -> float:
    try:
        bias = float(text)
    except ValueError:
        bias = 2.0
    if not -1 <= bias <= 1:
        raise argparse.ArgumentTypeError(f"give a number from -1 to 1, not {text!r}")
    return bias


def speaker_count(text: str) -> SpeakerCount:
    """What ``--speakers`` takes."""
    from core.pipeline import SpeakerCount

    try:
        return SpeakerCount.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def format_list(text: str) -> tuple[str, ...]:
    """The names of formats in a list divided by commas."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in TITLES]
    if unknown or not names:
        raise argparse.ArgumentTypeError(
            f"{', '.join(unknown) or 'nothing'} is no format; there are {', '.join(TITLES)}"
        )
    return names


def minutes(text: str) -> float:
    """What ``--minutes`` takes."""
    return _up_to(1440, "minutes", text)


def hours(text: str) -> float:
    """What ``--hours`` takes."""
    return _up_to(24, "hours", text)


def _up_to(limit: int, unit: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= limit:
        raise argparse.ArgumentTypeError(
            f"give {unit}, more than 0 and up to {limit}, not {text!r}"
        )
    return number


class WholeFolders(NamedTuple):
    """What ``archive`` and ``watch`` have in common."""

    folders: tuple[str, ...]
    out: str
    format: tuple[str, ...]
    speakers: str | None
    track: int | None
    workers: int | None
    scheduler: str | None
    model: str | None


def add_whole_folders(parser: Parser) -> None:
    """The options of :class:`WholeFolders`."""
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="a folder, recording or URL")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder of the results")
    parser.add_argument(
        "--format",
        metavar="LIST",
        type=_formats,
        default=("rttm",),
        help="what to write beside the meeting files, divided by commas (default: rttm)",
    )
    parser.add_argument(
        "--speakers",
        metavar="N|MIN-MAX",
        type=_speakers,
        help="how many people speak in each recording, if you know: 2, or 2-4",
    )
    add_track(parser)
    add_workers(parser, "processes on this machine (default: one for each core)")
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="models that 'voicelanes models list' shows; default: in use",
    )


def add_workers(parser: Parser, meaning: str) -> None:
    """Who does the work, for every command that Dask works for."""
    group = parser.add_mutually_exclusive_group()
    workers = whole_number(1, 1024, "a number of processes from 1 on")
    group.add_argument("--workers", metavar="N", type=workers, help=meaning)
    group.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler, such as tcp://host:8786"
    )


def tell(record: Record) -> None:
    """A line about what came of a recording: to standard error if it failed."""
    source = record.recording.source
    for warning in record.warnings:
        say(f"{source}: {warning}")
    if record.failed:
        reason = record.reason.removeprefix(f"{Path(source).name}: ")
        say(reason if source in reason else f"{source}: {reason}")
    else:
        turns = sum(one.turns for one in record.speakers)
        show(f"{source}: {len(record.speakers)} speakers, {turns} turns")


def asked_of(given: WholeFolders) -> Asked:
    """What is asked of every recording."""
    from core.archive.job import Asked

    return Asked("", given.speakers or "", given.format, track=given.track)


def known_voices(models: ModelSet) -> dict[str, Array]:
    """Samples of the remembered voices by name; none if the file of the voices is damaged."""
    from core.archive.linking import remembered
    from core.errors import InputError

    try:
        return remembered(models.encoder.sha256)
    except InputError as error:
        report(error, debug=False, about="")
        return {}


def _formats(text: str) -> tuple[str, ...]:
    names = format_list(text)
    if not SETS.keys().isdisjoint(names):
        raise argparse.ArgumentTypeError(
            "a file per speaker is written by 'voicelanes export', from a meeting file"
        )
    if not (AUDIO | REPORT).keys().isdisjoint(names):
        raise argparse.ArgumentTypeError(
            "the sound of the speakers is too much for a whole archive: 'voicelanes export' writes"
            " it from a meeting file"
        )
    return names


def _speakers(text: str) -> str:
    count = speaker_count(text)
    return f"{count.minimum}-{count.maximum}"
