"""A page or picture that is written shows names; a browser finds no markup in them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.annotation import Annotation, Turn
from core.archive.finding import Recording
from core.archive.report import render
from core.archive.results import Record, Spoken
from core.archive.tables import Linked
from core.formats import FORMATS, About

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.harmful: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.harmful |= {tag} & {"script"}
        self.harmful |= {name for name, _ in attrs if name.startswith("on")}
        self.harmful |= {f"src={value}" for name, value in attrs if (name, value) == ("src", "x")}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_markup_would_be_found() -> None:
    assert Tags(EVIL).harmful == {"script", "onerror", "src=x"}


@pytest.mark.parametrize("key", ["html", "svg"])
def test_names_are_text(key: str) -> None:
    annotation = Annotation.build([Turn(0, 16_000, 0)], 32_000, {0: EVIL})
    page = FORMATS[key].render(annotation, About(EVIL, Path("/x/talk.wav")))
    found = Tags(page if isinstance(page, str) else page.decode())
    assert not found.harmful
    assert "<script>alert(1)</script>" in found.text or key == "svg"


def test_a_report_shows_names_as_text() -> None:
    speaker = Spoken(0, EVIL, 1.0, 1, 1.0, None)
    good = Record(
        Recording(f"/{EVIL}.wav", EVIL, 1, ""), "", "", files=(EVIL,), speakers=(speaker,)
    )
    bad = Record(Recording(f"/{EVIL}2.wav", "bad", 1, ""), "", "", failed=True, reason=EVIL)
    found = Tags(render([good, bad], [Linked(1, EVIL, True, good, speaker)]))
    assert not found.harmful
    assert "<script>alert(1)</script>" in found.text
