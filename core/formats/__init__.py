"""Annotation file formats, one module each.

``FORMATS`` says what can be written and which of it can be read back; :func:`write_annotation`
writes in one step, :func:`read_annotation` finds out by itself what a file is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.annotation.values import Annotation, Stretch, Turn, union
from core.atomic import write_file
from core.errors import InputError
from core.formats import (
    audacity,
    csv_table,
    eaf,
    json_file,
    lab,
    listing,
    rttm,
    seglst,
    subtitles,
    textgrid,
)
from core.formats import uem as uem_file
from core.formats.editors import chapters, edl, fcpxml, lists, premiere
from core.formats.editors.timecode import DEFAULT, RATES, Timeline, nearest
from core.formats.reading import Tell, lines, read_text, unheard
from core.formats.spoken import ctm, transcript
from core.formats.spoken.captions import BROADCAST, CaptionStyle

if TYPE_CHECKING:
    from core.audio.peaks import Peaks


class About(NamedTuple):
    """What a file may say of the recording beside its turns."""

    uri: str
    """Its name, usually that of the file without the ending."""
    audio: Path | None = None
    """The recording itself, for formats that link to it."""
    peaks: Peaks | None = None
    """Its sound, for pictures."""
    span: Stretch | None = None
    """The part (samples) that pictures show and UEM names, if it isn't the whole."""
    track: int | None = None
    """Which of its sound tracks the turns are of; None for the one that is read unasked."""
    frame_rate: str = ""
    """A key of :data:`core.formats.editors.timecode.RATES`; "" for that of the recording, if it is
    a film, or else 25."""
    timecode: str = ""
    """At which it begins on the timeline of an editor; "" for that of the film, or else 0."""
    captions: CaptionStyle = BROADCAST
    """Of subtitles, where it is known what is said."""
    sure: Callable[[Turn], float | None] | None = None
    """How sure it is who speaks in a turn, 0..1; None where nobody knows."""

    @property
    def timeline(self) -> Timeline:
        """How an editor counts its time.

        Raises
        ------
        InputError
            If there is no such timecode at this frame rate.
        """
        film = None
        if self.audio is not None and self.audio.is_file():
            from core.audio.libav import film as film_of  # a quarter of a second

            film = film_of(self.audio)
        own = None if film is None else nearest(film.fps, film.timecode)
        rate = RATES[self.frame_rate] if self.frame_rate else own or DEFAULT
        size = None if film is None else film.size
        if self.timecode or film is None or rate.frames(film.timecode) is None:
            return Timeline.starting(rate, self.timecode or "00:00:00:00", size)
        return Timeline.starting(rate, film.timecode, size)


class AnnotationFile(NamedTuple):
    """What a reader knows of a file beside its text."""

    name: str
    """Opens its error lines."""
    recording: str = ""
    """The one that is wanted of a file with several."""
    tell: Tell = unheard
    """Told what is left out."""


class RecordingInFile(NamedTuple):
    """What a file says of one recording."""

    annotation: Annotation
    noscore: tuple[Stretch, ...] = ()
    """The stretches (samples) that are not to be scored; only RTTM can say so."""


class UnknownFormat(InputError):
    """The file is no annotation that Voicelanes reads."""


class Format(NamedTuple):
    """One way to write an annotation."""

    suffix: str
    """The ending of its files."""
    title: str
    """What it is, in a few words."""
    render: Callable[[Annotation, About], str | bytes]
    parse: Callable[[str, AnnotationFile], Mapping[str, Annotation]] | None = None
    """Annotations by the name of their recording ("" if the file doesn't say), from the text of a
    file; None if it can't be read back."""


def _named(pair: tuple[Annotation, str]) -> dict[str, Annotation]:
    return {pair[1]: pair[0]}


def _uem(annotation: Annotation, about: About) -> str:
    return uem_file.render(about.uri, *(about.span or (0, annotation.duration)))


def _picture(annotation: Annotation, about: About, kind: Literal["png", "svg"]) -> bytes:
    from core.formats.picture import timeline

    return timeline(annotation, about.uri, about.peaks, span=about.span, kind=kind)


def _markdown(annotation: Annotation, about: About) -> str:
    from core.formats.summary import render_markdown

    return render_markdown(annotation, about.uri)


def _html(annotation: Annotation, about: About) -> str:
    from core.formats.summary import render_html

    return render_html(annotation, about.uri, _picture(annotation, about, "svg"))


def _document(annotation: Annotation, about: About) -> bytes:
    from core.formats.spoken.document import render

    return render(annotation, about.uri)


