"""``voicelanes refine``: another second pass over a meeting that was saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.cli.known import recognised
from core.cli.output import report, say, show, show_text
from core.cli.parser import command, runs
from core.cli.shared import METHOD, SecondPass, add_second_pass

if TYPE_CHECKING:
    from core.annotation.values import Annotation
    from core.cli.parser import Commands
    from core.meeting.file import Meeting
    from core.models.manifest import ModelSet
    from core.stream.changes import Window

_MORE = """\
MEETING is what the window saves beside a recording (talk.voicelanes.json). The speakers are told
apart anew from the voices kept beside it, without the recording, and the meeting is written; the
one before becomes its .bak. Names, colours and markers stay, and so does every turn that was
corrected by hand: what sounds like a corrected turn goes along with it. Speakers without a name get
that of a remembered voice where it is sure ('voicelanes voices')."""

_EXAMPLES = """\
  voicelanes refine talk.voicelanes.json --speakers 2
  voicelanes refine talk.voicelanes.json --speakers 3-5
  voicelanes refine talk.voicelanes.json --fewer
  voicelanes refine talk.voicelanes.json --method spectral
"""


class _Given(NamedTuple):
    meetings: tuple[str, ...]
    debug: bool


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "refine", "tell the speakers of a meeting anew", _MORE, _EXAMPLES)
    parser.add_argument("meetings", nargs="+", metavar="MEETING", help="a saved meeting")
    add_second_pass(parser)
    runs(parser, run, _Given, SecondPass)


def run(given: _Given, asked: SecondPass) -> int:
    """Refine every meeting; a bad one is reported and the others are still done."""
    from core.formats import listing

    code = 0
    for number, file in enumerate(given.meetings):
        if len(given.meetings) > 1:
            if number:
                show()
            show(file)
        try:
            annotation, windows = _one(Path(file), asked)
        except Exception as error:
            code = max(code, report(error, debug=given.debug, about=file))
        else:
            show_text(listing.render(annotation))
            _tell_ghosts(annotation, windows)
            say(f"wrote {file}")
    return code


def _one(path: Path, asked: SecondPass) -> tuple[Annotation, list[Window]]:
    from core.annotation.another_pass import carried_over
    from core.errors import InputError
    from core.meeting.file import read_meeting, write_meeting
    from core.models.folders import current_models
    from core.pipeline import decoder_model
    from core.refine.methods import method_named
    from core.refine.refine import refine

    meeting = read_meeting(path)
    for warning in meeting.warnings:
        say(f"{path}: {warning}")
    if not meeting.windows or meeting.speech is None:
        raise InputError(
            f"{path}: no voices are kept beside it; open the recording again to hear them"
        )
    before, models = meeting.annotation, current_models(on_problem=say)
    after = refine(
        meeting.windows,
        meeting.speech,
        before.duration,
        asked.speakers,
        bias=asked.bias,
        corrected=before,
        method=method_named(asked.method, lambda: decoder_model(models)),
    )
    after = _named(carried_over(before, after), meeting, path, models)
    settings = {
        k: v for k, v in meeting.settings.items() if k not in ("speakers", "bias", "method")
    }
    if asked.speakers is not None:
        low, high = asked.speakers.minimum, asked.speakers.maximum
        settings["speakers"] = f"{low}" if low == high else f"{low}-{high}"
    elif asked.bias:
        settings["bias"] = asked.bias
    if asked.method != METHOD:
        settings["method"] = asked.method
    write_meeting(replace(meeting, annotation=after, settings=settings), path)
    return after, list(meeting.windows)


def _named(annotation: Annotation, meeting: Meeting, path: Path, models: ModelSet) -> Annotation:
    """With the known voices, if they are heard by the models that heard the meeting."""
    if meeting.models and meeting.models.encoder != models.encoder.sha256:
        return annotation
    return recognised(annotation, meeting.windows, models, str(path))


def _tell_ghosts(annotation: Annotation, windows: list[Window]) -> None:
    from core.refine.refine import ghosts
    from core.units import to_seconds

    times = annotation.talk_time()
    for ghost, nearest in ghosts(annotation, windows):
        name, other = annotation.speaker(ghost).label, annotation.speaker(nearest).label
        say(
            f"{name} says only {to_seconds(times[ghost]):.1f} s and may be nobody: nearest is"
            f" {other}; merge the two in the window, or ask for fewer"
        )
