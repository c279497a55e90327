"""The figures of the live benches are there and plausible, on runs of seconds."""

from __future__ import annotations

import json

import pytest

from core import cli


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert cli.main(["bench", *arguments]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_live_tells_how_soon_labels_come(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "live", "--minutes", "0.12")
    assert found["labels"] > 2
    assert 0 < found["latency_p50_s"] <= found["latency_p95_s"] <= found["latency_max_s"]
    assert found["cpu_cores"] > 0
    assert found["rss_mb"] is None or found["rss_mb"] > 50
    assert found["lost_s"] == 0


def test_soak_compares_the_end_with_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "soak", "--hours", "0.05")
    assert found["labelled"] is True
    assert found["lost_s"] == 0
    assert found["windows"] > 200
    assert 0 < found["cost_ratio"] < 10
    assert found["growth_mb"] is None or -100 < found["growth_mb"] < 100
