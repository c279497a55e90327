"""``voicelanes refine``: another second pass over a meeting that was saved."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .diarize import METHOD, add_count, add_method
from .known import recognised
from .output import report, say, show, show_text
from .parser import command

if TYPE_CHECKING:
    from ..annotation import Annotation
    from ..diarizer import Window
    from ..meeting import Meeting
    from ..models import ModelSet
    from .parser import Commands

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


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = command(commands, "refine", "tell the speakers of a meeting anew", _MORE, _EXAMPLES)
    parser.add_argument("meetings", nargs="+", metavar="MEETING", help="a saved meeting")
    add_count(parser)
    add_method(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Refine every meeting; a bad one is reported and the others are still done."""
    from ..formats import listing

    code = 0
    for number, file in enumerate(options.meetings):
        if len(options.meetings) > 1:
            if number:
                show()
            show(file)
        try:
            annotation, windows = _one(Path(file), options)
        except Exception as error:
            code = max(code, report(error, debug=options.debug, about=file))
        else:
            show_text(listing.render(annotation))
            _tell_ghosts(annotation, windows)
            say(f"wrote {file}")
    return code


def _one(path: Path, options: argparse.Namespace) -> tuple[Annotation, list[Window]]:
    from ..clustering_methods import method_named
    from ..edits import carried_over
    from ..errors import InputError
    from ..meeting import read_meeting, write_meeting
    from ..model_folders import current_models
    from ..pipeline import decoder_model
    from ..refine import refine

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
        options.speakers,
        bias=options.bias,
        corrected=before,
        method=method_named(options.method, lambda: decoder_model(models)),
    )
    after = _named(carried_over(before, after), meeting, path, models)
    asked = options.speakers
    settings = {
        k: v for k, v in meeting.settings.items() if k not in ("speakers", "bias", "method")
    }
    if asked is not None:
        low, high = asked.minimum, asked.maximum
        settings["speakers"] = f"{low}" if low == high else f"{low}-{high}"
    elif options.bias:
        settings["bias"] = options.bias
    if options.method != METHOD:
        settings["method"] = options.method
    write_meeting(replace(meeting, annotation=after, settings=settings), path)
    return after, list(meeting.windows)


def _named(annotation: Annotation, meeting: Meeting, path: Path, models: ModelSet) -> Annotation:
    """With the known voices, if they are heard by the models that heard the meeting."""
    if meeting.models and meeting.models.encoder != models.encoder.sha256:
        return annotation
    return recognised(annotation, meeting.windows, models, str(path))


def _tell_ghosts(annotation: Annotation, windows: list[Window]) -> None:
    from ..refine import ghosts
    from ..units import to_seconds

    times = annotation.talk_time()
    for ghost, nearest in ghosts(annotation, windows):
        name, other = annotation.speaker(ghost).label, annotation.speaker(nearest).label
        say(
            f"{name} says only {to_seconds(times[ghost]):.1f} s and may be nobody: nearest is"
            f" {other}; merge the two in the window, or ask for fewer"
        )
