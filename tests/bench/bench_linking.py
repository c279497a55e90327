"""How well voices are linked over recordings: same or different, for all pairs of their speakers.

Run it: ``python tests/bench/bench_linking.py SPEECH.i16 SPEECH.json --corpora NAME ...``. The
speech is flat 16-bit samples at 16 kHz; the JSON lists ``corpus, speaker, start, length`` of its
utterances, of people that the encoder was not trained on. Each speaker takes part in several
simulated conversations, with another room in each. Those are diarized; each speaker found counts as
the reference speaker who shares most time with them. Precision, recall and F1 are of pairs of
speakers found in different recordings. Half of the people are for calibration, the others judge.
The last line is JSON. Nothing is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.annotation import Annotation
from core.archive.linking import LIKELY, Voice, link, threshold
from core.model_folders import current_models
from core.models import ModelSet
from core.pipeline import diarize_file
from core.recognition import Limits, voices_in
from core.training.conversations import ConversationSettings, Voices, simulate
from core.units import SAMPLE_RATE

GRID = (0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95)
Utterances = dict[str, list[Callable[[], NDArray[np.float32]]]]


def read(samples: Path, index: Path, corpora: Sequence[str], minimum: float) -> Utterances:
    """Utterances by speaker, of those with enough speech."""
    flat = np.memmap(samples, np.int16, "r")
    voices: Utterances = {}
    lengths: dict[str, int] = {}

    def take(start: int, length: int) -> NDArray[np.float32]:
        return flat[start : start + length].astype(np.float32) / np.float32(32768)

    for row in json.loads(index.read_text("utf-8")):
        if row["corpus"] in corpora:
            speaker = row["speaker"]
            voices.setdefault(speaker, []).append(partial(take, row["start"], row["length"]))
            lengths[speaker] = lengths.get(speaker, 0) + row["length"]
    return {s: v for s, v in voices.items() if lengths[s] >= minimum * SAMPLE_RATE}


def owner(reference: Annotation, found: Annotation, speaker: int) -> str:
    """The reference speaker who shares most time with a speaker that was found."""
    shared: dict[str, int] = {s.name: 0 for s in reference.speakers}
    names = {s.id: s.name for s in reference.speakers}
    for turn in found.turns:
        if turn.speaker == speaker:
            for other in reference.turns:
                both = min(turn.end, other.end) - max(turn.start, other.start)
                shared[names[other.speaker]] += max(0, both)
    return max(shared, key=lambda name: shared[name])


def heard(
    voices: Utterances, recordings: int, seconds: float, models: ModelSet, seed: int
) -> tuple[list[Voice], list[str]]:
    """Every speaker found in conversations of three, and who they are."""
    rng = np.random.default_rng(seed)
    settings = ConversationSettings(duration=seconds, speakers=(3, 3))
    found: list[Voice] = []
    who: list[str] = []
    chosen: Voices = voices
    with tempfile.TemporaryDirectory() as folder:
        for number in range(recordings):
            conversation = simulate(chosen, rng, settings)
            path = Path(folder, f"{number}.wav")
            soundfile.write(path, conversation.samples, SAMPLE_RATE, subtype="FLOAT")
            result = diarize_file(path, models=models)
            path.unlink()
            for speaker, one in voices_in(result.annotation, result.windows).items():
                found.append(Voice(number, one.direction, one.seconds))
                who.append(owner(conversation.reference, result.annotation, speaker))
    return found, who


def figures(voices: Sequence[Voice], who: Sequence[str], identity: Sequence[int]) -> dict[str, Any]:
    """Of pairs from different recordings."""
    right = linked = same = 0
    for a, b in combinations(range(len(voices)), 2):
        if voices[a].recording != voices[b].recording:
            one, together = who[a] == who[b], identity[a] == identity[b]
            right, linked, same = right + (one and together), linked + together, same + one
    return {
        "f1": round(2 * right / max(linked + same, 1), 3),
        "precision": round(right / max(linked, 1), 3),
        "recall": round(right / max(same, 1), 3),
        "pairs_of_one_voice": same,
        "voices": len(voices),
        "people": len(set(who)),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path)
    parser.add_argument("index", type=Path)
    parser.add_argument("--corpora", nargs="+", required=True, metavar="NAME")
    parser.add_argument("--recordings", type=int, default=16, help="for each half (default: 16)")
    parser.add_argument("--seconds", type=float, default=120.0, help="of each (default: 120)")
    parser.add_argument("--people", type=int, default=12, help="of each half (default: 12)")
    parser.add_argument("--model", type=Path, help="a folder of models; default: in use")
    options = parser.parse_args(argv)
    models = ModelSet.load(options.model) if options.model else current_models()
    limits = Limits.of(models.encoder)
    if limits is None:
        print("these models have no limits for known voices", file=sys.stderr)
        return 1
    voices = read(options.samples, options.index, options.corpora, 30.0)
    result: dict[str, Any] = {"bench": "linking", "likely": LIKELY, "corpora": options.corpora}
    for half, name in enumerate(("calibration", "judges")):
        people = sorted(voices)[half::2][: options.people]
        found, who = heard(
            {p: voices[p] for p in people}, options.recordings, options.seconds, models, 1 + half
        )
        print(f"{name}: probability from which on two voices are one")
        for likely in GRID:
            f = figures(found, who, link(found, threshold(limits, likely)))
            print(f"  {likely:4.2f}  cosine {threshold(limits, likely):.3f}  {f}", flush=True)
        result[name] = figures(found, who, link(found, threshold(limits)))
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
