"""``voicelanes train speakers``: what it hands over, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core import cli
from core.models.manifest import shipped_models
from core.scoring import Score
from core.training.files import export
from core.training.files.export import Calibration
from core.training.speakers import run
from core.training.speakers.calibration import Trial
from tests.core.training.data.test_voices import write_corpus
from tests.core.training.small import random_arrays, small_config

pytest.importorskip("torch", reason="needs the [train] extra")
pytest.importorskip("uisrnn", reason="needs the [train] extra")

Given = dict[str, Any]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """What the training is given; it takes no time and finds one setting."""
    found: Given = {}

    def train(
        voices: Any, others: Any, ears: Any, folder: Path, settings: Any, on_step: Any, pool: Any
    ) -> run.Trained:
        found.update(voices=voices, others=others, ears=ears, folder=folder, settings=settings)
        found.update(pool=pool)
        for stage in ("train", "fit"):
            on_step(stage, 1, 2, "half")
            on_step(stage, 2, 2, "all")
        best = Trial(Calibration(9.0, 1e-3, 0.05), Score(1000, missed=100), 3)
        fitted = Trial(Calibration(1.0, 1.0, 0.13), Score(1000, missed=500), 1)
        return run.Trained(
            best,
            fitted,
            folder / "fitted.npz",
            folder / "uisrnn.npz",
            folder / "lda.npz" if settings.lda else None,
        )

    monkeypatch.setattr(run, "train_speakers", train)
    return found


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    return f"librispeech={write_corpus(tmp_path / 'corpus', range(10))}"


def test_a_fifth_of_the_speakers_is_calibrated_on(
    given: Given, corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    options = ["--conversations", "7", "--calibrations", "3", "--iterations", "50", "--seed", "2"]
    assert cli.main(["train", "speakers", corpus, "--out", str(out), *options]) == 0
    assert (len(given["voices"]), len(given["others"])) == (8, 2)
    assert not given["voices"].keys() & given["others"].keys()
    assert given["folder"] == out
    settings = given["settings"]
    assert (settings.conversations, settings.calibrations, settings.seed) == (7, 3, 2)
    assert (settings.fit.iterations, settings.fit.seed, settings.lda) == (50, 2, 0)
    assert shipped_models().encoder.sha256 in given["ears"].identity
    assert given["ears"].new_probability() is not given["ears"].new_probability()
    assert given["pool"] is None
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0] == "as fitted: DER 50.0 % on conversations of 2 others"
    assert lines[1] == "calibrated: DER 10.0 % on conversations of 2 others"
    assert lines[2].endswith(
        "fitted.npz --sigma2-factor 9 --crp-alpha 0.001 --transition-bias 0.05"
    )
    assert "fit: 100%" in printed.err


def test_others_and_lists_of_speakers(given: Given, corpus: str, tmp_path: Path) -> None:
    others = f"librispeech={write_corpus(tmp_path / 'others', range(20, 24))}"
    held = tmp_path / "librispeech-heldout.txt"
    held.write_text("3\n21\n")
    arguments = [corpus, "--others", others, "--leave-out", str(held), "--out", str(tmp_path / "o")]
    assert cli.main(["train", "speakers", *arguments]) == 0
    assert len(given["voices"]) == 9
    assert list(given["others"]) == [f"librispeech:{n}" for n in (20, 22, 23)]


def test_an_encoder_alone_of_another_size(
    given: Given,
    corpus: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a training of the encoder wrote is in no set of models, nor is a decoder of its size."""
    config = small_config()
    monkeypatch.setitem(export.CONFIGS, "small", lambda: config)
    path = tmp_path / "encoder.npz"
    path.write_bytes(export.npz_bytes(random_arrays(config)))
    words = [corpus, "--out", str(tmp_path / "o"), "--encoder", str(path), "--hop", "0.25"]
    assert cli.main(["train", "speakers", *words]) == 0
    encoder = given["ears"].encoder
    assert given["settings"].lda == 128
    shipped = shipped_models()
    assert (encoder.dim, encoder.window, encoder.hop) == (7, shipped.encoder.window, 4000)
    assert shipped.speech.sha256 in given["ears"].identity
    assert shipped.encoder.sha256 not in given["ears"].identity
    last = capsys.readouterr().out.splitlines()[-1]
    assert f"core.training.files.export {path} " in last
    assert last.endswith(f"--transition-bias 0.05 --config small --lda {tmp_path / 'o/lda.npz'}")
    words[2] = str(tmp_path / "none")
    assert cli.main(["train", "speakers", *words, "--lda", "0"]) == 0
    assert given["settings"].lda == 0
    assert capsys.readouterr().out.endswith("--config small\n")


def test_wrong_usage_and_missing_things(
    given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    for arguments, code, problem in (
        (["speakers", "x"], 2, "--out"),
        (["speakers", "x", "--out", out, "--iterations", "0"], 2, "from 1 on"),
        (["speakers", "x", "--out", out, "--hop", "0.5"], 2, "belong to --encoder"),
        (["speakers", "x", "--out", out, "--encoder", "y", "--hop", "0"], 2, "0.05 to 60"),
        (["speakers", "x", "--out", out, "--encoder", "y.npz"], 1, "y.npz is missing"),
        (["speakers", "x", "--out", out, "--lda", "8"], 2, "belongs to --encoder"),
        (["speakers", "x", "--out", out, "--lda", "-1"], 2, "from 0 to 4096"),
        (["dogs"], 2, "dogs"),
        ([], 2, "KIND"),
        (["speakers", "x", "--out", out], 1, "no cache"),
        (["speakers", "x", "--out", out, "--models", out], 1, "manifest.toml is missing"),
    ):
        assert cli.main(["train", *arguments]) == code
        assert problem in capsys.readouterr().err
    assert not given
