"""An edit decision list (CMX 3600): a cut for each turn, in place.

It is a list of events for those who cut by it, and one of markers as well: for Resolve (``|C:``,
``|M:``, ``|D:``: colour, name, length) and Avid (``* LOC:``). Turns at one time lie on different
channels of sound, a person's markers on the picture.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.annotation.values import Annotation
from core.formats.editors.timecode import Event, Timeline, events_on
from core.formats.names import one_line

_COLOURS = (
    ("Blue", "BLUE"),
    ("Yellow", "YELLOW"),
    ("Green", "GREEN"),
    ("Red", "RED"),
    ("Cyan", "CYAN"),
    ("Fuchsia", "MAGENTA"),
)
"""As Resolve and Avid call them."""
_MARKER = ("Cream", "WHITE")


def render(annotation: Annotation, uri: str, timeline: Timeline, file: str = "") -> str:
    """The list; ``file`` is the name of the recording, which editors look for."""
    title = one_line(uri)
    drop = "DROP FRAME" if timeline.rate.drop else "NON-DROP FRAME"
    events = "\n".join(
        _event(number, event, channel, timeline, one_line(file) or title)
        for number, (event, channel) in enumerate(_on_channels(annotation, timeline), 1)
    )
    return f"TITLE: {title}\nFCM: {drop}\n\n{events}"


def _on_channels(annotation: Annotation, timeline: Timeline) -> Iterator[tuple[Event, str]]:
    """The events in the order of time, each with a channel that is free."""
    ends: dict[str, int] = {}
    for event in events_on(annotation, timeline):
        if event.lane is None:
            at = max(event.start, ends.get("V", 0))
            event, channel = event._replace(start=at, end=at + 1), "V"
        else:
            free = (
                name for n in range(len(ends) + 1) if ends.get(name := _sound(n), 0) <= event.start
            )
            channel = next(free)
        ends[channel] = event.end
        yield event, channel


def _sound(number: int) -> str:
    return f"A{number + 1}" if number else "A"


def _event(number: int, event: Event, channel: str, timeline: Timeline, file: str) -> str:
    start, end = timeline.timecode(event.start), timeline.timecode(event.end)
    colour, locator = _MARKER if event.lane is None else _COLOURS[event.lane % len(_COLOURS)]
    lines = [
        f"{number:03d}  AX       {channel:5} C        {start} {end} {start} {end}",
        # Resolve looks for its marker in the next line.
        f" |C:ResolveColor{colour} |M:{event.name.replace('|', '/')} |D:{event.end - event.start}",
        f"* FROM CLIP NAME: {file}",
        f"* LOC: {start} {locator:7} {event.name}",
        *([f"* COMMENT: {event.said}"] if event.said else []),
    ]
    return "\n".join(lines) + "\n"
