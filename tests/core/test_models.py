"""The manifest, and that no model file is parsed before its hash was found right."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pytest

from core import runtime
from core.encoder import OnnxEncoder
from core.errors import ModelError
from core.models import MANIFEST, ModelSet, shipped_models

DIM = shipped_models().encoder.dim
LICENCES = ("silero_vad.LICENSE", "pyannote_segmentation.LICENSE")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped models that a test may damage."""
    return Path(shutil.copytree(shipped_models().folder, tmp_path / "models"))


def replace(folder: Path, old: str, new: str) -> None:
    text = (folder / MANIFEST).read_text("utf-8")
    assert old in text
    (folder / MANIFEST).write_text(text.replace(old, new, 1), "utf-8")


def test_shipped_files_are_what_the_manifest_says() -> None:
    models = shipped_models()
    assert [(entry.file, problem) for entry, problem in models.verify_all()] == [
        ("ghostvlad.onnx", None),
        ("uisrnn.npz", None),
        ("silero_vad.onnx", None),
        ("speech_edges.npz", None),
        ("pyannote_segmentation.onnx", None),
    ]
    assert (models.encoder.window, models.encoder.hop) == (25840, 8000)
    assert models.encoder.dim == models.decoder.dim
    for entry in models.entries:
        assert entry.licence
        assert entry.source
        assert entry.trained_on
    assert models.encoder.scores
    for licence in LICENCES:
        assert "Permission is hereby granted" in (models.folder / licence).read_text()


def test_every_file_of_the_folder_is_accounted_for() -> None:
    models = shipped_models()
    known = {entry.file for entry in models.entries} | {MANIFEST, "README.md", *LICENCES}
    assert {path.name for path in models.folder.iterdir()} == known


def test_decoder_file_holds_the_calibration_of_the_manifest() -> None:
    models = shipped_models()
    calibration = models.decoder.calibration
    with np.load(io.BytesIO(models.verified(models.decoder))) as shipped:
        assert shipped["crp_alpha"] == calibration["crp_alpha"]
        assert shipped["transition_bias"] == calibration["transition_bias"]
        assert shipped["sigma2"].shape == (models.encoder.dim,)
    assert 0 < calibration["transition_bias_fitted"] < 1
    assert calibration["sigma2_factor"] > 0


def damage_by_cutting(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def damage_one_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (Path.unlink, "missing"),
        (damage_by_cutting, "bytes instead of"),
        (damage_one_bit, "not the file that the manifest names"),
        (lambda path: (path.unlink(), path.mkdir()), "can't be read"),
    ],
)
def test_damaged_file_is_named_and_never_parsed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, damage, words: str
) -> None:
    def parse(*_: object, **__: object) -> None:
        raise AssertionError("a file was parsed although its hash is wrong")

    monkeypatch.setattr(runtime, "session", parse)
    models = ModelSet.load(folder)
    damage(folder / "ghostvlad.onnx")
    with pytest.raises(ModelError, match=words) as caught:
        OnnxEncoder(models)
    assert "ghostvlad.onnx" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [problem is None for _, problem in models.verify_all()] == [False, *[True] * 4]


def test_hash_of_the_manifest_may_be_in_capitals(folder: Path) -> None:
    sha256 = shipped_models().decoder.sha256
    replace(folder, sha256, sha256.upper())
    models = ModelSet.load(folder)
    assert models.verified(models.decoder) == (folder / "uisrnn.npz").read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("format = 1", "format = 2", "format 2"),
        ("format = 1", "format = ", "damaged"),
        ("[silero]", "[other]", r"no \[silero\]"),
        ("window = 25840", 'window = "25840"', "window"),
        ("window = 25840", "window = true", "window"),
        ("hop = 8000", "hop = 0", "hop"),
        ('file = "uisrnn.npz"', 'file = "../uisrnn.npz"', "plain file name"),
        (f"dim = {DIM}", "dim = 512", f"embeddings of 512 with a decoder for {DIM}"),
        ('licence = "MIT', 'license = "MIT', "licence"),
    ],
)
def test_wrong_manifest_is_one_clear_line(folder: Path, old: str, new: str, words: str) -> None:
    replace(folder, old, new)
    with pytest.raises(ModelError, match=words) as caught:
        ModelSet.load(folder)
    assert MANIFEST in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_manifest(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        ModelSet.load(tmp_path)


def test_manifest_that_is_not_text(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="damaged"):
        ModelSet.load(folder)


def test_speech_model_gives_the_same_however_its_frames_are_cut() -> None:
    models = shipped_models()
    session = runtime.session(models.verified(models.speech), threads=1)
    rng = np.random.default_rng(3)
    frames = (rng.standard_normal((60, 576)) * np.linspace(0, 0.3, 576)).astype(np.float32)

    def run(cuts: list[int]) -> np.ndarray:
        h = c = np.zeros((1, 1, 128), np.float32)
        found = []
        for part in np.split(frames, cuts):
            speech, h, c = session.run(None, {"input": part, "h": h, "c": c})
            found.append(speech)
        return np.concatenate(found)

    whole = run([])
    assert whole.shape == (60,)
    assert np.ptp(whole) > 0
    np.testing.assert_allclose(run(list(range(1, 60))), whole, atol=1e-5)
    np.testing.assert_allclose(run([7, 8, 40]), whole, atol=1e-5)
