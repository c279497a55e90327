"""Recognisers that do what a test wants, in place of programs and libraries with large models."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.core.recognisers.stand_ins import put_vosk, put_whisper_cpp


@pytest.fixture
def vosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    return partial(put_vosk, tmp_path, monkeypatch)


@pytest.fixture
def whisper_cpp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    return partial(put_whisper_cpp, tmp_path, monkeypatch)
