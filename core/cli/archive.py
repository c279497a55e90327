"""``voicelanes archive``: folders of recordings in, who speaks when in all of them out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ..export import AUDIO
from .diarize import _models, speaker_count
from .export import format_list
from .output import report, say, show
from .parser import command, whole_number

if TYPE_CHECKING:
    from tqdm import tqdm

    from ..archive.finding import Recording
    from ..archive.linking import Array
    from ..archive.results import Record
    from ..archive.worker import Asked
    from ..models import ModelSet
    from .parser import Commands, Parser

_MORE = """\
Finds audio and video in the folders and what is in them, and tells who speaks when in each: a
folder of results per recording in DIR/recordings, with a meeting file that opens in the window; a
summary (summary.csv and .parquet); who speaks how long in which recording (speakers.csv and
.parquet: one voice has one number over all recordings, and its name if it is remembered); and all
of it to read in report.html.

What is done and unchanged isn't done again: the same command goes on after Ctrl+C, takes in what is
new and does again what changed. A recording that can't be used is reported with its reason and
stops nothing. Needs the [archive] install. It runs on Dask: in processes on this machine, or by
--scheduler on all workers of a cluster ('dask scheduler', 'dask worker tcp://head:8786 --nthreads
1'), which need this version of Voicelanes and the recordings under the same path or URL (s3://,
sftp:// and whatever else fsspec reads there). Models travel to them. A recording that is long
beside the others is heard by several workers, to the same result. A scheduler at tcp:// runs what
anybody sends it who reaches its port; for one at tls:// the certificates are those of Dask's own
settings (distributed.comm.tls in ~/.config/dask/*.yaml).

Exit codes: 0 all recordings are done, 1 some failed (or nothing could be done at all), 2 wrong
usage, 130 stopped by Ctrl+C; what was done is kept."""

_EXAMPLES = """\
  voicelanes archive talks --out results
  voicelanes archive talks interviews --out results --format rttm,csv,html --workers 4
  voicelanes archive /mnt/talks --out results --scheduler tcp://head:8786
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "archive", "tell who speaks when in whole folders", _MORE, _EXAMPLES)
    add_arguments(parser)
    parser.set_defaults(run=run)


def add_arguments(parser: Parser) -> None:
    """What ``archive`` and ``watch`` have in common."""
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


def run(options: argparse.Namespace) -> int:
    """Do what isn't done; 1 if any recording failed."""
    from ..archive.cluster import require

    require()  # before the imports that need it
    from ..archive.finding import LeftOut, find
    from ..archive.report import write_overview
    from ..archive.results import basis_of
    from ..archive.run import plan
    from ..errors import InputError
    from ..formats.atomic import writable_folder

    out = writable_folder(options.out).resolve()
    models, asked = _models(options.model), asked_of(options)
    left_out = LeftOut()
    found = find(options.folders, out, left_out=left_out)
    for line in left_out.lines():
        say(line)
    if not found and not left_out.unnameable:
        raise InputError(f"there is no recording in {', '.join(options.folders)}")
    records, missing = plan(found, out, basis_of(models, asked))
    before, failed_before = _counts(records)
    for record in records:
        if record.failed:
            tell(record)
    try:
        if missing:
            _do(missing, options, out, models, asked, records)
    finally:
        # What is done is told, also after Ctrl+C or on a full disk.
        write_overview(out, records, models, known_voices(models))
    done, failed = _counts(records)
    failed += len(left_out.unnameable)
    again = f" ({failed_before} before)" if failed_before else ""
    show(
        f"{len(records)} recordings: {before} were done before, {done - before} done now,"
        f" {failed} failed{again}; {out / 'report.html'}"
    )
    return 1 if failed else 0


def _counts(records: Sequence[Record]) -> tuple[int, int]:
    """How many are done and how many have failed."""
    failed = sum(record.failed for record in records)
    return len(records) - failed, failed


def _do(
    missing: Sequence[Recording],
    options: argparse.Namespace,
    out: Path,
    models: ModelSet,
    asked: Asked,
    records: list[Record],
) -> None:
    from ..archive.cluster import connected
    from ..archive.run import Run

    with ExitStack() as stack:
        client = stack.enter_context(connected(options.workers, options.scheduler))
        run = stack.enter_context(Run(client, out, models, asked))
        bar = stack.enter_context(_bar(missing))
        run.submit(missing)
        done = 0.0
        sizes = {recording.folder: recording.weight for recording in missing}
        while run.waiting:
            new = run.finished(timeout=0.5)
            records += new
            done += sum(sizes[record.recording.folder] for record in new)
            if new:
                with bar.external_write_mode():
                    for record in new:
                        tell(record)
            under_way = sum(sizes[f] * part for f, part in run.fractions.items() if f in sizes)
            bar.update(max(0.0, done + under_way - bar.n))


def _bar(missing: Sequence[Recording]) -> tqdm[None]:
    from tqdm import tqdm

    seen = sys.stderr.isatty()
    return tqdm(
        total=sum(recording.weight for recording in missing),
        desc=f"{len(missing)} recordings",
        delay=1.0 if seen else 10.0,
        mininterval=0.1 if seen else 10.0,
        miniters=0,
        smoothing=0,
        leave=False,
        file=sys.stderr,
        bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed} gone, {remaining} left",
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


def asked_of(options: argparse.Namespace) -> Asked:
    """What is asked of every recording."""
    from ..archive.worker import Asked

    return Asked("", options.speakers or "", options.format)


def known_voices(models: ModelSet) -> dict[str, Array]:
    """Samples of the remembered voices by name; none if the file of the voices is damaged."""
    from ..archive.linking import remembered
    from ..errors import InputError

    try:
        return remembered(models.encoder.sha256)
    except InputError as error:
        report(error, debug=False, about="")
        return {}


def _formats(text: str) -> tuple[str, ...]:
    names = format_list(text)
    if not AUDIO.keys().isdisjoint(names):
        raise argparse.ArgumentTypeError(
            "the sound of the speakers is too much for a whole archive: 'voicelanes export' writes"
            " it from a meeting file"
        )
    return names


def _speakers(text: str) -> str:
    count = speaker_count(text)
    return f"{count.minimum}-{count.maximum}"
