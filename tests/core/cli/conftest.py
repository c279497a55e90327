"""Commands are typed here, and something stands in for the engine."""

from pathlib import Path

import numpy as np
import pytest

from core import cli
from core.annotation.values import Annotation
from core.channels.separation import ChannelSplit
from core.errors import InputError
from core.pipeline import Progress, Result
from tests.core.cli.engine import (
    TURNS,
)


@pytest.fixture
def pipeline(monkeypatch):
    """Stands in for the engine: knows talk.wav and others, fails on bad*.wav; records its calls."""
    calls = []

    def diarize_file(path, **settings):
        calls.append({"path": path, **settings})
        if Path(path).name.startswith("bad"):
            raise InputError(f"{path}: this is not a recording; give another file.")
        settings["on_progress"](Progress("listening", 0.5, 65_000))
        if settings["on_samples"]:
            settings["on_samples"](np.zeros(16_000, np.float32))
        settings["on_progress"](Progress("refining", None, 130_000))
        found = Annotation(duration=9) if Path(path).name.startswith("silent") else TURNS
        said = ("one channel is dead",) if "dead" in path else ()
        if Path(path).name.startswith("call"):
            gate = np.ones((2, 10), np.bool_)
            split = ChannelSplit(((0,), (1,)), gate, ("Left", "Right"))
            return Result(found, found, (), (), said, split, {0: "Left", 1: "Right"})
        return Result(found, found, (), (), said)

    monkeypatch.setattr("core.pipeline.diarize_file", diarize_file)
    return calls


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs the command line; gives exit code, standard output and the lines of standard error."""

    def run(*arguments):
        code = cli.main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return run
