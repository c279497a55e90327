"""``voicelanes words``: a recogniser on this machine writes down what is said in a meeting."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.known import recognised
from core.cli.output import progress_bar, report, say
from core.cli.parser import add_track, command, runs, whole_number
from core.recognisers.kinds import RECOGNISERS

if TYPE_CHECKING:
    from core.annotation.values import Word
    from core.cli.parser import Commands
    from core.meeting.file import Meeting
    from core.recognisers.kinds import RecogniserChoice, RecogniserName
    from core.recognisers.portions import TurnKey

_KINDS = "\n".join(f"  {r.name:15} {r.model}" for r in RECOGNISERS.values())

_MORE = f"""\
FILE is a recording or what the window saves beside it (talk.voicelanes.json). What the recogniser
hears goes into the meeting, turn by turn; the one before becomes its .bak. A recording without a
meeting is told apart first, and gets one.

Turns that have words are left as they are, so the same command goes on where it was stopped, or
where the recogniser died; --again hears them anew. The recogniser has to be on this machine, with
its model in a folder or file that you name. Nothing is downloaded, and it gets no network:

{_KINDS}"""

_EXAMPLES = """\
  voicelanes words talk.voicelanes.json --with faster-whisper --model ~/models/whisper-small
  voicelanes words talk.m4a --with whisper.cpp --model ~/models/ggml-base.bin --language de
  voicelanes words talk.wav --with vosk --model ~/models/vosk-model-small-de-0.15 --again
  voicelanes words talk.wav --with pocketsphinx
