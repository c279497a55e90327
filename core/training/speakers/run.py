"""Training of the UIS-RNN: talk is simulated, heard by the stream, learnt from and calibrated on.

Everything is kept in one folder as it comes, so that a training that was stopped goes on where it
was and ends with the same arrays:

``train/``, ``calibration/``
    What the stream heard of each conversation
    (:class:`core.training.data.hearing.HeardConversation`).
``lda.npz``
    The directions in which voices differ, of an encoder that has none of its own yet.
``fit/``
    The model after the last round of the fit.
``trials.json``
    Every setting of the calibration that was tried.
``fitted.npz``, ``uisrnn.npz``, ``result.json``
    The UIS-RNN as fitted, as it runs, and what it scores.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from core.atomic import writable_folder, write_file
from core.errors import InputError
from core.stream.diarizer import Segmenter
from core.stream.encoder import VoiceEncoder
from core.stream.speech import Probability
from core.training.config import Arrays
from core.training.data.conversations import ConversationSettings, VoicePool, simulate
from core.training.data.hearing import HeardConversation, hear
from core.training.data.voices import OnStep
from core.training.files.export import calibrated, npz_bytes, read_arrays
from core.training.files.lda import estimate, turned
from core.training.reference.uisrnn_decoder import packages
from core.training.speakers.calibration import Grid, Trial, as_fitted, calibrate
from core.training.speakers.fitting import FitSettings, fit
from core.workers.pool import Here, Pool


@dataclass(frozen=True)
class SpeakerTraining:
    """All that decides what comes out, but the voices and the encoder."""

    conversations: int = 200
    """To learn from, ..."""
    calibrations: int = 24
    """... and to calibrate on."""
    seed: int = 0
    talk: ConversationSettings = field(default_factory=ConversationSettings)
    lda: int = 0
    """Directions of the :mod:`core.training.files.lda` that the encoder is to end in from now on;
    0: it stays as it is."""
    fit: FitSettings = field(default_factory=FitSettings)
    grid: Grid = field(default_factory=Grid)


@dataclass(frozen=True)
class Trained:
    """What a training gave: the best setting's trial, and that of the UIS-RNN as fitted."""

    best: Trial
    as_fitted: Trial
    fitted: Path
    calibrated: Path
    lda: Path | None = None


@dataclass(frozen=True)
class Ears:
    """What hears the conversations.

    Parameters
    ----------
    encoder
        The one that the UIS-RNN is for.
    new_segmentation, new_probability
        Make a new segmentation and a new voice activity stage for each conversation.
    identity
        What changes when any of them changes: the SHA-256 of the model files.
    """

    encoder: VoiceEncoder
    new_segmentation: Callable[[], Segmenter]
    new_probability: Callable[[], Probability]
    identity: str


def train_speakers(
    voices: VoicePool,
    others: VoicePool,
    ears: Ears,
    folder: Path,
    settings: SpeakerTraining,
    on_step: OnStep = lambda stage, done, total, words: None,
    pool: Pool | None = None,
) -> Trained:
    """Train a UIS-RNN, or go on with a training that was stopped.

    Parameters
    ----------
    voices, others
        To learn from and to calibrate on; no speaker may be in both.
    folder
        Where everything is kept; see above.
    pool
        Who makes and hears the conversations; this process by default. The bytes don't depend on
        it, on processors of one kind.

    Raises
    ------
    InputError
        If a speaker is on both sides, or the folder is of another training.
    MissingExtraError
        If ``[train]`` isn't installed.
    """
    packages()  # better now than after the conversations
    if both := voices.keys() & others.keys():
        raise InputError(f"speaker {min(both)} would be trained on and calibrated on")
    writable_folder(folder)
    _claim(folder, voices, others, ears, settings)

    def heard(stage: str, side: int, who: VoicePool, count: int) -> list[HeardConversation]:
        booth = _Booth(who, ears, settings, side)
        return _heard(folder / stage, booth, count, on_step, pool or Here())

    learnt = heard("train", 0, voices, settings.conversations)
    talks = heard("calibration", 1, others, settings.calibrations)
    lda = folder / "lda.npz" if settings.lda else None
    if lda:
        directions = _lda(lda, learnt, settings.lda)
        learnt, talks = ([_turned(talk, directions) for talk in side] for side in (learnt, talks))
    pairs = [talk.training_pair() for talk in learnt]

    def on_round(done: int, loss: float) -> None:
        on_step("fit", done, settings.fit.rounds, f"loss {loss:.2f}")

    rounds = writable_folder(folder / "fit")
    model = fit([x for x, _ in pairs], [y for _, y in pairs], settings.fit, rounds, on_round)
    fitted = folder / "fitted.npz"
    model.save(fitted)
    arrays = read_arrays(fitted)

    def on_trial(done: int, total: int, trial: Trial) -> None:
        on_step("calibrate", done, total, f"DER {100 * trial.der:.1f} %")

    trials = calibrate(arrays, talks, settings.grid, folder / "trials.json", on_trial)
    unchanged = next(trial for trial in trials if trial.calibration == as_fitted(arrays))
    ready = folder / "uisrnn.npz"
    write_file(ready, npz_bytes(calibrated(arrays, trials[0].calibration)))
    trained = Trained(trials[0], unchanged, fitted, ready, lda)
    write_file(folder / "result.json", json.dumps(_result(trained, learnt, talks), indent=1))
    return trained


