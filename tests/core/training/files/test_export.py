"""One command from trained arrays to the files that ship."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.models.manifest import ModelSet, shipped_models
from core.stream.encoder import OnnxEncoder
from core.training.config import fast_config
from core.training.files.export import (
    Calibration,
    calibrated,
    main,
    npz_bytes,
    read_arrays,
    update_manifest,
)
from core.training.files.lda import DIRECTIONS
from core.training.files.onnx_graph import read_onnx
from tests.core.training.small import random_arrays


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_models().folder, tmp_path / "models"))


@pytest.fixture
def trained(tmp_path: Path) -> tuple[Path, Path]:
    """An encoder and a decoder as training would write them."""
    np.savez(tmp_path / "encoder.npz", **random_arrays(fast_config()))  # type: ignore[arg-type]
    return tmp_path / "encoder.npz", fitted_for(256, tmp_path / "decoder.npz")


def fitted_for(dim: int, path: Path) -> Path:
    sigma2 = np.full(dim, 0.5, np.float32)
    np.savez(path, sigma2=sigma2, transition_bias=0.25, crp_alpha=2.0)
    return path


def test_command_writes_models_that_run_and_a_manifest_that_fits(
    folder: Path, trained: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    encoder, decoder = map(str, trained)
    options = ["--out", str(folder), "--sigma2-factor", "4", "--crp-alpha", "0.5"]
    options += ["--transition-bias", "0.125"]
    assert main([encoder, decoder, *options]) == 0
    models = ModelSet.load(folder)
    assert [problem for _, problem in models.verify_all()] == [None] * 5
    shipped = shipped_models()
    assert models.encoder.sha256 != shipped.encoder.sha256
    assert models.speech == shipped.speech
    assert models.decoder.calibration == {
        "sigma2_factor": 4.0,
        "crp_alpha": 0.5,
        "crp_alpha_fitted": 2.0,
        "transition_bias": 0.125,
        "transition_bias_fitted": 0.25,
    }
    assert read_arrays(folder / "uisrnn.npz")["sigma2"].tolist() == [2.0] * 256
    windows = np.ones((1, models.encoder.window), np.float32)
    assert OnnxEncoder(models).embed(windows).shape == (1, 256)


def test_last_layer_comes_from_the_training_of_the_decoder(
    folder: Path,
    trained: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("onnx")
    decoder = str(fitted_for(8, tmp_path / "small.npz"))
    arguments = [str(trained[0]), decoder, "--out", str(folder)]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(arguments) == 1
    assert "is for embeddings of 8, " in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    rng = np.random.default_rng(0)
    lda = {"lda/kernel": rng.normal(size=(256, 8)), "lda/bias": rng.normal(size=8)}
    path = tmp_path / "lda.npz"
    path.write_bytes(npz_bytes({name: x.astype(np.float32) for name, x in lda.items()}))
    assert main([*arguments, "--lda", str(path)]) == 0
    models = ModelSet.load(folder)
    assert [problem for _, problem in models.verify_all()] == [None] * 5
    assert models.encoder.dim == 8
    ones = np.ones((1, models.encoder.window), np.float32)
    assert OnnxEncoder(models).embed(ones).shape == (1, 8 + 256)


def test_shipped_files_are_what_the_command_makes(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    config, arrays = read_onnx((folder / "ghostvlad.onnx").read_bytes())
    assert config == replace(fast_config(), lda=DIRECTIONS)
    lda = {name: arrays.pop(name) for name in ("lda/kernel", "lda/bias")}
    np.savez(tmp_path / "encoder.npz", **arrays)  # type: ignore[arg-type]
    (tmp_path / "lda.npz").write_bytes(npz_bytes(lda))
    ready = shutil.copy(folder / "uisrnn.npz", tmp_path / "decoder.npz")
    now = read_arrays(Path(ready))
    for name in ("ghostvlad.onnx", "uisrnn.npz"):
        (folder / name).unlink()
    arguments = [str(tmp_path / "encoder.npz"), str(ready), "--out", str(folder)]
    options = ["--sigma2-factor", "1", "--crp-alpha", str(now["crp_alpha"])]
    options += ["--transition-bias", str(now["transition_bias"])]
    options += ["--lda", str(tmp_path / "lda.npz")]
    assert main([*arguments, *options]) == 0
    for name in ("ghostvlad.onnx", "uisrnn.npz"):
        assert (folder / name).read_bytes() == (shipped_models().folder / name).read_bytes(), name


def test_input_at_fault_is_one_line_and_nothing_is_written(
    folder: Path, trained: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["missing.npz", str(trained[1]), "--out", str(folder)]) == 1
    assert main([str(trained[1]), str(trained[1]), "--out", str(folder)]) == 1
    assert main([str(trained[0]), str(trained[0]), "--out", str(folder)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert "missing.npz is missing" in lines[0]
    assert "the weights" in lines[1]
    assert "encoder.npz lacks crp_alpha" in lines[2]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_file_that_is_no_npz(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(ModelError, match=r"text\.npz is not an \.npz"):
        read_arrays(tmp_path / "text.npz")
    np.savez(tmp_path / "pickled.npz", a=np.array([{}], dtype=object))
    with pytest.raises(ModelError, match=r"pickled\.npz is not an \.npz of arrays"):
        read_arrays(tmp_path / "pickled.npz")


def test_calibration_touches_nothing_else() -> None:
    fitted = {
        "sigma2": np.array([1, 2], np.float32),
        "crp_alpha": np.array(1.0),
        "transition_bias": np.array(0.2),
        "h0": np.ones(3, np.float32),
    }
    calibration = Calibration(10, 1e-3, 0.1)
    changed = calibrated(fitted, calibration)
    assert changed["sigma2"].tolist() == [10, 20]
    assert changed["sigma2"].dtype == np.float32
    assert changed["crp_alpha"] == 1e-3
    assert changed["transition_bias"] == 0.1
    assert changed["h0"] is fitted["h0"]
    assert npz_bytes(changed) == npz_bytes(calibrated(fitted, calibration))


def test_manifest_keeps_comments_and_other_tables() -> None:
    text = '# top\n[a]\n# why\nsize = 1\nfile = "x"\n\n[a.b]\nsize = 2\n[c]\nsize = 3\n'
    assert update_manifest(text, "a", {"size": 7}) == text.replace("size = 1", "size = 7")
    assert update_manifest(text, "c", {"size": 7}) == text.replace("size = 3", "size = 7")
    with pytest.raises(ModelError, match="no file in"):
        update_manifest(text, "c", {"file": "y"})
    with pytest.raises(ModelError, match=r"no \[d\]"):
        update_manifest(text, "d", {})