"""

_SAVE_EVERY_S = 60.0
"""So much work at most is lost with the power."""


class _Given(NamedTuple):
    files: tuple[str, ...]
    recogniser: RecogniserName
    model: str | None
    language: str
    again: bool
    patience: int
    track: int | None
    debug: bool

    @property
    def choice(self) -> RecogniserChoice:
        """What is to listen."""
        from core.recognisers.kinds import RecogniserChoice

        return RecogniserChoice(
            self.recogniser, Path(self.model) if self.model else None, self.language
        )


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "words", "write down what is said", _MORE, _EXAMPLES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a recording or a saved meeting")
    parser.add_argument(
        "--with",
        dest="recogniser",
        required=True,
        choices=tuple(RECOGNISERS),
        help="which recogniser of speech",
    )
    parser.add_argument("--model", metavar="FOLDER", help="the folder or file of its model")
    parser.add_argument(
        "--language",
        metavar="CODE",
        default="",
        help="what is spoken, such as de, for Whisper's kin (default: found out turn by turn)",
    )
    parser.add_argument(
        "--again", action="store_true", help="also hear turns that have words, and replace those"
    )
    parser.add_argument(
        "--patience",
        metavar="SECONDS",
        type=whole_number(1, 86_400, "seconds, from 1 to 86400"),
        default=600,
        help="how long half a minute of sound may take before it is ended (default: 600)",
    )
    add_track(parser)
    runs(parser, run, _Given)


def run(given: _Given) -> int:
    """Write down every file; a bad one is reported and the others are still done."""
    from core.recognisers.kinds import checked

    try:
        checked(given.choice)
    except Exception as error:
        return report(error, debug=given.debug, about="")
    code = 0
    for file in given.files:
        try:
            _one(Path(file), given)
        except Exception as error:
            code = max(code, report(error, debug=given.debug, about=file))
    return code


def _one(file: Path, given: _Given) -> None:
    from core.pipeline import Progress
    from core.recognisers.portions import portions_of
    from core.recognisers.run import recognise

    path, meeting, recording = _opened(file, given.track)
    annotation = meeting.annotation
    there = {p.turn for p in portions_of(annotation, again=given.again)}
    if not there:
        words = "all turns have words; --again hears them anew"
        say(f"{path}: {words if annotation.turns else 'nobody speaks in it'}")
        return
    kept = _Kept(path, meeting)
    try:
        with progress_bar(recording.name) as on_progress:
            steps = recognise(
                recording,
                annotation,
                given.choice,
                track=meeting.track,
                again=given.again,
                patience_s=given.patience,
                on_progress=lambda done: on_progress(Progress("listening", done, 0)),
            )
            with closing(steps):
                for step in steps:
                    kept.take(step.turn, step.words)
    finally:  # stopped or failed: what it heard stays
        kept.save()
        if kept.turns or not kept.heard:
            left = len(there) - len(kept.heard)
            more = f"; {left} not heard yet, the same command goes on there" if left else ""
            say(f"{path}: words of {kept.turns} {'turn' if kept.turns == 1 else 'turns'}{more}")


class _Kept:
    """What was heard so far, and the meeting file that it goes into."""

    def __init__(self, path: Path, meeting: Meeting) -> None:
        self._path, self._meeting = path, meeting
        self._first, self._saved = True, time.monotonic()
        self._new: dict[TurnKey, tuple[Word, ...]] = {}
        self.heard: dict[TurnKey, tuple[Word, ...]] = {}

    @property
    def turns(self) -> int:
        """In how many turns something was understood."""
        return sum(bool(words) for words in self.heard.values())

    def take(self, turn: TurnKey, words: tuple[Word, ...]) -> None:
        """Keep the words of a turn, in the file from time to time."""
        self.heard[turn] = self._new[turn] = words
        if time.monotonic() - self._saved > _SAVE_EVERY_S:
            self.save()

    def save(self) -> None:
        """Write what is new. Where somebody else saved the meeting meanwhile, theirs gets it."""
        from core.errors import ChangedOnDisk
        from core.meeting.file import read_meeting

        if not self._new:
            return
        try:
            self._write()
        except ChangedOnDisk:
            self._meeting, self._first = read_meeting(self._path), True
            self._write()
        self._new.clear()
        self._first, self._saved = False, time.monotonic()

    def _write(self) -> None:
        from core.meeting.file import write_meeting
        from core.recognisers.portions import with_heard

        before = self._meeting
        after = replace(before, annotation=with_heard(before.annotation, self._new))
        self._meeting = write_meeting(after, self._path, backup=self._first, expected=before.state)


def _opened(file: Path, track: int | None) -> tuple[Path, Meeting, Path]:
    """The meeting file, what is in it, and the recording."""
    from core.errors import InputError
    from core.meeting.file import is_meeting, meeting_path, read_meeting
    from core.meeting.sound import AudioFile, find

    path = file if is_meeting(file) else meeting_path(file)
    if not is_meeting(file) and not path.exists():
        return path, _diarized(file, path, track), file
    meeting = read_meeting(path)
    for warning in meeting.warnings:
        say(f"{path}: {warning}")
    if track is not None and track != (meeting.track or track):
        raise InputError(f"{path}: its turns are of sound track {meeting.track}, not {track}")
    if not is_meeting(file):
        if meeting.audio and not AudioFile.at(file).same_as(meeting.audio):
            raise InputError(f"{file}: it has changed since {path.name} was saved; open it again")
        return path, meeting, file
    near = [path.absolute().parent]
    recording = find(meeting.audio, meeting.places, near) if meeting.audio else None
    if recording is None:
        raise InputError(f"{path}: its recording is not there; put it beside the meeting")
    return path, meeting, recording


def _diarized(file: Path, path: Path, track: int | None) -> Meeting:
    """A new meeting of a recording, written."""
    from core.meeting.file import Meeting, ModelIdentity, write_meeting
    from core.meeting.sound import hashed
    from core.models.folders import current_models
    from core.pipeline import diarize_file

    audio = hashed(file)
    models = current_models(on_problem=say)
    with progress_bar(file.name) as on_progress:
        result = diarize_file(
            file, models=models, track=track, channels="auto", on_progress=on_progress
        )
    for warning in result.warnings:
        say(f"{file}: {warning}")
    named = recognised(result.annotation, result.windows, models, str(file))
    meeting = Meeting(
        result.with_lanes(named),
        file.stem,
        audio,
        track=track,
        windows=result.windows,
        speech=result.speech,
        models=ModelIdentity.of(models),
    )
    return write_meeting(meeting, path, expected="")
