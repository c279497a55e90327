"""What the tests with a real sound server share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.sound_server import SoundServer


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A sound server of the test's own, which PortAudio finds by the environment."""
    server = SoundServer(tmp_path)
    try:
        server.__enter__()
    except OSError as error:
        pytest.skip(str(error))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield server
    server.__exit__()
