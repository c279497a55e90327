"""Lists of markers and regions as editors of video and sound read them."""

from __future__ import annotations

from core.annotation.values import Annotation
from core.formats.csv_table import table
from core.formats.editors.timecode import Timeline, events_on
from core.formats.names import labels, one_line
from core.formats.picture import speaker_colour
from core.formats.rounding import rounded
from core.units import clock


def render_markers(annotation: Annotation, timeline: Timeline) -> str:
    """The columns of Premiere's list of markers, which scripts for Resolve take, too."""
    rows: list[tuple[str, ...]] = [
        ("Marker Name", "Description", "In", "Out", "Duration", "Marker Type")
    ]
    for event in events_on(annotation, timeline):
        end = event.start if event.lane is None else event.end
        times = (event.start, end, end - event.start)
        rows.append((event.name, event.said, *map(timeline.timecode, times), "Comment"))
    return table(rows)


def render_audition(annotation: Annotation) -> str:
    """The markers of Adobe Audition: divided by tabs, times in minutes and seconds."""
    annotation = rounded(annotation)
    names = labels(annotation)
    found = [(t.start, t.duration, names[t.speaker], t.text) for t in annotation.turns]
    found += [(m.at, 0, one_line(m.text) or "Marker", "") for m in annotation.markers]
    rows = [("Name", "Start", "Duration", "Time Format", "Type", "Description")]
    rows += [
        (name, clock(start), clock(length), "decimal", "Cue", said)
        for start, length, name, said in sorted(found)
    ]
    return table(rows, delimiter="\t", line_end="\n")


def render_reaper(annotation: Annotation) -> str:
    """Regions and markers for the Region/Marker Manager of Reaper, in the speakers' colours."""
    annotation = rounded(annotation)
    names = labels(annotation)
    colours = {s.id: speaker_colour(s)[1:].upper() for s in annotation.speakers}
    rows = [("#", "Name", "Start", "End", "Length", "Color")]
    for number, t in enumerate(annotation.turns, 1):
        name = f"{names[t.speaker]}: {t.text}" if t.words else names[t.speaker]
        times = (clock(t.start), clock(t.end), clock(t.duration))
        rows.append((f"R{number}", name, *times, colours[t.speaker]))
    for number, m in enumerate(annotation.markers, 1):
        rows.append((f"M{number}", one_line(m.text), clock(m.at), "", "", ""))
    return table(rows, line_end="\n")
