import json

from hypothesis import given

from core.annotation.values import Annotation
from core.formats import seglst
from core.formats.rounding import rounded
from tests.core.formats.strategies import ODD, annotations, labelled


def check(built):
    """The schema: a list of objects with these keys and types, as meeteval reads it."""
    segments = json.loads(seglst.render(built, "a b"))
    for segment in segments:
        assert {key: type(value) for key, value in segment.items()} == {
            "session_id": str,
            "speaker": str,
            "start_time": float,
            "end_time": float,
            "words": str,
        }
        assert segment["session_id"] == "a b"
    turns = [(round(s["start_time"] * 16_000), round(s["end_time"] * 16_000)) for s in segments]
    assert sorted(
        (*turn, s["speaker"]) for turn, s in zip(turns, segments, strict=True)
    ) == labelled(rounded(built))


@given(annotations())
def test_every_turn_is_a_segment(built):
    check(built)


def test_names_are_kept_as_they_are():
    check(ODD)


def test_nobody_speaks():
    assert json.loads(seglst.render(Annotation(), "x")) == []
