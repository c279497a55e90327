"""argparse as this command line needs it: an error is an exception with one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar, overload

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["Parser"]

_A = TypeVar("_A", bound=NamedTuple)
_B = TypeVar("_B", bound=NamedTuple)


class UsageError(Exception):
    """The command was not given as it must be; ``str()`` is one line."""


class Parser(argparse.ArgumentParser):
    """Raises :class:`UsageError` where argparse prints its usage and ends the program."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see '{self.prog} --help'")


def command(commands: Commands, name: str, summary: str, more: str, examples: str) -> Parser:
    """Declare a command: a summary for the overview, more for its own help, and examples."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.\n\n{more}",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    # For the help only: main() takes it out, so that it may stand anywhere.
    parser.add_argument("--debug", action="store_true", help="on an error show where it happened")
    return parser


@overload
def runs(parser: Parser, run: Callable[[], int]) -> None: ...
@overload
def runs(parser: Parser, run: Callable[[_A], int], first: type[_A], /) -> None: ...
@overload
def runs(
    parser: Parser, run: Callable[[_A, _B], int], first: type[_A], second: type[_B], /
) -> None: ...
def runs(parser: Parser, run: Callable[..., int], *given: type[Any]) -> None:
    """What does the work of a command, and the values that it takes: named tuples.

    This is the door: their fields are filled from the options of the same names, lists as tuples,
    and argparse's namespace stays outside.
    """

    def enter(options: argparse.Namespace) -> int:
        known = vars(options)
        return run(*(kind(*(_frozen(known[name]) for name in kind._fields)) for kind in given))

    parser.set_defaults(run=enter)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def whole_number(least: int, most: int, words: str) -> Callable[[str], int]:
    """The ``type`` of an option that is a whole number in these bounds; ``words`` say which."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"give {words}, not {text!r}")
        return int(text)

    return parse


def add_track(parser: argparse.ArgumentParser) -> None:
    """The option that says which sound track of a film is meant."""
    parser.add_argument(
        "--track",
        metavar="N",
        type=whole_number(1, 1000, "the number of a sound track, from 1 on"),
        help="which sound track, where a file has several (default: the one that it asks for)",
    )


class Version(argparse.Action):
    """Prints version and commit, and ends; only then is git asked."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any, **more: Any) -> None:
        from core.version import described

        sys.stdout.write(f"voicelanes {described()}\n")
        parser.exit()
