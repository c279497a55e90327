r"""How well voices are recognised across meetings, and from which similarity on they are named.

Each person of a set that judges (:mod:`core.training.measure.judges`) is heard twice: in one
meeting they are remembered, from 30 s of speech; in another, with other words, another room and
other noise, pieces of 10 s are compared with everybody's profile. A *stranger* is somebody whose
profile is left out, against ten others of the set drawn at random: that one of the ten names is
given to them is a false accept. The limit is set where that happens to 1 % of them, all sets
weighing the same, and what counts is the share of known people who are named rightly from that
limit on.

    python -m core.training.measure.recognition JUDGES

prints it for each set (with limits of its own) and for all together, with a JSON line at the end.
``--write`` puts the limits into the manifest of the models that ship, ``--model FOLDER`` takes and
writes others, ``--encoder FILE`` measures any other encoder, a teacher's wheel too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from core.arrays import Array, Doubles
from core.errors import InputError, VoicelanesError
from core.printable import printable
from core.scoring import eer
from core.stream.encoder import Encoder, for_recognition
from core.training.data.augment import noise, room
from core.training.measure.judges import NAMES, SETS, Judges, read_judges
from core.units import to_samples
from core.voices.recognition import direction

Utterances = Mapping[str, Sequence[Callable[[], Array]]]

REMEMBERED = 30.0
"""Seconds of speech of a profile, in three samples."""
PIECE = 10.0
"""Seconds of speech after which a name is given."""
PIECES = 6
"""Of a person, at most."""
ROUNDS = 2
"""So many times everybody is remembered and heard, in other rooms and by other words."""
GALLERY = 10
"""Known voices that a stranger is compared with."""
DRAWS = 40_000
"""Galleries that are drawn for every set."""
FALSE_ACCEPTS = 0.01
ASKED = 0.10
"""Where a name is asked about rather than given, so many strangers are asked about."""
SNR = (10.0, 30.0)


@dataclass(frozen=True)
class Recognition:
    """What was measured. Rates from 0 to 1.

    Parameters
    ----------
    speakers, pieces
        People, and pieces of speech that were compared.
    eer
        Over single comparisons of a piece with a profile.
    sure, perhaps
        The cosines at which :data:`FALSE_ACCEPTS` of the strangers are named, and :data:`ASKED`
        of them asked about.
    named, asked
        Known people who are named rightly; those who are asked about with their name.
    misnamed
        Known people who are given the name of another.
    named_single, false_single
        Comparisons with one's own profile at 1 % false accepts of single comparisons; and how
        many single comparisons with others are accepted at ``sure``.
    slope, offset
        See :class:`core.voices.recognition.Limits`.
    """

    speakers: int
    pieces: int
    eer: float
    sure: float
    perhaps: float
    named: float
    asked: float
    misnamed: float
    named_single: float
    false_single: float
    slope: float
    offset: float


@dataclass(frozen=True)
class Compared:
    """The people of a set, compared.

    Parameters
    ----------
    speakers
        How many they are.
    own
        (pieces,) cosine of each piece with the profile of its speaker.
    others
        (pieces, others) with those of everybody else.
    """

    speakers: int
    own: Doubles
    others: Doubles


def compared(
    encoder: Encoder, utterances: Utterances, seed: int = 0, rounds: int = ROUNDS
) -> Compared:
    """Compare the people of ``utterances`` by an encoder; each has samples at 16 kHz, trimmed.

    Raises
    ------
    InputError
        If fewer than three people say enough.
    """
    rng = np.random.default_rng(seed)
    each = [_round(encoder, utterances, rng) for _ in range(rounds)]
    # Whoever says just enough may fall short in another order of their utterances.
    fewest = min(one.others.shape[1] for one in each)
    return Compared(
        max(one.speakers for one in each),
        np.concatenate([one.own for one in each]),
        np.concatenate([one.others[:, :fewest] for one in each]),
    )


def _round(encoder: Encoder, utterances: Utterances, rng: np.random.Generator) -> Compared:
    profiles: list[Array] = []
    owners: list[int] = []
    heard: list[Array] = []
    for name in sorted(utterances):
        both = _two_meetings(utterances[name], rng)
        if both is None:
            continue
        first, second = both
        third = len(first) // 3
        samples = [_embed(encoder, first[n * third : (n + 1) * third]) for n in range(3)]
        length = to_samples(PIECE)
        for n in range(min(PIECES, len(second) // length)):
            owners.append(len(profiles))
            heard.append(_embed(encoder, second[n * length : (n + 1) * length]))
        profiles.append(direction(samples))
    if len(profiles) < 3:
        raise InputError(
            f"{len(profiles)} people say {REMEMBERED + PIECE:g} s or more: give a corpus of more"
        )
    cosines = (np.stack(heard) @ np.stack(profiles).T).astype(np.float64)
    own = cosines[np.arange(len(owners)), owners]
    others = [np.delete(row, owner) for row, owner in zip(cosines, owners, strict=True)]
    return Compared(len(profiles), own, np.array(others))


def _two_meetings(
    utterances: Sequence[Callable[[], Array]], rng: np.random.Generator
) -> tuple[Array, Array] | None:
    """What is remembered and what is heard later; None if it is too little."""
    wanted = to_samples(REMEMBERED), to_samples(PIECE) * PIECES
    sides: list[list[Array]] = [[], []]
    lengths = [0, 0]
    for index in rng.permutation(len(utterances)):
        # In turns until both are full, the second first: it needs less and must not go empty.
        side = 1 if lengths[1] < to_samples(PIECE) or lengths[0] >= wanted[0] else 0
        if lengths[side] >= wanted[side]:
            break
        samples = utterances[index]()
        sides[side].append(samples)
        lengths[side] += len(samples)
    if lengths[0] < wanted[0] or lengths[1] < to_samples(PIECE):
        return None
    first, second = (
        noise(room(np.concatenate(side), rng), rng, float(rng.uniform(*SNR))) for side in sides
    )
    return first[: wanted[0]], second[: wanted[1]]


def _embed(encoder: Encoder, samples: Array) -> Array:
    starts = range(0, len(samples) - encoder.window + 1, encoder.hop)
    windows = np.array([samples[s : s + encoder.window] for s in starts], np.float32)
    return direction(list(for_recognition(encoder.embed(windows), encoder.dim)))


def judged(sets: Sequence[Compared], seed: int = 0) -> Recognition:
    """What follows from the comparisons in sets of people, each of which weighs the same."""
    rng = np.random.default_rng(seed)
    strangers, known, rivals = [], [], []
    for one in sets:
        size = min(GALLERY, one.others.shape[1])
        pieces = rng.integers(len(one.own), size=DRAWS)
        strangers.append(_best(one.others[pieces], size, rng))
        # Known people against their own profile and those of the others in a gallery.
        known.append(one.own[pieces])
        rivals.append(_best(one.others[pieces], max(size - 1, 1), rng))
    unknown, own, beside = (np.concatenate(all_of) for all_of in (strangers, known, rivals))
    alone = np.concatenate([one.own for one in sets])
    others = np.concatenate([one.others.reshape(-1) for one in sets])
    sure = float(np.quantile(unknown, 1 - FALSE_ACCEPTS))
    perhaps = float(np.quantile(unknown, 1 - ASKED))
    single = float(np.quantile(others, 1 - FALSE_ACCEPTS))
    slope, offset = _logistic(alone, others)
    return Recognition(
        speakers=sum(one.speakers for one in sets),
        pieces=len(alone),
        eer=eer(alone, others),
        sure=sure,
        perhaps=perhaps,
        named=float(np.mean((own >= sure) & (own > beside))),
        asked=float(np.mean((own >= perhaps) & (own < sure) & (own > beside))),
        misnamed=float(np.mean((beside >= sure) & (beside >= own))),
        named_single=float(np.mean(alone >= single)),
        false_single=float(np.mean(others >= sure)),
        slope=slope,
        offset=offset,
    )


def _best(cosines: Doubles, size: int, rng: np.random.Generator) -> Doubles:
    """Of each row the largest of so many, drawn at random."""
    order = rng.random(cosines.shape).argpartition(size - 1, axis=1)[:, :size]
    return np.asarray(np.take_along_axis(cosines, order, axis=1).max(axis=1))


def _logistic(same: Doubles, different: Doubles) -> tuple[float, float]:
    """Slope and offset of the logistic regression in which both kinds weigh the same."""
    from scipy.optimize import minimize

    def loss(parameters: Doubles) -> float:
        slope, offset = parameters
        return float(
            np.logaddexp(0, -(slope * same + offset)).mean()
            + np.logaddexp(0, slope * different + offset).mean()
            + 1e-4 * slope**2  # or two kinds that don't overlap would make it infinite
        )

    found = minimize(loss, np.array([10.0, -5.0]), method="Nelder-Mead")
    return float(found.x[0]), float(found.x[1])


def calibration_of(found: Recognition) -> dict[str, float]:
    """The values of ``[ghostvlad.calibration]``."""
    return {
        f"voice_{n}": round(getattr(found, n), 4) for n in ("sure", "perhaps", "slope", "offset")
    }


def main(argv: Sequence[str]) -> int:
    """``python -m core.training.measure.recognition``."""
    from core.atomic import write_file
    from core.models.manifest import MANIFEST, ModelSet, shipped_models
    from core.stream.encoder import OnnxEncoder
    from core.training.files.encoder_file import load_encoder
    from core.training.files.export import update_manifest

    parser = argparse.ArgumentParser(
        prog="python -m core.training.measure.recognition",
        description="How well known voices are recognised in other meetings.",
    )
    parser.add_argument("judges", type=Path, help="folder of the sets of those who judge")
    parser.add_argument("--sets", nargs="+", choices=NAMES, default=["speechocean762", "tedxkr"])
    parser.add_argument("--model", type=Path, help="a folder of models (default: those that ship)")
    parser.add_argument(
        "--encoder", type=Path, help="any encoder: .npz, .onnx or a teacher's wheel"
    )
    parser.add_argument("--write", action="store_true", help="put the limits into the manifest")
    options = parser.parse_args(argv)
    try:
        models = ModelSet.load(options.model) if options.model else shipped_models()
        encoder: Encoder = OnnxEncoder(models)
        if options.encoder:
            encoder = load_encoder(options.encoder, encoder.window, encoder.hop).encoder
        sets = []
        for judges in SETS:
            if judges.folder in options.sets:
                sets.append(compared(encoder, _voices(judges, options.judges)))
                _tell(judges.name, judged(sets[-1:]))
        found = judged(sets)
        _tell("all", found)
        if options.write:
            manifest = models.folder / MANIFEST
            text = manifest.read_text("utf-8")
            write_file(
                manifest, update_manifest(text, "ghostvlad.calibration", calibration_of(found))
            )
            print(f"wrote the limits into {manifest}")
    except VoicelanesError as error:
        print(printable(f"voicelanes: {error}"), file=sys.stderr)
        return 1
    print(
        json.dumps({"bench": "recognition", **{k: round(v, 4) for k, v in asdict(found).items()}})
    )
    return 0


def _voices(judges: Judges, folder: Path) -> Utterances:
    from core.audio.read import read_audio
    from core.training.data.silence import trim_silence

    def loader(path: Path) -> Callable[[], Array]:
        return lambda: trim_silence(read_audio(path))

    voices: dict[str, list[Callable[[], Array]]] = {}
    for utterance in read_judges(judges, folder, most=None):
        voices.setdefault(utterance.speaker, []).append(loader(utterance.path))
    return voices


def _tell(who: str, found: Recognition) -> None:
    print(
        f"{who}: {found.speakers} people, {found.pieces} pieces of {PIECE:g} s,"
        f" profiles of {REMEMBERED:g} s; equal error rate {100 * found.eer:.1f} %\n"
        f"  where 1 % of strangers get one of {GALLERY} names (cosine {found.sure:.3f}):"
        f" {100 * found.named:.1f} % of known people are named,"
        f" {100 * found.asked:.1f} % asked about, {100 * found.misnamed:.2f} % misnamed\n"
        f"  where 1 % of single comparisons are accepted: {100 * found.named_single:.1f} % named",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
