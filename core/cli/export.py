"""``voicelanes export``: a meeting, or turns in any format that can be read, for other programs."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.atomic import writable_folder
from core.cli.output import report, say, show_text
from core.cli.parser import UsageError, add_track, command, runs, whole_number
from core.cli.shared import format_list
from core.errors import InputError
from core.export.meeting import (
    AUDIO,
    REPORT,
    SETS,
    TITLES,
    Options,
    check_targets,
    export,
    in_the_way,
    selected,
    suffix,
    targets,
)
from core.formats import AFTER_ANOTHER, CAPTIONED, FORMATS, FRAMED, SURE, About, read_annotation
from core.formats.editors.timecode import RATES, Timeline
from core.formats.spoken.captions import (
    BROADCAST,
    COLUMNS_LIMITS,
    LINES_LIMITS,
    SPEED_LIMITS,
    CaptionStyle,
)
from core.units import to_samples, to_seconds

if TYPE_CHECKING:
    from core.annotation.values import Annotation, Stretch
    from core.cli.parser import Commands

_CAPTIONED, _FRAMED = (", ".join(n for n in FORMATS if n in some) for some in (CAPTIONED, FRAMED))
_FORMATS = "\n".join(f"  {name:14}{title}" for name, title in TITLES.items())

_MORE = f"""\
FILE is a meeting that the window saved (talk.voicelanes.json), or turns in a format below that
holds them all (no UEM, transcript, summary or picture, nothing for video editors). Writes talk.csv
and so on into the current folder, or where --out says; --out - prints. A file that is there already
is replaced only after a yes, or with --replace.

formats:
{_FORMATS}

Times are always those of the whole recording. wav and flac cut the recording's own sound, at its
own rate: a file per speaker, as long as the recording, in which the others are silent. What two say
at once is in the files of both, with both voices; --alone leaves it out.

Every format of turns holds overlapping turns of different speakers as they are: lines or cues that
overlap in time, or a tier for each speaker. None is flattened, and reading back gives the same; not
every other program takes it (HTK wants one label at a time). In transcripts and chapters, which
can't say it, what is said at once stands one after the other, by when it begins."""

_EXAMPLES = """\
  voicelanes export talk.voicelanes.json --format srt,html --out results
  voicelanes export talk.voicelanes.json --format csv --range 10:00-25:30 --merge-gaps 1
  voicelanes export talk.rttm --format textgrid --anonymous --out -
  voicelanes export talk.rttm --format wav --audio talk.m4a --only Anna --joined
"""

_TIME = re.compile(r"(?:(?:([0-9]{1,4}):)?([0-9]{1,4}):)?([0-9]{1,7}(?:\.[0-9]{0,9})?)")


