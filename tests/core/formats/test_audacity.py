import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.errors import InputError
from core.formats import audacity
from core.formats.names import labels
from tests.core.formats.strategies import annotations, labelled, read_or_refused


def test_a_label_per_turn():
    built = Annotation.build([Turn(4608, 70_496, 0), Turn(80_000, 96_000, 1)], names={1: "A\nB"})
    assert audacity.render(built) == ("0.288000\t4.406000\tSpeaker 1\n5.000000\t6.000000\tA B\n")


@given(annotations(grid=16))
def test_what_is_written_is_read_back(built):
    names = labels(built)
    expected = sorted((t.start, t.end, names[t.speaker]) for t in built.turns)
    assert labelled(audacity.parse(audacity.render(built))) == expected


def test_points_are_markers_and_frequencies_are_left_out():
    text = "0.5\t1.5\tAnna\n\\\t100.0\t2000.0\n2.0\t2.0\ta point\n3\t4\t\n"
    read = audacity.parse(text)
    assert read.turns == (Turn(8000, 24_000, 0), Turn(48_000, 64_000, 1))
    assert [s.label for s in read.speakers] == ["Anna", "Speaker 2"]
    assert read.markers == (Marker(32_000, "a point"),)


def test_markers_come_back():
    markers = (Marker(0, "to\tdo"), Marker(16_000, ""), Marker(90_000, "שלום"))
    built = Annotation((Turn(0, 16_000, 0),), (Speaker(0),), 90_000, markers)
    read = audacity.parse(audacity.render(built))
    assert read.turns == built.turns
    assert read.markers == (Marker(0, "to do"), *markers[1:])
    assert read.duration == 90_000


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("just text", "divided by tabs"),
        ("a\t1\tx", "start must be"),
        ("2\t1\tx", "end must not come before"),
        ("-1\t1\tx", "start must be"),
    ],
)
def test_bad_lines_are_named(line, problem):
    with pytest.raises(InputError, match=rf"^l\.txt, line 2: .*{problem}"):
        audacity.parse("0\t1\tx\n" + line, "l.txt")


@given(st.text(max_size=100) | st.text("0.19\t\n\\einf-", max_size=100))
def test_any_text_is_read_or_refused_in_one_line(text):
    read_or_refused(lambda: audacity.parse(text))
