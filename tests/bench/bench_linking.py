"""How well voices are linked over recordings: same or different, for all pairs of their speakers.

Run it: ``python tests/bench/bench_linking.py JUDGES``, with the folder of those who judge encoders
(core/training/README.md), whom nothing is learnt from. Each person takes part in several simulated
conversations, with another room in each, and all people of a conversation are of one set. Those
are diarized; each speaker found counts as the reference speaker who shares most time with them.
Precision, recall and F1 are of pairs of speakers found in different recordings.

Half of the people are for development: they choose from which probability on two voices are one.
The other half judge: their F1 at that probability is the figure, and that at the one in use
(``core.archive.linking.LIKELY``) stands beside it. The last line is JSON.
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

from core.annotation.values import Annotation
from core.archive.linking import LIKELY, RecordingSpeaker, link, threshold
from core.models.folders import current_models
from core.models.manifest import ModelSet
from core.pipeline import diarize_file
from core.training.data.cache import Cache
from core.training.data.conversations import ConversationSettings, simulate
from core.training.measure.judges import NAMES, SETS, Judges, read_judges
from core.units import SAMPLE_RATE
from core.voices.recognition import Limits, voices_in

GRID = tuple(np.round(np.arange(0.04, 0.99, 0.02), 2))
NEAR = 0.01
"""F1 that isn't told apart from the best: the middle of all those probabilities is chosen."""
Utterances = dict[str, list[Callable[[], NDArray[np.float32]]]]


def read(sets: Sequence[Judges], folder: Path, cache: Path, least: float) -> list[Utterances]:
    """Utterances by speaker for each set, of those with so many seconds of speech."""
    found = []
    for judges in sets:
        speech = Cache.build(read_judges(judges, folder), cache / judges.folder)
        enough = [
            (speaker, indices)
            for speaker, indices in speech.of_speaker().items()
            if speech.durations[indices].sum() >= least * SAMPLE_RATE
        ]
        found.append({s: [partial(speech.samples, i) for i in indices] for s, indices in enough})
    return found


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
    sets: Sequence[Utterances], recordings: int, seconds: float, models: ModelSet, seed: int
) -> tuple[list[RecordingSpeaker], list[str]]:
    """Every speaker found in conversations of three, so many of each set, and who they are."""
    rng = np.random.default_rng(seed)
    settings = ConversationSettings(duration=seconds, speakers=(3, 3))
    found: list[RecordingSpeaker] = []
    who: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(recordings * len(sets)):
            conversation = simulate(sets[number % len(sets)], rng, settings)
            path = Path(folder, f"{number}.wav")
            soundfile.write(path, conversation.samples, SAMPLE_RATE, subtype="FLOAT")
            result = diarize_file(path, models=models)
            path.unlink()
            for speaker, one in voices_in(result.annotation, result.windows).items():
                found.append(RecordingSpeaker(number, one.direction, one.seconds))
                who.append(owner(conversation.reference, result.annotation, speaker))
    return found, who


def figures(
    voices: Sequence[RecordingSpeaker], who: Sequence[str], identity: Sequence[int]
) -> dict[str, Any]:
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
    parser.add_argument("judges", type=Path, help="folder of the sets of those who judge")
    parser.add_argument(
        "--sets", nargs="+", choices=NAMES, default=["librispeech", "tedxkr", "speechocean762"]
    )
    parser.add_argument("--cache", type=Path, help="keeps the decoded speech for the next time")
    parser.add_argument("--recordings", type=int, default=8, help="of a set and half (default: 8)")
    parser.add_argument("--seconds", type=float, default=120.0, help="of each (default: 120)")
    parser.add_argument("--people", type=int, default=8, help="of a set and half (default: 8)")
    parser.add_argument("--model", type=Path, help="a folder of models; default: in use")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    models = ModelSet.load(options.model) if options.model else current_models()
    limits = Limits.of(models.encoder)
    if limits is None:
        print("these models have no limits for known voices", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as kept:
        chosen = [judges for judges in SETS if judges.folder in options.sets]
        sets = read(chosen, options.judges, options.cache or Path(kept), 20.0)
        halves = []
        for half in range(2):
            people = [{s: v[s] for s in sorted(v)[half::2][: options.people]} for v in sets]
            seed = 2 * options.seed + half
            halves.append(heard(people, options.recordings, options.seconds, models, seed))
    (found, who), (judging, judged) = halves
    rates = {}
    print("development: probability from which on two voices are one")
    for likely in GRID:
        f = figures(found, who, link(found, threshold(limits, likely)))
        rates[likely] = f["f1"]
        print(f"  {likely:4.2f}  cosine {threshold(limits, likely):.3f}  {f}", flush=True)
    good = [likely for likely, f1 in rates.items() if f1 >= max(rates.values()) - NEAR]
    likely = float(good[len(good) // 2])
    result = {
        "bench": "linking",
        "sets": options.sets,
        "seed": options.seed,
        "chosen": likely,
        "development": figures(found, who, link(found, threshold(limits, likely))),
        "judges": figures(judging, judged, link(judging, threshold(limits, likely))),
        "in_use": LIKELY,
        "judges_in_use": figures(judging, judged, link(judging, threshold(limits, LIKELY))),
    }
    print(f"development chooses {likely:.2f}; judges: F1 {result['judges']['f1']:.3f}")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