class _Given(NamedTuple):
    files: tuple[str, ...]
    format: tuple[str, ...]
    out: str | None
    replace: bool
    range: Stretch | None
    only: tuple[str, ...] | None
    merge_gaps: int
    min_length: int
    """Samples, as all times here."""
    anonymous: bool
    words: bool
    audio: str | None
    track: int | None
    frame_rate: str
    timecode: str
    caption_columns: int
    caption_lines: int
    reading_speed: int
    joined: bool
    alone: bool
    debug: bool


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "export", "write turns for other programs", _MORE, _EXAMPLES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a meeting, or turns")
    parser.add_argument(
        "--format",
        metavar="LIST",
        type=format_list,
        required=True,
        help="what to write, divided by commas",
    )
    parser.add_argument(
        "--out",
        metavar="PATH",
        help="the folder to write into, or a file if its ending fits the one format, or -",
    )
    parser.add_argument(
        "--replace", "--yes", action="store_true", help="replace files that are there already"
    )
    parser.add_argument(
        "--range",
        metavar="FROM-TO",
        type=_range,
        help="only this part, in seconds or h:m:s: 90-300 or 1:30-5:00; TO may be left out",
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        help="only this speaker, by name or as 'Speaker 2'; may be given again",
    )
    parser.add_argument(
        "--merge-gaps",
        metavar="S",
        type=_seconds,
        default=0,
        help="turns of a speaker less than S seconds apart become one",
    )
    parser.add_argument(
        "--min-length",
        metavar="S",
        type=_seconds,
        default=0,
        help="leave out turns shorter than S seconds",
    )
    parser.add_argument(
        "--anonymous", action="store_true", help="numbers in place of the speakers' names"
    )
    parser.add_argument(
        "--no-words",
        dest="words",
        action="store_false",
        help="only who speaks when, also where it is known what is said",
    )
    parser.add_argument(
        "--audio",
        metavar="REC",
        help="the recording, for sound, the link in eaf and editors; a meeting knows its own",
    )
    add_track(parser)
    parser.add_argument(
        "--frame-rate",
        metavar="FPS",
        choices=RATES,
        default="",
        help=f"{_FRAMED}: frames a second, with df where timecode drops frames:"
        f" {', '.join(RATES)}; default: that of the film, or 25",
    )
    parser.add_argument(
        "--timecode",
        metavar="HH:MM:SS:FF",
        default="",
        help=f"{_FRAMED}: at which the recording begins; default: that of the film, or 00:00:00:00",
    )
    for option, (least, most), usual, words in (
        ("--caption-columns", COLUMNS_LIMITS, BROADCAST.columns, "signs in a line"),
        ("--caption-lines", LINES_LIMITS, BROADCAST.lines, "lines of a caption"),
        ("--reading-speed", SPEED_LIMITS, BROADCAST.per_second, "letters read in a second"),
    ):
        parser.add_argument(
            option,
            metavar="N",
            type=whole_number(least, most, f"{words}, from {least} to {most}"),
            default=usual,
            help=f"{_CAPTIONED}: {words}, from {least} to {most} (default: {usual})",
        )
    parser.add_argument(
        "--joined", action="store_true", help="wav, flac: only the speech, without the silence"
    )
    parser.add_argument(
        "--alone", action="store_true", help="wav, flac: without what two or more say at once"
    )
    runs(parser, run, _Given)


def run(given: _Given) -> int:
    """Export every file; a bad one is reported and the others are still done."""
    if given.out == "-" and (len(given.files) > 1 or len(given.format) > 1):
        raise UsageError("--out - prints one file in one format")
    if given.out == "-" and given.format[0] in {*AUDIO, *REPORT, *SETS}:
        raise UsageError(f"{given.format[0]} is written to files; give a folder to --out")
    if given.timecode and given.frame_rate:
        try:
            Timeline.starting(RATES[given.frame_rate], given.timecode)
        except InputError as error:
            raise UsageError(f"--timecode {error}") from None
    code = 0
    for file in given.files:
        try:
            sure = not SURE.isdisjoint(given.format)
            annotation, about = _read(Path(file), given.audio, sure)
            style = CaptionStyle(given.caption_columns, given.caption_lines, given.reading_speed)
            about = about._replace(
                frame_rate=given.frame_rate, timecode=given.timecode, captions=style
            )
            if given.track is not None:
                about = about._replace(track=given.track)
            wanted = _options(annotation, given)
            if given.out == "-":
                _print(annotation, given.format[0], wanted, about)
            else:
                _write(annotation, wanted, about, given)
            _tell_order(selected(annotation, wanted), given.format)
        except UsageError:
            raise
        except Exception as error:
            code = max(code, report(error, debug=given.debug, about=file))
    return code


def _read(path: Path, audio: str | None, sure: bool) -> tuple[Annotation, About]:
    """What to export, and what is known of its recording; of a meeting, how sure it is."""
    from core.meeting.file import is_meeting

    if is_meeting(path):
        from core.meeting.file import read_meeting

        meeting = read_meeting(path, voices=sure)
        found = next((place for place in meeting.places if place.is_file()), None)
        place = Path(audio) if audio else found
        about = About(meeting.name or path.stem, place, track=meeting.track)
        if meeting.windows:
            from core.refine.review import Review, Sureness

            found = Review(meeting.windows).confidence(meeting.annotation).tolist()
            known = dict(zip(meeting.annotation.turns, found, strict=True))
            about = about._replace(sure=Sureness(known))
        return meeting.annotation, about
    annotation, uri = read_annotation(path, tell=say)
    return annotation, About(uri, Path(audio) if audio else None)


