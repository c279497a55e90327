"""``voicelanes compare``: the matrix of distances between utterances."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.output import say, show_text
from core.cli.parser import UsageError, add_track, command, runs

if TYPE_CHECKING:
    from core.cli.parser import Commands

_MORE = """\
Each file holds one utterance of one voice. Prints the distances between all of them, row by row in
the order of the files: 0 is the same voice, about 0.6 and more are two. Names that differ in their
last number only (anna_1.wav, anna_2.wav) count as one person: the matrix is divided by persons, and
standard error says whether the distances tell them apart."""

_EXAMPLES = """\
  voicelanes compare anna_1.wav anna_2.wav ben_1.wav
  voicelanes compare voices/*.wav --csv distances.csv --picture distances.png
"""


class _Given(NamedTuple):
    files: tuple[str, ...]
    csv: str | None
    picture: str | None
    track: int | None


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "compare", "tell how far apart voices are", _MORE, _EXAMPLES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="an utterance of one voice")
    parser.add_argument("--csv", metavar="FILE", help="also write the matrix as a table with names")
    add_track(parser)
    parser.add_argument("--picture", metavar="FILE", help="also draw it as a heat map (PNG)")
    runs(parser, run, _Given)


def run(given: _Given) -> int:
    """Embed, compare, print and write."""
    files = given.files
    if len(files) < 2:
        raise UsageError("compare needs two files or more; see 'voicelanes compare --help'")
    import numpy as np

    from core.atomic import write_file
    from core.formats import picture
    from core.formats.csv_table import table
    from core.models.folders import current_models
    from core.similarity import utterances
    from core.stream.encoder import OnnxEncoder

    encoder = OnnxEncoder(current_models(on_problem=say))
    matrix = utterances.distances(
        np.stack([utterances.embed_file(f, encoder, given.track) for f in files])
    )
    groups = utterances.persons(files)
    names = _names(files)
    if given.csv:
        cells = [[f"{d:.4f}" for d in row] for row in matrix]
        rows = [["", *names], *([n, *row] for n, row in zip(names, cells, strict=True))]
        write_file(given.csv, table(rows))
    if given.picture:
        write_file(given.picture, picture.heat_map(matrix, names))
    show_text(utterances.render(matrix, groups))
    _say_verdict(utterances.separation(matrix, groups), names)
    written = [f for f in (given.csv, given.picture) if f]
    if written:
        say(f"wrote {', '.join(written)}")
    return 0


def _names(files: Sequence[str]) -> list[str]:
    """The names of the files without folders, if they still differ."""
    names = [Path(file).name for file in files]
    return names if len(set(names)) == len(names) else list(files)


def _say_verdict(separation: object, names: Sequence[str]) -> None:
    from core.similarity.utterances import Separation

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
