"""``voicelanes voices``: the voices that are remembered, and who of them speaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.known import tell_outdated, verdict
from core.cli.output import report, say, show
from core.cli.parser import UsageError, add_track, command, runs

if TYPE_CHECKING:
    from core.annotation.values import Annotation
    from core.cli.parser import Commands
    from core.models.manifest import ModelSet
    from core.stream.changes import Window
    from core.voices.book import Sample, Voice, VoiceBook

_MORE = """\
A voice identifies a person: remember it only if that person agrees. Voices stay on this machine, in
one file; 'remove' deletes for good. A FILE is a recording or a saved meeting
(talk.voicelanes.json).

'list' shows all voices, and with a NAME every sample of one: from which meeting, when, and how like
the others it is; 'remove NAME --sample N' takes out one that is somebody else's. 'add' remembers a
voice from recordings in which that person speaks alone, or from one SPEAKER of a meeting. 'test'
says who speaks in a file: by name, or as a question where it isn't sure. 'renew' lets the models in
use hear the kept samples, after they were changed."""

_EXAMPLES = """\
  voicelanes voices add Anna anna_1.wav anna_2.wav
  voicelanes voices add Ben talk.voicelanes.json --speaker "Speaker 2"
  voicelanes voices list
  voicelanes voices list Anna
  voicelanes voices test talk.voicelanes.json
  voicelanes voices remove Ben
