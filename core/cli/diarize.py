"""``voicelanes diarize``: recordings in, who speaks when out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from core.audio.kinds import TOGETHER
from core.audio.together.listing import LATEST, is_together, read_together, write_together
from core.cli.known import recognised
from core.cli.output import progress_bar, report, say, show, show_text
from core.cli.parser import UsageError, add_track, command, runs
from core.cli.shared import SecondPass, add_second_pass, chosen_models, format_list
from core.export.meeting import AUDIO, TITLES, suffix
from core.formats import PICTURES, listing

if TYPE_CHECKING:
    from core.audio.peaks import Peaks
    from core.channels.separation import Channels
    from core.cli.parser import Commands
    from core.models.manifest import ModelSet
    from core.pipeline import Engine, Result

_MORE = """\
Prints a block per speaker and a line per turn (minutes:seconds.milliseconds). Reads wav, flac, mp3,
ogg, opus, m4a, mp4, webm and more, of any rate and number of channels. Where channels are different
people's, as in recorded calls and podcasts, each is heard alone, its lanes are called after it, and
what it carries of the others makes no turns; standard error says so.

Files are written only if --out, --format or --picture asks for them: <name>.rttm, <name>.csv and so
on, into --out or else into the current folder. Existing ones are replaced once the new ones are
complete.

--together takes all files as one meeting, a person (or a room) each: where each starts is found out
by what they hear of each other or by the times in them, standard error says how, and --offset
decides it. The list of them, FILE, opens afterwards wherever a recording does, here and in the
window. A single file with several sound tracks is laid track by track.

Voices that 'voicelanes voices' remembers are named where that is sure; where it isn't, standard
error says who it may be, and the files have the number."""

_EXAMPLES = """\
  voicelanes diarize talk.m4a
  voicelanes diarize interview.wav --speakers 2
  voicelanes diarize meeting.wav --speakers 3-6 --picture
  voicelanes diarize panel.wav --fewer
  voicelanes diarize call.wav --channels speakers
  voicelanes diarize *.flac --out turns --format rttm,csv
  voicelanes diarize anna.m4a ben.m4a --together talk.together --offset ben.m4a=2.5
"""


class _Given(NamedTuple):
    files: tuple[str, ...]
    out: str | None
    format: tuple[str, ...] | None
    picture: bool
    track: int | None
    channels: Channels
    together: str | None
    offset: tuple[str, ...]
    first_pass: bool
    model: str | None
    engine: Engine
    debug: bool

    @property
    def formats(self) -> tuple[str, ...]:
        """What to write."""
        named = self.format or (("rttm",) if self.out else ())
        return tuple(dict.fromkeys([*named, "png"])) if self.picture else named

    @property
    def folder(self) -> Path:
        """Where to."""
        return Path(self.out or ".")


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
    add_second_pass(parser)
    add_track(parser)
    parser.add_argument(
        "--channels",
        choices=("auto", "mix", "speakers"),
        default="auto",
        help="whether each channel is somebody else's: speakers (nobody is on two, several may be"
        " on one), mix (one sound of all), or auto, which finds it out (default)",
    )
    parser.add_argument(
        "--together",
        metavar="FILE",
        help=f"take all files as one meeting, and keep how they lie in FILE (name.{TOGETHER})",
    )
    parser.add_argument(
        "--offset",
        metavar="FILE=SECONDS",
        action="append",
        default=[],
        help="where a file of the meeting starts after (or, below 0, before) the first one; may be"
        " given for several",
    )
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
    runs(parser, run, _Given, SecondPass)


def run(given: _Given, asked: SecondPass) -> int:
    """Diarize every file; a bad one is reported and the others are still done."""
    for file in given.files:
        if file.startswith("--") and not Path(file).exists():
            raise UsageError(f"{file} stands after --, where everything is a file: put it before")
    offsets = _offsets(given)
    models = chosen_models(given.model)
    files = given.files
    if given.together is not None:
        from core.errors import InputError

        try:
            files = (_laid(given.files, given.together, offsets),)
        except InputError as error:
            return report(error, debug=given.debug, about="")
    if given.formats:
        _names_differ(files)
        from core.atomic import writable_folder

        writable_folder(given.folder)
    code = 0
    for number, file in enumerate(files):
        if len(files) > 1:
            if number:
                show()
            show(file)
        try:
            text = _one(file, models, given, asked)
        except Exception as error:
            code = max(code, report(error, debug=given.debug, about=file))
        else:
            show_text(text)
    return code


def _offsets(given: _Given) -> dict[Path, float]:
    """Seconds by file, as ``--offset`` gives them."""
    if given.together is None:
        if given.offset:
            raise UsageError("--offset needs --together: it is where a file of a meeting starts")
        return {}
    if not is_together(Path(given.together)):
        raise UsageError(f"--together {given.together}: its name must end in .{TOGETHER}")
    offsets = {}
    for text in given.offset:
        file, _, number = text.rpartition("=")
        try:
            offsets[Path(file)] = seconds = float(number)
        except ValueError:
            seconds = math.nan
        if not file or not abs(seconds) <= LATEST:
            raise UsageError(f"--offset takes FILE=SECONDS, such as {given.files[-1]}=2.5: {text}")
    return offsets


def _laid(files: Sequence[str], together: str, offsets: dict[Path, float]) -> str:
    """Lay the files of a meeting on one timeline, say how, and write the list of them."""
    from core.audio.together.laying import laid

    target = Path(together)
    if target.exists():
        read_together(target)  # nothing but another list is replaced
    parts = laid([Path(file) for file in files], offsets)
    for one in parts:
        say(one.said)
    write_together(tuple(one.part for one in parts), target)
    say(f"wrote {together}, which opens like a recording")
    return together


def _one(file: str, models: ModelSet, given: _Given, asked: SecondPass) -> str:
    """Diarize a file, write what is asked for and return the listing."""
    from core.export.meeting import export
    from core.formats import About

    result, peaks = _diarize(file, models, given, asked)
    for warning in result.warnings:
        say(f"{file}: {warning}")
    if result.split:
        say(f"{file}: {result.split.said} (--channels mix makes one sound of them)")
    annotation = recognised(result.annotation, result.windows, models, file)
    annotation = result.with_lanes(annotation)
    stem = Path(file).stem
    about = About(stem, Path(file), peaks, track=given.track)
    written: list[Path] = []
    for name in given.formats:
        target = given.folder / f"{stem}{suffix(name)}"
        if name in AUDIO and not annotation.turns:
            continue  # nobody speaks: there is no sound to write
        written += export(annotation, target, name, about=about, replace_existing=True)
    if not annotation.turns:
        say(f"{file}: no speech found")
    if written:
        say(f"wrote {', '.join(map(str, written))}")
    return listing.render(annotation)


def _diarize(
    file: str, models: ModelSet, given: _Given, asked: SecondPass
) -> tuple[Result, Peaks | None]:
    """What was heard; its peaks, too, if it is to be drawn."""
    from core.pipeline import diarize_file

    peaks: Peaks | None = None
    on_samples: Callable[[Any], None] | None = None
    if not PICTURES.isdisjoint(given.formats):
        from core.audio.peaks import Peaks

        peaks = Peaks()
        on_samples = peaks.push
    with progress_bar(Path(file).name) as on_progress:
        result = diarize_file(
            file,
            models=models,
            engine=given.engine,
            speakers=asked.speakers,
            bias=asked.bias,
            method=asked.method,
            track=given.track,
            channels=given.channels,
            second_pass=not given.first_pass,
            on_progress=on_progress,
            on_samples=on_samples,
        )
    return result, peaks


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
