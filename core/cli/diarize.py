"""``voicelanes diarize``: recordings in, who speaks when out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..export import AUDIO, TITLES, suffix
from ..formats import PICTURES, listing
from .export import format_list
from .known import recognised
from .output import progress_bar, report, say, show, show_text
from .parser import UsageError, add_track, command

if TYPE_CHECKING:
    from ..audio.peaks import Peaks
    from ..clustering_methods import MethodName
    from ..models import ModelSet
    from ..pipeline import Result, SpeakerCount
    from .parser import Commands

_MORE = """\
Prints a block per speaker and a line per turn (minutes:seconds.milliseconds). Reads wav, flac, mp3,
ogg, opus, m4a, mp4, webm and more, of any rate and number of channels.

Files are written only if --out, --format or --picture asks for them: <name>.rttm, <name>.csv and so
on, into --out or else into the current folder. Existing ones are replaced once the new ones are
complete.

Voices that 'voicelanes voices' remembers are named where that is sure; where it isn't, standard
error says who it may be, and the files have the number."""

_EXAMPLES = """\
  voicelanes diarize talk.m4a
  voicelanes diarize interview.wav --speakers 2
  voicelanes diarize meeting.wav --speakers 3-6 --picture
  voicelanes diarize panel.wav --fewer
  voicelanes diarize *.flac --out turns --format rttm,csv
"""


_STEP = 0.5
METHOD = "in-turns"
"""Of the second pass, unless another is asked for."""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "diarize", "tell who speaks when in recordings", _MORE, _EXAMPLES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a recording")
    parser.add_argument("--out", metavar="DIR", help="write files into DIR (RTTM if no --format)")
    parser.add_argument(
        "--format",
        metavar="LIST",
        type=format_list,
        help=f"what to write, divided by commas: {', '.join(TITLES)}",
    )
    add_count(parser)
    add_method(parser)
    add_track(parser)
    parser.add_argument(
        "--first-pass",
        action="store_true",
        help="only what the live view would show, without the second pass over the whole",
    )
    parser.add_argument(
        "--picture", action="store_true", help="also draw the turns: the same as --format png"
    )
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="models that 'voicelanes models list' shows; default: in use",
    )
    parser.add_argument(
        "--engine",
        choices=("onnx", "keras"),
        default="onnx",
        help="keras runs the slow reference (needs the [train] install); default: onnx",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Diarize every file; a bad one is reported and the others are still done."""
    for file in options.files:
        if file.startswith("--") and not Path(file).exists():
            raise UsageError(f"{file} stands after --, where everything is a file: put it before")
    formats: tuple[str, ...] = options.format or (("rttm",) if options.out else ())
    if options.picture:
        formats = tuple(dict.fromkeys([*formats, "png"]))
    options.models = _models(options.model)
    folder = Path(options.out or ".")
    if formats:
        _names_differ(options.files)
        from ..formats.atomic import writable_folder

        writable_folder(folder)
    code = 0
    for number, file in enumerate(options.files):
        if len(options.files) > 1:
            if number:
                show()
            show(file)
        try:
            text = _one(file, folder, formats, options)
        except Exception as error:
            code = max(code, report(error, debug=options.debug, about=file))
        else:
            show_text(text)
    return code


def _one(file: str, folder: Path, formats: Sequence[str], options: argparse.Namespace) -> str:
    """Diarize a file, write what is asked for and return the listing."""
    from ..export import export
    from ..formats import About

    result, peaks = _diarize(file, options, wave=not PICTURES.isdisjoint(formats))
    for warning in result.warnings:
        say(f"{file}: {warning}")
    annotation = recognised(result.annotation, result.windows, options.models, file)
    stem = Path(file).stem
    about = About(stem, Path(file), peaks, track=options.track)
    written: list[Path] = []
    for name in formats:
        target = folder / f"{stem}{suffix(name)}"
        if name in AUDIO and not annotation.turns:
            continue  # nobody speaks: there is no sound to write
        written += export(annotation, target, name, about=about, replace_existing=True)
    if not annotation.turns:
        say(f"{file}: no speech found")
    if written:
        say(f"wrote {', '.join(map(str, written))}")
    return listing.render(annotation)


def _diarize(file: str, options: argparse.Namespace, *, wave: bool) -> tuple[Result, Peaks | None]:
    from ..pipeline import diarize_file

    peaks: Peaks | None = None
    on_samples: Callable[[Any], None] | None = None
    if wave:
        from ..audio.peaks import Peaks

        peaks = Peaks()
        on_samples = peaks.push
    with progress_bar(Path(file).name) as on_progress:
        result = diarize_file(
            file,
            models=options.models,
            engine=options.engine,
            speakers=options.speakers,
            bias=options.bias,
            method=options.method,
            track=options.track,
            second_pass=not options.first_pass,
            on_progress=on_progress,
            on_samples=on_samples,
        )
    return result, peaks


def _models(name: str | None) -> ModelSet:
    """The set of that name, or else the one in use; if that is gone, it is said."""
    from ..model_folders import current_models, load

    return load(name) if name else current_models(on_problem=say)


def _names_differ(files: Sequence[str]) -> None:
    """Two recordings must not be written to one file, on any file system."""
    seen: dict[str, str] = {}
    for file in files:
        stem = Path(file).stem.casefold()
        if stem in seen:
            raise UsageError(
                f"{seen[stem]} and {file} would be written to the same files;"
                " run them one by one, each with an --out of its own"
            )
        seen[stem] = file


def add_count(parser: argparse.ArgumentParser) -> None:
    """The options that say how many speakers there are: a number, or fewer or more of them."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--speakers",
        metavar="N|MIN-MAX",
        type=speaker_count,
        help="how many people speak, if you know: 2, or 2-4",
    )
    how.add_argument(
        "--bias",
        metavar="B",
        type=_bias,
        default=0.0,
        help="from -1 (fewer speakers) to 1 (more), for the second pass; default: 0",
    )
    how.add_argument(
        "--fewer", dest="bias", action="store_const", const=-_STEP, help=f"--bias {-_STEP}"
    )
    how.add_argument(
        "--more", dest="bias", action="store_const", const=_STEP, help=f"--bias {_STEP}"
    )


def add_method(parser: argparse.ArgumentParser) -> None:
    """The option that says how the second pass groups what it heard."""
    parser.add_argument(
        "--method",
        metavar="NAME",
        type=_method,
        default=METHOD,
        help="how the second pass tells voices apart: in-turns (best on average, the default),"
        " spectral, vbx or uis-rnn (slow); models/README.md compares them",
    )


def _method(text: str) -> MethodName:
    from ..clustering_methods import METHODS

    for name in METHODS:
        if text == name:
            return name
    raise argparse.ArgumentTypeError(f"there is no {text!r}; give one of {', '.join(METHODS)}")


def _bias(text: str) -> float:
    try:
        bias = float(text)
    except ValueError:
        bias = 2.0
    if not -1 <= bias <= 1:
        raise argparse.ArgumentTypeError(f"give a number from -1 to 1, not {text!r}")
    return bias


def speaker_count(text: str) -> SpeakerCount:
    """What ``--speakers`` takes."""
    from ..pipeline import SpeakerCount

    try:
        return SpeakerCount.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
