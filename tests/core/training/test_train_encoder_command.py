"""``voicelanes train encoder``: what it prepares, what it hands over, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import cli
from core.training.config import published_config
from core.training.encoder import run
from core.training.encoder.batches import Batches
from core.training.encoder.learner_parts import LossWeights
from core.training.encoder.run import Recipe
from tests.core.training.encoder.test_run import record

pytestmark = [
    pytest.mark.train,
    pytest.mark.skipif(find_spec("keras") is None, reason="needs the [train] extra"),
]

Given = dict[str, Any]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """What the training is given; it takes no time."""
    found: Given = {}

    def train(make: Callable[[], Batches], recipe: Recipe, out: Path, **settings: Any) -> Path:
        found.update(settings, batches=make(), recipe=recipe)
        settings["tell"]({"step": 7, "loss": 1.25, "rate": 0.001})
        settings["tell"]({"step": 7, "eer": {"1.6 s": 4.56}})
        return out / "encoder.npz"

    monkeypatch.setattr(run, "train_encoder", train)
    return found


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    record(tmp_path / "voices", range(5), takes=2)
    return f"folders={tmp_path / 'voices'}"


def test_speech_is_prepared_once_and_trained_on_wherever_it_is(
    corpus: str, given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["train", "encoder", corpus, "--held-out", "0.4", "--out", str(out), "--prepare"]
    assert cli.main(words) == 0
    assert not given
    prepared = out / "voices"
    assert f"{prepared}: 3 speakers to learn" in capsys.readouterr().out

    words = ["train", "encoder", str(prepared), "--out", str(out), "--size", "published"]
    words += [
        "--seconds",
        "1.615",
        "0.83",
        "--large-margin",
        "0.2",
        "--steps",
        "90",
        "--workers",
        "3",
    ]
    assert cli.main(words) == 0
    recipe = given["recipe"]
    assert recipe.network == published_config()
    assert recipe.crops.lengths == (25_840, 13_280)
    assert recipe.crops_of(80).lengths == (38_760, 19_920)
    assert (recipe.steps, recipe.warmup, given["pace"].workers) == (90, 9, 3)
    assert recipe.teacher == 0
    assert given["batches"].teacher is None
    assert len(given["batches"].speakers) == 3
    assert given["evaluate"] is not None
    said = capsys.readouterr().out.splitlines()
    assert "step 7: loss 1.25 rate 0.001" in said
    assert "step 7: equal error rate 1.6 s 4.6 %" in said
    assert said[-1] == (
        f"python -m core.training.files.export {out / 'encoder.npz'} FITTED.npz --config published"
    )


def test_speech_without_speakers_is_for_the_teacher(
    corpus: str, given: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.training.encoder import speech

    class Named:
        dim = 1

        def __init__(self, sources: Sequence[str], center: object) -> None:
            self.name = " and ".join(sources)

        def hear(self, crops: np.ndarray) -> np.ndarray:
            return crops[:, :1]

    monkeypatch.setattr(speech, "open_teachers", Named)
    record(tmp_path / "clips", range(20, 22), takes=1)
    words = ["train", "encoder", corpus, "--unlabelled", str(tmp_path / "clips")]
    words += [
        "--teacher",
        "some.whl",
        "other.whl",
        "--held-out",
        "0",
        "--plain",
        "--out",
        str(tmp_path / "out"),
    ]
    words += ["--engine", "torch", "--repeat", "2", "--context", "2.4"]
    assert cli.main(words) == 0
    recipe = given["recipe"]
    assert (recipe.engine, recipe.repeat, recipe.crops.context) == ("torch", 2, 38_400)
    assert recipe.weights == LossWeights(0.0, 10.0, 20.0, 1.0, 1.0)
    assert recipe.crops.teacher
    assert recipe.crops.noise == recipe.crops.rooms == 0
    assert given["batches"].teacher.name == "some.whl and other.whl"
    assert given["evaluate"] is None
    assert len(given["batches"].speakers) == 5
    assert -1 in given["batches"].batch(0).labels


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["folders=none", "--out", "x"], 1, "there is no folder none"),
        (["voices", "--out", "x"], 1, "there is no prepared speech in voices"),
        (["voices", "--noise", "n", "--out", "x"], 2, "prepared speech stands alone"),
        (["voices"], 2, "--out"),
        (["voices", "--held-out", "1", "--out", "x"], 2, "from 0 to below 1, not '1'"),
        (["voices", "--steps", "0", "--out", "x"], 2, "from 1 on"),
        (["voices", "--rate", "fast", "--out", "x"], 2, "not 'fast'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    words: list[str],
    code: int,
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["train", "encoder", *words]) == code
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert problem in said[0]


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", "encoder", "--help"]) == 0
    said = capsys.readouterr().out
    assert "  voicelanes train encoder" in said.partition("examples:")[2]