"""


class _List(NamedTuple):
    name: str | None


class _Add(NamedTuple):
    name: str
    files: tuple[str, ...]
    speaker: str | None
    track: int | None


class _Remove(NamedTuple):
    name: str
    sample: tuple[int, ...] | None


class _Rename(NamedTuple):
    name: str
    new: str


class _Merge(NamedTuple):
    name: str
    gone: str


class _Export(NamedTuple):
    name: str
    out: str


class _Test(NamedTuple):
    files: tuple[str, ...]
    track: int | None
    debug: bool


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "voices", "remember and recognise voices", _MORE, _EXAMPLES)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="all voices, or the samples of one")
    listed.add_argument("name", nargs="?", metavar="NAME", help="a voice")
    runs(listed, _list, _List)
    added = actions.add_parser("add", help="remember a voice, or more of one")
    added.add_argument("name", metavar="NAME", help="what the voice is called")
    added.add_argument("files", nargs="+", metavar="FILE", help="recordings, or saved meetings")
    added.add_argument("--speaker", metavar="WHO", help="of a meeting: a name, or 'Speaker 2'")
    add_track(added)
    runs(added, _add, _Add)
    removed = actions.add_parser("remove", help="delete a voice, or some samples of it, for good")
    removed.add_argument("name", metavar="NAME")
    removed.add_argument(
        "--sample", metavar="N", type=int, action="append", help="only this one, as 'list' counts"
    )
    runs(removed, _remove, _Remove)
    renamed = actions.add_parser("rename", help="call a voice by another name")
    renamed.add_argument("name", metavar="NAME")
    renamed.add_argument("new", metavar="NEW")
    runs(renamed, _rename, _Rename)
    merged = actions.add_parser("merge", help="two voices are one person's")
    merged.add_argument("name", metavar="NAME", help="the one that stays")
    merged.add_argument("gone", metavar="OTHER", help="the one whose samples it gets")
    runs(merged, _merge, _Merge)
    exported = actions.add_parser("export", help="write all that is known of a voice")
    exported.add_argument("name", metavar="NAME")
    exported.add_argument("--out", metavar="DIR", default=".", help="the folder (default: here)")
    runs(exported, _export, _Export)
    tested = actions.add_parser("test", help="who of the remembered voices speaks in a file")
    tested.add_argument("files", nargs="+", metavar="FILE")
    add_track(tested)
    runs(tested, _test, _Test)
    renewed = actions.add_parser("renew", help="let the models in use hear the kept samples anew")
    runs(renewed, _renew)


def _list(given: _List) -> int:
    book, models = _book(), _models()
    if given.name:
        _list_samples(book, book.named(given.name))
        return 0
    voices = book.voices()
    for voice in voices:
        show(
            f"{voice.name}: {voice.samples} samples, {voice.seconds:.0f} s,"
            f" since {voice.remembered[:10]}"
        )
    if not voices:
        show("no voice is remembered")
    tell_outdated(book, models)
    return 0


def _list_samples(book: VoiceBook, voice: Voice) -> None:
    from core.units import clock
    from core.voices.enrolment import likeness

    samples = book.samples(voice.id)
    for number, (sample, like) in enumerate(zip(samples, likeness(samples), strict=True), 1):
        likes = "" if like is None else f", {like:.2f} like the others"
        show(
            f"{number}: {sample.seconds:.1f} s from {clock(sample.start)} of"
            f" {sample.meeting}, {sample.added[:10]}{likes}"
        )


def _add(given: _Add) -> int:
    from core.voices.book import CONSENT

    book, models = _book(), _models()
    samples: list[Sample] = []
    for file in given.files:
        samples += _samples(Path(file), given.speaker, models, given.track)
    voice = book.remember(given.name, samples)
    show(f"{voice.name}: {voice.samples} samples, {voice.seconds:.0f} s")
    say(CONSENT)
    return 0


def _samples(file: Path, wanted: str | None, models: ModelSet, track: int | None) -> list[Sample]:
    from core.errors import InputError
    from core.meeting.names import is_meeting
    from core.voices.enrolment import samples_of

    heard = _heard(file, models, 1 if wanted is None else None, track)
    annotation, windows, audio = heard.annotation, heard.windows, heard.audio
    if wanted is None:
        if is_meeting(file):
            raise UsageError(f"say whose voice of {file} it is, by --speaker")
        speaker = annotation.speakers[0].id if annotation.speakers else 0
    else:
        matching = [s.id for s in annotation.speakers if s.label.casefold() == wanted.casefold()]
        if not matching:
            labels = ", ".join(s.label for s in annotation.speakers) or "nobody"
            raise InputError(f"{file}: there is no {wanted!r}; there is {labels}")
        speaker = matching[0]
    if audio is None:
        say(f"{file}: the recording isn't found, so no clip of the voice can be kept")
    where = str(file.absolute())
    encoder = models.encoder.sha256
    return samples_of(annotation, speaker, windows, encoder, where, audio, track=heard.track)


def _remove(given: _Remove) -> int:
    book = _book()
    voice = book.named(given.name)
    if given.sample is None:
        book.forget(voice.id)
        show(f"{voice.name} is forgotten")
        return 0
    samples = book.samples(voice.id)
    wrong = [n for n in given.sample if not 1 <= n <= len(samples)]
    if wrong:
        raise UsageError(f"{voice.name} has samples 1 to {len(samples)}, none {wrong[0]}")
    book.forget_samples([samples[n - 1].id for n in given.sample])
    left = len(samples) - len(set(given.sample))
    show(f"{voice.name}: {left} samples are left")
    return 0


def _rename(given: _Rename) -> int:
    book = _book()
    book.rename(book.named(given.name).id, given.new)
    return 0


def _merge(given: _Merge) -> int:
    book = _book()
    book.merge(book.named(given.name).id, book.named(given.gone).id)
    return 0


def _export(given: _Export) -> int:
    from core.voices.enrolment import export_voice

    book = _book()
    written = export_voice(book, book.named(given.name), Path(given.out))
    show(f"wrote {', '.join(map(str, written))}")
    return 0


def _test(given: _Test) -> int:
    from core.voices.naming import names_in

    book, models = _book(), _models()
    tell_outdated(book, models)
    code = 0
    for file in given.files:
        try:
            heard = _heard(Path(file), models, None, given.track)
            annotation = heard.annotation
            names = names_in(annotation, heard.windows, models, book)
        except Exception as error:
            code = max(code, report(error, debug=given.debug, about=file))
            continue
        if len(given.files) > 1:
            show(file)
        for speaker in annotation.speakers:
            show(verdict(speaker.label, names.by_speaker.get(speaker.id)))
    return code


def _renew() -> int:
    from core.stream.encoder import OnnxEncoder
    from core.voices.enrolment import renew

    models = _models()
    done, without = renew(_book(), models, OnnxEncoder(models))
    show(f"{done} voices were heard anew")
    for voice in without:
        say(f"no sample of {voice.name} is long enough to be heard anew: add the voice again")
    return 1 if without else 0


class _Heard(NamedTuple):
    """Of a recording or a meeting."""

    annotation: Annotation
    windows: Sequence[Window]
    audio: Path | None
    """The recording, if it is there."""
    track: int | None
    """The sound track that was heard, if it was chosen."""


def _heard(file: Path, models: ModelSet, count: int | None, track: int | None) -> _Heard:
    """Who speaks in a recording (in that sound track of it) or a meeting."""
    from core.meeting.names import is_meeting

    if is_meeting(file):
        return _of_meeting(file, models)
    from core.cli.output import progress_bar
    from core.pipeline import SpeakerCount, diarize_file

    asked = SpeakerCount(count, count) if count else None
    with progress_bar(file.name) as on_progress:
        result = diarize_file(
            file, models=models, speakers=asked, track=track, on_progress=on_progress
        )
    return _Heard(result.annotation, result.windows, file, track)


def _of_meeting(file: Path, models: ModelSet) -> _Heard:
    from core.errors import InputError
    from core.meeting.file import read_meeting
    from core.meeting.sound import find

    meeting = read_meeting(file)
    if not meeting.windows:
        raise InputError(f"{file}: no voices are kept beside it; open the recording again")
    if meeting.models and meeting.models.encoder != models.encoder.sha256:
        raise InputError(
            f"{file}: its voices were heard by another encoder than the one in use, and can't be"
            " compared; open the recording again to hear them anew"
        )
    audio = find(meeting.audio, meeting.places, [file.absolute().parent]) if meeting.audio else None
    return _Heard(meeting.annotation, meeting.windows, audio, meeting.track)


def _book() -> VoiceBook:
    from core.voices.book import VoiceBook

    return VoiceBook()


def _models() -> ModelSet:
    from core.models.folders import current_models

    return current_models(on_problem=say)