FORMATS: dict[str, Format] = {
    "rttm": Format(
        ".rttm",
        "RTTM, for scoring tools",
        lambda a, o: rttm.render(a, o.uri),
        lambda text, of: rttm.parse(text, of.name, of.tell),
    ),
    "uem": Format(".uem", "UEM: which part was annotated", _uem),
    "lab": Format(
        ".lab",
        "LAB, start and end and speaker",
        lambda a, o: lab.render(a),
        lambda text, of: {"": lab.parse(text, of.name, of.tell)},
    ),
    "csv": Format(
        ".csv",
        "table (CSV), for spreadsheets",
        lambda a, o: csv_table.render(a, o.uri, o.sure),
        lambda text, of: csv_table.parse(text, of.name, of.tell),
    ),
    "tsv": Format(
        ".tsv",
        "table divided by tabs (TSV)",
        lambda a, o: csv_table.render_tsv(a, o.uri, o.sure),
        lambda text, of: csv_table.parse(text, of.name, of.tell),
    ),
    # Audacity reads .txt only; the double ending keeps it apart from the listing.
    "audacity": Format(
        ".labels.txt",
        "label track of Audacity",
        lambda a, o: audacity.render(a),
        lambda text, of: {"": audacity.parse(text, of.name)},
    ),
    "textgrid": Format(
        ".TextGrid",
        "TextGrid of Praat",
        lambda a, o: textgrid.render(a),
        lambda text, of: {"": textgrid.parse(text, of.name, of.tell)},
    ),
    "eaf": Format(
        ".eaf",
        "annotation of ELAN",
        lambda a, o: eaf.render(a, o.audio),
        lambda text, of: _named(eaf.parse(text, of.name, of.recording, of.tell)),
    ),
    "srt": Format(
        ".srt",
        "subtitles (SRT)",
        lambda a, o: subtitles.render_srt(a, o.captions),
        lambda text, of: {"": subtitles.parse_srt(text, of.name, of.tell)},
    ),
    "vtt": Format(
        ".vtt",
        "subtitles of the web (WebVTT)",
        lambda a, o: subtitles.render_vtt(a, o.captions),
        lambda text, of: {"": subtitles.parse_vtt(text, of.name, of.tell)},
    ),
    "json": Format(
        ".json",
        "JSON with everything, for programs",
        lambda a, o: json_file.render(a, o.uri, sure=o.sure),
        lambda text, of: _named(json_file.parse(text, of.name)),
    ),
    "seglst": Format(
        ".seglst.json",
        "SegLST, for meeteval",
        lambda a, o: seglst.render(a, o.uri),
        lambda text, of: seglst.parse(text, of.name, of.tell),
    ),
    "txt": Format(
        ".txt",
        "text, to read",
        lambda a, o: listing.render(a),
        lambda text, of: {"": listing.parse(text, of.name, of.tell)},
    ),
    "transcript": Format(
        ".transcript.txt", "transcript, to read", lambda a, o: transcript.render(a)
    ),
    "docx": Format(".docx", "transcript for Word (DOCX)", _document),
    "qda": Format(
        ".qda.txt",
        "transcript with Name: (MAXQDA, f4)",
        lambda a, o: transcript.render_qda(a),
    ),
    "qda-hash": Format(
        ".qda-hash.txt",
        "transcript with #Name: (MAXQDA)",
        lambda a, o: transcript.render_qda(a, "#"),
    ),
    "ctm": Format(
        ".ctm", "words with their times (CTM), for scoring", lambda a, o: ctm.render(a, o.uri)
    ),
    "edl": Format(
        ".edl",
        "edit decision list (EDL, CMX 3600)",
        lambda a, o: edl.render(a, o.uri, o.timeline, o.audio.name if o.audio else ""),
    ),
    "fcpxml": Format(
        ".fcpxml",
        "Final Cut Pro and Resolve (FCPXML)",
        lambda a, o: fcpxml.render(a, o.uri, o.timeline, o.audio),
    ),
    "premiere": Format(
        ".premiere.xml",
        "sequence with markers for Premiere (XML)",
        lambda a, o: premiere.render(a, o.uri, o.timeline, o.audio),
    ),
    "markers": Format(
        ".markers.csv",
        "list of markers as Premiere's (CSV)",
        lambda a, o: lists.render_markers(a, o.timeline),
    ),
    "reaper": Format(".reaper.csv", "regions of Reaper (CSV)", lambda a, o: lists.render_reaper(a)),
    "audition": Format(
        ".audition.csv",
        "markers of Adobe Audition (CSV)",
        lambda a, o: lists.render_audition(a),
    ),
    "youtube": Format(
        ".chapters.txt", "chapters for YouTube", lambda a, o: chapters.render(a, o.uri)
    ),
    "markdown": Format(".md", "summary (Markdown)", _markdown),
    "html": Format(".html", "summary as a web page", _html),
    "png": Format(".png", "picture of the lanes (PNG)", lambda a, o: _picture(a, o, "png")),
    "svg": Format(".svg", "picture of the lanes (SVG)", lambda a, o: _picture(a, o, "svg")),
}

READABLE = tuple(name for name, row in FORMATS.items() if row.parse)
"""The formats that can be read back."""

PICTURES = frozenset({"png", "svg", "html"})
"""The formats that show the waveform where it is known."""

FRAMED = frozenset({"edl", "fcpxml", "premiere", "markers"})
"""The formats that count in frames."""

CAPTIONED = frozenset({"srt", "vtt"})
"""The formats that show what is said in captions."""

