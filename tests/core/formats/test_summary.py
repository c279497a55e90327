import base64
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.formats import FORMATS, About
from core.formats.names import labels
from core.formats.summary import COLUMNS, render_markdown
from tests.core.formats.strategies import ODD, S

TALK = Annotation(
    (Turn(0, 6 * S, 0), Turn(4 * S, 8 * S, 1)),
    (Speaker(0, "Anna"), Speaker(1, "Ben", "#123456")),
    10 * S,
    (Marker(3 * S, "<b>*decision*</b>"),),
)
NUMBERS = [
    ["Anna", "0:00:06.000", "60.0%", "1", "0:00:06.000", "33.3%", "0", "0"],
    ["Ben", "0:00:04.000", "40.0%", "1", "0:00:04.000", "50.0%", "1", "0"],
]

TAGS = set(
    "html head title style body h1 h2 p table thead tbody tr th td div bdi ul li".split()  # noqa: SIM905
)
"""The pages hold no other: a name that is taken for a tag is found."""


class Page(HTMLParser):
    """The cells of every table, the texts and the pictures of a page; no tag may stay open."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tables, self.texts, self.images, self.styles = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in ("meta", "img"):
            self.images += [attributes["src"]] if tag == "img" else []
            return
        assert tag in TAGS
        self.open.append(tag)
        self.styles.append(attributes.get("style", ""))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data


def page(built, uri="talk"):
    return Page(FORMATS["html"].render(built, About(uri)))


def markdown_page(text):
    return Page(MarkdownIt("commonmark").enable("table").render(text))


def test_the_page_holds_the_numbers_the_picture_and_the_turns():
    read = page(TALK)
    numbers, turns = read.tables
    assert numbers[0] == [*COLUMNS, ""]
    assert [row[:8] for row in numbers[1:]] == NUMBERS
    assert turns[1:] == [
        ["0:00:00.000", "0:00:06.000", "Anna"],
        ["0:00:04.000", "0:00:08.000", "Ben"],
    ]
    assert "<b>*decision*</b>" in read.texts
    assert [s for s in read.styles if s] == [
        "width: 60.0%; background: #E69F00",
        "width: 40.0%; background: #123456",
    ]
    (image,) = read.images
    svg = ElementTree.fromstring(base64.b64decode(image.partition("base64,")[2]))
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"


def test_markdown_holds_the_same():
    read = markdown_page(render_markdown(TALK, "my_talk_*1*"))
    numbers, turns = read.tables
    assert [row[:8] for row in numbers[1:]] == NUMBERS
    assert [len(row[8].strip("░")) for row in numbers[1:]] == [12, 8]
    assert [row[2] for row in turns[1:]] == ["Anna", "Ben"]
    assert "my_talk_*1*" in read.texts
    assert any("<b>*decision*</b>" in text for text in read.texts)


def test_any_name_is_shown_and_none_runs():
    names = list(labels(ODD).values())
    assert [row[0] for row in page(ODD, names[0]).tables[0][1:]] == names
    assert [row[0] for row in markdown_page(render_markdown(ODD, names[0])).tables[0][1:]] == names


@pytest.mark.parametrize("built", [Annotation(), Annotation(duration=S)])
def test_nobody_speaks(built):
    assert len(page(built).tables) == 1
    assert re.search(r"0 speakers, 0 turns", render_markdown(built, "x"))


def test_the_headline_says_how_much_overlaps():
    # two of the eight seconds in which anybody speaks
    assert "two or more speak in 25.0% of the speech" in render_markdown(TALK, "x")


def test_ten_thousand_turns_are_all_there():
    turns = tuple(Turn(n * S, n * S + S // 2, n % 5) for n in range(10_000))
    built = Annotation(turns, tuple(Speaker(i) for i in range(5)), 10_000 * S)
    assert len(render_markdown(built, "x").partition("## Who")[2].splitlines()) == 10_004
