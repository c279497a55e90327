"""The decoder's bench runs and returns the figures it promises; how fast is not asserted."""

from __future__ import annotations

import json

import pytest

import core.training
from core.bench import decoder as bench
from core.errors import MissingExtraError


def test_figures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch", reason="the reference decoder needs [train]")
    pytest.importorskip("uisrnn", reason="the reference decoder needs [train]")
    monkeypatch.setattr(bench, "_DIMS", (8, 12))
    figures = json.loads(json.dumps(bench.run(quick=True)))
    assert figures["identical"] == "10/10"
    assert figures["identical_8"] is figures["identical_12"] is True
    assert figures["speedup"] == min(figures["speedup_8"], figures["speedup_12"])
    assert figures["speedup"] > 0
    assert figures["flatness_2500"] > 0
    output = capsys.readouterr()
    assert output.out == ""  # the figures are the command's to print
    assert "10 of 10 sequences" in output.err


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.training, "absent", lambda *names: list(names))
    with pytest.raises(MissingExtraError, match=r"uisrnn: .* -m pip install .*\[train\]"):
        bench.run(quick=True)
