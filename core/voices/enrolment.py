"""From a meeting or a recording to samples of a voice, and what keeps the samples right."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.annotation.overlap import minus, overlaps, within
from core.annotation.values import Annotation, Stretch, Turn
from core.arrays import Array
from core.atomic import writable_folder, write_file
from core.audio.read import AudioReader
from core.errors import InputError
from core.models.manifest import ModelSet
from core.refine.refine import speaker_at
from core.stream.changes import Window
from core.stream.encoder import Encoder, for_recognition
from core.units import SAMPLE_RATE, to_seconds
from core.voices.book import Sample, Voice, VoiceBook, packed_clip
from core.voices.recognition import direction

SAMPLES = 5
"""Turns of one meeting by which a voice is remembered, the longest that are apart."""
SHORTEST = 2 * SAMPLE_RATE
"""Shorter turns say too little."""
CLIP = 6 * SAMPLE_RATE
"""Of a turn, so much is kept to be heard."""


def samples_of(
    annotation: Annotation,
    speaker: int,
    windows: Sequence[Window],
    encoder: str,
    meeting: str,
    audio: Path | None,
    turns: Collection[Turn] | None = None,
    track: int | None = None,
) -> list[Sample]:
    """What a voice can be remembered by: the longest stretches of its turns in a meeting in which
    nobody else speaks, one of a turn.

    Parameters
    ----------
    encoder
        SHA-256 of the encoder that made the embeddings of ``windows``.
    meeting
        What a person would look for: the meeting's file, or else the recording's.
    audio
        The recording, for the clips; None leaves them out: the voice can't be played then, nor
        be heard anew by another encoder.
    turns
        Only these.
    track
        Number of the sound track that was heard, where it was chosen.

    Raises
    ------
    InputError
        If the recording can't be read.
    """
    labels = speaker_at(annotation, windows)
    centres = np.array([w.centre for w in windows], np.int64)
    found: list[tuple[Stretch, list[Array]]] = []
    own_turns = annotation.turns_of(speaker)
    wanted = own_turns if turns is None else [t for t in own_turns if t in turns]
    crowded = overlaps(annotation)
    alone = [
        max(parts, key=_length)
        for t in wanted
        if (parts := minus([(t.start, t.end)], within(crowded, t.start, t.end)))
    ]
    for start, end in sorted(alone, key=_length, reverse=True):
        first, last = np.searchsorted(centres, (start, end))
        own = [windows[i].voice_print for i in range(first, last) if labels[i] == speaker]
        if end - start < SHORTEST or len(found) == SAMPLES:
            break
        if own:
            found.append(((start, end), own))
    clips = cut(audio, [(s, min(e, s + CLIP)) for (s, e), _ in found], track) if audio else None
    return [
        Sample(
            direction(own),
            encoder,
            to_seconds(end - start),
            meeting,
            start,
            clips[n] if clips else np.zeros(0, np.float32),
        )
        for n, ((start, end), own) in enumerate(found)
    ]


def _length(stretch: Stretch) -> int:
    return stretch[1] - stretch[0]


def cut(audio: Path, stretches: Sequence[Stretch], track: int | None = None) -> list[Array]:
    """Stretches of a recording (of that sound track), in one reading and no further than needed."""
    parts: list[list[Array]] = [[] for _ in stretches]
    last = max((end for _, end in stretches), default=0)
    at = 0
    with AudioReader(audio, track) as reader:
        for block in reader:
            for part, (start, end) in zip(parts, stretches, strict=True):
                if start < at + len(block) and at < end:
                    part.append(block[max(start - at, 0) : max(end - at, 0)])
            at += len(block)
            if at >= last:
                break
    return [np.concatenate(part) if part else np.zeros(0, np.float32) for part in parts]


def outdated(book: VoiceBook, encoder: str) -> list[Voice]:
    """Voices that this encoder can't recognise because another one heard them."""
    return [v for v in book.voices() if v.samples and encoder not in v.encoders]


def renew(
    book: VoiceBook,
    models: ModelSet,
    encoder: Encoder,
    on_voice: Callable[[Voice], None] = lambda voice: None,
) -> tuple[int, list[Voice]]:
    """Let the present encoder hear the kept clips of samples that another one heard.

    Returns
    -------
    tuple[int, list[Voice]]
        How many voices it knows better now, and those that it doesn't know because no clip was
        kept.
    """
    done = 0
    without: list[Voice] = []
    sha256 = models.encoder.sha256
    for voice in (v for v in book.voices() if v.encoders - {sha256}):
        on_voice(voice)
        fresh = []
        for sample in (s for s in book.samples(voice.id) if s.encoder != sha256):
            embedding = embed(encoder, sample.clip)
            if embedding is not None:
                fresh.append(replace(sample, embedding=embedding, encoder=sha256))
        if fresh:
            book.renew(voice.id, fresh)
            done += 1
        elif sha256 not in voice.encoders:
            without.append(voice)
    return done, without


def embed(encoder: Encoder, clip: Array) -> Array | None:
    """The mean direction of the windows of a clip; None if it is shorter than one."""
    starts = range(0, len(clip) - encoder.window + 1, encoder.hop)
    if not len(starts):
        return None
    rows = encoder.embed(np.stack([clip[s : s + encoder.window] for s in starts]))
    return direction(list(for_recognition(rows, encoder.dim)))


def likeness(samples: Sequence[Sample]) -> list[float | None]:
    """How like the others of its voice and encoder each sample is (cosine): a low one is suspect.

    None where there is nothing to compare with.
    """
    found: list[float | None] = []
    for n, sample in enumerate(samples):
        others = [o for m, o in enumerate(samples) if m != n and o.encoder == sample.encoder]
        if others:
            mean = direction([o.embedding for o in others])
            found.append(float(mean @ direction([sample.embedding])))
        else:
            found.append(None)
    return found


def export_voice(book: VoiceBook, voice: Voice, folder: Path) -> list[Path]:
    """Everything that is known of a voice: ``<name>.json`` and a FLAC file for each clip."""
    folder = writable_folder(folder)
    stem = "".join(c if c.isalnum() or c in "-_." else "_" for c in voice.name)
    if stem.strip("._") == "":
        raise InputError(f"{voice.name!r} can't name a file: rename the voice first")
    written, listed = [], []
    for number, sample in enumerate(book.samples(voice.id), 1):
        clip = ""
        if len(sample.clip):
            clip = f"{stem}-{number}.flac"
            written.append(write_file(folder / clip, packed_clip(sample.clip), private=True))
        listed.append(
            {
                "meeting": sample.meeting,
                "start": round(to_seconds(sample.start), 3),
                "seconds": round(sample.seconds, 3),
                "added": sample.added,
                "encoder": sample.encoder,
                "embedding": [round(float(x), 7) for x in sample.embedding],
                "clip": clip,
            }
        )
    content = {"voice": voice.name, "remembered": voice.remembered, "samples": listed}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    return [write_file(folder / f"{stem}.json", text, private=True), *written]
