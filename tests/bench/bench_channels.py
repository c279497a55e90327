"""What channels are worth: the error rate by channels against that of the mix.

Run it: ``python tests/bench/bench_channels.py ../shared/eval``. The calls of its folder
``channels`` as they are, and with crosstalk, the echo of the other side, unequal levels and a room;
a call with two people on each side, and a meeting of five at five microphones, made of recordings
of the other folders. What has two channels is also heard as if Voicelanes had recorded it as a call
(*recorded*). Diarization error rate without collar, overlap scored. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from core.annotation.values import Annotation, Turn
from core.arrays import Array
from core.audio.read import AudioReader, read_audio
from core.channels.separation import Channels
from core.formats import rttm
from core.pipeline import Result, diarize_file
from core.scoring import Score, score, total
from core.units import SAMPLE_RATE
from tests.core.channels.calls import leaking, resampled, saved, saved_as_call

MODES: tuple[Channels, ...] = ("mix", "auto")
Case = tuple[Array, Annotation]
LONG = 150 * SAMPLE_RATE
_EDGE = SAMPLE_RATE // 20


def reference_of(path: Path) -> Annotation:
    (annotation,) = rttm.read(path.with_suffix(".rttm")).values()
    return annotation


def channels_of(path: Path) -> Array:
    """(n, channels) at 16 kHz."""
    with AudioReader(path) as reader:
        return resampled(np.concatenate(list(reader.frames())), reader.info.sample_rate)


def calls(folder: Path) -> Iterator[tuple[str, Case]]:
    for path in sorted((folder / "channels").glob("*.flac")):
        sound, reference = channels_of(path), reference_of(path)
        for name, made in (
            ("as they are", sound),
            ("crosstalk at -30 dB", leaking(sound, -30)),
            ("echo at -15 dB, 200 ms", leaking(sound, -15, 0.2, to=1)),
            ("one side at -20 dB", sound * np.array([1, 0.1], np.float32)),
            ("one room, -12 dB", leaking(leaking(sound, -12, 0.003), -25, 0.05)),
        ):
            yield f"calls: {name}", (made, reference)


def rooms(folder: Path) -> Case:
    """Two people on the left, two on the right, who hear nothing of each other."""
    parts = [folder / "real" / name for name in ("ants_1.flac", "dji_2spk.flac")]
    sounds = [read_audio(part)[:LONG] for part in parts]
    length = min(map(len, sounds))
    sound = np.stack([part[:length] for part in sounds], 1)
    sound *= 0.7 / np.abs(sound).max(axis=0)
    turns = [
        Turn(turn.start, min(turn.end, length), 2 * turn.speaker + side)
        for side, part in enumerate(parts)
        for turn in reference_of(part).turns
        if turn.start < length
    ]
    return sound, Annotation.build(turns, length)


def two(folder: Path) -> Iterator[tuple[str, Case]]:
    """Calls made of the two who speak most in a conversation, each with a side of their own."""
    for path in sorted((folder / "simulated").glob("*-3.opus")):
        sound, known = read_audio(path), reference_of(path)
        times = known.talk_time()
        most = sorted(times, key=lambda speaker: -times[speaker])[:2]
        noise = 1e-4 * np.random.default_rng(4).standard_normal((len(sound), 2))
        apart = noise.astype(np.float32)
        turns = [turn for turn in known.turns if turn.speaker in most]
        for turn in turns:
            where = slice(max(0, turn.start - _EDGE), turn.end + _EDGE)
            apart[where, most.index(turn.speaker)] = sound[where]
        reference = Annotation.build(turns, len(sound))
        for name, made in (
            ("as they are", apart),
            ("crosstalk at -30 dB", leaking(apart, -30)),
            ("echo at -15 dB, 200 ms", leaking(apart, -15, 0.2, to=0)),
            ("one side at -20 dB", apart * np.array([1, 0.1], np.float32)),
        ):
            yield f"made of two: {name}", (made, reference)


def five(folder: Path) -> Case:
    """Those who speak most of six, each at a microphone that hears the others at -20 dB."""
    path = folder / "simulated" / "dev-ko-6.opus"
    sound, known = read_audio(path), reference_of(path)
    times = known.talk_time()
    most = sorted(times, key=lambda speaker: -times[speaker])[:5]
    noise = 1e-4 * np.random.default_rng(3).standard_normal((len(sound), 5))
    apart = noise.astype(np.float32)
    turns = [turn for turn in known.turns if turn.speaker in most]
    for turn in turns:
        where = slice(max(0, turn.start - _EDGE), turn.end + _EDGE)
        apart[where, most.index(turn.speaker)] = sound[where]
    return leaking(apart, -20, 0.005), Annotation.build(turns, len(sound))


def cases(folder: Path) -> Iterator[tuple[str, Case]]:
    yield from calls(folder)
    yield from two(folder)
    sound, reference = rooms(folder)
    yield "two people a side", (sound, reference)
    yield "two people a side, echo", (leaking(sound, -25, 0.2), reference)
    yield "five microphones", five(folder)


def scored(result: Result, reference: Annotation) -> Score:
    end = max(turn.end for turn in reference.turns) + SAMPLE_RATE
    return score(reference, result.annotation, region=((0, end),))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the sets")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases with this in their names")
    options = parser.parse_args(argv)
    found: dict[str, dict[str, list[Score]]] = {}
    apart: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as place:
        for name, (sound, reference) in cases(options.folder):
            if options.only not in name:
                continue
            path = saved(Path(place) / "call.wav", sound)
            runs: dict[str, Result] = {mode: diarize_file(path, channels=mode) for mode in MODES}
            if sound.shape[1] == 2:  # as if this program had recorded it
                saved_as_call(path, sound)
                runs["recorded"] = diarize_file(path, channels="auto")
            for mode, result in runs.items():
                rows = found.setdefault(name, {}).setdefault(mode, [])
                rows.append(scored(result, reference))
            apart[name] = apart.get(name, 0) + (runs["auto"].split is not None)
    print("case                               by        DER %  missed   false  confu.  count right")
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for name, modes in found.items():
        for mode, scores in modes.items():
            whole = total(scores)
            parts = (whole.errors, whole.missed, whole.false_alarm, whole.confusion)
            shown = [round(100 * part / max(1, whole.total), 1) for part in parts]
            right = sum(one.found == one.speakers for one in scores)
            print(
                f"{name:<34} {mode:<8}",
                "  ".join(f"{part:6.1f}" for part in shown),
                f"  {right} of {len(scores)}",
            )
            keys = ("der", "missed", "false_alarm", "confusion")
            figures.setdefault(name, {})[mode] = dict(zip(keys, shown, strict=True))
    print(json.dumps({"bench": "channels", "found": apart, **figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
