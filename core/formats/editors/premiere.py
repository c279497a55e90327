"""The XML of Final Cut Pro 7, which Premiere and Resolve import: a marker for each turn."""

from __future__ import annotations

from pathlib import Path

from core.annotation.values import Annotation
from core.formats.editors.timecode import Event, Timeline, events_on, length_on
from core.formats.names import one_line, xml


def render(annotation: Annotation, uri: str, timeline: Timeline, audio: Path | None = None) -> str:
    """The XML text; ``audio`` is the recording that the editor shall open with it."""
    name = xml(one_line(uri))
    length = length_on(annotation, timeline)
    rate = (
        f"<rate><timebase>{timeline.rate.nominal}</timebase>"
        f"<ntsc>{'TRUE' if timeline.rate.ntsc else 'FALSE'}</ntsc></rate>"
    )
    counted = (
        f"<timecode>{rate}<string>{timeline.timecode(timeline.first)}</string>"
        f"<frame>{timeline.first}</frame>"
        f"<displayformat>{'DF' if timeline.rate.drop else 'NDF'}</displayformat></timecode>"
    )
    size = timeline.size
    picture = "" if size is None else f"<width>{size[0]}</width><height>{size[1]}</height>"
    picture = f"<samplecharacteristics>{rate}{picture}</samplecharacteristics>"
    clips = {"video": "", "audio": ""}
    if audio is not None:
        file = (
            f'<file id="file-1"><name>{xml(audio.name)}</name>'
            f"<pathurl>{xml(audio.absolute().as_uri())}</pathurl>{rate}"
            f"<duration>{length}</duration>{counted}<media>"
            f"{'<video/>' if size else ''}<audio/></media></file>"
        )
        for number, kind in enumerate(("video", "audio") if size else ("audio",), 1):
            clips[kind] = (
                f'<clipitem id="clipitem-{number}"><name>{name}</name>'
                f"<duration>{length}</duration>{rate}<start>0</start><end>{length}</end>"
                f"<in>0</in><out>{length}</out>{file}</clipitem>"
            )
            file = '<file id="file-1"/>'
    markers = "".join(_marker(event, timeline) for event in events_on(annotation, timeline))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="4">\n'
        f'<sequence id="sequence-1">\n<name>{name}</name>\n<duration>{length}</duration>\n{rate}\n'
        f"{counted}\n<media>\n<video><format>{picture}</format>"
        f"<track>{clips['video']}</track></video>\n"
        f"<audio><track>{clips['audio']}</track></audio>\n</media>\n"
        f"{markers}</sequence>\n</xmeml>\n"
    )


def _marker(event: Event, timeline: Timeline) -> str:
    """Its times count from the start of the sequence; one without length has no end (-1)."""
    start, end = event.start - timeline.first, event.end - timeline.first
    return (
        f"<marker><comment>{xml(event.said)}</comment><name>{xml(event.name)}</name>"
        f"<in>{start}</in><out>{-1 if event.lane is None else end}</out></marker>\n"
    )
