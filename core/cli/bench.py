"""``voicelanes bench``: how fast it is on this machine. The last line is JSON."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from .output import show
from .parser import command

if TYPE_CHECKING:
    from .parser import Commands

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
    archive.set_defaults(run=_archive)
    file = kinds.add_parser("file", help="a whole recording, with time and peak memory")
    file.add_argument("file", nargs="?", metavar="FILE", help="the recording to repeat")
    file.add_argument("--minutes", type=minutes, default=60.0, help="length (default: 60)")
    file.add_argument("--first-pass", action="store_true", help="without the second pass")
    file.set_defaults(run=_file)
    decoder = kinds.add_parser("decoder", help="our UIS-RNN decoder beside the uisrnn package")
    decoder.add_argument("--quick", action="store_true", help="a twentieth of it: rough figures")
    decoder.set_defaults(run=_decoder)
    live = kinds.add_parser("live", help="how soon labels come while recording, and the load")
    live.add_argument("file", nargs="?", metavar="FILE", help="what the microphone hears")
    live.add_argument("--minutes", type=minutes, default=2.0, help="length (default: 2)")
    live.set_defaults(run=_live)
    refined = kinds.add_parser("refine", help="the second pass over many hours, and its preview")
    refined.add_argument("--windows", type=int, default=50_000, help="how many (default: 50000)")
    refined.set_defaults(run=_refine)
    soak = kinds.add_parser("soak", help="a long meeting: memory, cost and losses at its end")
    soak.add_argument("--hours", type=hours, default=8.0, help="length (default: 8)")
    soak.set_defaults(run=_soak)


def _archive(options: argparse.Namespace) -> int:
    from ..archive.cluster import require

    require()
    from ..bench.archive import run

    return _print(run(recordings=max(1, options.recordings), tell=show))


def _file(options: argparse.Namespace) -> int:
    from ..bench.file import run

    return _print(
        run(options.file, minutes=options.minutes, second_pass=not options.first_pass, tell=show)
    )


def _decoder(options: argparse.Namespace) -> int:
    from ..bench.decoder import run

    return _print({"bench": "decoder", **run(quick=options.quick)})


def _live(options: argparse.Namespace) -> int:
    from ..bench.live import run

    return _print(run(options.file, minutes=options.minutes, tell=show))


def _refine(options: argparse.Namespace) -> int:
    from ..bench.refine import run

    return _print(run(max(10, options.windows), tell=show))


def _soak(options: argparse.Namespace) -> int:
    from ..bench.soak import run

    return _print(run(hours=options.hours, tell=show))


def _print(figures: dict[str, Any]) -> int:
    show(json.dumps(figures))
    return 0


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
