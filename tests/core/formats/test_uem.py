import pytest
from pyannote.database.util import load_uem

from core.errors import InputError
from core.formats import uem


def test_regions_by_recording():
    read = uem.parse(";; scored\na 1 0 30\nb%20c 1 5.5 6\na 1 40.000 50\na 1 30 31\n")
    assert read == {
        "a": ((0, 31 * 16_000), (40 * 16_000, 50 * 16_000)),
        "b c": ((88_000, 96_000),),
    }


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a 1 0", "4 fields, this one 3"),
        ("a 1 x 3", "start must be"),
        ("a 1 3 2.9", "end must come after"),
    ],
)
def test_bad_lines_are_named(line, problem):
    with pytest.raises(InputError, match=rf"^s\.uem, line 1: .*{problem}"):
        uem.parse(line, "s.uem")


def test_a_name_with_spaces_is_told_from_the_right():
    assert uem.parse("my talk 2 1 0 30") == {"my talk 2": ((0, 30 * 16_000),)}


def test_a_stretch_without_length_is_left_out_and_said():
    told = []
    read = uem.parse("a 1 3 3\na 1 4 5\nb 1 6 6\n", "s.uem", told.append)
    assert read == {"a": ((64_000, 80_000),), "b": ()}
    assert told == ["s.uem: stretches without length are left out (2)"]


def test_pyannote_reads_what_is_written(tmp_path):
    path = tmp_path / "a.uem"
    path.write_text(uem.render("my talk", 0, 10 * 3600 * 16_000) + uem.render("b", 8000, 16_008))
    read = load_uem(path)
    assert {name: [(s.start, s.end) for s in line] for name, line in read.items()} == {
        "my%20talk": [(0.0, 36_000.0)],
        "b": [(0.5, 1.001)],
    }
    assert uem.read(path) == {"my talk": ((0, 576_000_000),), "b": ((8000, 16_016),)}
    assert uem.render("x", 5, 5) == ""
