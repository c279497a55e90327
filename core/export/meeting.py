"""Writing a meeting for other programs: which part of it, as what, where to.

:func:`selected` says what of an annotation is written, :func:`export` writes it. Times stay those
of the recording, also where only a part is written, so that they fit the sound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.annotation.values import Annotation, Marker, Speaker, Stretch, join_turns
from core.atomic import write_file
from core.errors import InputError, OutputError
from core.formats import FORMATS, About, audacity

AUDIO = {
    "wav": "a WAV file per speaker",
    "flac": "a FLAC file per speaker",
}
"""What can be written from the recording itself, and what it is."""

REPORT = {"report": "a report with sound: a web page that plays every turn"}
"""What holds the recording itself, and what it is."""

SETS = {"audacity-set": "a label track of Audacity per speaker"}
"""What else is written as a file per speaker, and what it is."""

TITLES = {
    **{name: row.title for name, row in FORMATS.items()},
    **SETS,
    **AUDIO,
    **REPORT,
}
"""Every format that can be exported, and what it is in a few words."""


@dataclass(frozen=True, slots=True)
class Options:
    """What of a meeting is written; the default is all of it, as it is. Times in samples."""

    span: Stretch | None = None
    """Only this part; turns that reach out of it are cut there."""
    speakers: frozenset[int] | None = None
    """Only these, by id."""
    merge_gaps: int = 0
    """Turns of one speaker that are less than this apart become one."""
    shortest: int = 0
    """Turns shorter than this (after merging, before cutting) are left out."""
    anonymous: bool = False
    """"Speaker 1" and so on in place of the names, and markers without their texts. The name of
    the recording stays."""
    words: bool = True
    """What is said, too, where a format has room for it and somebody wrote it down."""
    joined: bool = False
    """Sound per speaker: only the speech, one turn after the other, instead of files as long as
    the recording in which the others are silent."""
    alone: bool = False
    """Sound per speaker: without what is said while somebody else speaks, too. Otherwise that is
    in the file of each of them, as it was recorded: all their voices."""


def selected(annotation: Annotation, options: Options) -> Annotation:
    """The part of an annotation that the options ask for, of the same duration."""
    turns = list(annotation.turns)
    if not options.words:
        turns = [replace(t, words=()) for t in turns]
    speakers = annotation.speakers
    if options.speakers is not None:
        turns = [t for t in turns if t.speaker in options.speakers]
        speakers = tuple(s for s in speakers if s.id in options.speakers)
    if options.merge_gaps:
        turns = join_turns(turns, options.merge_gaps - 1)
    turns = [t for t in turns if t.duration >= options.shortest]
    markers, edited = annotation.markers, annotation.edited
    if options.span is not None:
        start, end = options.span
        turns = [t.part(start, end) for t in turns if t.start < end and t.end > start]
        markers = tuple(m for m in markers if start <= m.at < end)
        edited = tuple((max(s, start), min(e, end)) for s, e in edited if s < end and e > start)
    if options.anonymous:
        speakers = tuple(Speaker(s.id, colour=s.colour) for s in speakers)
        markers = tuple(Marker(m.at) for m in markers)
    return replace(
        annotation,
        turns=tuple(sorted(turns)),
        speakers=speakers,
        markers=markers,
        edited=edited,
        denied=(),  # whose voices this person knows is nobody else's business
    )


def suffix(format: str) -> str:
    """The ending of the files of a format."""
    if format in AUDIO:
        return f".{format}"
    if format in REPORT:
        return ".report.html"
    return FORMATS["audacity" if format in SETS else format].suffix


def targets(annotation: Annotation, target: Path, format: str) -> tuple[Path, ...]:
    """The files that an export (of what is selected) writes: the target itself, or for a file per
    speaker ``talk.Anna.wav`` and so on beside a target ``talk.wav``."""
    if format not in AUDIO and format not in SETS:
        return (target,)
    return tuple(_by_speaker(annotation, target, format).values())


def _by_speaker(annotation: Annotation, target: Path, format: str) -> dict[int, Path]:
    from core.export.speakers import file_names

    names = file_names(annotation, target, suffix(format))
    return {speaker: target.with_name(name) for speaker, name in names.items()}


def label_tracks(annotation: Annotation, target: Path, format: str) -> dict[Path, str]:
    """The files of one of ``SETS`` and what is in each."""
    return {
        path: audacity.render_speaker(annotation, speaker)
        for speaker, path in _by_speaker(annotation, target, format).items()
    }


def export(
    annotation: Annotation,
    target: str | Path,
    format: str,
    options: Options | None = None,
    *,
    about: About | str = "",
    replace_existing: bool = False,
    on_progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Path, ...]:
    """Write an annotation, or the sound of its speakers, in one step.

    Parameters
    ----------
    format
        A key of ``TITLES``.
    about
        The recording or just its name; without one that of the target. Sound needs its file.
    replace_existing
        Whether files that are there already may be replaced. The recording never is.
    on_progress, cancelled
        For sound, which takes its time: told the fraction done; asked whether to stop.

    Returns
    -------
    tuple[Path, ...]
        The files written.

    Raises
    ------
    OutputError
        If a file is in the way or can't be written. All that was there is as it was, but for those
        of several label tracks that could be.
    InputError
        If sound is asked for and the recording can't be read.
    Cancelled
        If ``cancelled`` said so; nothing is left behind.
    """
    options, target = options or Options(), Path(target)
    about = About(about) if isinstance(about, str) else about
    about = about._replace(
        uri=about.uri or target.name.removesuffix(suffix(format)), span=options.span
    )
    chosen = selected(annotation, options)
    files = targets(chosen, target, format)
    check_targets(files, about.audio, replace_existing)
    if format in SETS:
        texts = label_tracks(chosen, target, format)
        return tuple(write_file(path, text) for path, text in texts.items())
    if format not in AUDIO and format not in REPORT:
        return (write_file(target, FORMATS[format].render(chosen, about)),)
    if about.audio is None:
        raise InputError(
            f"the sound comes from the recording of {about.uri}: say where the recording is"
        )
    if format in REPORT:
        from core.export import report

        sound = report.encoded(about.audio, options.span, about.track, on_progress, cancelled)
        begins = options.span[0] if options.span is not None else 0
        return (write_file(target, report.render(chosen, about.uri, sound, begins)),)
    from core.export.speakers import write_speakers

    return write_speakers(
        about.audio,
        chosen,
        target,
        format,
        joined=options.joined,
        without=annotation if options.alone else None,
        track=about.track,
        on_progress=on_progress,
        cancelled=cancelled,
    )


def in_the_way(files: Sequence[Path]) -> list[Path]:
    """Those of the files that are there already. A device or pipe such as /dev/stdout isn't."""
    return [file for file in files if file.is_file()]


def check_targets(files: Sequence[Path], audio: Path | None, replace_existing: bool) -> None:
    """Raise an OutputError if one of the files must not be written."""
    there = in_the_way(files)
    for file in there:
        if audio is not None and audio.exists() and file.samefile(audio):
            raise OutputError(f"{file} is the recording itself: choose another name")
    if there and not replace_existing:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise OutputError(
            f"{there[0]}{more} is there already: choose another name, or allow to replace it"
        )
