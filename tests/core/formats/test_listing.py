import re

from hypothesis import given

from core.annotation.values import Annotation, Turn
from core.formats import listing
from tests.core.formats.strategies import annotations

SEED = """\
========= 0 =========
0:00.288 ==> 0:04.406
0:33.921 ==> 0:35.800
========= 1 =========
0:04.406 ==> 0:07.699
1:41.019 ==> 1:44.185
"""


def test_the_listing_of_the_seed():
    """The seed's README, with its milliseconds padded."""
    edges = [(288, 4406, 0), (4406, 7699, 1), (33_921, 35_800, 0), (101_019, 104_185, 1)]
    built = Annotation.build([Turn(a * 16, b * 16, s) for a, b, s in edges])
    assert listing.render(built) == SEED


def test_a_name_stands_for_the_number_on_one_line():
    built = Annotation.build([Turn(0, 16_000, 3)], names={3: "Anna\nB"})
    assert listing.render(built) == "========= Anna B =========\n0:00.000 ==> 0:01.000\n"


def test_nobody_speaks():
    assert listing.render(Annotation(duration=16_000)) == ""


@given(annotations(grid=16, named=False))
def test_every_line_is_a_speaker_or_a_turn(built):
    text = listing.render(built)
    assert re.fullmatch(
        r"(========= \d =========\n(\d+:\d\d\.\d{3} ==> \d+:\d\d\.\d{3}\n)+)*", text
    )
    assert text.count("==>") == len(built.turns)
    assert text.count("\n") == len(built.turns) + len(built.speakers)
