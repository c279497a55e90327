"""A report with sound: one web page that needs nothing beside itself and plays every turn.

It holds what the summary of :mod:`core.formats.summary` says, a lane of turns for each speaker
that can be clicked, all turns with what is said in them, markers and overlaps, and the sound as
MP3: mono, 16 kHz, :data:`BIT_RATE`, which every browser plays; an hour takes 19 MB in the page.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.annotation.overlap import overlaps
from core.annotation.values import Annotation, Stretch
from core.audio.read import AudioReader
from core.errors import Cancelled, InputError
from core.formats.names import labels, one_line, xml
from core.formats.picture import speaker_colour
from core.formats.rounding import rounded
from core.formats.summary import NOTE, at_time, page_top, table
from core.units import SAMPLE_RATE, to_seconds

BIT_RATE = 32_000

_LANES = """\
.player { position: sticky; top: 0; background: #fff; padding: .5rem 0; \
border-bottom: 1px solid #ccc; display: flex; gap: .5rem; align-items: center }
.player audio { flex: 1; min-width: 10rem }
button { font: inherit; border: 1px solid #888; border-radius: .3rem; background: #f4f4f4; \
padding: 0 .5rem; cursor: pointer }
button.playing { background: #0b57d0; color: #fff }
svg.lanes { width: 100%; height: auto; margin: 1rem 0 }
svg.lanes [data-start] { cursor: pointer }
svg.lanes text { font: 12px system-ui, sans-serif }
.turn { margin: .5rem 0 }
.chip { display: inline-block; width: .8em; height: .8em; border: 1px solid #333; \
margin-right: .3em }
label { margin-right: 1rem }
@media print { .player, button { display: none } }"""

_SCRIPT = """\
const sound = document.querySelector('audio'), all = [...document.querySelectorAll('[data-start]')];
let until = null, now = null;
function show(element) {
  if (now) now.classList.remove('playing');
  now = element;
  if (now) now.classList.add('playing');
}
function play(element) {
  if (now === element && !sound.paused) { sound.pause(); return; }
  until = Number(element.dataset.end);
  sound.currentTime = Number(element.dataset.start);
  show(element);
  sound.play();
}
for (const element of all) {
  element.addEventListener('click', () => play(element));
  element.addEventListener('keydown', event => {
    if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); play(element); }
  });
}
sound.addEventListener('timeupdate', () => {
  if (until !== null && sound.currentTime >= until) { sound.pause(); }
});
sound.addEventListener('pause', () => { until = null; show(null); });
for (const box of document.querySelectorAll('input[data-speaker]')) {
  box.addEventListener('change', () => {
    for (const turn of document.querySelectorAll(`.turn[data-speaker="${box.dataset.speaker}"]`))
      turn.hidden = !box.checked;
  });
}"""


def render(
    annotation: Annotation,
    uri: str,
    sound: bytes,
    begins: int = 0,
) -> str:
    """The page.

    Parameters
    ----------
    sound
        MP3, as :func:`encoded` makes it.
    begins
        The sample of the recording at which the sound begins.
    """
    annotation = rounded(annotation)
    names = {i: xml(label) for i, label in labels(annotation).items()}
    colours = {s.id: speaker_colour(s) for s in annotation.speakers}

    def played(start: int, end: int) -> str:
        return (
            f'data-start="{max(to_seconds(start - begins), 0):.3f}"'
            f' data-end="{max(to_seconds(end - begins), 0):.3f}"'
        )

    def button(start: int, end: int, what: str) -> str:
        return f'<button {played(start, end)} aria-label="{what}">▶</button>'

    turns = "\n".join(
        f'<div class="turn" dir="auto" data-speaker="{t.speaker}">'
        f"{button(t.start, t.end, f'Play {names[t.speaker]} at {at_time(t.start)}')}"
        f' <span class="chip" style="background: {colours[t.speaker]}"></span>'
        f"<b><bdi>{names[t.speaker]}</bdi></b>"
        f' <span class="note"><bdi>{at_time(t.start)} – {at_time(t.end)}</bdi></span>'
        f"{f'<br>{xml(t.text)}' if t.words else ''}</div>"
        for t in annotation.turns
    )
    markers = "\n".join(
        f"<li>{button(m.at, m.at + 10 * SAMPLE_RATE, f'Play from {at_time(m.at)}')} {at_time(m.at)}"
        f" <bdi>{xml(one_line(m.text))}</bdi></li>"
        for m in annotation.markers
    )
    both = "\n".join(
        f"<li>{button(start, end, f'Play from {at_time(start)}')} {at_time(start)}"
        f" – {at_time(end)}</li>"
        for start, end in overlaps(annotation)
    )
    boxes = "".join(
        f'<label><input type="checkbox" checked data-speaker="{s.id}">'
        f' <span class="chip" style="background: {colours[s.id]}"></span>'
        f"<bdi>{names[s.id]}</bdi></label>"
        for s in annotation.speakers
    )
    content = base64.b64encode(sound).decode("ascii")
    return page_top(annotation, uri, _LANES + "\n") + (
        f'<div class="player"><audio controls preload="auto" '
        f'src="data:audio/mpeg;base64,{content}"></audio></div>\n'
        f"{_lanes(annotation, names, colours, played)}\n"
        f"{table(annotation, names)}\n"
        f'<p class="note">{xml(NOTE)}</p>\n'
        + (f"<h2>Markers</h2>\n<ul>\n{markers}\n</ul>\n" if markers else "")
        + (f"<h2>Where several speak at once</h2>\n<ul>\n{both}\n</ul>\n" if both else "")
        + (f"<h2>Turns</h2>\n<p>{boxes}</p>\n{turns}\n" if turns else "")
        + f'<p class="note">The sound is in this page: {len(content) / 1e6:.1f} MB.</p>\n'
        f"<script>\n{_SCRIPT}\n</script>\n</body>\n</html>\n"
    )


def _lanes(
    annotation: Annotation,
    names: dict[int, str],
    colours: dict[int, str],
    played: Callable[[int, int], str],
) -> str:
    """A lane for each speaker as SVG; its turns can be clicked."""
    row, left, width = 24, 120, 1000
    height = row * len(annotation.speakers) + 4
    scale = (width - left) / max(annotation.duration, 1)
    parts = []
    for n, speaker in enumerate(annotation.speakers):
        top = n * row
        parts.append(
            f'<text x="0" y="{top + 16}">{names[speaker.id]}</text>'
            f'<line x1="{left}" x2="{width}" y1="{top + row}" y2="{top + row}" stroke="#ddd"/>'
        )
        parts += [
            f'<rect {played(t.start, t.end)} tabindex="0" role="button"'
            f' aria-label="Play {names[speaker.id]} at {at_time(t.start)}"'
            f' x="{left + t.start * scale:.2f}" y="{top + 4}" height="{row - 8}"'
            f' width="{max(t.duration * scale, 1):.2f}" fill="{colours[speaker.id]}"'
            f' stroke="#333" stroke-width=".5"/>'
            for t in annotation.turns_of(speaker.id)
        ]
    return (
        f'<svg class="lanes" viewBox="0 0 {width} {height}" role="group"'
        f' aria-label="A lane of turns for each speaker">{"".join(parts)}</svg>'
    )


def encoded(
    recording: Path,
    span: Stretch | None = None,
    track: int | None = None,
    on_progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> bytes:
    """The sound of a recording, or of a part of it (samples), as MP3.

    Raises
    ------
    InputError
        If it can't be read, or this system's FFmpeg writes no MP3.
    Cancelled
        If ``cancelled`` said so.
    """
    import av

    out = io.BytesIO()
    start, end = span or (0, None)
    try:
        container = av.open(out, "w", format="mp3")
        stream: Any = container.add_stream("libmp3lame", rate=SAMPLE_RATE)
    except (av.FFmpegError, ValueError) as error:
        raise InputError(f"no MP3 can be written here ({error})") from error
    stream.bit_rate, stream.layout = BIT_RATE, "mono"
    at = 0
    with container, AudioReader(recording, track=track) as reader:
        for block in reader:
            if cancelled is not None and cancelled():
                raise Cancelled("stopped")
            first, last = max(start - at, 0), len(block) if end is None else end - at
            at += len(block)
            part = block[first : max(last, 0)]
            if len(part):
                sound = np.clip(part * 32767, -32768, 32767).astype(np.int16)[np.newaxis]
                frame = av.AudioFrame.from_ndarray(sound, format="s16p", layout="mono")
                frame.sample_rate = SAMPLE_RATE
                container.mux(stream.encode(frame))
            if on_progress is not None and reader.position is not None:
                on_progress(reader.position)
            if end is not None and at >= end:
                break
        container.mux(stream.encode(None))
    return out.getvalue()
