"""What the commands print: on standard output, one line per message on standard error, and the bar.

Nothing is printed past :func:`show`, :func:`show_text` and :func:`say`: names of files, speakers
and devices may hold what a terminal obeys.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from core.atomic import why_not
from core.errors import VoicelanesError
from core.printable import printable

if TYPE_CHECKING:
    from core.pipeline import Progress


def show(line: object = "") -> None:
    """One line on standard output, whatever is in it."""
    print(printable(str(line)), flush=True)


def show_text(text: str) -> None:
    """A text of several lines on standard output; names in it are on one line each already."""
    print("\n".join(map(printable, text.split("\n"))), end="", flush=True)


def say(message: str) -> None:
    """One line on standard error, with the program's name."""
    line = printable(" ".join(message.split()))
    with contextlib.suppress(OSError):  # if that fails there is nowhere left to say it
        print(f"voicelanes: {line}", file=sys.stderr, flush=True)


def report(error: Exception, *, debug: bool, about: str) -> int:
    """Say in one line what went wrong, and return the exit code for it.

    ``about`` is what was worked on; it opens the line unless the message names it already.
    """
    if debug:
        for line in "".join(traceback.format_exception(error)).splitlines():
            print(printable(line), file=sys.stderr)
    if isinstance(error, VoicelanesError):
        message, code = str(error), 1
    elif isinstance(error, MemoryError):
        message, code = "there is not enough memory; close other programs and try again", 1
    elif isinstance(error, OSError):
        message, code = f"reading or writing failed: {why_not(error)}", 1
    else:
        hint = "" if debug else "; please report this with what --debug shows"
        message = f"defect in Voicelanes ({type(error).__name__}: {error}){hint}"
        code = 70
    say(f"{about}: {message}" if about and Path(about).name not in message else message)
    return code


PATIENCE_S = 1.0
"""Work that is done sooner shows no bar."""

_LOG_EVERY_S = 10.0


class OnProgress(Protocol):
    """Takes word of how far a file is."""

    def __call__(self, progress: Progress) -> None: ...


@contextmanager
def progress_bar(name: str) -> Iterator[OnProgress]:
    """A bar with the time left on standard error, for work that takes more than a moment.

    On a terminal it appears after a second. Elsewhere (a log) it appears after ten seconds and
    then every ten.
    """
    from tqdm import tqdm

    seen = sys.stderr.isatty()
    bar = tqdm(
        total=1.0,
        delay=PATIENCE_S if seen else _LOG_EVERY_S,
        mininterval=0.1 if seen else _LOG_EVERY_S,
        miniters=0,
        smoothing=0,  # the time left by the speed of all so far: it doesn't jump
        leave=False,
        file=sys.stderr,
        desc=printable(name),
        bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed} gone, {remaining} left",
    )

    def on_progress(progress: Progress) -> None:
        label = f"{printable(name)}: {progress.stage}"
        if bar.desc != label:
            bar.set_description_str(label, refresh=False)
            bar.last_print_t = 0.0  # a new stage shows at once, it may not tell how far it is
        bar.update(max(0.0, (progress.fraction or 0.0) - bar.n))

    with bar:
        yield on_progress
