"""The command line: ``voicelanes COMMAND ...``.

One module per command, each with ``add(commands)``, which declares it, and ``run(options)``, which
does it and returns the exit code. Whatever takes time to import is imported in ``run``.

Exit codes: 0 done, 1 the input is at fault, 2 wrong usage, 130 stopped by Ctrl+C, 143 by SIGTERM,
129 by a closed terminal, 141 nobody reads the output any more, 70 a defect of ours.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Sequence

from core.cli import (
    archive,
    bench,
    compare,
    devices,
    diarize,
    doctor,
    export,
    models,
    record,
    refine,
    score,
    train,
    voices,
    watch,
    words,
)
from core.cli.ending import Ended, handled, unwind
from core.cli.output import report, say
from core.cli.parser import Parser, UsageError, Version

_MODULES = (
    diarize,
    record,
    devices,
    archive,
    watch,
    export,
    refine,
    words,
    voices,
    compare,
    score,
    models,
    bench,
    doctor,
    train,
)

COMMANDS = tuple(module.__name__.rpartition(".")[2] for module in _MODULES)
"""The names of all commands."""

_DESCRIPTION = """\
Who speaks when. Everything happens on this machine: no account, no network.
"""

_EPILOG = """\
examples:
  voicelanes                               open the window
  voicelanes talk.m4a                      open a recording in the window
  voicelanes diarize talk.m4a              print who speaks when
  voicelanes record --out talk.wav         record, and print who speaks when
  voicelanes diarize *.wav --out turns     write turns/<name>.rttm for each recording
  voicelanes score reference.rttm turns/talk.rttm
  voicelanes doctor                        is everything there that Voicelanes needs?

'voicelanes COMMAND --help' explains a command; --debug shows where an error happened.
exit codes: 0 done, 1 the input is at fault, 2 wrong usage
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; ``argv`` without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        with handled(unwind):
            code = _dispatch([a for a in arguments if a != "--debug"], debug)
            sys.stdout.flush()
    except UsageError as error:
        say(str(error))
        return 2
    except BrokenPipeError:
        _let_output_go()
        return 141
    except KeyboardInterrupt as error:
        say("stopped; no half-written file is left behind")
        return 128 + (error.number if isinstance(error, Ended) else signal.SIGINT)
    except OSError as error:
        # Files that can't be read or written are VoicelanesErrors: what is left is the output.
        code = report(error, debug=debug, about="standard output")
        _let_output_go()
        return code
    except Exception as error:
        return report(error, debug=debug, about="")
    return code


def build_parser() -> Parser:
    """The parser of all commands."""
    parser = Parser(
        prog="voicelanes",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action=Version, nargs=0, help="show the version and its commit, and exit"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in _MODULES:
        module.add(commands)
    return parser


def _dispatch(arguments: list[str], debug: bool) -> int:
    # A recording's name may hold bytes that are no text; printing it must not fail.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as done:  # --help and --version end this way
        return int(done.code or 0)
    options.debug = debug
    code: int = options.run(options)
    return code


def _let_output_go() -> None:
    # Python flushes once more when it ends; what can't be written must not fail again then.
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
