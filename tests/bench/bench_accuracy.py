"""How well it is told who speaks when: first pass, second pass, and second pass knowing how many.

Run it: ``python tests/bench/bench_accuracy.py ../shared/eval``. Each folder below holds recordings
with an RTTM file of the same name beside them. Diarization error rate without collar, overlap
scored, from 0 s to 1 s after the last turn of the reference (30 s for ``ami``), and for how many
recordings the number of speakers is right, or off by one at most. The last line is JSON. Nothing
is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.annotation.values import Annotation
from core.channels.separation import CHANNELS
from core.formats import rttm as rttm_format
from core.models.folders import current_models, load
from core.models.manifest import ModelSet
from core.pipeline import Result, SpeakerCount, decoder_model, diarize_file
from core.refine.methods import METHODS, Method, method_named
from core.refine.refine import refine
from core.scoring import Score, score, total
from core.units import SAMPLE_RATE

SUFFIXES = (".flac", ".opus", ".wav", ".mp3", ".m4a")
PIECES = {"ami": 30 * SAMPLE_RATE}
"""Sets whose recordings are pieces of a fixed length."""
PASSES = ("first pass", "second pass", "true number")


@dataclass
class Tally:
    """The scores of one set, pass by pass."""

    scores: dict[str, list[Score]] = field(default_factory=lambda: {p: [] for p in PASSES})

    def add(self, scores: Sequence[Score]) -> None:
        for name, one in zip(PASSES, scores, strict=True):
            self.scores[name].append(one)

    def figures(self, name: str) -> dict[str, float]:
        scores = self.scores[name]
        whole = total(scores)
        off = [abs(s.found - s.speakers) for s in scores]
        parts = {k: getattr(whole, k) for k in ("missed", "false_alarm", "confusion")}
        return {
            "der": round(100 * (whole.der or 0), 2),
            **{k: round(100 * v / max(whole.total, 1), 2) for k, v in parts.items()},
            "speakers_off": round(sum(off) / max(len(off), 1), 2),
            "right_or_off_by_one": round(sum(o <= 1 for o in off) / max(len(off), 1), 2),
            "right": round(sum(o == 0 for o in off) / max(len(off), 1), 2),
        }


def recordings(folder: Path) -> list[tuple[Path, Path]]:
    """(recording, reference) of a folder, by name."""
    files = (p for p in sorted(folder.iterdir()) if p.suffix in SUFFIXES)
    return [(p, p.with_suffix(".rttm")) for p in files if p.with_suffix(".rttm").exists()]


def reference_of(path: Path) -> Annotation:
    (annotation,) = rttm_format.read(path).values()
    return annotation


def passes(result: Result, count: int, method: Method) -> tuple[Annotation, Annotation, Annotation]:
    """First pass, second pass, and second pass with the number of speakers given."""
    duration = result.first_pass.duration
    second, known = (
        refine(result.windows, result.speech, duration, speakers, method=method)
        for speakers in (None, SpeakerCount(count, count))
    )
    return result.first_pass, second, known


def scored(reference: Annotation, found: Iterable[Annotation], end: int) -> list[Score]:
    return [score(reference, annotation, region=((0, end),)) for annotation in found]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the sets")
    parser.add_argument("--sets", nargs="+", default=["real", "simulated", "ami"], metavar="NAME")
    parser.add_argument("--model", help="a set of 'voicelanes models list', or a folder")
    parser.add_argument("--method", choices=METHODS, default=METHODS[0], help="of the second pass")
    parser.add_argument(
        "--channels", choices=CHANNELS, default="mix", help="as voicelanes diarize takes them"
    )
    parser.add_argument("--files", action="store_true", help="a line for every file as well")
    options = parser.parse_args(argv)

    models = _models(options.model)
    method = method_named(options.method, lambda: decoder_model(models))
    tallies: dict[str, Tally] = {}
    started = perf_counter()
    for name in options.sets:
        tally = tallies[name] = Tally()
        for recording, rttm in recordings(options.folder / name):
            reference = reference_of(rttm)
            end = PIECES.get(name, max(t.end for t in reference.turns) + SAMPLE_RATE)
            count = len({t.speaker for t in reference.turns if t.start < end})
            if options.channels == "mix":
                result = diarize_file(recording, models=models, second_pass=False)
                found = passes(result, count, method)
            else:
                by_channels = partial(
                    diarize_file,
                    recording,
                    models=models,
                    method=options.method,
                    channels=options.channels,
                )
                result = by_channels()
                known = by_channels(speakers=SpeakerCount(count, count)).annotation
                found = result.first_pass, result.annotation, known
            scores = scored(reference, found, end)
            tally.add(scores)
            if options.files:
                ders = "  ".join(f"{100 * (s.der or 0):5.1f} ({s.found})" for s in scores)
                print(f"{name}/{recording.stem:<12} {count} speakers: {ders}", flush=True)
        if not tally.scores[PASSES[0]]:
            print(f"no recordings with references in {options.folder / name}", file=sys.stderr)
            return 1
    report(tallies, perf_counter() - started)
    return 0


def report(tallies: dict[str, Tally], seconds: float) -> None:
    """The table, and the JSON line."""
    print("set          pass          DER %  missed   false  confu.  count right  or off by one")
    everything: dict[str, Any] = {"bench": "accuracy", "seconds": round(seconds, 1)}
    for name, tally in tallies.items():
        for which in PASSES:
            f = tally.figures(which)
            parts = "  ".join(f"{f[k]:6.1f}" for k in ("der", "missed", "false_alarm", "confusion"))
            count = f"{100 * f['right']:9.0f} %  {100 * f['right_or_off_by_one']:12.0f} %"
            print(f"{name:<12} {which:<12} {parts}  {count}")
            everything.setdefault(name, {})[which] = f
    print(json.dumps(everything))


def _models(name: str | None) -> ModelSet:
    if name is None:
        return current_models()
    return ModelSet.load(Path(name)) if Path(name).is_dir() else load(name)


if __name__ == "__main__":
    sys.exit(main())
