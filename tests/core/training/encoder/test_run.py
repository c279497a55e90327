"""A miniature of the encoder's training: it learns, goes on where it was killed, and exports."""

from __future__ import annotations

import functools
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core import runtime
from core.errors import InputError, ModelError
from core.stream.features import normalise, spectrogram
from core.training.encoder.batches import Batches, Crops
from core.training.encoder.run import (
    ARRAYS,
    LOG,
    PICTURE,
    STATE,
    Pace,
    Recipe,
    read_log,
    train_encoder,
)
from core.training.encoder.speech import held_out_rates, prepare_speech
from core.training.encoder.speech import make_batches as make_prepared
from core.training.files.teacher import TAUGHT, mel_spectrogram
from core.training.files.teachers import TeacherEncoder
from tests.core.training.small import small_config
from tests.core.training.talking import voice

pytestmark = [pytest.mark.train, pytest.mark.usefixtures("tensorflow")]

ROOT = Path(__file__).resolve().parents[4]
LENGTH = 13_280


@dataclass(frozen=True)
class Said:
    speaker: str
    take: int


class Generated:
    """Voices that are made when they are asked for; the one without a name is unlabelled."""

    def __init__(self, numbers: range, takes: int = 3) -> None:
        self.utterances = [Said(f"v{n}", t) for n in numbers for t in range(takes)]
        self.durations = np.full(len(self.utterances), 19_200)

    def crop(self, index: int, start: int, length: int) -> np.ndarray:
        said = self.utterances[index]
        sound = 0.1 * voice(int(said.speaker[1:]), 1.2, seed=said.take)
        return sound[start : start + length]


def make_batches(crops: Crops, teacher: TeacherEncoder | None = None) -> Batches:
    voices = Generated(range(6))
    return Batches(voices, sorted({u.speaker for u in voices.utterances}), crops, None, teacher)


class Mels:
    """A teacher that says how much it heard in each band."""

    name, dim = "mels", 40

    def hear(self, crops: np.ndarray) -> np.ndarray:
        mels = np.stack([mel_spectrogram(crop, TAUGHT) for crop in crops])
        total = np.log(mels.sum(axis=1) + 1e-3)
        return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), np.float32)


CROPS = Crops(batch=16, lengths=(LENGTH,), speeds=(1.0,), noise=0.2, babble=0.1, codecs=0.0, seed=4)
RECIPE = Recipe(
    network=small_config(embedding=16),
    crops=CROPS,
    steps=12,
    rate=1e-2,
    warmup=2,
    margin=0.1,
    final_share=0.25,
    final_margin=0.2,
)
PACE = Pace(log_every=1, save_every=4, evaluate_every=0)


def losses(out: Path) -> list[float]:
    return [line["loss"] for line in read_log(out) if "loss" in line]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, tensorflow: None) -> Path:
    """A run that nobody stopped."""
    out = tmp_path_factory.mktemp("whole")
    train_encoder(functools.partial(make_batches, CROPS), RECIPE, out, pace=PACE)
    return out


KILLED = """
import sys, functools
from pathlib import Path
from core.training.encoder.run import train_encoder
from tests.core.training.encoder import test_run as t

if __name__ == "__main__":
    train_encoder(
        functools.partial(t.make_batches, t.CROPS), t.RECIPE, Path(sys.argv[1]), pace=t.PACE,
        tell=lambda line: print(line["step"], flush=True),
    )
"""


