"""Voicelanes by its own name: what an install puts beside other people's packages.

A wheel holds everything below this package (``voicelanes.core``, ``voicelanes.app``); in an
editable install it is only a door to the folders ``core`` and ``app`` of the checkout. Scripts
that take their names from here run in both:

>>> import voicelanes
>>> voicelanes.clock(32_000)
'0:02.000'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core import Annotation, Turn, clock, diarize_file, read_annotation, score, write_annotation

    __all__ = [
        "Annotation",
        "Turn",
        "clock",
        "diarize_file",
        "read_annotation",
        "score",
        "write_annotation",
    ]


def main() -> int:
    """The command ``voicelanes``."""
    from app.main import main as run

    return run()


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        from core import __all__ as public

        if name not in public:
            raise AttributeError(f"module 'voicelanes' has no attribute {name!r}")
        import core

        return getattr(core, name)


def __dir__() -> list[str]:
    from core import __all__ as public

    return sorted({*globals(), *public})
