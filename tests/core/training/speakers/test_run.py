"""The whole training in miniature: from voices to a decoder that tells other voices apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.scoring import score, total
from core.training.data.conversations import ConversationSettings, simulate
from core.training.data.hearing import HeardConversation, hear
from core.training.files.export import Calibration, calibrated, read_arrays
from core.training.speakers.calibration import Grid, Trial, calibrate
from core.training.speakers.fitting import FitSettings
from core.training.speakers.run import Ears, SpeakerTraining, Trained, train_speakers
from core.uisrnn.model import UISRNNModel
from tests.core.training.talking import BANDS, BandEncoder, Loudness, unsure_segmentation, voices

pytest.importorskip("torch", reason="needs the [train] extra")
pytest.importorskip("uisrnn", reason="needs the [train] extra")

LEARNT, OTHERS = range(0, 16), range(16, 21)
TALK = ConversationSettings(duration=24.0, speakers=(2, 4), snr=(25.0, 40.0))
SMALL = SpeakerTraining(
    conversations=10,
    calibrations=3,
    talk=TALK,
    fit=FitSettings(iterations=200, round=100, batch=8, learning_rate=1e-2, sigma_beta=1e-2),
    grid=Grid((1.0, 4.0), (1.0, 1e-2), (0.05,)),
)
TINY = replace(
    SMALL,
    conversations=2,
    calibrations=1,
    talk=replace(TALK, duration=10.0),
    fit=replace(SMALL.fit, iterations=4, round=2),
    grid=Grid((1.0,), (1.0,), (0.05,)),
)
Steps = list[tuple[str, int, int]]


def train(
    folder: Path, settings: SpeakerTraining = SMALL, stop: Callable[[Steps], bool] | None = None
) -> tuple[Trained, Steps]:
    steps: Steps = []

    def on_step(stage: str, done: int, total: int, words: str) -> None:
        assert words
        steps.append((stage, done, total))
        if stop and stop(steps):
            raise KeyboardInterrupt

    ears = Ears(BandEncoder(), unsure_segmentation, Loudness, "bands")
    trained = train_speakers(voices(LEARNT), voices(OTHERS), ears, folder, settings, on_step)
    return trained, steps


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trained, Steps, Path]:
    folder = tmp_path_factory.mktemp("trained")
    return (*train(folder), folder)


def test_training_gives_a_decoder_that_tells_other_voices_apart(
    done: tuple[Trained, Steps, Path],
) -> None:
    trained, steps, folder = done
    counts = [("train", 10), ("calibration", 3), ("fit", 2), ("calibrate", 8)]
    assert steps == [(stage, n + 1, count) for stage, count in counts for n in range(count)]
    model = UISRNNModel.from_npz(trained.calibrated)
    results = []
    for seed in range(99, 103):
        conversation = simulate(voices(OTHERS), np.random.default_rng(seed), TALK)
        turns = hear(conversation, BandEncoder(), unsure_segmentation(), Loudness()).turns(model)
        results.append(score(conversation.reference, turns))
    # Sums in another order, on another processor, lead a fit this short to another decoder: one
    # conversation says little, and only all of them together are judged. One label for everybody
    # would confuse 40 % and more.
    assert all(result.found > 1 for result in results)
    pooled = total(results)
    assert pooled.confusion < 0.2 * pooled.total
    assert trained.best.der <= trained.as_fitted.der
    written = json.loads((folder / "result.json").read_text())
    assert written["calibrated"]["DER %"] == pytest.approx(100 * trained.best.der, abs=0.01)
    assert written["as fitted"]["sigma2_factor"] == 1.0


def test_what_is_written_is_the_fitted_one_calibrated(done: tuple[Trained, Steps, Path]) -> None:
    trained, _, _ = done
    fitted, ready = read_arrays(trained.fitted), read_arrays(trained.calibrated)
    for name, array in calibrated(fitted, trained.best.calibration).items():
        np.testing.assert_array_equal(ready[name], array, name)
    assert float(ready["crp_alpha"]) == trained.best.calibration.crp_alpha


@pytest.mark.parametrize("stage", ["calibration", "fit", "calibrate"])
def test_stopped_training_goes_on_and_ends_the_same(stage: str, tmp_path: Path) -> None:
    straight, steps = train(tmp_path / "straight", TINY)
    folder = tmp_path / "stopped"
    with pytest.raises(KeyboardInterrupt):
        train(folder, TINY, stop=lambda steps: steps[-1][:2] == (stage, 1))
    kept = {path: path.stat().st_mtime_ns for path in folder.glob("*/000*.npz")}
    resumed, again = train(folder, TINY)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert resumed.calibrated.read_bytes() == straight.calibrated.read_bytes()
    assert resumed.best == straight.best
    fitted = 0 if stage == "calibration" else 1 if stage == "fit" else 2
    assert [step for step in again if step[0] == "fit"] == [("fit", 1, 2), ("fit", 2, 2)][fitted:]
    assert len(again) == len(steps) - fitted


def test_encoder_that_is_to_end_in_an_lda(tmp_path: Path) -> None:
    settings = replace(TINY, lda=5)
    trained, _ = train(tmp_path / "straight", settings)
    assert trained.lda is not None
    lda = read_arrays(trained.lda)
    assert lda["lda/kernel"].shape == (BANDS, 5)
    model = UISRNNModel.from_npz(trained.fitted)
    assert (model.dim, model.hidden_size) == (5, 10)
    # What was heard is kept as it was heard, and turned again when a stopped training goes on.
    kept = (tmp_path / "straight" / "train" / "00000.npz").read_bytes()
    assert HeardConversation.from_bytes(kept).embeddings.shape[1] == BANDS
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "stopped", settings, stop=lambda steps: steps[-1][:2] == ("fit", 1))
    resumed, _ = train(tmp_path / "stopped", settings)
    assert resumed.lda is not None
    assert resumed.lda.read_bytes() == trained.lda.read_bytes()
    assert resumed.calibrated.read_bytes() == trained.calibrated.read_bytes()


def test_damaged_conversation_is_made_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, TINY, stop=lambda steps: True)
    path = tmp_path / "train" / "00000.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, TINY, stop=lambda steps: True)
    assert path.read_bytes() == whole


def test_speaker_on_both_sides_and_folder_of_another_training(
    done: tuple[Trained, Steps, Path], tmp_path: Path
) -> None:
    ears = Ears(BandEncoder(), unsure_segmentation, Loudness, "bands")
    with pytest.raises(InputError, match="speaker voice 15 would be trained on and"):
        train_speakers(voices(range(16)), voices(range(15, 18)), ears, tmp_path, SMALL)
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="other settings, voices or models"):
        train(done[2], replace(SMALL, seed=1))


def test_calibration_tries_everything_once(
    done: tuple[Trained, Steps, Path], tmp_path: Path
) -> None:
    folder = done[2]
    fitted = read_arrays(folder / "fitted.npz")
    talks = [HeardConversation.from_bytes((folder / "calibration" / "00000.npz").read_bytes())]
    grid = Grid((1.0, 2.0), (0.5,), (0.1,))
    tried: list[Trial] = []

    def on_trial(number: int, total: int, trial: Trial) -> None:
        assert (number, total) == (len(tried) + 1, 5)
        tried.append(trial)

    trials = calibrate(fitted, talks, grid, tmp_path / "trials.json", on_trial)
    bias = float(fitted["transition_bias"])
    points = [Calibration(s, 0.5, b) for s in (1.0, 2.0) for b in (bias, 0.1)]
    points.insert(0, Calibration(1.0, 1.0, bias))
    assert [trial.calibration for trial in tried] == points
    assert [trial.der for trial in trials] == sorted(trial.der for trial in tried)
    broken = {**fitted, "sigma2": fitted["sigma2"] * 0}  # would fail if it were tried
    assert calibrate(broken, talks, grid, tmp_path / "trials.json") == trials
    (tmp_path / "trials.json").write_text("{}[")
    with pytest.raises(InputError, match="no record of trials"):
        calibrate(fitted, talks, grid, tmp_path / "trials.json")
    with pytest.raises(InputError, match="no conversation"):
        calibrate(fitted, [], grid, tmp_path / "new.json")
