"""``voicelanes compare``: the matrix of distances between utterances."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .output import say, show_text
from .parser import UsageError, add_track, command

if TYPE_CHECKING:
    from .parser import Commands

_MORE = """\
Each file holds one utterance of one voice. Prints the distances between all of them, row by row in
the order of the files: 0 is the same voice, about 0.6 and more are two. Names that differ in their
last number only (anna_1.wav, anna_2.wav) count as one person: the matrix is divided by persons, and
standard error says whether the distances tell them apart."""

_EXAMPLES = """\
  voicelanes compare anna_1.wav anna_2.wav ben_1.wav
  voicelanes compare voices/*.wav --csv distances.csv --picture distances.png
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "compare", "tell how far apart voices are", _MORE, _EXAMPLES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="an utterance of one voice")
    parser.add_argument("--csv", metavar="FILE", help="also write the matrix as a table with names")
    add_track(parser)
    parser.add_argument("--picture", metavar="FILE", help="also draw it as a heat map (PNG)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Embed, compare, print and write."""
    files: list[str] = options.files
    if len(files) < 2:
        raise UsageError("compare needs two files or more; see 'voicelanes compare --help'")
    import numpy as np

    from .. import compare, picture
    from ..encoder import OnnxEncoder
    from ..formats.atomic import write_file
    from ..formats.csv_table import table
    from ..model_folders import current_models

    encoder = OnnxEncoder(current_models(on_problem=say))
    matrix = compare.distances(
        np.stack([compare.embed_file(f, encoder, options.track) for f in files])
    )
    groups = compare.persons(files)
    names = _names(files)
    if options.csv:
        cells = [[f"{d:.4f}" for d in row] for row in matrix]
        rows = [["", *names], *([n, *row] for n, row in zip(names, cells, strict=True))]
        write_file(options.csv, table(rows))
    if options.picture:
        write_file(options.picture, picture.heat_map(matrix, names))
    show_text(compare.render(matrix, groups))
    _say_verdict(compare.separation(matrix, groups), names)
    written = [f for f in (options.csv, options.picture) if f]
    if written:
        say(f"wrote {', '.join(written)}")
    return 0


def _names(files: Sequence[str]) -> list[str]:
    """The names of the files without folders, if they still differ."""
    names = [Path(file).name for file in files]
    return names if len(set(names)) == len(names) else list(files)


def _say_verdict(separation: object, names: Sequence[str]) -> None:
    from ..compare import Separation

    if not isinstance(separation, Separation):
        return
    if not separation.exceptions:
        say(
            f"every distance within a person (at most {separation.within:.3f}) is below every"
            f" distance across persons (at least {separation.across:.3f})"
        )
        return
    say(
        f"{len(separation.exceptions)} distances within a person are not below every distance"
        f" across persons (at least {separation.across:.3f}):"
    )
    for i, j, distance in separation.exceptions:
        say(f"  {names[i]} and {names[j]}: {distance:.3f}")
