from hypothesis import given

from core.annotation.values import Annotation, Marker, Speaker, Turn
from core.formats.rounding import decimal, rounded
from tests.core.formats.strategies import annotations


@given(annotations())
def test_rounding_is_done_after_one_time_and_moves_no_edge_over_half_a_millisecond(built):
    grid = rounded(built)
    assert rounded(grid) == grid
    assert all(e % 16 == 0 for e in (*grid.edges(), grid.duration))
    old = built.edges()
    assert all(min(abs(e - o) for o in old) <= 8 for e in grid.edges())
    assert grid.speakers == built.speakers


def test_turns_shorter_than_a_step_vanish_and_their_speaker_stays():
    built = Annotation((Turn(0, 7, 0), Turn(8, 24, 1)), (Speaker(0), Speaker(1)), 24)
    assert rounded(built) == Annotation((Turn(16, 32, 1),), (Speaker(0), Speaker(1)), 32)


def test_turns_that_meet_still_meet():
    built = rounded(Annotation.build([Turn(0, 23_456, 0), Turn(23_456, 40_000, 1)]))
    assert built.turns[0].end == built.turns[1].start


def test_decimals_are_padded():
    assert [decimal(16 * ms) for ms in (0, 5, 1000, 12_345)] == [
        "0.000",
        "0.005",
        "1.000",
        "12.345",
    ]


def test_turns_that_a_person_split_stay_two():
    split = (Turn(0, 23_456, 0), Turn(23_456, 40_000, 0))
    grid = rounded(Annotation(split, (Speaker(0),), 40_000))
    assert [t.end - t.start for t in grid.turns] == [1466 * 16, 1034 * 16]


def test_markers_are_rounded_too_and_stay_within():
    built = Annotation(duration=8007, markers=(Marker(7, "a"), Marker(8, "b"), Marker(8007, "c")))
    grid = rounded(built)
    assert [m.at for m in grid.markers] == [0, 16, 8000]
    assert rounded(grid) == grid