def _claim(
    folder: Path, voices: VoicePool, others: VoicePool, ears: Ears, settings: SpeakerTraining
) -> None:
    """Mark the folder as this training's, or see that it is."""
    sides = [{name: len(side[name]) for name in sorted(side)} for side in (voices, others)]
    digest = hashlib.sha256(json.dumps(sides).encode()).hexdigest()
    claim = json.dumps(
        {"settings": asdict(settings), "models": ears.identity, "voices": digest}, indent=1
    )
    mark = folder / "training.json"
    if not mark.exists():
        write_file(mark, claim)
    elif mark.read_text("utf-8") != claim:
        raise InputError(
            f"{folder} is of a training with other settings, voices or models: give another folder"
        )


@dataclass(frozen=True)
class _Booth:
    """What the conversations of one side are made and heard with."""

    voices: VoicePool
    ears: Ears
    settings: SpeakerTraining
    side: int


def _made(booth: _Booth, number: int) -> bytes:
    """A conversation as the stream hears it; the same bytes in every process."""
    rng = np.random.default_rng([booth.settings.seed, booth.side, number])
    conversation = simulate(booth.voices, rng, booth.settings.talk)
    ears = booth.ears
    heard = hear(conversation, ears.encoder, ears.new_segmentation(), ears.new_probability())
    return heard.to_bytes()


def _heard(
    folder: Path, booth: _Booth, count: int, on_step: OnStep, pool: Pool
) -> list[HeardConversation]:
    """The conversations of one side, made and heard unless they are there."""
    writable_folder(folder)
    there = [_kept(folder / f"{number:05}.npz") for number in range(count)]
    missing = [number for number, talk in enumerate(there) if talk is None]
    heard: list[HeardConversation] = []
    with closing(pool.map(_made, booth, missing)) as made:
        for number, talk in enumerate(there):
            if talk is None:
                content = next(made)
                write_file(folder / f"{number:05}.npz", content)
                talk = HeardConversation.from_bytes(content)
            heard.append(talk)
            people, windows = len(talk.reference.speakers), len(talk.windows)
            on_step(folder.name, number + 1, count, f"{people} speakers, {windows} windows")
    return heard


def _lda(path: Path, talks: Sequence[HeardConversation], directions: int) -> Arrays:
    """The directions of these conversations, kept in a file."""
    if not path.exists():
        write_file(path, npz_bytes(estimate([talk.training_pair() for talk in talks], directions)))
    return read_arrays(path)


def _turned(talk: HeardConversation, lda: Arrays) -> HeardConversation:
    return replace(talk, embeddings=turned(talk.embeddings, lda))


def _kept(path: Path) -> HeardConversation | None:
    try:
        return HeardConversation.from_bytes(path.read_bytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None  # not there, or damaged: it is made again


def _result(
    trained: Trained, learnt: Sequence[HeardConversation], talks: Sequence[HeardConversation]
) -> Mapping[str, object]:
    def figures(trial: Trial) -> Mapping[str, object]:
        return {
            "DER %": round(100 * trial.der, 2),
            "speakers right %": round(100 * trial.counts_right / len(talks), 1),
            **asdict(trial.calibration),
        }

    return {
        "calibrated": figures(trained.best),
        "as fitted": figures(trained.as_fitted),
        "training windows": sum(len(talk.windows) for talk in learnt),
        "calibration windows": sum(len(talk.windows) for talk in talks),
    }
