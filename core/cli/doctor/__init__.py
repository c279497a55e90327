"""``voicelanes doctor``: whether everything is there."""

from __future__ import annotations

import argparse
import sys
import traceback
from typing import TYPE_CHECKING, NamedTuple

from core.cli.output import show
from core.cli.parser import command, runs

if TYPE_CHECKING:
    from core.cli.parser import Commands

_MORE = """\
Shows the versions of what Voicelanes stands on, the sound devices and the models, and for each
thing that is missing how to get it. Exit code 1 if something essential is broken."""

_EXAMPLES = """\
  voicelanes doctor
"""


class Doctor(NamedTuple):
    """What is asked: a question of our own, or everything."""

    ask: str | None


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "doctor", "check the installation", _MORE, _EXAMPLES)
    # A question that may hang or end the process that asks it: for ourselves alone.
    parser.add_argument("--ask", choices=("window", "devices"), help=argparse.SUPPRESS)
    runs(parser, run, Doctor)


def run(asked: Doctor) -> int:
    """Print every finding; 1 if something essential is broken."""
    from core.cli.doctor.findings import QUESTIONS, examine

    if asked.ask:
        try:
            exec(QUESTIONS[asked.ask], {})
        except Exception as error:  # its last line is read, as Python alone would print it
            sys.stderr.write(traceback.format_exception_only(error)[-1])
            return 1
        return 0
    worst = 0
    for finding in examine():
        show(finding)
        worst = max(worst, int(finding.broken))
    show("something essential is broken" if worst else "everything essential works")
    return worst
