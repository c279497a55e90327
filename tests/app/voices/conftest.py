"""Recordings of one sound in which other voices are heard each time: no analysis of it is kept."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def nothing_kept(settings: Any) -> None:
    settings.setValue("keep_analyses", False)
