"""``voicelanes bench``: how fast it is on this machine. The last line is JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cli.output import show
from core.cli.parser import command, runs
from core.cli.shared import hours, minutes

if TYPE_CHECKING:
    from core.cli.parser import Commands

_MORE = """\
'file' makes a long recording by repeating FILE (the sample conversation if there is none), tells
who speaks when in a process of its own and measures time and memory. 'decoder' runs our UIS-RNN
decoder and the uisrnn package (the [train] install) on the same sequences and gives the speed-up
and how many sequences got identical labels. 'live' records from a microphone that hears FILE in
real time and tells how soon labels come. 'soak' records a meeting of twelve for hours, as fast as
it can be heard, and compares its end with its start. 'refine' tells the speakers of many windows
apart. The last line of the output is one line of JSON."""

_EXAMPLES = """\
  voicelanes bench file
  voicelanes bench file meeting.wav --minutes 120
  voicelanes bench decoder
  voicelanes bench archive
  voicelanes bench live
  voicelanes bench soak --hours 8
"""


class _Archive(NamedTuple):
    recordings: int


class _File(NamedTuple):
    file: str | None
    minutes: float
    first_pass: bool


class _Decoder(NamedTuple):
    quick: bool


class _Live(NamedTuple):
    file: str | None
    minutes: float


class _Refine(NamedTuple):
    windows: int


class _Soak(NamedTuple):
    hours: float


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "bench", "measure the speed on this machine", _MORE, _EXAMPLES)
    kinds = parser.add_subparsers(
        dest="kind", metavar="archive|decoder|file|live|refine|soak", required=True
    )
    archive = kinds.add_parser("archive", help="one and two processes, cost per recording, memory")
    archive.add_argument(
        "--recordings", type=int, default=10_000, help="scheduled for memory (default: 10000)"
    )
    runs(archive, _archive, _Archive)
    file = kinds.add_parser("file", help="a whole recording, with time and peak memory")
    file.add_argument("file", nargs="?", metavar="FILE", help="the recording to repeat")
    file.add_argument("--minutes", type=minutes, default=60.0, help="length (default: 60)")
    file.add_argument("--first-pass", action="store_true", help="without the second pass")
    runs(file, _file, _File)
    decoder = kinds.add_parser("decoder", help="our UIS-RNN decoder beside the uisrnn package")
    decoder.add_argument("--quick", action="store_true", help="a twentieth of it: rough figures")
    runs(decoder, _decoder, _Decoder)
    live = kinds.add_parser("live", help="how soon labels come while recording, and the load")
    live.add_argument("file", nargs="?", metavar="FILE", help="what the microphone hears")
    live.add_argument("--minutes", type=minutes, default=2.0, help="length (default: 2)")
    runs(live, _live, _Live)
    refined = kinds.add_parser("refine", help="the second pass over many hours, and its preview")
    refined.add_argument("--windows", type=int, default=50_000, help="how many (default: 50000)")
    runs(refined, _refine, _Refine)
    soak = kinds.add_parser("soak", help="a long meeting: memory, cost and losses at its end")
    soak.add_argument("--hours", type=hours, default=8.0, help="length (default: 8)")
    runs(soak, _soak, _Soak)


def _archive(given: _Archive) -> int:
    from core.workers.cluster import require

    require()
    from core.bench.archive import run

    return _print(run(recordings=max(1, given.recordings), tell=show))


def _file(given: _File) -> int:
    from core.bench.file import run

    return _print(
        run(given.file, minutes=given.minutes, second_pass=not given.first_pass, tell=show)
    )


def _decoder(given: _Decoder) -> int:
    from core.bench.decoder import run

    return _print({"bench": "decoder", **run(quick=given.quick)})


def _live(given: _Live) -> int:
    from core.bench.live import run

    return _print(run(given.file, minutes=given.minutes, tell=show))


def _refine(given: _Refine) -> int:
    from core.bench.refine import run

    return _print(run(max(10, given.windows), tell=show))


def _soak(given: _Soak) -> int:
    from core.bench.soak import run

    return _print(run(hours=given.hours, tell=show))


def _print(figures: dict[str, Any]) -> int:
    show(json.dumps(figures))
    return 0
