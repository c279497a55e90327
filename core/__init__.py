"""The engine of Voicelanes: sound in, speaker turns out. No Qt anywhere below this package.

What scripts need is here by name, and is loaded when it is used first: importing ``core`` costs
nothing.

>>> import core
>>> talk = core.Annotation.build([core.Turn(0, 32_000, 0), core.Turn(32_000, 48_000, 1)], 48_000)
>>> [core.clock(turn.end) for turn in talk.turns]
['0:02.000', '0:03.000']
>>> core.score(talk, talk).der
0.0
"""

from __future__ import annotations

import os as _os
from importlib import import_module
from typing import TYPE_CHECKING

# onnxruntime reads it when it is loaded, and else sends its maker who uses it, from every process
# that runs a model: nothing of ours may be loaded before this. Processes that are started by one of
# ours inherit it.
_os.environ["ORT_DISABLE_TELEMETRY"] = "1"

if TYPE_CHECKING:
    from core.annotation.values import Annotation, Turn
    from core.formats import read_annotation, write_annotation
    from core.pipeline import diarize_file
    from core.scoring import score
    from core.units import clock

__all__ = [
    "Annotation",
    "Turn",
    "clock",
    "diarize_file",
    "read_annotation",
    "score",
    "write_annotation",
]

_HOMES = {
    "Annotation": ".annotation.values",
    "Turn": ".annotation.values",
    "clock": ".units",
    "diarize_file": ".pipeline",
    "read_annotation": ".formats",
    "score": ".scoring",
    "write_annotation": ".formats",
}

if not TYPE_CHECKING:  # or every name would be one to mypy

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOMES[name], __name__), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
