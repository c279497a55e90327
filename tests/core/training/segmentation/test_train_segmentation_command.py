"""``voicelanes train segmentation``: from recordings with their turns to weights, and on again."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import cli
from tests.core.training.segmentation.test_chunks import write

torch = pytest.importorskip("torch", reason="needs the [train] extra")


@pytest.fixture
def weights(tmp_path: Path) -> str:
    from core.training.segmentation.network import SegmentationNetwork

    torch.manual_seed(1)
    torch.save(SegmentationNetwork().state_dict(), tmp_path / "start.pt")
    return str(tmp_path / "start.pt")


def test_weights_come_out_and_go_on(
    weights: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talks, out = str(write(tmp_path / "talks", "one", 11.0)), tmp_path / "out"
    given = ["train", "segmentation", talks, "--weights", weights, "--out", str(out)]
    given += ["--batch", "1", "--log-every", "1", "--steps", "2"]
    assert cli.main(given) == 0
    said = capsys.readouterr()
    assert said.out == f"python -m core.training.segmentation.export {out / 'segmentation.pt'}\n"
    assert len(said.err.splitlines()) == 2
    assert "step 2, loss" in said.err
    before = (out / "segmentation.pt").read_bytes()
    assert cli.main(given) == 0  # there is nothing left to do
    assert capsys.readouterr().err == ""
    assert (out / "segmentation.pt").read_bytes() == before
    assert cli.main([*given, "--keep", "0.1"]) == 1
    assert "another recipe" in capsys.readouterr().err


def test_wrong_input_is_one_line(
    weights: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talks, out = str(write(tmp_path / "talks", "one", 11.0)), str(tmp_path / "out")
    given = ["train", "segmentation", talks, "--out", out, "--weights"]
    assert cli.main([*given, str(tmp_path / "gone.pt")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    assert cli.main(["train", "segmentation", str(empty), *given[3:], weights]) == 1
    assert "no conversation in" in capsys.readouterr().err
    assert cli.main([*given, weights, "--mix", "2"]) == 2
    assert "give a number from 0 to 1" in capsys.readouterr().err
