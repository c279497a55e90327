"""A recording with turns and a transcript beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SRT = """\
1
00:00:00,000 --> 00:00:02,000
Good morning everybody.

2
00:00:03,000 --> 00:00:05,000
Hello 👋 there, Ünal!

3
00:00:06,000 --> 00:00:08,000
שלום לכולם
"""


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "talk.srt"
    path.write_text(SRT, "utf-8")
    return path


@pytest.fixture
def told(opened: Any, transcript: Path, qtbot: Any) -> Any:
    """The window with the words of the transcript on its turns."""
    opened.word_import.read(transcript)
    qtbot.waitUntil(lambda: opened.session.annotation.has_words)
    return opened
