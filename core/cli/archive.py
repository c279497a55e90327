"""``voicelanes archive``: folders of recordings in, who speaks when in all of them out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.output import say, show
from core.cli.parser import command, runs
from core.cli.shared import (
    WholeFolders,
    add_whole_folders,
    asked_of,
    chosen_models,
    known_voices,
    tell,
)

if TYPE_CHECKING:
    from tqdm import tqdm

    from core.archive.finding import Recording
    from core.archive.job import Asked
    from core.archive.results import Record
    from core.cli.parser import Commands
    from core.models.manifest import ModelSet

_MORE = """\
Finds audio and video in the folders and what is in them, and tells who speaks when in each: a
folder of results per recording in DIR/recordings, with a meeting file that opens in the window; a
summary (summary.csv and .parquet); who speaks how long in which recording, and how much of that
while others do (speakers.csv and .parquet: one voice has one number over all recordings, and its
name if it is remembered); and all of it to read in report.html.

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
    add_whole_folders(parser)
    runs(parser, run, WholeFolders)


def run(given: WholeFolders) -> int:
    """Do what isn't done; 1 if any recording failed."""
    from core.workers.cluster import require

    require()  # before the imports that need it
    from core.archive.finding import LeftOut, find
    from core.archive.report import write_overview
    from core.archive.results import basis_of
    from core.archive.run import plan
    from core.atomic import writable_folder
    from core.errors import InputError

    out = writable_folder(given.out).resolve()
    models, asked = chosen_models(given.model), asked_of(given)
    left_out = LeftOut()
    found = find(given.folders, out, left_out=left_out)
    for line in left_out.lines():
        say(line)
    if not found and not left_out.unnameable:
        raise InputError(f"there is no recording in {', '.join(given.folders)}")
    records, missing = plan(found, out, basis_of(models, asked))
    before, failed_before = _counts(records)
    for record in records:
        if record.failed:
            tell(record)
    try:
        if missing:
            _do(missing, given, out, models, asked, records)
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
    given: WholeFolders,
    out: Path,
    models: ModelSet,
    asked: Asked,
    records: list[Record],
) -> None:
    from core.archive.run import Run
    from core.workers.cluster import connected

    with ExitStack() as stack:
        client = stack.enter_context(connected(given.workers, given.scheduler))
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