SURE = frozenset({"csv", "tsv", "json"})
"""The formats that say how sure it is who speaks."""

AFTER_ANOTHER = frozenset({"transcript", "docx", "qda", "qda-hash", "youtube"})
"""The formats that can't say that two speak at once: their turns, or the chapters of those that are
long enough, stand one after the other, by their starts. All others have overlapping turns as they
are."""


def write_annotation(
    annotation: Annotation, path: str | Path, format: str, about: About | str
) -> Path:
    """Write an annotation as one of ``FORMATS``; ``about`` is the recording, or just its name.

    Raises
    ------
    OutputError
        If it can't be written; a file that was there before is unchanged.
    """
    about = About(about) if isinstance(about, str) else about
    return write_file(path, FORMATS[format].render(annotation, about))


def read_annotation(
    path: str | Path, recording: str = "", tell: Tell = unheard
) -> tuple[Annotation, str]:
    """The annotation in a file of any readable format, and the name of its recording.

    What the file is, is told by its content; the ending counts only where there is nothing in it.

    Parameters
    ----------
    recording
        The one that is wanted of a file with several.
    tell
        Told what of the file is left out, a line each.

    Raises
    ------
    InputError
        Names the file and, where there is one, the line.
    """
    path = Path(path)
    text = read_text(path, tell)
    parse = FORMATS[_format_of(text, path)].parse
    assert parse is not None
    found = parse(text, AnnotationFile(path.name, recording, tell)) or {"": Annotation()}
    if len(found) > 1 and recording not in found:
        raise InputError(
            f"{path.name} holds turns of {len(found)} recordings"
            f" ({', '.join(sorted(found))[:80]}); keep one of them in the file"
        )
    uri = recording if recording in found else next(iter(found))
    return found[uri], uri or bare_name(path)


def read_recordings(path: str | Path, tell: Tell = unheard) -> dict[str, RecordingInFile]:
    """Everything in a file of any readable format, by the name of the recording.

    A recording that the file doesn't name has that of the file. One without turns still says
    something: that nobody speaks in the recording it is named for.

    Parameters
    ----------
    tell
        Told what of the file is left out, a line each.

    Raises
    ------
    UnknownFormat
        Names a file that is no annotation.
    InputError
        Names the file and, where there is one, the line.
    """
    path = Path(path)
    text = read_text(path, tell)
    name = _format_of(text, path)
    parse = FORMATS[name].parse
    assert parse is not None
    found = parse(text, AnnotationFile(str(path), tell=tell))
    unscored = rttm.noscore(text, str(path)) if name == "rttm" else {}
    return {
        uri or bare_name(path): RecordingInFile(found.get(uri, Annotation()), unscored.get(uri, ()))
        for uri in found.keys() | unscored.keys() or {""}
    }


def read_noscore(path: str | Path, recording: str = "") -> tuple[Stretch, ...]:
    """The stretches (samples) that a reference says are not to be scored; only RTTM can.

    Raises
    ------
    InputError
        Names the file and the line.
    """
    path = Path(path)
    text = read_text(path)
    if _format_of(text, path) != "rttm":
        return ()
    found = rttm.noscore(text, path.name)
    return found.get(recording, ()) if len(found) > 1 else union(chain(*found.values()))


def bare_name(path: Path) -> str:
    """The name of a file without the ending of its format."""
    endings = sorted((row.suffix for row in FORMATS.values()), key=len, reverse=True)
    for ending in endings:
        if path.name.lower().endswith(ending.lower()) and len(path.name) > len(ending):
            return path.name[: -len(ending)]
    return path.stem


_BY_ENDING = {".rttm": "rttm", ".txt": "audacity", ".lab": "lab", ".srt": "srt"}
"""What a file of that ending is where there is nothing in it: that nobody speaks."""


def _format_of(text: str, path: Path) -> str:
    start, ending = text.lstrip()[:200], path.suffix.lower()
    for mark, name in (("{", "json"), ("[", "seglst"), ("<", "eaf"), ("WEBVTT", "vtt")):
        if start.startswith(mark):
            return name
    if '"ooTextFile' in start:
        return "textgrid"
    content = (line for _, line in lines(text) if not line.startswith((";;", "#")))
    first, second = next(content, ""), next(content, "")
    if not first:
        if ending in _BY_ENDING:
            return _BY_ENDING[ending]
        raise InputError(f"{path.name}: there is nothing in it")
    if first.split()[0] in rttm.TYPES or ending == ".rttm":
        return "rttm"
    if csv_table.is_header(first):
        return "tsv" if "\t" in first else "csv"
    if subtitles.is_time(first) or subtitles.is_time(second):
        return "srt"
    if listing.is_block(first):
        return "txt"
    if lab.is_turn(first):
        return "lab"
    if "\t" in first:
        return "audacity"
    raise UnknownFormat(
        f"{path.name}: no annotation that Voicelanes reads; it reads RTTM, Audacity labels,"
        " TextGrid, EAF, SRT, WebVTT, LAB, SegLST and its own JSON, tables and listings"
    )
