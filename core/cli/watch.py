"""``voicelanes watch``: an archive that goes on as recordings arrive."""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from core.cli.output import say
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
    from core.cli.parser import Commands

_MORE = """\
Does what 'voicelanes archive' does, for what is in the folders and for all that arrives in them. A
file is complete when its size and time have rested for some seconds. Summary and report are written
anew whenever nothing is left to do. Ends by Ctrl+C or SIGTERM; what was done is kept.

Exit codes: 0 ended by Ctrl+C or SIGTERM, 1 it could not go on, 2 wrong usage."""

_EXAMPLES = """\
  voicelanes watch incoming --out results
  voicelanes watch incoming --out results --rest 30 --format rttm,html
"""

LOOK_S = 2.0
"""From one look into the folders to the next."""


class _Arriving(NamedTuple):
    rest: float
    """Seconds."""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(
        commands, "watch", "tell who speaks when in what arrives in folders", _MORE, _EXAMPLES
    )
    add_whole_folders(parser)
    parser.add_argument(
        "--rest",
        metavar="SECONDS",
        type=_seconds,
        default=5.0,
        help="how long a file's size has to rest before it is read (default: 5)",
    )
    runs(parser, run, WholeFolders, _Arriving)


def run(given: WholeFolders, arriving: _Arriving) -> int:
    """Work until somebody ends it."""
    from core.workers.cluster import connected, require

    require()  # before the imports that need it
    from core.archive.finding import LeftOut, find
    from core.archive.report import write_overview
    from core.archive.results import Record
    from core.archive.run import Run, plan
    from core.archive.watching import Arrivals
    from core.atomic import writable_folder

    out = writable_folder(given.out).resolve()
    models, asked = chosen_models(given.model), asked_of(given)
    arrivals = Arrivals(arriving.rest)
    records: dict[str, Record] = {}
    looked = float("-inf")
    changed = False
    told: set[str] = set()
    find(given.folders, out)  # a folder that isn't there is told before anything starts
    with ExitStack() as stack:
        client = stack.enter_context(connected(given.workers, given.scheduler))
        work = stack.enter_context(Run(client, out, models, asked))
        say(f"watching {', '.join(given.folders)}; Ctrl+C ends it")
        try:
            while True:
                if time.monotonic() - looked >= LOOK_S:
                    looked = time.monotonic()
                    left_out = LeftOut()
                    found = find(given.folders, out, left_out=left_out)
                    news = {*left_out.unnameable, *left_out.others} - told
                    told |= news
                    for line in left_out.lines() if news else ():
                        say(line)
                    ready = arrivals.complete(found, looked)
                    there, missing = plan(ready, out, work.basis)
                    records |= {record.recording.source: record for record in there}
                    changed |= bool(there)
                    work.submit(missing)
                for record in work.finished(timeout=0.5):
                    tell(record)
                    records[record.recording.source] = record
                    changed = True
                if changed and not work.waiting:
                    write_overview(out, list(records.values()), models, known_voices(models))
                    changed = False
        except KeyboardInterrupt:
            say("ended; what was done is kept")
        finally:
            if changed:
                write_overview(out, list(records.values()), models, known_voices(models))
    return 0


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 86_400:
        raise argparse.ArgumentTypeError(f"give seconds from 0 on, not {text!r}")
    return number
