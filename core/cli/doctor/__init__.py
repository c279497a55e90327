"""``voicelanes doctor``: whether everything is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "doctor", "check the installation", _MORE, _EXAMPLES)
    runs(parser, run)


def run() -> int:
    """Print every finding; 1 if something essential is broken."""
    from core.cli.doctor.findings import examine

    worst = 0
    for finding in examine():
        show(finding)
        worst = max(worst, int(finding.broken))
    show("something essential is broken" if worst else "everything essential works")
    return worst