def _options(annotation: Annotation, given: _Given) -> Options:
    span = given.range
    if span is not None:
        span = (span[0], min(span[1], annotation.duration))
        if span[1] <= span[0]:
            raise UsageError(
                f"--range begins after the end at {to_seconds(annotation.duration):.1f} s"
            )
    return Options(
        span,
        _ids(annotation, given.only) if given.only else None,
        given.merge_gaps,
        given.min_length,
        given.anonymous,
        given.words,
        given.joined,
        given.alone,
    )


def _ids(annotation: Annotation, names: Sequence[str]) -> frozenset[int]:
    by_label = {s.label.casefold(): s.id for s in annotation.speakers}
    unknown = [name for name in names if name.casefold() not in by_label]
    if unknown:
        raise UsageError(
            f"there is no speaker {unknown[0]};"
            f" there are {', '.join(s.label for s in annotation.speakers) or 'none at all'}"
        )
    return frozenset(by_label[name.casefold()] for name in names)


def _print(annotation: Annotation, name: str, wanted: Options, about: About) -> None:
    content = FORMATS[name].render(selected(annotation, wanted), about._replace(span=wanted.span))
    if isinstance(content, bytes):
        sys.stdout.buffer.write(content)
    elif sys.stdout.isatty():
        show_text(content)
    else:  # for a program: as it would be in a file
        print(content, end="", flush=True)


def _write(annotation: Annotation, wanted: Options, about: About, given: _Given) -> None:
    places = _places(about.uri, given)
    files = [
        file
        for name, place in places.items()
        for file in targets(selected(annotation, wanted), place, name)
    ]
    replace = given.replace or _allowed([str(file) for file in in_the_way(files)])
    check_targets(files, about.audio, replace)  # of all, before the first is written
    written = [
        file
        for name, place in places.items()
        for file in export(annotation, place, name, wanted, about=about, replace_existing=replace)
    ]
    say(f"wrote {', '.join(map(str, written))}")


def _tell_order(annotation: Annotation, formats: Sequence[str]) -> None:
    """Say what became of what is said at once, where a format can't."""
    if flat := [name for name in formats if name in AFTER_ANOTHER]:
        from core.annotation.overlap import overlaps

        if overlaps(annotation):
            said = "what is said at once stands one after the other, by when it begins"
            say(f"{', '.join(flat)}: {said}")


def _places(uri: str, given: _Given) -> dict[str, Path]:
    """Where each format goes."""
    out = Path(given.out or ".")
    first = given.format[0]
    fits = out.name.lower().endswith(suffix(first).lower()) and not out.is_dir()
    if len(given.format) == len(given.files) == 1 and (fits or (out.exists() and not out.is_dir())):
        return {first: out}
    writable_folder(out)
    stem = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", uri) or "turns"
    return {name: out / f"{stem}{suffix(name)}" for name in given.format}


def _allowed(there: Sequence[str]) -> bool:
    """Ask, where there is somebody to ask, whether files may be replaced."""
    if not there or not (sys.stdin and sys.stdin.isatty()):
        return False
    say(f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already")
    return input("replace? [y/N] ").strip().lower() in ("y", "yes")


def _range(text: str) -> Stretch:
    start, dash, end = text.partition("-")
    first, last = _time(start or "0"), _time(end) if end else sys.maxsize
    if not dash or first is None or last is None or last <= first:
        raise argparse.ArgumentTypeError(f"give a range such as 90-300 or 1:30-5:00, not {text!r}")
    return first, last


def _time(text: str) -> int | None:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return to_samples(int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds))


def _seconds(text: str) -> int:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"give seconds from 0 on, such as 0.5, not {text!r}")
    return to_samples(value)
