"""The man page, made of what the command line says of itself: printed as roff."""

from __future__ import annotations

import argparse

from core.cli import build_parser
from core.version import VERSION


def escaped(text: str) -> str:
    """Text that roff takes for text."""
    return "\n".join(
        rf"\&{line}" if line[:1] in ".'" else line
        for line in text.replace("\\", r"\e").replace("-", r"\-").splitlines()
    )


def main() -> None:
    """Name, synopsis, the commands with what each does, examples."""
    parser = build_parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))  # noqa: SLF001
    print(f'.TH VOICELANES 1 "" "Voicelanes {VERSION}" "User Commands"')
    print(".SH NAME\nvoicelanes \\- shows who speaks when in a recording")
    print(".SH SYNOPSIS\n.B voicelanes\n[\\fIFILE\\fR]\n.br\n.B voicelanes\n\\fICOMMAND\\fR ...")
    print(f".SH DESCRIPTION\n{escaped(parser.description or '')}")
    print("Without a command the window opens, with FILE in it.\n.SH COMMANDS")
    for one in commands._choices_actions:  # noqa: SLF001
        print(f".TP\n.B {one.dest}\n{escaped(one.help or '')}")
    examples = (parser.epilog or "").partition(":")[2].strip("\n")
    print(f".SH EXAMPLES\n.nf\n{escaped(examples)}\n.fi")


if __name__ == "__main__":
    main()
