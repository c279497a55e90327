r"""Training of the network that places the edges of speech (:mod:`core.stream.speech_edges`).

Conversations are simulated from utterances as they were recorded, in rooms, noise, codecs and
levels; half of them are sparse, with sounds that are no speech (dogs, clocks, rain) as loud as the
voices. The reference is where the dry voices sound. It takes a few minutes::

    python -m core.training.speech_edges librispeech=LibriSpeech common-voice=clips \
        --noise ESC-10 --leave-out speechocean762-heldout.txt --write

writes ``models/speech_edges.npz`` and its entry in the manifest. It depends on the voice activity
model only: a new encoder doesn't need it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.atomic import write_file
from core.errors import InputError, VoicelanesError
from core.models.manifest import MANIFEST, ModelSet, shipped_models
from core.printable import printable
from core.stream.speech import FRAME, SpeechProbability
from core.stream.speech_edges import AHEAD, PAST, EdgeNetwork, features, levels, logits
from core.training import require
from core.training.data import augment
from core.training.data.conversations import (
    Conversation,
    ConversationSettings,
    LogNormal,
    VoicePool,
    simulate,
)
from core.training.data.corpora import is_for_judging, read_corpus, read_held_out
from core.training.data.layouts import audio_files
from core.training.data.recordings import read_recording
from core.training.files.export import npz_bytes, with_content
from core.units import SAMPLE_RATE

FEWEST = 5
"""Utterances that a speaker needs, or a conversation would repeat itself."""
HIDDEN = 32
STEPS = 4000
BATCH = 1024
RATE = 4e-3
_MARKED = (35.0, 0.3)


def conversation(
    rng: np.random.Generator, voices: VoicePool, sounds: Sequence[Path]
) -> Conversation:
    """A conversation to learn from: long, lively or sparse; in some room, noise and codec."""
    kind = rng.choice(["long", "lively", "sparse", "sparse"])
    common: dict[str, Any] = {"snr": None, "marked": _MARKED}
    if kind == "long":
        settings = ConversationSettings(
            float(rng.uniform(90, 180)), (2, 6), LogNormal(2.6, 0.8, 0.4, 20.0), **common
        )
    elif kind == "lively":
        settings = ConversationSettings(
            30.0, (1, 4), overlap_share=0.35, backchannels=0.12, level_sd=5.0, **common
        )
    else:
        pause = LogNormal(float(rng.choice([0.6, 2.0, 6.0])), 1.0, 0.05, 20.0)
        settings = ConversationSettings(
            float(rng.uniform(30, 60)),
            (1, 4),
            LogNormal(1.2, 0.9, 0.3, 15.0),
            pause,
            level_sd=6.0,
            **common,
        )
    talk = simulate(voices, rng, settings)
    samples = talk.samples
    if kind == "sparse" and sounds:
        samples = _with_events(samples, rng, sounds)
    steady = read_recording(sounds[int(rng.integers(len(sounds)))]) if sounds else None
    noisy = augment.noise(
        samples, rng, float(rng.uniform(12, 35)), steady if rng.random() < 0.3 else None
    )
    chance = rng.random()
    if chance < 0.15:
        noisy = augment.telephone(noisy)
    elif chance < 0.5:
        noisy = augment.opus(noisy, int(rng.integers(12000, 48000)))
    peak = float(np.abs(noisy).max(initial=1e-9))
    gain = np.float32(10 ** (rng.uniform(-20, 0) / 20) / peak)
    return Conversation(noisy * gain, talk.reference)


def _with_events(samples: Array, rng: np.random.Generator, sounds: Sequence[Path]) -> Array:
    """Short sounds among the speech, from far below it to a little louder."""
    mixed = samples.copy()
    loudness = np.sqrt(augment.speech_power(samples)) + 1e-4
    for _ in range(int(rng.poisson(len(samples) / SAMPLE_RATE / 5))):
        sound = read_recording(sounds[int(rng.integers(len(sounds)))])
        length = min(int(rng.uniform(0.1, 3) * SAMPLE_RATE), len(sound), len(samples))
        start = int(rng.integers(len(sound) - length + 1))
        event = sound[start : start + length]
        power = float(np.sqrt(np.mean(np.square(event)))) if length else 0.0
        if power < 1e-5:
            continue
        edge = min(SAMPLE_RATE // 100, length // 2)
        fade = np.ones(length, np.float32)
        fade[:edge] = np.linspace(0, 1, edge)
        fade[length - edge :] = fade[:edge][::-1]
        at = int(rng.integers(len(samples) - length + 1))
        factor = np.float32(loudness / power * 10 ** (rng.uniform(-25, 3) / 20))
        mixed[at : at + length] += event * fade * factor
    return mixed


def heard(talk: Conversation, stage: SpeechProbability) -> tuple[Array, Array]:
    """Features (n, FEATURES) of the frames, and the part of each in which somebody speaks (n,)."""
    odds = logits(np.concatenate([stage.push(talk.samples), stage.flush()]))
    count = len(odds)
    padded = np.zeros(count * FRAME + FRAME // 2, np.float32)
    padded[FRAME // 2 : FRAME // 2 + len(talk.samples)] = talk.samples
    around = ((PAST, AHEAD), (0, 0))
    found = features(
        np.pad(levels(padded), around, mode="edge"), np.pad(odds, around[0], mode="edge")
    )
    speech = np.zeros(count * FRAME, np.float32)
    for turn in talk.reference.turns:
        speech[turn.start : turn.end] = 1
    return found, speech.reshape(count, FRAME).mean(axis=1)


def fit(inputs: Array, targets: Array, steps: int = STEPS, seed: int = 0) -> EdgeNetwork:
    """The network that has learnt the targets (n,) of the inputs (n, features)."""
    import torch
    from torch import nn

    mean, scale = inputs.mean(axis=0), 1 / (inputs.std(axis=0) + 1e-2)
    x, y = torch.tensor((inputs - mean) * scale), torch.tensor(targets)
    torch.manual_seed(seed)
    first, last = nn.Linear(x.shape[1], HIDDEN), nn.Linear(HIDDEN, 1)
    network = nn.Sequential(first, nn.ReLU(), last)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        chosen = torch.randint(len(x), (BATCH,))
        loss = nn.functional.binary_cross_entropy_with_logits(network(x[chosen])[:, 0], y[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    w1, b1, w2, b2 = (p.detach().numpy() for p in network.parameters())
    return EdgeNetwork(mean, scale.astype(np.float32), w1, b1, w2[0], b2.reshape(()))


def whole_voices(sources: Sequence[str], left_out: set[str]) -> list[VoicePool]:
    """The speakers of each source (``CORPUS=FOLDER``) with their utterances as recorded."""
    found: list[VoicePool] = []
    for source in sources:
        corpus, _, folder = source.partition("=")
        voices: dict[str, list[Any]] = {}
        for utterance in read_corpus(corpus, Path(folder)):
            speaker = utterance.speaker
            if speaker and speaker not in left_out and not is_for_judging(speaker):
                voices.setdefault(speaker, []).append(partial(read_recording, utterance.path))
        enough = {name: own for name, own in voices.items() if len(own) >= FEWEST}
        if not enough:
            raise InputError(f"nobody in {source} has {FEWEST} utterances")
        found.append(enough)
    return found


def install(network: EdgeNetwork, models: ModelSet) -> None:
    """Write the network into a set of models and its size and hash into their manifest."""
    if models.edges is None:
        raise InputError(f"{models.folder} has no [edges] in its {MANIFEST}")
    content = npz_bytes({name: getattr(network, name) for name in EdgeNetwork.__dataclass_fields__})
    write_file(models.folder / models.edges.file, content)
    path = models.folder / MANIFEST
    write_file(path, with_content(path.read_text("utf-8"), "edges", content))


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m core.training.speech_edges", description=__doc__
    )
    parser.add_argument("voices", nargs="+", metavar="CORPUS=FOLDER", help="speech to learn from")
    parser.add_argument("--noise", type=Path, metavar="DIR", help="sounds that are no speech")
    parser.add_argument("--leave-out", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--conversations", type=int, default=160, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="into the models that ship")
    options = parser.parse_args(argv)
    try:
        require("torch")
        models = shipped_models()
        left_out = {name for path in options.leave_out for name in read_held_out(Path(path))}
        voices = whole_voices(options.voices, left_out)
        sounds = list(audio_files(options.noise)) if options.noise else []
        learnt = []
        for number in range(options.conversations):
            rng = np.random.default_rng([options.seed, number])
            talk = conversation(rng, voices[number % len(voices)], sounds)
            learnt.append(heard(talk, SpeechProbability(models)))
            print(f"\r{number + 1} of {options.conversations}", end="", file=sys.stderr, flush=True)
        inputs, targets = (np.concatenate(parts) for parts in zip(*learnt, strict=True))
        network = fit(inputs, targets, seed=options.seed)
    except VoicelanesError as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    wrong = np.abs((network(inputs) > 0.5) - targets).mean()
    hours = len(inputs) * FRAME / SAMPLE_RATE / 3600
    print(f"\n{hours:.1f} h of talk: {100 * wrong:.1f} % of it wrong at 0.5")
    if options.write:
        install(network, models)
    return 0


if __name__ == "__main__":
    sys.exit(main())