def test_a_killed_run_goes_on_to_the_same_losses(whole: Path, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "tensorflow"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 6:
            break
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert not (tmp_path / ARRAYS).exists()
    assert len(losses(tmp_path)) >= 6
    train_encoder(functools.partial(make_batches, CROPS), RECIPE, tmp_path, pace=PACE)
    assert [line["step"] for line in read_log(tmp_path)] == list(range(1, 13))
    np.testing.assert_allclose(losses(tmp_path), losses(whole), rtol=1e-3)


def test_another_recipe_or_other_speakers_are_refused(whole: Path) -> None:
    make = functools.partial(make_batches, CROPS)
    before = (whole / STATE).read_bytes()
    with pytest.raises(InputError, match="another margin"):
        train_encoder(make, replace(RECIPE, margin=0.3), whole, pace=PACE)
    other = Batches(Generated(range(5)), [f"v{n}" for n in range(5)], CROPS)
    with pytest.raises(InputError, match="other speakers"):
        train_encoder(lambda: other, RECIPE, whole, pace=PACE)
    assert (whole / STATE).read_bytes() == before


def test_a_state_that_is_none_is_named(whole: Path, tmp_path: Path) -> None:
    (tmp_path / STATE).write_bytes(b"half of it")
    with pytest.raises(ModelError, match=STATE):
        train_encoder(functools.partial(make_batches, CROPS), RECIPE, tmp_path, pace=PACE)


def record(folder: Path, numbers: range, takes: int = 4) -> None:
    """Recordings on disk, a folder for each voice."""
    for number in numbers:
        (folder / f"v{number}").mkdir(parents=True)
        for take in range(takes):
            sound = 0.1 * voice(number, 1.8, seed=take)
            soundfile.write(folder / f"v{number}" / f"{take}.wav", sound, 16_000)


def test_the_miniature_learns_from_recordings_and_exports(tmp_path: Path) -> None:
    """The whole chain: files, cache, held-out speakers, training, evaluation, arrays, ONNX."""
    from core.training.encoder.network import build_network, load_arrays
    from core.training.files.onnx_graph import build_onnx

    speech, out = tmp_path / "speech", tmp_path / "out"
    record(tmp_path / "voices", range(8))
    prepare_speech({"folders": [tmp_path / "voices"]}, speech, held_out=0.25)
    crops = replace(CROPS, noise=0.0, babble=0.0, rooms=0.0, blanks=0.0)
    recipe = replace(RECIPE, crops=crops, steps=60, margin=0.0, final_share=0.0)
    make = functools.partial(make_prepared, speech, crops)
    pace = Pace(workers=1, log_every=10, evaluate_every=30)
    rates = held_out_rates(speech)
    assert rates is not None
    path = train_encoder(make, recipe, out, pace=pace, evaluate=rates)

    log = read_log(out)
    learnt = [line for line in log if "loss" in line]
    assert len(make().speakers) == 6
    assert learnt[-1]["loss"] < 0.5 * learnt[0]["loss"]
    assert learnt[-1]["accuracy"] > 0.8
    judged = [line for line in log if "eer" in line]
    assert [line["step"] for line in judged] == [30, 60]
    # 2.4 s are longer than any recording. Two voices that nobody learnt are told apart.
    assert judged[-1]["eer"].keys() == {"0.5 s", "0.83 s", "1.6 s", "whole"}
    assert judged[-1]["eer"]["1.6 s"] < 30
    assert (out / PICTURE).read_bytes().startswith(b"\x89PNG")

    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    network = build_network(recipe.network)
    load_arrays(network, recipe.network, arrays)
    session = runtime.session(build_onnx(recipe.network, arrays))
    spec = normalise(spectrogram(0.1 * voice(2, LENGTH / 16000, seed=70)))[np.newaxis]
    np.testing.assert_allclose(
        session.run(None, {"spectrogram": spec})[0], np.asarray(network(spec)), atol=1e-4
    )


def test_loss_that_is_no_number_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.training.encoder.learner import Learner

    monkeypatch.setattr(Learner, "step", lambda *_: {"loss": math.nan})
    with pytest.raises(ModelError, match="step 1: try a lower --rate"):
        train_encoder(functools.partial(make_batches, CROPS), RECIPE, tmp_path, pace=PACE)
    assert not (tmp_path / STATE).exists()


def test_a_log_cut_off_in_the_middle_is_read(tmp_path: Path) -> None:
    (tmp_path / LOG).write_text(json.dumps({"step": 1, "loss": 2.0}) + '\n{"step": 2, "lo')
    assert read_log(tmp_path) == [{"step": 1, "loss": 2.0}]


def test_the_large_margin_comes_at_the_end() -> None:
    recipe = replace(RECIPE, steps=100, final_lengths=(32_000,))
    assert [recipe.margin_of(step) for step in (0, 74, 75, 99)] == [0.1, 0.1, 0.2, 0.2]
    assert recipe.crops_of(74).lengths == (LENGTH,)
    assert recipe.crops_of(75).lengths == (32_000,)
    assert math.isclose(recipe.crops_of(75).noise, CROPS.noise)


ON_TORCH = """
import sys, functools
from importlib.machinery import PathFinder
from pathlib import Path
import torch


find = PathFinder.find_spec  # as on a machine without TensorFlow
PathFinder.find_spec = lambda name, *more: None if name == "tensorflow" else find(name, *more)
torch.backends.mkldnn.enabled = False  # its backward takes minutes for layers this narrow
from core.training.encoder.run import start_backend, train_encoder
from tests.core.training.encoder import test_run as t

if __name__ == "__main__":
    assert start_backend() == "torch"
    train_encoder(
        functools.partial(t.make_batches, t.CROPS), t.RECIPE, Path(sys.argv[2]), pace=t.PACE,
        start_from=Path(sys.argv[1]),
    )
"""


def test_torch_goes_on_from_what_tensorflow_learnt(whole: Path, tmp_path: Path) -> None:
    """Torch goes on from weights that TensorFlow learnt, on a machine without TensorFlow."""
    there = tmp_path / "there"
    arrays = whole / ARRAYS
    torch = subprocess.Popen(
        [sys.executable, "-c", ON_TORCH, str(arrays), str(there)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "torch"},
        stderr=subprocess.PIPE,
        text=True,
    )
    _, said = torch.communicate(timeout=120)
    assert torch.returncode == 0, said
    assert np.mean(losses(there)[-4:]) < np.mean(losses(there)[:4])
    with np.load(there / ARRAYS) as stored:
        RECIPE.network.check(dict(stored))
