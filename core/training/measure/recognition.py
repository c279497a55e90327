r"""How well voices are recognised across meetings, and from which similarity on they are named.

Each person of a corpus who was not trained on is heard twice: in one meeting they are remembered,
from 30 s of speech; in another, with other words, another room and other noise, pieces of 10 s are
compared with everybody's profile. A *stranger* is somebody whose profile is left out, against ten
others drawn at random: that one of the ten names is given to them is a false accept. The limit is
set where that happens to 1 % of them, and what counts is the share of known people who are named
rightly from that limit on.

    python -m core.training.measure.recognition speechocean762 FOLDER \
        --speakers speechocean762-heldout.txt

prints it, with a JSON line at the end; ``--write`` puts the limits into the manifest of the models
that ship, ``--model FOLDER`` takes and writes others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import Array, Doubles
from core.errors import InputError, VoicelanesError
from core.printable import printable
from core.scoring import eer
from core.stream.encoder import Encoder
from core.training.data.augment import noise, room
from core.units import to_samples
from core.voices.recognition import direction

Utterances = Mapping[str, Sequence[Callable[[], Array]]]

REMEMBERED = 30.0
"""Seconds of speech of a profile, in three samples."""
PIECE = 10.0
"""Seconds of speech after which a name is given."""
PIECES = 3
"""Of a person, at most."""
GALLERY = 10
"""Known voices that a stranger is compared with."""
DRAWS = 200
"""Galleries that are drawn for every piece."""
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


def measure(encoder: Encoder, utterances: Utterances, seed: int = 0) -> Recognition:
    """Measure an encoder on the people of ``utterances``; each has samples at 16 kHz, trimmed.

    Raises
    ------
    InputError
        If fewer than three people say enough.
    """
    rng = np.random.default_rng(seed)
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
    return _judge(np.stack(heard) @ np.stack(profiles).T, np.array(owners), rng)


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
    return direction(list(encoder.embed(windows)))


def _judge(cosines: Array, owners: NDArray[np.int64], rng: np.random.Generator) -> Recognition:
    """From the cosines (pieces, profiles) of pieces whose own profiles are ``owners``."""
    rows = np.arange(len(owners))
    own = cosines[rows, owners].astype(np.float64)
    others = np.array([np.delete(row, owner) for row, owner in zip(cosines, owners, strict=True)])
    size = min(GALLERY, others.shape[1])
    strangers = np.array(
        [
            row[rng.permutation(len(row))[:size]].max()
            for row in others.repeat(DRAWS, axis=0).astype(np.float64)
        ]
    )
    sure = float(np.quantile(strangers, 1 - FALSE_ACCEPTS))
    perhaps = float(np.quantile(strangers, 1 - ASKED))
    single = float(np.quantile(others, 1 - FALSE_ACCEPTS))
    # Known people against their own profile and those of the others in a gallery.
    beside = max(size - 1, 1)
    rivals = np.array(
        [
            row[rng.permutation(len(row))[:beside]].max()
            for row in others.repeat(DRAWS, axis=0).astype(np.float64)
        ]
    )
    known = own.repeat(DRAWS)
    slope, offset = _logistic(own, others.reshape(-1).astype(np.float64))
    return Recognition(
        speakers=cosines.shape[1],
        pieces=len(owners),
        eer=eer(own, others.reshape(-1)),
        sure=sure,
        perhaps=perhaps,
        named=float(np.mean((known >= sure) & (known > rivals))),
        asked=float(np.mean((known >= perhaps) & (known < sure) & (known > rivals))),
        misnamed=float(np.mean((rivals >= sure) & (rivals >= known))),
        named_single=float(np.mean(own >= single)),
        false_single=float(np.mean(others >= sure)),
        slope=slope,
        offset=offset,
    )


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
    from core.audio.read import read_audio
    from core.models.manifest import MANIFEST, ModelSet, shipped_models
    from core.stream.encoder import OnnxEncoder
    from core.training.data.corpora import CORPORA, read_corpus, read_held_out
    from core.training.data.layouts import Utterance
    from core.training.data.silence import trim_silence
    from core.training.files.export import update_manifest

    parser = argparse.ArgumentParser(
        prog="python -m core.training.measure.recognition",
        description="How well known voices are recognised in other meetings.",
    )
    parser.add_argument("corpus", choices=list(CORPORA))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speakers", type=Path, help="only those in this list (…-heldout.txt)")
    parser.add_argument("--model", type=Path, help="a folder of models (default: those that ship)")
    parser.add_argument("--write", action="store_true", help="put the limits into the manifest")
    options = parser.parse_args(argv)

    def loader(utterance: Utterance) -> Callable[[], Array]:
        return lambda: trim_silence(read_audio(utterance.path))

    try:
        utterances = read_corpus(options.corpus, options.folder)
        wanted = read_held_out(options.speakers) if options.speakers else None
        voices: dict[str, list[Callable[[], Array]]] = {}
        for utterance in utterances:
            if wanted is None or utterance.speaker in wanted:
                voices.setdefault(utterance.speaker, []).append(loader(utterance))
        models = ModelSet.load(options.model) if options.model else shipped_models()
        found = measure(OnnxEncoder(models), voices)
        _tell(found)
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


def _tell(found: Recognition) -> None:
    print(
        f"{found.speakers} people, {found.pieces} pieces of {PIECE:g} s,"
        f" profiles of {REMEMBERED:g} s; equal error rate {100 * found.eer:.1f} %\n"
        f"where 1 % of strangers get one of {GALLERY} names (cosine {found.sure:.3f}):"
        f" {100 * found.named:.1f} % of known people are named,"
        f" {100 * found.asked:.1f} % asked about, {100 * found.misnamed:.2f} % misnamed\n"
        f"where 1 % of single comparisons are accepted: {100 * found.named_single:.1f} % named"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
