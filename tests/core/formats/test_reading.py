import pytest

from core.annotation import Annotation, Turn
from core.errors import InputError
from core.formats import textgrid
from core.formats.reading import Row, from_rows, lines, read_text


def test_a_byte_order_mark_is_dropped(tmp_path):
    path = tmp_path / "a.rttm"
    path.write_bytes(b"\xef\xbb\xbfSPEAKER")
    assert read_text(path) == "SPEAKER"


@pytest.mark.parametrize(
    ("content", "problem"), [(b"\xff\xfe\x00", "isn't UTF-8 text"), (b"RIFF\0\0", "isn't text")]
)
def test_what_is_no_text_is_refused(tmp_path, content, problem):
    path = tmp_path / "a.rttm"
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem):
        read_text(path)


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_text(tmp_path / "none")
    with pytest.raises(InputError, match="it is a folder"):
        read_text(tmp_path)


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "a.rttm"
    with open(path, "wb") as file:
        file.truncate(10**10)
    with pytest.raises(InputError, match="too large"):
        read_text(path)


def test_lines_keep_their_numbers_whatever_ends_them():
    assert list(lines("a\r\n\nb\rc\n  \n")) == [(1, "a"), (3, "b"), (4, "c")]


def test_named_speakers_take_the_ids_that_unnamed_ones_leave():
    built = from_rows([Row(0, 5, "Ben"), Row(5, 9, "Speaker 1"), Row(20, 30, "Ann")])
    assert [(s.id, s.label) for s in built.speakers] == [(1, "Ben"), (0, "Speaker 1"), (2, "Ann")]


GRID = textgrid.render(Annotation.build([Turn(0, 16_000, 0)], 32_000, {0: "Zoë Müller"}))


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-16-be", None),
        ("latin-1", "Latin-1"),
        ("mac-roman", "an old Mac"),
    ],
)
def test_whatever_praat_wrote_is_read(tmp_path, encoding, said):
    path = tmp_path / "a.TextGrid"
    path.write_bytes(GRID.encode(encoding))
    told = []
    assert textgrid.parse(read_text(path, told.append)).speakers[0].name == "Zoë Müller"
    expected = f"{path}: it is old and was read as text of {said}; look whether the names are right"
    assert told == ([expected] if said else [])


def test_only_praat_is_believed_to_be_that_old(tmp_path):
    path = tmp_path / "a.rttm"
    path.write_bytes("SPEAKER a 1 0 1 <NA> <NA> Zoë <NA> <NA>".encode("latin-1"))
    with pytest.raises(InputError, match="it isn't UTF-8 text"):
        read_text(path)
